/** The patient's side of the renewal of keys; the protocol is drawn in carena_protocol/e2ee/renewal.py. */
import { AgreementError, exchanged, newExchange } from "./agreement.js";
import { b64, concat, expand, hmac, sha256, unb64, utf8 } from "./bytes.js";

/** @typedef {import("./sframe.js").Direction} Direction */
/** @typedef {{use: "send" | "receive", epoch: number, audio: Uint8Array<ArrayBuffer>, video: Uint8Array<ArrayBuffer>, files: Uint8Array<ArrayBuffer>, screen: Uint8Array<ArrayBuffer>}} EpochKeys */

/** @param {Uint8Array} root @param {Uint8Array} shared */
export const nextRoot = async (root, shared) => expand(await hmac(new Uint8Array(32), root, shared), "carena/root", 32);

/** @param {Uint8Array<ArrayBuffer>} root @param {Direction} direction @param {KeyUsage} use */
const box = async (root, direction, use) => crypto.subtle.importKey("raw", await expand(root, `carena/wrap/${direction}`, 16), "AES-GCM", false, [use]);

/** @param {Uint8Array<ArrayBuffer>} root @param {Direction} direction @param {number} epoch @param {Uint8Array<ArrayBuffer>} keys @param {Uint8Array<ArrayBuffer>} iv */
export const wrap = async (root, direction, epoch, keys, iv) => {
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8(`${direction}${epoch}`) }, await box(root, direction, "encrypt"), keys);
  return b64(concat(iv, new Uint8Array(sealed)));
};

/** @param {Uint8Array<ArrayBuffer>} root @param {Direction} direction @param {number} epoch @param {string} wrapped */
export const unwrap = async (root, direction, epoch, wrapped) => {
  try {
    const data = unb64(wrapped, 60);
    const iv = data.subarray(0, 12);
    const key = await box(root, direction, "decrypt");
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: utf8(`${direction}${epoch}`) }, key, data.subarray(12)));
  } catch {
    throw new AgreementError("wrapped keys");
  }
};

/** @param {Uint8Array} patient @param {Uint8Array} clinician */
export const digest = async (patient, clinician) => b64(await sha256(utf8("carena/epoch"), patient, clinician));

/** The key of an epoch for one direction's files. @param {Uint8Array<ArrayBuffer>} root @param {Direction} direction */
export const filesKey = (root, direction) => expand(root, `carena/files/${direction}`, 16);

/** The key of an epoch for one direction's shared screen. @param {Uint8Array<ArrayBuffer>} root @param {Direction} direction */
export const screenKey = (root, direction) => expand(root, `carena/screen/${direction}`, 16);

/** @param {"send" | "receive"} use @param {number} epoch @param {Uint8Array<ArrayBuffer>} pair @param {Uint8Array<ArrayBuffer>} root @param {Direction} direction @returns {Promise<EpochKeys>} */
const installed = async (use, epoch, pair, root, direction) => {
  const [files, screen] = await Promise.all([filesKey(root, direction), screenKey(root, direction)]);
  return { use, epoch, audio: pair.slice(0, 16), video: pair.slice(16), files, screen };
};

export class PatientRenewal {
  /** @param {Uint8Array<ArrayBuffer>} root the first; it is overwritten */
  constructor(root) {
    this.root = root;
    /** @type {Uint8Array<ArrayBuffer> | null} */
    this.next = null;
    /** @type {Uint8Array<ArrayBuffer> | null} */
    this.mine = null;
    this.epoch = 0;
    this.asked = "";
    /** @type {object | null} */
    this.ack = null;
    /** @type {object | null} */
    this.done = null;
  }

  /** The answer to the beginning of the next epoch, the same for the same question; null when it is not the next. @param {{n: number, x: string}} message */
  async rekey({ n, x }) {
    if (n !== this.epoch + 1) return null;
    if (this.ack === null || this.asked !== x) {
      const { pair, raw } = await newExchange();
      this.next = await nextRoot(this.root, await exchanged(pair, unb64(x, 32)));
      this.mine = crypto.getRandomValues(new Uint8Array(32));
      this.asked = x;
      this.ack = { t: "rekey-ack", n, x: b64(raw), k: await wrap(this.next, "P>C", n, this.mine, crypto.getRandomValues(new Uint8Array(12))) };
    }
    return this.ack;
  }

  /** The answer and what to install, receiving first; nothing the second time. @param {{n: number, k: string}} message @returns {Promise<{done: object, keys: EpochKeys[]} | null>} */
  async fin({ n, k }) {
    if (this.done !== null && n === this.epoch) return { done: this.done, keys: [] };
    const { next, mine } = this;
    if (this.ack === null || next === null || mine === null || n !== this.epoch + 1) return null;
    const theirs = await unwrap(next, "C>P", n, k);
    this.root.fill(0);
    [this.root, this.next, this.mine, this.ack, this.epoch] = [next, null, null, null, n];
    this.done = { t: "rekey-done", n, h: await digest(mine, theirs) };
    const keys = [
      await installed("receive", n, theirs, next, "C>P"),
      await installed("send", n, mine, next, "P>C"),
    ];
    mine.fill(0);
    theirs.fill(0);
    return { done: this.done, keys };
  }

  /** The leg is over. */
  wipe() {
    for (const secret of [this.root, this.next, this.mine]) secret?.fill(0);
    this.ack = null;
  }
}
