"""Which rows are shown and in which order, kept up to date change by change. Pure.

Ten thousand patients must not cost a sort for every arrival: the order is a sorted list of keys, and a change is found
by bisection. What is reported are the steps that turn the list shown before into the one shown now.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from carena_desktop.ui.pages.waiting_room.rows import Row
from carena_protocol.visit import queue_order

Key: TypeAlias = tuple[str | int, ...]
"""Ends with the visit, so that no two rows have the same."""


class SortBy(StrEnum):
    """What the list can be sorted by."""

    ACUITY = "acuity"
    PATIENT = "patient"
    REASON = "reason"
    WAITING = "waiting"
    STATUS = "status"
    DEVICE = "device"
    LANGUAGE = "language"
    ASSIGNED = "assigned"


@dataclass(frozen=True, slots=True)
class Sorting:
    """A column and a direction; descending turns the whole order round."""

    by: SortBy = SortBy.ACUITY
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Removed:
    """The row at a place goes."""

    at: int


@dataclass(frozen=True, slots=True)
class Inserted:
    """A row comes to a place."""

    at: int


@dataclass(frozen=True, slots=True)
class Changed:
    """The row at a place is another value of the same visit."""

    at: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A row leaves one place for another, where it stands afterwards, with a new value."""

    start: int
    to: int


Change: TypeAlias = Removed | Inserted | Changed | Moved


def sort_key(row: Row, by: SortBy) -> Key:  # noqa: PLR0911 - one return per column
    """Return what ``row`` is sorted by: those nobody can take now come last, equal rows in order of arrival."""
    last = (row.checked_in_at_ms, row.visit)
    match by:
        case SortBy.ACUITY:
            return (row.rank, *queue_order(row.acuity, row.since_ms), *last)
        case SortBy.PATIENT:
            return (row.name.casefold(), *last)
        case SortBy.REASON:
            return (row.reason.casefold(), *last)
        case SortBy.WAITING:
            return (row.rank, row.since_ms, *last)
        case SortBy.STATUS:
            return (row.status_order, *last)
        case SortBy.DEVICE:
            return (-row.readiness.trouble, *last)
        case SortBy.LANGUAGE:
            return (row.language.casefold(), *last)
        case SortBy.ASSIGNED:
            return (row.owner_order, row.owner.casefold(), *last)


class Ordering:
    """The rows shown, in order.

    Args:
        accepts: Whether a row is shown; changed by ``arrange``.
    """

    def __init__(self, accepts: Callable[[Row], bool], sorting: Sorting) -> None:
        self._accepts = accepts
        self._sorting = sorting
        self._keys: list[Key] = []
        self._rows: list[Row] = []
        self._key_of: dict[str, Key] = {}

    def __len__(self) -> int:
        """How many rows are shown."""
        return len(self._rows)

    @property
    def sorting(self) -> Sorting:
        """How they are sorted."""
        return self._sorting

    def row(self, place: int) -> Row:
        """Return the row at a place, from 0 at the top."""
        return self._rows[self._flip(place, len(self._rows))]

    def place(self, visit: str) -> int | None:
        """Return where a visit is shown, or None."""
        key = self._key_of.get(visit)
        return None if key is None else self._flip(bisect_left(self._keys, key), len(self._rows))

    def arrange(self, rows: Iterable[Row], accepts: Callable[[Row], bool], sorting: Sorting) -> None:
        """Show ``rows`` anew, all of them looked at and sorted."""
        self._accepts, self._sorting = accepts, sorting
        shown = [(sort_key(row, sorting.by), row) for row in rows if accepts(row)]
        shown.sort(key=_first)
        self._keys = [key for key, _ in shown]
        self._rows = [row for _, row in shown]
        self._key_of = {row.visit: key for key, row in shown}

    def plan(self, row: Row) -> Change | None:
        """Return the one step that ``put`` would take for a new or changed row, or None when nothing is to be seen."""
        old = self._key_of.get(row.visit)
        if not self._accepts(row):
            return None if old is None else Removed(self._flip(bisect_left(self._keys, old), len(self._rows)))
        key = sort_key(row, self._sorting.by)
        count = len(self._rows)
        at = bisect_left(self._keys, key)
        if old is None:
            return Inserted(self._flip(at, count + 1))
        start = bisect_left(self._keys, old)
        if old == key:
            return None if self._rows[start] == row else Changed(self._flip(start, count))
        to = at - 1 if at > start else at
        places = self._flip(start, count), self._flip(to, count)
        return Changed(places[0]) if to == start else Moved(*places)

    def put(self, row: Row) -> None:
        """Carry out what ``plan`` returns."""
        self.remove(row.visit)
        if not self._accepts(row):
            return
        key = sort_key(row, self._sorting.by)
        at = bisect_left(self._keys, key)
        self._keys.insert(at, key)
        self._rows.insert(at, row)
        self._key_of[row.visit] = key

    def remove(self, visit: str) -> None:
        """Take a visit out, where it is in."""
        key = self._key_of.pop(visit, None)
        if key is None:
            return
        at = bisect_left(self._keys, key)
        del self._keys[at], self._rows[at]

    def _flip(self, at: int, count: int) -> int:
        return count - 1 - at if self._sorting.descending else at


def _first(pair: tuple[Key, Row]) -> Key:
    return pair[0]
