/** Bytes, text and base64; what both sides of the key agreement must do alike. */

const encoder = new TextEncoder();

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
export const utf8 = (text) => /** @type {Uint8Array<ArrayBuffer>} */ (encoder.encode(text));

/** @param {...Uint8Array} pieces @returns {Uint8Array<ArrayBuffer>} */
export const concat = (...pieces) => {
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
};

/** The values, each behind its length in 32 bits: no two lists of values give the same bytes. @param {...Uint8Array} values */
export const parts = (...values) =>
  concat(
    ...values.flatMap((value) => {
      const size = new Uint8Array(4);
      new DataView(size.buffer).setUint32(0, value.length);
      return [size, value];
    }),
  );

/** @param {Uint8Array} bytes */
export const b64 = (bytes) => btoa(String.fromCharCode(...bytes));

/** The `size` bytes of a base64 text; throws for anything else. @param {unknown} text @param {number} size @returns {Uint8Array<ArrayBuffer>} */
export const unb64 = (text, size) => {
  if (typeof text !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new TypeError("not base64");
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  if (bytes.length !== size) throw new TypeError("wrong size");
  return bytes;
};

/** Whether two byte strings are equal, in a time that does not tell where they differ. @param {Uint8Array} one @param {Uint8Array} other */
export const equal = (one, other) => {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (const [index, byte] of one.entries()) difference |= byte ^ Number(other[index]);
  return difference === 0;
};

/** @param {...Uint8Array} pieces @returns {Promise<Uint8Array<ArrayBuffer>>} */
export const sha256 = async (...pieces) => new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...pieces)));

/** HMAC-SHA-256, which is HKDF-Extract as well (RFC 5869 section 2.2). @param {Uint8Array<ArrayBuffer>} key @param {...Uint8Array} pieces */
export const hmac = async (key, ...pieces) => {
  const raw = key.length === 0 ? new Uint8Array(32) : key; // WebCrypto refuses an empty key; HMAC pads with zeros anyway
  const made = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", made, concat(...pieces)));
};

/** HKDF-Expand for up to 32 bytes (RFC 5869 section 2.3). @param {Uint8Array<ArrayBuffer>} key @param {string} label @param {number} size */
export const expand = async (key, label, size) => (await hmac(key, utf8(label), Uint8Array.of(1))).slice(0, size);
