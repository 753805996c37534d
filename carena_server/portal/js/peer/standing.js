/**
 * How the keys of the visit stand as the desktop sees it, which only it can know: whether all but picture and sound waits
 * for the two to compare their codes, when they did, and when keys and connection are replaced. Pure.
 */

/**
 * @typedef {object} Standing
 * @property {boolean} held this is another device than the visit was with: the clinician compares the code first
 * @property {number | null} verifiedAt when the codes were compared, ms since the epoch
 * @property {number | null} keysAt when the keys are renewed, on this page's clock
 * @property {number | null} legAt when the connection is replaced
 */

/** @param {{held?: boolean, verified_at?: number | null, keys_in?: number | null, leg_in?: number | null}} message @param {number} now milliseconds @returns {Standing} */
export const standingOf = (message, now) => ({
  held: message.held === true,
  verifiedAt: message.verified_at ?? null,
  keysAt: typeof message.keys_in === "number" ? now + message.keys_in : null,
  legAt: typeof message.leg_in === "number" ? now + message.leg_in : null,
});
