/**
 * Signals to the desktop through the relay, in order and one at a time: a candidate never overtakes its answer. What can't
 * be delivered at the moment is tried again while it still means something; the rest is dropped.
 */
import { ApiError } from "../net/api.js";

/** @typedef {{t: string, [field: string]: unknown}} Signal */

const AGAIN_MS = 1000;
const PASSING = new Set(["peer_unreachable", "rate_limited", "busy", "internal"]);

export class Signals {
  /** @param {(signal: Signal) => Promise<unknown>} relay rejects with ApiError @param {(milliseconds: number) => Promise<void>} [pause] */
  constructor(relay, pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))) {
    this.relay = relay;
    this.pause = pause;
    /** @type {{signal: Signal, meant: () => boolean}[]} */
    this.queue = [];
    this.running = false;
    this.closed = false;
  }

  /** @param {Signal} signal @param {() => boolean} meant whether it still means something */
  send(signal, meant) {
    if (this.closed) return;
    this.queue.push({ signal, meant });
    if (!this.running) void this.run();
  }

  /** Whether a signal of this type is still to be delivered. @param {string} type */
  holds(type) {
    return this.queue.some(({ signal }) => signal.t === type);
  }

  async run() {
    this.running = true;
    for (let next = this.queue[0]; next !== undefined && !this.closed; next = this.queue[0]) {
      if (!next.meant() || (await this.deliver(next.signal))) this.queue.shift();
      else await this.pause(AGAIN_MS);
    }
    this.running = false;
  }

  /** Whether this signal needs no further attempt. @param {Signal} signal */
  async deliver(signal) {
    try {
      await this.relay(signal);
      return true;
    } catch (error) {
      return !(error instanceof ApiError && PASSING.has(error.code));
    }
  }

  close() {
    this.closed = true;
    this.queue = [];
  }
}
