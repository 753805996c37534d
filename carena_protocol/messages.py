"""Every message of the signaling protocol, one type each; the queue's are in ``verbs``, ``news`` and ``rows``.

Client to server: ``{"v": 1, "type": "...", "id": "...", "ack": N, ...}``. ``id`` is the idempotency key of the command;
it is kept until the reply arrives and resent unchanged after a reconnect. ``ack`` is cumulative: every server message
with ``seq <= ack`` has been received.

Server to client: ``{"v": 1, "type": "...", "seq": N, "re": "...", ...}``. ``seq`` counts the messages of the session
from 1 without gaps and survives a resume; 0 marks messages outside that stream (welcome, pong, drain, and errors before
the welcome). ``re`` is the id of the command answered.
"""

from typing import Annotated, Literal, TypeAlias, get_args

from msgspec import UNSET, Meta, Raw, Struct, UnsetType, field

from carena_protocol.envelope import (
    BirthDate,
    ClientMessage,
    Count,
    EpochMilliseconds,
    Header,
    Identifier,
    PersonName,
    Reason,
    Role,
    Secret,
    ServerMessage,
    Unprintable,
    Version,
)
from carena_protocol.errors import ErrorCode, RefusalReason
from carena_protocol.news import (
    AnyNews,
    QueueDelta,
    QueueSnapshot,
    VisitStatus,
)
from carena_protocol.rows import (
    LeaveReason,
    Presence,
    QueueEntry,
    VisitState,
)
from carena_protocol.verbs import (
    Admit,
    AnyQueueCommand,
    Finish,
    Leave,
)

__all__ = [
    "CLIENT_TYPES",
    "SERVER_TYPES",
    "Ack",
    "Admit",
    "AnyClientMessage",
    "AnyServerMessage",
    "BirthDate",
    "ClientInfo",
    "ClientMessage",
    "Count",
    "Drain",
    "EpochMilliseconds",
    "Error",
    "Finish",
    "Header",
    "Hello",
    "IceServer",
    "Identifier",
    "Leave",
    "LeaveReason",
    "Ok",
    "PeerPresence",
    "PersonName",
    "Ping",
    "Pong",
    "Presence",
    "Principal",
    "QueueDelta",
    "QueueEntry",
    "QueueSnapshot",
    "QueueSubscribe",
    "Reason",
    "Relay",
    "Relayed",
    "Renew",
    "ResumeClaim",
    "RetryPolicy",
    "Role",
    "Secret",
    "ServerMessage",
    "TurnRequest",
    "TurnServers",
    "Unprintable",
    "Version",
    "VisitState",
    "VisitStatus",
    "Welcome",
]


class ResumeClaim(Unprintable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a client shows to continue its session stream after a reconnect."""

    sid: Identifier
    token: Secret
    last_seq: Count


class ClientInfo(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which program speaks; for support, never for decisions."""

    name: Literal["carena-desktop", "carena-portal", "carena-test"]
    version: Annotated[str, Meta(max_length=32)]


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


class Relay(ClientMessage, frozen=True, kw_only=True, tag="relay"):
    """Hand ``data`` unread to the other party of an admitted visit."""

    visit: Identifier
    data: Raw


class TurnRequest(ClientMessage, frozen=True, kw_only=True, tag="turn.request"):
    """Ask for ICE servers with fresh, time-limited relay credentials; only inside an admitted visit."""

    visit: Identifier


AnyClientMessage: TypeAlias = Hello | Renew | Ping | Ack | QueueSubscribe | Relay | TurnRequest | AnyQueueCommand


class Principal(Unprintable, frozen=True, kw_only=True):
    """Who the server takes this session for; ``id`` is a user id or, for a patient, the visit id."""

    id: Identifier
    role: Role
    display_name: str


class RetryPolicy(Struct, frozen=True, kw_only=True):
    """Reconnect delays in milliseconds: full jitter between 0 and ``base * 2**n``, capped."""

    base_ms: Count
    cap_ms: Count


class IceServer(Unprintable, frozen=True, kw_only=True):
    """One entry for ``RTCConfiguration.iceServers``."""

    urls: list[str]
    username: str | UnsetType = UNSET
    credential: str | UnsetType = UNSET


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
    features: list[str] = field(default_factory=list)


class Ok(ServerMessage, frozen=True, kw_only=True, tag="ok"):
    """The command was carried out. ``version`` is the row's new version where a row changed."""

    version: Version | UnsetType = UNSET


class Error(ServerMessage, frozen=True, kw_only=True, tag="error"):
    """The command, or the frame, was refused. ``entry`` is the current row where the refusal is a conflict."""

    code: ErrorCode
    reason: RefusalReason | UnsetType = UNSET
    """Why, more closely than the code."""
    retryable: bool = False
    retry_after_ms: Count | UnsetType = UNSET
    entry: QueueEntry | UnsetType = UNSET


class Pong(ServerMessage, frozen=True, kw_only=True, tag="pong"):
    """Answer to ``Ping``."""


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


AnyServerMessage: TypeAlias = Welcome | Ok | Error | Pong | AnyNews | PeerPresence | Relayed | TurnServers | Drain


CLIENT_TYPES: dict[str, type[ClientMessage]] = {str(t.__struct_config__.tag): t for t in get_args(AnyClientMessage)}
SERVER_TYPES: dict[str, type[ServerMessage]] = {str(t.__struct_config__.tag): t for t in get_args(AnyServerMessage)}
