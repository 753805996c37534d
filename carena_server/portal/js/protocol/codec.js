/**
 * Text to messages, with the same defined error as carena_protocol/codec.py for everything that is not a valid message.
 * The golden vectors of carena_protocol/vectors hold the two together. It holds no state and no part of what it refused.
 */
import { NEWS, VERBS, entry } from "./queue.js";
import { MAX_CANDIDATE_BYTES, MAX_CHAT_CHARS, MAX_CONTROL_BYTES, MAX_MESSAGE_BYTES, MAX_SDP_BYTES, PROTOCOL_VERSION } from "./limits.js";
import {
  isAnything, isBoolean, isCount, isIdentifier, isListOf, isObject, isOneOf, isSecret, isShape, isString, isText, optional, orNull,
} from "./shape.js";

/** @typedef {import("./shape.js").Check} Check */
/** @typedef {{v: 1, type: string, seq: number, re: string, [field: string]: any}} ServerMessage */

const ERROR_CODES = [
  "malformed", "unsupported_version", "unknown_type", "invalid", "too_large", "wrong_state", "bad_ack", "out_of_order",
  "rate_limited", "unauthenticated", "wrong_credentials", "throttled", "token_expired", "token_reused", "forbidden",
  "not_found", "conflict", "already_admitted", "already_claimed", "gone", "peer_unreachable", "consent_required", "link_invalid",
  "room_closed", "second_factor_required", "wrong_code", "enrolment_required", "password_too_short", "password_blocked", "busy",
  "internal",
];

/** A frame that is no valid message; `code` is one of carena_protocol.errors.ErrorCode, `re` the frame's id or "". */
export class ProtocolError extends Error {
  /** @param {string} code @param {string} [re] */
  constructor(code, re = "") {
    super(code);
    this.code = code;
    this.re = re;
  }
}

const principal = isShape({ id: isIdentifier, role: isOneOf("clinician", "nurse", "administrator", "patient"), display_name: isText });
const iceServer = isShape({ urls: isListOf(isText), username: optional(isText), credential: optional(isText) });

/** @type {Record<string, Record<string, Check>>} */
const SERVER = {
  welcome: {
    sid: isIdentifier, resume_token: isSecret, resumed: isBoolean, principal, server_time: isCount(), authorised_for_ms: isCount(),
    retry: isShape({ base_ms: isCount(), cap_ms: isCount() }), features: optional(isListOf(isText)),
  },
  ok: { version: optional(isCount(1)) },
  error: { code: isOneOf(...ERROR_CODES), retryable: optional(isBoolean), retry_after_ms: optional(isCount()), entry: optional(entry), reason: optional(isText) },
  pong: {},
  ...NEWS,
  "visit.peer": { visit: isIdentifier, present: isBoolean },
  relayed: { visit: isIdentifier, id: isIdentifier, data: isAnything },
  "turn.servers": { visit: isIdentifier, servers: isListOf(iceServer), ttl_s: isCount(), relay_only: optional(isBoolean) },
  drain: { after_ms: isCount() },
};

const clientInfo = isShape(
  { name: isOneOf("carena-desktop", "carena-portal", "carena-test"), version: isString(0, 32) },
  { strict: true },
);
const claim = isShape({ sid: isIdentifier, token: isSecret, last_seq: isCount() }, { strict: true });

/** @type {Record<string, Record<string, Check>>} */
const CLIENT = {
  hello: { ticket: isSecret, client: clientInfo, resume: optional(claim) },
  renew: { ticket: isSecret },
  ping: {},
  ack: {},
  "queue.subscribe": { since: optional(isCount()) },
  ...VERBS,
  relay: { visit: isIdentifier, data: isAnything },
  "turn.request": { visit: isIdentifier },
};

const sdp = isString(1, MAX_SDP_BYTES);
const key32 = isString(44, 44);
const hello = isShape({ h: isString(1, 4096), s: isString(88, 88), ct: optional(orNull(isString(1452, 1452))), link: optional(isBoolean) }, { strict: true });
const sealed = { leg: isCount(1), n: isCount(1), body: isString(1, MAX_SDP_BYTES + 8192), mac: key32 };
/** @type {Record<string, Record<string, Check>>} */
const SIGNAL = {
  ready: { instance: isIdentifier, screens: optional(isBoolean) },
  offer: { leg: isCount(1), instance: isIdentifier, sdp, commit: key32 },
  answer: { leg: isCount(1), sdp, hello },
  reveal: { leg: isCount(1), hello },
  unsafe: { leg: isCount(1) },
  candidate: {
    leg: isCount(1),
    candidate: isString(0, MAX_CANDIDATE_BYTES),
    mid: optional(orNull(isString(0, 32))),
    line: optional(orNull((value) => isCount()(value) && Number(value) <= 64)),
  },
  "leg-failed": { leg: isCount(1) },
  sealed,
};

/** @type {Record<string, Record<string, Check>>} */
const CONTROL = {
  chat: { id: isIdentifier, text: isString(1, MAX_CHAT_CHARS), sent_at: isCount() },
  "chat-received": { id: isIdentifier },
  heartbeat: { n: isCount() },
  "heartbeat-seen": { n: isCount() },
  "media-state": { camera: isBoolean, microphone: isOneOf("live", "muted", "off"), sharing: optional(isBoolean) },
  goodbye: {},
  confirm: { mac: key32 },
  rekey: { n: isCount(1), x: key32 },
  "rekey-ack": { n: isCount(1), x: key32, k: isString(80, 80) },
  "rekey-fin": { n: isCount(1), k: isString(80, 80) },
  "rekey-done": { n: isCount(1), h: key32 },
  sealed,
  "leg-shown": { leg: isCount(1) },
  "leg-over": { leg: isCount(1) },
  "renew-wanted": {},
  standing: { held: optional(isBoolean), verified_at: optional(orNull(isCount())), keys_in: optional(orNull(isCount())), leg_in: optional(orNull(isCount())) },
};

/** @param {string} text @param {number} most @returns {unknown} */
const parse = (text, most) => {
  if (new TextEncoder().encode(text).length > most) throw new ProtocolError("too_large");
  if (!text.isWellFormed()) throw new ProtocolError("malformed");
  try {
    return JSON.parse(text);
  } catch {
    throw new ProtocolError("malformed");
  }
};

/**
 * @param {string} text @param {Record<string, Record<string, Check>>} types
 * @param {Record<string, Check>} envelope @param {boolean} strict
 */
const decode = (text, types, envelope, strict) => {
  const message = parse(text, MAX_MESSAGE_BYTES);
  if (!isObject(message) || !isCount(-Infinity)(message.v) || typeof message.type !== "string") throw new ProtocolError("invalid");
  if (message.id !== undefined && typeof message.id !== "string") throw new ProtocolError("invalid");
  const re = isIdentifier(message.id) ? String(message.id) : "";
  if (message.v !== PROTOCOL_VERSION) throw new ProtocolError("unsupported_version", re);
  if (!Object.hasOwn(types, message.type)) throw new ProtocolError("unknown_type", re);
  const shape = isShape({ v: isAnything, type: isAnything, ...envelope, ...types[message.type] }, { strict });
  if (!shape(message)) throw new ProtocolError("invalid", re);
  return message;
};

/** @param {string} text @returns {ServerMessage} */
export const decodeServer = (text) => {
  const message = decode(text, SERVER, { seq: optional(isCount()), re: optional(isText) }, false);
  return /** @type {ServerMessage} */ ({ seq: 0, re: "", ...message });
};

/** What the server accepts; here for the vectors, so that this page never sends what is refused. @param {string} text */
export const decodeClient = (text) => decode(text, CLIENT, { id: isIdentifier, ack: optional(isCount()) }, true);

/** @param {string} text @param {number} most @param {Record<string, Record<string, Check>>} types @returns {any} */
const decodePeer = (text, most, types) => {
  const message = parse(text, most);
  if (!isObject(message) || typeof message.t !== "string" || !Object.hasOwn(types, message.t)) throw new ProtocolError("invalid");
  if (!isShape({ t: isAnything, ...types[message.t] }, { strict: true })(message)) throw new ProtocolError("invalid");
  return message;
};

/** A signal that came through the relay. @param {string} text */
export const decodeSignal = (text) => decodePeer(text, MAX_MESSAGE_BYTES, SIGNAL);

/** A control message of the data channel. @param {string} text */
export const decodeControl = (text) => decodePeer(text, MAX_CONTROL_BYTES, CONTROL);
