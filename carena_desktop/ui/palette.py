"""The command palette: everything that can be done now, found by typing, with the key that does it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from carena_desktop.ui.a11y import announce
from carena_desktop.ui.commands import Command, found
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.fields import IconLineEdit
from carena_desktop.ui.widgets.labels import label

_WIDTH = 560
_ROWS = 9
_ROW_PX = 40
_PAD = 14
_KEYS_ROLE = int(Qt.ItemDataRole.UserRole)
_MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _ROWS, Qt.Key.Key_PageUp: -_ROWS}


class _Row(QStyledItemDelegate):
    """Words at the beginning, the key at the end."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As tall as a row."""
        return QSize(super().sizeHint(option, index).width(), self._theme.px(_ROW_PX))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one command."""
        painter.save()
        rect = QRect(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self._theme.color("selection"))
            bar = QRect(rect.left(), rect.top(), 3, rect.height())
            painter.fillRect(QStyle.visualRect(option.direction, rect, bar), self._theme.color("accent"))
        inside = rect.adjusted(_PAD, 0, -_PAD, 0)
        keys = str(index.data(_KEYS_ROLE) or "")
        small = self._theme.font(12)
        width = QFontMetrics(small).horizontalAdvance(keys) + 4
        begin = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        end = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(small)
        painter.setPen(self._theme.color("text2"))
        painter.drawText(inside, end, keys)
        room = QStyle.visualRect(option.direction, inside, inside.adjusted(0, 0, -width - _PAD, 0))
        font = self._theme.font(13)
        painter.setFont(font)
        painter.setPen(self._theme.color("text"))
        words = QFontMetrics(font).elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, begin, words)
        painter.restore()


class Palette(QFrame):
    """Floats over the window; takes the keyboard while open and gives it back where it was.

    Args:
        window: Over which it floats.
        commands: Returns what can be done now.
    """

    def __init__(self, theme: Theme, window: QWidget, commands: Callable[[], tuple[Command, ...]]) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._commands = commands
        self._shown: tuple[Command, ...] = ()
        self._before: QWidget | None = None
        self.setProperty("role", "float")
        self.setAccessibleName(tr("Command palette"))
        self.search = IconLineEdit(theme, tr("Search actions"), "search", placeholder=tr("What do you want to do?"))
        self.list = QListWidget()
        self.list.setProperty("role", "palette")
        self.list.setAccessibleName(tr("Actions"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_Row(theme, self.list))
        self._none = label(tr("No action has these words."), "secondary")
        self._none.setContentsMargins(_PAD, 8, _PAD, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        for part in (self.search, self._none, self.list):
            column.addWidget(part)
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.list.itemClicked.connect(self._run_current)
        window.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Show everything that can be done now."""
        if not self.isVisible():
            self._before = self._window.focusWidget()
        self.search.clear()
        self._filter("")
        self._place()
        self.show()
        self.raise_()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Go away, and give the keyboard back."""
        if not self.isVisible():
            return
        self.hide()
        before, self._before = self._before, None
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the search field, and the window's size."""
        if watched is self.search:
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                return self._key(event)
            if event.type() == QEvent.Type.FocusOut and self.isVisible() and not self._window.isActiveWindow():
                return False  # another program is in front: it stays for the way back
            if event.type() == QEvent.Type.FocusOut:
                self.dismiss()
        elif event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return True
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._run_current()
            return True
        if event.key() in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}:
            return True  # one field: there is nowhere else to go
        step = _MOVES.get(Qt.Key(event.key()))
        if step is None or not self._shown:
            return False
        row = self.list.currentRow() + step
        last = len(self._shown) - 1
        around = row % len(self._shown) if abs(step) == 1 else max(0, min(row, last))
        self._select(around)
        return True

    def _select(self, row: int) -> None:
        self.list.setCurrentRow(row)
        item = self.list.item(row)
        if self.isVisible():
            announce(self.list, str(item.data(Qt.ItemDataRole.AccessibleTextRole)))

    def _filter(self, query: str) -> None:
        self._shown = found(self._commands(), query)
        self.list.clear()
        for command in self._shown:
            item = QListWidgetItem(command.words)
            keys = command.shown_keys
            item.setData(_KEYS_ROLE, keys)
            spoken = tr("{action}, key {keys}").format(action=command.words, keys=keys) if keys else command.words
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
            self.list.addItem(item)
        self._none.setVisible(not self._shown)
        self.list.setVisible(bool(self._shown))
        if self._shown:
            self._select(0)
        elif self.isVisible():
            announce(self.list, self._none.text())
        self._place()

    def _run_current(self) -> None:
        row = self.list.currentRow()
        chosen = self._shown[row] if 0 <= row < len(self._shown) else None
        self.dismiss()
        if chosen is not None and chosen.allowed():
            chosen.run()

    def _place(self) -> None:
        width = min(self._theme.px(_WIDTH), self._window.width() - 32)
        rows = min(len(self._shown), _ROWS)
        self.list.setFixedHeight(min(rows * self._theme.px(_ROW_PX) + 4, max(80, self._window.height() - 160)))
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((self._window.width() - width) // 2, min(self._theme.px(72), self._window.height() // 8))
