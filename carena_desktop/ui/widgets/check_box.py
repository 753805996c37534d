"""A check box in the theme's colours: a style sheet can only name a file for the tick, and a file has one colour."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QStyle

from carena_desktop.ui.theme import Theme

_SIDE = 18
_GAP = 9


class CheckBox(QCheckBox):
    """``alarming``: what is ticked is shown in the colour of danger, and bold."""

    def __init__(self, theme: Theme, words: str, *, alarming: bool = False) -> None:
        super().__init__(words)
        self._theme = theme
        self._alarming = alarming
        self.setAccessibleName(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumHeight(theme.px(26))
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Box, gap and words."""
        metrics = self.fontMetrics()
        width = self._theme.px(_SIDE) + _GAP + metrics.horizontalAdvance(self.text()) + metrics.averageCharWidth() * 3
        return QSize(width, max(self.minimumHeight(), metrics.height() + 6))

    def minimumSizeHint(self) -> QSize:
        """As ``sizeHint``."""
        return self.sizeHint()

    def hitButton(self, _at: object) -> bool:
        """The whole line can be clicked."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw box, tick, words and focus."""
        side = self._theme.px(_SIDE)
        tone = "danger" if self._alarming else "accent"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRect(2, (self.height() - side) // 2, side, side)
        box = QStyle.visualRect(self.layoutDirection(), self.rect(), box)
        focused = self.hasFocus()
        painter.setPen(QPen(self._theme.color("focus" if focused else tone if self.isChecked() else "border"), 2))
        painter.setBrush(self._theme.color("surface"))
        painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), 4, 4)
        if self.isChecked():
            inner = box.adjusted(2, 2, -2, -2)
            self._theme.icon("check", tone, _SIDE - 4).paint(painter, inner)
        font = self.font()
        font.setBold(self.isChecked() and self._alarming)
        painter.setFont(font)
        painter.setPen(self._theme.color(tone if self.isChecked() and self._alarming else "text"))
        words = QRect(side + 2 + _GAP, 0, self.width() - side - 2 - _GAP, self.height())
        start = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(
            QStyle.visualRect(self.layoutDirection(), self.rect(), words),
            int(QStyle.visualAlignment(self.layoutDirection(), start)),
            self.text(),
        )
        painter.end()
        event.accept()
