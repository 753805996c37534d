"""The queue in SQL against a model of it in memory, under every order of events that hypothesis can think of."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Connection, select

from carena_protocol.errors import ErrorCode
from carena_protocol.messages import LeaveReason, Presence, QueueDelta, QueueEntry, QueueSnapshot, VisitState
from carena_protocol.visit import OPEN_STATES, WAITING_STATES, VisitAction
from carena_server.audit import Sound
from carena_server.repository import Change, Changed, ChangeOutcome, Refused
from carena_server.store import arrivals, changes, queue, rows
from carena_server.store.audit_log import AuditLog
from carena_server.store.database import make_engine
from carena_server.store.migrate import upgrade
from carena_server.store.schema import queue_event
from carena_server.tokens import digest
from carena_server.waiting_room import WaitingRoom
from tests.unit.server.builders import check_in

GRACE = 120_000
_TEMPLATE = Path(tempfile.mkdtemp(prefix="carena-model-")) / "carena.db"


@dataclass
class Expected:
    """A visit as the model has it."""

    state: VisitState = VisitState.ARRIVED
    version: int = 1
    presence: Presence = Presence.RECONNECTING
    grace_until: int | None = None
    clinician: str | None = None
    left: LeaveReason | None = None


class Queue(RuleBasedStateMachine):
    """Check-ins, clinicians, dropping and returning patients, time, and repeated commands."""

    arrived = Bundle("arrived")

    @initialize()
    def open(self) -> None:
        """Begin with an empty queue and a reusable link, inside a transaction that is never committed."""
        self.engine = make_engine(_template())
        self.connection: Connection = self.engine.connect()
        self.connection.begin()
        self.log = AuditLog(b"k" * 32)
        self.now = 1_800_000_000_000
        self.model: dict[str, Expected] = {}
        self.done: dict[tuple[str, str], tuple[str, VisitAction, int]] = {}
        self.version = 0
        self.keys = 0
        self.room = WaitingRoom("Clinic")
        self.staff: dict[str, QueueEntry] = {}
        self.staff_version = 0
        arrivals.create_link(
            self.connection,
            self.log,
            link="link",
            digest=digest("link-secret"),
            reusable=True,
            actor="u1",
            at=self.now,
            expires_at=10**15,
        )

    def teardown(self) -> None:
        """Undo everything."""
        if hasattr(self, "connection"):
            self.connection.rollback()
            self.connection.close()
            self.engine.dispose()

    @rule(target=arrived)
    def arrive(self) -> str:
        """A patient checks in."""
        visit = f"v{len(self.model)}"
        assert arrivals.check_in(self.connection, self.log, check_in(visit, grace_until=self.now + GRACE), self.now)
        self.model[visit] = Expected(grace_until=self.now + GRACE)
        self.version += 1
        return visit

    @rule(visit=arrived, clinician=st.sampled_from(["u1", "u2", "u3"]), stale=st.booleans())
    def admit(self, visit: str, clinician: str, stale: bool) -> None:
        """A clinician takes a patient, having seen the row as it is or as it was."""
        row = self.model[visit]
        outcome = self._ask(VisitAction.ADMIT, visit, clinician, row.version - (1 if stale else 0))
        if row.state in WAITING_STATES and not stale:
            self._changed(row, outcome, VisitState.IN_VISIT)
            row.clinician = clinician
        else:
            assert isinstance(outcome, Refused)
            wanted = ErrorCode.ALREADY_ADMITTED if row.state is VisitState.IN_VISIT else ErrorCode.CONFLICT
            assert outcome.code is wanted

    @rule(visit=arrived, clinician=st.sampled_from(["u1", "u2", "u3"]))
    def finish(self, visit: str, clinician: str) -> None:
        """Somebody finishes a visit; only its own clinician can."""
        row = self.model[visit]
        outcome = self._ask(VisitAction.FINISH, visit, clinician, row.version)
        if row.state is VisitState.IN_VISIT and row.clinician == clinician:
            self._changed(row, outcome, VisitState.FINISHED)
        else:
            assert isinstance(outcome, Refused)
            forbidden = row.state is VisitState.IN_VISIT
            assert outcome.code is (ErrorCode.FORBIDDEN if forbidden else ErrorCode.CONFLICT)

    @rule(visit=arrived)
    def leave(self, visit: str) -> None:
        """The patient gives up."""
        row = self.model[visit]
        outcome = self._ask(VisitAction.LEAVE, visit, visit, None)
        if row.state in OPEN_STATES:
            self._changed(row, outcome, VisitState.LEFT)
            row.left = LeaveReason.PATIENT
        else:
            assert isinstance(outcome, Refused)

    @rule(visit=arrived)
    def time_out(self, visit: str) -> None:
        """The server looks whether the grace is over."""
        row = self.model[visit]
        outcome = self._ask(VisitAction.TIME_OUT, visit, "server", None)
        over = row.grace_until is not None and row.grace_until <= self.now
        if row.state in WAITING_STATES and row.presence is Presence.RECONNECTING and over:
            self._changed(row, outcome, VisitState.LEFT)
            row.left = LeaveReason.TIMEOUT
        else:
            assert isinstance(outcome, Refused)

    @rule(visit=arrived)
    def release(self, visit: str) -> None:
        """The clinician has been gone for too long."""
        row = self.model[visit]
        wish = Change(
            action=VisitAction.LAPSE, visit=visit, actor="server", version=row.version, grace_until=self.now + GRACE
        )
        outcome = changes.change(self.connection, self.log, wish, self.now)
        if row.state is VisitState.IN_VISIT:
            self._changed(row, outcome, VisitState.RETURNED)
            row.clinician, row.grace_until = None, self.now + GRACE
        else:
            assert isinstance(outcome, Refused)

    @rule(visit=arrived, connected=st.booleans())
    def come_or_go(self, visit: str, connected: bool) -> None:
        """The patient's page connects or drops."""
        row = self.model[visit]
        presence = Presence.CONNECTED if connected else Presence.RECONNECTING
        grace = None if connected else self.now + GRACE
        changed = changes.set_presence(self.connection, visit, presence, grace, self.now)
        assert changed is (row.state in OPEN_STATES and row.presence is not presence)
        if changed:
            row.presence, row.grace_until = presence, grace
            self.version += 1

    @rule(seconds=st.integers(1, 200))
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.now += seconds * 1000

    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        """A command whose reply got lost is sent again, and changes nothing."""
        if not self.done:
            return
        (actor, key), (visit, action, version) = data.draw(st.sampled_from(sorted(self.done.items())))
        wish = Change(action=action, visit=visit, actor=actor, key=key, version=1)
        assert changes.change(self.connection, self.log, wish, self.now) == Changed(version)

    @rule(since=st.integers(0, 30))
    def staff_reconnects(self, since: int) -> None:
        """A desktop comes back with what it has, or with nothing, and sees the truth."""
        self._sync()
        if since % 3 == 0:
            self.staff, self.staff_version = {}, 0
            for message in self.room.snapshot():
                self._receive(message)

    @invariant()
    def the_rows_are_the_models(self) -> None:
        """Every row is what the model says, and closed rows hold no patient text."""
        for visit, expected in self.model.items():
            row = rows.find_visit(self.connection, visit)
            assert row is not None
            assert (row.state, row.version, row.presence) == (expected.state, expected.version, expected.presence)
            assert (row.clinician_id, row.left_reason) == (expected.clinician, expected.left)
            texts = {row.name, row.birth_date, row.reason}
            assert (texts == {None}) if row.state not in OPEN_STATES else (None not in texts)

    @invariant()
    def the_events_are_gapless(self) -> None:
        """Each change has its event, numbered without gaps."""
        if not hasattr(self, "connection"):
            return
        versions = (
            self.connection.execute(select(queue_event.c.version).order_by(queue_event.c.version)).scalars().all()
        )
        assert list(versions) == list(range(1, self.version + 1))

    @invariant()
    def everyone_sees_the_truth(self) -> None:
        """The mirror and a desktop fed with its deltas both show exactly the open rows, in order of arrival."""
        if not hasattr(self, "connection"):
            return
        self._sync()
        order = [visit for visit, row in self.model.items() if row.state in OPEN_STATES]
        assert [visit.id for visit in self.room.visits()] == order
        assert sorted(self.staff) == sorted(order)
        assert {v: self.staff[v].version for v in order} == {v: self.model[v].version for v in order}
        waiting = [v for v in order if self.model[v].state in WAITING_STATES]
        places = {status.visit: status.place for status in self.room.statuses() if status.place}
        assert places == {visit: place for place, visit in enumerate(waiting, 1)}

    @invariant()
    def the_audit_log_is_sound(self) -> None:
        """Nothing that happens breaks the chain."""
        if hasattr(self, "connection"):
            assert isinstance(self.log.verify(self.connection, []), Sound)

    def _ask(self, action: VisitAction, visit: str, actor: str, version: int | None) -> ChangeOutcome:
        self.keys += 1
        key = f"k{self.keys}"
        wish = Change(action=action, visit=visit, actor=actor, key=key, version=version, actor_name=actor)
        outcome = changes.change(self.connection, self.log, wish, self.now)
        if isinstance(outcome, Changed):
            self.done[actor, key] = (visit, action, outcome.version)
        return outcome

    def _changed(self, row: Expected, outcome: ChangeOutcome, state: VisitState) -> None:
        row.version += 1
        row.state = state
        self.version += 1
        assert outcome == Changed(row.version)

    def _sync(self) -> None:
        self.room.apply(queue.queue_since(self.connection, self.room.version))
        deltas = self.room.deltas(self.staff_version)
        assert deltas is not None
        for delta in deltas:
            self._receive(delta)

    def _receive(self, message: object) -> None:
        match message:
            case QueueSnapshot():
                self.staff = {entry.visit: entry for entry in message.entries}
                self.staff_version = message.queue_version
            case QueueDelta():
                assert message.queue_version == self.staff_version + 1
                self.staff_version = message.queue_version
                if isinstance(message.entry, QueueEntry):
                    self.staff[message.visit] = message.entry
                else:
                    self.staff.pop(message.visit, None)


def _template() -> Path:
    if not _TEMPLATE.exists():
        made = _TEMPLATE.with_suffix(".new")
        engine = make_engine(made)
        upgrade(engine)
        engine.dispose()
        shutil.move(made, _TEMPLATE)
    return _TEMPLATE


Queue.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


class TestQueue(Queue.TestCase):  # type: ignore[misc, valid-type]  # made by hypothesis
    """Any order of events leaves rows, events, views and audit log in agreement."""

    @classmethod
    def tearDownClass(cls) -> None:
        """Remove the database."""
        shutil.rmtree(_TEMPLATE.parent, ignore_errors=True)
        super().tearDownClass()
