/**
 * Whether frames are sealed and opened, from the worker's counts: when for two seconds every frame that comes is one that
 * can't be opened, or every one that should leave can't be sealed, it is said; after ten another leg is asked for. Pure.
 */

/** @typedef {import("../e2ee/sealing.js").Counts} Counts */

const TOLD_MS = 2000;
const LEG_MS = 10_000;

export class SealingWatch {
  constructor() {
    /** @type {Counts | null} */
    this.before = null;
    /** @type {number | null} */
    this.since = null;
    this.isTold = false;
    /** Whether that changed with the last counts. */
    this.isToldAnew = false;
    /** Whether another leg has to be asked for now; once for each trouble. */
    this.wantsLeg = false;
    this.asked = false;
  }

  /** @param {Counts} counts @param {number} now milliseconds */
  take(counts, now) {
    const { before } = this;
    this.before = { ...counts };
    if (before === null) return;
    const more = (/** @type {keyof Counts} */ name) => counts[name] - before[name];
    const blind = more("unopened") > 0 && more("opened") === 0;
    const mute = more("unsealed") > 0 && more("sealed") === 0;
    const well = more("opened") > 0 || more("sealed") > 0;
    if (blind || mute) this.since ??= now;
    else if (well) this.since = null;
    const told = this.since !== null && now - this.since >= TOLD_MS;
    this.isToldAnew = told !== this.isTold;
    this.isTold = told;
    if (this.since === null) this.asked = false;
    this.wantsLeg = this.since !== null && now - this.since >= LEG_MS && !this.asked;
    if (this.wantsLeg) this.asked = true;
  }
}
