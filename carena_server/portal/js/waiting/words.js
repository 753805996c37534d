/** The waiting room in words: place, estimate, with whom, and what the patient can do meanwhile. */
import { isolated, spoken, t } from "../i18n/words.js";

/** @typedef {import("../protocol/codec.js").ServerMessage} ServerMessage */
/** @typedef {import("../journey.js").Stop} Stop */

const MINUTE = 60;
const LONG_MINUTES = 90;

/** An estimate is worth a minute when it is short, five when it is not. @param {number | null} seconds @param {number} place */
export const estimateText = (seconds, place) => {
  if (place <= 0) return "";
  if (seconds === null) return t("wait.estimateUnknown");
  const minutes = Math.ceil(seconds / MINUTE);
  if (minutes <= 2) return t("wait.estimateSoon");
  if (minutes > LONG_MINUTES) return t("wait.estimateLong");
  return t("wait.estimate", { count: minutes <= 10 ? minutes : Math.ceil(minutes / 5) * 5 });
};

/** @param {ServerMessage} status */
export const whoText = ({ clinician_name: name, staff }) => {
  if (name) return t("wait.who", { name: isolated(name) });
  switch (staff ?? null) {
    case "available":
      return t("wait.staffAvailable");
    case "busy":
      return t("wait.staffBusy");
    case "away":
      return t("wait.staffAway");
    default:
      return t("wait.staffNone");
  }
};

/** A time of day, with the day where it isn't today. @param {number} at epoch milliseconds @param {Date} [now] */
export const timeText = (at, now = new Date()) => {
  const when = new Date(at);
  /** @type {Intl.DateTimeFormatOptions} */
  const day = when.toDateString() === now.toDateString() ? {} : { weekday: "long", month: "long", day: "numeric" };
  return new Intl.DateTimeFormat(spoken(), { hour: "numeric", minute: "2-digit", ...day }).format(when);
};

/** @type {Record<"queue" | "away" | "hold" | "staffAway", {title: string, text: string}>} */
const STOPS = {
  queue: { title: "wait.title", text: "wait.text" },
  away: { title: "away.title", text: "away.text" },
  hold: { title: "hold.title", text: "hold.text" },
  staffAway: { title: "hold.staffAwayTitle", text: "hold.staffAwayText" },
};

/** @param {"queue" | "away" | "hold" | "staffAway"} stop */
export const titleOf = (stop) => t(STOPS[stop].title);

/** @param {"queue" | "away" | "hold" | "staffAway"} stop @param {ServerMessage} status */
export const textOf = (stop, { away_until: until }) => {
  const text = t(STOPS[stop].text);
  if (!until || (stop !== "away" && stop !== "staffAway")) return text;
  return `${text} ${t(stop === "away" ? "away.until" : "hold.until", { time: isolated(timeText(until)) })}`;
};

/** Until when the place of a patient who is not connected is kept at least, epoch milliseconds; null: without a limit.
 * @param {ServerMessage} status @param {number} heardAt when the clinic was last heard, the same */
export const keptUntil = ({ kept_s: seconds, away_until: until }, heardAt) =>
  typeof seconds === "number" ? Math.max(heardAt + seconds * 1000, until ?? 0) : null;

/**
 * What a patient in the waiting room whose connection is lost has to know.
 * @param {"queue" | "away" | "hold" | "staffAway"} stop @param {number | null} until see keptUntil @param {number} now
 */
export const lostText = (stop, until, now) => {
  if (stop === "hold" || stop === "staffAway") return t("lost.hold");
  if (until === null || until - now > MINUTE * 1000) return until === null ? t("lost.unknown") : t("lost.kept", { time: isolated(timeText(until, new Date(now))) });
  return until > now ? t("lost.keptNow") : t("lost.late");
};

/** @param {"transferred" | "sentBack" | "otherRoom" | null} change @param {ServerMessage} status */
export const changeText = (change, status) => {
  switch (change) {
    case "transferred":
      return t("moved.transferred", { name: isolated(status.clinician_name ?? t("call.clinician")) });
    case "sentBack":
      return t("moved.sentBack");
    case "otherRoom":
      return t("moved.otherRoom", { room: isolated(status.room ?? "") });
    case null:
      return "";
  }
};
