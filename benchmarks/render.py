"""What one picture costs from the decoder's frame to the painted window, against the usual ways to do it.

Ours: scaled and converted to BGRA off Qt's thread, through the shared slot, drawn by QPainter from the slot's bytes.
The peers: what examples for aiortc and Qt show (``to_ndarray`` to RGB, QImage, QPixmap, QLabel, all on Qt's thread),
and Qt's own QVideoWidget. Figures are processor time, of all threads of the process and of Qt's thread alone, so that
neither waiting for a thread nor a busy machine counts. Each size is shown at its own size and, as in a window, smaller.
"""

import os
import threading
import time
from collections.abc import Iterable
from typing import Final

import numpy as np
import PySide6
from av import VideoFrame
from PySide6.QtCore import QEvent, QEventLoop, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPixmap
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat
from PySide6.QtMultimediaWidgets import QVideoWidget
from PySide6.QtWidgets import QApplication, QLabel

from benchmarks.row import Row, paired
from carena_desktop.call.engine.frames import FrameWriter, SlotReader, SlotSize
from carena_desktop.call.engine.generator import Scene
from carena_desktop.call.engine.painter import Painter
from carena_desktop.clock import SYSTEM_CLOCK

_CALLS: Final = 20
_CASES: Final = (((1280, 720), (1280, 720)), ((1920, 1080), (1920, 1080)), ((1280, 720), (960, 540)))
_LABEL: Final = f"to_ndarray, QImage, QPixmap, QLabel (PySide6 {PySide6.__version__})"
_WIDGET: Final = f"QVideoWidget (PySide6 {PySide6.__version__}, no GPU)"
_WHOLE: Final = 0.7
_QT_THREAD: Final = 0.5
_WAIT_S: Final = 5.0
_SETTLE_MS: Final = 1500


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

    def show(self) -> None:
        """Bring a picture into the slot, off this thread, and draw it on this one."""
        self._ready.clear()
        self._painter.show(self._frame)
        if not self._ready.wait(_WAIT_S):
            raise TimeoutError("no picture")
        picture = self._reader.take()
        if picture is None:
            raise LookupError("nothing to draw")
        image = QImage(picture.data, picture.width, picture.height, picture.stride, QImage.Format.Format_RGB32)
        painter = QPainter(self._window)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self._window.rect(), image)
        painter.end()

    def close(self) -> None:
        """End the thread."""
        self._painter.close()


class LabelPath:
    """What examples do."""

    def __init__(self, frame: VideoFrame, shown: QSize) -> None:
        self._frame = frame
        self._label = QLabel()
        self._label.resize(shown)
        self._window = QImage(shown, QImage.Format.Format_RGB32)

    def show(self) -> None:
        """Convert, scale, set and paint."""
        pixels = np.ascontiguousarray(self._frame.to_ndarray(format="rgb24"))
        height, width = pixels.shape[:2]
        image = QImage(pixels.data, width, height, width * 3, QImage.Format.Format_RGB888).copy()
        pixmap = QPixmap.fromImage(image)
        if pixmap.size() != self._label.size():
            pixmap = pixmap.scaled(
                self._label.size(), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        self._label.setPixmap(pixmap)
        self._label.render(self._window)


class VideoWidgetPath(QObject):
    """Qt's own widget, in a window on the display."""

    def __init__(self, frame: VideoFrame, shown: QSize) -> None:
        super().__init__()
        self._widget = QVideoWidget()
        self._widget.resize(shown)
        self._widget.show()
        self._loop = QEventLoop()
        self._format = QVideoFrameFormat(QSize(frame.width, frame.height), QVideoFrameFormat.PixelFormat.Format_YUV420P)
        self._planes = [bytes(plane) for plane in frame.planes]
        QTimer.singleShot(_SETTLE_MS, self._loop.quit)
        self._loop.exec()
        for window in QGuiApplication.allWindows():
            if window.metaObject().className() == "QVideoWindow":
                window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Note that the window paints: it does so when this event is delivered, right after this call."""
        if event.type() is QEvent.Type.UpdateRequest:
            QTimer.singleShot(0, self._loop.quit)
        return False

    def show(self) -> None:
        """Copy the planes into a frame of Qt's and let the widget paint it."""
        frame = QVideoFrame(self._format)
        frame.map(QVideoFrame.MapMode.WriteOnly)
        for index, plane in enumerate(self._planes):
            memoryview(frame.bits(index))[: len(plane)] = plane
        frame.unmap()
        self._widget.videoSink().setVideoFrame(frame)
        self._loop.exec()

    def close(self) -> None:
        """Take the window away."""
        self._widget.close()
        self._widget.deleteLater()


def rows() -> Iterable[Row]:
    """Measure the paths for each size."""
    os.environ.setdefault("QT_QPA_PLATFORM", "xcb" if os.environ.get("DISPLAY") else "offscreen")
    application = QApplication.instance() or QApplication([])
    assert application is not None  # noqa: S101 - kept alive while we paint
    for (width, height), (wide, high) in _CASES:
        frame, shown = Scene(width, height).frame(1), QSize(wide, high)
        case = f"{width}x{height}" if (width, height) == (wide, high) else f"{width}x{height} in {wide}x{high}"
        ours, label, widget = OurPath(frame, shown), LabelPath(frame, shown), VideoWidgetPath(frame, shown)
        for what, clock, limit in (
            ("all threads", time.process_time, _WHOLE),
            ("Qt's thread", time.thread_time, _QT_THREAD),
        ):
            mine, theirs = paired(ours.show, label.show, _CALLS, clock)
            met = mine <= limit * theirs
            yield Row(f"{case}: processor time of {what}", mine, "µs", theirs, _LABEL, f"<= {limit:g} x", met)
            mine, theirs = paired(ours.show, widget.show, _CALLS, clock)
            yield Row(f"{case}: processor time of {what}", mine, "µs", theirs, _WIDGET)
        ours.close()
        widget.close()
