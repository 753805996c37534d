/**
 * How this page knows that what it hears about a leg comes from the desktop of the leg before, and seals what it says. The
 * first leg has nobody to vouch for it: what the two compare is its code. From the second on, a plain offer is nobody's.
 */
import { Chain } from "../e2ee/chain.js";
import { decodeSignal } from "../protocol/codec.js";

/** @typedef {{t: string, leg: number, [field: string]: any}} LegSignal */

const FIRST_ONLY = new Set(["offer", "reveal", "candidate"]);

export class Vouching {
  constructor() {
    this.chain = new Chain();
    /** @type {Map<number, number>} under whose secrets a leg's offer came */
    this.vouched = new Map();
    /** Signals that no leg vouched for, or that came twice. */
    this.refused = 0;
  }

  /** Whether there has been a safe leg, so that later ones need somebody to vouch for them. */
  get isBegun() {
    return this.chain.links.size > 0;
  }

  /** Whether a plain signal may be believed. @param {LegSignal} signal */
  allowsPlain(signal) {
    return !FIRST_ONLY.has(signal.t) || !this.isBegun || (this.vouched.get(signal.leg) === 0 && signal.t !== "offer");
  }

  /** A plain offer is taken: the first leg. @param {number} leg */
  first(leg) {
    this.vouched.set(leg, 0);
  }

  /** What the desktop says in a sealed signal, or null. @param {import("../e2ee/chain.js").SealedMessage} message @returns {Promise<LegSignal | null>} */
  async open(message) {
    try {
      const signal = decodeSignal(await this.chain.open(message));
      if (signal.t === "offer") this.vouched.set(signal.leg, message.leg);
      return signal;
    } catch {
      this.refused += 1;
      return null;
    }
  }

  /** @param {LegSignal} signal @returns {Promise<LegSignal>} */
  async seal(signal) {
    const isSealed = this.vouched.get(signal.leg) || (signal.t === "leg-failed" && this.chain.leg > 0);
    return isSealed ? this.chain.seal(JSON.stringify(signal)) : signal;
  }

  /** Both proved to have agreed on a leg; rejects with AgreementError when nobody can have vouched for it. @param {number} leg @param {Uint8Array<ArrayBuffer>} resume */
  async safe(leg, resume) {
    await this.chain.add(leg, resume, this.vouched.get(leg) ?? 0);
  }

  /** The desktop has the secrets of a leg as well: it renews its keys. @param {number} leg */
  settled(leg) {
    this.chain.use(leg);
  }

  clear() {
    this.chain.clear();
    this.vouched.clear();
  }
}
