"""A card that lies over a page, takes the keyboard and gives it back; Escape puts it away."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from carena_desktop.ui.theme import Theme

_WIDE = 440
_EDGE = 32


class FloatingSheet(QFrame):
    """Hidden until somebody shows it; whoever made it calls ``place`` when the page changes its size."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
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
        """Stand in the middle of the page, as tall as the words need."""
        over = self.parentWidget()
        if over is None or not self.isVisible():
            return
        width = min(self._theme.px(_WIDE), over.width() - _EDGE)
        layout = self.layout()
        height = layout.totalHeightForWidth(width) if layout is not None else self.height()
        height = min(max(height, self.minimumSizeHint().height()), over.height() - _EDGE)
        self.setGeometry((over.width() - width) // 2, (over.height() - height) // 2, width, height)

    def close_sheet(self) -> None:
        """Put the card away; subclasses say what else ends."""
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves everything as it was."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        else:
            super().keyPressEvent(event)
