"""Camera through QtMultimedia. Objects live on Qt's thread; only ``CaptureGuard`` opens cameras.

Frames are copied plane by plane into PyAV's, without a detour over RGB, and never larger than 720p.
"""

from typing import Final

import numpy as np
from av import CodecContext, Packet, VideoFrame
from av.error import FFmpegError
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import (
    QCamera,
    QCameraDevice,
    QCameraFormat,
    QMediaCaptureSession,
    QVideoFrame,
    QVideoFrameFormat,
    QVideoSink,
)

from carena_desktop.call.engine.devices import DeliverFrame, DeviceError, DeviceProblem
from carena_desktop.call.engine.planes import plane_bytes
from carena_desktop.call.engine.scaler import Scaler

MAX_WIDTH: Final = 1280
MAX_HEIGHT: Final = 720
WANTED_FPS: Final = 30.0

_Pixels = QVideoFrameFormat.PixelFormat
FORMATS: Final = {
    _Pixels.Format_NV12: "nv12",
    _Pixels.Format_NV21: "nv21",
    _Pixels.Format_YUV420P: "yuv420p",
    _Pixels.Format_YUV422P: "yuv422p",
    _Pixels.Format_YUYV: "yuyv422",
    _Pixels.Format_UYVY: "uyvy422",
    _Pixels.Format_BGRA8888: "bgra",
    _Pixels.Format_BGRX8888: "bgr0",
    _Pixels.Format_RGBA8888: "rgba",
    _Pixels.Format_RGBX8888: "rgb0",
    _Pixels.Format_Y8: "gray",
}


def convert(frame: QVideoFrame, scaler: Scaler, limit: tuple[int, int] = (MAX_WIDTH, MAX_HEIGHT)) -> VideoFrame | None:
    """Return a copy of ``frame`` in yuv420p, at most ``limit`` pixels wide and high, or None when it can't be read."""
    name = FORMATS.get(frame.pixelFormat())
    if frame.pixelFormat() is _Pixels.Format_Jpeg:
        copied = _from_jpeg(frame)
    else:
        copied = _from_image(frame) if name is None else _from_planes(frame, name)
    return None if copied is None else scaler.planar(copied, limit)


def _from_planes(frame: QVideoFrame, name: str) -> VideoFrame | None:
    if not frame.map(QVideoFrame.MapMode.ReadOnly):
        return None
    try:
        copied = VideoFrame(frame.width(), frame.height(), name)
        for index in range(len(copied.planes)):
            target = plane_bytes(copied, index)
            stride = frame.bytesPerLine(index)
            rows = min(target.shape[0], frame.mappedBytes(index) // stride)
            source = np.frombuffer(frame.bits(index), np.uint8, rows * stride).reshape(rows, stride)
            columns = min(target.shape[1], stride)
            target[:rows, :columns] = source[:, :columns]
        return copied
    finally:
        frame.unmap()


def _from_jpeg(frame: QVideoFrame) -> VideoFrame | None:
    """Motion JPEG: decoded to planes, without a detour over RGB; a broken picture is none."""
    if not frame.map(QVideoFrame.MapMode.ReadOnly):
        return None
    try:
        packet = Packet(bytes(np.frombuffer(frame.bits(0), np.uint8, frame.mappedBytes(0))))
    finally:
        frame.unmap()
    try:
        decoded = CodecContext.create("mjpeg", "r").decode(packet)
    except FFmpegError:
        return None
    return next(iter(decoded), None)


def _from_image(frame: QVideoFrame) -> VideoFrame | None:
    """For rare formats: Qt converts."""
    image = frame.toImage().convertToFormat(QImage.Format.Format_RGB32)
    if image.isNull():
        return None
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return VideoFrame.from_ndarray(np.ascontiguousarray(pixels[:, : image.width()]), format="bgra")


def best_format(formats: list[QCameraFormat]) -> QCameraFormat | None:
    """Return the largest format within 720p that is not compressed and comes near 30 frames a second."""

    def rank(one: QCameraFormat) -> tuple[bool, bool, bool, int]:
        size = one.resolution()
        fits = size.width() <= MAX_WIDTH and size.height() <= MAX_HEIGHT
        raw = one.pixelFormat() in FORMATS
        return fits, one.maxFrameRate() >= WANTED_FPS - 1, raw, size.width() * size.height() * (1 if fits else -1)

    return max(formats, key=rank, default=None)


class QtCamera(QObject):
    """One open camera; implements ``qt_handle.Openable``."""

    def __init__(self, device: QCameraDevice, deliver: DeliverFrame) -> None:
        super().__init__()
        self._deliver = deliver
        self._scaler = Scaler()
        self._camera = QCamera(device, self)
        chosen = best_format(device.videoFormats())
        if chosen is not None:
            self._camera.setCameraFormat(chosen)
        self._sink = QVideoSink(self)
        self._session = QMediaCaptureSession(self)
        self._session.setCamera(self._camera)
        self._session.setVideoSink(self._sink)
        self._sink.videoFrameChanged.connect(self._frame_changed)
        self._camera.activeChanged.connect(self._active_changed)
        self._camera.errorOccurred.connect(self._error_occurred)
        self.device = bytes(device.id().data()).decode(errors="replace")
        self.active = False
        self.problem: DeviceProblem | None = None
        self.silent_s = 0.0
        self.echoes = False

    def start(self) -> None:
        """Open; raises DeviceError."""
        self.active = True  # until proved otherwise
        self._camera.start()
        if self._camera.error() is not QCamera.Error.NoError:
            self.stop()
            raise DeviceError(DeviceProblem.BUSY)

    def stop(self) -> None:
        """Release."""
        self._camera.stop()
        self.active = self._camera.isActive()

    def vanished(self) -> None:
        """It was unplugged."""
        self.problem = DeviceProblem.GONE
        self.stop()

    @Slot(QVideoFrame)
    def _frame_changed(self, frame: QVideoFrame) -> None:
        converted = convert(frame, self._scaler)
        if converted is not None:
            self._deliver(converted)

    @Slot(bool)
    def _active_changed(self, active: bool) -> None:  # noqa: FBT001 - Qt's signature
        self.active = active

    @Slot()
    def _error_occurred(self) -> None:
        self.problem = DeviceProblem.FAILED
