"""Reads an answer before aiortc does, and refuses what it can't be trusted with.

aiortc meets a missing fingerprint with an assertion in a background task and hangs, takes G.711 when offered, and with
a shared transport reads candidates from the last section only, where browsers put them in the first. So: exactly the
sections we offered, one certificate, a DTLS role, Opus and VP8 and nothing else, no audio level (RFC 6464) and no keys
in the SDP, and every candidate in every section.
"""

import re
from dataclasses import dataclass
from typing import Final

MAX_CANDIDATES: Final = 64
SECTIONS: Final = ("audio", "video", "application")
SECTIONS_WITH_SCREEN: Final = ("audio", "video", "video", "application")
"""The second video section is a shared screen's."""
_CODECS: Final = {"audio": frozenset({"opus"}), "video": frozenset({"vp8", "rtx"})}
_FINGERPRINT: Final = re.compile(r"a=fingerprint:sha-(256|384|512) ([0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})*)")
_RTPMAP: Final = re.compile(r"a=rtpmap:(\d+) ([^/]+)/")
_PROTOCOLS: Final = {
    "audio": frozenset({"UDP/TLS/RTP/SAVPF"}),
    "video": frozenset({"UDP/TLS/RTP/SAVPF"}),
    "application": frozenset({"UDP/DTLS/SCTP", "TCP/DTLS/SCTP", "DTLS/SCTP"}),
}
_AUDIO_LEVELS: Final = ("ssrc-audio-level", "csrc-audio-level")
MAX_LINES: Final = 1000
_CANDIDATE: Final = "a=candidate:"


class AnswerError(ValueError):
    """The answer is refused; ``reason`` names the rule and quotes nothing."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    """An answer fit to be applied: ``sdp`` with its candidates spread, and those with mDNS names taken out."""

    sdp: str
    hidden_candidates: tuple[str, ...] = ()
    """``candidate:…`` lines whose address is a .local name; resolving one can take a second, so they come later."""


def check(answer: str, offered_mids: tuple[str, ...]) -> CheckedAnswer:
    """Return ``answer`` ready to be applied.

    Args:
        answer: SDP as it came from the other party.
        offered_mids: The ``a=mid`` values of our offer, in order.

    Raises:
        AnswerError: It breaks a rule of this module.
    """
    lines = answer.replace("\r\n", "\n").rstrip("\n").split("\n")
    if len(lines) > MAX_LINES:
        raise AnswerError("too long")
    starts = [index for index, line in enumerate(lines) if line.startswith("m=")]
    if not starts:
        raise AnswerError("no sections")
    session = lines[: starts[0]]
    sections = [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
    _check_sections(sections, offered_mids)
    _check_bundle(session, offered_mids)
    _check_security(session, sections)
    candidates = list(dict.fromkeys(line for line in lines if line.startswith(_CANDIDATE)))
    if len(candidates) > MAX_CANDIDATES:
        raise AnswerError("too many candidates")
    hidden = [line for line in candidates if is_hidden(line)]
    shown = [line for line in candidates if line not in hidden]
    out = list(session)
    for section in sections:
        # No end-of-candidates: candidates with .local names, and trickled ones, still follow.
        out += [line for line in section if not line.startswith((_CANDIDATE, "a=end-of-candidates"))]
        out += shown
    return CheckedAnswer("\r\n".join(out) + "\r\n", tuple(line.removeprefix("a=") for line in hidden))


def is_hidden(candidate: str) -> bool:
    """Whether the candidate's address is an mDNS name (draft-ietf-mmusic-mdns-ice-candidates)."""
    fields = candidate.split()
    return len(fields) > 4 and fields[4].endswith(".local")  # noqa: PLR2004 - RFC 8839: foundation … priority address


def _check_sections(sections: list[list[str]], offered_mids: tuple[str, ...]) -> None:
    kinds = tuple(section[0].removeprefix("m=").split(" ", 1)[0] for section in sections)
    if kinds != (SECTIONS_WITH_SCREEN if len(offered_mids) == len(SECTIONS_WITH_SCREEN) else SECTIONS):
        raise AnswerError("sections differ from the offer")
    for kind, section, mid in zip(kinds, sections, offered_mids, strict=True):
        fields = section[0].split(" ")
        if len(fields) < 4 or fields[1] == "0":  # noqa: PLR2004 - m=kind port protocol format
            raise AnswerError("a section is rejected")
        if f"a=mid:{mid}" not in section:
            raise AnswerError("mid differs from the offer")
        if fields[2] not in _PROTOCOLS[kind]:
            raise AnswerError("protocol that was not offered")
        if any(level in line for line in section if line.startswith("a=extmap:") for level in _AUDIO_LEVELS):
            raise AnswerError("audio level")
        if kind in _CODECS:
            names = {found[1]: found[2].lower() for line in section if (found := _RTPMAP.match(line))}
            # A number without a name means something as well: 0 is G.711 (RFC 3551 section 6).
            if not names or set(fields[3:]) != names.keys() or not set(names.values()) <= _CODECS[kind]:
                raise AnswerError("codec that was not offered")
            if "a=rtcp-mux" not in section:
                raise AnswerError("no rtcp-mux")


def _check_bundle(session: list[str], offered_mids: tuple[str, ...]) -> None:
    if f"a=group:BUNDLE {' '.join(offered_mids)}" not in session:
        raise AnswerError("not one bundle")


def _check_security(session: list[str], sections: list[list[str]]) -> None:
    found: set[frozenset[str]] = set()
    for section in sections:
        lines = [*session, *section]
        prints = [line for line in lines if line.startswith("a=fingerprint:")]
        matches = [match for line in prints if (match := _FINGERPRINT.fullmatch(line))]
        sound = all(len(match[2]) == int(match[1]) // 8 * 3 - 1 for match in matches)
        values = frozenset(f"{match[1]} {match[2].upper()}" for match in matches)
        if len(matches) != len(prints) or not sound or sum(value.startswith("256 ") for value in values) != 1:
            raise AnswerError("not one sha-256 fingerprint")
        found.add(values)
        roles = {line for line in lines if line.startswith("a=setup:")}
        if roles not in ({"a=setup:active"}, {"a=setup:passive"}):
            raise AnswerError("no DTLS role")
        if not any(line.startswith("a=ice-ufrag:") for line in lines):
            raise AnswerError("no ICE credentials")
        if not any(line.startswith("a=ice-pwd:") for line in lines):
            raise AnswerError("no ICE credentials")
        if any(line.startswith("a=crypto:") for line in lines):
            raise AnswerError("keys in the SDP")
    if len(found) != 1:
        raise AnswerError("sections differ in their fingerprints")
