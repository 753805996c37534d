"""What can be done with a patient now, and if not, why not, in words. Pure.

The server decides; this says beforehand what it would decide, so that nobody has to press to find out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from carena_desktop.session.model import StaffAccount, WaitingEntry
from carena_desktop.session.orders import Verb
from carena_desktop.ui import text
from carena_desktop.ui.i18n import mark, tr, tr_marked
from carena_protocol.permissions import may
from carena_protocol.rows import AwayBy, Presence, VisitState
from carena_protocol.visit import STAFF_STATES, TRANSITIONS, UNCLAIMED_STATES, WAITING_STATES


class Offer(StrEnum):
    """What the main button does for the selected patient."""

    START = "start"
    REJOIN = "rejoin"
    RESUME = "resume"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Action:
    """A verb as the menus show it; words are marked strings, and full ones that stand by themselves."""

    verb: Verb
    words: str
    icon: str


ACTIONS: Final = (
    Action(Verb.CLAIM, mark("Claim"), "hand"),
    Action(Verb.RELEASE, mark("Release claim"), "undo-2"),
    Action(Verb.ASSIGN, mark("Assign…"), "user-plus"),
    Action(Verb.TRIAGE, mark("Triage…"), "stethoscope"),
    Action(Verb.MARK, mark("Mark as ready"), "circle-check"),
    Action(Verb.HOLD, mark("Put on hold…"), "pause"),
    Action(Verb.STEP_AWAY, mark("Step away…"), "door-open"),
    Action(Verb.RETURN_TO_QUEUE, mark("Return to queue…"), "arrow-left"),
    Action(Verb.TRANSFER, mark("Transfer…"), "arrow-right-left"),
    Action(Verb.RECALL, mark("Call back"), "bell"),
    Action(Verb.MERGE, mark("Merge double arrival…"), "git-merge"),
    Action(Verb.NO_SHOW, mark("Not here…"), "user-x"),
    Action(Verb.FINISH, mark("Finish visit…"), "badge-check"),
)
"""In the order of a menu."""
_NOT_ROLE: Final = mark("Your role may not do this.")
NOT_CONNECTED: Final = mark("Not connected to the server at the moment.")
_NOT_WAITING: Final = mark("The patient is not waiting any more.")
_NOT_IN_VISIT: Final = mark("Only possible during a visit.")
_TAKEN: Final = {
    VisitState.CLAIMED: mark("Taken by {name}."),
    VisitState.IN_VISIT: mark("In visit with {name}."),
    VisitState.ON_HOLD: mark("In visit with {name}, on hold now."),
    VisitState.STEPPED_AWAY: mark("In visit with {name}, who has stepped away."),
}
"""Why a colleague's patient can't be taken; as the row says it."""


def offer(entry: WaitingEntry, account: StaffAccount | None) -> Offer:
    """Return what the main button does."""
    if account is None or not may(account.role, Verb.ADMIT):
        return Offer.NOTHING
    mine = entry.clinician_id == account.id
    if entry.state in WAITING_STATES:
        return Offer.START if mine or entry.state is not VisitState.CLAIMED else Offer.NOTHING
    if not mine or entry.state not in STAFF_STATES:
        return Offer.NOTHING
    if entry.state is VisitState.IN_VISIT:
        return Offer.REJOIN
    away = entry.state is VisitState.STEPPED_AWAY and entry.away_by is AwayBy.PATIENT
    return Offer.NOTHING if away else Offer.RESUME


def no_start(entry: WaitingEntry, account: StaffAccount | None, *, fresh: bool) -> str:
    """Return why the main button can do nothing for a patient now: who has the patient, most often; empty where it can.

    A colleague may be faster by a moment, so this is asked when the key is pressed and not only when the row is drawn.
    """
    if not fresh:
        return tr_marked(NOT_CONNECTED)
    if account is None or not may(account.role, Verb.ADMIT):
        return tr_marked(_NOT_ROLE)
    if offer(entry, account) is not Offer.NOTHING:
        return ""
    if _patient_away(entry):
        return tr("The patient has stepped out.")
    words = _TAKEN.get(entry.state)
    if words is None or not entry.clinician_name:
        return tr_marked(_NOT_WAITING)
    return tr_marked(words).format(name=text.isolate(entry.clinician_name))


def refusals(entry: WaitingEntry, account: StaffAccount | None, *, fresh: bool) -> Mapping[Verb, str]:
    """Return, for every verb of ``ACTIONS``, why it can't be asked for now; empty where it can."""
    if not fresh:
        return {action.verb: tr_marked(NOT_CONNECTED) for action in ACTIONS}
    role = account.role if account is not None else None
    mine = account is not None and entry.clinician_id == account.id
    return {
        action.verb: _refusal(entry, action.verb, mine=mine)
        if role is not None and may(role, action.verb)
        else tr_marked(_NOT_ROLE)
        for action in ACTIONS
    }


def _refusal(entry: WaitingEntry, verb: Verb, *, mine: bool) -> str:
    exists = (entry.state, verb) in TRANSITIONS
    return _REFUSALS[verb](entry, mine) or ("" if exists else tr_marked(_NOT_WAITING))


def _claim(entry: WaitingEntry, mine: bool) -> str:  # noqa: FBT001 - a line of a table
    return "" if entry.state in UNCLAIMED_STATES else _whose(entry, mine=mine)


def _release(entry: WaitingEntry, mine: bool) -> str:  # noqa: FBT001 - a line of a table
    return "" if entry.state is VisitState.CLAIMED and mine else tr("You have not claimed this patient.")


def _waiting(entry: WaitingEntry, _mine: bool) -> str:  # noqa: FBT001 - a line of a table
    return "" if entry.state in WAITING_STATES else tr_marked(_NOT_WAITING)


def _mark(entry: WaitingEntry, _mine: bool) -> str:  # noqa: FBT001 - a line of a table
    possible = entry.state in UNCLAIMED_STATES - {VisitState.READY}
    return "" if possible else tr("Only for a patient who is not ready yet.")


def _hold(entry: WaitingEntry, mine: bool) -> str:  # noqa: FBT001 - a line of a table
    return "" if entry.state is VisitState.IN_VISIT and mine else _in_my_visit(entry, mine=mine)


def _step_away(entry: WaitingEntry, mine: bool) -> str:  # noqa: FBT001 - a line of a table
    possible = entry.state in {VisitState.IN_VISIT, VisitState.ON_HOLD} and mine
    return "" if possible else _in_my_visit(entry, mine=mine)


def _own_visit(entry: WaitingEntry, mine: bool) -> str:  # noqa: FBT001 - a line of a table
    possible = entry.state in STAFF_STATES and not _patient_away(entry) and mine
    return "" if possible else _in_my_visit(entry, mine=mine)


def _transfer(entry: WaitingEntry, mine: bool) -> str:  # noqa: FBT001 - a line of a table
    if mine or entry.clinician_id is None:
        return ""
    return _whose(entry, mine=mine)


def _recall(entry: WaitingEntry, _mine: bool) -> str:  # noqa: FBT001 - a line of a table
    return "" if _patient_away(entry) else tr("The patient has not stepped out.")


def _no_show(entry: WaitingEntry, _mine: bool) -> str:  # noqa: FBT001 - a line of a table
    if entry.state not in WAITING_STATES and not _patient_away(entry):
        return tr_marked(_NOT_WAITING)
    return "" if entry.presence is not Presence.CONNECTED else tr("The patient's page is open.")


def _merge(entry: WaitingEntry, _mine: bool) -> str:  # noqa: FBT001 - a line of a table
    return "" if entry.possible_double else tr("No second arrival of this patient is known.")


_REFUSALS: Final[dict[Verb, Callable[[WaitingEntry, bool], str]]] = {
    Verb.CLAIM: _claim,
    Verb.RELEASE: _release,
    Verb.ASSIGN: _waiting,
    Verb.TRIAGE: _waiting,
    Verb.MARK: _mark,
    Verb.HOLD: _hold,
    Verb.STEP_AWAY: _step_away,
    Verb.RETURN_TO_QUEUE: _own_visit,
    Verb.FINISH: _own_visit,
    Verb.TRANSFER: _transfer,
    Verb.RECALL: _recall,
    Verb.NO_SHOW: _no_show,
    Verb.MERGE: _merge,
}


def _patient_away(entry: WaitingEntry) -> bool:
    return entry.state is VisitState.STEPPED_AWAY and entry.away_by is AwayBy.PATIENT


def _whose(entry: WaitingEntry, *, mine: bool) -> str:
    if mine:
        return tr("The patient is yours already.")
    if entry.clinician_name:
        return tr("{name} has this patient.").format(name=text.isolate(entry.clinician_name))
    return tr_marked(_NOT_WAITING)


def _in_my_visit(entry: WaitingEntry, *, mine: bool) -> str:
    if not mine and entry.clinician_name and entry.state not in WAITING_STATES:
        return tr("{name} is in a visit with this patient.").format(name=text.isolate(entry.clinician_name))
    return tr_marked(_NOT_IN_VISIT)
