/** A strict look at the desktop's offer before it is applied. Pure; it changes nothing in the SDP. */

const CODECS = { audio: new Set(["opus"]), video: new Set(["vp8", "rtx"]) };

/**
 * What is wrong with an offer, or null: exactly one audio, one video and one data section, every fingerprint SHA-256 and
 * the same one, DTLS-SRTP only, Opus and VP8 only (RFC 8829, RFC 8122).
 * @param {string} sdp @returns {string | null}
 */
export const offerProblem = (sdp) => {
  const sections = sdp.split(/\r?\n(?=m=)/);
  const media = sections.slice(1);
  const kinds = media.map((section) => /^m=(\w+) /.exec(section)?.[1] ?? "");
  if ([...kinds].sort().join() !== "application,audio,video") return "media_lines";
  const fingerprints = new Set([...sdp.matchAll(/^a=fingerprint:(\S+) (\S+)\s*$/gm)].map((match) => `${match[1]?.toLowerCase()} ${match[2]?.toUpperCase()}`));
  const strong = [...fingerprints].filter((fingerprint) => fingerprint.startsWith("sha-256 "));
  if (strong.length !== 1) return "fingerprint";
  if (/^a=crypto:/m.test(sdp)) return "sdes";
  for (const [index, section] of media.entries()) {
    const kind = kinds[index];
    if (kind !== "audio" && kind !== "video") continue;
    if (!/^m=\w+ \d+ (UDP\/TLS\/RTP\/SAVPF?) /.test(section)) return "profile";
    const names = [...section.matchAll(/^a=rtpmap:\d+ ([^/\s]+)/gm)].map((match) => String(match[1]).toLowerCase());
    if (names.length === 0 || names.some((name) => !CODECS[kind].has(name))) return "codec";
  }
  return null;
};
