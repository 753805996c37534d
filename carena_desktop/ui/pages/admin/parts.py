"""What the sections of administration share: a notice on top, parts below each other, buttons in a row."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from carena_desktop.ui.a11y import announce
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.notice import Notice


class Section(QWidget):
    """A section with a notice for what came of something."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.message = Notice(theme, "ok", dismissible=True)
        self._into_sight = QTimer(self)
        self._into_sight.setSingleShot(True)
        self._into_sight.setInterval(0)  # when the notice has its place
        self._into_sight.timeout.connect(self._show_message)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(16)
        self._column.addWidget(self.message)

    def say(self, words: str, tone: str) -> None:
        """Show what came of something, and read it out."""
        self.message.show_text(words, tone=tone)
        if words:
            announce(self.message, words, urgent=tone == "danger")
            self._into_sight.start()

    def _show_message(self) -> None:
        """The button may stand far below."""
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        if around is not None and self.message.isVisible():
            around.ensureWidgetVisible(self.message)

    def forget(self) -> None:
        """Drop what was typed and said."""
        self.message.show_text("")

    def put(self, *parts: QWidget) -> None:
        """Put parts below each other."""
        for part in parts:
            self._column.addWidget(part)
        self._column.addStretch(1)


def row_of(*parts: QWidget) -> QWidget:
    """Return parts in a row, from where reading begins."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 8, 0, 4)
    row.setSpacing(10)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return made
