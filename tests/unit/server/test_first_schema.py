"""A database of the first release, with people in it, becomes one of today's without losing anybody."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from carena_protocol.actions import VisitAction
from carena_protocol.rows import VisitState
from carena_server.audit import Sound
from carena_server.store import accounts, arrivals, changes, migrate, own, queue, rooms
from carena_server.store.audit_log import AuditLog
from carena_server.store.database import make_engine
from carena_server.tokens import digest
from carena_server.visits import Change, Changed
from tests.unit.server.builders import check_in

_COLUMNS = "id, clinic_id, link_id, version, state, presence, name, birth_date, reason, consent_version, checked_in_at"


def test_a_running_clinic_goes_on(tmp_path: Path) -> None:
    """Who waited has arrived, who was in a visit still is, who had left stays gone; accounts, links, audit go on."""
    engine = make_engine(tmp_path / "carena.db")
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent.parent / "migrations"))
    log = AuditLog(b"k" * 32)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text("INSERT INTO clinic VALUES ('x', 0)"))
        connection.execute(text("UPDATE clinic SET queue_version = 7 WHERE id = 'main'"))
        connection.execute(text("INSERT INTO account VALUES ('u1', 'ann', 'Dr Ann', 'clinician', 'hash', 0, 5)"))
        connection.execute(text("INSERT INTO token_family VALUES ('f1', 'u1', 6, NULL)"))
        connection.execute(text("INSERT INTO refresh_token VALUES ('d', 'f1', 1000000, NULL, NULL, 0)"))
        link = "INSERT INTO visit_link VALUES ('l1', :digest, 1, 1000000, NULL, 'u1', 1)"
        connection.execute(text(link), {"digest": digest("link-secret")})
        insert = (
            f"INSERT INTO visit ({_COLUMNS}) VALUES (:id, 'main', 'l1', 3, :state, 'connected', :n, :b, :r, 'c', 10)"  # noqa: S608 - fixed names
        )
        for visit_id, state, name in (("v1", "waiting", "One"), ("v2", "in_visit", "Two"), ("v3", "left", None)):
            born = None if name is None else "1980-01-02"
            connection.execute(text(insert), {"id": visit_id, "state": state, "n": name, "b": born, "r": name})
        connection.execute(
            text("UPDATE visit SET clinician_id = 'u1', clinician_name = 'Dr Ann', admitted_at = 20 WHERE id = 'v2'")
        )
        log.append(connection, at=1, actor="u1", action="link.create", subject="l1")
        connection.commit()
    migrate.upgrade(engine)
    with engine.begin() as connection:
        page = queue.whole_queue(connection, 10)
        assert page.version == 7
        found = {row.id: row for row in page.visits}
        assert {v: row.state for v, row in found.items()} == {"v1": VisitState.ARRIVED, "v2": VisitState.IN_VISIT}
        assert (found["v1"].name, found["v1"].room, found["v1"].version) == ("One", "main", 3)
        assert (found["v2"].clinician_since, found["v2"].state_since) == (20, 20)
        assert [room.name for room in rooms.listing(connection)] == ["Waiting room"]
        account = accounts.find(connection, "ann")
        assert account is not None
        assert account.second_factor is None
        (session,) = own.sessions(connection, "u1", 100)
        assert (session.id, session.last_used_at) == ("f1", 6)
        assert arrivals.check_in(connection, log, check_in("v4"), 100)
        for visit_id, action in (("v1", VisitAction.CLAIM), ("v2", VisitAction.FINISH)):
            wish = Change(action=action, visit=visit_id, actor="u1", version=3)
            assert changes.change(connection, log, wish, 200) == Changed(4)
        assert isinstance(log.verify(connection, []), Sound)
    engine.dispose()
