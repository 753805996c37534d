"""Frames between the network and the decoder: opened in order, and held back for a key that is about to come."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from types import SimpleNamespace
from typing import Any

import pytest
from aiortc import RTCPeerConnection, RTCRtpSender
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtcrtpparameters import RTCRtpCodecParameters

from carena_desktop.call.engine.repairs.sealing import KINDS, LegSealing
from carena_protocol.e2ee.renewal import EXPIRES_S
from carena_protocol.e2ee.sframe import WAIT_S, Kind, Sealer, shim

KEYS = (bytes(16), bytes(range(16)), bytes(range(100, 116)))
FRAMES = [bytes([0x31, number]) for number in range(4)]


class Receiving:
    """A video receiver that was given a queue before its decoder, and the other side's sealer.

    Args:
        moments: What the clock says, each for one question; the last for all further ones.
    """

    def __init__(self, moments: list[float], kind: Kind = "video") -> None:
        self._moments = moments
        self.sealing = LegSealing("C>P", "P>C", self._now)
        transceiver = RTCPeerConnection().addTransceiver("video")
        self.sealing.attach(transceiver.sender, transceiver.receiver, kind)
        self.queue: Any = vars(transceiver.receiver)["_RTCRtpReceiver__decoder_queue"]
        self.broken: threading.Event = vars(transceiver.receiver)["_RTCRtpReceiver__decoder_error"]
        self._kind: Kind = kind
        self._sealer = Sealer("P>C", kind)

    def _now(self) -> float:
        return self._moments.pop(0) if len(self._moments) > 1 else self._moments[0]

    def come(self, epoch: int, *frames: bytes) -> None:
        """Put frames of an epoch into the queue."""
        self._sealer.install(epoch, KEYS[KINDS.index(self._kind)])
        for number, frame in enumerate(frames):
            self.queue.put((None, JitterFrame(self._sealer.seal(frame, shim(frame)), 3000 * number)))

    def install(self, epoch: int) -> None:
        """Take the epoch's keys."""
        self.sealing.install("receive", epoch, *KEYS)

    def wait_until_taken(self, left: int) -> None:
        """Wait until the decoder's thread has all frames but so many in its hands."""
        while self.queue.qsize() > left:
            threading.Event().wait(0.001)

    def taken(self, count: int) -> list[bytes]:
        """What the decoder's thread gets."""
        return [self.queue.get()[1].data for _ in range(count)]


@pytest.fixture
async def receiving() -> Receiving:
    """Return a receiver whose clock stands still."""
    return Receiving([0.0])


async def test_plain_frames_of_a_shared_screen_are_dropped_and_counted() -> None:
    """The canary: a page whose hook is off for its screen is not shown, before and after there are keys."""
    receiving = Receiving([0.0], "screen")
    plain = bytes([0x10, 0, 0, 0x9D, 1, 0x2A, 0, 5, 0xD0, 2, *range(50)])
    receiving.queue.put((None, JitterFrame(plain, 0)))
    receiving.install(1)
    receiving.queue.put((None, JitterFrame(plain, 3000)))
    receiving.come(1, FRAMES[0])
    assert receiving.taken(1) == FRAMES[:1]
    assert receiving.sealing.unopened == 2
    assert receiving.broken.is_set()


async def test_frames_that_overtook_their_key_are_held_back_in_order(receiving: Receiving) -> None:
    """The decoder gets every one of them once the key is there, and no key frame has to be asked for."""
    receiving.come(1, *FRAMES)
    with ThreadPoolExecutor(1) as decoder:
        taking = decoder.submit(receiving.taken, len(FRAMES))
        receiving.wait_until_taken(len(FRAMES) - 1)
        receiving.install(1)
        assert taking.result(10) == FRAMES
    assert receiving.sealing.unopened == 0
    assert not receiving.broken.is_set()


async def test_a_key_that_does_not_come_costs_half_a_second_once() -> None:
    """All frames are dropped then, counted, and a key frame is asked for; the next ones are not held back any more."""
    receiving = Receiving([0.0, 0.0, 0.0, WAIT_S])
    receiving.come(1, *FRAMES)
    receiving.queue.put(None)
    begun = perf_counter()
    with ThreadPoolExecutor(1) as decoder:
        assert decoder.submit(receiving.queue.get).result(10) is None
    assert perf_counter() - begun < 2 * WAIT_S + 2
    assert receiving.sealing.unopened == len(FRAMES)
    assert receiving.broken.is_set()


async def test_the_end_is_not_held_up(receiving: Receiving) -> None:
    """A leg that is closed while a frame is held back gets its decoder's thread back at once."""
    receiving.come(1, FRAMES[0])
    with ThreadPoolExecutor(1) as decoder:
        taking = decoder.submit(receiving.queue.get)
        receiving.wait_until_taken(0)
        receiving.queue.put(None)
        assert taking.result(10) is None


async def test_who_throws_away_what_waits_is_not_held_up(receiving: Receiving) -> None:
    """The loop empties the queue when the decoder is behind; it never waits for a key."""
    receiving.come(1, *FRAMES)
    receiving.queue.put(None)
    assert receiving.queue.get_nowait() is None
    assert receiving.sealing.unopened == len(FRAMES)


async def test_nothing_leaves_before_there_are_keys_nor_with_old_ones() -> None:
    """Sound is encoded once there are keys; with keys of two minutes ago it is dropped and counted."""
    now = [0.0]
    sealing = LegSealing("C>P", "P>C", lambda: now[0])
    transceiver = RTCPeerConnection().addTransceiver("audio")
    sender, encoded = transceiver.sender, []

    async def encode(_codec: object) -> SimpleNamespace:
        encoded.append(SimpleNamespace(payloads=[b"what was said"]))
        return encoded[-1]

    vars(sender)["_next_encoded_frame"] = encode
    sealing.attach(sender, transceiver.receiver, "audio")
    codec = RTCRtpCodecParameters(mimeType="audio/opus", clockRate=48000, channels=2, payloadType=96)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(sender._next_encoded_frame(codec), 0.01)
    assert encoded == []
    sealing.install("send", 1, *KEYS)
    assert await sender._next_encoded_frame(codec) is not None
    assert b"what was said" not in b"".join(encoded[0].payloads)
    now[0] = EXPIRES_S
    assert await sender._next_encoded_frame(codec) is not None
    now[0] = EXPIRES_S + 0.1
    assert await sender._next_encoded_frame(codec) is None
    assert sealing.unsealed == 1


async def test_the_first_picture_of_an_epoch_is_known(receiving: Receiving) -> None:
    """It is the one with which the keys change for whoever looks, and no other."""
    receiving.install(1)
    receiving.come(1, FRAMES[0], FRAMES[1])
    assert receiving.taken(2) == FRAMES[:2]
    assert [receiving.sealing.epoch_begun(stamp) for stamp in (0, 3000, None)] == [1, None, None]


async def test_what_stands_in_after_the_sealing_is_noticed() -> None:
    """A sender whose encoded frames would go around the sealing is no sender: the leg must not take the answer."""
    connection = RTCPeerConnection()
    sealing = LegSealing("C>P", "P>C", lambda: 0.0)
    for kind in KINDS:
        transceiver = connection.addTransceiver("audio" if kind == "audio" else "video")
        sealing.attach(transceiver.sender, transceiver.receiver, kind)
    assert sealing.is_in_place
    sender = connection.getSenders()[1]
    sender._next_encoded_frame = RTCRtpSender._next_encoded_frame.__get__(sender)  # type: ignore[method-assign]  # as a repair would
    assert not sealing.is_in_place
    await connection.close()
