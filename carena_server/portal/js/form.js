/** What is wrong with the check-in form, field by field, as keys of sentences. Pure. */
import { MAX_NAME_CHARS, MAX_REASON_CHARS } from "./protocol/limits.js";

/** @typedef {{key: string, values?: Record<string, number>}} Problem */

/**
 * @param {{name: string, birth_date: string, reason: string, agree: boolean}} form @param {Date} today
 * @returns {Record<string, Problem>} by field; empty when the form can be sent
 */
export const formProblems = (form, today) => {
  /** @type {Record<string, Problem>} */
  const problems = {};
  if (form.name.trim() === "") problems.name = { key: "arrive.nameMissing" };
  else if ([...form.name.trim()].length > MAX_NAME_CHARS) problems.name = { key: "arrive.tooLong", values: { count: MAX_NAME_CHARS } };
  const born = /^\d{4}-\d{2}-\d{2}$/.test(form.birth_date) ? new Date(`${form.birth_date}T00:00:00Z`) : null;
  if (born === null || Number.isNaN(born.getTime()) || born.toISOString().slice(0, 10) !== form.birth_date) problems.birth_date = { key: "arrive.birthDateMissing" };
  else if (born > today || born.getUTCFullYear() < 1880) problems.birth_date = { key: "arrive.birthDateWrong" };
  if (form.reason.trim() === "") problems.reason = { key: "arrive.reasonMissing" };
  else if ([...form.reason.trim()].length > MAX_REASON_CHARS) problems.reason = { key: "arrive.tooLong", values: { count: MAX_REASON_CHARS } };
  if (!form.agree) problems.agree = { key: "arrive.agreeMissing" };
  return problems;
};
