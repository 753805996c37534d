"""Sound opened and decoded on the loop that receives it, in the order in which it came.

aiortc 1.16 hands each packet to a thread and its sound back: waking the two costs more than opening and decoding 20 ms
does (0.03 ms; measured). What overtook its key is held back until the key is there, half a second at most, as pictures
are (``sealing``), and without holding up the loop.
"""

import asyncio
import queue
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from aiortc import RTCRtpReceiver
from aiortc.codecs import get_decoder
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from av import FFmpegError

from carena_protocol.e2ee.sframe import Opener, SealError

if TYPE_CHECKING:
    from aiortc.codecs.base import Decoder

MAX_HELD: Final = 50
"""Packets that wait for a key: a second; whoever sends more loses the oldest."""


class SoundOpening(queue.Queue[Any]):
    """Stands where an audio receiver has the queue before its decoder's thread, which only gets the end.

    Args:
        receiver: Of sound; has received nothing yet.
        opener: Of its frames.
        failed: Called for each frame that can't be opened.
    """

    begun = None
    """Which picture a key began with is told of pictures only."""

    def __init__(self, receiver: RTCRtpReceiver, opener: Opener, failed: Callable[[], None]) -> None:
        super().__init__()
        self._receiver = receiver
        self._opener = opener
        self._failed = failed
        self._decoder: Decoder | None = None
        self._held: deque[tuple[RTCRtpCodecParameters, JitterFrame]] = deque()
        self._later: asyncio.TimerHandle | None = None
        self._has_ended = False

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:  # noqa: FBT001, FBT002 - as queue.Queue
        """Take a frame and its codec on the loop, or the end, None."""
        if item is None:
            self._has_ended = True
            self._held.clear()
            self._go_on()
            super().put(None, block, timeout)
        elif not self._has_ended:
            if len(self._held) >= MAX_HELD:
                self._held.popleft()
                self._failed()
            self._held.append(item)
            self._go_on()

    def keys_came(self) -> None:
        """Play what waits for them."""
        self._go_on()

    def _go_on(self) -> None:
        if self._later is not None:
            self._later.cancel()
            self._later = None
        while self._held:
            codec, frame = self._held[0]
            seconds = self._opener.patience(frame.data)
            if seconds > 0:
                self._later = asyncio.get_running_loop().call_later(seconds, self._go_on)
                return
            self._held.popleft()
            self._hear(codec, frame)

    def _hear(self, codec: RTCRtpCodecParameters, frame: JitterFrame) -> None:
        try:
            frame.data = self._opener.open(frame.data)
        except SealError:
            self._failed()
            return
        if self._decoder is None:
            self._decoder = get_decoder(codec)
        try:
            sounds = self._decoder.decode(frame)
        except FFmpegError:
            return
        for sound in sounds:
            self._receiver.track._queue.put_nowait(sound)  # type: ignore[attr-defined]  # noqa: SLF001 - as the decoder's thread
