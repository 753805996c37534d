/** From what devices, browser and connection did to the words of carena_protocol.rows.Readiness. Pure. */
import { networkResult, weaker } from "./network.js";

/** @typedef {"ok" | "missing" | "denied" | "failed" | "untested"} DeviceResult */
/** @typedef {import("./browser.js").BrowserResult} BrowserResult */
/** @typedef {import("./network.js").Network} Network */
/** @typedef {{camera: DeviceResult, microphone: DeviceResult}} DeviceResults */
/** @typedef {DeviceResults & {browser: BrowserResult, network: import("./network.js").NetworkResult, bandwidth_kbps: number | null, round_trip_ms: number | null, consent: boolean}} Report */

/** @type {Record<string, DeviceResult>} */
const RESULTS = { denied: "denied", missing: "missing", unsupported: "missing", busy: "failed", lost: "failed" };
const MOST_KBPS = 10_000_000;
const MOST_MS = 600_000;

/**
 * A device that is on has not shown yet that it works: a camera does by a picture, a microphone by being heard.
 * @param {import("../media/devices.js").DeviceState} state @param {boolean} proved @param {DeviceResult} before what an earlier test of this visit gave
 * @returns {DeviceResult}
 */
export const deviceResult = (state, proved, before) => {
  const result = state === "on" ? (proved ? "ok" : "untested") : (RESULTS[state] ?? "untested");
  return result === "untested" ? before : result;
};

/** @param {DeviceResults} devices @param {BrowserResult} browser @param {Network | null} network @param {boolean} consent @returns {Report} */
export const report = (devices, browser, network, consent) => ({
  ...devices,
  browser,
  network: networkResult(network),
  bandwidth_kbps: network === null ? null : Math.min(MOST_KBPS, Math.max(0, weaker(network))),
  round_trip_ms: network === null ? null : Math.min(MOST_MS, Math.max(0, network.round_trip_ms)),
  consent,
});
