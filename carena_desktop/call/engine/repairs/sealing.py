"""Every frame sealed before it is packetized and opened before it is decoded (RFC 9605); none passes without a key.

aiortc 1.16 knows no encoded transforms. What leaves is taken where a frame is whole and encoded, before it becomes
packets, so that repetitions are of sealed ones; a picture that comes is opened on the decoder's thread, as it is taken
from its queue, and sound on the loop (``sound_opening``). A frame that can't be opened is dropped and counted; a
picture asks for a key frame, at the receiver's pace. Anything unexpected means that nothing leaves and nothing is
played.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol, runtime_checkable

from aiortc import RTCRtpReceiver, RTCRtpSender
from aiortc.codecs.vpx import Vp8Encoder, VpxPayloadDescriptor, vp8_depayload
from aiortc.rtcrtpparameters import RTCRtpCodecParameters

from carena_desktop.call.engine.repairs.sound_opening import SoundOpening
from carena_protocol.e2ee.renewal import EXPIRES_S
from carena_protocol.e2ee.sframe import Direction, Kind, Opener, Sealer, SealError, shim, shim_size

_log = logging.getLogger(__name__)

OPUS: Final = "audio/opus"
VP8: Final = "video/vp8"
KINDS: Final[tuple[Kind, ...]] = ("audio", "video", "screen")


@runtime_checkable
class Flushable(Protocol):
    """A track that may hold what nobody needs any more."""

    def flush(self) -> None:
        """Forget it."""
        ...


def kinds(media: Iterable[str]) -> tuple[Kind, ...]:
    """Return what each section of an offer carries, data left out; the second video is the shared screen's."""
    found: list[Kind] = []
    for kind in media:
        found.append("audio" if kind == "audio" else "screen" if "video" in found else "video")
    return tuple(found)


class LegSealing:
    """The keys of one leg and what uses them.

    Args:
        sends: Which way our frames go.
        receives: Which way theirs do.
        now: Monotonic seconds.
    """

    def __init__(self, sends: Direction, receives: Direction, now: Callable[[], float]) -> None:
        self._sealers = {kind: Sealer(sends, kind) for kind in KINDS}
        self._openers = {kind: Opener(receives, kind, now) for kind in KINDS}
        self._now = now
        self._expires_at = float("-inf")
        self._has_keys = asyncio.Event()
        self._queues: list[_OpeningQueue | SoundOpening] = []
        self._sealed: list[tuple[RTCRtpSender, object]] = []
        self.unopened = 0
        """Frames that came and were dropped."""
        self.unsealed = 0
        """Frames that did not leave."""

    def install(self, use: str, epoch: int, audio: bytes, video: bytes, screen: bytes) -> None:
        """Take the keys of an epoch; raises SealError when they are none."""
        targets = self._sealers if use == "send" else self._openers
        for kind, key in zip(KINDS, (audio, video, screen), strict=True):
            targets[kind].install(epoch, key)
        if use == "send":
            self._expires_at = self._now() + EXPIRES_S
            self._has_keys.set()
        else:
            for waiting in self._queues:
                waiting.keys_came()

    def attach(self, sender: RTCRtpSender, receiver: RTCRtpReceiver, kind: Kind) -> None:
        """Stand in a sender and a receiver that have sent and received nothing yet."""
        self._sealed.append((sender, _seal_frames(sender, self._sealers[kind], self)))
        opening: _OpeningQueue | SoundOpening
        if kind == "audio":
            opening = SoundOpening(receiver, self._openers[kind], self._not_opened)
        else:
            opening = _OpeningQueue(receiver, self._openers[kind], kind, self._not_opened)
        self._queues.append(opening)
        receiver._RTCRtpReceiver__decoder_queue = opening  # type: ignore[attr-defined]  # noqa: SLF001 - the repair

    @property
    def is_in_place(self) -> bool:
        """Whether every sender takes its frames through here: what stood in later would send what nobody sealed."""
        return all(sender._next_encoded_frame is sealed for sender, sealed in self._sealed)  # noqa: SLF001 - the repair

    async def ready(self) -> None:
        """Wait for the first keys: nothing is encoded before, so that the first frame that leaves is a key frame."""
        await self._has_keys.wait()

    @property
    def has_keys(self) -> bool:
        """Whether there are keys to send with."""
        return self._has_keys.is_set()

    def check_age(self) -> None:
        """Raise SealError when the keys were not renewed for too long to seal anything more with them."""
        if self._now() > self._expires_at:
            raise SealError("keys too old")

    def epoch_begun(self, timestamp: int | None) -> int | None:
        """Return the epoch whose first picture this is; None for every other picture."""
        begun = (waiting.begun for waiting in self._queues if waiting.begun is not None)
        return next((epoch for first, epoch in begun if first == timestamp), None)

    def _not_opened(self) -> None:
        self.unopened += 1


def _seal_frames(sender: RTCRtpSender, sealer: Sealer, leg: LegSealing) -> object:
    """Have every encoded frame sealed; return what stands in the sender now."""
    encoded = sender._next_encoded_frame  # noqa: SLF001 - the repair

    async def sealed(codec: RTCRtpCodecParameters) -> Any:
        if not leg.has_keys:
            await leg.ready()
            if isinstance(sender.track, Flushable):
                sender.track.flush()
        frame = await encoded(codec)
        if frame is None:
            return None
        try:
            leg.check_age()
            frame.payloads = _sealed(codec.mimeType.lower(), frame.payloads, sealer)
        except Exception as error:  # noqa: BLE001 - whatever it is, a frame that is not sealed must not leave
            leg.unsealed += 1
            if not isinstance(error, SealError):
                _log.error("a frame was not sealed: %s", type(error).__name__)
            return None
        return frame

    sender._next_encoded_frame = sealed  # type: ignore[method-assign]  # noqa: SLF001 - the repair
    return sealed


def _sealed(mime: str, payloads: list[bytes], sealer: Sealer) -> list[bytes]:
    if mime == OPUS:
        return [sealer.seal(payload) for payload in payloads]
    if mime != VP8:
        raise SealError("codec")
    frame = b"".join(vp8_depayload(payload) for payload in payloads)
    number = VpxPayloadDescriptor.parse(payloads[0])[0].picture_id or 0
    packets: list[bytes] = Vp8Encoder._packetize(sealer.seal(frame, shim(frame)), number)  # noqa: SLF001 - as the encoder does
    return packets


class _OpeningQueue(queue.Queue[Any]):
    """The queue before a decoder of pictures; what is taken from it was opened."""

    def __init__(self, receiver: RTCRtpReceiver, opener: Opener, kind: Kind, failed: Callable[[], None]) -> None:
        super().__init__()
        self._opener = opener
        self._key_came = threading.Event()
        self._has_ended = False
        self._is_camera = kind == "video"
        self._failed = failed
        self._missed = False
        self.begun: tuple[int, int] | None = None
        """Timestamp and epoch of the first picture that the newest key opened."""
        self._broken = receiver._RTCRtpReceiver__decoder_error  # type: ignore[attr-defined]  # noqa: SLF001 - asks for a key frame

    def keys_came(self) -> None:
        """What came before its keys could not be shown: ask for a key frame now."""
        self._key_came.set()
        if self._missed:
            self._broken.set()
        self._missed = False

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:  # noqa: FBT001, FBT002 - as queue.Queue
        """Take a frame, or the end: nobody waits for keys any more, as the receiver waits for this thread."""
        super().put(item, block, timeout)
        if item is None:
            self._has_ended = True
            self._key_came.set()

    def get(self, block: bool = True, timeout: float | None = None) -> Any:  # noqa: FBT001, FBT002 - as queue.Queue
        """Return the next frame that can be opened, or the end."""
        while True:
            task = super().get(block, timeout)
            if task is None:
                return None
            _, frame = task
            try:
                clear = shim_size(frame.data)
                if block:  # else it is the loop that asks, to throw away what waits
                    self._wait_for_key(frame.data, clear)
                frame.data = self._opener.open(frame.data, clear)
            except SealError:
                self._failed()
                self._missed = True
                self._broken.set()
                continue
            if self._is_camera and (self.begun is None or self.begun[1] < self._opener.epoch):
                self.begun = frame.timestamp, self._opener.epoch
            return task

    def _wait_for_key(self, data: bytes, clear: int) -> None:
        """Hold a frame back that overtook its key, and with it those behind it, so that none is lost."""
        while True:
            self._key_came.clear()
            seconds = self._opener.patience(data, clear)
            if self._has_ended or seconds <= 0:
                return
            self._key_came.wait(seconds)
