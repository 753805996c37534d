"""Taking back, merging and calling back, one by one: what comes back, what does not, and until when."""

from dataclasses import replace
from typing import Any

import pytest
from msgspec.structs import replace as replace_struct
from sqlalchemy import Connection, select

from carena_protocol.actions import VisitAction
from carena_protocol.errors import ErrorCode, RefusalReason
from carena_protocol.rows import IdentityCheck, LeaveReason, Outcome, Presence, RedFlag, TriageForm, VisitState
from carena_server.store import arrivals, changes, retention, rows
from carena_server.store.audit_log import AuditLog
from carena_server.store.schema import undo
from carena_server.tokens import digest
from carena_server.visits import Arrival, Change, Changed, ChangeOutcome, Person, Refused, Visit
from tests.unit.server.builders import check_in

A = VisitAction
NOW = 1_800_000_000_000


class Desk:
    """Short ways to act on a store."""

    def __init__(self, connection: Connection, log: AuditLog) -> None:
        self._connection = connection
        self._log = log
        arrivals.create_link(
            connection, log, link="l", digest=digest("link-secret"), reusable=True, actor="u", at=NOW, expires_at=10**15
        )

    def arrive(self, visit: str, at: int = NOW, **more: Any) -> Visit:
        """A patient checks in."""
        assert arrivals.check_in(self._connection, self._log, replace(check_in(visit), **more), at)
        return self.row(visit)

    def do(self, action: VisitAction, visit: str, who: str = "u1", at: int = NOW, **more: Any) -> ChangeOutcome:
        """Somebody, who saw the row as it is, asks for something."""
        wish = Change(action=action, visit=visit, actor=who, version=self.row(visit).version, actor_name=who, **more)
        return changes.change(self._connection, self._log, wish, at)

    def row(self, visit: str) -> Visit:
        """Return a row."""
        found = rows.find_visit(self._connection, visit)
        assert found is not None
        return found


@pytest.fixture
def desk(connection: Connection, log: AuditLog) -> Desk:
    """Return a desk on an empty database."""
    return Desk(connection, log)


@pytest.mark.parametrize(("end", "closed"), [(A.FINISH, VisitState.FINISHED), (A.NO_SHOW, VisitState.NO_SHOW)])
def test_an_end_can_be_taken_back_while_the_site_keeps_the_text(
    desk: Desk, connection: Connection, end: VisitAction, closed: VisitState
) -> None:
    """The visit goes on with its text and owner; when the text is due it goes, and then it is too late."""
    desk.arrive("v")
    desk.arrive("w")
    for visit in ("v", "w"):
        if end is A.FINISH:
            assert isinstance(desk.do(A.ADMIT, visit), Changed)
        more: dict[str, Any] = {"outcome": Outcome.EMERGENCY} if end is A.FINISH else {}
        assert isinstance(desk.do(end, visit, keep_text_until=NOW + 20_000, **more), Changed)
        assert (desk.row(visit).state, desk.row(visit).name) == (closed, f"Patient {visit}")
    assert isinstance(desk.do(A.UNDO, "v", at=NOW + 10_000, grace_until=NOW + 99), Changed)
    back = desk.row("v")
    assert (back.name, back.closed_at, back.text_until) == ("Patient v", None, None)
    assert (back.state, back.clinician_id) == (
        (VisitState.IN_VISIT, "u1") if end is A.FINISH else (VisitState.ARRIVED, None)
    )
    assert retention.forget_due(connection, NOW + 20_000) == 1  # of w, not of v
    late = desk.do(A.UNDO, "w", at=NOW + 20_001)
    assert isinstance(late, Refused)
    assert (late.code, late.reason, late.visit) == (ErrorCode.GONE, RefusalReason.TOO_LATE, None)


def test_taking_back_is_for_the_maker_of_the_last_change_and_for_a_moment(desk: Desk) -> None:
    """Not for a colleague, not after another change, not after 30 seconds, and only once."""
    desk.arrive("v")
    assert isinstance(desk.do(A.CLAIM, "v"), Changed)
    for who, at, reason in (
        ("u2", NOW, RefusalReason.NOT_LAST_CHANGE),
        ("u1", NOW + 30_001, RefusalReason.TOO_LATE),
    ):
        refused = desk.do(A.UNDO, "v", who, at)
        assert isinstance(refused, Refused)
        assert refused.reason is reason
    assert isinstance(desk.do(A.UNDO, "v", at=NOW + 30_000), Changed)
    assert (desk.row("v").state, desk.row("v").clinician_id) == (VisitState.ARRIVED, None)
    again = desk.do(A.UNDO, "v")
    assert isinstance(again, Refused)
    assert again.reason is RefusalReason.NOT_LAST_CHANGE
    assert isinstance(desk.do(A.CLAIM, "v"), Changed)
    assert isinstance(desk.do(A.TRIAGE, "v", "u2", acuity=2), Changed)
    overtaken = desk.do(A.UNDO, "v", "u1")
    assert isinstance(overtaken, Refused)
    assert overtaken.reason is RefusalReason.NOT_LAST_CHANGE


def test_a_transfer_taken_back_is_as_before(desk: Desk) -> None:
    """A visit handed over by mistake is one's own visit again, with its times."""
    desk.arrive("v")
    desk.do(A.ADMIT, "v", at=NOW + 5)
    assert isinstance(desk.do(A.TRANSFER, "v", target=Person("u2", "Dr Two"), at=NOW + 9), Changed)
    given = desk.row("v")
    assert (given.state, given.clinician_id, given.returns_to) == (VisitState.CLAIMED, "u2", VisitState.READY)
    assert isinstance(desk.do(A.UNDO, "v", at=NOW + 10), Changed)
    back = desk.row("v")
    assert (back.state, back.clinician_id, back.admitted_at) == (VisitState.IN_VISIT, "u1", NOW + 5)


@pytest.mark.parametrize("again", [A.TRANSFER, A.HOLD, A.RETURN_TO_QUEUE])
def test_a_change_taken_back_takes_its_note_along(desk: Desk, connection: Connection, again: VisitAction) -> None:
    """The note of before stands again, one that was not replaced stays, and neither is kept beside the row."""
    desk.arrive("v")
    desk.do(A.TRANSFER, "v", room="main", note="Needs an interpreter")
    desk.do(A.ADMIT, "v")
    assert isinstance(desk.do(again, "v", note="A slip of the hand", room="main"), Changed)
    assert desk.row("v").note == "A slip of the hand"
    assert isinstance(desk.do(A.UNDO, "v"), Changed)
    assert desk.row("v").note == "Needs an interpreter"
    assert connection.execute(select(undo)).all() == []
    desk.do(again, "v", room="main")
    assert "interpreter" not in connection.execute(select(undo.c.before)).scalar_one()
    assert isinstance(desk.do(A.UNDO, "v"), Changed)
    assert desk.row("v").note == "Needs an interpreter"


def test_a_double_arrival_becomes_one_visit(desk: Desk, connection: Connection) -> None:
    """The one that goes on has the earlier place, the higher acuity and all red flags; the other page leads to it."""
    flags = {"arrival": Arrival(red_flags=(RedFlag.FAINTING,))}
    desk.arrive("first", NOW, **flags)
    desk.arrive("second", NOW + 60_000, arrival=Arrival(red_flags=(RedFlag.CHEST_PAIN,), location="Here"))
    desk.do(A.TRIAGE, "first", acuity=4)
    desk.do(A.TRIAGE, "second", acuity=2)
    seen = desk.row("first").version
    stale = desk.do(A.MERGE, "second", other="first", other_version=seen - 1)
    assert isinstance(stale, Refused)
    assert desk.row("first").state is VisitState.ARRIVED
    assert isinstance(desk.do(A.MERGE, "second", other="first", other_version=seen), Changed)
    kept, gone = desk.row("second"), desk.row("first")
    assert (kept.checked_in_at, kept.acuity) == (NOW, 2)
    assert kept.arrival == Arrival(red_flags=(RedFlag.CHEST_PAIN, RedFlag.FAINTING), location="Here")
    assert (gone.state, gone.left_reason, gone.name) == (VisitState.LEFT, LeaveReason.MERGED, None)
    page = arrivals.visit_of_session(connection, digest("session of first"), NOW)
    assert page is not None
    assert page.id == "second"
    assert isinstance(desk.do(A.RECALL, "first"), Refused)
    for other in ("second", "nobody", "first"):
        assert isinstance(desk.do(A.MERGE, "second", other=other, other_version=1), Refused)


def test_what_staff_found_of_the_other_arrival_is_not_lost(desk: Desk) -> None:
    """Triage, handover note and confirmed identity go over where this one has none; what this one has stays."""
    form, other_form = TriageForm(complaint="Wheeze", spo2=91), TriageForm(complaint="Cough")
    asked = Arrival(call_back="555-0100", location="There", interpreter=True, language="es", answers={"Card": "1"})
    check = IdentityCheck(name=True, at=NOW, by="u1")
    for visit, at in (("first", NOW), ("second", NOW + 1)):
        desk.arrive(visit, at, arrival=asked if visit == "first" else Arrival(location="Here"))
    desk.do(A.TRIAGE, "first", acuity=2, form=form, at=NOW + 10)
    desk.do(A.TRANSFER, "first", target=Person("u1", "u1"), note="Steroids given")
    desk.do(A.IDENTITY, "first", identity=check)
    seen = desk.row("first").version
    assert isinstance(desk.do(A.MERGE, "second", other="first", other_version=seen), Changed)
    kept = desk.row("second")
    assert (kept.triage, kept.triaged_at, kept.note, kept.identity) == (form, NOW + 10, "Steroids given", check)
    assert kept.arrival == replace_struct(asked, location="Here")
    desk.arrive("third", NOW + 2)
    desk.do(A.TRIAGE, "third", form=other_form)
    seen = desk.row("third").version
    assert isinstance(desk.do(A.MERGE, "second", other="third", other_version=seen), Changed)
    assert desk.row("second").triage == form


def test_a_claim_for_triage_ends_with_the_triage(desk: Desk) -> None:
    """The nurse's claim is given back when the patient is ready; a clinician's claim on the same patient stays."""
    for visit, owner in (("a", "nia"), ("b", "ann")):
        desk.arrive(visit)
        desk.do(A.MARK, visit, state=VisitState.NEEDS_TRIAGE)
        desk.do(A.ASSIGN, visit, target=Person(owner, owner))
        assert isinstance(desk.do(A.TRIAGE, visit, "nia", acuity=3, ready=True), Changed)
    assert (desk.row("a").state, desk.row("a").clinician_id) == (VisitState.READY, None)
    assert (desk.row("b").state, desk.row("b").clinician_id, desk.row("b").returns_to) == (
        VisitState.CLAIMED,
        "ann",
        VisitState.READY,
    )


def test_a_claimed_patient_who_stepped_out_is_still_claimed(desk: Desk, connection: Connection) -> None:
    """The claim waits with the place; nobody else can take the patient meanwhile, and nobody calls it a no-show."""
    desk.arrive("v")
    changes.set_presence(connection, "v", Presence.CONNECTED, None, NOW)
    desk.do(A.CLAIM, "v")
    assert isinstance(desk.do(A.STEP_OUT, "v", "v", until=NOW + 60_000), Changed)
    for action in (A.ADMIT, A.CLAIM, A.NO_SHOW, A.TRANSFER):
        assert isinstance(desk.do(action, "v", "u2", target=Person("u2", "u2")), Refused)
    assert isinstance(desk.do(A.RETURN, "v", "v"), Changed)
    assert (desk.row("v").state, desk.row("v").clinician_id) == (VisitState.CLAIMED, "u1")
