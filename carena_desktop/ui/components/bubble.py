"""One line of a chat: who and when above, words in a box. Text is shown as text, never as markup."""

from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from carena_desktop.ui.widgets.labels import label, restyle


@dataclass(frozen=True, slots=True)
class Bubble:
    """One line of chat."""

    id: str
    mine: bool
    words: str = field(repr=False)
    caption: str = field(repr=False)
    failed: bool


class BubbleView(QWidget):
    """One line: who and when above, words in a box."""

    def __init__(self, bubble: Bubble) -> None:
        super().__init__()
        self._mine = bubble.mine
        side = Qt.AlignmentFlag.AlignTrailing if bubble.mine else Qt.AlignmentFlag.AlignLeading
        self._caption = label("", "meta")
        self._caption.setAlignment(side)
        self._words: QLabel = label("", "body", wrap=True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        box = QFrame()
        box.setProperty("role", "bubble")
        box.setProperty("mine", "true" if bubble.mine else "false")
        inside = QVBoxLayout(box)
        inside.setContentsMargins(12, 8, 12, 8)
        inside.addWidget(self._words)
        row = QHBoxLayout()
        row.setSpacing(0)
        if bubble.mine:
            row.addStretch(1)
        row.addWidget(box, 5)
        if not bubble.mine:
            row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self._caption)
        column.addLayout(row)
        self.show_bubble(bubble)

    def show_bubble(self, bubble: Bubble) -> None:
        """Show the line and what became of it."""
        self._words.setText(bubble.words)
        self._caption.setText(bubble.caption)
        restyle(self._caption, "tone", "danger" if bubble.failed else "")
        self.setAccessibleName(f"{bubble.caption}: {bubble.words}")

    @property
    def caption(self) -> str:
        """Who, when and delivery."""
        return self._caption.text()

    @property
    def words(self) -> str:
        """The text."""
        return self._words.text()
