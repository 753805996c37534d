"""The four pictures and six digits of a safety code: in a row, or two by two where their names are too long for one."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout

from carena_desktop.ui.widgets.labels import label

_ACROSS = 4
_PAD = 8


class CodeTile(QFrame):
    """Shows a code; as narrow as the longer two of its names beside their pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "tile")
        self._symbols = [label("", "display") for _ in range(_ACROSS)]
        self._names = [label("", "secondary") for _ in range(_ACROSS)]
        self._digits = label("", "number")
        self._across: bool | None = None
        for part in (*self._symbols, *self._names, self._digits):
            part.setParent(self)
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            part.setMinimumWidth(1)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(_PAD, 10, _PAD, 10)
        self._grid.setHorizontalSpacing(_PAD)
        self._grid.setVerticalSpacing(4)
        self._arrange()

    def show_code(self, pictures: tuple[str, ...], names: tuple[str, ...], digits: str) -> None:
        """Show pictures (four), their names as they are read out, and the digits."""
        for labels, values in ((self._symbols, pictures), (self._names, names)):
            for part, value in zip(labels, values, strict=False):
                part.setText(value)
        self._digits.setText(f"{digits[:3]} {digits[3:]}")
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the rows that fit."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        room = self.width() - (_ACROSS + 1) * _PAD
        across = sum(name.sizeHint().width() for name in self._names) <= room
        if across is self._across:
            return
        self._across = across
        for part in (*self._symbols, *self._names, self._digits):
            self._grid.removeWidget(part)
        for at, (symbol, name) in enumerate(zip(self._symbols, self._names, strict=True)):
            if across:
                self._grid.addWidget(symbol, 0, at)
                self._grid.addWidget(name, 1, at)
            else:
                self._grid.addWidget(symbol, at // 2, at % 2 * 2)
                self._grid.addWidget(name, at // 2, at % 2 * 2 + 1, Qt.AlignmentFlag.AlignLeft)
        self._grid.addWidget(self._digits, 2, 0, 1, _ACROSS)
