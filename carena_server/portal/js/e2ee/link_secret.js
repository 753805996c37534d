/** The part of a visit link that the server never sees; see carena_protocol/e2ee/link_secret.py. */
import { parts, sha256, unb64, utf8 } from "./bytes.js";

export const SECRET_BYTES = 16;
export const HINT_BYTES = 9;

/** What names a secret without giving it away. @param {Uint8Array} secret */
export const hintOf = async (secret) => (await sha256(parts(utf8("carena/link-hint/v1"), secret))).slice(0, HINT_BYTES);

/** The server's part of a fragment, and ours or null. @param {string} fragment @returns {{server: string, ours: Uint8Array<ArrayBuffer> | null}} */
export const split = (fragment) => {
  const dot = fragment.indexOf(".");
  const [server, ours] = dot < 0 ? [fragment, ""] : [fragment.slice(0, dot), fragment.slice(dot + 1)];
  if (!/^[A-Za-z0-9_-]{22}$/.test(ours)) return { server, ours: null };
  try {
    return { server, ours: unb64(`${ours.replaceAll("-", "+").replaceAll("_", "/")}==`, SECRET_BYTES) };
  } catch {
    return { server, ours: null };
  }
};
