/**
 * Validators for untrusted JSON: each takes a value and says whether it has the shape. They mirror the types of
 * carena_protocol and hold nothing of what they saw.
 * @typedef {(value: unknown) => boolean} Check
 */

/** @type {Check} */
export const isText = (value) => typeof value === "string" && value.isWellFormed();

/** @type {Check} */
export const isBoolean = (value) => typeof value === "boolean";

/** @type {Check} */
export const isAnything = (value) => value !== undefined;

/** Whole numbers from `least` on, as far as both languages count exactly. @param {number} least @returns {Check} */
export const isCount = (least = 0) => (value) => Number.isSafeInteger(value) && /** @type {number} */ (value) >= least;

/** @param {number} least @param {number} most @param {RegExp} [pattern] @returns {Check} */
export const isString = (least, most, pattern) => (value) => {
  if (typeof value !== "string") return false;
  const length = [...value].length; // Python counts code points
  return length >= least && length <= most && (pattern === undefined || pattern.test(value));
};

/** @param {...string} values @returns {Check} */
export const isOneOf = (...values) => (value) => typeof value === "string" && values.includes(value);

/** @param {Check} check @returns {Check} */
export const isListOf = (check) => (value) => Array.isArray(value) && value.every(check);

/** @param {Check} check @returns {Check} */
export const orNull = (check) => (value) => value === null || check(value);

/** The field may be missing. @param {Check} check @returns {Check} */
export const optional = (check) => (value) => value === undefined || check(value);

/** @param {unknown} value @returns {value is Record<string, unknown>} */
export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * An object whose fields all pass; unknown fields are allowed unless `strict`.
 * @param {Record<string, Check>} fields @param {{strict?: boolean}} [options] @returns {Check}
 */
export const isShape = (fields, options = {}) => (value) => {
  if (!isObject(value)) return false;
  if (options.strict && Object.keys(value).some((key) => !Object.hasOwn(fields, key))) return false;
  return Object.entries(fields).every(([key, check]) => check(value[key]));
};

export const isIdentifier = isString(1, 32, /^[A-Za-z0-9_-]+$/);
export const isSecret = isString(16, 128, /^[A-Za-z0-9_-]+$/);
