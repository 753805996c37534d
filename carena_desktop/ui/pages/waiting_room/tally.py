"""The numbers above the table, kept up to date change by change: how many, how long, how many over target. Pure."""

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from carena_desktop.ui.pages.waiting_room.rows import Filter, Row, Status, fits
from carena_protocol.visit import queue_order

_HOLDS: Final = frozenset({Status.ON_HOLD, Status.STEPPED_AWAY})


@dataclass(frozen=True, slots=True)
class Counters:
    """The numbers at one moment; times in seconds, None when nobody waits."""

    waiting: int
    in_visit: int
    on_hold: int
    over_target: int
    to_triage_again: int
    longest_s: float | None
    median_s: float | None
    by_filter: Mapping[Filter, int]
    """How many rows each chip would show."""


class Tally:
    """Counts rows of which each is told once: ``add`` it, and ``remove`` the same value before it changes."""

    def __init__(self, is_counted: Callable[[Row], bool] = lambda _row: True) -> None:
        self._is_counted = is_counted
        self._since: list[int] = []
        self._since_in: dict[str, list[int]] = {}
        self._due: list[int] = []
        self._again: list[int] = []
        self._lines: dict[str, list[tuple[int, int]]] = {}
        self._statuses: Counter[Status] = Counter()
        self._filters: Counter[Filter] = Counter()

    def add(self, row: Row) -> None:
        """Count a row."""
        self._count(row, 1)
        if row.waits:
            insort(self._since, row.since_ms)
            insort(self._since_in.setdefault(row.room, []), row.since_ms)
            insort(self._lines.setdefault(row.room, []), queue_order(row.acuity, row.checked_in_at_ms))
            if row.due_ms is not None:
                insort(self._due, row.due_ms)
            if row.retriage_at_ms is not None:
                insort(self._again, row.retriage_at_ms)

    def remove(self, row: Row) -> None:
        """Count it no more."""
        self._count(row, -1)
        if row.waits:
            del self._since[bisect_left(self._since, row.since_ms)]
            here = self._since_in[row.room]
            del here[bisect_left(here, row.since_ms)]
            line = self._lines[row.room]
            del line[bisect_left(line, queue_order(row.acuity, row.checked_in_at_ms))]
            if row.due_ms is not None:
                del self._due[bisect_left(self._due, row.due_ms)]
            if row.retriage_at_ms is not None:
                del self._again[bisect_left(self._again, row.retriage_at_ms)]

    def clear(self) -> None:
        """Count nothing."""
        self._since.clear()
        self._since_in.clear()
        self._due.clear()
        self._again.clear()
        self._lines.clear()
        self._statuses.clear()
        self._filters.clear()

    def at(self, now_ms: int) -> Counters:
        """Return the numbers at ``now_ms`` on the server's clock."""
        waiting = len(self._since)
        middle = self._since[waiting // 2] if waiting else 0
        if waiting and waiting % 2 == 0:
            middle = (middle + self._since[waiting // 2 - 1]) // 2
        return Counters(
            waiting=waiting,
            in_visit=self._statuses[Status.IN_VISIT],
            on_hold=sum(self._statuses[status] for status in _HOLDS),
            over_target=bisect_right(self._due, now_ms),
            to_triage_again=bisect_right(self._again, now_ms),
            longest_s=max(0.0, (now_ms - self._since[0]) / 1000) if waiting else None,
            median_s=max(0.0, (now_ms - middle) / 1000) if waiting else None,
            by_filter={chosen: self._filters[chosen] for chosen in Filter},
        )

    def load(self, room: str, now_ms: int) -> tuple[int, float]:
        """Return how many wait in a room, and for how long the longest of them, in seconds."""
        here = self._since_in.get(room, ())
        return len(here), max(0.0, (now_ms - here[0]) / 1000) if here else 0.0

    def passed(self, before_ms: int, now_ms: int) -> tuple[int, int]:
        """Return for how many the target, and the time to triage again, passed after ``before_ms`` until now."""

        def between(times: list[int]) -> int:
            return bisect_right(times, now_ms) - bisect_right(times, before_ms)

        return between(self._due), between(self._again)

    def place_in_line(self, row: Row) -> int | None:
        """Return the place among those who wait in the row's room, from 1; None for one who does not wait."""
        if not row.waits:
            return None
        return bisect_left(self._lines.get(row.room, []), queue_order(row.acuity, row.checked_in_at_ms)) + 1

    def _count(self, row: Row, by: int) -> None:
        self._statuses[row.status] += by
        for chosen in Filter:
            if fits(row, chosen):
                self._filters[chosen] += by
