"""Patients who are gone and may be called back, as the desktop knows them. Sans-IO.

The server tells when and how they went, and no text: that is deleted. Of those who left or were not there, this desktop
keeps the name it had on screen, in memory, for as long as the server lists them; of a finished visit it keeps none.
"""

from dataclasses import dataclass, field
from typing import Final

from carena_protocol.rows import GoneVisit, LeaveReason, VisitState

_MOST: Final = 100
"""Names held at most; the server lists no more visits."""
_NAMED: Final = frozenset({VisitState.LEFT, VisitState.NO_SHOW})


@dataclass(frozen=True, slots=True)
class GonePatient:
    """One patient who is gone; fields as in ``carena_protocol.rows.GoneVisit``."""

    visit: str
    version: int
    state: VisitState
    room: str
    checked_in_at_ms: int
    closed_at_ms: int
    reason: LeaveReason | None = None
    acuity: int | None = None
    recalled_until_ms: int | None = None
    name: str = field(default="", repr=False)
    """Empty where this desktop did not see the row, or the visit was finished."""


class GoneNames:
    """Puts the names that were seen to the visits that the server lists."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def __len__(self) -> int:
        """How many names are held."""
        return len(self._names)

    def vanished(self, visit: str, name: str) -> None:
        """A row is gone from the list; why, the server says next."""
        self._names[visit] = name
        while len(self._names) > _MOST and next(iter(self._names)) != visit:
            self._names.pop(next(iter(self._names)))

    def listed(self, gone: tuple[GoneVisit, ...]) -> tuple[GonePatient, ...]:
        """Return who is gone, with names where known; names of everyone else are forgotten."""
        named = {one.visit for one in gone if one.state in _NAMED}
        self._names = {visit: name for visit, name in self._names.items() if visit in named}
        return tuple(
            GonePatient(
                visit=one.visit,
                version=one.version,
                state=one.state,
                room=one.room,
                checked_in_at_ms=one.checked_in_at,
                closed_at_ms=one.closed_at,
                reason=one.reason,
                acuity=one.acuity,
                recalled_until_ms=one.recalled_until,
                name=self._names.get(one.visit, ""),
            )
            for one in gone
        )
