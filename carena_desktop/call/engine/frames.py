"""The latest picture of a stream, between the engine that writes it and the window that shows it; the newest wins.

Three buffers and one lock for their indices: the writer fills a buffer that is neither the latest nor the one the
reader holds, so no picture is ever torn and nobody waits for the other's copying. The lock covers a few integers only.
At most one ``FrameReady`` is pending: the writer announces a picture when the last announcement was answered by a
``take``, and again a second later, should the answer have been lost.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.shared_memory import SharedMemory
from typing import Final, Protocol

from carena_desktop.call.ports import Picture, Stream

BUFFERS: Final = 3
BYTES_PER_PIXEL: Final = 4
PAINTED_AT_ONCE: Final = 32
HEADER_BYTES: Final = 64
LOCK_WAIT_S: Final = 0.02
REANNOUNCE_MS: Final = 1000
_NONE: Final = 0xFFFFFFFF
_MASK: Final = 0xFFFFFFFF

# Header words (uint32): indices, the size wanted by the reader, and number, width and height of each buffer.
_LATEST, _HELD, _PENDING, _ANNOUNCED_MS, _NUMBER, _WANT_WIDTH, _WANT_HEIGHT = range(7)
_DESCRIPTIONS: Final = 7


@dataclass(frozen=True, slots=True)
class SlotSize:
    """The largest picture a slot holds, in pixels."""

    width: int
    height: int

    @property
    def buffer_bytes(self) -> int:
        """Bytes of one picture."""
        return row_bytes(self.width) * self.height

    @property
    def total_bytes(self) -> int:
        """Bytes of the whole slot."""
        return HEADER_BYTES + BUFFERS * self.buffer_bytes


def whole(width: int) -> int:
    """Return how many pixels a row of ``width`` has room for: those who paint write several at once."""
    return -(-width // PAINTED_AT_ONCE) * PAINTED_AT_ONCE


def row_bytes(width: int) -> int:
    """Return the bytes from one row of a picture to the next."""
    return whole(width) * BYTES_PER_PIXEL


SLOT_SIZES: Final = {
    Stream.REMOTE: SlotSize(1920, 1080),
    Stream.REMOTE_SCREEN: SlotSize(1920, 1080),
    Stream.SELF: SlotSize(640, 480),
}


class SlotLock(Protocol):
    """What ``threading.Lock`` and ``multiprocessing.Lock`` have in common."""

    def acquire(self, block: bool = ..., timeout: float = ..., /) -> bool:  # noqa: FBT001 - the locks' own signature
        """Take the lock, waiting at most ``timeout`` seconds."""
        ...

    def release(self) -> None:
        """Give it back."""
        ...


class SharedSlot(SharedMemory):
    """A slot's memory with a name; closing it while a picture is still shown leaves the mapping to the process."""

    @property
    def view(self) -> memoryview:
        """The memory; raises ValueError once closed."""
        if self.buf is None:
            raise ValueError("closed")
        return self.buf

    def close(self) -> None:
        """Unmap unless a picture is still held: an unmapped page under a painted picture would end the process."""
        with suppress(BufferError):
            super().close()


class _Slot:
    def __init__(self, memory: memoryview, size: SlotSize, lock: SlotLock) -> None:
        self._size = size
        self._lock = lock
        self._memory = memory
        self._words = memory[:HEADER_BYTES].cast("I")

    def _buffer(self, index: int) -> memoryview:
        start = HEADER_BYTES + index * self._size.buffer_bytes
        return self._memory[start : start + self._size.buffer_bytes]


class FrameWriter(_Slot):
    """The engine's end.

    Args:
        memory: ``size.total_bytes`` bytes, prepared by ``SlotReader.reset``.
        size: The largest picture.
        lock: Shared with the reader.
    """

    def wanted_size(self) -> tuple[int, int]:
        """Device pixels the reader shows, (0, 0) when it has not said."""
        return self._words[_WANT_WIDTH], self._words[_WANT_HEIGHT]

    @property
    def size(self) -> SlotSize:
        """The largest picture that fits."""
        return self._size

    def put(self, width: int, height: int, paint: Callable[[memoryview], None], now_ms: int) -> bool:
        """Let ``paint`` fill a free buffer with a picture in BGRA and make it the latest.

        Args:
            width: Pixels, at most the slot's.
            height: Pixels, at most the slot's.
            paint: Fills the view it gets, ``height`` rows of ``row_bytes(width)``; runs without the lock.
            now_ms: A monotonic time in milliseconds.

        Returns:
            Whether the reader must be told.
        """
        if width > self._size.width or height > self._size.height:
            raise ValueError("picture larger than the slot")
        words = self._words
        if not self._lock.acquire(True, LOCK_WAIT_S):  # noqa: FBT003 - the locks' own signature
            return False
        try:
            index = next(i for i in range(BUFFERS) if i not in (words[_LATEST], words[_HELD]))
        finally:
            self._lock.release()
        paint(self._buffer(index)[: row_bytes(width) * height])
        if not self._lock.acquire(True, LOCK_WAIT_S):  # noqa: FBT003 - the locks' own signature
            return False
        try:
            words[_NUMBER] = words[_NUMBER] + 1 & _MASK
            at = _DESCRIPTIONS + 3 * index
            words[at], words[at + 1], words[at + 2] = words[_NUMBER], width, height
            words[_LATEST] = index
            due = not words[_PENDING] or (now_ms - words[_ANNOUNCED_MS]) & _MASK >= REANNOUNCE_MS
            if due:
                words[_PENDING] = 1
                words[_ANNOUNCED_MS] = now_ms & _MASK
            return bool(due)
        finally:
            self._lock.release()

    def close(self) -> None:
        """Let go of the memory."""
        self._words.release()


class SlotReader(_Slot):
    """The window's end; implements ``ports.FrameReader``."""

    def __init__(self, memory: memoryview, size: SlotSize, lock: SlotLock) -> None:
        super().__init__(memory, size, lock)
        self._wanted = (0, 0)
        self._taken = 0
        self.reset(lock)

    def reset(self, lock: SlotLock) -> None:
        """Forget every picture, bytes included, and use ``lock`` with the next writer. Only while nobody writes."""
        self._lock = lock
        for index in range(BUFFERS):
            at = _DESCRIPTIONS + 3 * index
            used = row_bytes(self._words[at + 1]) * self._words[at + 2]
            if 0 < used <= self._size.buffer_bytes:
                self._buffer(index)[:used] = bytes(used)
        for word in range(len(self._words)):
            self._words[word] = 0
        self._words[_LATEST] = self._words[_HELD] = _NONE
        self._words[_WANT_WIDTH], self._words[_WANT_HEIGHT] = self._wanted
        self._taken = 0

    def take(self) -> Picture | None:
        """Return the newest picture not yet taken, or None; its bytes stay as they are until the next ``take``."""
        words = self._words
        if not self._lock.acquire(True, LOCK_WAIT_S):  # noqa: FBT003 - the locks' own signature
            return None
        try:
            words[_PENDING] = 0
            index = words[_LATEST]
            if index >= BUFFERS:
                return None
            at = _DESCRIPTIONS + 3 * index
            number, width, height = words[at], words[at + 1], words[at + 2]
            if number == self._taken:
                return None
            words[_HELD] = index
        finally:
            self._lock.release()
        # The writer parses what strangers send and may be broken into: its numbers are checked before they are used.
        if not (0 < width <= self._size.width and 0 < height <= self._size.height):
            return None
        self._taken = number
        stride = row_bytes(width)
        return Picture(number, width, height, stride, self._buffer(index)[: stride * height].toreadonly())

    def request_size(self, width: int, height: int) -> None:
        """Say how many device pixels are shown; pictures come no larger than that, with their own aspect ratio."""
        self._wanted = (max(0, width), max(0, height))
        self._words[_WANT_WIDTH], self._words[_WANT_HEIGHT] = self._wanted

    def close(self) -> None:
        """Let go of the memory; pictures handed out keep it alive."""
        self._words.release()
