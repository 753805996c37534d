/**
 * Messages about files and the records that seal them; drawn in carena_protocol/files.py. A record opens once, in order, in
 * its direction, under the keys of its epoch.
 */
import { concat, utf8 } from "../e2ee/bytes.js";
import { FILE_PIECE_BYTES, MAX_FILE_NAME_CHARS, MAX_FILE_RECORD_BYTES } from "../protocol/limits.js";
import { isAnything, isCount, isObject, isOneOf, isShape, isString, optional } from "../protocol/shape.js";

/** @typedef {import("../e2ee/sframe.js").Direction} Direction */
/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** @typedef {{t: "piece", id: string, start: number, data: Bytes}} Piece */
/** @typedef {{t: string, id: string, [field: string]: any}} FileMessage */

export const FILES_CHANNEL = "carena-files";
const HEADER = 12;
const TAG = 16;
const KEPT_EPOCHS = 3;
const MESSAGE = 1;
const PIECE = 2;

const id = isString(32, 32, /^[0-9a-f]{32}$/);
/** @type {Record<string, Record<string, import("../protocol/shape.js").Check>>} */
const MESSAGES = {
  rules: { most: isCount() },
  offer: { id, name: isString(1, MAX_FILE_NAME_CHARS), size: isCount(1), sha256: isString(44, 44), answers: optional((value) => value === null || id(value)) },
  accept: { id, start: isCount() },
  decline: { id, reason: optional(isOneOf("declined", "not-allowed", "too-large", "kind", "busy")) },
  got: { id, end: isCount() },
  done: { id },
  cancel: { id, reason: optional(isOneOf("cancelled", "corrupt", "failed")) },
  photo: { id },
};

/** @param {FileMessage | Piece} said @returns {Bytes} */
export const encode = (said) => {
  if (said.t !== "piece") return concat(Uint8Array.of(MESSAGE), utf8(JSON.stringify(said)));
  const head = new Uint8Array(25);
  head[0] = PIECE;
  head.set(Uint8Array.from(said.id.match(/../g) ?? [], (pair) => parseInt(pair, 16)), 1);
  new DataView(head.buffer).setBigUint64(17, BigInt(said.start));
  return concat(head, said.data);
};

/** Throws for anything that is not one of ours. @param {Bytes} plain @returns {FileMessage | Piece} */
export const decode = (plain) => {
  if (plain[0] === PIECE) {
    const data = plain.slice(25);
    const start = plain.length > 25 ? Number(new DataView(plain.buffer, plain.byteOffset).getBigUint64(17)) : -1;
    if (data.length === 0 || data.length > FILE_PIECE_BYTES || !Number.isSafeInteger(start)) throw new TypeError("no piece");
    return { t: "piece", id: Array.from(plain.slice(1, 17), (byte) => byte.toString(16).padStart(2, "0")).join(""), start, data };
  }
  if (plain[0] !== MESSAGE) throw new TypeError("unknown");
  const message = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(plain.slice(1)));
  if (!isObject(message) || typeof message.t !== "string" || !Object.hasOwn(MESSAGES, message.t)) throw new TypeError("no message");
  if (!isShape({ t: isAnything, ...MESSAGES[message.t] }, { strict: true })(message)) throw new TypeError("invalid");
  return /** @type {FileMessage} */ (message);
};

/** @param {Direction} direction @param {Bytes} header @returns {AesGcmParams} */
const parameters = (direction, header) => ({ name: "AES-GCM", iv: header, additionalData: utf8(`carena/files/v1${direction}`) });

/** @param {Bytes} key @param {KeyUsage} use */
const imported = (key, use) => crypto.subtle.importKey("raw", key, "AES-GCM", false, [use]);

export class FileSeal {
  /** @param {Direction} direction */
  constructor(direction) {
    this.direction = direction;
    /** @type {CryptoKey | null} */
    this.key = null;
    this.epoch = 0;
    this.number = 0;
  }

  get isReady() {
    return this.key !== null;
  }

  /** @param {number} epoch @param {Bytes} key */
  async install(epoch, key) {
    if (epoch <= this.epoch) return;
    const made = await imported(key, "encrypt");
    if (epoch > this.epoch) [this.key, this.epoch, this.number] = [made, epoch, 0];
  }

  /** @param {Bytes} plain @returns {Promise<Bytes>} */
  async seal(plain) {
    if (this.key === null) throw new TypeError("no key");
    const header = new Uint8Array(HEADER);
    this.number += 1;
    const view = new DataView(header.buffer);
    view.setUint32(0, this.epoch);
    view.setBigUint64(4, BigInt(this.number));
    return concat(header, new Uint8Array(await crypto.subtle.encrypt(parameters(this.direction, header), this.key, plain)));
  }
}

export class FileOpener {
  /** @param {Direction} direction */
  constructor(direction) {
    this.direction = direction;
    /** @type {Map<number, CryptoKey>} */
    this.keys = new Map();
    this.newest = [0, 0n];
  }

  /** @param {number} epoch @param {Bytes} key */
  async install(epoch, key) {
    this.keys.set(epoch, await imported(key, "decrypt"));
    for (const old of [...this.keys.keys()].sort((a, b) => a - b).slice(0, -KEPT_EPOCHS)) this.keys.delete(old);
  }

  /** Throws for what is forged, replayed or of another direction. @param {Bytes} record @returns {Promise<Bytes>} */
  async open(record) {
    if (record.length <= HEADER + TAG || record.length > MAX_FILE_RECORD_BYTES) throw new TypeError("size");
    const header = record.slice(0, HEADER);
    const view = new DataView(header.buffer);
    const [epoch, number] = [view.getUint32(0), view.getBigUint64(4)];
    const key = this.keys.get(epoch);
    if (key === undefined || epoch < Number(this.newest[0]) || (epoch === this.newest[0] && number <= BigInt(this.newest[1] ?? 0))) throw new TypeError("order");
    const plain = await crypto.subtle.decrypt(parameters(this.direction, header), key, record.slice(HEADER));
    this.newest = [epoch, number];
    return new Uint8Array(plain);
  }
}
