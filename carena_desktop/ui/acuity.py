"""Acuity as it is seen and said: digit, shape, colour and word, everywhere the same.

The colours were chosen so that the five are apart for every kind of colour vision (smallest difference 15.9 CIEDE2000
under protan, deutan and tritan; red, amber and green would be 6.6), and in grey by their lightness.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QLabel

from carena_desktop.ui.i18n import mark, tr, tr_marked
from carena_desktop.ui.theme import Theme

LEVELS: Final = (1, 2, 3, 4, 5)


class Shape(StrEnum):
    """What surrounds the digit."""

    OCTAGON = "octagon"
    DIAMOND = "diamond"
    SQUARE = "square"
    CIRCLE = "circle"
    RING = "ring"


@dataclass(frozen=True, slots=True)
class Look:
    """How one level is drawn; ``digit`` is the colour of its digit, empty for that of text."""

    shape: Shape
    fill: str
    digit: str
    word: str


LOOKS: Final = {
    1: Look(Shape.OCTAGON, "#7A0C36", "#FFFFFF", mark("Resuscitation")),
    2: Look(Shape.DIAMOND, "#C8450B", "#FFFFFF", mark("Emergent")),
    3: Look(Shape.SQUARE, "#D9A300", "#14202B", mark("Urgent")),
    4: Look(Shape.CIRCLE, "#3B8FCB", "#14202B", mark("Less urgent")),
    5: Look(Shape.RING, "#9AA7B3", "", mark("Non-urgent")),
}
_OCTAGON_CUT: Final = 0.29289
"""Of the side: what is cut from each corner of a square to leave a regular octagon."""


def word(level: int | None) -> str:
    """Return the name of a level."""
    return tr_marked(LOOKS[level].word) if level in LOOKS else tr("Not triaged")


def spoken(level: int | None) -> str:
    """Return a level for reading aloud: "Acuity 2 of 5, Emergent"."""
    if level not in LOOKS:
        return tr("No acuity yet")
    return tr("Acuity {level} of 5, {word}").format(level=level, word=word(level))


def paint(painter: QPainter, theme: Theme, box: QRectF, level: int | None, font: QFont) -> None:
    """Paint the mark of a level into a square; a dashed ring where there is none yet."""
    text = theme.color("text")
    painter.setFont(font)
    if level is None or level not in LOOKS:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("border"), 1.5, Qt.PenStyle.DashLine))
        painter.drawEllipse(box.adjusted(2, 2, -2, -2))
        painter.setPen(theme.color("text2"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "\u2013")
        return
    look = LOOKS[level]
    if look.shape is Shape.RING:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("text2"), 2))
        painter.drawEllipse(box.adjusted(2, 2, -2, -2))
    else:
        # On dark ground the darkest shapes need an edge to be seen as shapes (WCAG 2.2, 1.4.11).
        painter.setPen(QPen(theme.color("text2"), 1) if theme.dark else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.fill))
        _fill(painter, box, look.shape)
    painter.setPen(QColor(look.digit) if look.digit else text)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(level))


def _fill(painter: QPainter, box: QRectF, shape: Shape) -> None:
    match shape:
        case Shape.OCTAGON:
            cut = box.width() * _OCTAGON_CUT
            x0, y0, x1, y1 = box.left(), box.top(), box.right(), box.bottom()
            corners = (
                (x0 + cut, y0), (x1 - cut, y0), (x1, y0 + cut), (x1, y1 - cut),
                (x1 - cut, y1), (x0 + cut, y1), (x0, y1 - cut), (x0, y0 + cut),
            )  # fmt: skip
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
        case Shape.DIAMOND:
            wide = box.adjusted(-2, -2, 2, 2)
            middle = wide.center()
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(middle.x(), wide.top()),
                        QPointF(wide.right(), middle.y()),
                        QPointF(middle.x(), wide.bottom()),
                        QPointF(wide.left(), middle.y()),
                    ]
                )
            )
        case Shape.SQUARE:
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 3, 3)
        case Shape.CIRCLE:
            painter.drawEllipse(box)
        case Shape.RING:
            painter.drawEllipse(box.adjusted(1, 1, -1, -1))


class AcuityMark(QLabel):
    """The mark of one level as a widget; readers hear level and word."""

    def __init__(self, theme: Theme, level: int | None = None, size: int = 28) -> None:
        super().__init__()
        self._theme = theme
        self._size = size
        self._level = level
        side = theme.px(size) + 4
        self.setFixedSize(side, side)
        self.set_level(level)
        theme.changed.connect(self.update)

    @property
    def level(self) -> int | None:
        """The level shown."""
        return self._level

    def set_level(self, level: int | None) -> None:
        """Show another level."""
        self._level = level
        self.setAccessibleName(spoken(level))
        self.setToolTip(spoken(level))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the mark."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        paint(painter, self._theme, box, self._level, self._theme.font(round(self._size * 0.5), QFont.Weight.Bold))
        painter.end()
        event.accept()
