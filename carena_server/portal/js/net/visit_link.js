/**
 * The secret half of a visit link: taken out of the address bar at once, so that no history, screenshot or neighbour keeps
 * it, and held for this tab alone until the patient has checked in, so that a reload does not lose it.
 */

const KEY = "carena-visit-link";
const SECRET = /^[A-Za-z0-9_-]{16,128}$/;

/** @typedef {{location: Pick<Location, "hash" | "pathname">, history: Pick<History, "replaceState">, sessionStorage: Pick<Storage, "getItem" | "setItem" | "removeItem">}} Page */

/** What a browser that forbids storage answers to everything. @template T @param {() => T} use @param {T} otherwise @returns {T} */
const permitted = (use, otherwise) => {
  try {
    return use();
  } catch {
    return otherwise;
  }
};

/** @param {Page} page @returns {string} the secret, "" when there is none that could be one */
export const takeSecret = (page = window) => {
  const fresh = page.location.hash.slice(1);
  if (fresh !== "") {
    page.history.replaceState(null, "", page.location.pathname);
    permitted(() => page.sessionStorage.setItem(KEY, fresh), undefined);
  }
  const secret = fresh !== "" ? fresh : permitted(() => page.sessionStorage.getItem(KEY), null) ?? "";
  return SECRET.test(secret) ? secret : "";
};

/** The cookie carries the visit from here on. @param {Page} page */
export const forgetSecret = (page = window) => permitted(() => page.sessionStorage.removeItem(KEY), undefined);
