"""Rules of tokens and tickets: how they are made, kept and judged. Time is a parameter; no database, no socket.

Opaque random values; only their SHA-256 is ever stored. A refresh token is used once:

    fresh --shown--> used, successor made
    used  --shown again within the grace, successor untouched--> a lost response: another pair replaces the successor
    used  --shown again otherwise--> somebody copied it: the whole family is revoked (RFC 9700 section 4.14)
"""

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from carena_protocol.messages import Principal

_MAX_TICKETS: Final = 10_000


def new_token() -> str:
    """Return 256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def new_link_secret() -> str:
    """Return 128 random bits, URL-safe; short enough for a printed link."""
    return secrets.token_urlsafe(16)


def new_identifier() -> str:
    """Return an identifier with 120 random bits; unguessable, but no secret."""
    return secrets.token_hex(15)


def digest(token: str) -> str:
    """Return what is stored of a token: SHA-256, hex. Enough without salt, because tokens have full entropy."""
    return hashlib.sha256(token.encode()).hexdigest()


class RefreshVerdict(Enum):
    """What to do about a refresh token that was shown."""

    ROTATE = auto()
    REPLACE_SUCCESSOR = auto()
    REVOKE_FAMILY = auto()
    REFUSE = auto()


@dataclass(frozen=True, slots=True)
class RefreshFacts:
    """What is known about a stored refresh token, times in milliseconds since the epoch."""

    expires_at: int
    used_at: int | None
    superseded: bool
    """It was made, then replaced unseen after a lost response; nobody honest ever shows it."""
    successor_untouched: bool
    """The successor was never shown and not replaced."""
    family_active: bool


def judge_refresh(facts: RefreshFacts | None, *, now_ms: int, grace_ms: int) -> RefreshVerdict:
    """Decide about a refresh token; ``facts`` is None for one that was never issued."""
    if facts is None or not facts.family_active:
        return RefreshVerdict.REFUSE
    if facts.superseded:
        return RefreshVerdict.REVOKE_FAMILY
    if facts.used_at is None:
        return RefreshVerdict.ROTATE if now_ms < facts.expires_at else RefreshVerdict.REFUSE
    if facts.successor_untouched and now_ms - facts.used_at <= grace_ms:
        return RefreshVerdict.REPLACE_SUCCESSOR
    return RefreshVerdict.REVOKE_FAMILY


@dataclass(frozen=True, slots=True)
class Grant:
    """What a ticket stands for: a principal and the sign-in or check-in behind it."""

    principal: Principal
    key: str
    """Token family of staff, visit of a patient: one live session each."""
    visit: str | None = None
    enrolment_required: bool = False
    """A second factor is required and not set up: nothing but setting it up is served."""


@dataclass(slots=True)
class TicketBook:
    """Single-use tickets of this process. In memory only: after a restart a client just asks for another.

    Attributes:
        ttl_s: seconds a ticket is good for.
    """

    ttl_s: float
    _tickets: OrderedDict[str, tuple[float, Grant]] = field(default_factory=OrderedDict, repr=False)

    def issue(self, grant: Grant, now: float) -> str:
        """Return a new ticket for ``grant``; ``now`` is monotonic."""
        self._expire(now)
        while len(self._tickets) >= _MAX_TICKETS:
            self._tickets.popitem(last=False)
        ticket = new_token()
        self._tickets[digest(ticket)] = (now + self.ttl_s, grant)
        return ticket

    def redeem(self, ticket: str, now: float) -> Grant | None:
        """Return the grant of a ticket and forget it; None when it was used, is too old or never existed."""
        self._expire(now)
        entry = self._tickets.pop(digest(ticket), None)
        return None if entry is None else entry[1]

    def __len__(self) -> int:
        """Number of tickets that can still be used."""
        return len(self._tickets)

    def _expire(self, now: float) -> None:
        while self._tickets:
            oldest = next(iter(self._tickets))
            if self._tickets[oldest][0] > now:
                return
            del self._tickets[oldest]
