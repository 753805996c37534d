"""A border around the screen that the other party sees; above everything, taking neither clicks nor the keyboard."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QRegion, QScreen
from PySide6.QtWidgets import QWidget

from carena_desktop.call.ports import SCREEN_PREFIX
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.theme import Theme

_WIDTH = 4


class ShareBorder(QWidget):
    """Hidden unless a whole screen is shared: a window shows by itself what it is."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowFlags(
            Qt.WindowType.Tool
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.WindowTransparentForInput
            | Qt.WindowType.WindowDoesNotAcceptFocus
            | Qt.WindowType.BypassWindowManagerHint
        )
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowTitle(tr("Shared screen"))
        self.setAccessibleName(tr("Border of the shared screen"))
        self.hide()

    def show_around(self, source: str) -> None:
        """Show it around the screen with this id; any other id hides it."""
        screen = _screen(source)
        if screen is None:
            self.hide()
            return
        self.setGeometry(screen.geometry())
        whole = QRect(0, 0, self.width(), self.height())
        self.setMask(QRegion(whole) - QRegion(whole.adjusted(_WIDTH, _WIDTH, -_WIDTH, -_WIDTH)))
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """One colour; the mask leaves the border of it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("warn"))
        painter.end()
        event.accept()


def _screen(source: str) -> QScreen | None:
    if not source.startswith(SCREEN_PREFIX):
        return None
    name = source.removeprefix(SCREEN_PREFIX)
    return next((screen for screen in QGuiApplication.screens() if screen.name() == name), None)
