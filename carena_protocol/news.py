"""What the server tells about the waiting room: to staff its rows, rooms and people, to a patient the own place."""

from typing import Literal, TypeAlias

from msgspec import UNSET, Raw, UnsetType

from carena_protocol.envelope import Count, EpochMilliseconds, Identifier, ServerMessage, Version
from carena_protocol.rows import (
    AwayBy,
    Details,
    GoneVisit,
    LeaveReason,
    QueueEntry,
    Room,
    StaffMember,
    StaffPresence,
    VisitState,
)


class QueueSnapshot(ServerMessage, frozen=True, kw_only=True, tag="queue.snapshot"):
    """The whole waiting room at ``queue_version``."""

    queue_version: Count
    clinic: str
    entries: list[QueueEntry]


class QueueDelta(ServerMessage, frozen=True, kw_only=True, tag="queue.delta"):
    """One change; applies to ``queue_version - 1`` and nothing else.

    ``entry`` set: insert or replace that row. Unset: remove the row ``visit``.
    """

    queue_version: Version
    visit: Identifier
    entry: QueueEntry | UnsetType = UNSET


class VisitDetails(ServerMessage, frozen=True, kw_only=True, tag="visit.details"):
    """Answer to ``visit.details.request``."""

    details: Details


class Rooms(ServerMessage, frozen=True, kw_only=True, tag="rooms"):
    """The waiting rooms this session sees; after a subscription and whenever one changes."""

    rooms: tuple[Room, ...]


class Staff(ServerMessage, frozen=True, kw_only=True, tag="staff"):
    """Every member of staff and whether they can be reached; after a subscription and whenever one changes."""

    staff: tuple[StaffMember, ...]


class Gone(ServerMessage, frozen=True, kw_only=True, tag="gone"):
    """Patients who are gone and may be called back, the last first; after a subscription and whenever that changes."""

    gone: tuple[GoneVisit, ...]


class Notice(ServerMessage, frozen=True, kw_only=True, tag="notice"):
    """Administrators: somebody took emergency access. The reason given stands in the REST interface."""

    kind: Literal["emergency_access"]
    who: Identifier
    who_name: str
    at: EpochMilliseconds
    until: EpochMilliseconds


class VisitStatus(ServerMessage, frozen=True, kw_only=True, tag="visit.status"):
    """What a patient's page shows: state, place (1 = next) of how many, how long it may take, and with whom."""

    visit: Identifier
    version: Version
    state: VisitState
    place: Count = 0
    waiting: Count = 0
    """In the patient's own room."""
    room: str = ""
    estimate_s: Count | None = None
    """About how long until the visit, from the visits before; None when there is nothing to estimate from."""
    staff: StaffPresence | None = None
    """The best that can be said of those who serve the room; None: nobody of the staff is connected."""
    clinician_name: str | None = None
    """Who will see, or sees, the patient."""
    away_by: AwayBy | None = None
    away_until: EpochMilliseconds | None = None
    recalled: bool = False
    """Staff call the patient who stepped out back."""
    reason: LeaveReason | None = None
    kept_s: Count | None = None
    """For so long at least the place is kept when the connection is lost, from the last message that came through on;
    None: nothing has a time limit then, or there is no place."""


class ChatPeer(ServerMessage, frozen=True, kw_only=True, tag="chat.peer"):
    """Who is at the other end of the waiting chat. ``taken_over``: a colleague has opened it in one's place."""

    visit: Identifier
    present: bool
    name: str | None = None
    taken_over: bool = False


class ChatRelayed(ServerMessage, frozen=True, kw_only=True, tag="chat.relayed"):
    """``data`` from the other end of the waiting chat, as it came. ``id`` is the sender's."""

    visit: Identifier
    id: Identifier
    data: Raw


AnyNews: TypeAlias = (
    QueueSnapshot | QueueDelta | VisitDetails | Rooms | Staff | Gone | Notice | VisitStatus | ChatPeer | ChatRelayed
)
