"""The life of a visit, and who may do what to it: two tables that server, desktop and tests read.

    (check-in) --> waiting --admit--> in_visit --finish--> finished
                      |  ^               |  |
                      |  +----release----+  |
                      +--leave, time_out----+--leave--> left

``release`` happens by itself when the clinician of a visit has been gone too long: the patient is waiting again, with
the old check-in time. A patient who drops during a visit does not end it; only staff or the patient do.
"""

from enum import StrEnum
from typing import Final

from carena_protocol.messages import Role, VisitState


class VisitAction(StrEnum):
    """What can happen to a visit."""

    ADMIT = "admit"
    FINISH = "finish"
    LEAVE = "leave"
    TIME_OUT = "time_out"
    RELEASE = "release"


class TransitionError(ValueError):
    """The action does not exist from this state."""

    def __init__(self, state: VisitState, action: VisitAction) -> None:
        super().__init__(f"{action} from {state}")
        self.state = state
        self.action = action


TRANSITIONS: Final[dict[tuple[VisitState, VisitAction], VisitState]] = {
    (VisitState.WAITING, VisitAction.ADMIT): VisitState.IN_VISIT,
    (VisitState.WAITING, VisitAction.LEAVE): VisitState.LEFT,
    (VisitState.WAITING, VisitAction.TIME_OUT): VisitState.LEFT,
    (VisitState.IN_VISIT, VisitAction.FINISH): VisitState.FINISHED,
    (VisitState.IN_VISIT, VisitAction.LEAVE): VisitState.LEFT,
    (VisitState.IN_VISIT, VisitAction.RELEASE): VisitState.WAITING,
}

OPEN_STATES: Final = frozenset({VisitState.WAITING, VisitState.IN_VISIT})
"""States whose visits are in the waiting room's table and may hold patient data."""

_PERMITTED: Final[dict[VisitAction, frozenset[Role]]] = {
    VisitAction.ADMIT: frozenset({Role.CLINICIAN, Role.NURSE}),
    VisitAction.FINISH: frozenset({Role.CLINICIAN, Role.NURSE}),
    VisitAction.LEAVE: frozenset({Role.PATIENT}),
    VisitAction.TIME_OUT: frozenset(),
    VisitAction.RELEASE: frozenset(),
}

SEES_QUEUE: Final = frozenset({Role.CLINICIAN, Role.NURSE})
"""Roles that may subscribe to the waiting room. Administrators look after accounts, not patients."""

MAKES_LINKS: Final = frozenset({Role.CLINICIAN, Role.NURSE, Role.ADMINISTRATOR})


def next_state(state: VisitState, action: VisitAction) -> VisitState:
    """Return the state after ``action``; raise TransitionError when there is none."""
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise TransitionError(state, action) from None


def may(role: Role, action: VisitAction) -> bool:
    """Whether a role may ask for an action at all; whose visit it is, is the server's question."""
    return role in _PERMITTED[action]
