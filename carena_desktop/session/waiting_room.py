"""The waiting room as values: the server's snapshots and gapless deltas applied in order. Pure.

The server owns the truth. A delta that does not follow the version held is not guessed at: ``GAP`` tells the service to
subscribe again from the version it has.
"""

from bisect import bisect_left
from dataclasses import replace
from enum import Enum, auto
from typing import Final, Literal

from msgspec import UNSET

from carena_desktop.session.model import WaitingEntry, WaitingRoom
from carena_protocol.messages import QueueDelta, QueueEntry, QueueSnapshot


class Gap(Enum):
    """The type of ``GAP``."""

    GAP = auto()


GAP: Final = Gap.GAP


def from_snapshot(snapshot: QueueSnapshot, held: WaitingRoom | None = None) -> WaitingRoom:
    """Return the room a snapshot describes, whatever rows were held before; rooms and staff come by themselves."""
    entries = tuple(sorted((to_entry(entry) for entry in snapshot.entries), key=_order))
    return replace(held or WaitingRoom(), version=snapshot.queue_version, clinic=snapshot.clinic, entries=entries)


def apply_delta(room: WaitingRoom, delta: QueueDelta) -> WaitingRoom | Literal[Gap.GAP]:
    """Return the room after ``delta``; the same room for one already applied; ``GAP`` when one before it is missing.

    Rows that did not change stay the same objects, so that whoever shows them can tell at once.
    """
    if delta.queue_version <= room.version:
        return room
    if delta.queue_version != room.version + 1:
        return GAP
    if delta.entry is UNSET:
        at = _place(room, delta.visit)
        entries = room.entries if at is None else (*room.entries[:at], *room.entries[at + 1 :])
        return replace(room, version=delta.queue_version, entries=entries)
    if delta.entry.visit != delta.visit:
        return GAP  # a row under another's name: ask again rather than show two
    return replace(room, version=delta.queue_version, entries=with_entry(room.entries, to_entry(delta.entry)))


def with_entry(entries: tuple[WaitingEntry, ...], new: WaitingEntry) -> tuple[WaitingEntry, ...]:
    """Return the rows with ``new`` in its place, instead of an older one of the same visit."""
    key = _order(new)
    at = bisect_left(entries, key, key=_order)
    if at < len(entries) and entries[at].visit == new.visit:
        return (*entries[:at], new, *entries[at + 1 :])
    old = next((place for place, entry in enumerate(entries) if entry.visit == new.visit), None)
    if old is not None:  # the place changed: a merged arrival has the better of two check-in times
        entries = (*entries[:old], *entries[old + 1 :])
        at = bisect_left(entries, key, key=_order)
    return (*entries[:at], new, *entries[at:])


def find(room: WaitingRoom, visit: str) -> WaitingEntry | None:
    """Return the row of ``visit``, if it is in the room."""
    at = _place(room, visit)
    return None if at is None else room.entries[at]


def to_entry(entry: QueueEntry) -> WaitingEntry:
    """Return the value of a wire row."""
    return WaitingEntry(
        visit=entry.visit,
        version=entry.version,
        state=entry.state,
        presence=entry.presence,
        name=entry.name,
        birth_date=entry.birth_date,
        reason=entry.reason,
        checked_in_at_ms=entry.checked_in_at,
        admitted_at_ms=entry.admitted_at,
        clinician_id=entry.clinician_id,
        clinician_name=entry.clinician_name,
        clinician_since_ms=entry.clinician_since,
        room=entry.room,
        state_since_ms=entry.state_since,
        returns_to=entry.returns_to,
        acuity=entry.acuity,
        triaged_at_ms=entry.triaged_at,
        note=entry.note or "",
        away_by=entry.away_by,
        away_until_ms=entry.away_until,
        recalled_at_ms=entry.recalled_at,
        language=entry.language or "",
        interpreter=entry.interpreter,
        red_flags=tuple(entry.red_flags),
        readiness=entry.readiness,
        identity_confirmed_at_ms=entry.identity_confirmed_at,
        chat=entry.chat,
        possible_double=entry.possible_double or "",
    )


def _place(room: WaitingRoom, visit: str) -> int | None:
    return next((at for at, entry in enumerate(room.entries) if entry.visit == visit), None)


def _order(entry: WaitingEntry) -> tuple[int, str]:
    return entry.checked_in_at_ms, entry.visit
