"""Screens and windows through QtMultimedia. Objects live on Qt's thread; only ``CaptureGuard`` opens them.

The ids are given here: a screen's is its name, a window's counts up, because systems have no lasting one. A window that
is closed ends its capture; no other is captured in its place. Under Wayland the system's portal asks what to share
(``qt_portal``).
"""

from typing import Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtMultimedia import (
    QCapturableWindow,
    QMediaCaptureSession,
    QScreenCapture,
    QVideoFrame,
    QVideoSink,
    QWindowCapture,
)

from carena_desktop.call.engine.devices import DeliverFrame, DeviceError, DeviceProblem
from carena_desktop.call.engine.qt_camera import convert
from carena_desktop.call.engine.scaler import Scaler
from carena_desktop.call.ports import PORTAL, SCREEN_PREFIX, Shareable, ShareableListed
from carena_desktop.clock import Clock

MAX_SIZE: Final = (1920, 1080)
MAX_FPS: Final = 15
"""Screens are captured at their own rate, 60 and more; copying each picture would cost a core for nothing."""
_WINDOW: Final = "window:"
_MAX_NAME: Final = 120
_MAX_LISTED: Final = 64


class ShareableList:
    """What can be captured now, with ids that stay while the process lives."""

    def __init__(self) -> None:
        self._windows: dict[str, QCapturableWindow] = {}
        self._count = 0

    def found(self, *, portal: bool = False) -> ShareableListed:
        """Return screens first, then windows by title; nothing where no screen can be captured.

        Args:
            portal: Whether the system asks by itself, and all that can be listed is that it will.
        """
        if portal:
            return ShareableListed((Shareable(PORTAL, "", is_screen=True),))
        if QGuiApplication.platformName() in {"offscreen", "minimal"}:
            return ShareableListed()
        screens = [
            Shareable(SCREEN_PREFIX + screen.name(), _described(screen, number), is_screen=True)
            for number, screen in enumerate(QGuiApplication.screens(), 1)
        ]
        titled = [window for window in QWindowCapture.capturableWindows() if window.description().strip()]
        windows = [
            Shareable(self._id(window), window.description().strip()[:_MAX_NAME], is_screen=False) for window in titled
        ]
        return ShareableListed((*screens, *sorted(windows, key=lambda each: each.name.casefold()))[:_MAX_LISTED])

    def screen(self, source: str) -> QScreen | None:
        """Return the screen with this id."""
        return next((each for each in QGuiApplication.screens() if SCREEN_PREFIX + each.name() == source), None)

    def window(self, source: str) -> QCapturableWindow | None:
        """Return the window with this id while it exists."""
        window = self._windows.get(source)
        return window if window is not None and window.isValid() else None

    def _id(self, window: QCapturableWindow) -> str:
        for known, other in self._windows.items():
            if other == window:
                return known
        self._count += 1
        name = f"{_WINDOW}{self._count}"
        self._windows[name] = window
        return name


def _described(screen: QScreen, number: int) -> str:
    ratio = screen.devicePixelRatio()
    size = screen.size()
    return f"Screen {number}, {round(size.width() * ratio)} \u00d7 {round(size.height() * ratio)}"


class QtShared(QObject):
    """One captured screen or window; implements ``qt_handle.Openable``.

    Raises:
        DeviceError: There is no such screen or window.
    """

    def __init__(self, shareable: ShareableList, source: str, deliver: DeliverFrame, clock: Clock) -> None:
        super().__init__()
        self._deliver = deliver
        self._scaler = Scaler()
        self._clock = clock
        self._due = float("-inf")
        self._session = QMediaCaptureSession(self)
        self._sink = QVideoSink(self)
        self._session.setVideoSink(self._sink)
        self._sink.videoFrameChanged.connect(self._frame_changed)
        self._capture: QScreenCapture | QWindowCapture = self._made(shareable, source)
        self._capture.activeChanged.connect(self._active_changed)
        self._capture.errorOccurred.connect(self._error_occurred)
        self.device = source
        self.active = False
        self.problem: DeviceProblem | None = None
        self.silent_s = 0.0
        self.echoes = False

    def start(self) -> None:
        """Capture; raises DeviceError."""
        self.active = True  # until proved otherwise
        self._capture.start()
        if self.problem is not None:
            self.stop()
            raise DeviceError(self.problem)

    def stop(self) -> None:
        """Release."""
        self._capture.stop()
        self.active = self._capture.isActive()

    def _made(self, shareable: ShareableList, source: str) -> QScreenCapture | QWindowCapture:
        if source == PORTAL:
            from PySide6.QtDBus import QDBusConnection  # noqa: PLC0415 - only Linux has it

            from carena_desktop.call.engine.qt_portal import PortalAnswers  # noqa: PLC0415 - as above

            by_portal = QScreenCapture(self)
            answers = PortalAnswers(QDBusConnection.sessionBus(), self)
            answers.refused.connect(self._refused)
            answers.ended.connect(self._error_occurred)
            self._session.setScreenCapture(by_portal)
            return by_portal
        screen, window = shareable.screen(source), shareable.window(source)
        if screen is not None:
            of_screen = QScreenCapture(self)
            of_screen.setScreen(screen)
            self._session.setScreenCapture(of_screen)
            return of_screen
        if window is not None:
            of_window = QWindowCapture(self)
            of_window.setWindow(window)
            self._session.setWindowCapture(of_window)
            return of_window
        raise DeviceError(DeviceProblem.NO_DEVICE)

    @Slot(QVideoFrame)
    def _frame_changed(self, frame: QVideoFrame) -> None:
        now = self._clock.monotonic()
        if now < self._due:
            return
        self._due = max(self._due + 1 / MAX_FPS, now)
        converted = convert(frame, self._scaler, MAX_SIZE)
        if converted is not None:
            self._deliver(converted)

    @Slot(bool)
    def _active_changed(self, active: bool) -> None:  # noqa: FBT001 - Qt's signature
        self.active = active

    @Slot()
    def _error_occurred(self) -> None:
        self.problem = DeviceProblem.GONE

    @Slot()
    def _refused(self) -> None:
        self.problem = DeviceProblem.DENIED
