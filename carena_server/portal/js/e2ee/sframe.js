/**
 * SFrame (RFC 9605) with AES_128_GCM_SHA256_128, as carena_protocol/e2ee/sframe.py has it. No part of a frame is ever in an
 * error. Runs in the worker that all frames pass through.
 */
import { concat, utf8 } from "./bytes.js";

/** Sound, the camera's picture, a shared screen's. @typedef {"audio" | "video" | "screen"} Kind */
/** @typedef {"C>P" | "P>C"} Direction */

const SUITE = 4;
const REPLAY_WINDOW = 1024;
const KEEP_MS = 10_000;
/** Keys that were not renewed for so long seal nothing more. */
const EXPIRES_MS = 120_000;
const MAX_FRAMES = 2 ** 20;
/** For how long a frame may be held back that came before the next epoch's key: once for each key, whatever comes. */
export const WAIT_MS = 500;
/** The ids of keys of shared screens begin here: no epoch of a leg comes near. */
const SCREEN_KEYS = 2 ** 32;
export const KEY_FRAME_SHIM = Uint8Array.of(0x10, 0, 0, 0x9d, 1, 0x2a, 0x10, 0, 0x10, 0);
export const DELTA_SHIM = Uint8Array.of(0x31);

/** A frame that can't be sealed or opened; the message names the rule. */
export class SealError extends Error {}

/** Sound is padded to a multiple of this many bytes: not every browser keeps to one size when it is asked to. */
const PAD_TO = 64;

/** A packet of sound with padding (ISO/IEC 7816-4) that hides its size. @param {Uint8Array} sound */
export const pad = (sound) => {
  const out = new Uint8Array(Math.ceil((sound.length + 1) / PAD_TO) * PAD_TO);
  out.set(sound);
  out[sound.length] = 0x80;
  return out;
};

/** What `pad` was given. @param {Uint8Array<ArrayBuffer>} data */
export const unpad = (data) => {
  let end = data.length;
  while (end > 0 && data[end - 1] === 0) end -= 1;
  if (end === 0 || data[end - 1] !== 0x80 || data.length % PAD_TO !== 0) throw new SealError("padding");
  return data.slice(0, end - 1);
};

/** @param {bigint} value */
const shortest = (value) => {
  const out = [];
  for (let rest = value; rest > 0n; rest >>= 8n) out.unshift(Number(rest & 255n));
  return out;
};

/** The header (section 4.3). @param {number | bigint} keyId @param {number | bigint} counter */
export const encodeHeader = (keyId, counter) => {
  const [key, count] = [BigInt(keyId), BigInt(counter)];
  const longKey = key < 8n ? [] : shortest(key);
  const longCounter = count < 8n ? [] : shortest(count);
  const high = longKey.length === 0 ? Number(key) << 4 : 0x80 | ((longKey.length - 1) << 4);
  const low = longCounter.length === 0 ? Number(count) : 0x08 | (longCounter.length - 1);
  return Uint8Array.from([high | low, ...longKey, ...longCounter]);
};

/** Key id, counter and the header's length. @param {Uint8Array} data @returns {[bigint, bigint, number]} */
export const decodeHeader = (data) => {
  const first = data[0];
  if (first === undefined) throw new SealError("empty");
  let at = 1;
  /** @param {number} size */
  const read = (size) => {
    let value = 0n;
    for (const byte of data.subarray(at, at + size)) value = (value << 8n) | BigInt(byte);
    at += size;
    return value;
  };
  const key = (first >> 4) & 7;
  const count = first & 7;
  const keyId = first & 0x80 ? read(key + 1) : BigInt(key);
  const counter = first & 0x08 ? read(count + 1) : BigInt(count);
  if (at > data.length) throw new SealError("cut off");
  return [keyId, counter, at];
};

/** Key and salt of a base key (section 4.4.2). @param {number} keyId @param {Uint8Array<ArrayBuffer>} baseKey */
export const derive = async (keyId, baseKey) => {
  if (baseKey.length !== 16) throw new SealError("not a key");
  const secret = await crypto.subtle.importKey("raw", baseKey, "HKDF", false, ["deriveBits"]);
  const suffix = new Uint8Array(10);
  new DataView(suffix.buffer).setBigUint64(0, BigInt(keyId));
  new DataView(suffix.buffer).setUint16(8, SUITE);
  /** @param {string} label @param {number} size */
  const bits = async (label, size) => {
    const info = concat(utf8(label), suffix);
    return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info }, secret, size * 8));
  };
  return { key: await bits("SFrame 1.0 Secret key ", 16), salt: await bits("SFrame 1.0 Secret salt ", 12) };
};

/** @param {number} epoch @param {Kind} kind */
export const keyId = (epoch, kind) => (kind === "screen" ? SCREEN_KEYS + epoch : 2 * epoch + (kind === "video" ? 1 : 0));

/** One key with what has been done with it. */
class Key {
  /** @param {number} id @param {CryptoKey} cipher @param {Uint8Array} salt */
  constructor(id, cipher, salt) {
    this.id = id;
    this.cipher = cipher;
    this.salt = salt;
    this.counter = 0;
    this.newest = -1;
    /** @type {Set<number>} */
    this.seen = new Set();
    this.until = Infinity;
  }

  /** @param {number} id @param {Uint8Array<ArrayBuffer>} baseKey */
  static async make(id, baseKey) {
    const { key, salt } = await derive(id, baseKey);
    const cipher = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);
    key.fill(0);
    return new Key(id, cipher, salt);
  }

  /** Section 4.4.3. @param {number} counter */
  nonce(counter) {
    const nonce = Uint8Array.from(this.salt);
    let rest = counter;
    for (let at = 11; rest > 0; at -= 1) {
      nonce[at] = Number(nonce[at]) ^ (rest % 256);
      rest = Math.floor(rest / 256);
    }
    return nonce;
  }

  /** @param {number} counter */
  isFresh(counter) {
    return counter > this.newest - REPLAY_WINDOW && !this.seen.has(counter);
  }

  /** @param {number} counter */
  note(counter) {
    this.seen.add(counter);
    this.newest = Math.max(this.newest, counter);
    if (this.seen.size > 2 * REPLAY_WINDOW) for (const old of this.seen) if (old <= this.newest - REPLAY_WINDOW) this.seen.delete(old);
  }
}

/** Seals the frames of one kind in one direction. Without a key nothing is sealed, so nothing leaves. */
export class Sealer {
  /** @param {Direction} direction @param {Kind} kind @param {() => number} [now] milliseconds */
  constructor(direction, kind, now = () => performance.now()) {
    this.now = now;
    this.expires = Infinity;
    this.kind = kind;
    this.context = utf8(`${direction}/${kind}`);
    /** @type {Key | null} */
    this.key = null;
  }

  /** @param {number} epoch @param {Uint8Array<ArrayBuffer>} baseKey */
  async install(epoch, baseKey) {
    const id = keyId(epoch, this.kind);
    if (this.key !== null && id <= this.key.id) return;
    this.key = await Key.make(id, baseKey);
    this.expires = this.now() + EXPIRES_MS;
  }

  /** `clear`, which is authenticated, and the sealed frame behind it. @param {Uint8Array<ArrayBuffer>} frame @param {Uint8Array} [clear] */
  async seal(frame, clear = new Uint8Array(0)) {
    const { key } = this;
    if (key === null || key.counter >= MAX_FRAMES) throw new SealError("no key");
    if (this.now() > this.expires) throw new SealError("key too old");
    const counter = key.counter;
    key.counter += 1;
    const header = encodeHeader(key.id, counter);
    const additionalData = concat(header, clear, this.context);
    const plain = this.kind === "audio" ? pad(frame) : frame;
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: key.nonce(counter), additionalData }, key.cipher, plain);
    return concat(clear, header, new Uint8Array(sealed));
  }
}

/** Opens the frames of one kind in one direction, each once. */
export class Opener {
  /** @param {Direction} direction @param {Kind} kind @param {() => number} [now] milliseconds */
  constructor(direction, kind, now = () => performance.now()) {
    this.kind = kind;
    this.context = utf8(`${direction}/${kind}`);
    this.now = now;
    /** @type {Map<number, Key>} */
    this.keys = new Map();
    this.next = keyId(1, kind);
    this.awaited = { id: 0, until: 0 };
    /** Wake the frames that are held back. @type {Set<() => void>} */
    this.waking = new Set();
    /** The id of the newest key that opened a frame. */
    this.used = 0;
  }

  /** @param {number} epoch @param {Uint8Array<ArrayBuffer>} baseKey */
  async install(epoch, baseKey) {
    const id = keyId(epoch, this.kind);
    if (this.keys.has(id)) return;
    const made = await Key.make(id, baseKey);
    const now = this.now();
    for (const [old, key] of this.keys) {
      key.until = Math.min(key.until, now + KEEP_MS);
      if (key.until <= now) this.keys.delete(old);
    }
    this.keys.set(id, made);
    this.next = Math.max(this.next, keyId(epoch + 1, this.kind));
    for (const wake of this.waking) wake();
  }

  /** For how many milliseconds a frame is worth holding back. Of all unknown keys only the next one is waited for, from the
   * first frame that asks for it: whoever sends others can't make anybody wait, and what is held back is half a second of
   * frames at most. @param {number} id */
  patience(id) {
    if (id !== this.next || this.keys.has(id)) return 0;
    if (this.awaited.id !== id) this.awaited = { id, until: this.now() + WAIT_MS };
    return Math.max(0, this.awaited.until - this.now());
  }

  /** The key of a frame that may have overtaken it. Frames come one after the other: what is behind this one waits as well. @param {number} id */
  async late(id) {
    for (let left = this.patience(id); left > 0; left = this.patience(id)) {
      await new Promise((/** @type {(_: void) => void} */ resolve) => {
        const wake = () => {
          clearTimeout(timer);
          this.waking.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, left);
        this.waking.add(wake);
      });
    }
    return this.keys.get(id);
  }

  /** The frame behind `clear` bytes that are only authenticated. @param {Uint8Array<ArrayBuffer>} data @param {number} [clear] */
  async open(data, clear = 0) {
    const [id, counted, size] = decodeHeader(data.subarray(clear));
    const counter = Number(counted);
    const key = this.keys.get(Number(id)) ?? (await this.late(Number(id)));
    if (key === undefined || key.until <= this.now()) throw new SealError("unknown key");
    if (!key.isFresh(counter)) throw new SealError("seen before");
    const additionalData = concat(data.subarray(clear, clear + size), data.subarray(0, clear), this.context);
    let frame;
    try {
      frame = await crypto.subtle.decrypt({ name: "AES-GCM", iv: key.nonce(counter), additionalData }, key.cipher, data.subarray(clear + size));
    } catch {
      throw new SealError("not authentic");
    }
    if (!key.isFresh(counter)) throw new SealError("seen before"); // while the other was being opened
    key.note(counter);
    this.used = Math.max(this.used, key.id);
    return this.kind === "audio" ? unpad(new Uint8Array(frame)) : new Uint8Array(frame);
  }
}

/** What stands in clear before a sealed VP8 frame: whether it is a key frame (RFC 6386 section 9.1). @param {Uint8Array} frame */
export const shim = (frame) => (Number(frame[0]) & 1 ? DELTA_SHIM : KEY_FRAME_SHIM);

/** The length of the shim that `data` begins with. @param {Uint8Array} data */
export const shimSize = (data) => {
  for (const known of [DELTA_SHIM, KEY_FRAME_SHIM]) if (known.every((byte, index) => data[index] === byte)) return known.length;
  throw new SealError("not sealed");
};
