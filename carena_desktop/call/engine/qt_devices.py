"""Qt's event loop on the media process's main thread, and the machine's devices through it.

QtMultimedia was chosen over PortAudio and V4L2: device ids, hot-plug and cameras on three systems in one wheel (see
docs/adr). Its objects live on the thread that runs ``QtLoop.exec``; the engine's thread asks for things by ``call``.
"""

import asyncio
import concurrent.futures
import logging
import os
import sys
import weakref
from collections.abc import Callable
from typing import Final, TypeVar, cast

from PySide6.QtCore import QMessageLogContext, QObject, QTimer, QtMsgType, Signal, Slot, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtMultimedia import QAudioDevice, QCameraDevice, QMediaDevices

from carena_desktop.call.engine.devices import (
    Capture,
    DeliverFrame,
    DeliverSamples,
    DeviceError,
    DeviceProblem,
    Devices,
    Speaker,
)
from carena_desktop.call.engine.qt_audio import QtMicrophone, QtSpeaker, device_id
from carena_desktop.call.engine.qt_camera import QtCamera
from carena_desktop.call.engine.qt_handle import QtHandle
from carena_desktop.call.ports import DeviceName, DevicesListed
from carena_desktop.clock import Clock

_T = TypeVar("_T")
_log = logging.getLogger(__name__)

BURY_MS: Final = 1000


def _log_message(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Qt tells at length which libraries it did not find; what matters is reported as a device's problem."""
    _log.debug("%s", text)


class QtCaller(QObject):
    """Runs functions on Qt's thread for the engine's thread."""

    _requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._requested.connect(self._run)

    async def call(self, function: Callable[[], _T]) -> _T:
        """Run ``function`` on Qt's thread and return, or raise, what it does."""
        future: concurrent.futures.Future[_T] = concurrent.futures.Future()
        self._requested.emit((function, future))
        return await asyncio.wrap_future(future)

    @Slot(object)
    def _run(self, request: object) -> None:
        function, future = cast("tuple[Callable[[], object], concurrent.futures.Future[object]]", request)
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(function())
        except Exception as error:  # noqa: BLE001 - the caller gets it
            future.set_exception(error)


class _Watch(QObject):
    """Hears on Qt's thread that something was plugged in or out, and ends what was unplugged while open."""

    def __init__(self) -> None:
        super().__init__()
        self.listener: Callable[[], None] | None = None
        self._open: weakref.WeakSet[QtMicrophone | QtCamera] = weakref.WeakSet()
        self._media = QMediaDevices(self)
        for changed in (
            self._media.audioInputsChanged,
            self._media.audioOutputsChanged,
            self._media.videoInputsChanged,
        ):
            changed.connect(self._changed)

    def follow(self, device: "QtMicrophone | QtCamera") -> None:
        """End ``device`` when it vanishes."""
        self._open.add(device)

    @Slot()
    def _changed(self) -> None:
        known = {device_id(sound) for sound in QMediaDevices.audioInputs()}
        known |= {device_id(camera) for camera in QMediaDevices.videoInputs()}
        for device in tuple(self._open):
            if device.active and device.device not in known:
                device.vanished()
        if self.listener is not None:
            self.listener()


class QtLoop:
    """The application object; make it and run it on the main thread."""

    def __init__(self, clock: Clock) -> None:
        if sys.platform.startswith("linux"):
            os.environ["QT_QPA_PLATFORM"] = "offscreen"  # this process shows nothing
        qInstallMessageHandler(_log_message)
        self._application = QGuiApplication([sys.argv[0]])
        self._caller = QtCaller()
        self.devices: Devices = QtDevices(self._caller, clock)

    def exec(self) -> None:
        """Run until ``quit``."""
        self._application.exec()

    def quit(self) -> None:
        """End ``exec``, from any thread."""
        self._caller._requested.emit((self._application.quit, concurrent.futures.Future()))  # noqa: SLF001 - same module


class QtDevices:
    """Implements ``devices.Devices``; called on the engine's thread."""

    def __init__(self, caller: QtCaller, clock: Clock) -> None:
        self._caller = caller
        self._clock = clock
        self._watch: _Watch | None = None
        self._buried: list[QObject] = []
        self._listener: Callable[[], None] | None = None

    async def found(self) -> DevicesListed:
        """List what is plugged in."""
        return await self._caller.call(self._list)

    def on_change(self, changed: Callable[[], None]) -> None:
        """Have ``changed`` called on Qt's thread; hot-plug is watched from the first use of a device on."""
        self._listener = changed

    async def open_camera(self, device: str, deliver: DeliverFrame) -> Capture:
        """Open a camera by its id, or the default one."""
        return await self._open(lambda: QtCamera(_camera(device), deliver))

    async def open_microphone(self, device: str, deliver: DeliverSamples) -> Capture:
        """Open a microphone by its id, or the default one."""
        return await self._open(lambda: QtMicrophone(_microphone(device), deliver))

    async def open_speaker(self, device: str = "") -> Speaker:
        """Open a speaker; without one, wait for it to be plugged in."""
        speaker = await self._caller.call(lambda: QtSpeaker(self._clock, device))
        speaker.stop_soon = lambda: self._caller.call(lambda: self._bury(speaker))
        return speaker

    def _bury(self, device: QtMicrophone | QtCamera | QtSpeaker) -> None:
        """Release on Qt's thread, and let the object die there too.

        Its last reference is often dropped by the engine's thread, and a QObject destroyed there takes its timers and
        its running driver threads with it: the heap is corrupted.
        """
        device.stop()
        buried = self._buried
        if device not in buried:
            buried.append(device)
            QTimer.singleShot(BURY_MS, self._caller, buried.clear)

    def _list(self) -> DevicesListed:
        self._watching()
        return _found()

    def _watching(self) -> _Watch:
        """On Qt's thread; the multimedia backend is loaded by the first use, not by the start."""
        if self._watch is None:
            self._watch = _Watch()
            self._watch.listener = self._listener
        return self._watch

    async def _open(self, make: Callable[[], QtMicrophone | QtCamera]) -> Capture:
        def begin() -> QtMicrophone | QtCamera:
            watch = self._watching()
            made = make()
            made.start()
            watch.follow(made)
            return made

        device = await self._caller.call(begin)
        return QtHandle(device, lambda _: self._caller.call(lambda: self._bury(device)))


def _id(raw: object) -> str:
    return bytes(cast("bytes", raw)).decode(errors="replace")


def _found() -> DevicesListed:
    return DevicesListed(
        cameras=tuple(DeviceName(_id(device.id()), device.description()) for device in QMediaDevices.videoInputs()),
        microphones=tuple(DeviceName(_id(device.id()), device.description()) for device in QMediaDevices.audioInputs()),
        speakers=tuple(DeviceName(_id(device.id()), device.description()) for device in QMediaDevices.audioOutputs()),
    )


def _camera(name: str) -> QCameraDevice:
    known = QMediaDevices.videoInputs()
    chosen = next((device for device in known if _id(device.id()) == name), None)
    if name == "" and known:
        chosen = QMediaDevices.defaultVideoInput()
    if chosen is None or chosen.isNull():
        raise DeviceError(DeviceProblem.NO_DEVICE)
    return chosen


def _microphone(name: str) -> QAudioDevice:
    known = QMediaDevices.audioInputs()
    chosen = next((device for device in known if _id(device.id()) == name), None)
    if name == "" and known:
        chosen = QMediaDevices.defaultAudioInput()
    if chosen is None or chosen.isNull():
        raise DeviceError(DeviceProblem.NO_DEVICE)
    return chosen
