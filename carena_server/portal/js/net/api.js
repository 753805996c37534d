/** The HTTPS interface of carena_protocol/rest.py, same origin; the session is in a cookie this script can't read. */

/** A refused or failed request; `code` is an ErrorCode, or "unreachable". */
export class ApiError extends Error {
  /** @param {string} code @param {number} [retryAfterS] */
  constructor(code, retryAfterS) {
    super(code);
    this.code = code;
    this.retryAfterS = retryAfterS;
  }
}

const TIMEOUT_MS = 10_000;

/** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
const request = async (method, path, body) => {
  let response;
  try {
    response = await fetch(path, {
      method,
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
    });
  } catch {
    throw new ApiError("unreachable");
  }
  let answer;
  try {
    answer = await response.json();
  } catch {
    throw new ApiError(response.ok ? "malformed" : "internal");
  }
  if (!response.ok) throw new ApiError(typeof answer?.code === "string" ? answer.code : "internal", answer?.retry_after_s);
  return answer;
};

/**
 * @typedef {object} ArrivalInfo carena_protocol.rest.ArrivalInfo
 * @property {string} clinic
 * @property {string} room
 * @property {{version: string, text: string}} consent
 * @property {import("../arrival/form.js").ArrivalFields} fields
 * @property {boolean} is_open
 * @property {string} [closed_text]
 * @property {Record<string, string>} [closed_texts] by language
 * @property {number | null} [opens_at]
 * @property {boolean} [returning]
 * @property {Record<string, {version: string, text: string}>} [consents] by language
 * @property {Record<string, string>} [emergency] by language
 */

/** @returns {Promise<{clinic: string, consent: {version: string, text: string}}>} */
export const portalInfo = () => request("GET", "/api/v1/portal");
/** What the room behind a link asks for. @param {string} secret @returns {Promise<ArrivalInfo>} */
export const arrivalInfo = (secret) => request("POST", "/api/v1/portal", { secret });
/** @returns {Promise<{visit: string, name: string}>} */
export const currentVisit = () => request("GET", "/api/v1/visit");
/** @param {Record<string, unknown>} form carena_protocol.rest.CheckInRequest @returns {Promise<{visit: string, name: string}>} */
export const checkIn = (form) => request("POST", "/api/v1/check-in", form);
/** @returns {Promise<string>} */
export const websocketTicket = async () => (await request("POST", "/api/v1/ws-ticket", {})).ticket;
