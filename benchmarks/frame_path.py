"""What one picture costs from the decoder's frame to the painted window, against the usual way to do it.

Ours: scaled and converted to BGRA off the Qt thread, through the shared slot, drawn by QPainter from the slot's own
bytes. The peer is what examples for aiortc and Qt show: ``to_ndarray`` to RGB, QImage, QPixmap, QLabel, all on Qt's
thread. The second row of each size counts only the time in which Qt's thread can do nothing else.
"""

import os
import threading
from collections.abc import Iterable
from typing import Final

import numpy as np
import PySide6
from av import VideoFrame
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QLabel

from benchmarks.row import Row, paired
from carena_desktop.call.engine.frames import FrameWriter, SlotReader, SlotSize
from carena_desktop.call.engine.generator import Scene
from carena_desktop.call.engine.painter import Painter
from carena_desktop.clock import SYSTEM_CLOCK

_CALLS: Final = 20
_SIZES: Final = ((640, 360), (1280, 720))
_PEER: Final = f"to_ndarray, QImage, QPixmap, QLabel (PySide6 {PySide6.__version__})"
_WAIT_S: Final = 5.0


class OurPath:
    """The application's own modules, put together as it does."""

    def __init__(self, frame: VideoFrame, shown: QSize) -> None:
        size = SlotSize(1920, 1080)
        memory = memoryview(bytearray(size.total_bytes))
        lock = threading.Lock()
        self._frame = frame
        self._reader = SlotReader(memory, size, lock)
        self._reader.request_size(shown.width(), shown.height())
        self._ready = threading.Event()
        writer = FrameWriter(memory, size, lock)
        self._painter = Painter(writer, self._ready.set, SYSTEM_CLOCK, name="benchmark")
        self._window = QImage(shown, QImage.Format.Format_RGB32)

    def prepare(self) -> None:
        """Bring a picture into the slot, off this thread."""
        self._ready.clear()
        self._painter.show(self._frame)
        if not self._ready.wait(_WAIT_S):
            raise TimeoutError("no picture")

    def draw(self) -> None:
        """Draw the slot's newest picture."""
        picture = self._reader.take()
        if picture is None:
            raise LookupError("nothing to draw")
        image = QImage(picture.data, picture.width, picture.height, picture.stride, QImage.Format.Format_RGB32)
        painter = QPainter(self._window)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self._window.rect(), image)
        painter.end()

    def whole(self) -> None:
        """Both."""
        self.prepare()
        self.draw()

    def close(self) -> None:
        """End the thread."""
        self._painter.close()


class UsualPath:
    """What examples do."""

    def __init__(self, frame: VideoFrame, shown: QSize) -> None:
        self._frame = frame
        self._label = QLabel()
        self._label.resize(shown)
        self._window = QImage(shown, QImage.Format.Format_RGB32)

    def whole(self) -> None:
        """Convert, scale, set and paint."""
        pixels = np.ascontiguousarray(self._frame.to_ndarray(format="rgb24"))
        height, width = pixels.shape[:2]
        image = QImage(pixels.data, width, height, width * 3, QImage.Format.Format_RGB888).copy()
        fitted = QPixmap.fromImage(image).scaled(
            self._label.size(), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        self._label.setPixmap(fitted)
        self._label.render(self._window)


def only_drawing(ours: OurPath, usual: UsualPath) -> tuple[float, float]:
    """Return the time on Qt's thread per picture, in microseconds; ours without what another thread does."""
    waiting: list[float] = []

    def drawn() -> None:
        before = SYSTEM_CLOCK.monotonic()
        ours.prepare()
        waiting.append(SYSTEM_CLOCK.monotonic() - before)
        ours.draw()

    mine, theirs = paired(drawn, usual.whole, _CALLS)
    return max(0.0, mine - float(np.median(waiting)) * 1e6), theirs


def rows() -> Iterable[Row]:
    """Measure both paths for each size, shown at its own size."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    assert application is not None  # noqa: S101 - kept alive while we paint
    for width, height in _SIZES:
        frame, shown = Scene(width, height).frame(1), QSize(width, height)
        ours, usual = OurPath(frame, shown), UsualPath(frame, shown)
        for what, (mine, theirs) in (
            ("frame to window", paired(ours.whole, usual.whole, _CALLS)),
            ("of that on Qt's thread", only_drawing(ours, usual)),
        ):
            yield Row(f"{width}x{height}: {what}", mine, "µs", theirs, _PEER, "less than the peer", mine < theirs)
        ours.close()
