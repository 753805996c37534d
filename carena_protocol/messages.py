"""Every message of the signaling protocol, one type each.

Client to server: ``{"v": 1, "type": "...", "id": "...", "ack": N, ...}``. ``id`` is the idempotency key of the command;
it is kept until the reply arrives and resent unchanged after a reconnect. ``ack`` is cumulative: every server message
with ``seq <= ack`` has been received.

Server to client: ``{"v": 1, "type": "...", "seq": N, "re": "...", ...}``. ``seq`` counts the messages of the session
from 1 without gaps and survives a resume; 0 marks messages outside that stream (welcome, pong, drain, and errors before
the welcome). ``re`` is the id of the command answered.

No message prints its fields: they carry names, tokens and SDP, and a log line must not.
"""

from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from carena_protocol import limits
from carena_protocol.errors import ErrorCode
from carena_protocol.version import PROTOCOL_VERSION

Identifier: TypeAlias = Annotated[str, Meta(min_length=1, max_length=limits.MAX_ID_CHARS, pattern=r"^[A-Za-z0-9_-]+$")]
Secret: TypeAlias = Annotated[str, Meta(min_length=16, max_length=limits.MAX_TOKEN_CHARS, pattern=r"^[A-Za-z0-9_-]+$")]
Count: TypeAlias = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Version: TypeAlias = Annotated[int, Meta(ge=1, le=2**53 - 1)]
EpochMilliseconds: TypeAlias = Annotated[int, Meta(ge=0, le=2**53 - 1)]
PersonName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=limits.MAX_NAME_CHARS)]
BirthDate: TypeAlias = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Reason: TypeAlias = Annotated[str, Meta(min_length=1, max_length=limits.MAX_REASON_CHARS)]


class Unprintable(Struct, frozen=True, kw_only=True):
    """A struct whose ``repr`` names its type and nothing in it."""

    def __repr__(self) -> str:
        """Return the type name only: fields may be secrets or patient data."""
        return f"{type(self).__name__}(...)"


class Role(StrEnum):
    """Who a session speaks for."""

    CLINICIAN = "clinician"
    NURSE = "nurse"
    ADMINISTRATOR = "administrator"
    PATIENT = "patient"


class VisitState(StrEnum):
    """Where a visit stands; the transitions are in ``carena_protocol.visit``."""

    WAITING = "waiting"
    IN_VISIT = "in_visit"
    FINISHED = "finished"
    LEFT = "left"


class Presence(StrEnum):
    """Whether the patient's page is connected; a flag beside the state, never the place itself."""

    CONNECTED = "connected"
    RECONNECTING = "reconnecting"


class LeaveReason(StrEnum):
    """Why a visit ended without being finished by staff."""

    PATIENT = "patient"
    TIMEOUT = "timeout"


class ResumeClaim(Unprintable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a client shows to continue its session stream after a reconnect."""

    sid: Identifier
    token: Secret
    last_seq: Count


class ClientInfo(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which program speaks; for support, never for decisions."""

    name: Literal["carena-desktop", "carena-portal", "carena-test"]
    version: Annotated[str, Meta(max_length=32)]


class ClientMessage(Unprintable, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=True):
    """Envelope of everything a client sends."""

    id: Identifier
    ack: Count = 0
    v: Literal[1] = PROTOCOL_VERSION


class Hello(ClientMessage, frozen=True, kw_only=True, tag="hello"):
    """First message of a connection, within ``limits.HELLO_DEADLINE_S``; the ticket is single-use."""

    ticket: Secret
    client: ClientInfo
    resume: ResumeClaim | UnsetType = UNSET


class Renew(ClientMessage, frozen=True, kw_only=True, tag="renew"):
    """Prove again who this session is, before the authorisation behind it expires."""

    ticket: Secret


class Ping(ClientMessage, frozen=True, kw_only=True, tag="ping"):
    """Liveness from the client's side; answered by ``Pong`` at once."""


class Ack(ClientMessage, frozen=True, kw_only=True, tag="ack"):
    """A bare cumulative acknowledgement."""


class QueueSubscribe(ClientMessage, frozen=True, kw_only=True, tag="queue.subscribe"):
    """Start the queue stream; with ``since`` the deltas after that version when still kept, else a snapshot."""

    since: Count | UnsetType = UNSET


class Admit(ClientMessage, frozen=True, kw_only=True, tag="visit.admit"):
    """Take a waiting patient into a visit; loses with ``conflict`` if ``version`` is no longer the row's."""

    visit: Identifier
    version: Version


class Finish(ClientMessage, frozen=True, kw_only=True, tag="visit.finish"):
    """End a visit for good; its patient data is deleted."""

    visit: Identifier
    version: Version


class Leave(ClientMessage, frozen=True, kw_only=True, tag="visit.leave"):
    """The patient gives up the place, or ends the visit."""

    visit: Identifier


class Relay(ClientMessage, frozen=True, kw_only=True, tag="relay"):
    """Hand ``data`` unread to the other party of an admitted visit."""

    visit: Identifier
    data: Raw


class TurnRequest(ClientMessage, frozen=True, kw_only=True, tag="turn.request"):
    """Ask for ICE servers with fresh, time-limited relay credentials; only inside an admitted visit."""

    visit: Identifier


AnyClientMessage: TypeAlias = Hello | Renew | Ping | Ack | QueueSubscribe | Admit | Finish | Leave | Relay | TurnRequest


class Principal(Unprintable, frozen=True, kw_only=True):
    """Who the server takes this session for; ``id`` is a user id or, for a patient, the visit id."""

    id: Identifier
    role: Role
    display_name: str


class RetryPolicy(Struct, frozen=True, kw_only=True):
    """Reconnect delays in milliseconds: full jitter between 0 and ``base * 2**n``, capped."""

    base_ms: Count
    cap_ms: Count


class QueueEntry(Unprintable, frozen=True, kw_only=True):
    """One row of the waiting room as staff see it."""

    visit: Identifier
    version: Version
    state: VisitState
    presence: Presence
    name: PersonName
    birth_date: BirthDate
    reason: Reason
    checked_in_at: EpochMilliseconds
    admitted_at: EpochMilliseconds | None = None
    clinician_id: Identifier | None = None
    clinician_name: str | None = None


class IceServer(Unprintable, frozen=True, kw_only=True):
    """One entry for ``RTCConfiguration.iceServers``."""

    urls: list[str]
    username: str | UnsetType = UNSET
    credential: str | UnsetType = UNSET


class ServerMessage(Unprintable, frozen=True, kw_only=True, tag_field="type"):
    """Envelope of everything the server sends. Clients ignore unknown fields, so that fields may be added."""

    seq: Count = 0
    re: str = ""
    v: Literal[1] = PROTOCOL_VERSION


class Welcome(ServerMessage, frozen=True, kw_only=True, tag="welcome"):
    """The session is up. ``resumed`` false means: the old stream is gone, subscribe and offer anew."""

    sid: Identifier
    resume_token: Secret
    resumed: bool
    principal: Principal
    server_time: EpochMilliseconds
    authorised_for_ms: Count
    """Time until ``Renew`` is due; the server closes with 4501 after it."""
    retry: RetryPolicy
    features: list[str] = []


class Ok(ServerMessage, frozen=True, kw_only=True, tag="ok"):
    """The command was carried out. ``version`` is the row's new version where a row changed."""

    version: Version | UnsetType = UNSET


class Error(ServerMessage, frozen=True, kw_only=True, tag="error"):
    """The command, or the frame, was refused. ``entry`` is the current row where the refusal is a conflict."""

    code: ErrorCode
    retryable: bool = False
    retry_after_ms: Count | UnsetType = UNSET
    entry: QueueEntry | UnsetType = UNSET


class Pong(ServerMessage, frozen=True, kw_only=True, tag="pong"):
    """Answer to ``Ping``."""


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


class VisitStatus(ServerMessage, frozen=True, kw_only=True, tag="visit.status"):
    """What a patient's page shows: state, place (1 = next) of how many, and who admitted."""

    visit: Identifier
    version: Version
    state: VisitState
    place: Count = 0
    waiting: Count = 0
    clinician_name: str | None = None
    reason: LeaveReason | None = None


class PeerPresence(ServerMessage, frozen=True, kw_only=True, tag="visit.peer"):
    """Whether the other party of an admitted visit is connected to signaling."""

    visit: Identifier
    present: bool


class Relayed(ServerMessage, frozen=True, kw_only=True, tag="relayed"):
    """``data`` from the other party, as it came. ``id`` is the sender's, for duplicate detection."""

    visit: Identifier
    id: Identifier
    data: Raw


class TurnServers(ServerMessage, frozen=True, kw_only=True, tag="turn.servers"):
    """ICE servers for the next leg. ``relay_only``: the site forbids direct paths."""

    visit: Identifier
    servers: list[IceServer]
    ttl_s: Count
    relay_only: bool = False


class Drain(ServerMessage, frozen=True, kw_only=True, tag="drain"):
    """This node stops; reconnect after ``after_ms``. Calls go on meanwhile."""

    after_ms: Count


AnyServerMessage: TypeAlias = (
    Welcome
    | Ok
    | Error
    | Pong
    | QueueSnapshot
    | QueueDelta
    | VisitStatus
    | PeerPresence
    | Relayed
    | TurnServers
    | Drain
)


class Header(Struct, frozen=True, kw_only=True):
    """The part of an envelope that is read before its type is known."""

    v: int
    type: str
    id: str | UnsetType = UNSET


CLIENT_TYPES: dict[str, type[ClientMessage]] = {
    str(t.__struct_config__.tag): t
    for t in (Hello, Renew, Ping, Ack, QueueSubscribe, Admit, Finish, Leave, Relay, TurnRequest)
}
SERVER_TYPES: dict[str, type[ServerMessage]] = {
    str(t.__struct_config__.tag): t
    for t in (
        Welcome,
        Ok,
        Error,
        Pong,
        QueueSnapshot,
        QueueDelta,
        VisitStatus,
        PeerPresence,
        Relayed,
        TurnServers,
        Drain,
    )
}
