"""The life of a visit is the drawn one, for every state, action and role."""

import itertools

import pytest

from carena_protocol import permissions, visit
from carena_protocol.actions import VisitAction
from carena_protocol.messages import Role, VisitState
from carena_protocol.permissions import OWN_VISIT, PERMITTED, Permission
from carena_protocol.visit import TransitionError

ADMIT = VisitAction.ADMIT
BY_ITSELF = {VisitAction.TIME_OUT, VisitAction.LAPSE, VisitAction.MERGED}
PATIENTS = {VisitAction.LEAVE, VisitAction.STEP_OUT, VisitAction.RETURN, VisitAction.PREPARE, VisitAction.AMEND}


@pytest.mark.parametrize(("state", "action"), list(itertools.product(VisitState, VisitAction)))
def test_every_pair_is_a_transition_or_an_error(state: VisitState, action: VisitAction) -> None:
    """A pair of state and action either leads to states or raises TransitionError with both names."""
    if (state, action) in visit.TRANSITIONS:
        assert visit.next_states(state, action) == visit.TRANSITIONS[state, action] != frozenset()
        assert state in visit.sources(action)
    else:
        assert state not in visit.sources(action)
        with pytest.raises(TransitionError) as caught:
            visit.next_states(state, action)
        assert (caught.value.state, caught.value.action) == (state, action)


def test_closed_visits_stay_closed() -> None:
    """Nothing leads out of a closed state but taking back the closing; a recall leaves it closed."""
    leaving = {
        action
        for (state, action), targets in visit.TRANSITIONS.items()
        if state in visit.CLOSED_STATES and targets - {state}
    }
    assert leaving == {VisitAction.UNDO}
    assert {VisitState.FINISHED, VisitState.LEFT, VisitState.NO_SHOW} == visit.CLOSED_STATES


def test_an_admitted_visit_cannot_be_admitted_again() -> None:
    """Admitting needs a waiting patient: two clinicians never share a visit by accident."""
    assert visit.sources(ADMIT) == visit.WAITING_STATES
    assert not visit.WAITING_STATES & visit.STAFF_STATES


def test_what_can_be_taken_back_leads_back() -> None:
    """From wherever an undoable change leads, undo leads to where it came from."""
    for (before, action), targets in visit.TRANSITIONS.items():
        if action in visit.UNDOABLE:
            for after in targets:
                assert before in visit.next_states(after, VisitAction.UNDO)


def test_every_state_can_be_reached_and_every_open_one_left() -> None:
    """No state is drawn in vain, and no patient is stuck."""
    reached, frontier = {VisitState.ARRIVED}, [VisitState.ARRIVED]
    while frontier:
        here = frontier.pop()
        for (state, _), targets in visit.TRANSITIONS.items():
            if state is here:
                frontier += targets - reached
                reached |= targets
    assert reached == set(VisitState)
    for state in visit.OPEN_STATES:
        assert VisitState.LEFT in visit.next_states(state, VisitAction.LEAVE)


def test_the_table_of_permissions_has_a_line_for_everything() -> None:
    """Nothing is forbidden by having been forgotten, and what has no line is forbidden."""
    assert set(PERMITTED) == set(VisitAction) | set(Permission)
    assert set(VisitAction) >= OWN_VISIT


@pytest.mark.parametrize("action", list(VisitAction))
def test_roles(action: VisitAction) -> None:
    """Clinicians and nurses work on visits, patients on their own, and what only time does nobody may ask for."""
    allowed = {role for role in Role if visit.may(role, action)}
    if action in BY_ITSELF:
        assert allowed == set()
    else:
        assert allowed == ({Role.PATIENT} if action in PATIENTS else {Role.CLINICIAN, Role.NURSE})


def test_administrators_do_not_see_patients() -> None:
    """Looking after accounts gives no sight of the waiting room; emergency access does, to reading only."""
    assert Role.ADMINISTRATOR not in visit.SEES_QUEUE
    assert Role.PATIENT not in visit.SEES_QUEUE
    assert {Permission.SEE_QUEUE, Permission.OPEN_DETAILS} == permissions.EMERGENCY


def test_the_order_of_the_queue() -> None:
    """Acuity first, then arrival; somebody nobody has triaged yet counts as urgent."""
    patients = [(4, 1), (None, 9), (2, 8), (3, 10), (None, 2), (5, 0)]
    assert sorted(patients, key=lambda p: visit.queue_order(*p)) == [
        (2, 8),
        (None, 2),
        (None, 9),
        (3, 10),
        (4, 1),
        (5, 0),
    ]
