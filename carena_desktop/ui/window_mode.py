"""How the window lies on the screen during a visit: as it was, over everything, or small in a corner on top."""

from enum import StrEnum

from PySide6.QtCore import QObject, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QMainWindow

from carena_desktop.ui.theme import Theme

_SMALL = QSize(416, 234)
_SMALLEST = QSize(240, 135)
_FROM_EDGE = 24


class WindowMode(StrEnum):
    """The three ways."""

    NORMAL = "normal"
    FULL_SCREEN = "full_screen"
    SMALL = "small"


class WindowModes(QObject):
    """Changes a window from one mode to another and back to exactly what it was.

    Args:
        window: With its ordinary minimum size set.
    """

    changed = Signal(object)

    def __init__(self, theme: Theme, window: QMainWindow) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._mode = WindowMode.NORMAL
        self._geometry = QRect()
        self._minimum = window.minimumSize()
        self._maximized = False

    @property
    def mode(self) -> WindowMode:
        """The mode now."""
        return self._mode

    def set(self, mode: WindowMode) -> None:
        """Change; what the window was is remembered on leaving ``NORMAL``."""
        if mode is self._mode:
            return
        if self._mode is WindowMode.NORMAL:
            self._geometry, self._maximized = self._window.geometry(), self._window.isMaximized()
            self._minimum = self._window.minimumSize()
        left, self._mode = self._mode, mode
        if mode is WindowMode.SMALL:
            self.changed.emit(mode)  # before there is no room: nobody shall take the small size for a narrow window
        if left is WindowMode.SMALL:
            self._stay_on_top(on=False)
        match mode:
            case WindowMode.FULL_SCREEN:
                self._window.setMinimumSize(self._minimum)
                self._window.showFullScreen()
            case WindowMode.SMALL:
                self._window.showNormal()
                self._stay_on_top(on=True)
                self._to_corner()
            case WindowMode.NORMAL:
                self._restore()
        if mode is not WindowMode.SMALL:
            self.changed.emit(mode)

    def _stay_on_top(self, *, on: bool) -> None:
        """By the system's window: the widget's own flag would take the window away, and the keyboard with it."""
        handle = self._window.windowHandle()
        if handle is not None:
            handle.setFlag(Qt.WindowType.WindowStaysOnTopHint, on)

    def _to_corner(self) -> None:
        small = QSize(self._theme.px(_SMALL.width()), self._theme.px(_SMALL.height()))
        room = self._window.screen().availableGeometry()
        small = small.boundedTo(room.size())
        self._window.setMinimumSize(_SMALLEST.boundedTo(small))
        self._window.resize(small)
        self._window.move(
            room.right() - small.width() - _FROM_EDGE, max(room.top(), room.bottom() - small.height() - _FROM_EDGE)
        )

    def _restore(self) -> None:
        self._window.setMinimumSize(self._minimum)
        if self._maximized:
            self._window.showMaximized()
        else:
            self._window.showNormal()
            self._window.setGeometry(self._geometry)
