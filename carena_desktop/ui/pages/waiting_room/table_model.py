"""The rows as a Qt model: deltas change only what changed, so that selection, scroll and screen readers stay put.

Sorting and filtering are the model's own (``ordering``): a proxy would call back into Python for every comparison.
Running times are not stored: they are computed for the moment asked, from the clock.
"""

from collections.abc import Callable, Iterable
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from carena_desktop.ui import acuity, text
from carena_desktop.ui.i18n import mark, tr, tr_marked
from carena_desktop.ui.pages.waiting_room.ordering import (
    Changed,
    Inserted,
    Moved,
    Ordering,
    Removed,
    SortBy,
    Sorting,
)
from carena_desktop.ui.pages.waiting_room.rows import PILLS, Filter, Row, Urgency, fits, found
from carena_desktop.ui.pages.waiting_room.tally import Tally
from carena_desktop.ui.queue_words import RED_FLAG_DOT

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE: Final = int(Qt.ItemDataRole.UserRole)
_ROOT: Final = QModelIndex()
_ALIGN: Final = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)


class Column(IntEnum):
    """The columns, in reading order."""

    ACUITY = 0
    PATIENT = 1
    REASON = 2
    WAITING = 3
    STATUS = 4
    DEVICE = 5
    LANGUAGE = 6
    ASSIGNED = 7


HEADINGS: Final = {
    Column.ACUITY: mark("Acuity"),
    Column.PATIENT: mark("Patient"),
    Column.REASON: mark("Reason for visit"),
    Column.WAITING: mark("Waiting"),
    Column.STATUS: mark("Status"),
    Column.DEVICE: mark("Device"),
    Column.LANGUAGE: mark("Language"),
    Column.ASSIGNED: mark("Assigned"),
}
SORT_OF: Final = {
    Column.ACUITY: SortBy.ACUITY,
    Column.PATIENT: SortBy.PATIENT,
    Column.REASON: SortBy.REASON,
    Column.WAITING: SortBy.WAITING,
    Column.STATUS: SortBy.STATUS,
    Column.DEVICE: SortBy.DEVICE,
    Column.LANGUAGE: SortBy.LANGUAGE,
    Column.ASSIGNED: SortBy.ASSIGNED,
}

_TOLD_IN_FULL: Final = frozenset(Column) - {Column.DEVICE, Column.LANGUAGE}
"""What a cell may have cut short, or says by a sign."""


class WaitingModel(QAbstractTableModel):
    """One row per patient shown; every patient of the clinic is held, and counted where the room is chosen.

    Args:
        now_ms: The server's time in ms since the epoch.
    """

    def __init__(self, now_ms: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self._all: dict[str, Row] = {}
        self._ordering = Ordering(self._accepts, Sorting())
        self._words: tuple[str, ...] = ()
        self._chosen = Filter.ALL
        self._room = ""
        self._quiet: frozenset[str] = frozenset()
        self.tally = Tally()
        """Of the room that is shown."""
        self.heard = Tally()
        """Of every room but the quiet ones, whatever is shown: alerts depend on it."""

    # -- what the page asks

    @property
    def rows(self) -> tuple[Row, ...]:
        """All patients, shown or not, in the order in which they became known."""
        return tuple(self._all.values())

    @property
    def held(self) -> int:
        """How many patients there are, shown or not."""
        return len(self._all)

    @property
    def sorting(self) -> Sorting:
        """How the rows are sorted."""
        return self._ordering.sorting

    def get(self, visit: str) -> Row | None:
        """Return the row of a visit, shown or not."""
        return self._all.get(visit)

    def row_at(self, index: Index) -> Row | None:
        """The patient of an index, or None when there is none."""
        return self._ordering.row(index.row()) if index.isValid() and index.row() < len(self._ordering) else None

    def find(self, visit: str) -> QModelIndex:
        """The index of a visit, invalid when it is not shown."""
        place = self._ordering.place(visit)
        return QModelIndex() if place is None else self.index(place, 0)

    def elapsed_s(self, row: Row) -> float:
        """Seconds the row's running time has run."""
        return max(0.0, (self._now_ms() - row.since_ms) / 1000)

    def urgency(self, row: Row) -> Urgency:
        """How the row's wait stands to its target now."""
        return row.urgency(self._now_ms())

    def is_to_triage_again(self, row: Row) -> bool:
        """Whether the row's acuity is to be looked at again now."""
        return row.waits and row.retriage_at_ms is not None and row.retriage_at_ms <= self._now_ms()

    # -- what the page changes

    def apply(self, changed: Iterable[Row], removed: Iterable[str] = ()) -> None:
        """Take changed or new rows and visits that are gone: one removal, insertion, move or change for each."""
        for visit in removed:
            before = self._all.pop(visit, None)
            if before is not None:
                self._uncount(before)
                self._carry_out_removal(visit)
        for row in changed:
            before = self._all.get(row.visit)
            if before == row:
                continue
            if before is not None:
                self._uncount(before)
            self._all[row.visit] = row
            self._count(row)
            self._carry_out(row)

    def replace_all(self, rows: Iterable[Row]) -> None:
        """Hold these rows and no others; for the first list of a session, where nothing is selected yet."""
        self.beginResetModel()
        self._all = {row.visit: row for row in rows}
        self._recount()
        self._ordering.arrange(self._all.values(), self._accepts, self.sorting)
        self.endResetModel()

    def show_only(self, query: str, chosen: Filter, room: str) -> bool:
        """Filter by a search text, a chip and a room ("" for all); return whether that changed what is shown."""
        words = tuple(query.casefold().split())
        if (words, chosen, room) == (self._words, self._chosen, self._room):
            return False
        self.beginResetModel()  # a person asked for another list: nothing of the old one is worth keeping
        another = room != self._room
        self._words, self._chosen, self._room = words, chosen, room
        if another:
            self._recount()
        self._ordering.arrange(self._all.values(), self._accepts, self.sorting)
        self.endResetModel()
        return True

    def set_quiet_rooms(self, rooms: frozenset[str]) -> None:
        """Leave these rooms out of ``heard``."""
        if rooms != self._quiet:
            self._quiet = rooms
            self._recount()

    def sort_by(self, sorting: Sorting) -> None:
        """Sort anew; what is selected stays selected."""
        if sorting == self.sorting:
            return
        self.layoutAboutToBeChanged.emit()
        held = [(index, self.row_at(index)) for index in self.persistentIndexList()]
        self._ordering.arrange(self._all.values(), self._accepts, sorting)
        for index, row in held:
            place = self._ordering.place(row.visit) if row is not None else None
            self.changePersistentIndex(index, self.index(place, index.column()) if place is not None else QModelIndex())
        self.layoutChanged.emit()

    # -- Qt

    def rowCount(self, parent: Index = _ROOT) -> int:
        """How many patients are shown."""
        return 0 if parent.isValid() else len(self._ordering)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """How many columns."""
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Column headings."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return tr_marked(HEADINGS[Column(section)])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGN
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text for eyes and for readers, and the row itself for the delegate."""
        if role not in {ROW_ROLE, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self._tool_tip(index) if role == Qt.ItemDataRole.ToolTipRole else None
        row = self.row_at(index)
        if row is None or role == ROW_ROLE:
            return row
        column = Column(index.column())
        return self._display(row, column) if role == Qt.ItemDataRole.DisplayRole else self._spoken(row, column)

    # -- inside

    def _accepts(self, row: Row) -> bool:
        return (
            (not self._room or row.room == self._room)
            and fits(row, self._chosen)
            and (not self._words or found(row, self._words))
        )

    def _count(self, row: Row) -> None:
        if not self._room or row.room == self._room:
            self.tally.add(row)
        if row.room not in self._quiet:
            self.heard.add(row)

    def _uncount(self, row: Row) -> None:
        if not self._room or row.room == self._room:
            self.tally.remove(row)
        if row.room not in self._quiet:
            self.heard.remove(row)

    def _recount(self) -> None:
        self.tally.clear()
        self.heard.clear()
        for row in self._all.values():
            self._count(row)

    def _carry_out_removal(self, visit: str) -> None:
        place = self._ordering.place(visit)
        if place is None:
            return
        self.beginRemoveRows(_ROOT, place, place)
        self._ordering.remove(visit)
        self.endRemoveRows()

    def _carry_out(self, row: Row) -> None:
        match self._ordering.plan(row):
            case None:
                pass
            case Removed():
                self._carry_out_removal(row.visit)
            case Inserted(at):
                self.beginInsertRows(_ROOT, at, at)
                self._ordering.put(row)
                self.endInsertRows()
            case Changed(at):
                self._ordering.put(row)
                self.dataChanged.emit(self.index(at, 0), self.index(at, len(Column) - 1))
            case Moved(start, to):
                self.beginMoveRows(_ROOT, start, start, _ROOT, to + 1 if to > start else to)
                self._ordering.put(row)
                self.endMoveRows()
                self.dataChanged.emit(self.index(to, 0), self.index(to, len(Column) - 1))

    def _tool_tip(self, index: Index) -> object:
        row = self.row_at(index)
        if row is None:
            return None
        column = Column(index.column())
        if column is Column.DEVICE:
            return row.readiness.words
        return self._spoken(row, column) if column in _TOLD_IN_FULL else None

    def _display(self, row: Row, column: Column) -> str:  # noqa: PLR0911 - one return per column
        match column:
            case Column.ACUITY:
                return str(row.acuity) if row.acuity is not None else "\u2013"
            case Column.PATIENT:
                return row.name
            case Column.REASON:
                return row.reason
            case Column.WAITING:
                return text.clock_time(self.elapsed_s(row))
            case Column.STATUS:
                return tr_marked(PILLS[row.status].word)
            case Column.DEVICE:
                return row.readiness.words
            case Column.LANGUAGE:
                return row.language
            case Column.ASSIGNED:
                return row.owner

    def _spoken(self, row: Row, column: Column) -> str:  # noqa: PLR0911 - one return per column
        match column:
            case Column.ACUITY:
                return acuity.spoken(row.acuity)
            case Column.PATIENT:
                return _spoken_patient(row)
            case Column.REASON:
                flag = tr("Red flag: {flag}").format(flag=row.red_flag.replace(RED_FLAG_DOT, ", "))
                return f"{row.reason}, {flag}" if row.red_flag else row.reason
            case Column.WAITING:
                return self._spoken_time(row)
            case Column.STATUS:
                away = tr("reconnecting") if row.waits and not row.present else ""
                parts = [tr_marked(PILLS[row.status].word), away, row.under, row.pending]
                return ", ".join(part for part in parts if part)
            case Column.DEVICE:
                return row.readiness.words
            case Column.LANGUAGE:
                language = row.language or tr("No language given")
                return tr("{language}, needs an interpreter").format(language=language) if row.interpreter else language
            case Column.ASSIGNED:
                return row.owner or tr("Assigned to nobody")

    def _spoken_time(self, row: Row) -> str:
        time = text.duration_words(self.elapsed_s(row))
        if not row.waits:
            return tr("{status} for {time}").format(status=tr_marked(PILLS[row.status].word), time=time)
        if row.target_s is None:
            return tr("Waiting for {time}").format(time=time)
        target = text.duration_words(row.target_s)
        if self.is_to_triage_again(row):
            time = tr("{time}, triage again").format(time=time)
        if self.urgency(row) is Urgency.OVER:
            return tr("Waiting for {time}, over the target of {target}").format(time=time, target=target)
        return tr("Waiting for {time} of {target}").format(time=time, target=target)


def _spoken_patient(row: Row) -> str:
    parts = [row.name, row.about]
    if row.unread:
        parts.append(tr("%n message(s) not read", "", row.unread))
    elif row.wants_chat:
        parts.append(tr("wants to write"))
    return ", ".join(parts)
