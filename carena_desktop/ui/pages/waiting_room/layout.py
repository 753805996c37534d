"""Where the parts of the waiting room stand, and how they give way when the window gets small.

Layout only: what the parts show is the page's.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from carena_desktop.ui.components.rail import Rail
from carena_desktop.ui.i18n import mark, tr, tr_marked
from carena_desktop.ui.pages.waiting_room.counters import CounterRow
from carena_desktop.ui.pages.waiting_room.drawer import Drawer
from carena_desktop.ui.pages.waiting_room.empty import EmptyState
from carena_desktop.ui.pages.waiting_room.gone_sheet import GoneSheet
from carena_desktop.ui.pages.waiting_room.header import FilterBar, TitleBar
from carena_desktop.ui.pages.waiting_room.order_sheet import OrderSheet
from carena_desktop.ui.pages.waiting_room.table import QueueTable
from carena_desktop.ui.pages.waiting_room.table_model import WaitingModel
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.labels import restyle
from carena_desktop.ui.widgets.marks import KeyHint
from carena_desktop.ui.widgets.notice import Notice
from carena_desktop.ui.widgets.scrolling import scrolled

_RAIL_FOLDS_UNDER = 1360
_DRAWER_FLOATS_UNDER = 1180
_COLUMNS_FOLD_UNDER = 1040
_CARDS = ((820, 5), (480, 3), (0, 2))
"""From how many pixels on how many counters stand side by side."""
_KEYS = (
    ("↑ ↓", mark("move")),
    (mark("Enter"), mark("start visit")),
    ("T", mark("triage")),
    ("M", mark("message")),
    ("1\u20135", mark("set acuity")),
    ("/", mark("search")),
    (mark("Ctrl K"), mark("all actions")),
    ("A", mark("assign")),
    (mark("Space"), mark("details")),
    (mark("Ctrl Z"), mark("undo")),
    (mark("F6"), mark("next area")),
)
_KEY_GAP = 14
_SIDE = 16
_FRAME = 2


class WaitingRoomLayout(QWidget):
    """The parts of the waiting room in their places."""

    def __init__(self, theme: Theme, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.rail = Rail(theme)
        self.title = TitleBar(theme)
        self.counter_row = CounterRow(theme)
        self.filters = FilterBar(theme)
        self.banner = Notice(theme, "warn")
        self.message = Notice(theme, "info", dismissible=True)
        self.undo = Notice(theme, "info", dismissible=True, action=tr("Undo"))
        self.keyring_notice = Notice(theme, "info", dismissible=True)
        self.model = WaitingModel(now_ms, self)
        self.table = QueueTable(theme, self.model)
        self.drawer = Drawer(theme)
        self.drawer_floats = False
        self._card = QFrame()
        self._card.setProperty("role", "table-card")
        self.empty = EmptyState(theme, self._card)
        self._build()
        self.sheet = OrderSheet(theme, self)
        self.gone = GoneSheet(theme, self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the rail and columns, float the drawer, wrap the cards."""
        super().resizeEvent(event)
        self._arrange()

    def show_drawer(self, *, shown: bool) -> None:
        """Show or hide the drawer where it floats over the table; a wide window always shows it."""
        self.drawer.setVisible(shown or not self.drawer_floats)
        self._place_drawer()

    def show_table_focus(self, focused: bool) -> None:  # noqa: FBT001 - a slot
        """Draw the focus around the table's card."""
        restyle(self._card, "focused", "true" if focused else "false")

    def _arrange(self) -> None:
        width, px = self.width(), self._theme.px
        self.rail.fold(folded=width < px(_RAIL_FOLDS_UNDER))
        floats = width < px(_DRAWER_FLOATS_UNDER)
        if floats != self.drawer_floats:
            self.drawer_floats = floats
            if floats:
                self._whole.removeWidget(self.drawer)
            else:
                self._whole.addWidget(self.drawer)
            self.drawer.close_button.setVisible(floats)
            self.drawer.setVisible(not floats)
        inner = width - self.rail.width() - (0 if floats else self.drawer.width())
        self.counter_row.arrange(next(columns for room, columns in _CARDS if inner >= px(room)))
        table = inner - 2 * (_SIDE + _FRAME)
        self.table.fold(folded=width < px(_COLUMNS_FOLD_UNDER) or table < self.table.unfolded_width)
        self._fit_keys(inner - 2 * _SIDE)
        self._place_drawer()
        self.sheet.place()
        self.gone.place()

    def _fit_keys(self, room: int) -> None:
        """Show as many key hints as fit, the most useful first."""
        taken = 0
        for hint in self._hints:
            taken += hint.sizeHint().width() + _KEY_GAP
            hint.setVisible(taken <= room)

    def _place_drawer(self) -> None:
        if self.drawer_floats:
            width = self.drawer.width()
            left = 0 if self.isRightToLeft() else self.width() - width
            self.drawer.setGeometry(left, 0, width, self.height())
            self.drawer.raise_()

    def _build(self) -> None:
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(_FRAME, _FRAME, _FRAME, _FRAME)
        inside.addWidget(self.table)
        over = QVBoxLayout(self.table.viewport())
        over.addWidget(self.empty)
        footer = QHBoxLayout()
        footer.setSpacing(_KEY_GAP)
        self._hints = [KeyHint(tr_marked(key), tr_marked(does)) for key, does in _KEYS]
        for hint in self._hints:
            footer.addWidget(hint)
        footer.addStretch(1)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(_SIDE, 14, _SIDE, 12)
        column.setSpacing(11)
        notices = (self.banner, self.message, self.undo, self.keyring_notice)
        for part in (self.title, *notices, self.counter_row, self.filters):
            column.addWidget(part)
        column.addWidget(self._card, 1)
        column.addLayout(footer)
        self._whole = QHBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(0)
        self._whole.addWidget(self.rail)
        self._whole.addWidget(scrolled(middle), 1)
        self._whole.addWidget(self.drawer)
