"""What staff and patients ask for about a visit: one message per verb.

Staff's verbs carry the ``version`` of the row they saw. The first of any number of them wins; the others get
``conflict``, ``already_claimed`` or ``already_admitted`` with the row as it is now. Who may do what, and from where:
``carena_protocol.visit``.
"""

from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, Raw, UnsetType

from carena_protocol import limits
from carena_protocol.envelope import Acuity, CallBack, ClientMessage, Identifier, Language, Location, Note, Version
from carena_protocol.rows import Outcome, Readiness, RedFlag, TriageForm


class StaffVerb(ClientMessage, frozen=True, kw_only=True):
    """A change to a visit that staff ask for, judged against the version they saw."""

    visit: Identifier
    version: Version


class Claim(StaffVerb, frozen=True, kw_only=True, tag="visit.claim"):
    """Say "mine": colleagues see it, and only the claimer may admit."""


class Release(StaffVerb, frozen=True, kw_only=True, tag="visit.release"):
    """Give a claim back."""


class Assign(StaffVerb, frozen=True, kw_only=True, tag="visit.assign"):
    """Make ``user`` the one who has claimed, also in place of somebody else. With one's own id: take over."""

    user: Identifier


class Mark(StaffVerb, frozen=True, kw_only=True, tag="visit.mark"):
    """Say what a waiting patient needs next."""

    state: Literal["needs_triage", "ready"]


class Admit(StaffVerb, frozen=True, kw_only=True, tag="visit.admit"):
    """Take a waiting patient into a visit."""


class Hold(StaffVerb, frozen=True, kw_only=True, tag="visit.hold"):
    """Let the patient of a visit wait; the visit stays one's own."""

    note: Note | UnsetType = UNSET


class Resume(StaffVerb, frozen=True, kw_only=True, tag="visit.resume"):
    """Go on with a visit that is on hold, or that one stepped away from."""


class StepAway(StaffVerb, frozen=True, kw_only=True, tag="visit.step_away"):
    """Leave a visit for a while and say so; it stays one's own."""

    minutes: Annotated[int, Meta(ge=1, le=limits.MAX_AWAY_MINUTES)] = 10


class ReturnToQueue(StaffVerb, frozen=True, kw_only=True, tag="visit.return_to_queue"):
    """Give the patient of a visit back to the waiting room, with the old place."""

    note: Note | UnsetType = UNSET


class Transfer(StaffVerb, frozen=True, kw_only=True, tag="visit.transfer"):
    """Hand a patient to a colleague or to another room: exactly one of ``user`` and ``room``."""

    user: Identifier | UnsetType = UNSET
    room: Identifier | UnsetType = UNSET
    note: Note | UnsetType = UNSET


class Finish(StaffVerb, frozen=True, kw_only=True, tag="visit.finish"):
    """End a visit for good; its patient data is deleted."""

    outcome: Outcome = Outcome.COMPLETED


class Recall(StaffVerb, frozen=True, kw_only=True, tag="visit.recall"):
    """Call a patient back: one who stepped out hears it; one who is gone may check in by the same link, place kept."""


class NoShow(StaffVerb, frozen=True, kw_only=True, tag="visit.no_show"):
    """Close the visit of a patient who is not there."""


class Merge(StaffVerb, frozen=True, kw_only=True, tag="visit.merge"):
    """``other`` is the same patient, arrived twice: ``visit`` goes on with the better place, ``other`` ends."""

    other: Identifier
    other_version: Version


class Triage(StaffVerb, frozen=True, kw_only=True, tag="visit.triage"):
    """Save a triage form and set the acuity; either may be missing. Without ``ready`` it is a draft."""

    acuity: Acuity | UnsetType = UNSET
    form: TriageForm | UnsetType = UNSET
    ready: bool = False


class Undo(StaffVerb, frozen=True, kw_only=True, tag="visit.undo"):
    """Take back one's own last change to a visit, within ``limits.UNDO_S`` and if nobody changed it since."""


class Identity(StaffVerb, frozen=True, kw_only=True, tag="visit.identity"):
    """Record what was confirmed with the patient, and write down what they said where check-in has it not, or wrong."""

    name: bool = False
    birth_date: bool = False
    location: bool = False
    call_back: bool = False
    said_location: Location | UnsetType = UNSET
    said_call_back: CallBack | UnsetType = UNSET


class DetailsRequest(ClientMessage, frozen=True, kw_only=True, tag="visit.details.request"):
    """Open an entry: everything known about one visit. Audited."""

    visit: Identifier


class SetPresence(ClientMessage, frozen=True, kw_only=True, tag="staff.presence"):
    """Say whether one can be reached."""

    presence: Literal["available", "busy", "away"]


class Leave(ClientMessage, frozen=True, kw_only=True, tag="visit.leave"):
    """The patient gives up the place, or ends the visit."""

    visit: Identifier


class StepOut(ClientMessage, frozen=True, kw_only=True, tag="visit.step_out"):
    """The patient leaves the waiting room for a while and keeps the place."""

    visit: Identifier
    minutes: Annotated[int, Meta(ge=1, le=limits.MAX_AWAY_MINUTES)] = 10


class Return(ClientMessage, frozen=True, kw_only=True, tag="visit.return"):
    """The patient who stepped out is back."""

    visit: Identifier


class Prepare(ClientMessage, frozen=True, kw_only=True, tag="visit.prepare"):
    """The result of the patient's device test; as often as it changes."""

    visit: Identifier
    readiness: Readiness


class Amend(ClientMessage, frozen=True, kw_only=True, tag="visit.amend"):
    """The patient corrects or adds what check-in asked for. Red flags are added; only staff take one away."""

    visit: Identifier
    language: Language | UnsetType = UNSET
    interpreter: bool | UnsetType = UNSET
    red_flags: Annotated[tuple[RedFlag, ...], Meta(max_length=16)] | UnsetType = UNSET
    call_back: CallBack | UnsetType = UNSET
    location: Location | UnsetType = UNSET


class ChatOpen(ClientMessage, frozen=True, kw_only=True, tag="chat.open"):
    """Staff: write with a patient who waits. A colleague's open chat is taken over."""

    visit: Identifier


class ChatClose(ClientMessage, frozen=True, kw_only=True, tag="chat.close"):
    """Staff: end the chat with a patient who waits."""

    visit: Identifier


class ChatRequest(ClientMessage, frozen=True, kw_only=True, tag="chat.request"):
    """Patient: ask staff to open a chat."""

    visit: Identifier


class ChatRelay(ClientMessage, frozen=True, kw_only=True, tag="chat.relay"):
    """Hand ``data`` unread to the other end of the waiting chat; kept by nobody."""

    visit: Identifier
    data: Raw


AnyStaffVerb: TypeAlias = (
    Claim
    | Release
    | Assign
    | Mark
    | Admit
    | Hold
    | Resume
    | StepAway
    | ReturnToQueue
    | Transfer
    | Finish
    | Recall
    | NoShow
    | Merge
    | Triage
    | Undo
    | Identity
)

AnyQueueCommand: TypeAlias = (
    AnyStaffVerb
    | DetailsRequest
    | SetPresence
    | Leave
    | StepOut
    | Return
    | Prepare
    | Amend
    | ChatOpen
    | ChatClose
    | ChatRequest
    | ChatRelay
)
