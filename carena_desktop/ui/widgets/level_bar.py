"""A level in segments: how much is lit says it, not the colour."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from carena_desktop.ui.theme import Theme

SEGMENTS = 24
_GAP = 4
_HEIGHT = 14


class LevelBar(QWidget):
    """Shows 0 to 1. Repaints only when a segment changes."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._lit = 0
        self.setAccessibleName(name)
        self.setFixedHeight(theme.px(_HEIGHT))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def lit(self) -> int:
        """How many segments are lit."""
        return self._lit

    def set_level(self, level: float) -> None:
        """Show a level, 0 to 1."""
        lit = round(min(max(level, 0.0), 1.0) * SEGMENTS)
        if lit != self._lit:
            self._lit = lit
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(SEGMENTS * 12, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the segments from the start side."""
        painter = QPainter(self)
        step = (self.width() + _GAP) / SEGMENTS
        for at in range(SEGMENTS):
            left, right = round(at * step), round((at + 1) * step) - _GAP
            box = QStyle.visualRect(
                self.layoutDirection(), self.rect(), QRect(left, 0, max(1, right - left), self.height())
            )
            painter.fillRect(box, self._theme.color("ok" if at < self._lit else "line"))
        painter.end()
        event.accept()
