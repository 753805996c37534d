"""The waiting room as a value kept up to date: rows in order, versions without gaps, places. Pure.

It is a copy of what the store says, never the truth. Staff get a snapshot and then deltas, patients get their place.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import msgspec
from msgspec import UNSET

from carena_protocol import limits
from carena_protocol.messages import QueueDelta, QueueEntry, QueueSnapshot, ServerMessage, VisitStatus
from carena_protocol.rows import AwayBy, StaffPresence
from carena_protocol.visit import OPEN_STATES, WAITING_STATES, queue_order
from carena_server.repository import QueuePage
from carena_server.visits import Arrival, Visit

_SNAPSHOT_BYTES: Final = limits.MAX_MESSAGE_BYTES - 4096
"""Room for the rows of a snapshot; the rest is the envelope's."""


class GapError(ValueError):
    """A page does not follow the version held: read the whole queue."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What patients are told beside their own row: by room, its name, its staff and how long a place takes."""

    names: Mapping[str, str] = field(default_factory=dict)
    staff: Mapping[str, StaffPresence | None] = field(default_factory=dict)
    wait_s: Callable[[str, int], int | None] = lambda _room, _place: None
    kept_s: int | None = None
    """For how long the place of somebody who is not connected is kept."""


@dataclass(slots=True)
class WaitingRoom:
    """Rows of open visits at ``version``.

    Attributes:
        clinic: its name, as staff read it.
        kept_s: for so long the place of a patient who is not connected is kept, seconds.
    """

    clinic: str
    kept_s: int | None = field(default=None, kw_only=True)
    version: int = 0
    _open: dict[str, Visit] = field(default_factory=dict, repr=False)
    _people: dict[tuple[str, str], set[str]] = field(default_factory=dict, repr=False)
    _recent: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=limits.QUEUE_DELTAS_PER_RESUME))

    def load(self, page: QueuePage) -> None:
        """Take a full read."""
        self.version = page.version
        self._open, self._people = {}, {}
        for visit in page.visits:
            if visit.state in OPEN_STATES:
                self._keep(visit)
        self._recent.clear()
        self._recent.extend((event.version, event.visit) for event in page.events)

    def apply(self, page: QueuePage) -> list[Visit]:
        """Take what changed since ``version`` and return those rows, closed ones too. Raises GapError."""
        events = [event for event in page.events if event.version > self.version]
        if not page.complete or [event.version for event in events] != list(
            range(self.version + 1, self.version + 1 + len(events))
        ):
            raise GapError
        named = {event.visit for event in events}
        changed = [visit for visit in page.visits if visit.id in named]
        for visit in changed:
            self._drop(visit.id)
            if visit.state in OPEN_STATES:
                self._keep(visit)
        self._recent.extend((event.version, event.visit) for event in events)
        if events:
            self.version = events[-1].version
        return changed

    def get(self, visit: str) -> Visit | None:
        """Return an open row."""
        return self._open.get(visit)

    def visits(self) -> list[Visit]:
        """Return the open rows, first come first."""
        return sorted(self._open.values(), key=lambda v: (v.checked_in_at, v.id))

    def deltas(self, since: int, rooms: frozenset[str] | None = None) -> list[QueueDelta] | None:
        """Return the changes after version ``since``; None when they are no longer known.

        A delta shows the row as it is now, which may be ahead of that version; the last one is exact. Of a room that
        is not among ``rooms`` it says that the row is not there.
        """
        if since > self.version:
            return None
        if since == self.version:
            return []
        if not self._recent or self._recent[0][0] > since + 1:
            return None
        return [self._delta(version, visit, rooms) for version, visit in self._recent if version > since]

    def snapshot(self, rooms: frozenset[str] | None = None) -> Iterator[ServerMessage]:
        """Yield the room as it is: a snapshot and, where it does not fit one message, deltas that add the rest.

        Every open row has cost at least one version, so a snapshot of the first rows can honestly call itself as many
        versions older as rows are missing from it, and each of these follows as the next version.
        """
        entries = [self.entry(visit) for visit in self.visits() if rooms is None or visit.room in rooms]
        first, size = 0, 0
        while first < len(entries):
            size += len(msgspec.json.encode(entries[first])) + 1
            if size > _SNAPSHOT_BYTES:
                break
            first += 1
        rest = entries[first:]
        version = self.version - len(rest)
        yield QueueSnapshot(queue_version=version, clinic=self.clinic, entries=entries[:first])
        for entry in rest:
            version += 1
            yield QueueDelta(queue_version=version, visit=entry.visit, entry=entry)

    def statuses(self, outlook: Outlook | None = None) -> list[VisitStatus]:
        """Return what each patient in the room is shown."""
        outlook = replace(outlook or Outlook(), kept_s=self.kept_s)
        lines: dict[str, list[Visit]] = {}
        for visit in self._open.values():
            if visit.state in WAITING_STATES or visit.away_by is AwayBy.PATIENT:
                lines.setdefault(visit.room, []).append(visit)
        places: dict[str, tuple[int, int]] = {}
        for line in lines.values():
            line.sort(key=lambda v: (*queue_order(v.acuity, v.checked_in_at), v.id))
            places |= {visit.id: (place, len(line)) for place, visit in enumerate(line, 1)}
        return [status(visit, *places.get(visit.id, (0, 0)), outlook=outlook) for visit in self.visits()]

    def entry(self, visit: Visit) -> QueueEntry:
        """Return the wire form of an open row."""
        return to_entry(visit, self._double(visit))

    def _double(self, visit: Visit) -> str | None:
        """Return an earlier visit of what looks like the same person."""
        earlier = [
            other
            for other in (self._open.get(v) for v in self._people.get(_person(visit), ()))
            if other is not None and other.id != visit.id and other.checked_in_at < visit.checked_in_at
        ]
        return max(earlier, key=lambda v: v.checked_in_at).id if earlier else None

    def _delta(self, version: int, visit: str, rooms: frozenset[str] | None) -> QueueDelta:
        row = self._open.get(visit)
        seen = row is not None and (rooms is None or row.room in rooms)
        return QueueDelta(queue_version=version, visit=visit, entry=self.entry(row) if row and seen else UNSET)

    def _keep(self, visit: Visit) -> None:
        self._open[visit.id] = visit
        self._people.setdefault(_person(visit), set()).add(visit.id)

    def _drop(self, visit: str) -> None:
        gone = self._open.pop(visit, None)
        if gone is not None:
            same = self._people.get(_person(gone), set())
            same.discard(visit)
            if not same:
                self._people.pop(_person(gone), None)


def status(visit: Visit, place: int = 0, waiting: int = 0, outlook: Outlook | None = None) -> VisitStatus:
    """Return what the patient of ``visit`` is shown."""
    outlook = outlook or Outlook()
    return VisitStatus(
        visit=visit.id,
        version=visit.version,
        state=visit.state,
        place=place,
        waiting=waiting if place else 0,
        room=outlook.names.get(visit.room, ""),
        estimate_s=outlook.wait_s(visit.room, place) if place else None,
        staff=outlook.staff.get(visit.room) if visit.state in OPEN_STATES else None,
        clinician_name=visit.clinician_name,
        away_by=visit.away_by,
        away_until=visit.away_until,
        recalled=visit.recalled_at is not None,
        reason=visit.left_reason,
        kept_s=outlook.kept_s if visit.state in WAITING_STATES or visit.away_by is AwayBy.PATIENT else None,
    )


def to_entry(visit: Visit, possible_double: str | None = None) -> QueueEntry:
    """Return the wire form of an open row."""
    arrival = visit.arrival or Arrival()
    triaged = () if visit.triage is None else visit.triage.red_flags
    return QueueEntry(
        visit=visit.id,
        version=visit.version,
        state=visit.state,
        presence=visit.presence,
        name=visit.name or "",
        birth_date=visit.birth_date or "",
        reason=visit.reason or "",
        checked_in_at=visit.checked_in_at,
        admitted_at=visit.admitted_at,
        clinician_id=visit.clinician_id,
        clinician_name=visit.clinician_name,
        clinician_since=visit.clinician_since,
        room=visit.room,
        state_since=visit.state_since,
        returns_to=visit.returns_to,
        acuity=visit.acuity,
        triaged_at=visit.triaged_at,
        note=visit.note,
        away_by=visit.away_by,
        away_until=visit.away_until,
        recalled_at=visit.recalled_at,
        language=arrival.language,
        interpreter=arrival.interpreter,
        red_flags=tuple(dict.fromkeys((*arrival.red_flags, *triaged))),
        readiness=visit.readiness,
        identity_confirmed_at=None if visit.identity is None else visit.identity.at,
        chat=visit.chat,
        possible_double=possible_double,
    )


def _person(visit: Visit) -> tuple[str, str]:
    return (visit.name or "").casefold(), visit.birth_date or ""
