/**
 * The websocket of a checked-in patient: opens it with a fresh ticket, keeps it alive, comes back after a loss, and hands
 * what arrives to the machine. The only module that touches WebSocket and timers of signaling.
 */
import { randomId } from "../ids.js";
import { CLOSE_AUTHENTICATION, CLOSE_PROTOCOL_ERROR, ClientMachine, mayReconnect } from "../protocol/client.js";
import { SUBPROTOCOL } from "../protocol/limits.js";
import { ApiError, websocketTicket } from "./api.js";
import { Backoff } from "./backoff.js";
import { Timers } from "./timers.js";

/** @typedef {import("../protocol/codec.js").ServerMessage} ServerMessage */
/** @typedef {"connecting" | "online" | "reconnecting" | "over"} LinkState */
/** @typedef {{onMessage: (message: ServerMessage) => void, onState: (state: LinkState, code: string) => void}} LinkListener */

export const PING_EVERY_MS = 20_000;
export const PONG_WITHIN_MS = 10_000;
const ACK_DELAY_MS = 50;
const WELCOME_WITHIN_MS = 10_000;
const STEADY_AFTER_MS = 10_000;
/** A refused ticket may only have been late (it lives 30 s); the cookie behind it is asked this often before giving up. */
const REFUSALS_BELIEVED = 3;
const CLOSE_RATE_LIMITED = 4429;
/** For so long after a call lost its path the service is tried often, and no attempt waits long. */
const HURRY_MS = 120_000;
const HURRIED_PART_MS = 3500;
const HURRIED_RETRY_MS = 1000;
const LONGEST_PART_MS = 30_000;
/** Ticket errors after which another attempt can't help. */
const FINAL = new Set(["unauthenticated", "forbidden", "not_found", "token_expired"]);

export class Link {
  /**
   * @param {LinkListener} listener @param {string} version
   * @param {{ticket?: () => Promise<string>, socket?: (url: string, protocol: string) => WebSocket, backoff?: Backoff}} [outside]
   */
  constructor(listener, version, { ticket = websocketTicket, socket = (url, protocol) => new WebSocket(url, protocol), backoff = new Backoff() } = {}) {
    this.listener = listener;
    this.ticket = ticket;
    this.connect = socket;
    this.backoff = backoff;
    this.machine = new ClientMachine({ name: "carena-portal", version });
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {LinkState} */
    this.state = "connecting";
    /** @type {Map<string, {resolve: (reply: ServerMessage) => void, reject: (error: Error) => void}>} */
    this.waiting = new Map();
    this.timers = new Timers();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.retryTimer = undefined;
    /** When the service was last heard, epoch milliseconds. */
    this.heardAt = Date.now();
    this.opening = false;
    this.ackScheduled = false;
    this.refusals = 0;
    this.returnAfterMs = 0;
    this.hurriedUntil = 0;
    this.wake = () => this.woken();
    globalThis.addEventListener("online", this.wake);
    document.addEventListener("visibilitychange", this.wake);
  }

  /** Open the connection; outcomes arrive at the listener. */
  async open() {
    clearTimeout(this.retryTimer);
    this.retryTimer = undefined;
    if (this.state === "over" || this.socket !== null || this.opening) return;
    this.opening = true;
    try {
      const ticket = await this.within(this.ticket());
      if (/** @type {LinkState} */ (this.state) !== "over") this.dial(ticket);
    } catch (error) {
      const code = error instanceof ApiError ? error.code : "internal";
      if (FINAL.has(code)) this.finish(code);
      else this.retryLater(error instanceof ApiError && error.retryAfterS ? error.retryAfterS * 1000 : 0);
    } finally {
      this.opening = false;
    }
  }

  /** @template T @param {Promise<T>} work @returns {Promise<T>} */
  within(work) {
    const late = new Promise((/** @type {(value: never) => void} */ _resolve, reject) => setTimeout(() => reject(new ApiError("unreachable")), this.patience(LONGEST_PART_MS)));
    return Promise.race([work, late]);
  }

  /** @param {string} ticket */
  dial(ticket) {
    const socket = this.connect(`wss://${location.host}/ws`, SUBPROTOCOL);
    this.socket = socket;
    this.timers.start("welcome", () => this.drop(socket), this.patience(WELCOME_WITHIN_MS));
    socket.addEventListener("open", () => {
      if (this.socket === socket) socket.send(this.machine.hello(randomId(), ticket));
    });
    socket.addEventListener("message", (event) => {
      if (this.socket !== socket) return;
      if (typeof event.data === "string") this.receive(event.data);
      else this.drop(socket, CLOSE_PROTOCOL_ERROR);
    });
    socket.addEventListener("close", (event) => {
      if (this.socket === socket) this.lost(event.code);
    });
  }

  /** Send a command; resolves with its reply, rejects with ApiError when it is refused. It survives reconnects. @param {string} type @param {Record<string, unknown>} fields @returns {Promise<ServerMessage>} */
  command(type, fields) {
    if (this.state === "over") return Promise.reject(new ApiError("closed"));
    const id = randomId();
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.transmit(this.machine.submit({ type, id, ...fields }));
    });
  }

  /** @param {string | null} frame */
  transmit(frame) {
    if (frame !== null && this.socket?.readyState === 1) this.socket.send(frame);
  }

  /** @param {string} text */
  receive(text) {
    this.heardAt = Date.now();
    for (const event of this.machine.receive(text)) {
      switch (event.kind) {
        case "welcomed":
          this.welcomed(event.welcome, event.resend);
          break;
        case "replied":
          this.replied(event.id, event.reply);
          break;
        case "delivered":
          this.listener.onMessage(event.message);
          break;
        case "pong":
          this.timers.stop("pong");
          break;
        case "drain":
          this.returnAfterMs = event.afterMs; // the server closes next
          break;
        case "violation":
          this.refusedBy(event.code, event.close);
          return;
      }
    }
    if (this.machine.ackDue) this.acknowledge();
    else this.scheduleAck();
  }

  /** @param {ServerMessage} welcome @param {string[]} resend */
  welcomed(welcome, resend) {
    this.backoff.follow({ baseMs: welcome.retry.base_ms, capMs: welcome.retry.cap_ms });
    this.refusals = 0;
    this.timers.stop("welcome");
    this.timers.start("steady", () => this.backoff.reset(), STEADY_AFTER_MS);
    this.timers.start("ping", () => this.ping(), PING_EVERY_MS);
    this.renewBefore(welcome.authorised_for_ms);
    resend.forEach((frame) => this.transmit(frame));
    this.setState("online");
  }

  /** @param {number} authorisedForMs */
  renewBefore(authorisedForMs) {
    // A browser's timer holds 2^31 ms; beyond that renewing early does no harm.
    this.timers.start("renew", () => void this.renew(authorisedForMs), Math.min(2 ** 30, Math.max(1000, authorisedForMs * 0.7)));
  }

  /** @param {number} authorisedForMs */
  async renew(authorisedForMs) {
    const { socket } = this;
    try {
      await this.command("renew", { ticket: await this.ticket() });
      if (this.socket === socket) this.renewBefore(authorisedForMs);
    } catch {
      if (socket !== null) this.drop(socket); // a new hello proves who we are, or the server says no
    }
  }

  /** @param {string} id @param {ServerMessage} reply */
  replied(id, reply) {
    const caller = this.waiting.get(id);
    this.waiting.delete(id);
    if (reply.type === "error") caller?.reject(new ApiError(reply.code, (reply.retry_after_ms ?? 0) / 1000));
    else caller?.resolve(reply);
  }

  /** @param {string} code @param {number} close */
  refusedBy(code, close) {
    const { socket } = this;
    if (socket === null) return;
    if (close !== CLOSE_AUTHENTICATION) {
      this.drop(socket, close);
      return;
    }
    this.refusals += 1;
    if (this.refusals >= REFUSALS_BELIEVED) this.finish(code);
    else this.drop(socket);
  }

  scheduleAck() {
    if (this.ackScheduled) return;
    this.ackScheduled = true;
    this.timers.start("ack", () => this.acknowledge(), ACK_DELAY_MS);
  }

  acknowledge() {
    this.ackScheduled = false;
    this.timers.stop("ack");
    this.transmit(this.machine.acknowledge(randomId()));
  }

  ping() {
    const { socket } = this;
    if (socket === null || this.state !== "online") return;
    this.transmit(this.machine.submit({ type: "ping", id: randomId() }));
    this.timers.start("pong", () => this.drop(socket), this.patience(PONG_WITHIN_MS));
    this.timers.start("ping", () => this.ping(), PING_EVERY_MS);
  }

  /** Give a connection up without waiting for a peer that may not answer. @param {WebSocket} socket @param {number} [code] */
  drop(socket, code = 1000) {
    if (this.socket === socket) this.lost(code);
    socket.close(code);
  }

  /** @param {number} code */
  lost(code) {
    this.socket = null;
    this.timers.clear();
    this.ackScheduled = false;
    const again = this.machine.connectionLost(code);
    if (this.state === "over") return;
    if (again || code === CLOSE_AUTHENTICATION) this.retryLater(code === CLOSE_RATE_LIMITED ? 5000 : this.returnAfterMs);
    else this.finish(`closed_${code}`);
    this.returnAfterMs = 0;
  }

  /** @param {number} atLeastMs */
  retryLater(atLeastMs) {
    this.setState("reconnecting");
    clearTimeout(this.retryTimer);
    const delay = this.backoff.next(atLeastMs);
    const soon = atLeastMs === 0 && Date.now() < this.hurriedUntil;
    this.retryTimer = setTimeout(() => void this.open(), soon ? Math.min(delay, HURRIED_RETRY_MS) : delay);
  }

  /** The network is back, or the page is looked at again, perhaps after a long sleep. */
  woken() {
    if (document.visibilityState !== "visible") return;
    if (this.state === "reconnecting") void this.open();
    else this.ping();
  }

  /** A call has lost its path: ask whether the service is there, and come back to it soon if not. */
  hurry() {
    this.hurriedUntil = Date.now() + HURRY_MS;
    if (this.state === "reconnecting" && this.retryTimer !== undefined) void this.open();
    else this.ping();
  }

  /** How long a part of a connection may take. @param {number} milliseconds */
  patience(milliseconds) {
    return Date.now() < this.hurriedUntil ? Math.min(HURRIED_PART_MS, milliseconds) : milliseconds;
  }

  /** @param {LinkState} state @param {string} [code] */
  setState(state, code = "") {
    if (this.state === state) return;
    this.state = state;
    this.listener.onState(state, code);
  }

  /** No further connection: the visit is over, or this page may not have one. @param {string} code */
  finish(code) {
    if (this.state === "over") return;
    const { socket } = this;
    this.socket = null;
    this.timers.clear();
    clearTimeout(this.retryTimer);
    globalThis.removeEventListener("online", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    socket?.close(1000);
    for (const { reject } of this.waiting.values()) reject(new ApiError("closed"));
    this.waiting.clear();
    this.setState("over", code);
  }
}
