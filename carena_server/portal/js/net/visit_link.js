/**
 * The secret half of a visit link: taken out of the address bar at once, so that no history, screenshot or neighbour keeps
 * it, and held for this tab alone until the patient has checked in, so that a reload does not lose it. The part that the
 * server never sees (e2ee/link_secret.js) is held until the visit is over: every leg's keys need it, also after a reload.
 */
import { split } from "../e2ee/link_secret.js";

const KEY = "carena-visit-link";
const OURS = "carena-visit-link-ours";
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
    const { server } = split(fresh);
    permitted(() => page.sessionStorage.setItem(KEY, server), undefined);
    permitted(() => page.sessionStorage.setItem(OURS, fresh.slice(server.length)), undefined);
  }
  const secret = fresh !== "" ? split(fresh).server : permitted(() => page.sessionStorage.getItem(KEY), null) ?? "";
  return SECRET.test(secret) ? secret : "";
};

/** The part of the link that is for the keys, or null; after `takeSecret`. @param {Page} page */
export const linkSecret = (page = window) => split(permitted(() => page.sessionStorage.getItem(OURS), null) ?? "").ours;

/** The visit is over. @param {Page} page */
export const forgetLinkSecret = (page = window) => permitted(() => page.sessionStorage.removeItem(OURS), undefined);

/** The cookie carries the visit from here on. @param {Page} page */
export const forgetSecret = (page = window) => permitted(() => page.sessionStorage.removeItem(KEY), undefined);
