"""Qt's event loop on the media process's main thread, and the machine's devices through it.

QtMultimedia was chosen over PortAudio and V4L2: device ids, hot-plug and cameras on three systems in one wheel (see
docs/adr). Its objects live on the thread that runs ``QtLoop.exec``; the engine's thread asks for things by ``call``.
"""

import asyncio
import concurrent.futures
import gc
import logging
import os
import sys
from collections.abc import Callable
from typing import Final, TypeVar, cast

from PySide6.QtCore import QMessageLogContext, QObject, QTimer, QtMsgType, Signal, Slot, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication

from carena_desktop.call.engine.device_list import DeviceList
from carena_desktop.call.engine.devices import (
    Capture,
    DeliverFrame,
    DeliverSamples,
    DeviceError,
    DeviceProblem,
    Devices,
    Speaker,
)
from carena_desktop.call.engine.echo_watch import EchoWatch
from carena_desktop.call.engine.qt_audio import QtMicrophone, QtSpeaker
from carena_desktop.call.engine.qt_camera import QtCamera
from carena_desktop.call.engine.qt_handle import QtHandle
from carena_desktop.call.engine.qt_shared import QtShared, ShareableList
from carena_desktop.call.engine.voice_cleaner import make_cleaner
from carena_desktop.call.ports import PORTAL, DevicesListed, ShareableListed
from carena_desktop.clock import Clock

_T = TypeVar("_T")
_log = logging.getLogger(__name__)

KEPT_MS: Final = 1000


def _log_message(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Qt tells at length which libraries it did not find; what matters is reported as a device's problem."""
    _log.debug("%s", text)


def portal_is_there() -> bool:
    """Whether the desktop's portal shares screens here; blocks for a moment. Other systems have none."""
    if not sys.platform.startswith("linux"):
        return False
    from carena_desktop.call.engine import qt_portal  # noqa: PLC0415 - QtDBus only where it is used

    return qt_portal.is_there()


class QtCaller(QObject):
    """Runs functions on Qt's thread for the engine's thread."""

    _requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._requested.connect(self._run)

    async def call(self, function: Callable[[], _T]) -> _T:
        """Run ``function`` on Qt's thread and return, or raise, what it does."""
        return await asyncio.wrap_future(self.post(function))

    def post(self, function: Callable[[], _T]) -> concurrent.futures.Future[_T]:
        """Have ``function`` run on Qt's thread, from any thread."""
        future: concurrent.futures.Future[_T] = concurrent.futures.Future()
        self._requested.emit((function, future))
        return future

    @Slot(object)
    def _run(self, request: object) -> None:
        function, future = cast("tuple[Callable[[], object], concurrent.futures.Future[object]]", request)
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(function())
        except Exception as error:  # noqa: BLE001 - the caller gets it
            future.set_exception(error)


class QtLoop:
    """The application object; make it and run it on the main thread."""

    def __init__(self, clock: Clock, platform: str) -> None:
        if sys.platform.startswith("linux"):
            # This process shows nothing; a real platform is there for capturing the screen.
            os.environ["QT_QPA_PLATFORM"] = platform or "offscreen"
            if platform == "xcb":
                os.environ.pop("WAYLAND_DISPLAY", None)
                os.environ["XDG_SESSION_TYPE"] = "x11"  # without it Qt lists no windows and takes a slower way
        qInstallMessageHandler(_log_message)
        self._application = QGuiApplication([sys.argv[0]])
        self._caller = QtCaller()
        self.devices: Devices = QtDevices(self._caller, clock)

    def exec(self) -> None:
        """Run until ``quit``."""
        self._application.exec()

    def quit(self) -> None:
        """End ``exec``, from any thread."""
        self._caller.post(self._application.quit)

    def tidy(self) -> None:
        """Collect garbage on this thread, as Qt's objects may be among it; from any thread."""
        self._caller.post(gc.collect)


class QtDevices:
    """Implements ``devices.Devices``; called on the engine's thread."""

    def __init__(self, caller: QtCaller, clock: Clock) -> None:
        self._caller = caller
        self._clock = clock
        self._kept: list[QObject] = []
        self._cleaner = EchoWatch(make_cleaner())
        self._plugged: DeviceList | None = None
        self._shareable = ShareableList()
        self._listener: Callable[[], None] = lambda: None

    async def found(self) -> DevicesListed:
        """List what is plugged in."""
        return await self._caller.call(lambda: self._list().found())

    def on_change(self, changed: Callable[[], None]) -> None:
        """Have ``changed`` called on Qt's thread; hot-plug is watched from the first use of a device on."""
        self._listener = changed

    async def open_camera(self, device: str, deliver: DeliverFrame) -> Capture:
        """Open a camera by its id, or the default one."""
        return await self._open(lambda plugged: QtCamera(plugged.camera(device), deliver))

    async def open_microphone(self, device: str, deliver: DeliverSamples) -> Capture:
        """Open a microphone by its id, or the default one."""
        return await self._open(lambda plugged: QtMicrophone(plugged.microphone(device), deliver, self._cleaner))

    async def shareable(self) -> ShareableListed:
        """List the screens and windows there are now, or that the system asks by itself."""
        portal = await asyncio.to_thread(portal_is_there)
        return await self._caller.call(lambda: self._shareable.found(portal=portal))

    async def open_shared(self, source: str, deliver: DeliverFrame) -> Capture:
        """Capture a screen or window by its id."""
        if source == PORTAL and not await asyncio.to_thread(portal_is_there):
            raise DeviceError(DeviceProblem.NO_DEVICE)  # Qt would grab the pictures of this process instead

        def begin() -> QtShared:
            shared = QtShared(self._shareable, source, deliver, self._clock)
            try:
                shared.start()
            except DeviceError:
                self._release(shared)
                raise
            return shared

        device = await self._caller.call(begin)
        return QtHandle(device, lambda: self._caller.call(lambda: self._release(device)))

    async def open_speaker(self, device: str = "") -> Speaker:
        """Open a speaker, or the default one; without it, wait for it to be plugged in."""
        speaker = await self._caller.call(lambda: QtSpeaker(self._clock, self._cleaner, self._list().speakers, device))
        speaker.stop_soon = lambda: self._caller.call(lambda: self._release(speaker))
        return speaker

    def _list(self) -> DeviceList:
        """On Qt's thread; the multimedia backend is loaded by the first use, not by the start."""
        if self._plugged is None:
            self._plugged = DeviceList(self._plugged_in_or_out)
        return self._plugged

    def _plugged_in_or_out(self) -> None:
        self._listener()

    async def _open(self, make: Callable[[DeviceList], QtCamera | QtMicrophone]) -> Capture:
        def begin() -> QtCamera | QtMicrophone:
            made = make(self._list())
            try:
                made.start()
            except DeviceError:
                self._release(made)
                raise
            self._list().follow(made)
            return made

        device = await self._caller.call(begin)
        return QtHandle(device, lambda: self._caller.call(lambda: self._release(device)))

    def _release(self, device: QtCamera | QtMicrophone | QtShared | QtSpeaker) -> None:
        """Release a device on Qt's thread, and have the object die there.

        Its last reference is dropped by the engine's thread, and an object of Qt's destroyed there takes timers and
        driver threads with it that still run: the heap is corrupted. So Qt deletes it, and a reference is kept until
        then. One that could not be released stays: releasing will be tried again.
        """
        device.stop()
        is_released = isinstance(device, QtSpeaker) or not device.active
        if is_released and device not in self._kept:
            self._kept.append(device)
            device.deleteLater()
            QTimer.singleShot(KEPT_MS, self._caller, lambda: self._kept.remove(device))
