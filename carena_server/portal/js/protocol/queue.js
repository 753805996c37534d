/**
 * The shapes of the waiting room's messages: carena_protocol/rows.py, verbs.py and news.py. No state, no rule but form.
 */
import { MAX_AWAY_MINUTES, MAX_NOTE_CHARS, MAX_REASON_CHARS, MAX_TRIAGE_NOTE_CHARS } from "./limits.js";
import { isAnything, isBoolean, isCount, isIdentifier, isListOf, isObject, isOneOf, isShape, isString, isText, optional, orNull } from "./shape.js";

/** @typedef {import("./shape.js").Check} Check */

export const STATES = [
  "arrived", "needs_triage", "ready", "claimed", "in_visit", "on_hold", "stepped_away", "returned", "finished", "left", "no_show",
];
export const WAITING_STATES = new Set(["arrived", "needs_triage", "ready", "claimed", "returned"]);
export const RED_FLAGS = [
  "chest_pain", "short_of_breath", "stroke_signs", "fainting", "severe_bleeding", "self_harm", "allergic_reaction", "pregnancy_problem",
];

/** @param {number} least @param {number} most @returns {Check} */
const isWithin = (least, most) => (value) => typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
/** @param {Check} check @returns {Check} */
const maybe = (check) => optional(orNull(check));

const state = isOneOf(...STATES);
const redFlags = isListOf(isOneOf(...RED_FLAGS));
const acuity = isWithin(1, 5);
const note = isString(1, MAX_NOTE_CHARS);
const line = isString(0, MAX_REASON_CHARS);
const language = isString(2, 35, /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/);
const callBack = isString(3, 40);
const location = isString(1, 200);
const awayBy = isOneOf("patient", "staff");
const device = optional(isOneOf("ok", "missing", "denied", "failed", "untested"));
const readiness = isShape({
  camera: device,
  microphone: device,
  browser: optional(isOneOf("ok", "old", "unsupported")),
  network: optional(isOneOf("good", "fair", "poor", "untested")),
  bandwidth_kbps: maybe(isWithin(0, 10_000_000)),
  round_trip_ms: maybe(isWithin(0, 600_000)),
  consent: optional(isBoolean),
  at: optional(isCount()),
});
const triage = isShape({
  complaint: optional(line),
  red_flags: optional(redFlags),
  systolic: maybe(isWithin(30, 300)),
  diastolic: maybe(isWithin(10, 200)),
  heart_rate: maybe(isWithin(10, 300)),
  respiratory_rate: maybe(isWithin(1, 120)),
  spo2: maybe(isWithin(30, 100)),
  temperature_c: maybe((value) => typeof value === "number" && value >= 25 && value <= 45),
  vitals_source: maybe(isOneOf("patient", "staff", "device")),
  pain: maybe(isWithin(0, 10)),
  allergies: optional(line),
  conditions: optional(line),
  medicines: optional(line),
  pregnancy: optional(line),
  note: optional(isString(0, MAX_TRIAGE_NOTE_CHARS)),
}, { strict: true });

export const entry = isShape({
  visit: isIdentifier,
  version: isCount(1),
  state,
  presence: isOneOf("connected", "reconnecting"),
  name: isString(1, 120),
  birth_date: isString(10, 10, /^\d{4}-\d{2}-\d{2}$/),
  reason: line,
  checked_in_at: isCount(),
  admitted_at: maybe(isCount()),
  clinician_id: maybe(isIdentifier),
  clinician_name: maybe(isText),
  clinician_since: maybe(isCount()),
  room: optional(isIdentifier),
  state_since: maybe(isCount()),
  returns_to: maybe(state),
  acuity: maybe(acuity),
  triaged_at: maybe(isCount()),
  note: maybe(isText),
  away_by: maybe(awayBy),
  away_until: maybe(isCount()),
  recalled_at: maybe(isCount()),
  language: maybe(language),
  interpreter: optional(isBoolean),
  red_flags: optional(redFlags),
  readiness: maybe(readiness),
  identity_confirmed_at: maybe(isCount()),
  chat: optional(isOneOf("none", "requested", "open")),
  possible_double: maybe(isIdentifier),
});

const identity = isShape({
  name: optional(isBoolean), birth_date: optional(isBoolean), location: optional(isBoolean), call_back: optional(isBoolean),
  at: isCount(), by: isIdentifier, by_name: maybe(isText),
});
const details = isShape({
  entry, call_back: maybe(callBack), location: maybe(location), answers: optional(isObject), consent_version: optional(isText),
  triage: maybe(triage), identity: maybe(identity), activity: optional(isListOf(isShape({ at: isCount(), what: isText, who: maybe(isText) }))),
});
const room = isShape({ id: isIdentifier, name: isText });
const gone = isShape({
  visit: isIdentifier, version: isCount(1), state, room: isIdentifier, checked_in_at: isCount(), closed_at: isCount(),
  reason: maybe(isOneOf("patient", "timeout", "merged")),
    kept_s: maybe(isCount()), acuity: maybe(acuity), recalled_until: maybe(isCount()),
});
const presence = isOneOf("available", "busy", "away", "offline");
const staffMember = isShape({
  id: isIdentifier, name: isText, role: isOneOf("clinician", "nurse", "administrator", "patient"), presence, in_visit: optional(isCount()),
  since: maybe(isCount()),
});

/** What the server tells. @type {Record<string, Record<string, Check>>} */
export const NEWS = {
  "queue.snapshot": { queue_version: isCount(), clinic: isText, entries: isListOf(entry) },
  "queue.delta": { queue_version: isCount(1), visit: isIdentifier, entry: optional(entry) },
  "visit.details": { details },
  rooms: { rooms: isListOf(room) },
  staff: { staff: isListOf(staffMember) },
  gone: { gone: isListOf(gone) },
  notice: { kind: isOneOf("emergency_access"), who: isIdentifier, who_name: isText, at: isCount(), until: isCount() },
  "visit.status": {
    visit: isIdentifier, version: isCount(1), state, place: optional(isCount()), waiting: optional(isCount()), room: optional(isText),
    estimate_s: maybe(isCount()), staff: maybe(presence), clinician_name: maybe(isText), away_by: maybe(awayBy),
    away_until: maybe(isCount()), recalled: optional(isBoolean), reason: maybe(isOneOf("patient", "timeout", "merged")),
  },
  "chat.peer": { visit: isIdentifier, present: isBoolean, name: maybe(isText), taken_over: optional(isBoolean) },
  "chat.relayed": { visit: isIdentifier, id: isIdentifier, data: isAnything },
};

const visit = { visit: isIdentifier };
const seen = { ...visit, version: isCount(1) };
const minutes = optional(isWithin(1, MAX_AWAY_MINUTES));

/** What clients ask for. @type {Record<string, Record<string, Check>>} */
export const VERBS = {
  "visit.claim": seen,
  "visit.release": seen,
  "visit.assign": { ...seen, user: isIdentifier },
  "visit.mark": { ...seen, state: isOneOf("needs_triage", "ready") },
  "visit.admit": seen,
  "visit.hold": { ...seen, note: optional(note) },
  "visit.resume": seen,
  "visit.step_away": { ...seen, minutes },
  "visit.return_to_queue": { ...seen, note: optional(note) },
  "visit.transfer": { ...seen, user: optional(isIdentifier), room: optional(isIdentifier), note: optional(note) },
  "visit.finish": { ...seen, outcome: optional(isOneOf("completed", "referred", "emergency", "technical", "other")) },
  "visit.recall": seen,
  "visit.no_show": seen,
  "visit.merge": { ...seen, other: isIdentifier, other_version: isCount(1) },
  "visit.triage": { ...seen, acuity: optional(acuity), form: optional(triage), ready: optional(isBoolean) },
  "visit.undo": seen,
  "visit.identity": {
    ...seen, name: optional(isBoolean), birth_date: optional(isBoolean), location: optional(isBoolean), call_back: optional(isBoolean),
    said_location: optional(location), said_call_back: optional(callBack),
  },
  "visit.details.request": visit,
  "staff.presence": { presence: isOneOf("available", "busy", "away") },
  "visit.leave": visit,
  "visit.step_out": { ...visit, minutes },
  "visit.return": visit,
  "visit.prepare": { ...visit, readiness },
  "visit.amend": {
    ...visit, language: optional(language), interpreter: optional(isBoolean), red_flags: optional(redFlags),
    call_back: optional(callBack), location: optional(location),
  },
  "chat.open": visit,
  "chat.close": visit,
  "chat.request": visit,
  "chat.relay": { ...visit, data: isAnything },
};
