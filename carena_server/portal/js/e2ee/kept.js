/** What this browser keeps for the clinic, in IndexedDB: its own device key, and which of the clinic's computers it has met. */

const DATABASE = "carena";
const VERSION = 2;
export const KEYS = "keys";
export const PINS = "pins";

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const settled = (request) =>
  new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });

/** @returns {Promise<IDBDatabase>} */
const opened = () => {
  const request = indexedDB.open(DATABASE, VERSION);
  request.addEventListener("upgradeneeded", () => {
    for (const name of [KEYS, PINS]) if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name);
  });
  return settled(request);
};

/** @template T @param {string} store @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} use @returns {Promise<T>} */
const using = async (store, mode, use) => {
  const database = await opened();
  try {
    return await settled(use(database.transaction(store, mode).objectStore(store)));
  } finally {
    database.close();
  }
};

/** Rejects where the browser keeps nothing. @param {string} store @param {string} name @returns {Promise<any>} */
export const kept = (store, name) => using(store, "readonly", (found) => found.get(name));

/** @param {string} store @param {string} name */
export const forget = (store, name) => using(store, "readwrite", (found) => found.delete(name));

/** @param {string} store @param {string} name @param {unknown} value */
export const keep = (store, name, value) => using(store, "readwrite", (found) => found.put(value, name));
