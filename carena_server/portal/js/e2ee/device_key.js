/**
 * This browser's device key: Ed25519, made here, never to be read out, kept for the next visit where the browser lets us.
 * It holds no name and opens nothing; it lets the clinic see that it is the same browser as last time.
 */
import { KEYS, keep, kept } from "./kept.js";

const NAME = "device";

const made = async () => /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]));

/** The kept key, or a new one; one for this page alone where nothing can be kept. @returns {Promise<CryptoKeyPair>} */
export const deviceKey = async () => {
  try {
    const found = await kept(KEYS, NAME);
    if (found?.privateKey instanceof CryptoKey) return found;
    const pair = await made();
    await keep(KEYS, NAME, pair);
    return pair;
  } catch {
    return made();
  }
};
