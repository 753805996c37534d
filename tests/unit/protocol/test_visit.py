"""The life of a visit is the drawn one, for every state, action and role."""

import itertools

import pytest

from carena_protocol import visit
from carena_protocol.messages import Role, VisitState
from carena_protocol.visit import TransitionError, VisitAction


@pytest.mark.parametrize(("state", "action"), list(itertools.product(VisitState, VisitAction)))
def test_every_pair_is_a_transition_or_an_error(state: VisitState, action: VisitAction) -> None:
    """A pair of state and action either leads to a state or raises TransitionError with both names."""
    if (state, action) in visit.TRANSITIONS:
        assert visit.next_state(state, action) is visit.TRANSITIONS[state, action]
    else:
        with pytest.raises(TransitionError) as caught:
            visit.next_state(state, action)
        assert (caught.value.state, caught.value.action) == (state, action)


def test_closed_visits_stay_closed() -> None:
    """Nothing leads out of finished and left."""
    assert {state for state, _ in visit.TRANSITIONS} == visit.OPEN_STATES


def test_an_admitted_visit_cannot_be_admitted_again() -> None:
    """Admitting needs a waiting patient: two clinicians never share a visit by accident."""
    with pytest.raises(TransitionError):
        visit.next_state(VisitState.IN_VISIT, VisitAction.ADMIT)


@pytest.mark.parametrize("action", list(VisitAction))
def test_roles(action: VisitAction) -> None:
    """Staff admit and finish, patients leave, and what only time does nobody may ask for."""
    allowed = {role for role in Role if visit.may(role, action)}
    assert (
        allowed
        == {
            VisitAction.ADMIT: {Role.CLINICIAN, Role.NURSE},
            VisitAction.FINISH: {Role.CLINICIAN, Role.NURSE},
            VisitAction.LEAVE: {Role.PATIENT},
            VisitAction.TIME_OUT: set(),
            VisitAction.RELEASE: set(),
        }[action]
    )


def test_administrators_do_not_see_patients() -> None:
    """Looking after accounts gives no sight of the waiting room."""
    assert Role.ADMINISTRATOR not in visit.SEES_QUEUE
    assert Role.PATIENT not in visit.SEES_QUEUE
