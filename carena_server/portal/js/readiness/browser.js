/** Whether this browser can hold a visit: by trying what a visit does, not by its name. */
import { isSupported } from "../support.js";

/** @typedef {"ok" | "old" | "unsupported"} BrowserResult */

/** What a visit is better with, and can do without. */
const BETTER = /** @type {const} */ ([
  (/** @type {typeof globalThis} */ page) => "requestVideoFrameCallback" in page.HTMLVideoElement.prototype,
  (/** @type {typeof globalThis} */ page) => "AudioContext" in page,
  (/** @type {typeof globalThis} */ page) => "permissions" in page.navigator,
]);

/** The key agreement's algorithms; some browsers know the names and can't make the keys. @param {Pick<SubtleCrypto, "generateKey">} subtle */
const canAgree = async (subtle) => {
  try {
    await Promise.all([subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]), subtle.generateKey({ name: "Ed25519" }, false, ["sign"])]);
    return true;
  } catch {
    return false;
  }
};

/** @param {typeof globalThis} page @returns {Promise<BrowserResult>} */
export const browserResult = async (page = globalThis) => {
  if (!isSupported(page) || !(await canAgree(page.crypto.subtle))) return "unsupported";
  return BETTER.every((has) => has(page)) ? "ok" : "old";
};
