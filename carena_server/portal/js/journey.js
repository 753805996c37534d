/**
 * Where a visit's state puts the patient's page. Pure.
 *
 *   queue: in the waiting room         away: the patient stepped out, the place is kept
 *   hold, staffAway: a visit that goes on later     visit: the call     over: nothing goes on
 */

/** @typedef {import("./protocol/codec.js").ServerMessage} ServerMessage */
/** @typedef {"queue" | "away" | "hold" | "staffAway" | "visit" | "over"} Stop */

/** @param {ServerMessage} status @returns {Stop} */
export const stopOf = ({ state, away_by: awayBy }) => {
  switch (state) {
    case "arrived":
    case "needs_triage":
    case "ready":
    case "claimed":
    case "returned":
      return "queue";
    case "stepped_away":
      return awayBy === "patient" ? "away" : "staffAway";
    case "on_hold":
      return "hold";
    case "in_visit":
      return "visit";
    default:
      return "over";
  }
};

/** The section of the page that shows it. @param {Stop} stop @returns {"waiting" | "visit" | "over"} */
export const sectionOf = (stop) => (stop === "visit" || stop === "over" ? stop : "waiting");

/**
 * What happened between two statuses that a patient would not understand without a word about it.
 * @param {ServerMessage | null} before @param {ServerMessage} now @returns {"transferred" | "sentBack" | "otherRoom" | null}
 */
export const changeOf = (before, now) => {
  if (before === null) return null;
  const [was, is] = [stopOf(before), stopOf(now)];
  if (is !== "queue") return null;
  if ((now.room ?? "") !== (before.room ?? "") && before.room) return "otherRoom";
  const inVisit = was === "visit" || was === "hold" || was === "staffAway";
  if (!inVisit) return null;
  return now.state === "claimed" && now.clinician_name !== before.clinician_name ? "transferred" : "sentBack";
};
