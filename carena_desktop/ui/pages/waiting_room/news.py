"""What of changed rows is worth an alert: who came, who ticked a red flag while waiting, who wants to write. Pure.

What a patient's page reports leaves a row's version as it was; so a red flag that a colleague enters rings nobody.
"""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from carena_desktop.ui.alerts import Event, Kind
from carena_desktop.ui.pages.waiting_room.rows import Row

Known: TypeAlias = Callable[[str], Row | None]
"""Returns the row of a visit as it was."""


def news(before: Known, changed: Iterable[Row]) -> tuple[tuple[Row, Event], ...]:
    """Return what happened, each with its row; a row that is new and waits has come."""
    found: list[tuple[Row, Event]] = []
    for row in changed:
        old = before(row.visit)
        if old is None and row.waits:
            found.append((row, Event(Kind.RED_FLAG if row.red_flag else Kind.ARRIVED, row.acuity)))
        elif old is not None and row.red_flag not in {"", old.red_flag} and row.version == old.version:
            found.append((row, Event(Kind.RED_FLAG, row.acuity)))
        if row.wants_chat and (old is None or not old.wants_chat):
            found.append((row, Event(Kind.MESSAGE, row.acuity)))
    return tuple(found)


def heard(happened: Iterable[tuple[Row, Event]], quiet_rooms: frozenset[str]) -> tuple[Event, ...]:
    """Return what is told here: of a quiet room only what breaks any quiet."""
    return tuple(event for row, event in happened if row.room not in quiet_rooms or event.breaks_quiet)
