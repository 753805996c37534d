"""Answers are read before aiortc reads them: what browsers send passes, what they never send does not."""

import pytest

from carena_desktop.call.engine.answer_check import AnswerError, check, is_hidden

PRINT = ":".join(["AB"] * 32)
MIDS = ("0", "1", "2")


def section(kind: str, mid: str, *more: str, codec: str = "", port: str = "9") -> list[str]:
    """One m-section as Chromium writes it."""
    how = "UDP/DTLS/SCTP webrtc-datachannel" if kind == "application" else "UDP/TLS/RTP/SAVPF 96"
    lines = [f"m={kind} {port} {how}", f"a=mid:{mid}", "a=ice-ufrag:abcd", "a=ice-pwd:" + "p" * 24]
    lines += [f"a=fingerprint:sha-256 {PRINT}", "a=setup:active", *more]
    if codec:
        lines += [f"a=rtpmap:96 {codec}", "a=rtcp-mux"]
    return lines


def answer(*, audio: list[str] | None = None, bundle: str = "a=group:BUNDLE 0 1 2") -> list[str]:
    """A whole answer."""
    head = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", bundle]
    sound = (
        audio
        if audio is not None
        else section("audio", "0", "a=candidate:1 1 udp 1 10.0.0.1 5 typ host", codec="opus/48000/2")
    )
    return [*head, *sound, *section("video", "1", codec="VP8/90000"), *section("application", "2")]


def text(lines: list[str]) -> str:
    """As it travels."""
    return "\r\n".join(lines) + "\r\n"


def test_candidates_are_spread_over_all_sections() -> None:
    """With one transport aiortc reads the last section only, browsers fill the first: every section gets them."""
    checked = check(text(answer()), MIDS)
    assert checked.sdp.count("a=candidate:1 1 udp 1 10.0.0.1 5 typ host") == 3
    assert checked.hidden_candidates == ()
    assert checked.sdp.endswith("\r\n")


def test_hidden_addresses_come_later() -> None:
    """MDNS names are taken out, as resolving one blocks aiortc for a second; and nothing says that this was all."""
    audio = section(
        "audio",
        "0",
        "a=candidate:1 1 udp 1 0f0e.local 5 typ host",
        "a=candidate:2 1 udp 1 10.0.0.1 5 typ host",
        "a=end-of-candidates",
        codec="opus/48000/2",
    )
    checked = check(text(answer(audio=audio)), MIDS)
    assert checked.hidden_candidates == ("candidate:1 1 udp 1 0f0e.local 5 typ host",)
    assert ".local" not in checked.sdp
    assert "end-of-candidates" not in checked.sdp
    assert is_hidden("candidate:1 1 udp 1 x.local 5 typ host")
    assert not is_hidden("candidate:1 1 udp 1 10.0.0.1 5 typ host")


def test_fingerprint_of_the_session_counts() -> None:
    """Firefox writes it once, above the sections."""
    lines = [line for line in answer() if not line.startswith("a=fingerprint")]
    lines.insert(4, f"a=fingerprint:sha-256 {PRINT}")
    assert check(text(lines), MIDS).sdp


def with_screen(mid: str = "3", codec: str = "VP8/90000", order: tuple[str, ...] = ("0", "1", "3", "2")) -> str:
    """The answer to an offer with a section for a shared screen."""
    lines = answer(bundle="a=group:BUNDLE " + " ".join(order))
    at = lines.index("m=application 9 UDP/DTLS/SCTP webrtc-datachannel")
    return text([*lines[:at], *section("video", mid, codec=codec), *lines[at:]])


def test_a_shared_screen_has_a_section_of_its_own() -> None:
    """Offered with it, the answer has to have it, with the same codec and in its place; offered without, it may not."""
    offered = ("0", "1", "3", "2")
    assert check(with_screen(), offered).sdp.count("m=video") == 2
    for wrong in (text(answer()), with_screen(mid="1"), with_screen(codec="H264/90000"), with_screen(order=MIDS)):
        with pytest.raises(AnswerError):
            check(wrong, offered)
    with pytest.raises(AnswerError, match="sections differ"):
        check(with_screen(), MIDS)


def without(start: str) -> list[str]:
    """The answer without the lines that begin so."""
    return [line for line in answer() if not line.startswith(start)]


def replaced(old: str, new: str) -> list[str]:
    """The answer with the first such text replaced."""
    return text(answer()).replace(old, new, 1).removesuffix("\r\n").split("\r\n")


BAD = {
    "empty": [""],
    "no sections": ["v=0"],
    "no fingerprint": without("a=fingerprint"),
    "fingerprint of one section differs": replaced(PRINT, ":".join(["AC"] * 32)),
    "short fingerprint": replaced(PRINT, "AB:CD"),
    "sha-1": replaced("sha-256", "sha-1"),
    "no role": without("a=setup"),
    "two roles": [*answer(), "a=setup:passive"],
    "role undecided": replaced("a=setup:active", "a=setup:actpass"),
    "no ICE password": without("a=ice-pwd"),
    "no ICE user": without("a=ice-ufrag"),
    "no rtcp-mux": without("a=rtcp-mux"),
    "keys in SDP": [*answer(), "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x"],
    "no bundle": without("a=group"),
    "half a bundle": answer(bundle="a=group:BUNDLE 0 1"),
    "mid differs": replaced("a=mid:1", "a=mid:7"),
    "G.711": replaced("opus/48000/2", "PCMU/8000"),
    "G.711 by its number": replaced("UDP/TLS/RTP/SAVPF 96", "UDP/TLS/RTP/SAVPF 96 0"),
    "audio level": answer(
        audio=section("audio", "0", "a=extmap:2 urn:ietf:params:rtp-hdrext:ssrc-audio-level", codec="opus/48000/2")
    ),
    "without encryption": replaced("UDP/TLS/RTP/SAVPF", "RTP/AVP"),
    "without feedback": replaced("UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP"),
    "thousands of lines": [*answer(), *["a=x"] * 2000],
    "H.264": replaced("VP8/90000", "H264/90000"),
    "section missing": text(answer()).split("\r\nm=application")[0].split("\r\n"),
    "section more": [*answer(), *section("video", "3", codec="VP8/90000")],
    "order differs": replaced("m=audio", "m=video"),
    "rejected": answer(audio=section("audio", "0", codec="opus/48000/2", port="0")),
    "flood of candidates": [*answer(), *(f"a=candidate:{i} 1 udp 1 10.0.0.1 {i} typ host" for i in range(100))],
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_is_refused(name: str) -> None:
    """Each of these ends the leg before aiortc sees it; the reason quotes nothing of it."""
    with pytest.raises(AnswerError) as refused:
        check(text(BAD[name]), MIDS)
    assert PRINT not in str(refused.value)
