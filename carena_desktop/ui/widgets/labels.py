"""Text and icons that follow the theme: labels, elided labels, icons, pills. Text is always plain, never markup."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from carena_desktop.ui.theme import Theme


def restyle(widget: QWidget, name: str, value: str) -> None:
    """Set a dynamic property that the style sheet selects on, and have the sheet looked at again."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def label(text: str = "", kind: str = "body", *, wrap: bool = False) -> QLabel:
    """Return a plain-text label; ``kind`` picks size, weight and colour in the style sheet."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("kind", kind)
    made.setWordWrap(wrap)
    if wrap:
        made.setMinimumWidth(1)
    return made


class ElidedLabel(QLabel):
    """One line that gives way: what doesn't fit ends in an ellipsis, the whole is in the tooltip and for readers."""

    def __init__(self, text: str = "", kind: str = "body") -> None:
        super().__init__()
        self._full = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("kind", kind)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.set_full_text(text)

    def set_full_text(self, text: str) -> None:
        """Show ``text``."""
        self._full = text
        self.setAccessibleName(text)
        self._elide()
        self.updateGeometry()

    def full_text(self) -> str:
        """The text before eliding."""
        return self._full

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the text to the new width."""
        super().resizeEvent(event)
        self._elide()

    def sizeHint(self) -> QSize:
        """Wide enough for the whole text."""
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance(self._full) + 2, hint.height())

    def minimumSizeHint(self) -> QSize:
        """Narrow as can be, tall as the font."""
        return QSize(self.fontMetrics().averageCharWidth() * 4, super().minimumSizeHint().height())

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideRight, max(self.width(), 1))
        self.setText(shown)
        self.setToolTip(self._full if shown != self._full else "")


class IconLabel(QWidget):
    """A Lucide icon in a token's colour. Decoration: what it means is said in words beside it."""

    def __init__(self, theme: Theme, name: str, token: str, size: int = 18) -> None:
        super().__init__()
        self._theme = theme
        self._name = name
        self._token = token
        self._size = size
        side = theme.px(size)
        self.setFixedSize(side, side)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self.update)

    def set_icon(self, name: str, token: str) -> None:
        """Show another icon or colour."""
        if (name, token) != (self._name, self._token):
            self._name, self._token = name, token
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon at the screen's pixel ratio."""
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._theme.pixmap(self._name, self._token, self._size, self.devicePixelRatioF()))
        painter.end()
        event.accept()


_PILL_MARGINS = (10, 5, 12, 5)
_BRIEF_MARGINS = (4, 4, 4, 4)


class Pill(QFrame):
    """Icon, word and tint: how a status is always said.

    Tones: ok, warn, danger, info, neutral; on dark ground stage, live, rail, alarm.
    """

    def __init__(self, theme: Theme, icon: str = "info", text: str = "", tone: str = "neutral") -> None:
        super().__init__()
        self.setProperty("role", "pill")
        self.setProperty("tone", tone)
        self._icon = IconLabel(theme, icon, _tone_token(tone), 15)
        self._label = label(text, "pill")
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(*_PILL_MARGINS)
        row.setSpacing(6)
        row.addWidget(self._icon)
        row.addWidget(self._label)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._brief = False
        self.set(icon, text, tone)

    @property
    def text_label(self) -> QLabel:
        """The label that carries the word."""
        return self._label

    def set(self, icon: str, text: str, tone: str) -> None:
        """Show another status."""
        restyle(self, "tone", tone)
        restyle(self._label, "tone", tone)
        self._icon.set_icon(icon, _tone_token(tone))
        if self._label.text() != text:
            self._label.setText(text)
            self._label.setAccessibleName(text)
            self._say()

    def set_brief(self, *, brief: bool) -> None:
        """Show the icon alone, with the word as its tip and its name, where there is no room for the word."""
        if brief == self._brief:
            return
        self._brief = brief
        self._label.setVisible(not brief)
        self._row.setContentsMargins(*(_BRIEF_MARGINS if brief else _PILL_MARGINS))
        self._row.activate()
        self._say()

    def _say(self) -> None:
        self.setToolTip(self._label.text() if self._brief else "")
        self.setAccessibleName(self._label.text() if self._brief else "")


def _tone_token(tone: str) -> str:
    own = {"neutral": "text2", "stage": "on_stage", "live": "live", "rail": "rail_text", "alarm": "on_danger"}
    return own.get(tone, tone)
