"""The waiting room: renders snapshots, keeps the selection, lets times run, emits what the person wants."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from carena_desktop.session.model import SessionSnapshot
from carena_desktop.session.orders import Verb
from carena_desktop.ui import text
from carena_desktop.ui.a11y import announce
from carena_desktop.ui.alert_outputs import fits
from carena_desktop.ui.i18n import tr, tr_marked
from carena_desktop.ui.keys import ACUITIES, WAITING_ROOM, Do, KeyTable
from carena_desktop.ui.pages.waiting_room.actions import NOT_CONNECTED, no_start, offer, refusals
from carena_desktop.ui.pages.waiting_room.chat_flow import ChatFlow
from carena_desktop.ui.pages.waiting_room.layout import WaitingRoomLayout
from carena_desktop.ui.pages.waiting_room.news import news
from carena_desktop.ui.pages.waiting_room.order_flow import OrderFlow
from carena_desktop.ui.pages.waiting_room.ordering import Sorting
from carena_desktop.ui.pages.waiting_room.row_book import Context, Difference, RowBook
from carena_desktop.ui.pages.waiting_room.rows import Filter, Row
from carena_desktop.ui.pages.waiting_room.table_model import SORT_OF, Column
from carena_desktop.ui.pages.waiting_room.tally import Counters
from carena_desktop.ui.pages.waiting_room.view_model import ViewState, alarms, view
from carena_desktop.ui.theme import Theme
from carena_protocol.limits import FIRST_ROOM
from carena_protocol.rows import Room

_TICK_MS: Final = 1000
_DETAILS_AFTER_MS: Final = 350
"""Arrowing through the list opens nobody's entry: each opened one is noted as a read of patient data."""


class WaitingRoomPage(WaitingRoomLayout):
    """The table in the middle, the rail before it, the patient after it.

    Args:
        wall_ms: Local time in ms since the epoch; the snapshot's offset makes it the server's.
    """

    start_visit_requested = Signal(str)
    visit_link_requested = Signal(str)
    """The room into which it leads."""
    details_requested = Signal(str)
    triage_requested = Signal(str)
    order_requested = Signal(object)
    happened = Signal(object)
    """What is worth an alert: rows with their events (``news``)."""
    ticked = Signal(object)
    """Once a second: ``Counters`` of every room that is not quiet, whatever is shown."""

    def __init__(self, theme: Theme, wall_ms: Callable[[], int]) -> None:
        super().__init__(theme, self.now_ms)
        self._wall_ms = wall_ms
        self._snapshot = SessionSnapshot()
        self._state: ViewState | None = None
        self._book = RowBook()
        self._starting = ""
        self._filter = Filter.ALL
        self._selected = ""
        self._quiet_names: tuple[str, ...] = ()
        self.quiet_rooms: frozenset[str] = frozenset()
        """The rooms from which only what can't wait is told."""
        self.over_limit: frozenset[str] = frozenset()
        """The others that are over their limits, shown or not; as of the last tick."""
        self.chat = ChatFlow(self._book, self.drawer)
        self.flow = OrderFlow(self._book, self.sheet, self.undo, self.now_ms)
        self._ticker = QTimer(self)
        self._ticker.setTimerType(Qt.TimerType.PreciseTimer)
        self._ticker.setInterval(_TICK_MS)
        self._ticker.timeout.connect(self.tick)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(_DETAILS_AFTER_MS)
        self._settled.timeout.connect(self._ask_for_details)
        self._connect()
        self.keys = KeyTable(self, WAITING_ROOM, self.do)

    # -- what the window calls

    def render_snapshot(self, snapshot: SessionSnapshot) -> None:
        """Show ``snapshot``; rendering the same twice changes nothing."""
        old, self._snapshot = self._snapshot, snapshot
        before, self._state = self._state, view(snapshot)
        self.flow.set_context(snapshot.waiting_room, snapshot.account, fresh=self._state.fresh)
        if self._state != before:
            self._render_frame(self._state, before)
        if self._state.fresh and before is not None and not before.fresh:
            self._selected = ""  # what was asked for while the server was away may not have been answered
        room = snapshot.waiting_room
        context = Context(snapshot.account, room.rooms, many_rooms=len(room.rooms) > 1 and not self.title.chosen_room)
        difference = self._book.update(room.entries if snapshot.account is not None else (), context)
        live = before is not None and self._state.fresh and old.account == snapshot.account
        found = news(self.model.get, difference.changed) if live and old.waiting_room.version else ()
        self._set_quiet_rooms(room.rooms)
        self._apply(difference)
        if self._state != before or difference.changed or difference.removed:
            self._refresh()
        self.filters.show_gone(len(room.gone))
        self.gone.render_gone(room.gone, room.rooms, snapshot.account, fresh=self._state.fresh)
        if snapshot.chats != old.chats:
            self.chat.render(snapshot.chats)
        if snapshot.account is not None and not self._ticker.isActive():
            self._ticker.start()
        if found:
            self.happened.emit(found)

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
        self._snapshot = SessionSnapshot()
        self._starting = self._selected = ""
        self._settled.stop()
        self._ticker.stop()
        self._book.update((), Context())
        self.chat.reset()
        self.flow.set_context(self._snapshot.waiting_room, None, fresh=False)
        self.filters.show_gone(0)
        self.gone.render_gone((), (), None, fresh=False)
        self.model.replace_all(())
        self.title.search.clear()
        self.filters.chips.setCurrentIndex(0)
        for notice in (self.message, self.banner, self.undo, self.keyring_notice):
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
        return self._wall_ms() + self._snapshot.clock_offset_ms

    @property
    def is_listed(self) -> bool:
        """Whether the server's list has come."""
        return self._snapshot.account is not None and self._snapshot.waiting_room.version > 0

    def counters(self) -> Counters:
        """Return the numbers of the room that is shown, now."""
        return self.model.tally.at(self.now_ms())

    def quieten(self, names: tuple[str, ...]) -> bool:
        """Take the names of rooms of which only what can't wait is told (``*``: anything); whether that changed."""
        changed, self._quiet_names = names != self._quiet_names, names
        self._set_quiet_rooms(self._snapshot.waiting_room.rooms)
        return changed

    def tick(self) -> None:
        """Let times run: their cells, the counters and the drawer; nothing else repaints.

        Behind a visit, the lock or another page only the numbers are watched: alerts depend on them.
        """
        self._count()
        if self.isVisible():
            self.table.tick()
            row = self.drawer.row
            if row is not None:
                self.drawer.tick(self.model.elapsed_s(row))
        now = self.now_ms()
        self.over_limit = alarms(self._snapshot.waiting_room.rooms, self.model.heard, now)
        self.ticked.emit(self.model.heard.at(now))

    def sort_by(self, sorting: Sorting) -> None:
        """Sort the list and say so."""
        self.model.sort_by(sorting)
        self.filters.set_sort(sorting)

    def do(self, what: Do) -> None:
        """Carry out a key; the palette calls this too."""
        match what:
            case Do.DOWN | Do.UP:
                self.table.step(1 if what is Do.DOWN else -1)
            case Do.SEARCH:
                self.title.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            case Do.LINK if not self.title.link.isEnabled():
                self.show_message(tr_marked(NOT_CONNECTED), "warn")
            case Do.LINK:
                self.title.link.click()
            case Do.UNDO:
                self.flow.undo()
            case _:
                self._do_with_selected(what)

    # -- Qt

    def showEvent(self, event: QShowEvent) -> None:
        """Show the times as they are now."""
        super().showEvent(event)
        self.tick()

    def hideEvent(self, event: QHideEvent) -> None:
        """Open nobody's entry that can't be seen."""
        super().hideEvent(event)
        self._settled.stop()

    # -- inside

    def _do_with_selected(self, what: Do) -> None:
        row = self.table.selected()
        if row is None:
            return
        match what:
            case Do.TRIAGE:
                self._begin(Verb.TRIAGE)
            case Do.MESSAGE:
                self._open_chat()
            case Do.ASSIGN:
                self._begin(Verb.ASSIGN)
            case Do.CLAIM:
                self._begin(Verb.CLAIM)
            case _:
                self.flow.set_acuity(row, ACUITIES[what])

    def _begin(self, verb: Verb) -> None:
        row = self.table.selected()
        if row is None:
            return
        if verb is Verb.TRIAGE and not self.drawer.triage.toolTip():
            self.triage_requested.emit(row.visit)
        else:
            self.flow.ask(verb, row)

    def _apply(self, difference: Difference) -> None:
        if difference.whole and (not self.model.held or not difference.changed):
            self.model.replace_all(difference.changed)
            self._keep_selection()
            return
        removed = difference.removed
        if difference.whole:
            kept = {row.visit for row in difference.changed}
            removed = tuple(row.visit for row in self.model.rows if row.visit not in kept)
        self.model.apply(difference.changed, removed)
        self._keep_selection()

    def _row_changed(self, row: Row) -> None:
        self.model.apply((row,))
        self._refresh()

    def _render_frame(self, state: ViewState, before: ViewState | None) -> None:
        self.rail.set_person(state.person, state.role, state.initials)
        self.rail.presence.show_presence(state.presence)
        self.title.set_clinic(state.clinic)
        self.title.set_rooms(state.rooms)
        self.title.connection.set(state.connection.icon, tr_marked(state.connection.word), state.connection.tone)
        self.title.link.setEnabled(state.fresh)
        self.counter_row.show_staff(state.staff_on, state.staff_available, state.colleagues)
        self.banner.show_text(state.banner, title=tr("Connection lost. Reconnecting…"))
        if state.banner and (before is None or not before.banner):
            announce(self.banner, tr("Connection lost. Reconnecting."), urgent=True)
        if before is not None and before.banner and state.fresh:
            announce(self.banner, tr("Connected again."))
        if before is None or state.keyring_notice != before.keyring_notice:
            self.keyring_notice.show_text(state.keyring_notice)

    def _keep_selection(self) -> None:
        if self.table.selected() is None and self.model.rowCount():
            self.table.select(self.model.index(0, 0))

    def _refresh(self) -> None:
        now = self._count()
        self.filters.set_counts(now)
        self.rail.set_waiting(now.waiting)
        self._show_selected()
        self.empty.show_for(shown=self.model.rowCount() == 0, filtered=self.model.held > 0)

    def _count(self) -> Counters:
        now = self.counters()
        over = alarms(self._snapshot.waiting_room.rooms, self.model.tally, self.now_ms())
        self.counter_row.show_counters(now, alarm=bool(over))
        return now

    def _set_quiet_rooms(self, rooms: tuple[Room, ...]) -> None:
        self.quiet_rooms = frozenset(
            room.id for room in rooms if any(fits(room.name, name) for name in self._quiet_names)
        )
        self.model.set_quiet_rooms(self.quiet_rooms)
        self.title.set_alerts(tuple((text.one_line(one.name), one.id not in self.quiet_rooms) for one in rooms))

    def _show_selected(self) -> None:
        row = self.table.selected()
        entry = self._book.shown_entry(row.visit) if row is not None else None
        if row is None or entry is None or self._state is None:
            self._selected = ""
            self._settled.stop()
            self.drawer.show_nobody()
            return
        fresh, account = self._state.fresh, self._snapshot.account
        self.drawer.show_row(
            row,
            entry,
            place=self.model.tally.place_in_line(row),
            now_ms=self.now_ms(),
            offer=offer(entry, account),
            no_start=no_start(entry, account, fresh=fresh),
            refusals=refusals(entry, account, fresh=fresh),
            starting=row.visit == self._starting,
            fresh=fresh,
        )
        self.drawer.tick(self.model.elapsed_s(row))
        if self.drawer.chat.visit != row.visit:
            self.chat.show_for(row)
        seen = f"{row.visit} {row.version}"
        if seen != self._selected and fresh:
            self._selected = seen
            self._settled.start()

    def _ask_for_details(self) -> None:
        row = self.table.selected()
        if row is not None and self.drawer.isVisible():
            self.details_requested.emit(row.visit)

    def _start_selected(self) -> None:
        row = self.table.selected()
        entry = self._book.shown_entry(row.visit) if row is not None else None
        if row is None or entry is None or self._state is None:
            return
        refusal = no_start(entry, self._snapshot.account, fresh=self._state.fresh)
        if refusal:
            self.show_message(refusal, "warn")
        elif row.visit != self._starting:  # the button says so meanwhile
            self.start_visit_requested.emit(row.visit)

    def _search(self) -> None:
        before = self.table.selected()
        if not self.model.show_only(self.title.search.text(), self._filter, self.title.chosen_room):
            return
        if before is not None and (index := self.model.find(before.visit)).isValid():
            self.table.select(index)
        self._keep_selection()
        self._refresh()

    def _filter_changed(self, chosen: Filter) -> None:
        self._filter = chosen
        self._search()

    def _room_chosen(self, _room: str) -> None:
        self._search()
        self.render_snapshot(self._snapshot)  # room names under the status come and go

    def _leave_search(self) -> None:
        self.title.search.clear()
        self.table.setFocus()

    def _header_clicked(self, column: int) -> None:
        by = SORT_OF[Column(column)]
        again = self.model.sorting.by is by
        self.sort_by(Sorting(by, descending=again and not self.model.sorting.descending))

    def _clicked(self, _index: QModelIndex) -> None:
        if self.drawer_floats:
            self.show_drawer(shown=True)
            self._settled.start()

    def _show_details(self) -> None:
        self.show_drawer(shown=True)
        self._settled.start()
        inside = self.drawer.start if self.drawer.start.isEnabled() else self.drawer.close_button
        inside.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _hide_drawer(self) -> None:
        self.show_drawer(shown=False)
        self.table.setFocus()

    def _context_menu(self, at: QPoint) -> None:
        if self.table.selected() is not None and self.drawer.more.isEnabled():
            self.drawer.menu.popup(self.table.viewport().mapToGlobal(at))

    def _open_chat(self) -> None:
        row = self.table.selected()
        if row is None:
            return
        if not self.drawer.message.isEnabled():
            self.show_message(tr_marked(NOT_CONNECTED), "warn")
            return
        self.show_drawer(shown=True)
        self.chat.open(row.visit)

    def _rows_changed(self, rows: tuple[Row, ...]) -> None:
        if rows:
            self.model.apply(rows)
            self._refresh()

    def _ask_for_link(self) -> None:
        rooms = self._snapshot.waiting_room.rooms
        first = rooms[0].id if rooms else FIRST_ROOM
        self.visit_link_requested.emit(self.title.chosen_room or first)

    def _acuity_chosen(self, level: int) -> None:
        row = self.table.selected()
        if row is not None:
            self.flow.set_acuity(row, level)

    def _connect(self) -> None:
        self.table.start_requested.connect(self._start_selected)
        self.table.selectionModel().selectionChanged.connect(self._show_selected)
        self.rail.waiting_room.clicked.connect(self.focus_first)
        self.table.focused.connect(self.show_table_focus)
        self.table.clicked.connect(self._clicked)
        self.table.details_requested.connect(self._show_details)
        self.table.customContextMenuRequested.connect(self._context_menu)
        self.table.horizontalHeader().sectionClicked.connect(self._header_clicked)
        self.drawer.start_requested.connect(self.start_visit_requested)
        self.drawer.finish_requested.connect(lambda _visit: self._begin(Verb.FINISH))
        self.drawer.verb_requested.connect(self._begin)
        self.drawer.acuity_requested.connect(self._acuity_chosen)
        self.drawer.message_requested.connect(self._open_chat)
        self.drawer.chat.closed.connect(lambda _visit: self.focus_first())
        self.drawer.chat.left.connect(self.focus_first)
        self.chat.rows_changed.connect(self._rows_changed)
        self.drawer.close_requested.connect(self._hide_drawer)
        self.flow.order_requested.connect(self.order_requested)
        self.flow.row_changed.connect(self._row_changed)
        self.flow.said.connect(self.show_message)
        self.sheet.closed.connect(self.focus_first)
        self.filters.gone.clicked.connect(self.gone.open_sheet)
        self.gone.recall_requested.connect(self.flow.send)
        self.gone.closed.connect(self.focus_first)
        self.title.search.textChanged.connect(self._search)
        self.title.search.returnPressed.connect(self.table.setFocus)
        self.title.escape.pressed.connect(self._leave_search)
        self.title.room_chosen.connect(self._room_chosen)
        self.title.link.clicked.connect(self._ask_for_link)
        self.filters.filter_changed.connect(self._filter_changed)
        self.filters.sort_requested.connect(self.sort_by)
