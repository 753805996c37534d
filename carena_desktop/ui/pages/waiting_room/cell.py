"""One cell being painted. Rectangles are laid out left to right and mirrored when drawn.

One object paints every cell, with what is costly kept: metrics, colours and cut texts.
"""

from typing import Final, TypeAlias

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle

from carena_desktop.ui import acuity, text
from carena_desktop.ui.pages.waiting_room.rows import Device, Readiness, Signal
from carena_desktop.ui.theme import Theme

_PAD: Final = 9
_GAP: Final = 3
_START: Final = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
_MIDDLE: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignHCenter
_CUT_TEXTS: Final = 4096
_PALE_TONES: Final = {"info", "neutral"}
"""Their tints can't be told from a selected row's."""
_CAMERAS: Final = {Device.OK: ("video", "ok"), Device.BAD: ("video-off", "danger"), Device.UNTESTED: ("video", "text3")}
_MICROPHONES: Final = {Device.OK: ("mic", "ok"), Device.BAD: ("mic-off", "danger"), Device.UNTESTED: ("mic", "text3")}
_BARS: Final = 4
_SIGNALS: Final = {
    Signal.GOOD: (4, "ok"),
    Signal.FAIR: (2, "warn"),
    Signal.POOR: (1, "danger"),
    Signal.UNTESTED: (0, "text3"),
}
"""How many bars of the signal are full, and in which colour."""


class Face:
    """A font with its measures, and the texts that were cut in it."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self._metrics = QFontMetrics(font)
        self.height = self._metrics.height()
        self._cut: dict[tuple[str, int], str] = {}
        self._wrapped: dict[tuple[tuple[str, ...], int, int], tuple[str, ...]] = {}

    def width(self, words: str) -> int:
        """How wide ``words`` are."""
        return self._metrics.horizontalAdvance(words)

    def cut(self, words: str, room: int) -> str:
        """Return ``words`` with their direction kept to themselves, cut with an ellipsis to ``room``."""
        key = (words, room)
        found = self._cut.get(key)
        if found is None:
            if len(self._cut) > _CUT_TEXTS:
                self._cut.clear()
            found = self._metrics.elidedText(text.isolate(words), Qt.TextElideMode.ElideRight, room)
            self._cut[key] = found
        return found

    def wrapped(self, parts: tuple[str, ...], room: int, most: int) -> tuple[str, ...]:
        """Return parts, with dots between them, on so many lines at most; what has no room is counted, not dropped."""
        key = (parts, room, most)
        found = self._wrapped.get(key)
        if found is None:
            if len(self._wrapped) > _CUT_TEXTS:
                self._wrapped.clear()
            for shown in range(len(parts), 0, -1):
                more = "" if shown == len(parts) else f" · +{len(parts) - shown}"
                found = self.broken(" · ".join(parts[:shown]) + more, room)
                if len(found) <= most:
                    break
            else:  # one alone is too long: it is cut, and the count stands before it
                more = f"+{len(parts) - 1} · " if len(parts) > 1 else ""
                found = self.broken(more + parts[0], room)
                found = (*found[: most - 1], " ".join(found[most - 1 :]))
            self._wrapped[key] = found
        return found

    def broken(self, words: str, room: int) -> tuple[str, ...]:
        """Return words broken at spaces into lines of at most ``room``; a dot stays with the word before it."""
        lines = [""]
        for word in words.replace(" ·", "\u00a0·").split(" "):
            longer = f"{lines[-1]} {word}".strip()
            if not lines[-1] or self._metrics.horizontalAdvance(longer) <= room:
                lines[-1] = longer
            else:
                lines.append(word)
        return tuple(lines)


Line: TypeAlias = tuple[str, Face, str]
"""Words, face and the token of the colour."""


class Cell:
    """Paints into the rectangle given by ``begin``."""

    def __init__(self, theme: Theme, small: Face) -> None:
        self._theme = theme
        self._small = small
        self._colors: dict[str, QColor] = {}
        self._painter: QPainter
        self._direction = Qt.LayoutDirection.LeftToRight
        self._rect = QRect()
        self.inner = QRect()
        self._selected = False

    def begin(self, painter: QPainter, rect: QRect, direction: Qt.LayoutDirection) -> "Cell":
        """Paint there from now on."""
        self._painter = painter
        self._direction = direction
        self._rect = rect
        self.inner = self._rect.adjusted(_PAD, 0, -_PAD, -1)
        return self

    def end(self) -> None:
        """Let go of the painter, which lives for one paint only."""
        del self._painter

    def ground(self, *, selected: bool, first: bool) -> None:
        """Fill the selection and draw the line below."""
        rect = self._rect
        self._selected = selected
        if selected:
            self._painter.fillRect(rect, self._color("selection"))
            if first:
                bar = QRect(rect.left(), rect.top(), 3, rect.height() - 1)
                self._painter.fillRect(QStyle.visualRect(self._direction, rect, bar), self._color("accent"))
        self._painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), self._color("line"))

    def acuity(self, level: int | None, face: Face) -> None:
        """Draw the mark of an acuity."""
        side = self._theme.px(26)
        box = QRect(0, 0, side, side)
        box.moveCenter(self._rect.center())
        acuity.paint(self._painter, self._theme, QRectF(box), level, face.font)

    def lines(self, *lines: Line, icon: str = "") -> None:
        """Draw up to three lines, together in the middle; ``icon`` stands before the last."""
        inner = self.inner
        top = inner.top() + (inner.height() - sum(face.height for _, face, _ in lines) - _GAP * (len(lines) - 1)) // 2
        for at, (words, face, token) in enumerate(lines):
            left = inner.left()
            if icon and at == len(lines) - 1:
                side = self._theme.px(14)
                self._icon(icon, token, 14, QRect(left, top + (face.height - side) // 2, side, side))
                left += side + 5
            self._words(QRect(left, top, inner.right() + 1 - left, face.height), words, face, token)
            top += face.height + _GAP

    def flagged(self, first: Line, parts: tuple[str, ...], face: Face, *, icon: str) -> None:
        """Draw a line, and below it all that is urgent in the lines that are left; what has no room is counted."""
        inner, token = self.inner, "danger"
        side = self._theme.px(14) + 5
        room = inner.width() - side
        words, above, tone = first
        lines = face.wrapped(parts, room, max(1, (inner.height() - above.height) // face.height))
        tall = above.height + len(lines) * face.height
        gap = _GAP if tall + len(lines) * _GAP <= inner.height() else 0
        top = inner.top() + max(0, inner.height() - tall - len(lines) * gap) // 2
        self._words(QRect(inner.left(), top, inner.width(), above.height), words, above, tone)
        top += above.height + gap
        self._icon(icon, token, 14, QRect(inner.left(), top + (face.height - side + 5) // 2, side - 5, side - 5))
        for line in lines:
            self._words(QRect(inner.left() + side, top, room, face.height), line, face, token)
            top += face.height + gap

    def badge(self, icon: str, words: str, face: Face) -> None:
        """Draw an icon with a number at the end of the first line, and leave no words under it."""
        side = self._theme.px(14)
        width = side + (face.width(words) + 4 if words else 0)
        left = self.inner.right() + 1 - width
        top = self.inner.center().y() - face.height
        self._icon(icon, "accent_text", 14, QRect(left, top + (face.height - side) // 2, side, side))
        if words:
            self._words(QRect(left + side + 4, top, width - side - 2, face.height), words, face, "accent_text")
        self.inner.setRight(left - 5)

    def timed(self, time: Line, share: float, target: tuple[str, bool]) -> None:
        """Draw a running time over a bar that fills to the target; past it the bar is full and a clock stands there."""
        words, face, token = time
        label, over = target
        inner, small, px = self.inner, self._small, self._theme.px
        top = inner.top() + (inner.height() - face.height - small.height - _GAP) // 2
        self._words(QRect(inner.left(), top, inner.width(), face.height), words, face, token)
        if over:
            side = px(15)
            left = inner.left() + face.width(words) + 6
            self._icon("clock-alert", token, 15, QRect(left, top + (face.height - side) // 2, side, side))
        top += face.height + _GAP
        if not over:
            bar = QRect(inner.left(), top + small.height // 2 - 2, min(px(44), inner.width() // 2), 4)
            self._bar(bar, share, token if token in {"danger", "warn"} else "accent")
            left = bar.right() + 7
            self._words(QRect(left, top, inner.right() + 1 - left, small.height), label, small, "text2")
            return
        bar = QRect(inner.left(), top + small.height // 2 - 2, min(px(24), inner.width() // 3), 4)
        self._bar(bar, 1.0, token)
        left = bar.right() + 7
        self._words(QRect(left, top, inner.right() + 1 - left, small.height), label, small, token)

    def pill(self, icon: str, word: str, tone: str, face: Face, under: tuple[str, str]) -> None:
        """Draw a status and, below it, a small line (words and token)."""
        side = self._theme.px(15)
        height = face.height + 8
        beside = self.inner.width() - 4
        lines = self._small.wrapped((under[0],), beside, 2) if under[0] else ()
        if height + 2 + len(lines) * self._small.height > self.inner.height():
            lines = lines and (under[0],)
        tall = height + (len(lines) * self._small.height + 2 if lines else 0)
        left, top = self.inner.left() - 4, self.inner.top() + (self.inner.height() - tall) // 2
        width = face.width(word) + 2
        box = QRect(left, top, 10 + side + 6 + width + 12, height)
        self._painter.setPen(Qt.PenStyle.NoPen)
        pale = self._selected and tone in _PALE_TONES
        self._painter.setBrush(self._color("surface" if pale else f"{tone}_tint"))
        self._painter.drawRoundedRect(QRectF(self._mirrored(box)), height / 2, height / 2)
        token = "text2" if tone == "neutral" else tone
        self._icon(icon, token, 15, QRect(left + 10, top + (height - side) // 2, side, side))
        self._words(QRect(left + 16 + side, top, width, height), word, face, token)
        for at, line in enumerate(lines):
            room = QRect(left + 8, box.bottom() + 2 + at * self._small.height, beside, self._small.height)
            self._words(room, line, self._small, under[1])

    def readiness(self, readiness: Readiness) -> None:
        """Draw camera, microphone and signal: what is wrong is crossed out, not only red; the rest in words below."""
        side = self._theme.px(17)
        left = self.inner.left()
        below = self._small.height + _GAP if readiness.under else 0
        top = self.inner.top() + (self.inner.height() - side - below) // 2
        if readiness.under:
            room = QRect(left, top + side + _GAP, self.inner.right() + 1 - left, self._small.height)
            self._words(room, readiness.under, self._small, readiness.tone or "text2")
        for icon, token in (_CAMERAS[readiness.camera], _MICROPHONES[readiness.microphone]):
            self._icon(icon, token, 17, QRect(left, top, side, side))
            left += side + 10
        self._bars(QRect(left, top + 2, side, side - 4), *_SIGNALS[readiness.signal])

    def _bars(self, box: QRect, full: int, token: str) -> None:
        """Draw the bars of a signal: how many are full says it, not the colour."""
        step = box.width() / _BARS
        for at in range(_BARS):
            height = round(box.height() * (at + 1) / _BARS)
            bar = QRect(box.left() + round(at * step), box.bottom() + 1 - height, max(2, round(step) - 2), height)
            self._painter.fillRect(self._mirrored(bar), self._color(token if at < full else "line"))

    def _bar(self, bar: QRect, share: float, token: str) -> None:
        painter = self._painter
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color("line"))
        painter.drawRoundedRect(self._mirrored(bar), 2, 2)
        full = QRect(bar.left(), bar.top(), max(2, round(bar.width() * min(1.0, share))), bar.height())
        painter.setBrush(self._color(token))
        painter.drawRoundedRect(self._mirrored(full), 2, 2)

    def _words(self, rect: QRect, words: str, face: Face, token: str) -> None:
        painter = self._painter
        painter.setFont(face.font)
        painter.setPen(self._color(token))
        where = QStyle.visualAlignment(self._direction, _START)
        painter.drawText(self._mirrored(rect), int(where), face.cut(words, rect.width()))

    def _icon(self, name: str, token: str, size: int, box: QRect) -> None:
        pixmap = self._theme.pixmap(name, token, size, self._painter.device().devicePixelRatioF())
        self._painter.drawPixmap(self._mirrored(box), pixmap)

    def _color(self, token: str) -> QColor:
        found = self._colors.get(token)
        if found is None:
            found = self._colors[token] = self._theme.color(token)
        return found

    def _mirrored(self, rect: QRect) -> QRect:
        return QStyle.visualRect(self._direction, self.inner, rect)
