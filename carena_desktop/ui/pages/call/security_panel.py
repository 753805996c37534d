"""How the visit is protected, on demand: sentences first, then a table for whoever has to know exactly."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.call.security_reading import Fact, Line, Protection
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.labels import IconLabel, label
from carena_desktop.ui.widgets.scrolling import FittedArea

_TONES = {"ok": "ok", "warn": "warn", "danger": "danger", "neutral": "text2"}
_MOST_FACTS = 5
_WIDTH = 540
_MARGIN = 24


class SecurityPanel(QFrame):
    """Emits ``compare_requested`` or ``closed``; its labels stay, so that a screen reader keeps its place."""

    compare_requested = Signal()
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: Protection | None = None
        self.setProperty("role", "ask")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Security of this visit"))
        self._facts = [self._fact() for _ in range(_MOST_FACTS)]
        self._grid = QGridLayout()
        self._grid.setContentsMargins(14, 12, 14, 12)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._cells: list[tuple[QLabel, QLabel]] = []
        self.compare = ActionButton(theme, tr("Safety code"), icon="lock", kind="primary", large=True)
        self.compare.setToolTip("C")
        self.close_button = ActionButton(theme, tr("Close"), large=True)
        self.close_button.setToolTip("E")
        self.compare.clicked.connect(self.compare_requested)
        self.close_button.clicked.connect(self.closed)
        self._build()
        self.setFixedWidth(theme.px(_WIDTH))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.hide()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 22, _MARGIN, 22)
        column.setSpacing(10)
        column.addWidget(label(tr("Security of this visit"), "heading", wrap=True))
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(10)
        for row, _, _ in self._facts:
            inside.addWidget(row)
        tile = QFrame()
        tile.setProperty("role", "tile")
        tile.setLayout(self._grid)
        inside.addWidget(tile)
        self._room = FittedArea(content, self._theme.px(_WIDTH) - 2 * _MARGIN)
        self._room.setAccessibleName(tr("Security of this visit"))
        column.addWidget(self._room, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.compare, 1)
        buttons.addWidget(self.close_button, 1)
        column.addLayout(buttons)

    def show_protection(self, found: Protection) -> None:
        """Show it; the same twice changes nothing."""
        if found == self._shown:
            return
        self._shown = found
        for (row, icon, words), fact in zip(self._facts, (*found.facts, *[None] * _MOST_FACTS), strict=False):
            row.setVisible(fact is not None)
            if fact is not None:
                icon.set_icon(fact.icon, _TONES[fact.tone])
                if words.text() != fact.words:
                    words.setText(fact.words)
        while len(self._cells) < len(found.lines):
            self._add_line()
        for index, cells in enumerate(self._cells):
            line = found.lines[index] if index < len(found.lines) else Line("", "")
            for cell, value in zip(cells, (line.name, line.value), strict=True):
                cell.setVisible(bool(value))
                if cell.text() != value:
                    cell.setText(value)
        self.setAccessibleDescription(spoken(found.facts, found.lines))
        self._room.updateGeometry()

    @property
    def sentences(self) -> tuple[str, ...]:
        """The facts that are shown."""
        return tuple(words.text() for row, _, words in self._facts if not row.isHidden())

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """The table, line by line."""
        return tuple((name.text(), value.text()) for name, value in self._cells if not name.isHidden())

    def _fact(self) -> tuple[QWidget, IconLabel, QLabel]:
        row = QWidget()
        inside = QHBoxLayout(row)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(10)
        icon, words = IconLabel(self._theme, "lock", "text2", 20), label("", "body", wrap=True)
        inside.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        inside.addWidget(words, 1)
        row.hide()
        return row, icon, words

    def _add_line(self) -> None:
        name, value = label("", "secondary"), label("", "", wrap=True)
        value.setFont(self._theme.font(12, tabular=True))
        value.setTextFormat(Qt.TextFormat.PlainText)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(name, len(self._cells), 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, len(self._cells), 1)
        self._cells.append((name, value))


def spoken(facts: tuple[Fact, ...], lines: tuple[Line, ...]) -> str:
    """Return what a screen reader says of the panel: the sentences, then the table."""
    return " ".join([*(fact.words for fact in facts), *(f"{line.name}: {line.value}." for line in lines)])
