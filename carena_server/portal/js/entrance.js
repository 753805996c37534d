/**
 * Where somebody stands who opens the page: what the link, the cookie and an earlier end of this tab say. It asks the server
 * and shows nothing.
 *
 *   an open visit of this browser -> join       a good link -> arrive, or closed
 *   a visit that is over          -> ended, or "join" for its last status       nothing of these -> noLink, invalidLink
 */
import { ApiError, arrivalInfo, currentVisit, portalInfo, websocketTicket } from "./net/api.js";
import { keepEnd, keptEnd } from "./over.js";

/** @typedef {import("./net/api.js").ArrivalInfo} ArrivalInfo */
/**
 * @typedef {{kind: "join", clinic: string, visit: string}
 *   | {kind: "arrive" | "closed", clinic: string, info: ArrivalInfo}
 *   | {kind: "ended", clinic: string, end: import("./over.js").End}
 *   | {kind: "noLink" | "invalidLink", clinic: string}} Place `visit` is "" for the one the server knows this browser by
 */

/** What the server answers to a browser without an open visit. */
const NO_VISIT = new Set(["not_found", "unauthenticated", "forbidden", "token_expired"]);

/** What somebody without a visit gets in place of a refusal. @template T, U @param {Promise<T>} asked @param {U} otherwise @returns {Promise<T | U>} */
const unlessNone = async (asked, otherwise) => {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiError && NO_VISIT.has(error.code)) return otherwise;
    throw error;
  }
};

/**
 * @param {string} secret of the link, "" without one
 * @param {{arrivalInfo: typeof arrivalInfo, currentVisit: typeof currentVisit, portalInfo: typeof portalInfo, websocketTicket: typeof websocketTicket, keptEnd: () => import("./over.js").End | null, keepEnd: (end: null) => void}} [ask]
 * @returns {Promise<Place>} rejects with ApiError when the server can't be asked
 */
export const placeOf = async (secret, ask = { arrivalInfo, currentVisit, portalInfo, websocketTicket, keptEnd, keepEnd }) => {
  const visit = await unlessNone(ask.currentVisit(), null);
  if (visit !== null) return { kind: "join", clinic: (await ask.portalInfo()).clinic, visit: visit.visit };
  let refused = false;
  if (secret !== "") {
    try {
      const info = await ask.arrivalInfo(secret);
      ask.keepEnd(null);
      return { kind: info.is_open || info.returning === true ? "arrive" : "closed", clinic: info.clinic, info };
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "link_invalid") throw error;
      refused = true; // perhaps because it was this browser's, and its visit is over
    }
  }
  const { clinic } = await ask.portalInfo();
  const end = ask.keptEnd();
  if (end !== null) return { kind: "ended", clinic, end };
  if ((await unlessNone(ask.websocketTicket(), "")) !== "") return { kind: "join", clinic, visit: "" };
  return { kind: refused ? "invalidLink" : "noLink", clinic };
};
