"""What the waiting room shows for a snapshot, beside its rows."""

from dataclasses import replace
from typing import Any

import pytest

from carena_desktop.session.model import (
    KeyringState,
    LocalProblem,
    SessionProblem,
    SessionSnapshot,
    SessionState,
    WaitingRoom,
)
from carena_desktop.ui.pages.waiting_room.tally import Tally
from carena_desktop.ui.pages.waiting_room.view_model import alarms, view
from carena_protocol.messages import Role
from carena_protocol.rows import Room, StaffMember, StaffPresence
from tests.fakes.rows import row
from tests.fakes.session import ACCOUNT

STAFF = (
    StaffMember(id=ACCOUNT.id, name="me", role=Role.CLINICIAN, presence=StaffPresence.BUSY),
    StaffMember(id="n1", name="A", role=Role.NURSE, presence=StaffPresence.AVAILABLE),
    StaffMember(id="n2", name="B", role=Role.NURSE, presence=StaffPresence.OFFLINE),
)


def snapshot(**changes: Any) -> SessionSnapshot:
    """A session of a signed-in clinician."""
    room = WaitingRoom(version=1, clinic="Test Clinic", staff=STAFF)
    return replace(SessionSnapshot(SessionState.ONLINE, account=ACCOUNT, waiting_room=room), **changes)


@pytest.mark.parametrize("state", list(SessionState))
def test_every_connection_state_has_words(state: SessionState) -> None:
    """The connection is always said in words, and only a healthy one is green."""
    pill = view(snapshot(state=state)).connection
    assert pill.word
    assert (pill.tone == "ok") == (state is SessionState.ONLINE)


def test_a_lost_connection_says_when_it_is_tried_again() -> None:
    """The banner names the next try, and nothing can be started meanwhile."""
    state = view(snapshot(state=SessionState.RECONNECTING, retry_in_s=8.0))
    assert "8 seconds" in state.banner
    assert not state.fresh


def test_a_refused_certificate_is_said_while_reconnecting() -> None:
    """A reason that waiting will not cure stands in the banner; a silent server needs no reason."""
    refused = snapshot(state=SessionState.RECONNECTING, problem=SessionProblem(LocalProblem.CERTIFICATE_REFUSED))
    silent = snapshot(state=SessionState.RECONNECTING, problem=SessionProblem(LocalProblem.SERVER_UNREACHABLE))
    assert "certificate" in view(refused).banner
    assert "No server" not in view(silent).banner


def test_the_keyring_notice_follows_the_keyring() -> None:
    """A locked keyring is said."""
    assert "locked" in view(snapshot(keyring=KeyringState.LOCKED)).keyring_notice


def test_staff_on_are_counted_and_the_own_presence_is_shown() -> None:
    """Who is offline does not count, who is busy is not available, and one's own presence is what the server says."""
    state = view(snapshot())
    assert (state.staff_on, state.staff_available, state.presence) == (2, 1, StaffPresence.BUSY)


def test_colleagues_are_named_with_what_they_do() -> None:
    """Who is there, whether they can be reached and whether they have a patient; nobody who is offline."""
    busy = StaffMember(id="n3", name="C", role=Role.NURSE, presence=StaffPresence.AVAILABLE, in_visit=1)
    room = WaitingRoom(version=1, staff=(*STAFF, busy))
    lines = view(snapshot(waiting_room=room)).colleagues.splitlines()
    plain = [line.translate(dict.fromkeys((0x2068, 0x2069))) for line in lines]
    assert plain == ["me  ·  Busy", "A  ·  Available", "C  ·  Available, in a visit"]


@pytest.mark.parametrize(
    ("limits", "rings"),
    [({}, False), ({"alarm_waiting": 2}, True), ({"alarm_waiting": 3}, False), ({"alarm_wait_min": 10}, True)],
)
def test_the_alarm_rings_by_number_or_by_longest_wait(limits: dict[str, Any], rings: bool) -> None:
    """Two who wait, one of them for ten minutes: either limit is enough, and no limit never rings."""
    tally = Tally()
    tally.add(row("a", since_ms=0))
    tally.add(row("b", since_ms=590_000))
    found = alarms((Room(id="main", name="Main", **limits),), tally, 600_000)
    assert found == (frozenset({"main"}) if rings else frozenset())


def test_each_room_has_its_own_alarm() -> None:
    """Two who wait in one room are nothing to the limit of another, and an empty room is over no limit."""
    tally = Tally()
    tally.add(row("a", since_ms=0, room="busy"))
    tally.add(row("b", since_ms=0, room="busy"))
    rooms = (
        Room(id="busy", name="Busy", alarm_waiting=3),
        Room(id="strict", name="Strict", alarm_waiting=1, alarm_wait_min=1),
    )
    assert alarms(rooms, tally, 600_000) == frozenset()
    tally.add(row("c", since_ms=590_000, room="strict"))
    assert alarms(rooms, tally, 600_000) == {"strict"}


def test_states_never_print_a_person() -> None:
    """The representation of a state holds no name."""
    assert ACCOUNT.display_name not in repr(view(snapshot()))
