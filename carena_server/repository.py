"""What the service needs from its store, as ports and values; SQL stands behind them and nowhere else.

Every change is one transaction: the row under its version, its gapless queue event, its idempotency record and its
audit entry, or none of them. When a coroutine here returns, the change is on disk. Times are milliseconds since the
epoch. Values with patient text refuse to print it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from carena_protocol.errors import ErrorCode
from carena_protocol.messages import LeaveReason, Presence, Role, VisitState
from carena_protocol.visit import VisitAction
from carena_server.audit import Head


@dataclass(frozen=True, slots=True)
class Account:
    """A member of staff."""

    id: str
    username: str
    display_name: str
    role: Role
    disabled: bool
    password_hash: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class TokenDigests:
    """What is stored of a new pair of tokens."""

    access: str = field(repr=False)
    access_expires_at: int
    refresh: str = field(repr=False)
    refresh_expires_at: int


@dataclass(frozen=True, slots=True)
class Authorised:
    """The account and token family behind a valid token."""

    account: Account
    family: str


@dataclass(frozen=True, slots=True)
class RefreshRefused:
    """No new pair. ``reused``: the family was revoked, because an old token was shown."""

    reused: bool
    family: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A row of the waiting room. The text is None once the visit is over."""

    id: str
    version: int
    state: VisitState
    presence: Presence
    checked_in_at: int
    name: str | None = field(repr=False, default=None)
    birth_date: str | None = field(repr=False, default=None)
    reason: str | None = field(repr=False, default=None)
    grace_until: int | None = None
    """While the patient is away: when the place is given up."""
    admitted_at: int | None = None
    clinician_id: str | None = None
    clinician_name: str | None = None
    clinician_key: str | None = None
    """Token family of the desktop that admitted: signals for the clinician go there."""
    left_reason: LeaveReason | None = None


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A patient who arrives. ``replaces``: this browser's visit before, which is left."""

    visit: str
    link_digest: str = field(repr=False)
    session_digest: str = field(repr=False)
    session_expires_at: int
    name: str = field(repr=False)
    birth_date: str = field(repr=False)
    reason: str = field(repr=False)
    consent_version: str
    grace_until: int
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A wish to change a visit. ``key`` with ``actor`` makes it idempotent; None for what the server does by itself."""

    action: VisitAction
    visit: str
    actor: str
    key: str | None = None
    version: int | None = None
    actor_name: str | None = None
    actor_key: str | None = None
    grace_until: int | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """It is done, now or, for a repeated command, before. ``version`` is the row's after that change."""

    version: int


@dataclass(frozen=True, slots=True)
class Refused:
    """It can't be done; ``visit`` is the row as it stands, where there is one."""

    code: ErrorCode
    visit: Visit | None = None


ChangeOutcome: TypeAlias = Changed | Refused


@dataclass(frozen=True, slots=True)
class QueueEvent:
    """That something about a visit changed at a queue version; never what it says."""

    version: int
    visit: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The queue at ``version``, read in one transaction.

    ``events`` are gapless up to ``version``; when ``complete`` is false they do not reach back to the version asked
    for. ``visits`` are the rows the events name, or every open row of a full read.
    """

    version: int
    events: Sequence[QueueEvent]
    visits: Sequence[Visit]
    complete: bool


class AccountStore(Protocol):
    """Accounts and their tokens."""

    async def find_account(self, username: str) -> Account | None:
        """Return the account of a username, whatever its case."""
        ...

    async def store_password(self, account: str, encoded: str) -> None:
        """Replace the hash, after its cost has changed."""
        ...

    async def sign_in(self, account: str, family: str, tokens: TokenDigests, at: int) -> bool:
        """Start a token family; False when the account was disabled meanwhile."""
        ...

    def note_refusal(self, account: str, at: int) -> None:
        """Write down a wrong password for a known account; nobody waits, so that the answer's time tells nothing."""
        ...

    async def refresh(self, shown: str, tokens: TokenDigests, at: int, grace_ms: int) -> Authorised | RefreshRefused:
        """Judge the refresh token with digest ``shown`` and, if it is good, store the next pair."""
        ...

    async def sign_out(self, shown: str, at: int) -> str | None:
        """Revoke the family of a refresh token and return it."""
        ...

    async def authorise(self, access: str, at: int) -> Authorised | None:
        """Return who an access token speaks for."""
        ...

    async def active_families(self, families: Sequence[str]) -> set[str]:
        """Return those of ``families`` whose account is enabled and which are not revoked."""
        ...


class VisitStore(Protocol):
    """Links, visits and the queue."""

    async def create_link(
        self, link: str, digest: str, *, reusable: bool, actor: str, at: int, expires_at: int
    ) -> None:
        """Store a visit link."""
        ...

    async def link_is_good(self, digest: str, at: int) -> bool:
        """Whether a check-in with this link would be accepted now."""
        ...

    async def check_in(self, arrival: CheckIn, at: int) -> bool:
        """Create the visit, its session and its events; False when the link is unknown, used or expired."""
        ...

    async def visit_of_session(self, digest: str, at: int) -> Visit | None:
        """Return the visit of a patient's cookie."""
        ...

    async def visit(self, visit: str) -> Visit | None:
        """Return a row."""
        ...

    async def change(self, change: Change, at: int) -> ChangeOutcome:
        """Carry out one conditional change."""
        ...

    async def set_presence(self, visit: str, presence: Presence, grace_until: int | None, at: int) -> bool:
        """Record that the patient came or went; False when nothing had to change."""
        ...

    async def everyone_reconnects(self, grace_until: int, at: int) -> int:
        """At a start nobody is connected yet: mark every open visit so, with a fresh grace. Returns how many."""
        ...

    async def queue_since(self, version: int) -> QueuePage:
        """Return what changed after ``version``."""
        ...

    async def whole_queue(self, history: int) -> QueuePage:
        """Return every open row, and the last ``history`` events."""
        ...


class Upkeep(Protocol):
    """What has to be done from time to time."""

    async def prune(self, at: int) -> None:
        """Delete what has expired."""
        ...

    async def scrub(self) -> bool:
        """Make sure that deleted text is gone from every file of the store; False: not yet, try again."""
        ...

    async def audit_head(self) -> Head:
        """Return the end of the audit chain."""
        ...
