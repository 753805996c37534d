"""The settings: a list of sections and the section chosen. Stands in the place of the pages, never over a visit."""

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout, QWidget

from carena_desktop.ui.commands import BoundKeys, Command
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.labels import ElidedLabel, label
from carena_desktop.ui.widgets.scrolling import scrolled

_LIST_WIDTH = 236
_FOLDED_WIDTH = 46
_FOLDS_UNDER = 820
"""Pixels of the page at 100 % text; under it the list is its icons, and the section's name stands above the section."""
_WIDEST = 760
_WIDER = 1280
"""Of tables."""


class SheetPage(QWidget):
    """Sections in a list, one of them shown; a way back.

    Args:
        title: Of the whole.
        sections: Icon, name and content of each.
        wide: They hold tables rather than text.
    """

    leave_requested = Signal()
    section_shown = Signal(int)

    def __init__(
        self, theme: Theme, title: str, sections: tuple[tuple[str, str, QWidget], ...], *, wide: bool = False
    ) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(title)
        self.back = ActionButton(theme, tr("Back"), icon="arrow-left", kind="ghost")
        self.list = QListWidget()
        self.list.setProperty("role", "sections")
        self.list.setAccessibleName(tr("Sections"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setIconSize(QSize(theme.px(18), theme.px(18)))
        self.list.setFixedWidth(theme.px(_LIST_WIDTH))
        self._icons = [icon for icon, _, _ in sections]
        self._stack = QStackedWidget()
        self._heading = ElidedLabel("", "title")
        self._names = [name for _, name, _ in sections]
        for _, name, content in sections:
            item = QListWidgetItem(name)
            item.setSizeHint(QSize(10, theme.px(40)))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, name)
            self.list.addItem(item)
            self._stack.addWidget(_framed(content, theme.px(_WIDER if wide else _WIDEST)))
        self._tint()
        self._build(theme, title)
        self.list.currentRowChanged.connect(self._show)
        self.list.setCurrentRow(0)
        self.back.clicked.connect(self.leave_requested)
        theme.changed.connect(self._tint)
        leave = Command(tr("Back"), self.leave_requested.emit, "Esc", listed=False)
        BoundKeys(self, (leave,))

    def show_section(self, at: int) -> None:
        """Show a section by its place."""
        self.list.setCurrentRow(at)

    @property
    def section(self) -> int:
        """Which is shown."""
        return self._stack.currentIndex()

    def focus_first(self) -> None:
        """Put the keyboard into the list of sections."""
        self.list.setFocus()

    def regions(self) -> tuple[QWidget, ...]:
        """Where F6 goes: back, the sections, the first control of the section."""
        inside = self._stack.currentWidget()
        parts = inside.findChildren(QWidget) if inside is not None else []
        usable = (one for one in parts if one.isVisible() and one.isEnabled())
        first = next((one for one in usable if one.focusPolicy() & Qt.FocusPolicy.TabFocus), None)
        return (self.back, self.list, first) if first is not None else (self.back, self.list)

    def commands(self) -> tuple[Command, ...]:
        """The sections, for the palette."""
        sections = (Command(name, partial(self.show_section, at)) for at, name in enumerate(self._names))
        return (*sections, Command(tr("Back"), self.leave_requested.emit))

    def _show(self, at: int) -> None:
        self._stack.setCurrentIndex(at)
        self._heading.set_full_text(self._names[at])
        self.section_shown.emit(at)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the list where the sections need its room."""
        super().resizeEvent(event)
        folded = self.width() < self._theme.px(_FOLDS_UNDER)
        self.list.setFixedWidth(self._theme.px(_FOLDED_WIDTH if folded else _LIST_WIDTH))
        for at, name in enumerate(self._names):
            item = self.list.item(at)
            item.setText("" if folded else name)
            item.setToolTip(name if folded else "")

    def _tint(self) -> None:
        for at, icon in enumerate(self._icons):
            item = self.list.item(at)
            if item is not None:
                item.setIcon(self._theme.icon(icon, "text2", 18))

    def _build(self, theme: Theme, title: str) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.back)
        head.addWidget(label(title, "title"))
        head.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(12)
        self._heading.setContentsMargins(2, 0, 0, 0)  # as what is below, which leaves room for focus rings
        right.addWidget(self._heading)
        right.addWidget(self._stack, 1)
        body = QHBoxLayout()
        body.setSpacing(24)
        body.addWidget(self.list)
        body.addLayout(right, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 18, 24, 18)
        whole.setSpacing(16)
        whole.addLayout(head)
        whole.addLayout(body, 1)
        self.setMinimumWidth(theme.px(480))


def _framed(content: QWidget, widest: int) -> QWidget:
    """A section that scrolls and doesn't get wider than can be read."""
    content.setMaximumWidth(widest)
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(2, 2, 14, 2)
    row.addWidget(content, 1)
    row.addStretch(0)
    row.setAlignment(content, Qt.AlignmentFlag.AlignTop)
    return scrolled(holder)  # at 200 % text some sections are wider than a small screen
