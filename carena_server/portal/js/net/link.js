/**
 * The websocket of a checked-in patient: opens it with a fresh ticket, keeps it alive, comes back after a loss, and hands
 * what arrives to the machine. The only module that touches WebSocket and timers of signaling.
 */
import { randomId } from "../ids.js";
import { CLOSE_PROTOCOL_ERROR, ClientMachine, mayReconnect } from "../protocol/client.js";
import { SUBPROTOCOL } from "../protocol/limits.js";
import { ApiError, websocketTicket } from "./api.js";
import { Backoff } from "./backoff.js";

/** @typedef {import("../protocol/codec.js").ServerMessage} ServerMessage */
/** @typedef {"connecting" | "online" | "reconnecting" | "over"} LinkState */

const PING_EVERY_MS = 20_000;
const PONG_WITHIN_MS = 10_000;
const ACK_DELAY_MS = 50;
const OPEN_WITHIN_MS = 10_000;
/** Ticket errors after which another attempt can't help. */
const FINAL = new Set(["unauthenticated", "forbidden", "not_found", "token_expired"]);

export class Link {
  /** @param {{onMessage: (message: ServerMessage) => void, onState: (state: LinkState, code: string) => void, onWelcome: (welcome: ServerMessage) => void}} listener @param {string} version */
  constructor(listener, version) {
    this.listener = listener;
    this.machine = new ClientMachine({ name: "carena-portal", version });
    this.backoff = new Backoff();
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {LinkState} */
    this.state = "connecting";
    /** @type {Map<string, {resolve: (reply: ServerMessage) => void, reject: (error: Error) => void}>} */
    this.waiting = new Map();
    /** @type {Set<ReturnType<typeof setTimeout>>} */
    this.timers = new Set();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.retryTimer = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.pongTimer = undefined;
    this.ackScheduled = false;
    this.wake = () => this.retryNow();
    addEventListener("online", this.wake);
    document.addEventListener("visibilitychange", this.wake);
  }

  /** Open the connection; outcomes arrive at the listener. */
  async open() {
    clearTimeout(this.retryTimer);
    this.retryTimer = undefined;
    if (this.state === "over" || this.socket !== null || this.opening) return;
    this.opening = true;
    try {
      const ticket = await websocketTicket();
      if (/** @type {LinkState} */ (this.state) !== "over") this.dial(ticket);
    } catch (error) {
      const code = error instanceof ApiError ? error.code : "internal";
      if (FINAL.has(code)) this.finish(code);
      else this.retryLater();
    } finally {
      this.opening = false;
    }
  }

  /** @param {string} ticket */
  dial(ticket) {
    const socket = new WebSocket(`wss://${location.host}/ws`, SUBPROTOCOL);
    this.socket = socket;
    const guard = this.later(() => socket.close(), OPEN_WITHIN_MS);
    socket.addEventListener("open", () => socket.send(this.machine.hello(randomId(), ticket)));
    socket.addEventListener("message", (event) => {
      clearTimeout(guard);
      if (this.socket !== socket) return;
      if (typeof event.data === "string") this.receive(event.data);
      else socket.close(CLOSE_PROTOCOL_ERROR);
    });
    socket.addEventListener("close", (event) => {
      clearTimeout(guard);
      if (this.socket === socket) this.lost(event.code);
    });
  }

  /** Send a command; resolves with its reply, rejects with ApiError when it is refused. It survives reconnects. @param {string} type @param {Record<string, unknown>} fields @returns {Promise<ServerMessage>} */
  command(type, fields) {
    const id = randomId();
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.transmit(this.machine.submit({ type, id, ...fields }));
    });
  }

  /** @param {string | null} frame */
  transmit(frame) {
    if (frame !== null && this.socket?.readyState === WebSocket.OPEN) this.socket.send(frame);
  }

  /** @param {string} text */
  receive(text) {
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
          clearTimeout(this.pongTimer);
          break;
        case "drain":
          this.later(() => this.socket?.close(1000), event.afterMs);
          break;
        case "violation":
          this.refusedBy(event.code, event.close);
          return;
      }
    }
    this.scheduleAck();
  }

  /** @param {ServerMessage} welcome @param {string[]} resend */
  welcomed(welcome, resend) {
    this.backoff = new Backoff({ baseMs: welcome.retry.base_ms, capMs: welcome.retry.cap_ms });
    resend.forEach((frame) => this.transmit(frame));
    this.clearTimers();
    this.later(() => this.ping(), PING_EVERY_MS);
    this.renewBefore(welcome.authorised_for_ms);
    this.setState("online");
    this.listener.onWelcome(welcome);
  }

  /** @param {number} authorisedForMs */
  renewBefore(authorisedForMs) {
    this.later(() => void this.renew(authorisedForMs), Math.max(1000, authorisedForMs * 0.7));
  }

  /** @param {number} authorisedForMs */
  async renew(authorisedForMs) {
    try {
      await this.command("renew", { ticket: await websocketTicket() });
      this.renewBefore(authorisedForMs);
    } catch {
      this.socket?.close(1000); // a new hello proves who we are, or the server says no
    }
  }

  /** @param {string} id @param {ServerMessage} reply */
  replied(id, reply) {
    const caller = this.waiting.get(id);
    this.waiting.delete(id);
    if (reply.type === "error") caller?.reject(new ApiError(reply.code));
    else caller?.resolve(reply);
  }

  /** @param {string} code @param {number} close */
  refusedBy(code, close) {
    const socket = this.socket;
    this.machine.abandonStream();
    this.lost(close);
    socket?.close(close >= 4000 ? close : 1000);
    if (!mayReconnect(close)) this.finish(code);
  }

  scheduleAck() {
    if (this.ackScheduled) return;
    this.ackScheduled = true;
    this.later(() => {
      this.ackScheduled = false;
      this.transmit(this.machine.acknowledge(randomId()));
    }, ACK_DELAY_MS);
  }

  ping() {
    this.transmit(this.machine.submit({ type: "ping", id: randomId() }));
    this.pongTimer = this.later(() => this.socket?.close(1000), PONG_WITHIN_MS);
    this.later(() => this.ping(), PING_EVERY_MS);
  }

  /** @param {number} code */
  lost(code) {
    this.socket = null;
    this.clearTimers();
    const again = this.machine.connectionLost(code);
    if (this.state === "over") return;
    if (again) this.retryLater();
    else this.finish(`closed_${code}`);
  }

  retryLater() {
    this.setState("reconnecting");
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => void this.open(), this.backoff.next());
  }

  retryNow() {
    if (this.state === "reconnecting" && document.visibilityState === "visible") void this.open();
  }

  /** @param {LinkState} state */
  setState(state, code = "") {
    if (this.state === state && state !== "online") return;
    this.state = state;
    this.listener.onState(state, code);
  }

  /** No further connection: the visit is over, or this page may not have one. @param {string} code */
  finish(code) {
    if (this.state === "over") return;
    const socket = this.socket;
    this.socket = null;
    this.clearTimers();
    clearTimeout(this.retryTimer);
    removeEventListener("online", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    socket?.close(1000);
    for (const { reject } of this.waiting.values()) reject(new ApiError("closed"));
    this.waiting.clear();
    this.setState("over", code);
  }

  /** @param {() => void} action @param {number} milliseconds */
  later(action, milliseconds) {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      action();
    }, milliseconds);
    this.timers.add(timer);
    return timer;
  }

  clearTimers() {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.ackScheduled = false;
  }
}
