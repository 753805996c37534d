"""What the session looks like at one moment: immutable values that services publish and pages render.

signed_out --sign_in--> signing_in --first contact--> trust_required --accept--> signing_in
signing_in --tokens--> connecting --welcome--> online <--> reconnecting
signing_in --tokens, second factor wanted--> enrolling --enrolled--> connecting
any --sign_out, refused token--> signed_out
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from carena_desktop.session.chat_model import ChatView
from carena_desktop.session.gone import GonePatient
from carena_protocol import limits
from carena_protocol.errors import ErrorCode, RefusalReason
from carena_protocol.messages import Role
from carena_protocol.rows import AwayBy, Presence, Readiness, RedFlag, Room, StaffMember, VisitState, WaitingChat


class SessionState(StrEnum):
    """Where the session stands; the drawing is the module's docstring."""

    SIGNED_OUT = "signed_out"
    SIGNING_IN = "signing_in"
    TRUST_REQUIRED = "trust_required"
    ENROLLING = "enrolling"
    """Signed in, but nothing goes on before a second factor is set up."""
    CONNECTING = "connecting"
    ONLINE = "online"
    RECONNECTING = "reconnecting"


class KeyringState(StrEnum):
    """What the OS keyring did with the refresh token; the UI says so."""

    UNKNOWN = "unknown"
    STORED = "stored"
    LOCKED = "locked"
    ABSENT = "absent"
    FAILED = "failed"


class LocalProblem(StrEnum):
    """Failures that happen on this side of the wire."""

    ADDRESS_INVALID = "address_invalid"
    SERVER_UNREACHABLE = "server_unreachable"
    CERTIFICATE_REFUSED = "certificate_refused"
    AUTHORITY_CHANGED = "authority_changed"
    PROTOCOL = "protocol"
    SERVER_NOT_ALLOWED = "server_not_allowed"
    """The organization's policy names other servers."""
    PROXY_UNREACHABLE = "proxy_unreachable"
    PROXY_LOGIN = "proxy_login"
    """The proxy wants a name and password, or other ones."""
    PROXY_SCHEME = "proxy_scheme"
    """The proxy wants a sign-in that is not spoken here: Negotiate, NTLM, Digest."""
    PROXY_REFUSED = "proxy_refused"
    SUPERSEDED = "superseded"
    """The same session was continued elsewhere; this one does not fight for it."""


@dataclass(frozen=True, slots=True)
class SessionProblem:
    """Why the last attempt failed, as a code; the words are chosen in the UI."""

    code: ErrorCode | LocalProblem
    retry_after_s: float | None = None
    reason: RefusalReason | None = None
    """More closely, where the server said."""


@dataclass(frozen=True, slots=True)
class AuthorityOffer:
    """A certificate authority seen for the first time: shown, then pinned when the person accepts.

    ``fingerprint`` is the SHA-256 of the authority's SubjectPublicKeyInfo, 64 lower-case hex digits.
    """

    server: str
    fingerprint: str
    expected: str | None = None
    """The fingerprint pinned before, when this one differs; then accepting is not offered."""


@dataclass(frozen=True, slots=True)
class StaffAccount:
    """Who is signed in."""

    id: str
    username: str = field(repr=False)
    display_name: str = field(repr=False)
    role: Role = Role.CLINICIAN
    must_enrol: bool = False
    """The site wants a second factor of this account, and it has none yet."""


@dataclass(frozen=True, slots=True)
class SiteWord:
    """What the signed-in server says about itself and for its desktops."""

    server_version: str
    desktop_version: str
    """The version that the site wants."""
    locked: Mapping[str, object] = field(default_factory=dict)
    default: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EmergencyTold:
    """Administrators: a colleague took emergency access. The reason stands in the list of uses."""

    who: str
    name: str = field(repr=False)
    at_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """One patient in the waiting room; patient data never prints. Fields as in ``carena_protocol.rows.QueueEntry``."""

    visit: str
    version: int
    state: VisitState
    presence: Presence
    name: str = field(repr=False)
    birth_date: str = field(repr=False)
    reason: str = field(repr=False)
    checked_in_at_ms: int
    admitted_at_ms: int | None = None
    clinician_id: str | None = None
    clinician_name: str | None = field(default=None, repr=False)
    clinician_since_ms: int | None = None
    room: str = limits.FIRST_ROOM
    state_since_ms: int | None = None
    returns_to: VisitState | None = None
    acuity: int | None = None
    triaged_at_ms: int | None = None
    note: str = field(default="", repr=False)
    away_by: AwayBy | None = None
    away_until_ms: int | None = None
    recalled_at_ms: int | None = None
    language: str = field(default="", repr=False)
    interpreter: bool = False
    red_flags: tuple[RedFlag, ...] = field(default=(), repr=False)
    readiness: Readiness | None = None
    identity_confirmed_at_ms: int | None = None
    chat: WaitingChat = WaitingChat.NONE
    possible_double: str = ""


@dataclass(frozen=True, slots=True)
class WaitingRoom:
    """The waiting rooms at one queue version, in check-in order, with their settings and the staff."""

    version: int = 0
    clinic: str = ""
    entries: tuple[WaitingEntry, ...] = ()
    rooms: tuple[Room, ...] = ()
    staff: tuple[StaffMember, ...] = field(default=(), repr=False)
    gone: tuple[GonePatient, ...] = ()
    """Who ended a short while ago and may be called back, the last first."""


@dataclass(frozen=True, slots=True)
class SessionSnapshot:
    """Everything a page needs to know about the session."""

    state: SessionState = SessionState.SIGNED_OUT
    server: str = ""
    account: StaffAccount | None = None
    authority: AuthorityOffer | None = None
    problem: SessionProblem | None = None
    keyring: KeyringState = KeyringState.UNKNOWN
    retry_in_s: float | None = None
    clock_offset_ms: int = 0
    """Server clock minus ours; added to local time before waits are computed."""
    waiting_room: WaitingRoom = WaitingRoom()
    chats: tuple[ChatView, ...] = field(default=(), repr=False)
    """The chats with patients who wait, that were opened here."""
    emergencies: tuple[EmergencyTold, ...] = ()
    """Uses of emergency access that the server told since sign-in, the last last."""
