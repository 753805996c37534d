r"""The life of a visit, as tables that server, desktop and tests read. Who may do what is in ``permissions``.

    check-in                                                   the waiting states, in one queue
       |            +---------------------------------------------------------------------------+
       +--> arrived --prepare, mark--> needs_triage --triage, mark--> ready          returned    |
                    |       any of the four --claim, assign--> claimed --release--> as before   |
                    +---------------------------------------------------------------------------+
                        |  ^   |                                                   ^      ^
                      admit |  step_out                                            |      |
                        |   +--+--> stepped_away (by the patient) --return---------+      |
                        v                                                                 |
                     in_visit <--resume-- on_hold, stepped_away (by staff)                |
                        |  \--hold, step_away-->  |                                       |
                        +--------------+----------+--return_to_queue, lapse---------------+
                                       |
                                       +--transfer--> claimed (to a person), needs_triage or ready (to a room)
                                       +--finish--> finished
    waiting or stepped away, and the page is not connected --no_show--> no_show, --time_out--> left
    any open state --leave, merged--> left

``undo`` goes back to where the last change came from. ``recall`` changes no state: a patient who stepped out hears it,
one who is gone may check in by the same link. ``lapse`` happens by itself when the clinician of a visit has been gone
too long. A patient who drops during a visit does not end it; only staff or the patient do.
"""

from typing import Final

from carena_protocol.actions import VisitAction
from carena_protocol.permissions import MAKES_LINKS, SEES_QUEUE, may
from carena_protocol.rows import VisitState

__all__ = [
    "CHAT_STATES",
    "CLOSED_STATES",
    "MAKES_LINKS",
    "OPEN_STATES",
    "PARTY_STATES",
    "SEES_QUEUE",
    "STAFF_STATES",
    "TRANSITIONS",
    "UNCLAIMED_STATES",
    "UNDOABLE",
    "WAITING_STATES",
    "TransitionError",
    "VisitAction",
    "may",
    "next_states",
    "queue_order",
    "sources",
]

WAITING_STATES: Final = frozenset(
    {VisitState.ARRIVED, VisitState.NEEDS_TRIAGE, VisitState.READY, VisitState.CLAIMED, VisitState.RETURNED}
)
"""In the queue, to be admitted; claimed by its claimer only."""

UNCLAIMED_STATES: Final = WAITING_STATES - {VisitState.CLAIMED}

STAFF_STATES: Final = frozenset({VisitState.IN_VISIT, VisitState.ON_HOLD, VisitState.STEPPED_AWAY})
"""A clinician has admitted the patient; ``stepped_away`` only if it was staff who did."""

PARTY_STATES: Final = frozenset({VisitState.IN_VISIT, VisitState.ON_HOLD})
"""The two may signal to each other."""

OPEN_STATES: Final = WAITING_STATES | STAFF_STATES
"""States whose visits are in the waiting room's table and may hold patient data."""

CLOSED_STATES: Final = frozenset(VisitState) - OPEN_STATES

CHAT_STATES: Final = OPEN_STATES - {VisitState.IN_VISIT}
"""States in which patient and staff may write without a visit; in a visit there is the visit's own chat."""

_S, _A = VisitState, VisitAction

TRANSITIONS: Final[dict[tuple[VisitState, VisitAction], frozenset[VisitState]]] = {
    **{(s, _A.CLAIM): frozenset({_S.CLAIMED}) for s in UNCLAIMED_STATES},
    (_S.CLAIMED, _A.RELEASE): UNCLAIMED_STATES,
    **{(s, _A.ASSIGN): frozenset({_S.CLAIMED}) for s in WAITING_STATES},
    **{(s, _A.MARK): frozenset({_S.NEEDS_TRIAGE, _S.READY}) for s in UNCLAIMED_STATES},
    (_S.CLAIMED, _A.MARK): frozenset({_S.CLAIMED}),
    **{(s, _A.ADMIT): frozenset({_S.IN_VISIT}) for s in WAITING_STATES},
    (_S.IN_VISIT, _A.HOLD): frozenset({_S.ON_HOLD}),
    (_S.ON_HOLD, _A.RESUME): frozenset({_S.IN_VISIT}),
    (_S.STEPPED_AWAY, _A.RESUME): frozenset({_S.IN_VISIT}),
    (_S.IN_VISIT, _A.STEP_AWAY): frozenset({_S.STEPPED_AWAY}),
    (_S.ON_HOLD, _A.STEP_AWAY): frozenset({_S.STEPPED_AWAY}),
    **{(s, _A.RETURN_TO_QUEUE): frozenset({_S.RETURNED}) for s in STAFF_STATES},
    **{(s, _A.LAPSE): frozenset({_S.RETURNED}) for s in STAFF_STATES},
    **{(s, _A.TRANSFER): frozenset({_S.CLAIMED, _S.NEEDS_TRIAGE, _S.READY}) for s in OPEN_STATES},
    **{(s, _A.FINISH): frozenset({_S.FINISHED}) for s in STAFF_STATES},
    **{(s, _A.RECALL): frozenset({s}) for s in CLOSED_STATES | {_S.STEPPED_AWAY}},
    **{(s, _A.NO_SHOW): frozenset({_S.NO_SHOW}) for s in WAITING_STATES | {_S.STEPPED_AWAY}},
    **{(s, _A.MERGE): frozenset({s}) for s in OPEN_STATES},
    **{(s, _A.MERGED): frozenset({_S.LEFT}) for s in WAITING_STATES | {_S.STEPPED_AWAY}},
    **{(s, _A.TRIAGE): frozenset({s, _S.READY}) for s in WAITING_STATES},
    **{(s, _A.TRIAGE): frozenset({s}) for s in STAFF_STATES},
    **{(s, _A.IDENTITY): frozenset({s}) for s in OPEN_STATES},
    **{(s, _A.LEAVE): frozenset({_S.LEFT}) for s in OPEN_STATES},
    **{(s, _A.STEP_OUT): frozenset({_S.STEPPED_AWAY}) for s in WAITING_STATES},
    (_S.STEPPED_AWAY, _A.RETURN): frozenset({_S.RETURNED, _S.CLAIMED}),
    (_S.ARRIVED, _A.PREPARE): frozenset({_S.NEEDS_TRIAGE, _S.READY}),
    **{(s, _A.AMEND): frozenset({s}) for s in OPEN_STATES},
    **{(s, _A.TIME_OUT): frozenset({_S.LEFT}) for s in WAITING_STATES | {_S.STEPPED_AWAY}},
}
"""Where an action may lead from a state; of several the row decides. ``undo`` is the way back of ``UNDOABLE``."""

UNDOABLE: Final = frozenset(
    {
        _A.CLAIM,
        _A.RELEASE,
        _A.ASSIGN,
        _A.MARK,
        _A.HOLD,
        _A.STEP_AWAY,
        _A.RETURN_TO_QUEUE,
        _A.TRANSFER,
        _A.TRIAGE,
        _A.FINISH,
        _A.NO_SHOW,
    }
)
"""Changes their maker may take back. The last two only where the site keeps text after a visit is closed."""

TRANSITIONS.update(
    {
        (after, _A.UNDO): frozenset(
            before for (before, action), targets in TRANSITIONS.items() if action in UNDOABLE and after in targets
        )
        for after in {t for (_, action), targets in TRANSITIONS.items() if action in UNDOABLE for t in targets}
    }
)

_NOT_TRIAGED: Final = 3


class TransitionError(ValueError):
    """The action does not exist from this state."""

    def __init__(self, state: VisitState, action: VisitAction) -> None:
        super().__init__(f"{action} from {state}")
        self.state = state
        self.action = action


def next_states(state: VisitState, action: VisitAction) -> frozenset[VisitState]:
    """Return where ``action`` may lead from ``state``; raise TransitionError when nowhere."""
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise TransitionError(state, action) from None


def sources(action: VisitAction) -> frozenset[VisitState]:
    """Return the states that have ``action``."""
    return frozenset(state for state, known in TRANSITIONS if known is action)


def queue_order(acuity: int | None, checked_in_at: int) -> tuple[int, int]:
    """Return the key by which patients are taken: acuity, then arrival. Not yet triaged counts as acuity 3."""
    return (_NOT_TRIAGED if acuity is None else acuity, checked_in_at)
