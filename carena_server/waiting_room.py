"""The waiting room as a value kept up to date: rows in order, versions without gaps, places. Pure.

It is a copy of what the store says, never the truth. Staff get a snapshot and then deltas, patients get their place.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import msgspec
from msgspec import UNSET

from carena_protocol import limits
from carena_protocol.messages import QueueDelta, QueueEntry, QueueSnapshot, ServerMessage, VisitStatus
from carena_protocol.visit import OPEN_STATES, WAITING_STATES
from carena_server.repository import QueuePage, Visit

_SNAPSHOT_BYTES: Final = limits.MAX_MESSAGE_BYTES - 4096
"""Room for the rows of a snapshot; the rest is the envelope's."""


class GapError(ValueError):
    """A page does not follow the version held: read the whole queue."""


@dataclass(slots=True)
class WaitingRoom:
    """Rows of open visits at ``version``.

    Attributes:
        clinic: its name, as staff read it.
    """

    clinic: str
    version: int = 0
    _open: dict[str, Visit] = field(default_factory=dict, repr=False)
    _recent: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=limits.QUEUE_DELTAS_PER_RESUME))

    def load(self, page: QueuePage) -> None:
        """Take a full read."""
        self.version = page.version
        self._open = {visit.id: visit for visit in page.visits if visit.state in OPEN_STATES}
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
            if visit.state in OPEN_STATES:
                self._open[visit.id] = visit
            else:
                self._open.pop(visit.id, None)
        self._recent.extend((event.version, event.visit) for event in events)
        if events:
            self.version = events[-1].version
        return changed

    def get(self, visit: str) -> Visit | None:
        """Return an open row."""
        return self._open.get(visit)

    def visits(self) -> list[Visit]:
        """Return the open rows, first come first."""
        return sorted(self._open.values(), key=lambda v: v.checked_in_at)

    def deltas(self, since: int) -> list[QueueDelta] | None:
        """Return the changes after version ``since``; None when they are no longer known.

        A delta shows the row as it is now, which may be ahead of that version; the last one is exact.
        """
        if since > self.version:
            return None
        if since == self.version:
            return []
        if not self._recent or self._recent[0][0] > since + 1:
            return None
        return [self._delta(version, visit) for version, visit in self._recent if version > since]

    def snapshot(self) -> Iterator[ServerMessage]:
        """Yield the room as it is: a snapshot and, where it does not fit one message, deltas that add the rest.

        Every open row has cost at least one version, so a snapshot of the first rows can honestly call itself as many
        versions older as rows are missing from it, and each of these follows as the next version.
        """
        entries = [to_entry(visit) for visit in self.visits()]
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

    def statuses(self) -> list[VisitStatus]:
        """Return what each patient in the room is shown."""
        visits = self.visits()
        waiting = [visit.id for visit in visits if visit.state in WAITING_STATES]
        places = {visit: place for place, visit in enumerate(waiting, 1)}
        return [status(visit, places.get(visit.id, 0), len(waiting)) for visit in visits]

    def _delta(self, version: int, visit: str) -> QueueDelta:
        row = self._open.get(visit)
        return QueueDelta(queue_version=version, visit=visit, entry=UNSET if row is None else to_entry(row))


def status(visit: Visit, place: int = 0, waiting: int = 0) -> VisitStatus:
    """Return what the patient of ``visit`` is shown."""
    return VisitStatus(
        visit=visit.id,
        version=visit.version,
        state=visit.state,
        place=place,
        waiting=waiting if place else 0,
        clinician_name=visit.clinician_name,
        reason=visit.left_reason,
    )


def to_entry(visit: Visit) -> QueueEntry:
    """Return the wire form of an open row."""
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
    )
