/** What is wrong with the check-in form, field by field. Pure. */
import { MAX_NAME_CHARS, MAX_REASON_CHARS } from "./protocol/limits.js";

/**
 * @param {{name: string, birth_date: string, reason: string, agree: boolean}} form @param {Date} today
 * @returns {Record<string, string>} sentences by field; empty when the form can be sent
 */
export const formProblems = (form, today) => {
  /** @type {Record<string, string>} */
  const problems = {};
  if (form.name.trim() === "") problems.name = "Enter your name.";
  else if ([...form.name.trim()].length > MAX_NAME_CHARS) problems.name = `Use at most ${MAX_NAME_CHARS} characters.`;
  const born = /^\d{4}-\d{2}-\d{2}$/.test(form.birth_date) ? new Date(`${form.birth_date}T00:00:00Z`) : null;
  if (born === null || Number.isNaN(born.getTime()) || born.toISOString().slice(0, 10) !== form.birth_date) problems.birth_date = "Enter your date of birth.";
  else if (born > today || born.getUTCFullYear() < 1880) problems.birth_date = "This date can't be right.";
  if (form.reason.trim() === "") problems.reason = "Say in a few words why you come.";
  else if ([...form.reason.trim()].length > MAX_REASON_CHARS) problems.reason = `Use at most ${MAX_REASON_CHARS} characters.`;
  if (!form.agree) problems.agree = "Please agree before you join.";
  return problems;
};
