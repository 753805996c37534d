"""The waiting room as values: the server's snapshots and gapless deltas applied in order. Pure.

The server owns the truth. A delta that does not follow the version held is not guessed at: ``GAP`` tells the service to
subscribe again from the version it has.
"""

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


def from_snapshot(snapshot: QueueSnapshot) -> WaitingRoom:
    """Return the room a snapshot describes, whatever was held before."""
    entries = tuple(sorted((to_entry(entry) for entry in snapshot.entries), key=_order))
    return WaitingRoom(version=snapshot.queue_version, clinic=snapshot.clinic, entries=entries)


def apply_delta(room: WaitingRoom, delta: QueueDelta) -> WaitingRoom | Literal[Gap.GAP]:
    """Return the room after ``delta``; the same room for one already applied; ``GAP`` when one before it is missing."""
    if delta.queue_version <= room.version:
        return room
    if delta.queue_version != room.version + 1:
        return GAP
    if delta.entry is not UNSET and delta.entry.visit != delta.visit:
        return GAP  # a row under another's name: ask again rather than show two
    others = [entry for entry in room.entries if entry.visit != delta.visit]
    if delta.entry is not UNSET:
        others.append(to_entry(delta.entry))
        others.sort(key=_order)
    return replace(room, version=delta.queue_version, entries=tuple(others))


def find(room: WaitingRoom, visit: str) -> WaitingEntry | None:
    """Return the row of ``visit``, if it is in the room."""
    return next((entry for entry in room.entries if entry.visit == visit), None)


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
    )


def _order(entry: WaitingEntry) -> tuple[int, str]:
    return entry.checked_in_at_ms, entry.visit
