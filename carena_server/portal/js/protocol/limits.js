/** Limits of carena_protocol/limits.py; a test compares the two. */
export const PROTOCOL_VERSION = 1;
export const SUBPROTOCOL = "carena.v1";
export const MAX_MESSAGE_BYTES = 64 * 1024;
export const MAX_SDP_BYTES = 32 * 1024;
export const MAX_CANDIDATE_BYTES = 2 * 1024;
export const MAX_CONTROL_BYTES = 16 * 1024;
export const MAX_CHAT_CHARS = 4000;
export const MAX_NAME_CHARS = 120;
export const MAX_REASON_CHARS = 500;
export const MAX_NOTE_CHARS = 500;
export const MAX_TRIAGE_NOTE_CHARS = 4000;
export const MAX_WAITING_CHAT_BYTES = 24 * 1024;
export const MAX_AWAY_MINUTES = 120;
export const ACK_EVERY_MESSAGES = 16;
