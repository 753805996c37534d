"""A drop-down list with its caption above, filled from values and silent while it is."""

from PySide6.QtCore import QRect, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QVBoxLayout, QWidget

from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.labels import label


class ChoiceBox(QComboBox):
    """With an arrow of our own: a style sheet can only name a file, and a file has one colour."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setMinimumHeight(theme.px(36))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the field, then its arrow where reading ends."""
        super().paintEvent(event)
        side, gap = self._theme.px(18), self._theme.px(10)
        right = self.layoutDirection() is Qt.LayoutDirection.LeftToRight
        place = QRect(self.width() - gap - side if right else gap, (self.height() - side) // 2, side, side)
        painter = QPainter(self)
        self._theme.icon("chevron-down", "text2", side).paint(painter, place)
        painter.end()


class ChoiceField(QWidget):
    """Emits ``chosen`` with the value when the person picks a line."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, caption: str) -> None:
        super().__init__()
        self._lines: tuple[tuple[str, str], ...] = ()
        self.box = ChoiceBox(theme)
        self.box.setAccessibleName(caption)
        self.box.setMinimumContentsLength(12)
        words = label(caption, "field")
        words.setBuddy(self.box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(words)
        column.addWidget(self.box)
        self.box.activated.connect(self._picked)

    def show_lines(self, lines: tuple[tuple[str, str], ...], at: int) -> None:
        """Show pairs of value and words, the one ``at`` being chosen."""
        with QSignalBlocker(self.box):
            if lines != self._lines:
                self._lines = lines
                self.box.clear()
                for value, words in lines:
                    self.box.addItem(words, value)
            self.box.setCurrentIndex(at)

    def _picked(self, at: int) -> None:
        self.chosen.emit(self._lines[at][0])
