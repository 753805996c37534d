"""Any order of verbs by anybody: one visit per patient, one place per patient, nobody lost, everything written down."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Connection, func, select

from carena_protocol import limits
from carena_protocol.actions import VisitAction
from carena_protocol.messages import Role
from carena_protocol.permissions import OWN_VISIT, may
from carena_protocol.rows import AwayBy, IdentityCheck, Presence, Readiness, TriageForm, VisitState
from carena_protocol.visit import CLOSED_STATES, OPEN_STATES, STAFF_STATES, TRANSITIONS, WAITING_STATES, queue_order
from carena_server.audit import Sound
from carena_server.store import arrivals, changes, queue, retention, rooms, rows
from carena_server.store.audit_log import AuditLog
from carena_server.store.database import make_engine
from carena_server.store.migrate import upgrade
from carena_server.store.schema import PATIENT_TEXT, audit, queue_event, visit
from carena_server.tokens import digest
from carena_server.visits import Amendment, Change, Changed, Person, Refused, Visit
from carena_server.waiting_room import WaitingRoom
from tests.unit.server.builders import check_in

GRACE = 120_000
STAFF: dict[str, tuple[Role, frozenset[str] | None]] = {
    "ann": (Role.CLINICIAN, None),
    "bob": (Role.CLINICIAN, frozenset({"main"})),
    "nia": (Role.NURSE, None),
    "root": (Role.ADMINISTRATOR, None),
}
BY_ITSELF = (VisitAction.TIME_OUT, VisitAction.LAPSE, VisitAction.RETURN)
ASKED = [
    action
    for action in VisitAction
    if action
    not in {VisitAction.TIME_OUT, VisitAction.LAPSE, VisitAction.MERGED, VisitAction.AMEND, VisitAction.PREPARE}
]
CLOSERS = {
    VisitAction.FINISH: VisitState.FINISHED,
    VisitAction.LEAVE: VisitState.LEFT,
    VisitAction.TIME_OUT: VisitState.LEFT,
    VisitAction.NO_SHOW: VisitState.NO_SHOW,
    VisitAction.MERGE: VisitState.LEFT,
}
_TEMPLATE = Path(tempfile.mkdtemp(prefix="carena-verbs-")) / "carena.db"


def _role(who: str) -> Role:
    return Role.PATIENT if who == "patient" else STAFF[who][0]


class Verbs(RuleBasedStateMachine):
    """Two rooms, four of the staff, any number of patients with a link each."""

    @initialize(keep_text=st.booleans())
    def open(self, keep_text: bool) -> None:
        """Begin with empty rooms; the site keeps text for a moment, or not."""
        self.engine = make_engine(_template())
        self.connection: Connection = self.engine.connect()
        self.connection.begin()
        self.log = AuditLog(b"k" * 32)
        self.now = 1_800_000_000_000
        rooms.add(self.connection, self.log, new="other", name="Other", actor="root", at=self.now)
        self.keep_text = keep_text
        self.visits: list[str] = []
        self.link_of: dict[str, str] = {}
        self.links = 0
        self.keys = 0
        self.expected: list[str] = []
        """Every entry that has to be in the audit log, in order."""
        self.events = 0
        self.done: dict[tuple[str, str], tuple[Change, int]] = {}
        self.before_last: dict[str, Visit] = {}
        self.mirror = WaitingRoom("Clinic")

    def teardown(self) -> None:
        """Check what is too slow for each step, then undo everything."""
        if hasattr(self, "connection"):
            assert isinstance(self.log.verify(self.connection, []), Sound)
            self.connection.rollback()
            self.connection.close()
            self.engine.dispose()

    @rule(room=st.sampled_from(["main", "other"]), connected=st.booleans())
    def arrive(self, room: str, connected: bool) -> None:
        """A patient opens a link of their own and checks in."""
        self.links += 1
        link = f"link{self.links}"
        assert arrivals.create_link(
            self.connection,
            self.log,
            link=link,
            digest=digest(link),
            reusable=False,
            actor="ann",
            at=self.now,
            expires_at=10**15,
            room_id=room,
        )
        came = self._check_in(link, None)
        if connected:
            changes.set_presence(self.connection, came.id, Presence.CONNECTED, None, self.now)
            self.events += 1

    @rule(data=st.data())
    def come_back(self, data: st.DataObject) -> None:
        """A patient opens the same link again: refused while a visit is open or done, else the old place."""
        if not self.visits:
            return
        before = self._row(data.draw(st.sampled_from(self.visits)))
        link = self.link_of[before.id]
        mine = [self._row(v) for v, own in self.link_of.items() if own == link]
        found = arrivals.find_link(self.connection, digest(link), None, self.now)
        if any(row.state in OPEN_STATES for row in mine):
            assert found is None
        if found is not None:
            assert found.returns is not None
            place = self._row(found.returns)
            assert place.state in CLOSED_STATES
            came = self._check_in(link, found.returns)
            assert (came.state, came.checked_in_at, came.room, came.acuity) == (
                VisitState.RETURNED,
                place.checked_in_at,
                place.room,
                place.acuity,
            )

    @rule(data=st.data(), chances=st.lists(st.integers(0, 9), min_size=5, max_size=10))
    def work(self, data: st.DataObject, chances: list[int]) -> None:
        """A busy minute: several things are asked for, a second apart."""
        if not self.visits:
            self.arrive("main", connected=True)
        for chance in chances:
            self._ask(data, chance)
            self.now += 1000
            retention.forget_due(self.connection, self.now)

    def _ask(self, data: st.DataObject, chance: int) -> None:
        """Somebody asks for something: mostly what the screen offers, now and then anything, or on an old row."""
        sensible, stale = chance > 1, chance == 0
        here = [v for v in self.visits if self._row(v).state in OPEN_STATES][-4:]
        row = self._row(data.draw(st.sampled_from(here if here and sensible else self.visits[-6:])))
        offered = [action for action in ASKED if (row.state, action) in TRANSITIONS] if sensible else ASKED
        action = data.draw(st.sampled_from(offered))
        people = [who for who in ("patient", *STAFF) if may(_role(who), action)]
        if sensible and row.clinician_id in people:
            people = [str(row.clinician_id)]
        who = data.draw(st.sampled_from(people))
        role, serves = _role(who), None if who == "patient" else STAFF[who][1]
        other = self._row(data.draw(st.sampled_from(self.visits)))
        self.keys += 1
        wish = Change(
            action=action,
            visit=row.id,
            actor=row.id if who == "patient" else who,
            key=f"k{self.keys}",
            version=None if who == "patient" else row.version - (1 if stale else 0),
            actor_name=who,
            grace_until=self.now + GRACE,
            rooms=serves,
            keep_text_until=self.now + 60_000 if self.keep_text and who != "patient" else None,
            **self._particulars(data, action, other),
        )
        outcome = self._change(wish, row)
        if isinstance(outcome, Changed):
            self._judge(wish, row, role, serves, other)

    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        """A command whose reply got lost is sent again and changes nothing."""
        if not self.done:
            return
        wish, version = self.done[data.draw(st.sampled_from(sorted(self.done)))]
        assert changes.change(self.connection, self.log, wish, self.now) == Changed(version)

    @rule(data=st.data(), connected=st.booleans())
    def come_or_go(self, data: st.DataObject, connected: bool) -> None:
        """A page connects or drops."""
        if not self.visits:
            return
        row = self._row(data.draw(st.sampled_from(self.visits)))
        presence = Presence.CONNECTED if connected else Presence.RECONNECTING
        grace = None if connected else self.now + GRACE
        if changes.set_presence(self.connection, row.id, presence, grace, self.now):
            self.events += 1
        assert self._row(row.id).version == row.version

    @rule(data=st.data(), triages=st.booleans())
    def report(self, data: st.DataObject, triages: bool) -> None:
        """A page reports its device test, and corrects what it said."""
        if not self.visits:
            return
        row = self._row(data.draw(st.sampled_from(self.visits)))
        wish = Change(
            action=VisitAction.PREPARE,
            visit=row.id,
            actor=row.id,
            readiness=Readiness(at=self.now),
            room_triages=triages,
        )
        outcome = changes.prepare(self.connection, self.log, wish, self.now)
        after = self._row(row.id)
        assert isinstance(outcome, Changed) == (row.state in OPEN_STATES)
        if row.state is VisitState.ARRIVED:
            assert after.state is (VisitState.NEEDS_TRIAGE if triages and not row.triaged_at else VisitState.READY)
            self.expected.append("visit.prepare")
        else:
            assert (after.state, after.version) == (row.state, row.version)
        self.events += isinstance(outcome, Changed)
        if changes.amend(self.connection, self.log, row.id, Amendment(location="Here"), self.now):
            self.expected.append("visit.amend")
            self.events += 1
            assert self._row(row.id).arrival is not None

    @rule(seconds=st.sampled_from([1, 1, 1, 5, 20, 40, 130, 400, 3600]))
    def wait(self, seconds: int) -> None:
        """Time passes, and the server does what is due by itself."""
        self.now += seconds * 1000
        retention.forget_due(self.connection, self.now)
        for visit_id in self.visits:
            for action in BY_ITSELF:
                row = self._row(visit_id)
                wish = Change(
                    action=action, visit=visit_id, actor="server", version=row.version, grace_until=self.now + GRACE
                )
                due = {
                    VisitAction.TIME_OUT: True,
                    VisitAction.LAPSE: seconds > 3000,
                    VisitAction.RETURN: row.presence is Presence.CONNECTED
                    and row.away_by is AwayBy.PATIENT
                    and (row.away_until or 0) <= self.now,
                }[action]
                if due and row.state in OPEN_STATES:
                    outcome = self._change(wish, row)
                    if isinstance(outcome, Changed) and action is VisitAction.TIME_OUT:
                        assert row.presence is Presence.RECONNECTING
                        assert row.grace_until is not None
                        assert row.grace_until <= self.now
                        assert row.state in WAITING_STATES or (row.away_until or 0) <= self.now

    @invariant()
    def the_rows_make_sense(self) -> None:
        """An owner where there must be one and none elsewhere; no text in what is closed; one open visit per link."""
        if not hasattr(self, "connection"):
            return
        open_links: list[str] = []
        for visit_id in self.visits:
            row = self._row(visit_id)
            owned = row.state is VisitState.CLAIMED or (row.state in STAFF_STATES and row.away_by is not AwayBy.PATIENT)
            if owned:
                assert row.clinician_id in STAFF
            elif row.state in WAITING_STATES:
                assert row.clinician_id is None
            assert (row.state is VisitState.STEPPED_AWAY) == (row.away_by is not None) or row.state in CLOSED_STATES
            if row.state in OPEN_STATES:
                open_links.append(self.link_of[visit_id])
                assert row.name is not None
            elif row.text_until is None:
                texts = self.connection.execute(
                    select(*(visit.c[name] for name in PATIENT_TEXT)).where(visit.c.id == visit_id)
                ).one()
                assert set(texts) == {None}
            else:
                assert row.text_until > self.now
                assert self.keep_text
        assert len(open_links) == len(set(open_links))

    @invariant()
    def everyone_waiting_has_one_place(self) -> None:
        """The live queue shows each open visit once, and each waiting patient one place, in the order of the queue."""
        if not hasattr(self, "connection"):
            return
        self.mirror.apply(queue.queue_since(self.connection, self.mirror.version))
        still = [self._row(v) for v in self.visits if self._row(v).state in OPEN_STATES]
        assert sorted(v.id for v in self.mirror.visits()) == sorted(v.id for v in still)
        for room in ("main", "other"):
            line = [
                row
                for row in still
                if row.room == room and (row.state in WAITING_STATES or row.away_by is AwayBy.PATIENT)
            ]
            line.sort(key=lambda row: (*queue_order(row.acuity, row.checked_in_at), row.id))
            mine = {row.id for row in line}
            places = {s.visit: s.place for s in self.mirror.statuses() if s.place and s.visit in mine}
            assert places == {row.id: place for place, row in enumerate(line, 1)}

    @invariant()
    def everything_is_written_down(self) -> None:
        """One entry and one gapless event for each change, and none for what was refused."""
        if not hasattr(self, "connection"):
            return
        entries = self.connection.execute(
            select(audit.c.action).where(audit.c.action.startswith("visit.")).order_by(audit.c.seq)
        ).scalars()
        assert list(entries) == self.expected
        newest = self.connection.execute(select(func.max(queue_event.c.version))).scalar() or 0
        total = self.connection.execute(select(func.count()).select_from(queue_event)).scalar_one()
        assert newest == total == self.events

    def _judge(self, wish: Change, row: Visit, role: Role, serves: frozenset[str] | None, other: Visit) -> None:
        """It was allowed: by the table, the owner, the room and the version."""
        after = self._row(row.id)
        action = wish.action
        assert after.state in TRANSITIONS[row.state, action]
        assert wish.version in {None, row.version}
        assert serves is None or row.room in serves
        if action in OWN_VISIT:
            assert row.clinician_id == wish.actor
        if action is VisitAction.ADMIT:
            assert row.state is not VisitState.CLAIMED or row.clinician_id == wish.actor
            assert after.clinician_id == wish.actor
        if action is VisitAction.NO_SHOW:
            assert row.presence is Presence.RECONNECTING
        if action is VisitAction.MERGE:
            gone = self._row(other.id)
            assert gone.state is VisitState.LEFT
            assert after.checked_in_at == min(row.checked_in_at, other.checked_in_at)
            for found in ("triage", "note", "identity", "triaged_at"):
                assert getattr(after, found) or not (getattr(row, found) or getattr(other, found)), found
        if action is VisitAction.UNDO:
            self._judge_undo(row, after)
        elif action not in {VisitAction.MERGE, VisitAction.RECALL}:
            self.before_last[row.id] = row
        if after.state in CLOSED_STATES and row.state not in CLOSED_STATES:
            assert CLOSERS[action] is after.state
        assert role in {Role.CLINICIAN, Role.NURSE, Role.PATIENT}

    def _judge_undo(self, row: Visit, after: Visit) -> None:
        before = self.before_last[row.id]
        facts = ("state", "clinician_id", "room", "acuity", "returns_to", "admitted_at", "triaged_at", "checked_in_at")
        assert [getattr(after, name) for name in facts] == [getattr(before, name) for name in facts]

    def _particulars(  # noqa: PLR0911 - one way per verb
        self, data: st.DataObject, action: VisitAction, other: Visit
    ) -> dict[str, Any]:
        minutes = self.now + data.draw(st.integers(1, 10)) * 60_000
        room = data.draw(st.sampled_from(["main", "other"]))
        colleague = Person(data.draw(st.sampled_from(["ann", "bob", "nia"])), "Colleague")
        match action:
            case VisitAction.ASSIGN:
                return {"target": colleague}
            case VisitAction.TRANSFER if data.draw(st.booleans()):
                return {"target": colleague, "note": "a note"}
            case VisitAction.TRANSFER:
                return {"room": room, "room_triages": data.draw(st.booleans())}
            case VisitAction.MARK:
                return {"state": data.draw(st.sampled_from([VisitState.NEEDS_TRIAGE, VisitState.READY]))}
            case VisitAction.STEP_AWAY | VisitAction.STEP_OUT:
                return {"until": minutes}
            case VisitAction.HOLD:
                return {"note": "a note"}
            case VisitAction.TRIAGE:
                acuity = data.draw(st.none() | st.integers(1, 5))
                return {"acuity": acuity, "form": TriageForm(pain=3), "ready": data.draw(st.booleans())}
            case VisitAction.MERGE:
                return {"other": other.id, "other_version": other.version}
            case VisitAction.IDENTITY:
                return {"identity": IdentityCheck(name=True, at=self.now, by="ann")}
            case _:
                return {}

    def _change(self, wish: Change, row: Visit) -> Changed | Refused:
        outcome = changes.change(self.connection, self.log, wish, self.now)
        after = self._row(row.id)
        if isinstance(outcome, Refused):
            assert after == row
            return outcome
        assert outcome.version == after.version == row.version + 1
        if wish.action is VisitAction.MERGE:
            self.expected.append("visit.merged")
            self.events += 1
        self.expected.append(f"visit.{wish.action.value}")
        self.events += 1
        if wish.actor == "server":
            self.before_last.pop(row.id, None)
        if wish.key is not None:
            self.done[wish.actor, wish.key] = (wish, outcome.version)
        return outcome

    def _check_in(self, link: str, returns: str | None) -> Visit:
        visit_id = f"v{len(self.visits)}"
        arrival = replace(check_in(visit_id, link, grace_until=self.now + GRACE), returns=returns)
        assert arrivals.check_in(self.connection, self.log, arrival, self.now)
        self.visits.append(visit_id)
        self.link_of[visit_id] = link
        self.expected.append("visit.check_in")
        self.events += 1
        return self._row(visit_id)

    def _row(self, visit_id: str) -> Visit:
        row = rows.find_visit(self.connection, visit_id)
        assert row is not None
        return row


def _template() -> Path:
    if not _TEMPLATE.exists():
        made = _TEMPLATE.with_suffix(".new")
        engine = make_engine(made)
        upgrade(engine)
        engine.dispose()
        shutil.move(made, _TEMPLATE)
    return _TEMPLATE


assert limits.UNDO_S < 400  # time passes far enough in one step for an undo to come too late
Verbs.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


@pytest.mark.timeout(180)
class TestVerbs(Verbs.TestCase):  # type: ignore[misc, valid-type]  # made by hypothesis
    """Whatever staff, patients and time do: nobody is lost, nobody is taken twice, and the log tells it."""

    @classmethod
    def tearDownClass(cls) -> None:
        """Remove the database."""
        shutil.rmtree(_TEMPLATE.parent, ignore_errors=True)
        super().tearDownClass()
