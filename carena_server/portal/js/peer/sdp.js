/** A strict look at the desktop's offer before it is applied. Pure; it changes nothing in the SDP. */

/** @type {Record<string, Set<string>>} */
const CODECS = { audio: new Set(["opus"]), video: new Set(["vp8", "rtx"]) };
/** With and without the second video section, for a shared screen: desktops made before it have none. */
const KINDS = new Set(["audio,video,video,application", "audio,video,application"]);
const MOST_LINES = 1000;
const MOST_CANDIDATES = 64;

/** @param {string} text @param {RegExp} pattern */
const all = (text, pattern) => [...text.matchAll(pattern)].map((match) => String(match[1]));

/** @param {string} kind @param {string} section @returns {string | null} */
const mediaProblem = (kind, section) => {
  const line = /^m=\w+ \d+ (\S+) ([\d ]+)$/m.exec(section);
  if (line === null || line[1] !== "UDP/TLS/RTP/SAVPF") return "profile";
  const names = new Map([...section.matchAll(/^a=rtpmap:(\d+) ([^/\s]+)/gm)].map((match) => [match[1], String(match[2]).toLowerCase()]));
  // A number without a name means something as well: 0 is G.711 (RFC 3551 section 6).
  const numbers = new Set(String(line[2]).trim().split(" "));
  if (names.size === 0 || numbers.size !== names.size || [...numbers].some((number) => !names.has(number))) return "codec";
  if ([...names.values()].some((name) => !CODECS[kind]?.has(name))) return "codec";
  if (!/^a=rtcp-mux$/m.test(section)) return "rtcp";
  if (kind === "audio") {
    // Otherwise whoever relays the packets could tell from their sizes what is said (RFC 6562; RFC 7587 section 6.1).
    const wanted = new Set(all(section, /^a=fmtp:\d+ (.*)$/gm).flatMap((line) => line.split(";").map((part) => part.trim())));
    if (!wanted.has("cbr=1") || !wanted.has("usedtx=0")) return "bitrate";
  }
  return null;
};

/**
 * What is wrong with an offer, or null: exactly one audio, one or two video and one data section in this order and one bundle, one
 * SHA-256 fingerprint that holds for all of them, DTLS-SRTP only, Opus at a constant bitrate and VP8 only, no audio level, and
 * the desktop's DTLS role (RFC 8829, RFC 8122, RFC 8842).
 * @param {string} offer @returns {string | null}
 */
export const offerProblem = (offer) => {
  const sdp = offer.replaceAll("\r\n", "\n");
  if (sdp.split("\n").length > MOST_LINES) return "length";
  const [session = "", ...media] = sdp.split(/\n(?=m=)/);
  const kinds = media.map((section) => /^m=(\w+) /.exec(section)?.[1] ?? "");
  if (!KINDS.has(kinds.join())) return "media_lines";
  if (media.some((section) => /^m=\w+ 0 /.test(section))) return "media_lines";
  const mids = media.map((section) => all(section, /^a=mid:(\S+)$/gm).join());
  if (!session.split("\n").includes(`a=group:BUNDLE ${mids.join(" ")}`)) return "bundle";
  if (/^a=crypto:/m.test(sdp)) return "sdes";
  if (/^a=extmap:.*[cs]src-audio-level/m.test(sdp)) return "audio_level";
  if (all(sdp, /^(a=candidate:)/gm).length > MOST_CANDIDATES * media.length) return "candidates";
  const strong = new Set();
  for (const [index, section] of media.entries()) {
    const here = `${session}\n${section}`;
    const prints = [...here.matchAll(/^a=fingerprint:(\S+) (\S+)\s*$/gm)].map((match) => `${match[1]?.toLowerCase()} ${match[2]?.toUpperCase()}`);
    // A browser applies the strongest hash that it knows: one beside the signed SHA-256 would be bound to nothing.
    if (new Set(prints).size !== 1) return "fingerprint";
    for (const print of prints) strong.add(print);
    if (new Set(all(here, /^a=setup:(\S*)$/gm)).size !== 1 || !/^a=setup:actpass$/m.test(here)) return "role";
    if (!/^a=ice-ufrag:\S+$/m.test(here) || !/^a=ice-pwd:\S+$/m.test(here)) return "ice";
    const kind = String(kinds[index]);
    const problem = kind === "application" ? (/^m=application \d+ (UDP|TCP)\/DTLS\/SCTP /.test(section) ? null : "profile") : mediaProblem(kind, section);
    if (problem !== null) return problem;
  }
  return strong.size === 1 && /^sha-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}$/.test([...strong].join()) ? null : "fingerprint";
};
