"""The rows as Qt models: deltas change only what changed, so that selection, scroll and screen readers stay put.

Running times are not stored: they are computed for the moment asked, from the clock.
"""

from collections.abc import Callable
from enum import IntEnum
from typing import Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from carena_desktop.ui import text
from carena_desktop.ui.i18n import mark, tr, tr_marked
from carena_desktop.ui.pages.waiting_room.view_model import PILLS, Filter, Row, Status, matches

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE: Final = int(Qt.ItemDataRole.UserRole)
SORT_ROLE: Final = ROW_ROLE + 1
_ROOT: Final = QModelIndex()


class Column(IntEnum):
    """The columns, in reading order."""

    PATIENT = 0
    REASON = 1
    WAITING = 2
    STATUS = 3


HEADINGS: Final = {
    Column.PATIENT: mark("Patient"),
    Column.REASON: mark("Reason for visit"),
    Column.WAITING: mark("Waiting"),
    Column.STATUS: mark("Status"),
}
_STATUS_ORDER: Final = {Status.WAITING: 0, Status.RECONNECTING: 1, Status.IN_VISIT: 2}


class WaitingModel(QAbstractTableModel):
    """One row per patient, in check-in order.

    Args:
        now_ms: The server's time in ms since the epoch.
    """

    def __init__(self, now_ms: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self._rows: list[Row] = []

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows as they are."""
        return tuple(self._rows)

    def row_at(self, index: Index) -> Row | None:
        """The patient of an index, or None when there is none."""
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def find(self, visit: str) -> QModelIndex:
        """The index of a visit, invalid when it is not here."""
        return next((self.index(at, 0) for at, row in enumerate(self._rows) if row.visit == visit), QModelIndex())

    def set_rows(self, rows: tuple[Row, ...]) -> None:
        """Become ``rows`` by the fewest removals, insertions, moves and changes; never a reset."""
        wanted = {row.visit for row in rows}
        for at in range(len(self._rows) - 1, -1, -1):
            if self._rows[at].visit not in wanted:
                self.beginRemoveRows(_ROOT, at, at)
                del self._rows[at]
                self.endRemoveRows()
        for at, row in enumerate(rows):
            self._put(at, row)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """How many patients."""
        return 0 if parent.isValid() else len(self._rows)

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
            return int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text for eyes and for readers, the row itself for the delegate, and what to sort by."""
        row = self.row_at(index)
        if row is None:
            return None
        column = Column(index.column())
        if role == ROW_ROLE:
            return row
        if role == SORT_ROLE:
            return _sort_key(row, column)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._display(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row, column)
        return None

    def elapsed_s(self, row: Row) -> float:
        """Seconds the row's running time has run."""
        return max(0.0, (self._now_ms() - row.since_ms) / 1000)

    def _put(self, at: int, row: Row) -> None:
        here = next((i for i in range(at, len(self._rows)) if self._rows[i].visit == row.visit), None)
        if here is None:
            self.beginInsertRows(_ROOT, at, at)
            self._rows.insert(at, row)
            self.endInsertRows()
            return
        if here != at:
            self.beginMoveRows(_ROOT, here, here, _ROOT, at)
            self._rows.insert(at, self._rows.pop(here))
            self.endMoveRows()
        if self._rows[at] != row:
            self._rows[at] = row
            self.dataChanged.emit(self.index(at, 0), self.index(at, len(Column) - 1))

    def _display(self, row: Row, column: Column) -> str:
        match column:
            case Column.PATIENT:
                return row.name
            case Column.REASON:
                return row.reason
            case Column.WAITING:
                return text.clock_time(self.elapsed_s(row))
            case Column.STATUS:
                return tr_marked(PILLS[row.status].word)

    def _spoken(self, row: Row, column: Column) -> str:
        match column:
            case Column.PATIENT:
                return f"{row.name}, {row.about}"
            case Column.REASON:
                return row.reason
            case Column.WAITING:
                said = tr("in visit for {time}") if row.status is Status.IN_VISIT else tr("waiting for {time}")
                return said.format(time=text.duration_words(self.elapsed_s(row)))
            case Column.STATUS:
                word = tr_marked(PILLS[row.status].word)
                return tr("{status}, with {name}").format(status=word, name=row.who) if row.who else word


class WaitingProxy(QSortFilterProxyModel):
    """Sorting and searching on top of the model."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._query = ""
        self._filter = Filter.ALL
        self.setSortRole(SORT_ROLE)
        self.setDynamicSortFilter(True)

    def show_only(self, query: str, chosen: Filter) -> None:
        """Filter by a search text and a chip."""
        if (query, chosen) != (self._query, self._filter):
            self.beginFilterChange()
            self._query, self._filter = query, chosen
            self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        """Whether a row is shown."""
        row = self.sourceModel().index(source_row, 0, source_parent).data(ROW_ROLE)
        return isinstance(row, Row) and matches(row, self._query, self._filter)

    def lessThan(self, left: Index, right: Index) -> bool:
        """Compare by the column's own key, which is total: equal rows keep check-in order."""
        first, second = left.data(SORT_ROLE), right.data(SORT_ROLE)
        return bool(first < second)


def _sort_key(row: Row, column: Column) -> tuple[str | int, ...]:
    match column:
        case Column.PATIENT:
            return (row.name.casefold(), row.checked_in_at_ms)
        case Column.REASON:
            return (row.reason.casefold(), row.checked_in_at_ms)
        case Column.WAITING:
            # The oldest begins: the longest wait is on top when descending, whoever is in a visit comes last.
            return (0 if row.status is Status.IN_VISIT else 1, -row.since_ms)
        case Column.STATUS:
            return (_STATUS_ORDER[row.status], row.checked_in_at_ms)
