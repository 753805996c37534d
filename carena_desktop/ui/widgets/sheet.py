"""A card that lies over a page, takes the keyboard and gives it back; Escape puts it away."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.scrolling import height_for

_WIDE = 440
_EDGE = 32
_BESIDE_FROM = 980
_BESIDE = 14
_BELOW_BAR = 60
_SHADE = QColor(8, 16, 22, 110)


class _Veil(QWidget):
    """Darkens the page behind a question, and takes the clicks that are not for it."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Shade everything."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), _SHADE)
        painter.end()
        event.accept()


class FloatingSheet(QFrame):
    """Hidden until somebody shows it; whoever made it calls ``place`` when the page changes its size.

    Tab stays inside: what lies behind is not to be answered now.

    Args:
        parent: The page.
        veiled: Whether the page is darkened meanwhile; never over a patient's picture, which has to be seen.
    """

    def __init__(self, theme: Theme, parent: QWidget, *, veiled: bool = True) -> None:
        super().__init__(parent)
        self._theme = theme
        self._before: QWidget | None = None
        self._veil = _Veil(parent) if veiled else None
        if self._veil is not None:
            self._veil.hide()
        self.setProperty("role", "ask")
        self.hide()

    def put(self, *parts: QWidget, buttons: tuple[QWidget, ...]) -> None:
        """Put parts below each other and the buttons at the end; once, when all of them are made."""
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(10)
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        column.addLayout(row)

    def place(self) -> None:
        """Stand in the middle of the page, or beside a patient's picture, as tall as the words need."""
        over = self.parentWidget()
        if over is None or not self.isVisible():
            return
        width = self.width_in(over)
        layout = self.layout()
        height = height_for(layout, width) if layout is not None else self.height()
        height = min(max(height, self.minimumSizeHint().height()), over.height() - _EDGE)
        left, top = (over.width() - width) // 2, (over.height() - height) // 2
        if self._veil is None and over.width() >= self._theme.px(_BESIDE_FROM):
            left = _BESIDE if self.isRightToLeft() else over.width() - width - _BESIDE
            top = min(top, self._theme.px(_BELOW_BAR))
        self.setGeometry(left, top, width, height)
        self._place_veil()

    def width_in(self, over: QWidget) -> int:
        """How wide the card is over a page."""
        return min(self._theme.px(_WIDE), over.width() - _EDGE)

    def close_sheet(self) -> None:
        """Put the card away; subclasses say what else ends."""
        self.hide()

    def showEvent(self, event: QShowEvent) -> None:
        """Darken the page, and note where the keyboard was."""
        super().showEvent(event)
        focus: QWidget | None = self.window().focusWidget()
        if focus is not None and not self.isAncestorOf(focus):
            self._before = focus
        self._place_veil()

    def hideEvent(self, event: QHideEvent) -> None:
        """Show the page again, and give the keyboard back."""
        super().hideEvent(event)
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        if self._veil is not None:
            self._veil.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves everything as it was."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt's
        """Go round inside the card."""
        return go_round(self, forward=forward)

    def _place_veil(self) -> None:
        over = self.parentWidget()
        if self._veil is None or over is None:
            return
        self._veil.setGeometry(over.rect())
        self._veil.show()
        self._veil.raise_()
        self.raise_()


def go_round(card: QWidget, *, forward: bool) -> bool:
    """Give the keyboard to the next stop of Tab inside ``card``, after the last the first; say whether it has any."""
    stops = tuple(_stops(card))
    if not stops:
        return False
    focus = card.focusWidget()
    here = next((at for at, stop in enumerate(stops) if stop is focus), -1 if forward else 0)
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    stops[(here + (1 if forward else -1)) % len(stops)].setFocus(reason)
    return True


def _stops(card: QWidget) -> Iterator[QWidget]:
    at = card.nextInFocusChain()
    while at is not None and at is not card:
        usable = at.isVisible() and at.isEnabled() and at.focusPolicy() & Qt.FocusPolicy.TabFocus
        if usable and card.isAncestorOf(at):
            yield at
        at = at.nextInFocusChain()
