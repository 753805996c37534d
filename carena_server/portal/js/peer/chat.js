/**
 * Chat lines and their delivery, exactly once across legs: a line is sent again on every new channel until the other side
 * says it was received, and a line seen before is only acknowledged. Pure; nothing is stored beyond the page's life.
 */

/** @typedef {{id: string, text: string, at: number, mine: boolean, delivery: "sending" | "received"}} ChatLine */

export class Chat {
  constructor() {
    /** @type {ChatLine[]} */
    this.lines = [];
  }

  /** @param {string} id @param {string} text @param {number} at @returns {object} the message to send */
  write(id, text, at) {
    this.lines.push({ id, text, at, mine: true, delivery: "sending" });
    return { t: "chat", id, text, sent_at: at };
  }

  /** @param {{id: string, text: string}} message @param {number} at @returns {{isNew: boolean, reply: object}} */
  arrived(message, at) {
    const isNew = !this.lines.some((line) => !line.mine && line.id === message.id);
    if (isNew) this.lines.push({ id: message.id, text: message.text, at, mine: false, delivery: "received" });
    return { isNew, reply: { t: "chat-received", id: message.id } };
  }

  /** @param {string} id */
  received(id) {
    this.lines = this.lines.map((line) => (line.mine && line.id === id ? { ...line, delivery: "received" } : line));
  }

  /** What a new channel has to carry again. */
  unsent() {
    return this.lines
      .filter((line) => line.mine && line.delivery === "sending")
      .map(({ id, text, at }) => ({ t: "chat", id, text, sent_at: at }));
  }
}
