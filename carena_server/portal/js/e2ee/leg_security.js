/**
 * What makes one leg safe, from the offer's commitment to the keys of each half minute. Nothing but the confirmation counts
 * on the data channel before it was checked; frames have no key until then.
 */
import { PatientAgreement, fingerprintOf, isConfirmed } from "./agreement.js";
import { PatientRenewal } from "./renewal.js";

/** @typedef {import("./renewal.js").EpochKeys} EpochKeys */
/** @typedef {import("./safety_code.js").SafetyCode} SafetyCode */
/**
 * @typedef {object} SecurityListener
 * @property {(message: object) => void} send over the leg's data channel
 * @property {(keys: EpochKeys) => Promise<void>} install
 * @property {(agreed: import("./agreement.js").Agreed) => Promise<void>} onSafe both sides agreed on the same
 * @property {() => void} onRenewed both sides have the keys of another epoch
 * @property {() => void} onUnsafe it failed, for good
 * @property {() => void} [onLate] nothing was proved within HANDSHAKE_MS
 */

/** From the offer to the proof; a browser by itself may wait for ever. */
export const HANDSHAKE_MS = 20_000;
/** A proof that got lost costs the handshake; one too many costs nothing. */
export const AGAIN_MS = 2000;
const MOST_PROOFS = 5;

export class LegSecurity {
  /** @param {CryptoKeyPair} device @param {string} call @param {string} commit @param {string} offer SDP @param {SecurityListener} listener @param {Uint8Array<ArrayBuffer> | null} [link] the visit link's secret */
  constructor(device, call, commit, offer, listener, link = null) {
    this.listener = listener;
    this.agreement = new PatientAgreement(device, call, commit, fingerprintOf(offer), link);
    /** @type {import("./agreement.js").Agreed | null} */
    this.agreed = null;
    /** @type {PatientRenewal | null} */
    this.renewal = null;
    this.isOpen = false;
    this.isSafe = false;
    this.isFailed = false;
    /** @type {string | null} theirs, when it came before their hello */
    this.early = null;
    this.epoch = 0;
    this.limit = setTimeout(() => {
      if (!this.isSafe && !this.isFailed) this.listener.onLate?.();
    }, HANDSHAKE_MS);
    /** @type {Promise<void>} one thing after the other, in the order in which it came */
    this.turn = Promise.resolve();
  }

  /** @returns {SafetyCode | null} */
  get safetyCode() {
    return this.isSafe ? (this.agreed?.safetyCode ?? null) : null;
  }

  /** Nothing is waited for any more. */
  close() {
    clearTimeout(this.limit);
  }

  /** What is true of this leg's keys, once both sides proved to have the same. */
  get facts() {
    if (!this.isSafe || this.agreed === null) return null;
    return { postQuantum: this.agreed.isPostQuantum, link: this.agreement.link, epoch: this.epoch, device: this.agreement.peerDevice };
  }

  /** Our hello for this answer. @param {string} answer SDP */
  hello(answer) {
    return this.agreement.hello(fingerprintOf(answer));
  }

  /** @param {import("./agreement.js").SignedHello} hello */
  revealed(hello) {
    return this.then(async () => {
      if (this.agreed !== null) return; // said twice
      this.agreed = await this.agreement.revealed(hello);
      this.renewal = new PatientRenewal(this.agreed.root);
      await this.confirm();
    });
  }

  /** The data channel is open. */
  opened() {
    return this.then(async () => {
      this.isOpen = true;
      await this.confirm();
    });
  }

  /** Whether the message was about security, or is not to be heard before it is settled. @param {any} message */
  takes(message) {
    switch (message.t) {
      case "confirm":
        void this.then(() => this.confirmed(message.mac));
        return true;
      case "rekey":
        void this.then(() => this.rekey(message));
        return true;
      case "rekey-fin":
        void this.then(() => this.fin(message));
        return true;
      case "rekey-ack":
      case "rekey-done":
        return true;
      default:
        return !this.isSafe;
    }
  }

  /** Prove it again until the desktop, which has our proof then, renews the keys. @param {number} times */
  insist(times) {
    if (times === 0) return;
    this.limit = setTimeout(() => {
      if (this.isFailed || this.epoch > 0) return;
      void this.then(() => this.prove());
      this.insist(times - 1);
    }, AGAIN_MS);
  }

  async prove() {
    if (this.agreed === null) return;
    this.listener.send({ t: "confirm", mac: btoa(String.fromCharCode(...(await this.agreed.confirmation("P")))) });
  }

  async confirm() {
    if (this.agreed === null || !this.isOpen) return;
    await this.prove();
    if (this.early !== null) await this.confirmed(this.early);
  }

  /** @param {string} mac */
  async confirmed(mac) {
    if (this.isSafe) return;
    if (this.agreed === null || !this.isOpen) {
      this.early = mac;
      return;
    }
    if (!(await isConfirmed(this.agreed, "C", mac))) throw new Error("confirmation");
    this.isSafe = true;
    this.close();
    this.insist(MOST_PROOFS);
    await this.listener.onSafe(this.agreed);
  }

  /** @param {{n: number, x: string}} message */
  async rekey(message) {
    const ack = this.isSafe ? await this.renewal?.rekey(message) : null;
    if (ack) this.listener.send(ack);
  }

  /** @param {{n: number, k: string}} message */
  async fin(message) {
    const outcome = this.isSafe ? await this.renewal?.fin(message) : null;
    if (!outcome) return;
    const [receive, send] = outcome.keys;
    if (receive !== undefined) await this.listener.install(receive);
    this.listener.send(outcome.done);
    if (send !== undefined) await this.listener.install(send);
    this.epoch = message.n;
    this.listener.onRenewed();
  }

  /** The leg is over: overwrite its secrets. */
  wipe() {
    this.close();
    this.renewal?.wipe();
    this.agreed?.resume.fill(0);
  }

  /** @param {() => Promise<void>} step */
  then(step) {
    this.turn = this.turn.then(async () => {
      if (this.isFailed) return;
      try {
        await step();
      } catch {
        this.isFailed = true;
        this.close();
        this.isSafe = false;
        this.listener.onUnsafe();
      }
    });
    return this.turn;
  }
}
