"""The waiting room: renders its view state, keeps the selection, lets times run, emits what the person wants."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from carena_desktop.session.model import SessionSnapshot
from carena_desktop.ui.a11y import announce
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.waiting_room.layout import WaitingRoomLayout
from carena_desktop.ui.pages.waiting_room.table_model import Column
from carena_desktop.ui.pages.waiting_room.view_model import (
    Filter,
    Offer,
    ViewState,
    arrivals,
    counters,
    place_in_line,
    view,
)
from carena_desktop.ui.theme import Theme

_TICK_MS = 1000


class WaitingRoomPage(WaitingRoomLayout):
    """The table in the middle, the rail before it, the patient after it.

    Args:
        wall_ms: Local time in ms since the epoch; the snapshot's offset makes it the server's.
    """

    start_visit_requested = Signal(str)
    finish_requested = Signal(str)
    visit_link_requested = Signal()
    patient_arrived = Signal()

    def __init__(self, theme: Theme, wall_ms: Callable[[], int]) -> None:
        super().__init__(theme, self.now_ms)
        self._wall_ms = wall_ms
        self._offset_ms = 0
        self._state: ViewState | None = None
        self._starting = ""
        self._filter = Filter.ALL
        self._ticker = QTimer(self)
        self._ticker.setTimerType(Qt.TimerType.PreciseTimer)
        self._ticker.setInterval(_TICK_MS)
        self._ticker.timeout.connect(self.tick)
        self._connect()
        self.sort_by(Column.WAITING, Qt.SortOrder.DescendingOrder)

    # -- what the window calls

    def render_snapshot(self, snapshot: SessionSnapshot) -> None:
        """Show ``snapshot``; rendering the same twice changes nothing."""
        self._offset_ms = snapshot.clock_offset_ms
        state = view(snapshot)
        before, self._state = self._state, state
        if state == before:
            return
        self._render_frame(state, before)
        arrived = arrivals(before.rows, state.rows) if before is not None and before.person == state.person else 0
        self.model.set_rows(state.rows)
        self._keep_selection()
        self._refresh()
        if arrived and self._live(before):
            announce(self, tr("A patient is waiting") if arrived == 1 else tr("%n patient(s) are waiting", "", arrived))
            self.patient_arrived.emit()

    def set_starting(self, visit: str) -> None:
        """Say which visit is being started; empty for none. What was said before is about something else then."""
        self._starting = visit
        if visit:
            self.message.show_text("")
        self._refresh()

    def show_message(self, words: str, tone: str) -> None:
        """Show and announce a message (tones info, ok, warn, danger)."""
        self.message.show_text(words, tone=tone)
        if words:
            announce(self.message, words, urgent=tone == "danger")

    def show_link(self, url: str) -> None:
        """Put a visit link on the clipboard and say so."""
        QGuiApplication.clipboard().setText(url)
        self.show_message(tr("Visit link copied. It lets one patient in: send it only to that patient."), "ok")

    def reset(self) -> None:
        """Forget every patient and message; called at sign-out."""
        self._state = None
        self._starting = ""
        self.model.set_rows(())
        self.title.search.clear()
        self.filters.chips.setCurrentIndex(0)
        for notice in (self.message, self.banner, self.keyring_notice):
            notice.show_text("")
        self._refresh()

    def focus_first(self) -> None:
        """Put the keyboard into the table."""
        self.table.setFocus()

    def regions(self) -> tuple[QWidget, ...]:
        """Where F6 goes: rail, search, table, patient."""
        inside = self.drawer.start if self.drawer.start.isEnabled() else self.drawer.close_button
        return (self.rail.waiting_room, self.title.search, self.table, inside)

    def now_ms(self) -> int:
        """The server's time."""
        return self._wall_ms() + self._offset_ms

    def tick(self) -> None:
        """Let times run: their cells, the counters and the drawer; nothing else repaints."""
        self.table.tick()
        self.counter_row.show_counters(counters(self.model.rows, self.now_ms()))
        row = self.drawer.row
        if row is not None:
            self.drawer.tick(self.model.elapsed_s(row))

    def sort_by(self, column: int, order: Qt.SortOrder) -> None:
        """Sort the list and say so."""
        self.proxy.sort(column, order)
        self.filters.set_sort(Column(column), order)

    # -- Qt

    def showEvent(self, event: QShowEvent) -> None:
        """Let times run while they can be seen."""
        super().showEvent(event)
        self._ticker.start()
        self.tick()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the ticker."""
        super().hideEvent(event)
        self._ticker.stop()

    # -- inside

    def _live(self, before: ViewState | None) -> bool:
        return before is not None and self._state is not None and self._state.fresh

    def _render_frame(self, state: ViewState, before: ViewState | None) -> None:
        self.rail.set_person(state.person, state.role, state.initials)
        self.title.set_clinic(state.clinic)
        self.title.connection.set(state.connection.icon, state.connection.word, state.connection.tone)
        self.title.link.setEnabled(state.fresh)
        self.banner.show_text(state.banner, title=tr("Connection lost. Reconnecting…"))
        if state.banner and (before is None or not before.banner):
            announce(self.banner, tr("Connection lost. Reconnecting."), urgent=True)
        if before is not None and before.banner and state.fresh:
            announce(self.banner, tr("Connected again."))
        if before is None or state.keyring_notice != before.keyring_notice:
            self.keyring_notice.show_text(state.keyring_notice)

    def _keep_selection(self) -> None:
        if self.table.selected() is None and self.proxy.rowCount():
            self.table.select(self.proxy.index(0, 0))

    def _refresh(self) -> None:
        now = counters(self.model.rows, self.now_ms())
        self.counter_row.show_counters(now)
        self.filters.set_counts(now)
        self.rail.set_waiting(now.waiting)
        row = self.table.selected()
        self.drawer.show_row(
            row,
            place=place_in_line(self.model.rows, row.visit) if row is not None else None,
            elapsed_s=self.model.elapsed_s(row) if row is not None else 0.0,
            fresh=self._state is not None and self._state.fresh,
            starting=row is not None and row.visit == self._starting,
        )
        self.empty.show_for(shown=self.proxy.rowCount() == 0, filtered=bool(self.model.rows))

    def _start_selected(self) -> None:
        row = self.table.selected()
        if row is not None and row.offer is not Offer.NOTHING and self.drawer.start.isEnabled():
            self.start_visit_requested.emit(row.visit)

    def _search(self) -> None:
        self.proxy.show_only(self.title.search.text(), self._filter)
        self._keep_selection()
        self._refresh()

    def _filter_changed(self, chosen: Filter) -> None:
        self._filter = chosen
        self._search()

    def _leave_search(self) -> None:
        self.title.search.clear()
        self.table.setFocus()

    def _header_clicked(self, column: int) -> None:
        again = self.proxy.sortColumn() == column
        falling = Qt.SortOrder.DescendingOrder
        rising = Qt.SortOrder.AscendingOrder
        usual = falling if column == Column.WAITING else rising
        other = rising if usual is falling else falling
        self.sort_by(column, other if again and self.proxy.sortOrder() is usual else usual)

    def _clicked(self, _index: QModelIndex) -> None:
        if self.drawer_floats:
            self.show_drawer(shown=True)

    def _show_details(self) -> None:
        self.show_drawer(shown=True)
        inside = self.drawer.start if self.drawer.start.isEnabled() else self.drawer.close_button
        inside.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _hide_drawer(self) -> None:
        self.show_drawer(shown=False)
        self.table.setFocus()

    def _connect(self) -> None:
        self.table.start_requested.connect(self._start_selected)
        self.table.selectionModel().selectionChanged.connect(self._refresh)
        self.rail.waiting_room.clicked.connect(self.focus_first)
        self.table.focused.connect(self.show_table_focus)
        self.table.clicked.connect(self._clicked)
        self.table.details_requested.connect(self._show_details)
        self.table.horizontalHeader().sectionClicked.connect(self._header_clicked)
        self.drawer.start_requested.connect(self.start_visit_requested)
        self.drawer.finish_requested.connect(self.finish_requested)
        self.drawer.close_requested.connect(self._hide_drawer)
        self.title.search.textChanged.connect(self._search)
        self.title.search.returnPressed.connect(self.table.setFocus)
        self.title.escape.pressed.connect(self._leave_search)
        self.title.link.clicked.connect(self.visit_link_requested)
        self.filters.filter_changed.connect(self._filter_changed)
        self.filters.sort_requested.connect(self.sort_by)
        search = QShortcut(QKeySequence("/"), self)
        search.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        search.activated.connect(self.title.search.setFocus)
        link = QShortcut(QKeySequence("Ctrl+Shift+L"), self)
        link.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        link.activated.connect(self.title.link.click)
