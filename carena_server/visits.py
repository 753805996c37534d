"""A visit as the server's code sees it, and the wishes to change one. Values; text in them refuses to print itself."""

from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec

from carena_protocol import limits
from carena_protocol.actions import VisitAction
from carena_protocol.envelope import Unprintable
from carena_protocol.errors import ErrorCode, RefusalReason
from carena_protocol.rows import (
    AwayBy,
    IdentityCheck,
    LeaveReason,
    Outcome,
    Presence,
    Readiness,
    RedFlag,
    TriageForm,
    VisitState,
    WaitingChat,
)


class Arrival(Unprintable, frozen=True, kw_only=True):
    """What a patient said at check-in, beside name, date of birth and reason."""

    language: str | None = None
    interpreter: bool = False
    red_flags: tuple[RedFlag, ...] = ()
    call_back: str | None = None
    location: str | None = None
    answers: dict[str, str] = msgspec.field(default_factory=dict)


class Amendment(Unprintable, frozen=True, kw_only=True):
    """What a patient corrects; None: as it was."""

    language: str | None = None
    interpreter: bool | None = None
    red_flags: tuple[RedFlag, ...] | None = None
    call_back: str | None = None
    location: str | None = None


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
    """Who has claimed or admitted the patient."""
    clinician_name: str | None = None
    clinician_key: str | None = None
    """Token family of the desktop that admitted: signals for the clinician go there."""
    clinician_since: int | None = None
    left_reason: LeaveReason | None = None
    room: str = limits.FIRST_ROOM
    state_since: int | None = None
    returns_to: VisitState | None = None
    acuity: int | None = None
    triaged_at: int | None = None
    note: str | None = field(repr=False, default=None)
    away_by: AwayBy | None = None
    away_until: int | None = None
    recalled_at: int | None = None
    arrival: Arrival | None = field(repr=False, default=None)
    triage: TriageForm | None = field(repr=False, default=None)
    readiness: Readiness | None = None
    identity: IdentityCheck | None = None
    chat: WaitingChat = WaitingChat.NONE
    closed_at: int | None = None
    text_until: int | None = None
    consent_version: str = ""


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
    returns: str | None = None
    """The closed visit whose place the patient gets back."""
    arrival: Arrival = field(repr=False, default=Arrival())


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a patient is given to."""

    id: str
    name: str = field(repr=False)


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
    rooms: frozenset[str] | None = None
    """Rooms the actor serves; None: all."""
    target: Person | None = None
    room: str | None = None
    room_triages: bool = False
    """Whether the room that the patient is in, or goes to, triages first."""
    note: str | None = field(repr=False, default=None)
    state: VisitState | None = None
    outcome: Outcome = Outcome.COMPLETED
    acuity: int | None = None
    form: TriageForm | None = field(repr=False, default=None)
    ready: bool = False
    until: int | None = None
    """Until when somebody steps away; for text that is kept for a moment, until when."""
    other: str | None = None
    other_version: int | None = None
    identity: IdentityCheck | None = None
    amendment: Amendment | None = field(repr=False, default=None)
    """What the patient said when asked who they are, to be written down."""
    readiness: Readiness | None = None
    keep_text_until: int | None = None
    """The site keeps the text of a closed visit for a moment."""


@dataclass(frozen=True, slots=True)
class Changed:
    """It is done, now or, for a repeated command, before. ``version`` is the row's after that change."""

    version: int


@dataclass(frozen=True, slots=True)
class Refused:
    """It can't be done; ``visit`` is the row as it stands, where there is one."""

    code: ErrorCode
    visit: Visit | None = None
    reason: RefusalReason | None = None


ChangeOutcome: TypeAlias = Changed | Refused
