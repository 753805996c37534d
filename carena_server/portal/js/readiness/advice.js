/** The readiness test in words: what works, what doesn't, and what a patient can do about it. */
import { spoken, t } from "../i18n/words.js";

/** @typedef {import("./results.js").Report} Report */
/** @typedef {"ok" | "look" | "bad" | "open"} Tone */
/** @typedef {{id: string, tone: Tone, title: string, advice: string}} Row */

/** @type {Record<string, [Tone, string, string]>} */
const CAMERA = {
  ok: ["ok", "ready.cameraOk", ""],
  untested: ["open", "ready.cameraUntested", "ready.cameraUntestedAdvice"],
  denied: ["bad", "ready.cameraDenied", "ready.deniedAdvice"],
  missing: ["look", "ready.cameraMissing", "ready.cameraMissingAdvice"],
  failed: ["bad", "ready.cameraFailed", "ready.failedAdvice"],
};
/** @type {Record<string, [Tone, string, string]>} */
const MICROPHONE = {
  ok: ["ok", "ready.micOk", ""],
  untested: ["open", "ready.micUntested", "ready.micUntestedAdvice"],
  denied: ["bad", "ready.micDenied", "ready.deniedAdvice"],
  missing: ["look", "ready.micMissing", "ready.micMissingAdvice"],
  failed: ["bad", "ready.micFailed", "ready.failedAdvice"],
};
/** @type {Record<string, [Tone, string, string]>} */
const BROWSER = {
  ok: ["ok", "ready.browserOk", ""],
  old: ["look", "ready.browserOld", "ready.browserOldAdvice"],
  unsupported: ["bad", "ready.browserUnsupported", "ready.browserUnsupportedAdvice"],
};
/** @type {Record<string, [Tone, string, string]>} */
const NETWORK = {
  good: ["ok", "ready.networkGood", ""],
  fair: ["look", "ready.networkFair", "ready.networkFairAdvice"],
  poor: ["bad", "ready.networkPoor", "ready.networkPoorAdvice"],
  untested: ["look", "ready.networkUntested", "ready.networkUntestedAdvice"],
};

/** @param {string} id @param {[Tone, string, string] | undefined} found @param {string} [more] @returns {Row} */
const row = (id, found, more = "") => {
  const [tone, title, advice] = found ?? ["open", "", ""];
  return { id, tone, title: title === "" ? "" : t(title), advice: [advice === "" ? "" : t(advice), more].filter(Boolean).join(" ") };
};

/** Two digits are as much as the measurement is worth. @param {number} kbps */
export const megabits = (kbps) => new Intl.NumberFormat(spoken(), { maximumSignificantDigits: 2 }).format(kbps / 1000);

/** @param {Report} report @param {import("./network.js").Network | null} network @param {boolean} measuring @returns {Row[]} */
export const rows = (report, network, measuring) => {
  const figures = network === null ? "" : t("ready.figures", { down: megabits(network.down_kbps), up: megabits(network.up_kbps), ms: network.round_trip_ms });
  return [
    row("camera", CAMERA[report.camera]),
    row("microphone", MICROPHONE[report.microphone]),
    row("browser", BROWSER[report.browser]),
    measuring ? row("network", ["open", "ready.networkMeasuring", ""]) : row("network", NETWORK[report.network], figures),
    row("consent", report.consent ? ["ok", "ready.consentGiven", ""] : ["open", "ready.consentOpen", "ready.consentOpenAdvice"]),
  ];
};

/** One sentence over all of it. @param {Row[]} rows */
export const summary = (rows) => {
  const wrong = rows.filter((one) => one.tone === "bad" || one.tone === "look").length;
  if (wrong > 0) return t("ready.toLookAt", { count: wrong });
  return rows.every((one) => one.tone === "ok") ? t("ready.all") : t("ready.notDone");
};
