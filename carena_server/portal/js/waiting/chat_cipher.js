/**
 * Seals and opens the waiting chat's lines: AES-128-GCM under keys of the chat's own agreement, counted from 1 in each
 * direction. What was taken once, or comes late, or was touched, is not opened.
 */
import { b64, expand, utf8 } from "../e2ee/bytes.js";

/** @typedef {"C>P" | "P>C"} Direction */

const MOST_BYTES = 16 * 1024;

/** @param {number} n */
const nonce = (n) => {
  const bytes = new Uint8Array(12);
  new DataView(bytes.buffer).setBigUint64(4, BigInt(n));
  return bytes;
};

/** @param {unknown} text @returns {Uint8Array<ArrayBuffer>} */
const bytesOf = (text) => {
  if (typeof text !== "string" || text.length > MOST_BYTES * 2 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new TypeError("not base64");
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
};

/** @param {Uint8Array<ArrayBuffer>} root @param {Direction} direction */
const keyOf = async (root, direction) =>
  crypto.subtle.importKey("raw", await expand(root, `carena/waiting/${direction}`, 16), { name: "AES-GCM" }, false, ["encrypt", "decrypt"]);

export class ChatCipher {
  /** @param {string} call what the keys belong to @param {Direction} sends @param {CryptoKey} out @param {CryptoKey} into */
  constructor(call, sends, out, into) {
    this.call = call;
    this.sends = sends;
    this.out = out;
    this.into = into;
    this.sent = 0;
    this.taken = 0;
  }

  /** @param {Uint8Array<ArrayBuffer>} root of the agreement @param {string} call @param {Direction} sends */
  static async of(root, call, sends) {
    const takes = sends === "P>C" ? "C>P" : "P>C";
    return new ChatCipher(call, sends, await keyOf(root, sends), await keyOf(root, takes));
  }

  /** @param {Direction} direction @param {number} n */
  parameters(direction, n) {
    return { name: "AES-GCM", iv: nonce(n), additionalData: utf8(`${this.call}|${direction}|${n}`) };
  }

  /** @param {object} content @returns {Promise<{n: number, c: string}>} */
  async seal(content) {
    this.sent += 1;
    const n = this.sent;
    const sealed = await crypto.subtle.encrypt(this.parameters(this.sends, n), this.out, utf8(JSON.stringify(content)));
    return { n, c: b64(new Uint8Array(sealed)) };
  }

  /** What was sealed; throws for anything that is not the next of the other side. @param {{n: number, c: string}} sealed @returns {Promise<unknown>} */
  async open({ n, c }) {
    if (!Number.isSafeInteger(n) || n <= this.taken) throw new TypeError("not the next");
    const direction = this.sends === "P>C" ? "C>P" : "P>C";
    const plain = await crypto.subtle.decrypt(this.parameters(direction, n), this.into, bytesOf(c));
    this.taken = n;
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(plain));
  }
}
