"""Turns decoded frames into the pictures of a slot: scaled and converted to BGRA on a thread of its own.

The newest frame wins: one that arrives while another is painted replaces whichever waits, so that a slow machine shows
fewer pictures, never late ones. It may not touch a device or a connection.
"""

import threading
from collections.abc import Callable

from av import FFmpegError, VideoFrame

from carena_desktop.call.engine.frames import FrameWriter
from carena_desktop.call.engine.painting import FramePaint
from carena_desktop.clock import Clock


class Painter:
    """Owner of the thread that fills one slot.

    Args:
        writer: The slot.
        announce: Called on the painter's thread when the reader must be told of a picture.
        clock: For the pacing of announcements.
        name: Of the thread.
    """

    def __init__(self, writer: FrameWriter, announce: Callable[[], None], clock: Clock, *, name: str) -> None:
        self._writer = writer
        self._announce = announce
        self._clock = clock
        self._paint_with = FramePaint()
        self._condition = threading.Condition()
        self._next: VideoFrame | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def show(self, frame: VideoFrame) -> None:
        """Paint ``frame`` as soon as the thread is free; never blocks."""
        with self._condition:
            self._next = frame
            self._condition.notify()

    def close(self) -> None:
        """End the thread, at most 2 s."""
        with self._condition:
            self._closed = True
            self._next = None
            self._condition.notify()
        self._thread.join(2)
        if not self._thread.is_alive():
            self._paint_with.close()

    def _run(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._closed or self._next is not None)
                if self._closed:
                    return
                frame, self._next = self._next, None
            if frame is not None:
                self._paint(frame)

    def _paint(self, frame: VideoFrame) -> None:
        width, height = fit(frame.width, frame.height, self._writer.wanted_size(), self._limit)
        if width == 0 or height == 0:
            return

        def fill(target: memoryview) -> None:
            self._paint_with.paint(frame, width, height, target)

        try:
            is_due = self._writer.put(width, height, fill, int(self._clock.monotonic() * 1000))
        except FFmpegError:  # of a shape that swscale can't make this size of: a stranger's picture, and not the last
            return
        if is_due:
            self._announce()

    @property
    def _limit(self) -> tuple[int, int]:
        return self._writer.size.width, self._writer.size.height


def fit(width: int, height: int, wanted: tuple[int, int], limit: tuple[int, int]) -> tuple[int, int]:
    """Return the size of a ``width`` by ``height`` picture within ``wanted`` and ``limit``; never larger than it is."""
    if width <= 0 or height <= 0:
        return 0, 0
    scale = min(1.0, limit[0] / width, limit[1] / height)
    if wanted[0] > 0 and wanted[1] > 0:
        scale = min(scale, wanted[0] / width, wanted[1] / height)
    return max(1, int(width * scale)), max(1, int(height * scale))
