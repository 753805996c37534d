"""What surrounds the rows: estimates, the directory, who is on duty, what patients are told of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_protocol.messages import Role
from carena_protocol.news import QueueSnapshot
from carena_protocol.permissions import Permission
from carena_protocol.rows import AwayBy, Presence, Room, StaffPresence, VisitState
from carena_server.clock import SYSTEM_CLOCK
from carena_server.directory import Colleague, Directory, Emergency
from carena_server.estimates import Estimates
from carena_server.on_duty import OnDuty, at_work, best
from carena_server.presence import ClinicianAbsence, back_in_time, overdue
from carena_server.sessions import Hub
from carena_server.waiting_room import Outlook, WaitingRoom
from tests.unit.server.builders import Wire, page, row, staff

MINUTE = 60_000


def test_an_estimate_needs_visits_to_look_back_on() -> None:
    """With fewer than three visits, nobody serving or no place there is nothing to say."""
    few = Estimates({"main": [10 * MINUTE, 10 * MINUTE]})
    assert few.wait_s("main", 1, 1) is None
    few.finished("main", 10 * MINUTE)
    assert few.wait_s("main", 1, 1) == 600
    assert [few.wait_s("main", 1, 0), few.wait_s("main", 0, 1), few.wait_s("other", 1, 1)] == [None, None, None]


@given(st.lists(st.integers(0, 10**8), min_size=3, max_size=60), st.integers(1, 200), st.integers(1, 20))
def test_estimates_grow_with_the_line_and_shrink_with_the_staff(took: list[int], place: int, serving: int) -> None:
    """Whole steps of five minutes, never none; further back is never sooner, one more clinician never later."""
    made = Estimates({"r": took})
    here = made.wait_s("r", place, serving)
    assert here is not None
    assert here >= 300
    assert here % 300 == 0
    assert here <= (made.wait_s("r", place + 1, serving) or 0)
    assert here >= (made.wait_s("r", place, serving + 1) or 0)


def test_emergency_access_adds_reading_for_a_while_and_nothing_else() -> None:
    """Every room, until its end; verbs stay with the role and the rooms."""
    nurse = Colleague("n", "Nia", Role.NURSE, frozenset({"a"}))
    directory = Directory(1, {}, {"n": nurse, "x": Colleague("x", "Root", Role.ADMINISTRATOR)}, {})
    assert directory.rooms_of("n", 5, reading=True) == {"a"}
    assert not directory.may("x", Role.ADMINISTRATOR, Permission.SEE_QUEUE, 5)
    opened = Directory(2, {}, directory.staff, {who: Emergency("e", who, 0, 10) for who in ("n", "x")})
    assert opened.rooms_of("n", 9, reading=True) is None
    assert opened.rooms_of("n", 9, reading=False) == {"a"}
    assert opened.may("x", Role.ADMINISTRATOR, Permission.SEE_QUEUE, 9)
    assert not opened.may("x", Role.ADMINISTRATOR, Permission.SEE_QUEUE, 10)
    assert not opened.may("x", Role.ADMINISTRATOR, Permission.WAITING_CHAT, 9)
    assert directory.rooms_of("nobody", 5, reading=True) == frozenset()


def test_patients_are_given_to_people_who_are_there_for_them() -> None:
    """Neither an administrator, nor a disabled account, nor somebody unknown can be given a patient."""
    directory = Directory(
        1,
        {},
        {
            "c": Colleague("c", "Cal", Role.CLINICIAN),
            "d": Colleague("d", "Dis", Role.CLINICIAN, disabled=True),
            "x": Colleague("x", "Root", Role.ADMINISTRATOR),
        },
    )
    assert [directory.colleague(who) is not None for who in ("c", "d", "x", "y")] == [True, False, False, False]
    assert [c.id for c in directory.caring()] == ["c"]


class Stored:
    """A directory that says what it was made with."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory

    async def version(self) -> int:
        """Return the version."""
        return self.directory.version

    async def read(self, _at: int) -> Directory:
        """Return the directory."""
        return self.directory


async def test_who_is_on_duty() -> None:
    """Connected is available unless they say otherwise; what they said is gone with the session they said it in."""
    hub = Hub()
    people = {who: Colleague(who, who.title(), Role.CLINICIAN) for who in ("u1", "u2")}
    rooms = {"main": Room(id="main", name="Main")}
    duty = OnDuty(Stored(Directory(1, rooms, people)), hub, SYSTEM_CLOCK)  # type: ignore[arg-type]  # it only reads
    assert await duty.refresh()
    assert not await duty.refresh()
    now = SYSTEM_CLOCK.monotonic()
    attached = hub.attach(staff("u1"), None, Wire(), now=now, authorised_until=now + 60)
    running = row("v1", state=VisitState.IN_VISIT, clinician_id="u1", admitted_at=5)
    shown = {m.id: (m.presence, m.in_visit) for m in duty.members([running])}
    assert shown == {"u1": (StaffPresence.AVAILABLE, 1), "u2": (StaffPresence.OFFLINE, 0)}
    duty.choose(attached.session, StaffPresence.AWAY)
    assert duty.presence("u1") is StaffPresence.AWAY
    assert best(duty.serving()["main"]) is StaffPresence.AWAY
    assert at_work(duty.serving()["main"]) == 0  # an estimate counts on nobody who is away
    hub.end(attached.session, code=4501)  # type: ignore[arg-type]  # any code
    assert duty.presence("u1") is StaffPresence.OFFLINE
    assert best(duty.serving()["main"]) is None
    hub.attach(staff("u1", "another sign-in"), None, Wire(), now=now, authorised_until=now + 60)
    assert duty.presence("u1") is StaffPresence.AVAILABLE


def test_what_a_patient_is_told() -> None:
    """Place and number of the own room, in the order of the queue; name of the room, staff in a word, an estimate."""
    room = WaitingRoom("Clinic", kept_s=120)
    visits = [
        row("late", 3, acuity=2),
        row("first", 1),
        row("other", 2, room="r2"),
        row("out", 4, acuity=5, state=VisitState.STEPPED_AWAY, away_by=AwayBy.PATIENT, recalled_at=9),
        row("in", 0, state=VisitState.IN_VISIT, clinician_name="Dr Ann"),
    ]
    room.load(page(9, [], visits))
    outlook = Outlook({"main": "General"}, {"main": StaffPresence.BUSY}, lambda _room, place: 300 * place)
    told = {status.visit: status for status in room.statuses(outlook)}
    assert {v: (s.place, s.waiting) for v, s in told.items()} == {
        "late": (1, 3),
        "first": (2, 3),
        "out": (3, 3),
        "other": (1, 1),
        "in": (0, 0),
    }
    assert (told["first"].room, told["first"].staff, told["first"].estimate_s) == ("General", StaffPresence.BUSY, 600)
    assert told["out"].recalled
    assert (told["in"].clinician_name, told["in"].estimate_s) == ("Dr Ann", None)
    assert [told[visit].kept_s for visit in ("first", "out", "in")] == [120, 120, None]  # a visit has no such limit


def test_staff_see_only_the_rooms_they_serve_and_versions_without_gaps() -> None:
    """Of another room's row a delta says that it is not there; the numbers go on."""
    room = WaitingRoom("Clinic")
    room.load(page(0, [], []))
    room.apply(page(2, [(1, "a"), (2, "b")], [row("a", 1), row("b", 2, room="r2")]))
    deltas = room.deltas(0, frozenset({"main"}))
    assert deltas is not None
    assert [(d.queue_version, d.visit, bool(d.entry)) for d in deltas] == [(1, "a", True), (2, "b", False)]
    (snapshot,) = room.snapshot(frozenset({"r2"}))
    assert isinstance(snapshot, QueueSnapshot)
    assert [entry.visit for entry in snapshot.entries] == ["b"]


def test_a_second_arrival_is_pointed_out() -> None:
    """The later row of two with one name and birthday names the earlier one, until that is gone."""
    room = WaitingRoom("Clinic")
    one, two = row("a", 1, name="ALEX"), row("b", 2, name="alex")
    room.load(page(2, [], [one, two, row("c", 3, name="alex", birth_date="1990-01-01")]))
    assert [room.entry(v).possible_double for v in room.visits()] == [None, "a", None]
    room.apply(page(3, [(3, "a")], [row("a", 1, name=None, birth_date=None, state=VisitState.LEFT)]))
    assert [room.entry(v).possible_double for v in room.visits()] == [None, None]


def test_who_has_been_away_for_too_long() -> None:
    """The place is kept for the grace, and as long as a patient said; visits on hold lapse with their clinician."""
    gone: dict[str, Any] = {"presence": Presence.RECONNECTING, "grace_until": 10}
    out: dict[str, Any] = {"state": VisitState.STEPPED_AWAY, "away_by": AwayBy.PATIENT, "away_until": 50}
    visits = [
        row("w", **gone),
        row("out", **gone, **out),
        row("back", **out),
        row("held", **gone, state=VisitState.ON_HOLD, clinician_id="u1"),
        row("mine", state=VisitState.CLAIMED, clinician_id="u1"),
    ]
    assert overdue(visits, 9) == []
    assert overdue(visits, 10) == ["w"]
    assert overdue(visits, 50) == ["w", "out"]
    assert back_in_time(visits, 49) == []
    assert back_in_time(visits, 50) == ["back"]
    absence = ClinicianAbsence(300)
    assert absence.due(visits, lambda _: False, 0) == []
    assert [v.id for v in absence.due(visits, lambda _: False, 300)] == ["held"]


@pytest.mark.parametrize("presences", [[], [StaffPresence.OFFLINE]])
def test_nobody_there_is_said_as_such(presences: list[StaffPresence]) -> None:
    """There is no word for a room without staff but none."""
    assert best(presences) is None
