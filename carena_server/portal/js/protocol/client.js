/**
 * The page's side of signaling as a machine, the twin of carena_protocol/client.py: frames in, events out, commands
 * remembered until answered and sent again unchanged after a reconnect. It has no socket and no clock.
 *
 *   new --hello--> greeting --welcome--> up --connectionLost--> down --hello--> greeting ...
 */
import { ProtocolError, decodeServer } from "./codec.js";
import { ACK_EVERY_MESSAGES, PROTOCOL_VERSION } from "./limits.js";

/** @typedef {import("./codec.js").ServerMessage} ServerMessage */
/** @typedef {{type: string, id: string, [field: string]: any}} Command */
/**
 * @typedef {{kind: "welcomed", welcome: ServerMessage, resend: string[]}
 *   | {kind: "replied", id: string, reply: ServerMessage}
 *   | {kind: "delivered", message: ServerMessage}
 *   | {kind: "pong"}
 *   | {kind: "drain", afterMs: number}
 *   | {kind: "violation", code: string, close: number}} ClientEvent
 */

export const CLOSE_PROTOCOL_ERROR = 4400;
export const CLOSE_AUTHENTICATION = 4501;
const ORDINARY_CLOSES = new Set([null, 1000, 1001, 1005, 1006, 1011, 1012, 1013]);
const UNREMEMBERED = new Set(["ping", "ack"]);
const REPLIES = new Set(["ok", "error", "turn.servers"]);

/** Whether a connection that closed so is opened again by itself. @param {number | null} code */
export const mayReconnect = (code) => ORDINARY_CLOSES.has(code) || (code !== null && code >= 4400 && code < 4500);

/** @param {string} code @returns {ClientEvent[]} */
const violation = (code, close = CLOSE_PROTOCOL_ERROR) => [{ kind: "violation", code, close }];

export class ClientMachine {
  /** @param {{name: string, version: string}} info */
  constructor(info) {
    this.info = info;
    /** @type {"new" | "greeting" | "up" | "down"} */
    this.state = "new";
    /** @type {{sid: string, token: string} | null} */
    this.claim = null;
    this.seq = 0;
    this.acked = 0;
    this.helloId = "";
    /** @type {Map<string, Command>} */
    this.pending = new Map();
  }

  get ackDue() {
    return this.seq - this.acked >= ACK_EVERY_MESSAGES;
  }

  /** @param {string} id @param {string} ticket @returns {string} */
  hello(id, ticket) {
    if (this.state === "up") throw new ProtocolError("wrong_state");
    this.state = "greeting";
    this.helloId = id;
    const resume = this.claim === null ? {} : { resume: { ...this.claim, last_seq: this.seq } };
    return JSON.stringify({ v: PROTOCOL_VERSION, type: "hello", id, ack: 0, ticket, client: this.info, ...resume });
  }

  /** Remember a command; its frame, or null when it has to wait for the welcome. @param {Command} command */
  submit(command) {
    if (this.pending.has(command.id)) throw new ProtocolError("wrong_state", command.id);
    if (!UNREMEMBERED.has(command.type)) this.pending.set(command.id, command);
    return this.state === "up" ? this.frame(command) : null;
  }

  /** @param {string} id */
  forget(id) {
    this.pending.delete(id);
  }

  /** A bare acknowledgement, or null when nothing is unacknowledged. @param {string} id */
  acknowledge(id) {
    return this.state !== "up" || this.seq === this.acked ? null : this.frame({ type: "ack", id });
  }

  /** Do not resume the stream after the next hello: a frame in it is broken, and would be replayed for ever. */
  abandonStream() {
    this.claim = null;
  }

  /** @param {number | null} code */
  connectionLost(code) {
    this.state = "down";
    return mayReconnect(code);
  }

  /** @param {string} text @returns {ClientEvent[]} */
  receive(text) {
    let message;
    try {
      message = decodeServer(text);
    } catch (error) {
      return violation(error instanceof ProtocolError ? error.code : "malformed");
    }
    if (this.state === "greeting") return this.receiveGreeting(message);
    return this.state === "up" ? this.receiveUp(message) : violation("wrong_state");
  }

  /** @param {ServerMessage} message @returns {ClientEvent[]} */
  receiveGreeting(message) {
    if (message.type === "error" && (message.re === this.helloId || message.re === "")) return violation(message.code, CLOSE_AUTHENTICATION);
    if (message.type !== "welcome" || message.re !== this.helloId) return violation("wrong_state");
    if (message.resumed && this.claim === null) return violation("out_of_order");
    if (!message.resumed) this.seq = 0;
    this.acked = this.seq;
    this.claim = { sid: message.sid, token: message.resume_token };
    this.state = "up";
    return [{ kind: "welcomed", welcome: message, resend: [...this.pending.values()].map((command) => this.frame(command)) }];
  }

  /** @param {ServerMessage} message @returns {ClientEvent[]} */
  receiveUp(message) {
    if (message.type === "welcome") return violation("wrong_state");
    if (message.type === "pong") return [{ kind: "pong" }];
    if (message.type === "drain") return [{ kind: "drain", afterMs: message.after_ms }];
    if (message.seq === 0) return message.type === "error" ? this.reply(message) : violation("out_of_order");
    if (message.seq <= this.seq) return []; // a replay overlapped with what had arrived
    if (message.seq !== this.seq + 1) return violation("out_of_order");
    this.seq = message.seq;
    return REPLIES.has(message.type) ? this.reply(message) : [{ kind: "delivered", message }];
  }

  /** @param {ServerMessage} reply @returns {ClientEvent[]} */
  reply(reply) {
    return this.pending.delete(reply.re) ? [{ kind: "replied", id: reply.re, reply }] : [];
  }

  /** @param {Command} command @returns {string} */
  frame(command) {
    this.acked = this.seq;
    return JSON.stringify({ v: PROTOCOL_VERSION, ...command, ack: this.seq });
  }
}
