"""A relay that records learns when and how much, and nothing else: no word, no loudness, no picture."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from demo.browser import browser, patient
from demo.clinic import Site, clinic
from demo.desktop import desktop
from demo.relay import free_port, relay
from tests.adversary.recording_relay import OPUS, VIDEO, RtpPacket, parse_rtp, recording, relayed
from tests.e2e.scene import GENERATED, begin_visit, eventually

pytestmark = [pytest.mark.e2e, pytest.mark.gui, pytest.mark.adversary, pytest.mark.timeout(180)]

AUDIO_LEVEL = 2
"""The id that aiortc gives the level where it offers it."""
SRTP_TAG = 16


@pytest.fixture
def chromium() -> Iterator[Browser]:
    """Return a browser with a generated camera and microphone; the microphone speaks and pauses."""
    with browser() as launched:
        yield launched


def entropy(data: bytes) -> float:
    """Bits per byte, 8 at most."""
    counts = Counter(data)
    return -sum(n / len(data) * math.log2(n / len(data)) for n in counts.values())


def voices(packets: list[RtpPacket]) -> dict[int, list[RtpPacket]]:
    """Opus packets by who sent them, each once."""
    found: dict[int, dict[int, RtpPacket]] = {}
    for packet in packets:
        if packet.kind == OPUS:
            found.setdefault(packet.ssrc, {})[packet.sequence] = packet
    return {ssrc: list(by_number.values()) for ssrc, by_number in found.items()}


def test_a_relay_that_records_gets_nothing(chromium: Browser, tmp_path: Path) -> None:
    """Both ends talk through it: sound in packets of one size without a level, and bytes that look like noise."""
    question, answer = "canary-question-8a41", "canary-answer-77d0"
    with relay(tmp_path / "relay") as turn:
        real = int(turn.url.partition("127.0.0.1:")[2].partition("?")[0])
        port = free_port()
        before = replace(turn, url=turn.url.replace(str(real), str(port)))
        with (
            recording(real, port) as kept,
            clinic(tmp_path / "clinic", before, Site(relay_only=True)) as place,
            desktop(tmp_path / "desktop", extra_env=GENERATED) as window,
            patient(chromium, place.visit_link()) as person,
        ):
            begin_visit(window, place, person, "Test Patient")
            # A handshake whose packets a busy machine loses is given up after 20 s, and another one made.
            eventually(lambda: window.figures()["remote_frames"] > 60, "pictures", 45)
            assert window.figures()["path"] == "relayed"
            assert window.figures()["relay"] == f"127.0.0.1:{port}"
            assert window.figures()["relay_transport"] == "udp"
            window.type("Message", question)
            window.click("Send")
            person.wait_to_see(question)
            person.say(answer)
            window.wait_to_see(answer)
            eventually(lambda: sum(map(len, voices(kept.rtp()).values())) > 1200, "sound of both", 60)
            packets = kept.rtp()

    assert {packet.kind for packet in packets} <= {OPUS, *VIDEO}
    assert [packet for packet in packets if packet.kind == OPUS and AUDIO_LEVEL in packet.extensions] == []
    everything = kept.everything()
    assert not any(word.encode() in everything for word in (question, answer, "Test Patient", "Test reason"))
    speakers = {ssrc: found for ssrc, found in voices(packets).items() if len(found) > 150}
    assert len(speakers) >= 2, "both were to be heard"
    for found in speakers.values():
        sizes = Counter(len(packet.payload) - SRTP_TAG for packet in found)
        # The frame's counter takes a byte more from its 8th and 256th frame on; what is said changes nothing.
        assert max(sizes) - min(sizes) <= 2, sizes
    sealed = b"".join(packet.payload for packet in packets if packet.kind in VIDEO)
    assert len(sealed) > 100_000
    assert entropy(sealed) > 7.95


def test_the_recorder_reads_what_is_readable() -> None:
    """The instrument works: an audio level and a plain payload would be found in what passes."""
    level = bytes([0x90, OPUS, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0xBE, 0xDE, 0, 1, AUDIO_LEVEL << 4, 127, 0, 0]) + b"plain"
    channel = b"\x40\x00" + len(level).to_bytes(2, "big") + level
    packet = parse_rtp(relayed(channel) or b"")
    assert packet is not None
    assert (packet.kind, packet.extensions, packet.payload) == (OPUS, (AUDIO_LEVEL,), b"plain")
    indication = b"\x00\x16\x00\x0c\x21\x12\xa4\x42" + bytes(12) + b"\x00\x13\x00\x05plain\x00\x00\x00"
    assert relayed(indication) == b"plain"
    assert relayed(b"") is None
    assert parse_rtp(bytes([0x80, 200]) + bytes(20)) is None  # RTCP
    assert entropy(b"the quick brown fox" * 100) < 5
