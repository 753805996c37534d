"""A switch: a check box that is painted as a track with a knob, and says On or Off beside it."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QStyle

from carena_desktop.ui.i18n import tr
from carena_desktop.ui.theme import Theme

_TRACK = QSize(38, 22)
_GAP = 8


class Switch(QCheckBox):
    """A check box for screen readers and the keyboard; its state is told by place, colour and word."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Track and the longer of the two words."""
        metrics = QFontMetrics(self._theme.font(12))
        word = max(metrics.horizontalAdvance(tr("On")), metrics.horizontalAdvance(tr("Off")))
        height = max(self._theme.px(_TRACK.height()), metrics.height()) + 6
        return QSize(self._theme.px(_TRACK.width()) + _GAP + word + 4, max(height, self._theme.px(28)))

    def minimumSizeHint(self) -> QSize:
        """The same: nothing of it can be left out."""
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        """All of it can be clicked."""
        del pos
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        on, theme = self.isChecked(), self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, height = theme.px(_TRACK.width()), theme.px(_TRACK.height())
        track = self._mirrored(QRect(1, (self.height() - height) // 2, width, height))
        enabled = self.isEnabled()
        ground = theme.color("accent" if on else "surface") if enabled else theme.color("neutral_tint")
        edge = theme.color("accent" if on and enabled else "border")
        painter.setPen(QPen(edge, 1.5))
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(track).adjusted(0.75, 0.75, -0.75, -0.75), height / 2, height / 2)
        side = height - 8
        left = track.left() + (track.width() - side - 4 if on != self.isRightToLeft() else 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._knob(on=on, enabled=enabled))
        painter.drawEllipse(QRectF(left, track.top() + 4, side, side))
        painter.setFont(theme.font(12))
        painter.setPen(theme.color("text2"))
        words = QRect(width + _GAP, 0, self.width() - width - _GAP, self.height())
        begin = QStyle.visualAlignment(
            self.layoutDirection(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        painter.drawText(self._mirrored(words), begin, tr("On") if on else tr("Off"))
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()
        event.accept()

    def _knob(self, *, on: bool, enabled: bool) -> QColor:
        if not enabled:
            return self._theme.color("text3")
        return self._theme.color("on_accent" if on else "text2")

    def _mirrored(self, rect: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), rect)
