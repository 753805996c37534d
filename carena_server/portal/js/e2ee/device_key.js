/**
 * This browser's device key: Ed25519, made here, never to be read out, kept for the next visit where the browser lets us.
 * It holds no name and opens nothing; it lets the clinic see that it is the same browser as last time.
 */

const DATABASE = "carena";
const STORE = "keys";
const NAME = "device";

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const settled = (request) =>
  new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });

/** @returns {Promise<IDBDatabase>} */
const opened = () => {
  const request = indexedDB.open(DATABASE, 1);
  request.addEventListener("upgradeneeded", () => request.result.createObjectStore(STORE));
  return settled(request);
};

const made = async () => /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]));

/** The kept key, or a new one; one for this page alone where nothing can be kept. @returns {Promise<CryptoKeyPair>} */
export const deviceKey = async () => {
  try {
    const database = await opened();
    const kept = await settled(database.transaction(STORE).objectStore(STORE).get(NAME));
    if (kept?.privateKey instanceof CryptoKey) return kept;
    const pair = await made();
    await settled(database.transaction(STORE, "readwrite").objectStore(STORE).put(pair, NAME));
    return pair;
  } catch {
    return made();
  }
};
