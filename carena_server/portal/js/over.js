/** How a visit ended, kept for this tab so that a reload says it again. No name, no link: state and reason alone. */

const KEY = "carena-visit-over";

/** @typedef {{state: string, reason: string | null}} End */

/** @param {End | null} end null: forget */
export const keepEnd = (end, storage = globalThis.sessionStorage) => {
  try {
    if (end === null) storage.removeItem(KEY);
    else storage.setItem(KEY, JSON.stringify(end));
  } catch {
    // a reload will ask for the link
  }
};

/** @returns {End | null} */
export const keptEnd = (storage = globalThis.sessionStorage) => {
  try {
    const end = JSON.parse(storage.getItem(KEY) ?? "null");
    return typeof end?.state === "string" ? { state: end.state, reason: typeof end.reason === "string" ? end.reason : null } : null;
  } catch {
    return null;
  }
};
