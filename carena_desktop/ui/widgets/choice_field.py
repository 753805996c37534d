"""A drop-down list with its caption above, filled from values and silent while it is."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy, QVBoxLayout, QWidget

from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.labels import label


class ChoiceField(QWidget):
    """Emits ``chosen`` with the value when the person picks a line."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, caption: str) -> None:
        super().__init__()
        self._lines: tuple[tuple[str, str], ...] = ()
        self.box = QComboBox()
        self.box.setAccessibleName(caption)
        self.box.setMinimumHeight(theme.px(36))
        self.box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
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
