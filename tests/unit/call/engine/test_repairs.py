"""Each repair of aiortc does what it was made for, next to what aiortc itself does."""

import numpy as np
import pytest
from aiortc import RTCPeerConnection
from aiortc.codecs import HEADER_EXTENSIONS, get_decoder
from aiortc.jitterbuffer import JitterBuffer
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.rtp import RtpPacket, compute_audio_level_dbov
from av import AudioFrame
from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.call.engine import internals
from carena_desktop.call.engine.repairs import audio_jitter, audio_level, decoder_threads, marker_release
from carena_desktop.call.engine.repairs.audio_jitter import AudioJitterBuffer
from carena_desktop.call.engine.repairs.marker_release import MarkerJitterBuffer

STOCK_LEVEL = compute_audio_level_dbov


def packet(sequence: int, timestamp: int, *, marker: bool = False) -> RtpPacket:
    """A packet as the receiver hands it to its jitter buffer."""
    made = RtpPacket(payload_type=96, sequence_number=sequence % 65536, timestamp=timestamp)
    made.marker = int(marker)
    made._data = sequence.to_bytes(4, "big")
    return made


def sound(sequence: int) -> RtpPacket:
    """20 ms of sound."""
    return packet(sequence, sequence * 960)


def numbers(frames: list[bytes]) -> list[int]:
    """Which packets came out."""
    return [int.from_bytes(frame, "big") for frame in frames]


def through(buffer: JitterBuffer | AudioJitterBuffer, packets: list[RtpPacket]) -> list[bytes]:
    """Everything that comes out for what goes in."""
    frames = [buffer.add(one)[1] for one in packets]
    return [frame.data for frame in frames if frame is not None]


def test_a_video_frame_is_released_with_its_marker() -> None:
    """Three packets, the last marked: the frame is there; aiortc's own waits for the next frame."""
    packets = [packet(0, 10), packet(1, 10), packet(2, 10, marker=True)]
    assert numbers(through(JitterBuffer(512, is_video=True), packets)) == []
    (frame,) = through(MarkerJitterBuffer(), packets)
    assert frame == b"".join(one._data for one in packets)


def test_a_video_frame_waits_for_its_missing_packet() -> None:
    """Marker first, middle last: nothing is given out before the hole is filled, then everything in order."""
    buffer = MarkerJitterBuffer()
    assert through(buffer, [packet(0, 10), packet(2, 10, marker=True), packet(3, 20, marker=True)]) == []
    assert len(through(buffer, [packet(1, 10)])) == 1
    assert numbers(through(buffer, [packet(4, 30, marker=True)])) == [3]


def test_a_sender_without_markers_is_served_as_before() -> None:
    """The next frame's first packet completes this one."""
    assert numbers(through(MarkerJitterBuffer(), [packet(0, 10), packet(1, 20), packet(2, 30)])) == [0, 1]


def test_one_lost_sound_packet_costs_one_frame() -> None:
    """Of 1000 packets one is lost: 996 come out and three wait their turn; aiortc's own loses more and stays late."""
    lossy = [sound(n) for n in range(1000) if n != 500]
    ours = numbers(through(AudioJitterBuffer(), lossy))
    assert ours == [n for n in range(997) if n != 500]
    stock = numbers(through(JitterBuffer(16, prefetch=4), lossy))
    assert len(stock) < len(ours) - 5


@pytest.mark.parametrize("loss", [3, 6, 10])
def test_loss_costs_what_was_lost(loss: int) -> None:
    """At 3, 6 and 10 % loss every packet that arrived is given out, but for those still waiting."""
    kept = [n for n in range(2000) if (n * 7919) % 100 >= loss]
    assert numbers(through(AudioJitterBuffer(), [sound(n) for n in kept])) == kept[: -audio_jitter.DEPTH + 1]


@given(st.permutations(range(40)), st.integers(65_500, 65_535))
def test_sound_comes_out_in_order(order: list[int], start: int) -> None:
    """Whatever order packets of a window of three arrive in, numbers that wrap included, frames come out rising."""
    shuffled = sorted(range(40), key=lambda n: n // 3 * 3 + order[n] / 100)
    given_out = numbers(through(AudioJitterBuffer(), [sound(start + n) for n in shuffled]))
    assert given_out == sorted(given_out)


def test_a_sender_that_starts_anew_is_followed() -> None:
    """After a jump of the sequence numbers the new ones are played."""
    buffer = AudioJitterBuffer()
    through(buffer, [sound(n) for n in range(10)])
    assert numbers(through(buffer, [sound(n) for n in range(30_000, 30_010)])) == list(range(30_000, 30_007))


@given(st.integers(1, 32767))
def test_the_audio_level_is_aiortcs(amplitude: int) -> None:
    """Numpy's level is the slow one's, for tones and for silence."""
    tone = amplitude * np.sin(np.arange(960) * 0.1)
    for samples in (tone, tone * 0):
        frame = AudioFrame.from_ndarray(samples.astype(np.int16).reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = 48_000
        assert abs(audio_level.level_dbov(frame) - STOCK_LEVEL(frame)) <= 1


def test_video_is_decoded_on_one_thread() -> None:
    """After the repair a decoder made by aiortc has one thread."""
    decoder_threads.install()
    codec = RTCRtpCodecParameters(mimeType="video/VP8", clockRate=90_000, payloadType=97)
    assert get_decoder(codec).codec.thread_count == 1  # type: ignore[attr-defined]  # what the repair sets


def test_aiortc_is_as_expected() -> None:
    """The installed versions have every part that is relied on."""
    internals.check()


def test_a_changed_aiortc_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that is gone, or another version, keeps the engine from starting."""
    monkeypatch.delattr(JitterBuffer, "_remove_frame")
    with pytest.raises(internals.InternalsError, match="_remove_frame"):
        internals.check()
    monkeypatch.undo()
    monkeypatch.setattr("importlib.metadata.version", lambda _name: "1.17.0")
    with pytest.raises(internals.InternalsError, match=r"1\.17"):
        internals.check()


async def test_buffers_are_put_where_aiortc_looks() -> None:
    """The installed buffers are the ones that the receivers use."""
    connection = RTCPeerConnection()
    audio, video = (connection.addTransceiver(kind).receiver for kind in ("audio", "video"))
    audio_jitter.install(audio)
    marker_release.install(video)
    assert isinstance(vars(audio)["_RTCRtpReceiver__jitter_buffer"], AudioJitterBuffer)
    assert isinstance(vars(video)["_RTCRtpReceiver__jitter_buffer"], MarkerJitterBuffer)
    await connection.close()


def test_the_audio_level_is_offered_to_nobody() -> None:
    """The header extension that shows who speaks is gone from what is offered."""
    internals.restrict_media()
    assert internals.AUDIO_LEVEL_URI not in [extension.uri for extension in HEADER_EXTENSIONS["audio"]]
