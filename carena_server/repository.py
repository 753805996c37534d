"""What the service needs from its store, as ports and values; SQL stands behind them and nowhere else.

Every change is one transaction: the row under its version, its gapless queue event, its idempotency record and its
audit entry, or none of them. When a coroutine here returns, the change is on disk. Times are milliseconds since the
epoch. Values with patient text refuse to print it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from carena_protocol.messages import Presence, Role
from carena_protocol.rows import Activity, GoneVisit, WaitingChat
from carena_protocol.staff_rest import SessionInfo
from carena_server.audit import Head
from carena_server.directory import Directory, Emergency
from carena_server.visits import Amendment, Change, Changed, ChangeOutcome, CheckIn, Refused, Visit

__all__ = [
    "Account",
    "AccountStore",
    "ArrivalStore",
    "Authorised",
    "Change",
    "ChangeOutcome",
    "Changed",
    "CheckIn",
    "DirectoryStore",
    "Factor",
    "Link",
    "OwnStore",
    "QueueEvent",
    "QueuePage",
    "RefreshRefused",
    "Refused",
    "TokenDigests",
    "Upkeep",
    "Visit",
    "VisitStore",
]


@dataclass(frozen=True, slots=True)
class Account:
    """A member of staff."""

    id: str
    username: str
    display_name: str
    role: Role
    disabled: bool
    password_hash: str = field(repr=False, default="")
    second_factor: str | None = field(repr=False, default=None)
    """The sealed secret of the authenticator, None without one."""
    created_at: int = 0


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
class Factor:
    """What is stored of a second factor; secrets sealed."""

    secret: str | None = field(repr=False)
    pending: str | None = field(repr=False)
    """Shown for enrolment, not confirmed yet."""
    last_step: int
    recovery_codes: int


@dataclass(frozen=True, slots=True)
class RefreshRefused:
    """No new pair. ``reused``: the family was revoked, because an old token was shown."""

    reused: bool
    family: str | None = None


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


@dataclass(frozen=True, slots=True)
class Link:
    """A visit link that may be used now. ``returns``: the closed visit whose place its patient gets back."""

    id: str
    room: str
    returns: str | None = None


class AccountStore(Protocol):
    """Accounts and their tokens."""

    async def find_account(self, username: str) -> Account | None:
        """Return the account of a username, whatever its case."""
        ...

    async def store_password(self, account: str, encoded: str) -> None:
        """Replace the hash, after its cost has changed."""
        ...

    async def sign_in(
        self, account: str, family: str, tokens: TokenDigests, at: int, *, device: str = "", address: str = ""
    ) -> bool:
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


class OwnStore(Protocol):
    """What people change about their own account: password, second factor, sessions."""

    async def account(self, account: str) -> Account | None:
        """Return an account."""
        ...

    async def change_password(self, account: str, encoded: str, keep: str, at: int) -> list[str]:
        """Replace the password, end every session but ``keep``, and return those ended."""
        ...

    async def factor(self, account: str) -> Factor:
        """Return the second factor as it is stored."""
        ...

    async def use_step(self, account: str, step: int) -> bool:
        """Use up a time step; False when it, or a later one, was used before."""
        ...

    async def use_recovery_code(self, account: str, digest: str, at: int) -> bool:
        """Use up a recovery code; False when there is none such."""
        ...

    async def set_pending(self, account: str, sealed: str) -> None:
        """Remember the secret that is being set up."""
        ...

    async def confirm_factor(self, account: str, step: int, digests: Sequence[str], at: int) -> bool:
        """Make the pending secret the one that counts, with new recovery codes."""
        ...

    async def replace_recovery_codes(self, account: str, digests: Sequence[str], at: int) -> None:
        """Replace the recovery codes."""
        ...

    async def remove_factor(self, account: str, at: int) -> None:
        """Remove the second factor."""
        ...

    async def sessions(self, account: str | None, at: int) -> list[SessionInfo]:
        """Return the sessions that can still be used, of one account or of all."""
        ...

    async def revoke(self, family: str, account: str | None, actor: str, at: int) -> bool:
        """End a session; with ``account`` only if it is that account's."""
        ...

    async def note(self, actor: str, action: str, subject: str, at: int) -> None:
        """Write something down."""
        ...


class ArrivalStore(Protocol):
    """Links and check-in."""

    async def create_link(
        self, link: str, digest: str, *, reusable: bool, room: str, actor: str, at: int, expires_at: int
    ) -> bool:
        """Store a visit link; False when there is no such room."""
        ...

    async def find_link(self, digest: str, session: str | None, at: int) -> Link | None:
        """Return the link if a check-in with it would be accepted now, from a browser with this session's digest."""
        ...

    async def check_in(self, arrival: CheckIn, at: int) -> bool:
        """Create the visit, its session and its events; False when the link is unknown, used or expired."""
        ...

    async def visit_of_session(self, digest: str, at: int) -> Visit | None:
        """Return the visit of a patient's cookie."""
        ...


class VisitStore(Protocol):
    """Visits and the queue."""

    async def visit(self, visit: str) -> Visit | None:
        """Return a row."""
        ...

    async def change(self, change: Change, at: int) -> ChangeOutcome:
        """Carry out one conditional change."""
        ...

    async def prepare(self, wish: Change, at: int) -> ChangeOutcome:
        """Store the result of the patient's device test; the first one moves the visit on."""
        ...

    async def amend(self, visit: str, amendment: Amendment, at: int) -> bool:
        """Store what the patient corrects; False when the visit is not open."""
        ...

    async def set_chat(self, visit: str, chat: WaitingChat, at: int) -> bool:
        """Record how the waiting chat stands; False when nothing had to change."""
        ...

    async def note_read(self, actor: str, action: str, subject: str, detail: str, at: int) -> None:
        """Write down that patient data was read."""
        ...

    async def activity(self, visit: str) -> list[Activity]:
        """Return what happened to a visit, oldest first."""
        ...

    async def durations(self, per_room: int) -> dict[str, list[int]]:
        """Return how long the last finished visits of each room took, in milliseconds, oldest first."""
        ...

    async def gone(self, at: int) -> list[tuple[GoneVisit, int]]:
        """Return who is gone and may be called back, or was: the last first, each with when that is over."""
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


class DirectoryStore(Protocol):
    """Who works here and which rooms there are."""

    async def version(self) -> int:
        """Return the number of the last change."""
        ...

    async def read(self, at: int) -> Directory:
        """Return everything at once."""
        ...

    async def begin_emergency(self, wish: Emergency, reason: str) -> None:
        """Start emergency access."""
        ...

    async def end_emergency(self, account: str, at: int) -> bool:
        """End it; False when there is none."""
        ...


class Upkeep(Protocol):
    """What has to be done from time to time."""

    async def forget_due(self, at: int) -> int:
        """Delete the text of closed visits that was kept for a moment; returns of how many."""
        ...

    async def prune(self, at: int) -> None:
        """Delete what has expired."""
        ...

    async def scrub(self) -> bool:
        """Make sure that deleted text is gone from every file of the store; False: not yet, try again."""
        ...

    async def audit_head(self) -> Head:
        """Return the end of the audit chain."""
        ...
