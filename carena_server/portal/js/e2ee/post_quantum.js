/**
 * ML-KEM-768 (FIPS 203) beside X25519, where this browser has it: whoever records a visit today can't open it with a quantum
 * computer later. Without it the signed hello says so, both ends show it, and X25519 stands alone.
 */
import { AgreementError } from "./errors.js";

export const PUBLIC_BYTES = 1184;
export const CIPHERTEXT_BYTES = 1088;
const NAME = "ML-KEM-768";

// The types of WebCrypto don't know it yet.
const subtle = /** @type {any} */ (crypto.subtle);

/** A new key pair for one leg, or null. @returns {Promise<{privateKey: CryptoKey, raw: Uint8Array<ArrayBuffer>} | null>} */
export const newReceiver = async () => {
  try {
    const pair = await subtle.generateKey(NAME, false, ["decapsulateBits"]);
    const raw = new Uint8Array(await subtle.exportKey("raw-public", pair.publicKey));
    return raw.length === PUBLIC_BYTES ? { privateKey: pair.privateKey, raw } : null;
  } catch {
    return null;
  }
};

/** The shared secret; a forged ciphertext gives another one, as FIPS 203 wants it. @param {CryptoKey} key @param {Uint8Array<ArrayBuffer>} ciphertext */
export const decapsulate = async (key, ciphertext) => {
  try {
    return new Uint8Array(await subtle.decapsulateBits(NAME, key, ciphertext));
  } catch {
    throw new AgreementError("post-quantum key");
  }
};
