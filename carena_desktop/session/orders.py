"""What staff want done with a visit, as one value per wish, and what the row will then look like. Sans-IO.

One type for all verbs: the window emits it, the session sends it, the overlay of the waiting room expects from it, and
undo names it. Who may do what, and from where, is the protocol's table (``carena_protocol.visit``).
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from carena_desktop.session.model import StaffAccount, WaitingEntry
from carena_protocol import verbs
from carena_protocol.actions import VisitAction
from carena_protocol.rows import AwayBy, Outcome, TriageForm, VisitState

Verb = VisitAction


@dataclass(frozen=True, slots=True)
class Checked:
    """What was confirmed with the patient."""

    name: bool = False
    birth_date: bool = False
    location: bool = False
    call_back: bool = False
    said_location: str = field(default="", repr=False)
    """What the patient said, where that is not what check-in has; empty: as it is."""
    said_call_back: str = field(default="", repr=False)

    @property
    def complete(self) -> bool:
        """Whether all four were."""
        return self.name and self.birth_date and self.location and self.call_back


@dataclass(frozen=True, slots=True)
class Order:
    """One wish. ``version`` is that of the row the person saw; of the other fields each verb uses its own."""

    verb: Verb
    visit: str
    version: int
    user: str = ""
    room: str = ""
    note: str = field(default="", repr=False)
    minutes: int = 10
    outcome: Outcome = Outcome.COMPLETED
    state: VisitState = VisitState.READY
    acuity: int | None = None
    form: TriageForm | None = field(default=None, repr=False)
    ready: bool = False
    other: str = ""
    other_version: int = 0
    checked: Checked = Checked()


_MAKE: Final[dict[Verb, Callable[[Order, dict[str, Any]], verbs.StaffVerb]]] = {
    Verb.CLAIM: lambda _order, to: verbs.Claim(**to),
    Verb.RELEASE: lambda _order, to: verbs.Release(**to),
    Verb.ASSIGN: lambda order, to: verbs.Assign(**to, user=order.user),
    Verb.MARK: lambda order, to: verbs.Mark(**to, state=_markable(order.state)),
    Verb.ADMIT: lambda _order, to: verbs.Admit(**to),
    Verb.HOLD: lambda order, to: verbs.Hold(**to, note=_note(order)),
    Verb.RESUME: lambda _order, to: verbs.Resume(**to),
    Verb.STEP_AWAY: lambda order, to: verbs.StepAway(**to, minutes=order.minutes),
    Verb.RETURN_TO_QUEUE: lambda order, to: verbs.ReturnToQueue(**to, note=_note(order)),
    Verb.TRANSFER: lambda order, to: verbs.Transfer(
        **to, user=order.user or UNSET, room=order.room or UNSET, note=_note(order)
    ),
    Verb.FINISH: lambda order, to: verbs.Finish(**to, outcome=order.outcome),
    Verb.RECALL: lambda _order, to: verbs.Recall(**to),
    Verb.NO_SHOW: lambda _order, to: verbs.NoShow(**to),
    Verb.MERGE: lambda order, to: verbs.Merge(**to, other=order.other, other_version=order.other_version),
    Verb.TRIAGE: lambda order, to: verbs.Triage(
        **to,
        acuity=UNSET if order.acuity is None else order.acuity,
        form=UNSET if order.form is None else order.form,
        ready=order.ready,
    ),
    Verb.IDENTITY: lambda order, to: verbs.Identity(**to, **_said(order.checked)),
    Verb.UNDO: lambda _order, to: verbs.Undo(**to),
}


def to_message(order: Order, message_id: str) -> verbs.StaffVerb:
    """Return the message of an order; raises KeyError for what is no verb of staff's."""
    return _MAKE[order.verb](order, {"id": message_id, "visit": order.visit, "version": order.version})


def _said(checked: Checked) -> dict[str, Any]:
    return {name: UNSET if value == "" else value for name, value in asdict(checked).items()}


def _note(order: Order) -> str | UnsetType:
    return order.note.strip() or UNSET


def expected(  # noqa: PLR0911 - one return per verb
    entry: WaitingEntry, order: Order, account: StaffAccount, now_ms: int
) -> WaitingEntry | None:
    """Return the row as it will be when the order is carried out; None where only the server can tell.

    Only changes that hurt nobody when they turn out otherwise are expected: the patient sees none of them before the
    server does.
    """
    mine = {"clinician_id": account.id, "clinician_name": account.display_name, "clinician_since_ms": now_ms}
    match order.verb:
        case Verb.CLAIM:
            back = entry.state
            return replace(entry, state=VisitState.CLAIMED, returns_to=back, state_since_ms=now_ms, **mine)  # type: ignore[arg-type]  # names of fields
        case Verb.RELEASE:
            nobody = {"clinician_id": None, "clinician_name": None, "clinician_since_ms": None}
            return replace(entry, state=entry.returns_to or VisitState.READY, state_since_ms=now_ms, **nobody)  # type: ignore[arg-type]  # names of fields
        case Verb.MARK:
            return replace(entry, state=order.state, state_since_ms=now_ms)
        case Verb.HOLD:
            return replace(entry, state=VisitState.ON_HOLD, state_since_ms=now_ms, note=order.note)
        case Verb.STEP_AWAY:
            until = now_ms + order.minutes * 60_000
            away = {"away_by": AwayBy.STAFF, "away_until_ms": until}
            return replace(entry, state=VisitState.STEPPED_AWAY, state_since_ms=now_ms, **away)  # type: ignore[arg-type]  # names of fields
        case Verb.TRIAGE if order.acuity is not None:
            return replace(entry, acuity=order.acuity, triaged_at_ms=now_ms)
        case Verb.RECALL:
            return replace(entry, recalled_at_ms=now_ms)
        case _:
            return None


def still_as_seen(seen: WaitingEntry, now: WaitingEntry) -> bool:
    """Whether a row that changed is, for whoever decides about the patient, what it was: only the connection moved."""
    return (seen.state, seen.clinician_id, seen.acuity, seen.room, seen.note) == (
        now.state,
        now.clinician_id,
        now.acuity,
        now.room,
        now.note,
    )


def _markable(state: VisitState) -> Literal["needs_triage", "ready"]:
    return "needs_triage" if state is VisitState.NEEDS_TRIAGE else "ready"
