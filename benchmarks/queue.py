"""What the waiting room costs Qt's thread, beside the usual way: a model that is reset for every change.

Ours: the session's delta applied, the rows and counters brought up to date, the table told the one step, and what that
repaints. The peer: the same rows and the same painter, but each change makes all rows anew, resets the model, and has a
QSortFilterProxyModel sort by a Python comparison, as Qt's examples do. Both windows are shown and painted.

"Key to effect" is from the key press to the painted row, at 500 patients, with a server that has not answered yet; "the
slowest action" is the worst of what a person does in the list, measured the same way.
"""

import gc
import os
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from statistics import median
from typing import Final

import psutil
import PySide6
from msgspec import UNSET
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView

from benchmarks.row import Row
from carena_desktop.session import waiting_room
from carena_desktop.session.model import SessionSnapshot, SessionState, StaffAccount, WaitingRoom
from carena_desktop.ui.keys import Do
from carena_desktop.ui.pages.waiting_room.delegate import WaitingDelegate
from carena_desktop.ui.pages.waiting_room.header import SORTS
from carena_desktop.ui.pages.waiting_room.ordering import SortBy, sort_key
from carena_desktop.ui.pages.waiting_room.page import WaitingRoomPage
from carena_desktop.ui.pages.waiting_room.row_book import Context, RowBook
from carena_desktop.ui.pages.waiting_room.rows import Row as QueueRow
from carena_desktop.ui.pages.waiting_room.table_model import ROW_ROLE, Column, WaitingModel
from carena_desktop.ui.pages.waiting_room.view_model import view
from carena_desktop.ui.theme import Appearance, Theme
from carena_protocol.messages import Presence, QueueDelta, QueueEntry, Role, VisitState
from carena_protocol.rows import RedFlag
from carena_protocol.rows import Room as RoomSettings

NOW_MS: Final = 1_800_000_000_000
MANY: Final = 10_000
USUAL: Final = 500
CHANGES: Final = 300
ACTIONS: Final = 30
"""Of each kind."""
FRAME_MS: Final = 1000 / 60
MOST_MS: Final = 16
FELT_MS: Final = 50
MOST_MB: Final = 100
_SIZE: Final = (1440, 900)
_PEER: Final = f"reset model, QSortFilterProxyModel (PySide6 {PySide6.__version__})"
ACCOUNT: Final = StaffAccount(id="me", username="me", display_name="Dr. Casey Example", role=Role.CLINICIAN)
STATES: Final = (VisitState.ARRIVED, VisitState.NEEDS_TRIAGE, VisitState.READY, VisitState.RETURNED)

Index = QModelIndex | QPersistentModelIndex


def wire(number: int, version: int, dice: random.Random) -> QueueEntry:
    """Return a row as the server sends it."""
    return QueueEntry(
        visit=f"v{number}",
        version=version,
        state=dice.choice(STATES),
        presence=Presence.CONNECTED,
        name=f"Sample Patient {number}",
        birth_date="1980-01-01",
        reason=f"Example reason number {number}, a little longer than the column",
        checked_in_at=NOW_MS - (number * 977) % 7_200_000,
        acuity=dice.choice((None, 1, 2, 3, 4, 5)),
        language=dice.choice(("en", "es", "vi")),
        interpreter=dice.random() < 0.2,  # noqa: PLR2004 - a share
        red_flags=(RedFlag.CHEST_PAIN,) if dice.random() < 0.05 else (),  # noqa: PLR2004 - a share
    )


def crowd(count: int, dice: random.Random) -> WaitingRoom:
    """Return a room with so many patients."""
    entries = sorted(
        (waiting_room.to_entry(wire(number, 1, dice)) for number in range(count)),
        key=lambda entry: (entry.checked_in_at_ms, entry.visit),
    )
    return WaitingRoom(1, "Example Clinic", tuple(entries), (RoomSettings(id="main", name="Main"),))


class OurRoom:
    """The page of the program, fed as the session feeds it."""

    def __init__(self, theme: Theme, room: WaitingRoom) -> None:
        self.page = WaitingRoomPage(theme, lambda: NOW_MS)
        self.snapshot = SessionSnapshot(state=SessionState.ONLINE, account=ACCOUNT, waiting_room=room)
        self.page.resize(*_SIZE)
        self.page.show()
        self.page.render_snapshot(self.snapshot)

    def change(self, delta: QueueDelta) -> None:
        """Apply a delta and show it."""
        room = waiting_room.apply_delta(self.snapshot.waiting_room, delta)
        if not isinstance(room, WaitingRoom):
            raise TypeError("the deltas have a gap")
        self.snapshot = replace(self.snapshot, waiting_room=room)
        self.page.render_snapshot(self.snapshot)


class _ResetModel(QAbstractTableModel):
    """All rows, replaced as a whole."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[object] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's
        """How many."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's
        """How many."""
        return len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row."""
        return self.rows[index.row()] if role == ROW_ROLE else None


class _Proxy(QSortFilterProxyModel):
    """Sorts by the same key as ours."""

    def lessThan(self, left: Index, right: Index) -> bool:  # noqa: N802 - Qt's
        """Compare two rows."""
        return sort_key(left.data(ROW_ROLE), SortBy.ACUITY) < sort_key(right.data(ROW_ROLE), SortBy.ACUITY)


class _Lookup(WaitingModel):
    """Gives the painter of the program the rows of the other model."""

    def __init__(self) -> None:
        super().__init__(lambda: NOW_MS)

    def row_at(self, index: Index) -> QueueRow | None:
        """The row of an index of the proxy."""
        row = index.data(ROW_ROLE)
        return row if isinstance(row, QueueRow) else None


class UsualRoom:
    """The usual way."""

    def __init__(self, theme: Theme, room: WaitingRoom) -> None:
        self.snapshot = SessionSnapshot(state=SessionState.ONLINE, account=ACCOUNT, waiting_room=room)
        self._model = _ResetModel()
        self._proxy = _Proxy()
        self._proxy.setSourceModel(self._model)
        self._table = QTableView()
        delegate = WaitingDelegate(theme, _Lookup(), self._table)
        self._table.setModel(self._proxy)
        self._table.setItemDelegate(delegate)
        self._table.verticalHeader().setDefaultSectionSize(delegate.row_height())
        self._table.resize(*_SIZE)
        self._table.show()
        self._proxy.sort(0)
        self._show()

    def change(self, delta: QueueDelta) -> None:
        """Apply a delta and show everything anew."""
        room = waiting_room.apply_delta(self.snapshot.waiting_room, delta)
        if not isinstance(room, WaitingRoom):
            raise TypeError("the deltas have a gap")
        self.snapshot = replace(self.snapshot, waiting_room=room)
        self._show()

    def close(self) -> None:
        """Put the window away."""
        self._table.close()

    def _show(self) -> None:
        view(self.snapshot)
        room = self.snapshot.waiting_room
        rows = RowBook().update(room.entries, Context(ACCOUNT, room.rooms)).changed
        self._model.beginResetModel()
        self._model.rows = list(rows)
        self._model.endResetModel()


def deltas(room: WaitingRoom, count: int, dice: random.Random) -> Iterable[QueueDelta]:
    """Return changes as a day brings them: mostly changed rows, some arrivals, some departures."""
    open_visits = [int(entry.visit[1:]) for entry in room.entries]
    fresh = max(open_visits) + 1
    for version in range(room.version + 1, room.version + 1 + count):
        luck = dice.random()
        if luck < 0.1:  # noqa: PLR2004 - a share
            open_visits.append(fresh)
            number, fresh = fresh, fresh + 1
        else:
            number = dice.choice(open_visits)
        if luck > 0.95:  # noqa: PLR2004 - a share
            open_visits.remove(number)
            yield QueueDelta(queue_version=version, visit=f"v{number}", entry=UNSET)
        else:
            yield QueueDelta(queue_version=version, visit=f"v{number}", entry=wire(number, version, dice))


def milliseconds(application: QApplication, work: Callable[[], object]) -> float:
    """Return how long Qt's thread is busy with ``work`` and what it repaints."""
    start = time.perf_counter()
    work()
    application.processEvents()
    return (time.perf_counter() - start) * 1000


def changes(application: QApplication, room: OurRoom | UsualRoom, count: int, dice: random.Random) -> list[float]:
    """Return the milliseconds of so many deltas."""
    gc.collect()
    return [
        milliseconds(application, partial(room.change, delta))
        for delta in deltas(room.snapshot.waiting_room, count, dice)
    ]


def scrolling(application: QApplication, page: WaitingRoomPage) -> list[float]:
    """Return the milliseconds of each frame while the list is scrolled by 37 pixels a frame."""
    bar = page.table.verticalScrollBar()
    return [milliseconds(application, partial(bar.setValue, at * 37)) for at in range(240)]


def keys(application: QApplication, room: OurRoom) -> list[float]:
    """Return the milliseconds from a key to the painted effect."""
    table = room.page.table
    table.setFocus()
    found = []
    for at in range(60):
        key = (Qt.Key.Key_Down, Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_4)[at % 4]
        found.append(milliseconds(application, partial(_press, table, key)))
    return found


def actions(application: QApplication, room: OurRoom) -> dict[str, list[float]]:
    """Return, by what a person does, the milliseconds until it is painted; no server is waited for."""
    page = room.page
    chips, search, rows = page.filters.chips, page.title.search, page.table
    done: dict[str, Callable[[int], object]] = {
        "select": lambda at: rows.select(page.model.index(at * 7 % USUAL, 0)),
        "claim": lambda _at: page.do(Do.CLAIM),
        "acuity": lambda at: page.do((Do.ACUITY_1, Do.ACUITY_4)[at % 2]),
        "assign, the question": lambda _at: page.do(Do.ASSIGN),
        "assign, away with it": lambda _at: page.sheet.close_sheet(),
        "search, a letter": lambda at: search.setText("test"[: at % 5]),
        "filter": lambda at: chips.setCurrentIndex(at % chips.count()),
        "sort": lambda at: page.sort_by(SORTS[at % len(SORTS)][1]),
        "details": lambda at: page.show_drawer(shown=at % 2 == 0),
    }
    found: dict[str, list[float]] = {}
    for name, act in done.items():
        search.clear()
        chips.setCurrentIndex(0)
        application.processEvents()
        found[name] = []
        for at in range(ACTIONS):
            rows.select(page.model.index(at % 20, 0))
            application.processEvents()
            found[name].append(milliseconds(application, partial(act, at)))
    return found


def _press(table: QTableView, key: Qt.Key) -> None:
    QTest.keyClick(table, key)


def high(values: list[float]) -> float:
    """Return the 99th percentile."""
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.99))]


def memory(make: Callable[[], OurRoom]) -> tuple[float, OurRoom]:
    """Return by how many MB the process grew, and what was made."""
    gc.collect()
    before = psutil.Process().memory_info().rss
    made = make()
    gc.collect()
    return (psutil.Process().memory_info().rss - before) / 2**20, made


def rows() -> Iterable[Row]:
    """Measure and yield the rows."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication([])
    dice = random.Random(1)  # noqa: S311 - the same crowd each time
    theme = Theme(application, appearance=Appearance.LIGHT, text_scale=1.0)
    OurRoom(theme, crowd(1, dice)).page.close()  # fonts, icons and code are loaded: what follows is the rows' own
    application.processEvents()

    def fill() -> OurRoom:
        filled = OurRoom(theme, crowd(MANY, dice))
        application.processEvents()
        return filled

    grown, ours = memory(fill)
    mine = changes(application, ours, CHANGES, dice)
    usual = UsualRoom(theme, crowd(MANY, dice))
    theirs = changes(application, usual, 8, dice)
    usual.close()
    worst = "<= 16 ms"
    yield Row("10,000 rows: a delta, median", median(mine), "ms", median(theirs), _PEER, worst, median(mine) <= MOST_MS)
    yield Row("10,000 rows: a delta, p99", high(mine), "ms", max(theirs), _PEER, worst, high(mine) <= MOST_MS)
    frames = scrolling(application, ours.page)
    usually, worst_frame = median(frames), high(frames)
    yield Row("10,000 rows: a frame of scrolling, median", usually, "ms", target="60 fps", met=usually < FRAME_MS)
    yield Row("10,000 rows: a frame of scrolling, p99", worst_frame, "ms", target="60 fps", met=worst_frame < FRAME_MS)
    yield Row("10,000 rows: memory over an empty list", grown, "MB", target="<= 100 MB", met=grown <= MOST_MB)
    ticks = [milliseconds(application, ours.page.tick) for _ in range(30)]
    yield Row("10,000 rows: the clock's tick, p99", high(ticks), "ms", target=worst, met=high(ticks) <= MOST_MS)
    ours.page.close()
    few = OurRoom(theme, crowd(USUAL, dice))
    application.processEvents()
    effects = keys(application, few)
    yield Row("500 rows: key to effect, median", median(effects), "ms", target="< 50 ms", met=median(effects) < FELT_MS)
    yield Row("500 rows: key to effect, p99", high(effects), "ms", target="< 50 ms", met=high(effects) < FELT_MS)
    acted = actions(application, few)
    slowest = max(acted, key=lambda name: high(acted[name]))
    worst_ms = high(acted[slowest])
    what = f"500 rows: the slowest of {len(acted)} actions ({slowest}), p99"
    yield Row(what, worst_ms, "ms", target="< 50 ms", met=worst_ms < FELT_MS)
    few.page.close()
