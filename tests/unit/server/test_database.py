"""One writer: groups commit together, failures stay alone, races have one winner, migrations start from nothing."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, select, text

from carena_protocol.actions import VisitAction
from carena_protocol.errors import ErrorCode
from carena_protocol.rows import TriageForm, VisitState
from carena_server.repository import Change, Changed, Refused
from carena_server.store import arrivals, migrate
from carena_server.store.audit_log import AuditLog
from carena_server.store.database import Database, make_engine
from carena_server.store.migrate import SchemaTooNewError, upgrade
from carena_server.store.schema import METADATA, PATIENT_TEXT, clinic, queue_event
from carena_server.store.sql import SqlArrivals, SqlUpkeep, SqlVisits
from carena_server.tokens import digest
from carena_server.visits import Arrival, Person
from tests.unit.server.builders import check_in


@pytest_asyncio.fixture
async def database(engine: Engine) -> AsyncIterator[Database]:
    """Return a running database."""
    made = Database(engine)
    yield made
    await asyncio.to_thread(made.close)


def count(connection: Connection) -> int:
    """Return the queue version, used as a counter."""
    return int(connection.execute(select(clinic.c.queue_version)).scalar_one())


def bump(connection: Connection) -> int:
    """Add one to the counter and return it."""
    statement = "UPDATE clinic SET queue_version = queue_version + 1 RETURNING queue_version"
    return int(connection.execute(text(statement)).scalar_one())


async def a_link(reception: SqlArrivals) -> None:
    """Make the link that ``check_in`` uses."""
    await reception.create_link(
        "l", digest("link-secret"), reusable=True, room="main", actor="u", at=0, expires_at=10**15
    )


async def test_a_result_is_on_disk_when_it_is_handed_out(database: Database, engine: Engine) -> None:
    """Another connection, and another process, see it at once."""
    assert await database.write(bump) == 1
    with sqlite3.connect(str(engine.url.database)) as other:
        assert other.execute("SELECT queue_version FROM clinic").fetchone() == (1,)
    other.close()
    assert await database.read(count) == 1


async def test_one_failure_in_a_group_undoes_only_itself(database: Database) -> None:
    """Of jobs that share a commit, those that fail leave nothing behind and the others stay."""
    gate = threading.Event()

    def hold(_connection: Connection) -> None:
        gate.wait(10)

    def fail(connection: Connection) -> int:
        bump(connection)
        raise LookupError("on purpose")

    async with asyncio.TaskGroup() as group:
        group.create_task(database.write(hold))
        jobs = [
            group.create_task(asyncio.wait_for(_outcome(database, fail if n % 3 == 0 else bump), 10)) for n in range(30)
        ]
        await asyncio.sleep(0)
        gate.set()
    outcomes = [job.result() for job in jobs]
    assert outcomes.count("failed") == 10
    assert await database.read(count) == 20


async def _outcome(database: Database, job: object) -> str:
    try:
        await database.write(job)  # type: ignore[arg-type]  # one of the two jobs above
    except LookupError:
        return "failed"
    return "done"


async def test_a_reader_never_waits_for_the_writer(database: Database) -> None:
    """While a write is under way a read answers with the state before it."""
    gate, inside = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        bump(connection)
        inside.set()
        gate.wait(10)

    async with asyncio.TaskGroup() as group:
        group.create_task(database.write(slow))
        await asyncio.to_thread(inside.wait, 10)
        assert await asyncio.wait_for(database.read(count), 5) == 0
        gate.set()
    assert await database.read(count) == 1


async def test_closing_finishes_accepted_work_and_refuses_more(engine: Engine) -> None:
    """What was accepted is written; later writes are refused."""
    database = Database(engine)
    task = asyncio.get_running_loop().create_task(database.write(bump))
    await asyncio.sleep(0)
    await asyncio.to_thread(database.close)
    assert await task == 1
    with pytest.raises(RuntimeError):
        await database.write(bump)


async def test_of_many_clinicians_exactly_one_admits_each_patient(database: Database, log: AuditLog) -> None:
    """Eight clinicians race for each of 100 patients, all at once: one winner each, seven told who won."""
    store, reception = SqlVisits(database, log), SqlArrivals(database, log)
    await reception.create_link(
        "l", digest("link-secret"), reusable=True, room="main", actor="u", at=0, expires_at=10**15
    )
    for n in range(100):
        assert await reception.check_in(check_in(f"v{n}"), n)

    async def admit(visit: str, clinician: str) -> Changed | Refused:
        wish = Change(VisitAction.ADMIT, visit, clinician, key=f"k-{visit}", version=1, actor_name=f"Dr {clinician}")
        return await store.change(wish, 1000)

    async with asyncio.TaskGroup() as group:
        tasks = {(f"v{n}", f"u{c}"): group.create_task(admit(f"v{n}", f"u{c}")) for n in range(100) for c in range(8)}
    for n in range(100):
        outcomes = {c: tasks[f"v{n}", f"u{c}"].result() for c in range(8)}
        winners = [c for c, outcome in outcomes.items() if isinstance(outcome, Changed)]
        assert len(winners) == 1
        for outcome in outcomes.values():
            if isinstance(outcome, Refused):
                assert outcome.visit is not None
                assert outcome.visit.clinician_id == f"u{winners[0]}"
    page = await store.queue_since(0)
    assert [event.version for event in page.events] == list(range(1, 201))


async def test_two_processes_race_fairly(engine: Engine, log: AuditLog) -> None:
    """Two writers on one file, as server and command line are: every change has one winner and its own event."""
    path = Path(str(engine.url.database))
    with engine.begin() as connection:
        arrivals.create_link(
            connection, log, link="l", digest=digest("link-secret"), reusable=True, actor="u", at=0, expires_at=10**15
        )
        for n in range(60):
            arrivals.check_in(connection, log, check_in(f"v{n}"), n)
    databases = [Database(make_engine(path)) for _ in range(2)]

    async def all_of(which: int) -> int:
        store = SqlVisits(databases[which], log)
        won = 0
        for n in range(60):
            wish = Change(VisitAction.ADMIT, f"v{n}", f"u{which}", key=f"k{n}", version=1)
            won += isinstance(await store.change(wish, 1000), Changed)
        return won

    assert sum(await asyncio.gather(all_of(0), all_of(1))) == 60
    for database in databases:
        await asyncio.to_thread(database.close)
    with engine.connect() as connection:
        versions = connection.execute(select(queue_event.c.version).order_by(queue_event.c.version)).scalars().all()
        assert list(versions) == list(range(1, 121))


@pytest.mark.parametrize("action", [VisitAction.LEAVE, VisitAction.FINISH, VisitAction.NO_SHOW])
@pytest.mark.parametrize("kept_ms", [0, 5000])
async def test_deleted_text_is_gone_from_every_byte(
    database: Database, engine: Engine, log: AuditLog, action: VisitAction, kept_ms: int
) -> None:
    """However a visit ends: name, answers, triage and notes are in no file of the database, at once or when due."""
    store, reception = SqlVisits(database, log), SqlArrivals(database, log)
    await a_link(reception)
    arrival = Arrival(call_back="Canary-phone", location="Canary-street", answers={"Number": "Canary-answer"})
    await reception.check_in(replace(check_in("canary"), name="Canary Name", arrival=arrival), 0)
    folder = Path(str(engine.url.database)).parent

    def holders() -> set[str]:
        return {path.name for path in folder.glob("carena.db*") if b"Canary" in path.read_bytes()}

    form = TriageForm(complaint="Canary-complaint", note="Canary-note", allergies="Canary-allergy")
    steps = [
        Change(VisitAction.TRIAGE, "canary", "u1", version=1, form=form, acuity=2),
        Change(VisitAction.TRANSFER, "canary", "u1", version=2, target=Person("u1", "Dr"), note="Canary-handover"),
    ]
    if action is VisitAction.FINISH:
        steps += [
            Change(VisitAction.ADMIT, "canary", "u1", version=3),
            Change(VisitAction.HOLD, "canary", "u1", version=4, note="Canary-hold"),
        ]
    for wish in steps:
        assert isinstance(await store.change(wish, 1), Changed)
    assert holders()
    who = "canary" if action is VisitAction.LEAVE else "u1"
    end = Change(action, "canary", who, keep_text_until=10 + kept_ms if kept_ms else None)
    assert isinstance(await store.change(end, 10), Changed)
    assert await database.checkpoint()
    upkeep = SqlUpkeep(database, 10**9)
    if kept_ms:
        assert holders()
        assert await upkeep.forget_due(10 + kept_ms - 1) == 0
        assert await upkeep.forget_due(10 + kept_ms) == 1
        assert await upkeep.scrub()
    assert holders() == set()
    kept = await store.visit("canary")
    assert kept is not None
    assert kept.acuity == 2  # times, acuity and outcome stay, without a name
    assert kept.name is None


async def test_a_thousand_attempts_at_once_have_one_winner_for_each_verb(database: Database, log: AuditLog) -> None:
    """1,000 people claim, admit, transfer and finish the same patient in the same moment: one of each succeeds."""
    store, reception = SqlVisits(database, log), SqlArrivals(database, log)
    await a_link(reception)
    await reception.check_in(check_in("v"), 0)
    version, owner = 1, "nobody"
    for action in (VisitAction.CLAIM, VisitAction.ADMIT, VisitAction.HOLD, VisitAction.FINISH):
        mine = action is not VisitAction.CLAIM  # who has claimed, a thousand times from as many windows
        wishes = [
            Change(
                action, "v", owner if mine else f"u{n}", key=f"{action.value}{n}", version=version, actor_name=f"Dr {n}"
            )
            for n in range(1000)
        ]
        outcomes = await asyncio.gather(*(store.change(wish, 5) for wish in wishes))
        winners = [wish.actor for wish, outcome in zip(wishes, outcomes, strict=True) if isinstance(outcome, Changed)]
        assert len(winners) == 1, action
        if not mine:
            owner = winners[0]
            losers = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
            assert {outcome.code for outcome in losers} == {ErrorCode.ALREADY_CLAIMED}
            assert {(o.visit.clinician_id, o.visit.clinician_since) for o in losers if o.visit} == {(owner, 5)}
        version += 1
    row = await store.visit("v")
    assert row is not None
    assert (row.version, row.state) == (5, VisitState.FINISHED)


def test_migrations_from_nothing_make_the_schema_the_code_expects(tmp_path: Path) -> None:
    """An empty file becomes exactly the tables of ``schema``, and a second start changes nothing."""
    engine = make_engine(tmp_path / "carena.db")
    revision = upgrade(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
    assert set(triggers) == {"audit_no_update", "audit_no_delete"}
    assert upgrade(engine) == revision
    engine.dispose()


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    """An older program does not touch a database it does not know."""
    engine = make_engine(tmp_path / "carena.db")
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaTooNewError):
        upgrade(engine)
    engine.dispose()


def test_the_schema_goes_forward_only(tmp_path: Path) -> None:
    """Every way back refuses with the words that help, and touches nothing: what is newer has no place in the older."""
    engine = make_engine(tmp_path / "carena.db")
    upgrade(engine)
    steps = list(ScriptDirectory(str(migrate._SCRIPTS)).walk_revisions())
    assert len(steps) >= 3
    for step in steps:
        with pytest.raises(NotImplementedError, match="restore the backup"):
            step.module.downgrade()
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


def test_the_connection_is_set_up_for_safety(engine: Engine) -> None:
    """WAL, full synchronisation, foreign keys and overwriting of deleted text are on."""
    with engine.connect() as connection:
        values = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_patient_text_stands_where_it_is_deleted(engine: Engine) -> None:
    """Every wide column of a visit is one that is emptied when the visit is closed; no other table has patient text."""
    tables = inspect(engine)
    wide = {
        (table, column["name"])
        for table in tables.get_table_names()
        for column in tables.get_columns(table)
        if (getattr(column["type"], "length", None) is None and "CHAR" in str(column["type"]))
        or str(column["type"]) == "TEXT"
        or (getattr(column["type"], "length", None) or 0) >= 300
    }
    others = {("room", "settings"), ("undo", "before"), ("emergency_access", "reason")}
    assert wide - others == {("visit", name) for name in PATIENT_TEXT if name not in {"name", "birth_date"}}
    assert set(PATIENT_TEXT) <= {column["name"] for column in tables.get_columns("visit")}


async def test_an_error_never_quotes_parameters(database: Database) -> None:
    """A failing statement's message has no patient text in it."""
    with pytest.raises(Exception, match="no such table") as caught:
        await database.write(lambda c: c.execute(text("INSERT INTO nowhere VALUES (:n)"), {"n": "Alex Example"}))
    assert "Alex" not in str(caught.value)
