/** Tells the clinic how the readiness test stands: at once, then whenever it changed, and never in a flood. */
import { Timers } from "../net/timers.js";

/** @typedef {import("./results.js").Report} Report */

const SETTLE_MS = 400;
const APART_MS = 2000;

export class Reporter {
  /** @param {(report: Report) => Promise<unknown>} tell @param {() => number} [now] */
  constructor(tell, now = () => performance.now()) {
    this.tell = tell;
    this.now = now;
    this.told = "";
    this.toldAt = -Infinity;
    this.timers = new Timers();
  }

  /** @param {Report} report */
  changed(report) {
    if (JSON.stringify(report) === this.told) {
      this.timers.stop("tell");
      return;
    }
    const wait = Math.max(this.told === "" ? 0 : SETTLE_MS, this.toldAt + APART_MS - this.now());
    this.timers.start("tell", () => this.send(report), wait);
  }

  /** @param {Report} report */
  send(report) {
    this.told = JSON.stringify(report);
    this.toldAt = this.now();
    this.tell(report).catch(() => undefined); // the next change tells it again; the clinic sees the last one
  }

  close() {
    this.timers.clear();
  }
}
