/**
 * Chat lines and their delivery, exactly once across legs: a line is sent again on every new channel until the other side
 * says it was received, and a line seen before is only acknowledged. Pure; nothing is stored beyond the page's life.
 */
import { MAX_CHAT_CHARS, MAX_CONTROL_BYTES } from "../protocol/limits.js";

/** @typedef {{id: string, text: string, at: number, mine: boolean, delivery: "sending" | "received"}} ChatLine */

/** More than people write in a visit; bounds what a peer can make this page hold. */
export const MOST_LINES = 2000;

export class Chat {
  constructor() {
    /** @type {ChatLine[]} */
    this.lines = [];
    /** @type {Set<string>} */
    this.seen = new Set();
  }

  /** @param {string} id @param {string} text @param {number} at @returns {object | null} the message to send, null when it is longer than one may be */
  write(id, text, at) {
    const clean = text.toWellFormed();
    const message = { t: "chat", id, text: clean, sent_at: at };
    if ([...clean].length > MAX_CHAT_CHARS || new TextEncoder().encode(JSON.stringify(message)).length > MAX_CONTROL_BYTES) return null;
    this.lines.push({ id, text: clean, at, mine: true, delivery: "sending" });
    return message;
  }

  /** @param {{id: string, text: string}} message @param {number} at @returns {{isNew: boolean, reply: object | null}} the reply is null for a line that is not taken */
  arrived(message, at) {
    const isNew = !this.seen.has(message.id);
    if (isNew && this.seen.size >= MOST_LINES) return { isNew: false, reply: null };
    this.seen.add(message.id);
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
