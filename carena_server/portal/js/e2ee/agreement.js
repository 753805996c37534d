/**
 * The patient's side of the key agreement of one leg; the protocol is drawn in carena_protocol/e2ee/agreement.py. Every
 * failure is an AgreementError: the visit stops, and there is no way around it.
 */
import { b64, equal, expand, hmac, parts, sha256, unb64, utf8 } from "./bytes.js";
import { AgreementError } from "./errors.js";
import { hintOf } from "./link_secret.js";
import { CIPHERTEXT_BYTES, decapsulate, newReceiver } from "./post_quantum.js";
import { safetyCode } from "./safety_code.js";

export { AgreementError };

/** @typedef {{h: string, s: string, ct?: string | null, link?: boolean}} SignedHello */
/** @typedef {"used" | "unknown_to_desktop" | "absent"} LinkUse */
/** @typedef {CryptoKeyPair} DeviceKey */

const FINGERPRINT = /^a=fingerprint:(\S+) (\S+)\s*$/gm;
const HEX = /^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/;
const VERSION = 2;
const NONE = new Uint8Array(0);

/** @template T @param {() => T} read @returns {T} */
const sound = (read) => {
  try {
    return read();
  } catch {
    throw new AgreementError("not a hello");
  }
};

/** The SHA-256 fingerprint that an SDP would have applied, in capitals. @param {string} sdp */
export const fingerprintOf = (sdp) => {
  const found = new Set([...sdp.matchAll(FINGERPRINT)].filter((match) => match[1]?.toLowerCase() === "sha-256").map((match) => String(match[2]).toUpperCase()));
  const [only] = found;
  if (found.size !== 1 || only === undefined || !HEX.test(only)) throw new AgreementError("not one fingerprint");
  return only;
};

/** @param {string} text */
export const commitment = async (text) => b64(await sha256(parts(utf8("carena/commit/v1"), utf8(text))));

/**
 * What both know. The safety code hangs on the hellos alone: what comes later could be chosen until two codes are equal.
 * @param {string} clinician the text of its hello @param {string} patient @param {Uint8Array} shared what X25519 gave
 * @param {Uint8Array} [ciphertext] of ML-KEM @param {Uint8Array} [quantum] what it gave @param {Uint8Array} [link] the visit link's secret
 */
export const agree = async (clinician, patient, shared, ciphertext = NONE, quantum = NONE, link = NONE) => {
  const hellos = [utf8(clinician), utf8(patient)];
  const early = await hmac(await sha256(parts(utf8("carena/transcript/v2/hellos"), ...hellos)), parts(shared));
  const used = link.length > 0 ? utf8("link") : NONE;
  const transcript = await sha256(parts(utf8("carena/transcript/v2"), ...hellos, await sha256(ciphertext), used));
  const secret = await hmac(transcript, parts(shared, quantum, link));
  /** @param {"C" | "P"} role */
  const confirmation = async (role) => hmac(await expand(secret, `carena/confirm/${role}`, 32), transcript);
  return {
    safetyCode: safetyCode(await expand(early, "carena/sas/v1", 8)),
    confirmation,
    root: await expand(secret, "carena/root", 32),
    isPostQuantum: ciphertext.length > 0,
    resume: await expand(secret, "carena/resume", 32),
  };
};

/** @typedef {Awaited<ReturnType<typeof agree>>} Agreed */

/** A new X25519 key. @returns {Promise<{pair: CryptoKeyPair, raw: Uint8Array<ArrayBuffer>}>} */
export const newExchange = async () => {
  const pair = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]));
  return { pair, raw: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)) };
};

/** What X25519 gives with the other's public key. @param {CryptoKeyPair} ours @param {Uint8Array<ArrayBuffer>} theirs */
export const exchanged = async (ours, theirs) => {
  try {
    const key = await crypto.subtle.importKey("raw", theirs, { name: "X25519" }, false, []);
    return new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: key }, ours.privateKey, 256));
  } catch {
    throw new AgreementError("weak key");
  }
};

/** @param {SignedHello} hello @param {"C" | "P"} role @param {string} call @param {string} mark @returns {Promise<{device: Uint8Array<ArrayBuffer>, exchange: Uint8Array<ArrayBuffer>, postQuantum: boolean}>} */
export const checkHello = async (hello, role, call, mark) => {
  const said = sound(() => JSON.parse(hello.h));
  if (said === null || typeof said !== "object") throw new AgreementError("not a hello");
  const device = sound(() => unb64(said.dev, 32));
  const key = await crypto.subtle.importKey("raw", device, { name: "Ed25519" }, false, ["verify"]);
  const signature = sound(() => unb64(hello.s, 64));
  if (!(await crypto.subtle.verify({ name: "Ed25519" }, key, signature, utf8(`carena/hello/v1${hello.h}`)))) throw new AgreementError("signature");
  if (said.v !== VERSION) throw new AgreementError("version");
  if (said.role !== role) throw new AgreementError("role");
  if (said.call !== call) throw new AgreementError("call");
  if (said.fp !== mark) throw new AgreementError("fingerprint");
  sound(() => unb64(said.n, 32));
  if (typeof said.pq !== "boolean" || "kem" in said !== (said.pq && role === "P")) throw new AgreementError("not a hello");
  return { device, exchange: sound(() => unb64(said.x, 32)), postQuantum: said.pq };
};

export class PatientAgreement {
  /** @param {DeviceKey} device @param {string} call @param {string} commit @param {string} theirs the fingerprint of the offer that was applied @param {Uint8Array<ArrayBuffer> | null} [link] the visit link's secret @param {typeof newReceiver} [makeReceiver] */
  constructor(device, call, commit, theirs, link = null, makeReceiver = newReceiver) {
    this.linkSecret = link;
    this.makeReceiver = makeReceiver;
    /** @type {LinkUse} */
    this.link = "absent";
    /** @type {Awaited<ReturnType<typeof newReceiver>>} */
    this.receiver = null;
    this.device = device;
    this.call = call;
    this.commit = commit;
    this.theirs = theirs;
    /** @type {CryptoKeyPair | null} */
    this.pair = null;
    this.text = "";
    /** The other party's device key, once it is proved. @type {Uint8Array | null} */
    this.peerDevice = null;
  }

  /** Our hello, for an answer with this fingerprint. @param {string} mark @returns {Promise<SignedHello>} */
  async hello(mark) {
    const { pair, raw } = await newExchange();
    this.pair = pair;
    const dev = b64(new Uint8Array(await crypto.subtle.exportKey("raw", this.device.publicKey)));
    const n = b64(crypto.getRandomValues(new Uint8Array(32)));
    this.receiver = await this.makeReceiver();
    const kem = this.receiver === null ? {} : { kem: b64(this.receiver.raw) };
    const link = this.linkSecret === null ? {} : { link: b64(await hintOf(this.linkSecret)) };
    this.text = JSON.stringify({ call: this.call, dev, fp: mark, ...kem, ...link, n, pq: this.receiver !== null, role: "P", v: VERSION, x: b64(raw) });
    const signature = await crypto.subtle.sign({ name: "Ed25519" }, this.device.privateKey, utf8(`carena/hello/v1${this.text}`));
    return { h: this.text, s: b64(new Uint8Array(signature)) };
  }

  /** Take the desktop's hello. @param {SignedHello} hello @returns {Promise<Agreed>} */
  async revealed(hello) {
    if (this.pair === null) throw new AgreementError("too early");
    if (!equal(utf8(await commitment(hello.h)), utf8(this.commit))) throw new AgreementError("commitment");
    const { device, exchange, postQuantum } = await checkHello(hello, "C", this.call, this.theirs);
    this.peerDevice = device;
    const ciphertext = hello.ct === undefined || hello.ct === null ? NONE : sound(() => unb64(hello.ct, CIPHERTEXT_BYTES));
    const { receiver, linkSecret } = this;
    if (ciphertext.length > 0 !== (postQuantum && receiver !== null)) throw new AgreementError("post-quantum downgrade");
    const quantum = receiver !== null && ciphertext.length > 0 ? await decapsulate(receiver.privateKey, ciphertext) : NONE;
    if (hello.link === true && linkSecret === null) throw new AgreementError("link");
    if (linkSecret !== null) this.link = hello.link === true ? "used" : "unknown_to_desktop";
    const link = this.link === "used" && linkSecret !== null ? linkSecret : NONE;
    return agree(hello.h, this.text, await exchanged(this.pair, exchange), ciphertext, quantum, link);
  }
}

/** Whether the other party agreed on the same. @param {Agreed} agreed @param {"C" | "P"} role @param {string} mac */
export const isConfirmed = async (agreed, role, mac) => equal(await agreed.confirmation(role), sound(() => unb64(mac, 32)));

/** A device key in four groups of four hex digits, for whoever has to compare two. @param {Uint8Array} device */
export const shortName = async (device) => {
  const digest = await sha256(utf8("carena/device/v1"), device);
  const digits = [...digest.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0").toUpperCase());
  return [0, 2, 4, 6].map((at) => `${digits[at]}${digits[at + 1]}`).join(" ");
};
