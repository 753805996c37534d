"""Sound between the network and the loudspeaker: opened and decoded as it comes, held back for a key, in order."""

import asyncio
import queue
from collections.abc import AsyncIterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from av import AudioFrame

from carena_desktop.call.engine.libopus import FRAME_SAMPLES
from carena_desktop.call.engine.repairs.sound_opening import MAX_HELD, SoundOpening
from carena_desktop.call.engine.repairs.voice import VoiceEncoder
from carena_protocol.e2ee.sframe import WAIT_S, Opener, Sealer
from tests.fakes.clock import FakeClock

OPUS = RTCRtpCodecParameters(mimeType="audio/opus", clockRate=48000, channels=2, payloadType=96)
KEY = bytes(range(16))


@dataclass
class Sound:
    """A receiver's queue with the other party's sealer, and what was decoded."""

    opening: SoundOpening
    opener: Opener
    sealer: Sealer
    clock: FakeClock
    decoded: "asyncio.Queue[AudioFrame]"
    failed: list[None]

    def come(self, count: int, begin: int = 0) -> None:
        """Put sealed packets of 20 ms into the queue."""
        packets = VoiceEncoder().encode(silence())[0] or VoiceEncoder().encode(silence())[0]
        for number in range(begin, begin + count):
            sealed = self.sealer.seal(packets[0])
            self.opening.put((OPUS, JitterFrame(sealed, number * FRAME_SAMPLES)))

    def times(self) -> list[int]:
        """Take what was decoded; return the numbers of the packets."""
        taken = [self.decoded.get_nowait().pts for _ in range(self.decoded.qsize())]
        return [0 if at is None else at // FRAME_SAMPLES for at in taken]


def silence() -> AudioFrame:
    """Return 20 ms."""
    frame = AudioFrame(format="s16", layout="mono", samples=FRAME_SAMPLES)
    frame.planes[0].update(bytes(2 * FRAME_SAMPLES))
    frame.sample_rate, frame.pts = 48000, 0
    return frame


@pytest.fixture
async def sound() -> AsyncIterator[Sound]:
    """A receiver that has no key yet."""
    clock, failed = FakeClock(), []  # type: tuple[FakeClock, list[None]]
    decoded: asyncio.Queue[AudioFrame] = asyncio.Queue()
    receiver: Any = SimpleNamespace(track=SimpleNamespace(_queue=decoded))
    opener, sealer = Opener("P>C", "audio", clock.monotonic), Sealer("P>C", "audio")
    sealer.install(1, KEY)
    opening = SoundOpening(receiver, opener, lambda: failed.append(None))
    yield Sound(opening, opener, sealer, clock, decoded, failed)
    opening.put(None)


async def test_what_comes_is_decoded_at_once(sound: Sound) -> None:
    """A packet is sound by the time that it was taken; nothing waits for a thread."""
    sound.opener.install(1, KEY)
    sound.come(3)
    assert sound.times() == [0, 1, 2]
    assert sound.opening.empty()


async def test_what_overtook_its_key_is_heard_in_order(sound: Sound) -> None:
    """Nothing is lost and nothing is swapped when the key comes after the first packets."""
    sound.come(3)
    assert sound.times() == []
    sound.opener.install(1, KEY)
    sound.come(1, begin=3)
    sound.opening.keys_came()
    assert sound.times() == [0, 1, 2, 3]
    assert not sound.failed


async def test_a_key_that_does_not_come_costs_half_a_second(sound: Sound) -> None:
    """What waited is dropped and counted, and what comes after it is not held back any more."""
    sound.come(2)
    sound.clock.advance(WAIT_S)
    sound.come(1, begin=2)
    assert (sound.times(), len(sound.failed)) == ([], 3)
    sound.opener.install(1, KEY)
    sound.come(1, begin=3)
    assert sound.times() == [3]


async def test_the_wait_ends_without_a_packet(sound: Sound, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to send anything more for what waits to be given up: nothing of it stays."""
    monkeypatch.setattr(sound.opener, "patience", lambda _: 0.01 if not sound.clock.monotonic() else 0.0)
    given_up = asyncio.Event()
    monkeypatch.setattr(sound.opening, "_failed", given_up.set)
    sound.come(1)
    sound.clock.advance(1)
    await asyncio.wait_for(given_up.wait(), 10)


async def test_a_flood_without_a_key_is_bounded(sound: Sound) -> None:
    """Of more than a second of packets the oldest are dropped, and counted."""
    sound.come(MAX_HELD + 5)
    assert len(sound.failed) == 5
    sound.opener.install(1, KEY)
    sound.opening.keys_came()
    assert sound.times() == list(range(5, MAX_HELD + 5))


async def test_what_is_not_sealed_is_not_heard(sound: Sound) -> None:
    """Plain Opus, noise and a second copy are dropped and counted; the next packet is heard."""
    sound.opener.install(1, KEY)
    for nonsense in (b"", b"\x00", bytes(100), VoiceEncoder().encode(silence())[0][0]):
        sound.opening.put((OPUS, JitterFrame(nonsense, 0)))
    assert (sound.times(), len(sound.failed)) == ([], 4)
    sound.come(1, begin=4)
    assert sound.times() == [4]


async def test_the_end_reaches_the_thread_and_nothing_is_heard_after_it(sound: Sound) -> None:
    """The decoder's thread gets the end that it waits for; what waited for a key, and what still comes, is dropped."""
    sound.come(2)
    sound.opening.put(None)
    assert sound.opening.get_nowait() is None
    sound.opener.install(1, KEY)
    sound.opening.keys_came()
    sound.come(1)
    assert sound.times() == []
    with pytest.raises(queue.Empty):
        sound.opening.get_nowait()
