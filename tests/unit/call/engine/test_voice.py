"""Lost sound is made up for from the next packet, or guessed, and never for long."""

import asyncio
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from aiortc import RTCPeerConnection
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from av import AudioFrame
from numpy.typing import NDArray

from carena_desktop.call.engine import libopus
from carena_desktop.call.engine.feeds import AudioTrack
from carena_desktop.call.engine.generator import tone
from carena_desktop.call.engine.libopus import LibopusError, OpusDecoder, OpusEncoder
from carena_desktop.call.engine.planes import samples
from carena_desktop.call.engine.repairs import voice
from carena_desktop.call.engine.repairs.voice import MAX_CONCEALED, TIME_BASE, ConcealingDecoder, VoiceEncoder

HERTZ = 440


def piece(heard_now: NDArray[np.int16], number: int) -> AudioFrame:
    """The 20 ms of this number, as a track gives them."""
    frame = AudioFrame.from_ndarray(heard_now.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = 48_000, number * 960, TIME_BASE
    return frame


def packets(count: int, then: float | None = None) -> list[bytes]:
    """Encoded 20 ms pieces of a tone, and of ``then`` as many again."""
    encoder, out = VoiceEncoder(), []
    for number in range(count if then is None else 2 * count):
        hertz = HERTZ if then is None or number < count else then
        out += encoder.encode(piece(tone(number, hertz), number))[0]
    return out


SOUNDS: dict[str, Callable[[int], NDArray[Any]]] = {
    "silence": lambda _number: np.zeros(960, np.int16),
    "a tone": lambda number: tone(number, HERTZ),
    "noise": lambda number: np.random.default_rng(number).integers(-20_000, 20_000, 960, np.int16),
    "words and pauses": lambda number: tone(number, HERTZ) * (number // 7 % 2),
}


@pytest.mark.parametrize("sound", SOUNDS)
def test_every_packet_has_the_same_size(sound: str) -> None:
    """Whoever relays them learns neither who speaks nor what: silence, speech and noise look alike (RFC 6562)."""
    encoder, sizes = VoiceEncoder(), set()
    for number in range(200):
        samples_of = SOUNDS[sound](number).astype(np.int16)
        sizes |= {len(packet) for packet in encoder.encode(piece(samples_of, number))[0]}
    assert sizes == {voice.PACKET_BYTES}


def test_speech_is_encoded_as_pyav_would(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where libopus can't be called PyAV makes packets of the same size with the same times, after one of delay."""
    direct, numbers = VoiceEncoder(), range(20)
    made = [direct.encode(piece(tone(number, HERTZ), number)) for number in numbers]

    def refuse(*_: int) -> OpusEncoder:
        raise LibopusError("library")

    monkeypatch.setattr(voice, "OpusEncoder", refuse)
    through_pyav = VoiceEncoder()
    others = [through_pyav.encode(piece(tone(number, HERTZ), number)) for number in numbers]
    assert [[len(packet) for packet in packets] for packets, _ in made] == [[voice.PACKET_BYTES]] * len(numbers)
    assert {len(packet) for packets, _ in others for packet in packets} == {voice.PACKET_BYTES}
    assert [at for _, at in made] == [number * 960 for number in numbers]
    assert [at for packets, at in others if packets] == [number * 960 for number in range(len(numbers))][: len(others)]


def test_another_length_is_cut_to_packets() -> None:
    """A frame of 10 ms is not read beyond its end: two of them make a packet."""
    encoder, out = VoiceEncoder(), []
    for number in range(8):
        half = AudioFrame.from_ndarray(np.zeros((1, 480), np.int16), format="s16", layout="mono")
        half.sample_rate, half.pts, half.time_base = 48_000, number * 480, TIME_BASE
        out += encoder.encode(half)[0]
    assert 3 <= len(out) <= 4
    assert {len(packet) for packet in out} == {voice.PACKET_BYTES}


async def test_sound_is_encoded_by_the_loop_that_sends() -> None:
    """No thread is asked; a sender that is switched off sends nothing and keeps taking what comes."""
    track, connection = AudioTrack(), RTCPeerConnection()
    sender = connection.addTrack(track)
    voice.install_encoder(sender)
    codec = RTCRtpCodecParameters(mimeType="audio/opus", clockRate=48_000, channels=2, payloadType=111)
    for number in range(2):
        track.push(piece(np.zeros(960, np.int16), number))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio.get_running_loop(), "run_in_executor", None)
        first = await sender._next_encoded_frame(codec)
        sender._enabled = False
        assert await sender._next_encoded_frame(codec) is None
    await connection.close()
    assert not track._frames
    assert first is not None
    assert [len(payload) for payload in first.payloads] == [voice.PACKET_BYTES]
    assert first.timestamp == 0


def heard(decoder: ConcealingDecoder, numbered: list[tuple[int, bytes]]) -> list[AudioFrame]:
    """What comes out for packets with these numbers."""
    frames: list[AudioFrame] = []
    for number, data in numbered:
        for frame in decoder.decode(JitterFrame(data, number * 960)):
            assert isinstance(frame, AudioFrame)
            frames.append(frame)
    return frames


def _frame_of(sound: NDArray[np.int16]) -> AudioFrame:
    return AudioFrame.from_ndarray(sound.reshape(1, -1), format="s16", layout="stereo")


def loudness(frame: AudioFrame) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(samples(frame).astype(np.float64) ** 2)))


def main_hertz(frames: list[AudioFrame]) -> float:
    """The strongest frequency."""
    sound: NDArray[np.float64] = np.concatenate([samples(frame)[:, 0] for frame in frames]).astype(np.float64)
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(spectrum) * 48_000 / len(sound))


def test_nothing_lost_nothing_made_up() -> None:
    """Each packet gives 20 ms of the tone, with times that follow each other."""
    decoder = ConcealingDecoder()
    frames = heard(decoder, list(enumerate(packets(50))))
    assert [frame.pts for frame in frames] == [number * 960 for number in range(len(frames))]
    assert abs(main_hertz(frames[10:40]) - HERTZ) < 10
    assert decoder.concealed == 0


@pytest.mark.parametrize("lost", [1, 2, MAX_CONCEALED])
def test_a_hole_is_filled(lost: int) -> None:
    """As many frames come out as were sent, none of them silent, and the tone goes on."""
    sent = list(enumerate(packets(60)))
    del sent[30 : 30 + lost]
    decoder = ConcealingDecoder()
    frames = heard(decoder, sent)
    assert [frame.pts for frame in frames] == [number * 960 for number in range(len(frames))]
    assert decoder.concealed == lost
    assert loudness(frames[30]) > 0.3 * loudness(frames[29])
    assert abs(main_hertz(frames[20:50]) - HERTZ) < 10


def test_the_next_packet_tells_what_a_lost_one_was() -> None:
    """A sound that rises with the lost packet: the copy has the new pitch, the guess goes on with the old one."""
    sent = packets(30, then=2 * HERTZ)

    def made(following: bytes | None) -> float:
        decoder = OpusDecoder()
        for data in sent[:30]:
            decoder.decode(data)
        return main_hertz([_frame_of(decoder.conceal(following))])

    assert abs(made(sent[31]) - 2 * HERTZ) <= 100
    assert abs(made(None) - HERTZ) <= 100


def test_a_long_hole_is_not_made_up() -> None:
    """After an outage what comes is played, and nothing before it."""
    sent = list(enumerate(packets(60)))
    del sent[10 : 10 + MAX_CONCEALED + 1]
    decoder = ConcealingDecoder()
    assert len(heard(decoder, sent)) == len(sent)
    assert decoder.concealed == 0


@pytest.mark.parametrize("data", [b"", b"\xff", b"\x03\xff\xff", bytes(3000)], ids=len)
def test_nonsense_makes_no_sound(data: bytes) -> None:
    """A packet that is no Opus is as if it had been lost, and the next one plays."""
    decoder, sent = ConcealingDecoder(), packets(12)
    heard(decoder, list(enumerate(sent[:10])))
    made = heard(decoder, [(10, data)])
    assert sum(frame.samples for frame in made) <= libopus.MAX_SAMPLES
    assert heard(decoder, [(11, sent[11])])


def test_without_libopus_pyav_decodes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library can't be called each packet is decoded as aiortc does."""

    def refuse() -> OpusDecoder:
        raise LibopusError("library")

    monkeypatch.setattr(voice, "OpusDecoder", refuse)
    decoder = ConcealingDecoder()
    frames = heard(decoder, list(enumerate(packets(30))))
    assert abs(main_hertz(frames[10:]) - HERTZ) < 10


def test_who_is_closed_says_so() -> None:
    """After the end it raises instead of touching memory that is not its own."""
    decoder = OpusDecoder()
    decoder.close()
    decoder.close()
    with pytest.raises(LibopusError, match="closed"):
        decoder.conceal(None)
    encoder = OpusEncoder(voice.BITS_PER_S, 10)
    encoder.close()
    encoder.close()
    with pytest.raises(LibopusError, match="closed"):
        encoder.encode(0)


def test_settings_that_libopus_refuses_are_said() -> None:
    """More loss than all is an error that names the setting."""
    with pytest.raises(LibopusError, match="setting 4014"):
        OpusEncoder(voice.BITS_PER_S, 101)
