/** What a room asks for at check-in, what is wrong with the answers, and what is sent. Pure; problems are keys of sentences. */
import { MAX_NAME_CHARS, MAX_REASON_CHARS } from "../protocol/limits.js";

/** @typedef {"off" | "optional" | "required"} Demand */
/** @typedef {{key: string, label: string, required?: boolean, choices?: string[], labels?: Record<string, string>, choices_in?: Record<string, string[]>}} OwnField staff read label and choices */
/** @typedef {{reason?: Demand, call_back?: Demand, location?: Demand, language?: Demand, interpreter?: Demand, red_flags?: Demand, own?: OwnField[]}} ArrivalFields */
/** @typedef {{name: string, birth_date: string, reason: string, call_back: string, location: string, language: string, interpreter: boolean, red_flags: string[], answers: Record<string, string>, agree: boolean}} Form */
/** @typedef {{key: string, values?: Record<string, number>}} Problem */

export const MAX_CALL_BACK_CHARS = 40;
export const MIN_CALL_BACK_CHARS = 3;
export const MAX_LOCATION_CHARS = 200;
export const MAX_ANSWER_CHARS = 200;
/** @param {ArrivalFields} fields @param {"reason" | "call_back" | "location" | "language" | "interpreter" | "red_flags"} name @returns {Demand} */
export const demand = (fields, name) => fields[name] ?? (name === "reason" ? "required" : "off");

/** The words of a field of the room's own in a language: its label, and its choices as pairs of what is told and what is read. @param {OwnField} own @param {string} language */
export const ownWords = ({ label, choices = [], labels = {}, choices_in: translated = {} }, language) => {
  const read = Object.hasOwn(translated, language) ? translated[language] ?? [] : choices;
  return { label: Object.hasOwn(labels, language) ? String(labels[language]) : label, choices: choices.map((choice, at) => ({ told: choice, read: read[at] ?? choice })) };
};

/** @param {string} text @param {Demand} demanded @param {number} most @param {string} missing @returns {Problem | null} */
const textProblem = (text, demanded, most, missing) => {
  const length = [...text.trim()].length;
  if (demanded === "off") return null;
  if (length === 0) return demanded === "required" ? { key: missing } : null;
  return length > most ? { key: "arrive.tooLong", values: { count: most } } : null;
};

/** @param {string} text @param {Date} today @returns {Problem | null} */
const birthDateProblem = (text, today) => {
  const born = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  if (born === null || Number.isNaN(born.getTime()) || born.toISOString().slice(0, 10) !== text) return { key: "arrive.birthDateMissing" };
  return born > today || born.getUTCFullYear() < 1880 ? { key: "arrive.birthDateWrong" } : null;
};

/** @param {string} text @param {Demand} demanded */
const callBackProblem = (text, demanded) => {
  const problem = textProblem(text, demanded, MAX_CALL_BACK_CHARS, "arrive.callBackMissing");
  if (problem !== null || demanded === "off" || text.trim() === "") return problem;
  return (text.match(/\d/g) ?? []).length < MIN_CALL_BACK_CHARS ? { key: "arrive.callBackWrong" } : null;
};

/**
 * @param {Form} form @param {ArrivalFields} fields @param {Date} today
 * @returns {Record<string, Problem>} by field, own fields as "own:KEY"; empty when the form can be sent
 */
export const formProblems = (form, fields, today) => {
  /** @type {Record<string, Problem | null>} */
  const found = {
    name: textProblem(form.name, "required", MAX_NAME_CHARS, "arrive.nameMissing"),
    birth_date: birthDateProblem(form.birth_date, today),
    reason: textProblem(form.reason, demand(fields, "reason"), MAX_REASON_CHARS, "arrive.reasonMissing"),
    call_back: callBackProblem(form.call_back, demand(fields, "call_back")),
    location: textProblem(form.location, demand(fields, "location"), MAX_LOCATION_CHARS, "arrive.locationMissing"),
    language: textProblem(form.language, demand(fields, "language"), 35, "arrive.languageMissing"),
  };
  for (const { key, required } of fields.own ?? []) {
    found[`own:${key}`] = textProblem(form.answers[key] ?? "", required ? "required" : "optional", MAX_ANSWER_CHARS, "arrive.answerMissing");
  }
  found.agree = form.agree ? null : { key: "arrive.agreeMissing" };
  return /** @type {Record<string, Problem>} */ (Object.fromEntries(Object.entries(found).filter(([, problem]) => problem !== null)));
};

/** What the server is told: nothing that was not asked for, and no empty answer. @param {Form} form @param {ArrivalFields} fields */
export const answers = (form, fields) => {
  /** @type {Record<string, unknown>} */
  const told = { name: form.name.trim(), birth_date: form.birth_date };
  for (const name of /** @type {const} */ (["reason", "call_back", "location", "language"])) {
    const text = form[name].trim();
    if (demand(fields, name) !== "off" && text !== "") told[name] = text;
  }
  if (demand(fields, "interpreter") !== "off") told.interpreter = form.interpreter;
  if (demand(fields, "red_flags") !== "off") told.red_flags = form.red_flags;
  const own = (fields.own ?? []).map(({ key }) => [key, (form.answers[key] ?? "").trim()]).filter(([, text]) => text !== "");
  if (own.length > 0) told.answers = Object.fromEntries(own);
  return told;
};
