"""Each repair of aiortc does what it was made for, next to what aiortc itself does."""

import asyncio
import queue
import threading
from collections.abc import AsyncIterator

import aioice.ice
import pytest
from aiortc import RTCPeerConnection, RTCRtpReceiver, RTCRtpSender
from aiortc.codecs import HEADER_EXTENSIONS, get_decoder
from aiortc.jitterbuffer import JitterBuffer, JitterFrame
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.rtp import RtpPacket
from av.error import InvalidDataError
from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.call.engine import internals
from carena_desktop.call.engine.repairs import audio_jitter, decoding, liveliness, retransmission
from carena_desktop.call.engine.repairs.audio_jitter import AudioJitterBuffer
from carena_desktop.call.engine.repairs.retransmission import Retransmitter
from carena_desktop.call.engine.repairs.video_reception import MAX_WAITING_FRAMES, VideoReception
from tests.fakes.clock import FakeClock


def packet(sequence: int, timestamp: int, *, marker: bool = False) -> RtpPacket:
    """A packet as the receiver hands it to its jitter buffer."""
    made = RtpPacket(payload_type=96, sequence_number=sequence % 65536, timestamp=timestamp)
    made.marker = int(marker)
    made._data = sequence.to_bytes(4, "big")  # type: ignore[attr-defined]  # set as the receiver does
    return made


def sound(sequence: int) -> RtpPacket:
    """20 ms of sound."""
    return packet(sequence, sequence * 960)


def numbers(frames: list[bytes]) -> list[int]:
    """Which packets came out."""
    return [int.from_bytes(frame, "big") for frame in frames]


def through(buffer: JitterBuffer, packets: list[RtpPacket]) -> list[bytes]:
    """Everything that comes out of aiortc's buffer for what goes in."""
    frames = [buffer.add(one)[1] for one in packets]
    return [frame.data for frame in frames if frame is not None]


class Heard:
    """Our buffer, and everything that came out of it in order."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self._buffer = AudioJitterBuffer(lambda packet: self._note(audio_jitter.frame_of(packet).data))

    def take(self, *packets: RtpPacket) -> list[int]:
        """Put packets in; return all that has come out so far."""
        for one in packets:
            _, frame = self._buffer.add(one)
            if frame is not None:
                self._note(frame.data)
        return self.numbers

    def _note(self, data: bytes) -> None:
        self.numbers += numbers([data])


def test_sound_waits_for_nothing() -> None:
    """Packets that come in order come out at once, each with its own call."""
    heard = Heard()
    for number in range(65_500, 65_600):
        assert heard.take(sound(number))[-1] == number


def test_one_lost_sound_packet_costs_one_frame() -> None:
    """Of 1000 packets one is lost: 999 come out; aiortc's own loses more and stays late."""
    lossy = [sound(n) for n in range(1000) if n != 500]
    ours = Heard().take(*lossy)
    assert ours == [n for n in range(1000) if n != 500]
    assert len(through(JitterBuffer(16, prefetch=4), lossy)) < len(ours) - 5


def test_a_hole_is_waited_for_shortly() -> None:
    """Behind a hole sound waits for one more packet, then goes on without what is missing."""
    heard = Heard()
    heard.take(*(sound(n) for n in (0, 1)))
    assert heard.take(sound(3)) == [0, 1]
    assert heard.take(sound(4)) == [0, 1, 3, 4]


def test_swapped_packets_are_put_in_order() -> None:
    """A packet that comes one too late is played in its place."""
    assert Heard().take(*(sound(n) for n in (0, 1, 3, 2, 4))) == [0, 1, 2, 3, 4]


def test_a_path_that_swaps_is_given_time() -> None:
    """Where packets come up to four too late, the first of them are lost and later ones are not."""
    order = [n for start in range(0, 200, 5) for n in (start + 1, start + 2, start + 3, start + 4, start)]
    heard = Heard().take(*(sound(n) for n in order))
    assert heard == sorted(heard)
    assert set(range(20, 195)) <= set(heard)


def test_patience_ends_with_its_reason() -> None:
    """When no packet has come late for long, holes are waited for as shortly as before."""
    heard = Heard()
    heard.take(*(sound(n) for n in (0, 2, 3, 1)))
    assert heard.take(sound(5), sound(6))[-1] == 3
    heard.take(*(sound(n) for n in range(7, audio_jitter.REMEMBERED_PACKETS + 20)))
    last = audio_jitter.REMEMBERED_PACKETS + 22
    assert heard.take(sound(last - 1), sound(last))[-1] == last


@pytest.mark.parametrize("loss", [3, 6, 10])
def test_loss_costs_what_was_lost(loss: int) -> None:
    """At 3, 6 and 10 % loss every packet that arrived is given out, but for those still waiting behind a hole."""
    kept = [n for n in range(2000) if (n * 7919) % 100 >= loss]
    heard = Heard().take(*(sound(n) for n in kept))
    assert heard == kept[: len(heard)]
    assert len(heard) >= len(kept) - audio_jitter.PATIENCE + 1


@given(st.permutations(range(40)), st.integers(65_500, 65_535))
def test_sound_comes_out_in_order(order: list[int], start: int) -> None:
    """Whatever order packets of a window of three arrive in, numbers that wrap included, frames come out rising."""
    shuffled = sorted(range(40), key=lambda n: n // 3 * 3 + order[n] / 100)
    given_out = Heard().take(*(sound(start + n) for n in shuffled))
    assert given_out == sorted(given_out)


def test_a_sender_that_starts_anew_is_followed() -> None:
    """After a jump of the sequence numbers the new ones are played."""
    heard = Heard()
    heard.take(*(sound(n) for n in range(10)))
    assert heard.take(*(sound(n) for n in range(30_000, 30_010)))[10:] == list(range(30_000, 30_010))


def test_video_is_decoded_on_one_thread() -> None:
    """After the repair a decoder made by aiortc has one thread."""
    decoding.install()
    codec = RTCRtpCodecParameters(mimeType="video/VP8", clockRate=90_000, payloadType=97)
    assert get_decoder(codec).codec.thread_count == 1  # type: ignore[attr-defined]  # what the repair sets


OPUS = RTCRtpCodecParameters(mimeType="audio/opus", clockRate=48_000, channels=2, payloadType=111)


class EveryOther:
    """A decoder that fails for each frame of an odd time, and gives two pictures for every other."""

    def decode(self, frame: JitterFrame) -> list[tuple[int, int]]:
        """Decode."""
        if frame.timestamp % 2:
            raise InvalidDataError(1, "not a picture")
        return [(frame.timestamp, number) for number in range(2)]


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> "queue.Queue[object]":
    """Four frames on their way to that decoder, and the end."""
    monkeypatch.setattr(decoding, "get_decoder", lambda _codec: EveryOther())
    waiting: queue.Queue[object] = queue.Queue()
    for timestamp in range(4):
        waiting.put((OPUS, JitterFrame(b"", timestamp)))
    waiting.put(None)
    return waiting


async def test_what_was_decoded_comes_in_order_and_then_the_end(encoded: "queue.Queue[object]") -> None:
    """A frame that can't be decoded is left out and reported; those behind it come, and None when there are no more."""
    decoded: asyncio.Queue[object] = asyncio.Queue()
    failed = threading.Event()
    await asyncio.to_thread(decoding.work, asyncio.get_running_loop(), encoded, decoded, failed)
    assert [decoded.get_nowait() for _ in range(decoded.qsize())] == [(0, 0), (0, 1), (2, 0), (2, 1), None]
    assert failed.is_set()


def test_a_loop_that_has_ended_ends_the_decoding(encoded: "queue.Queue[object]") -> None:
    """The thread ends without a word when nobody waits for its frames any more."""
    loop = asyncio.new_event_loop()
    loop.close()
    decoding.work(loop, encoded, asyncio.Queue(), threading.Event())
    assert encoded.qsize() == 4


def test_aiortc_is_as_expected() -> None:
    """The installed versions have every part that is relied on."""
    internals.check()


def test_a_changed_aiortc_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that is gone, or another version, keeps the engine from starting."""
    monkeypatch.delattr(RTCRtpSender, "_retransmit")
    with pytest.raises(internals.InternalsError, match="_retransmit"):
        internals.check()
    monkeypatch.undo()
    monkeypatch.setattr("importlib.metadata.version", lambda _name: "1.17.0")
    with pytest.raises(internals.InternalsError, match=r"1\.17"):
        internals.check()


@pytest.fixture
async def media() -> AsyncIterator[tuple[RTCRtpReceiver, RTCRtpReceiver, RTCRtpSender]]:
    """An audio receiver, a video receiver and a video sender of a connection."""
    connection = RTCPeerConnection()
    audio, video = (connection.addTransceiver(kind) for kind in ("audio", "video"))
    yield audio.receiver, video.receiver, video.sender
    await connection.close()


Media = tuple[RTCRtpReceiver, RTCRtpReceiver, RTCRtpSender]


async def test_the_sound_buffer_is_put_where_aiortc_looks(media: Media) -> None:
    """The installed buffer is the one that the receiver uses."""
    audio_jitter.install(media[0])
    assert isinstance(vars(media[0])["_RTCRtpReceiver__jitter_buffer"], AudioJitterBuffer)


def vp8(sequence: int, *, key: bool = False, marker: bool = True) -> RtpPacket:
    """A packet with a VP8 frame, as the receiver hands it on."""
    made = packet(sequence, sequence * 3000, marker=marker)
    made.payload = b"\x10" + (b"\x00" if key else b"\x01")
    made._data = made.payload[1:]  # type: ignore[attr-defined]  # set as the receiver does
    return made


class Decoder:
    """Stands for the receiver's decoder thread: remembers what it would decode."""

    def __init__(self, receiver: RTCRtpReceiver) -> None:
        self.receiver = receiver
        self.queue = vars(receiver)["_RTCRtpReceiver__decoder_queue"]
        vars(receiver)["_RTCRtpReceiver__codecs"][96] = RTCRtpCodecParameters(
            mimeType="video/VP8", clockRate=90_000, payloadType=96
        )
        vars(receiver)["_RTCRtpReceiver__decoder_thread"] = self

    def receive(self, made: RtpPacket) -> int | None:
        """Give a packet to the jitter buffer; return the timestamp of the frame it returned."""
        _, frame = vars(self.receiver)["_RTCRtpReceiver__jitter_buffer"].add(made)
        return None if frame is None else frame.timestamp

    def join(self) -> None:
        """The receiver ends its thread."""


async def test_video_behind_a_hole_reaches_the_decoder_at_once(media: Media) -> None:
    """When the late packet comes every waiting frame goes to the decoder, the last by aiortc's own hand."""
    decoder = Decoder(media[1])
    VideoReception(media[1], FakeClock())
    assert decoder.receive(vp8(1, key=True)) == 3000
    assert [decoder.receive(vp8(n)) for n in (3, 4, 5)] == [None] * 3
    assert decoder.receive(vp8(2)) == 15_000
    assert [decoder.queue.get_nowait()[1].timestamp for _ in range(3)] == [0, 3000, 6000]


async def test_lost_video_is_asked_for(media: Media) -> None:
    """The receiver sends a NACK for exactly what is missing, once."""
    Decoder(media[1])
    VideoReception(media[1], FakeClock())
    nacks = vars(media[1])["_RTCRtpReceiver__nack_generator"]
    assert [nacks.add(vp8(n)) for n in (1, 2, 5)] == [False, False, True]
    assert sorted(nacks.missing) == [3, 4]
    assert not nacks.add(vp8(6))


async def test_a_decoder_that_is_behind_skips_to_the_next_key_frame(media: Media) -> None:
    """Half a second waiting is dropped instead of being shown late, and the stream goes on with a key frame."""
    decoder, reception = Decoder(media[1]), VideoReception(media[1], FakeClock())
    decoder.receive(vp8(1, key=True))
    for _ in range(MAX_WAITING_FRAMES + 1):
        decoder.queue.put(("codec", "frame"))
    assert decoder.receive(vp8(2)) is None
    assert decoder.queue.empty()
    assert reception.dropped == MAX_WAITING_FRAMES + 2
    assert decoder.receive(vp8(3)) is None
    assert decoder.receive(vp8(4, key=True)) is not None


def test_consent_is_asked_for_often_and_expires_as_late_as_before() -> None:
    """A check each second, and about thirty seconds of silence before a connection is given up."""
    liveliness.install()
    assert vars(aioice.ice)["CONSENT_INTERVAL"] == 1
    assert 25 <= vars(aioice.ice)["CONSENT_FAILURES"] * 1.5 <= 40
    assert "CONSENT_INTERVAL" in aioice.ice.Connection.query_consent.__code__.co_names


async def test_repetitions_stay_within_a_quarter(media: Media) -> None:
    """A link that loses everything is not flooded: after the first burst a quarter of what was sent is repeated."""
    sender, clock, sent = media[2], FakeClock(), []

    async def repeat(sequence_number: int) -> None:
        sent.append(sequence_number)

    sender._retransmit = repeat  # type: ignore[method-assign]  # notes what would be repeated
    retransmitter = Retransmitter(sender, clock)
    for number in range(4000):
        vars(sender)["_RTCRtpSender__packet_count"] = number
        clock.advance(0.01)
        await sender._retransmit(number)
    assert len(sent) <= retransmission.BURST + 4000 * retransmission.SHARE
    assert len(sent) > 900
    assert retransmitter.refused == 4000 - len(sent)


async def test_a_packet_is_not_repeated_twice_at_once(media: Media) -> None:
    """Two requests for one packet within a moment are one repetition; later it is repeated again."""
    sender, clock, sent = media[2], FakeClock(), []

    async def repeat(sequence_number: int) -> None:
        sent.append(sequence_number)

    sender._retransmit = repeat  # type: ignore[method-assign]  # notes what would be repeated
    Retransmitter(sender, clock)
    for pause in (0, 0.01, 0.05):
        clock.advance(pause)
        await sender._retransmit(7)
    assert sent == [7, 7]


def test_the_audio_level_is_offered_to_nobody() -> None:
    """The header extension that shows who speaks is gone from what is offered."""
    internals.restrict_media()
    assert internals.AUDIO_LEVEL_URI not in [extension.uri for extension in HEADER_EXTENSIONS["audio"]]
