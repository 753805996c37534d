"""Whether a change to a visit may happen, and what it makes of the row. Pure: the row, the wish and the time in.

The tables of ``carena_protocol.visit`` say from where an action exists and who may own it; this module says the rest:
whose visit it is, what the row remembers of before, what is forgotten. The store carries the result out in one UPDATE
that names the version judged here.
"""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

import msgspec

from carena_protocol import limits
from carena_protocol.actions import VisitAction
from carena_protocol.errors import ErrorCode, RefusalReason
from carena_protocol.permissions import OWN_VISIT
from carena_protocol.rows import AwayBy, LeaveReason, Presence, VisitState
from carena_protocol.visit import CLOSED_STATES, STAFF_STATES, TRANSITIONS, UNCLAIMED_STATES, next_states, sources
from carena_server.visits import Arrival, Change, Refused, Visit

Effects: TypeAlias = dict[str, Any]
"""New values by the names of ``Visit``'s fields (``outcome``, ``closed_at`` and ``text_until`` among them)."""

_A, _S = VisitAction, VisitState
_BY_STAFF: Final = frozenset({_A.RESUME, _A.RETURN_TO_QUEUE, _A.LAPSE, _A.FINISH, _A.TRANSFER, _A.MERGE})
_BY_PATIENT: Final = frozenset({_A.RETURN, _A.NO_SHOW, _A.TIME_OUT, _A.MERGED, _A.RECALL})
"""What exists only of a visit that staff, or the patient, stepped away from."""
_NO_OWNER: Final[Effects] = dict.fromkeys(("clinician_id", "clinician_name", "clinician_key", "clinician_since"))
_LEFT: Final = {_A.LEAVE: LeaveReason.PATIENT, _A.TIME_OUT: LeaveReason.TIMEOUT, _A.MERGED: LeaveReason.MERGED}
_NOT_AWAY: Final[Effects] = {"away_by": None, "away_until": None, "recalled_at": None}
_UNTRIAGED: Final = frozenset({_S.ARRIVED, _S.NEEDS_TRIAGE})


def judge(row: Visit | None, wish: Change, at: int) -> Refused | Effects:
    """Return the new values of the row, or why there are none."""
    if row is None:
        return Refused(ErrorCode.NOT_FOUND)
    refused = _refused(row, wish, at)
    if refused is not None:
        return refused
    effects = _EFFECTS[wish.action](row, wish, at)
    target = effects.get("state", row.state)
    assert target in next_states(row.state, wish.action)  # noqa: S101 - the drawing holds
    if target is not row.state:
        effects["state_since"] = at
    if target in CLOSED_STATES and row.state not in CLOSED_STATES:
        effects |= {"closed_at": at, "grace_until": None, "text_until": wish.keep_text_until, "returns_to": None}
    return effects


def _refused(row: Visit, wish: Change, at: int) -> Refused | None:
    if wish.rooms is not None and row.room not in wish.rooms:
        return Refused(ErrorCode.FORBIDDEN, None, RefusalReason.OTHER_ROOM)
    taken = _taken(row, wish)
    if taken is not None:
        return taken
    if row.state not in sources(wish.action) or _wrong_absence(row, wish.action):
        return Refused(ErrorCode.CONFLICT, row, RefusalReason.STATE)
    if _not_yours(row, wish):
        return Refused(ErrorCode.FORBIDDEN, row, RefusalReason.NOT_YOURS)
    if wish.version is not None and wish.version != row.version:
        return Refused(ErrorCode.CONFLICT, row, RefusalReason.VERSION)
    return _not_now(row, wish, at)


def _taken(row: Visit, wish: Change) -> Refused | None:
    """Two people want the same patient: the second learns who has them."""
    if wish.action not in {_A.CLAIM, _A.ADMIT}:
        return None
    if row.state in STAFF_STATES and row.away_by is not AwayBy.PATIENT:
        theirs = None if row.clinician_id == wish.actor else RefusalReason.IN_VISIT_WITH_OTHER
        return Refused(ErrorCode.ALREADY_ADMITTED, row, theirs)
    if row.state is _S.CLAIMED and row.clinician_id != wish.actor:
        return Refused(ErrorCode.ALREADY_CLAIMED, row, RefusalReason.CLAIMED_BY_OTHER)
    return None


def _wrong_absence(row: Visit, action: VisitAction) -> bool:
    if row.state is not _S.STEPPED_AWAY:
        return False
    return (action in _BY_STAFF and row.away_by is not AwayBy.STAFF) or (
        action in _BY_PATIENT and row.away_by is not AwayBy.PATIENT
    )


def _not_yours(row: Visit, wish: Change) -> bool:
    owned = wish.action in OWN_VISIT or (wish.action is _A.TRANSFER and row.clinician_id is not None)
    return owned and row.clinician_id != wish.actor


def _not_now(row: Visit, wish: Change, at: int) -> Refused | None:
    match wish.action:
        case _A.NO_SHOW if row.presence is Presence.CONNECTED:
            return Refused(ErrorCode.CONFLICT, row, RefusalReason.PATIENT_PRESENT)
        case _A.TIME_OUT:
            if row.presence is not Presence.RECONNECTING or not kept_until(row) <= at:
                return Refused(ErrorCode.CONFLICT, row, RefusalReason.STATE)
        case _A.RECALL if row.state in CLOSED_STATES:
            merged = row.left_reason is LeaveReason.MERGED
            if merged or row.closed_at is None or at - row.closed_at > limits.RECALL_S * 1000:
                return Refused(ErrorCode.GONE, None, RefusalReason.TOO_LATE)
        case _:
            pass
    return None


def kept_until(row: Visit) -> int:
    """Return until when the place of a patient who is not connected is kept, milliseconds since the epoch."""
    grace = 2**62 if row.grace_until is None else row.grace_until
    return max(grace, row.away_until or 0) if row.state is _S.STEPPED_AWAY else grace


def _claim(row: Visit, wish: Change, at: int) -> Effects:
    return {"state": _S.CLAIMED, "returns_to": row.state} | _owner(wish, at)


def _release(row: Visit, _wish: Change, _at: int) -> Effects:
    return {"state": row.returns_to or _S.READY, "returns_to": None} | _NO_OWNER


def _assign(row: Visit, wish: Change, at: int) -> Effects:
    return _given_to(row, wish, at, row.state)


def _mark(row: Visit, wish: Change, _at: int) -> Effects:
    return {"returns_to": wish.state} if row.state is _S.CLAIMED else {"state": wish.state}


def _admit(_row: Visit, wish: Change, at: int) -> Effects:
    return {"state": _S.IN_VISIT, "admitted_at": at, "returns_to": None} | _owner(wish, at)


def _hold(_row: Visit, wish: Change, _at: int) -> Effects:
    return {"state": _S.ON_HOLD} | _noted(wish)


def _resume(_row: Visit, wish: Change, _at: int) -> Effects:
    return {"state": _S.IN_VISIT, "clinician_key": wish.actor_key} | _NOT_AWAY


def _step_away(_row: Visit, wish: Change, _at: int) -> Effects:
    return {"state": _S.STEPPED_AWAY, "away_by": AwayBy.STAFF, "away_until": wish.until}


def _back_in_queue(_row: Visit, wish: Change, _at: int) -> Effects:
    # A patient who is away gets the whole grace from now on: until now there was a visit to come back to.
    grace = {} if wish.grace_until is None else {"grace_until": wish.grace_until}
    return {"state": _S.RETURNED, "admitted_at": None} | _NO_OWNER | _NOT_AWAY | _noted(wish) | grace


def _finish(_row: Visit, wish: Change, _at: int) -> Effects:
    return {"state": _S.FINISHED, "outcome": wish.outcome}


def _no_show(_row: Visit, _wish: Change, _at: int) -> Effects:
    return {"state": _S.NO_SHOW}


def _recall(row: Visit, _wish: Change, at: int) -> Effects:
    if row.state is _S.STEPPED_AWAY:
        return {"recalled_at": at}
    return {"recall_until": at + int(limits.RECALL_S * 1000)}


def _identify(row: Visit, wish: Change, _at: int) -> Effects:
    if wish.amendment is None:
        return {"identity": wish.identity}
    said = {name: text for name, text in msgspec.structs.asdict(wish.amendment).items() if text is not None}
    return {"identity": wish.identity, "arrival": msgspec.structs.replace(row.arrival or Arrival(), **said)}


def _leave(_row: Visit, wish: Change, _at: int) -> Effects:
    return {"state": _S.LEFT, "left_reason": _LEFT[wish.action], "merged_into": wish.other}


def _step_out(_row: Visit, wish: Change, _at: int) -> Effects:
    return {"state": _S.STEPPED_AWAY, "away_by": AwayBy.PATIENT, "away_until": wish.until}


def _return(row: Visit, wish: Change, _at: int) -> Effects:
    grace = {} if wish.grace_until is None else {"grace_until": wish.grace_until}
    return {"state": _S.RETURNED if row.clinician_id is None else _S.CLAIMED} | _NOT_AWAY | grace


def _prepare(row: Visit, wish: Change, _at: int) -> Effects:
    needs = wish.room_triages and row.triaged_at is None
    return {"state": _S.NEEDS_TRIAGE if needs else _S.READY, "readiness": wish.readiness}


def _owner(wish: Change, at: int) -> Effects:
    return {
        "clinician_id": wish.actor,
        "clinician_name": wish.actor_name,
        "clinician_key": wish.actor_key,
        "clinician_since": at,
    }


def _given_to(row: Visit, wish: Change, at: int, before: VisitState) -> Effects:
    assert wish.target is not None  # noqa: S101 - the commands see to it
    return {
        "state": _S.CLAIMED,
        "returns_to": row.returns_to if row.state is _S.CLAIMED else before,
        "clinician_id": wish.target.id,
        "clinician_name": wish.target.name,
        "clinician_key": None,
        "clinician_since": at,
    }


def _noted(wish: Change) -> Effects:
    return {} if wish.note is None else {"note": wish.note}


def _transferred(row: Visit, wish: Change, at: int) -> Effects:
    common: Effects = {"admitted_at": None} | _NOT_AWAY | _noted(wish)
    if wish.grace_until is not None and row.state in STAFF_STATES:
        common["grace_until"] = wish.grace_until
    if wish.target is not None:
        before = row.state if row.state in UNCLAIMED_STATES else _S.READY
        return common | _given_to(row, wish, at, before)
    triage = wish.room_triages and row.acuity is None
    target = {"state": _S.NEEDS_TRIAGE if triage else _S.READY, "returns_to": None, "room": wish.room}
    return common | target | _NO_OWNER


def _triaged(row: Visit, wish: Change, at: int) -> Effects:
    effects: Effects = {}
    if wish.form is not None:
        effects["triage"] = wish.form
    if wish.acuity is not None:
        effects["acuity"] = wish.acuity
    if wish.acuity is not None or wish.ready:
        effects["triaged_at"] = at
    if not wish.ready or row.state in STAFF_STATES:
        return effects
    if row.state is not _S.CLAIMED:
        return effects | {"state": _S.READY}
    if row.clinician_id == wish.actor and row.returns_to in _UNTRIAGED:
        return effects | {"state": _S.READY, "returns_to": None} | _NO_OWNER  # the claim was for the triage
    return effects | {"returns_to": _S.READY}


_EFFECTS: Final[dict[VisitAction, Callable[[Visit, Change, int], Effects]]] = {
    _A.CLAIM: _claim,
    _A.RELEASE: _release,
    _A.ASSIGN: _assign,
    _A.MARK: _mark,
    _A.ADMIT: _admit,
    _A.HOLD: _hold,
    _A.RESUME: _resume,
    _A.STEP_AWAY: _step_away,
    _A.RETURN_TO_QUEUE: _back_in_queue,
    _A.LAPSE: _back_in_queue,
    _A.TRANSFER: _transferred,
    _A.FINISH: _finish,
    _A.NO_SHOW: _no_show,
    _A.RECALL: _recall,
    _A.TRIAGE: _triaged,
    _A.IDENTITY: _identify,
    _A.LEAVE: _leave,
    _A.TIME_OUT: _leave,
    _A.MERGED: _leave,
    _A.STEP_OUT: _step_out,
    _A.RETURN: _return,
    _A.PREPARE: _prepare,
}
"""What an action makes of a row. ``merge``, ``undo`` and ``amend`` need more than it: the store carries them out."""


def merged_into(kept: Visit, gone: Visit) -> Effects:
    """Return what the visit that goes on takes from the other arrival: nothing that staff found is lost."""
    mine, theirs = kept.arrival or Arrival(), gone.arrival or Arrival()
    acuities = [acuity for acuity in (kept.acuity, gone.acuity) if acuity is not None]
    triaged = [at for at in (kept.triaged_at, gone.triaged_at) if at is not None]
    arrival = msgspec.structs.replace(
        mine,
        red_flags=tuple(dict.fromkeys((*mine.red_flags, *theirs.red_flags))),
        interpreter=mine.interpreter or theirs.interpreter,
        language=mine.language or theirs.language,
        call_back=mine.call_back or theirs.call_back,
        location=mine.location or theirs.location,
        answers={**theirs.answers, **mine.answers},
    )
    return {
        "checked_in_at": min(kept.checked_in_at, gone.checked_in_at),
        "acuity": min(acuities, default=None),
        "triaged_at": max(triaged, default=None),
        "triage": kept.triage or gone.triage,
        "note": kept.note or gone.note,
        "identity": kept.identity or gone.identity,
        "arrival": arrival,
    }


def undone(row: Visit, before: VisitState) -> bool:
    """Whether the drawing knows the way back from the row to the state before."""
    return before in TRANSITIONS.get((row.state, _A.UNDO), frozenset())
