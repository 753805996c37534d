"""The visit's menu of views: over the whole screen, small on top, how the picture fills the room, the numbers."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from carena_desktop.ui.i18n import tr
from carena_desktop.ui.window_mode import WindowMode


class ViewMenu(QMenu):
    """What is on is ticked; a second choice of it ends it."""

    mode_requested = Signal(object)
    fill_requested = Signal(bool)
    details_requested = Signal(bool)
    security_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("View"))
        self._mode = WindowMode.NORMAL
        self.full_screen = self._line(tr("Full screen\tF"), lambda: self.flip(WindowMode.FULL_SCREEN))
        self.small = self._line(tr("Small window on top\tW"), lambda: self.flip(WindowMode.SMALL))
        self.addSeparator()
        self.fill = self._line(
            tr("Fill the room, cut the edges\tZ"), lambda: self.fill_requested.emit(self.fill.isChecked())
        )
        self.details = self._line(
            tr("Connection details\tI"), lambda: self.details_requested.emit(self.details.isChecked())
        )
        self.security = QAction(tr("Security of this visit\tE"), self)
        self.security.triggered.connect(self.security_requested)
        self.addAction(self.security)

    def show_mode(self, mode: WindowMode) -> None:
        """Tick what is on."""
        self._mode = mode
        self.full_screen.setChecked(mode is WindowMode.FULL_SCREEN)
        self.small.setChecked(mode is WindowMode.SMALL)

    def flip(self, mode: WindowMode) -> None:
        """Ask for a mode, or for the ordinary one when it is on already."""
        self.mode_requested.emit(WindowMode.NORMAL if self._mode is mode else mode)

    def _line(self, words: str, act: Callable[[], None]) -> QAction:
        action = QAction(words, self)
        action.setCheckable(True)
        action.triggered.connect(act)
        self.addAction(action)
        return action
