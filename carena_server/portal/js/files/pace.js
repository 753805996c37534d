/** How fast a file may be sent beside a conversation; call/files/pace.py's twin. Pure; times are milliseconds. */
import { FILE_PIECE_BYTES } from "../protocol/limits.js";

const FAST_MS = 250;
const SLOW_MS = 500;
const MAX_WINDOW = 16 * FILE_PIECE_BYTES;
const FIRST_WINDOW = 2 * FILE_PIECE_BYTES;
const BYTES_PER_MS = 2000;
const BURST = 4 * FILE_PIECE_BYTES;

export class Pace {
  constructor() {
    this.window = FIRST_WINDOW;
    /** @type {{end: number, at: number}[]} */
    this.onTheWay = [];
    this.credit = BURST;
    /** @type {number | null} */
    this.creditedAt = null;
  }

  /** Whether another piece may leave when `ahead` bytes have not been confirmed. @param {number} ahead @param {number} size */
  room(ahead, size) {
    return ahead === 0 || ahead + size <= this.window;
  }

  /** How long to wait until `size` bytes are within the rate; 0 is not at all. @param {number} size @param {number} now */
  wait(size, now) {
    this.credit = Math.min(BURST, this.credit + Math.max(0, now - (this.creditedAt ?? now)) * BYTES_PER_MS);
    this.creditedAt = now;
    return Math.max(0, (size - this.credit) / BYTES_PER_MS);
  }

  /** @param {number} end @param {number} size @param {number} now */
  sent(end, size, now) {
    this.credit -= size;
    this.onTheWay.push({ end, at: now });
  }

  /** @param {number} end @param {number} now */
  arrived(end, now) {
    let took = null;
    for (let first = this.onTheWay[0]; first !== undefined && first.end <= end; first = this.onTheWay[0]) {
      took = now - first.at;
      this.onTheWay.shift();
    }
    if (took === null) return;
    if (took > SLOW_MS) this.window = Math.max(FILE_PIECE_BYTES, Math.floor(this.window / 2));
    else if (took < FAST_MS) this.window = Math.min(MAX_WINDOW, this.window + FILE_PIECE_BYTES);
  }

  restart() {
    this.onTheWay = [];
    this.window = FIRST_WINDOW;
  }
}
