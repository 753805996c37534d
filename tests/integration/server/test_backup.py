"""The drill: back up a server in use, lose it, restore it, and go on."""

import shutil
import sqlite3
from collections.abc import Callable

import pytest

from tests.integration.server.harness import PASSWORD, Server


def test_a_server_is_lost_and_comes_back(make_server: Callable[..., Server]) -> None:
    """The copy is made while a patient waits; after the loss the same accounts sign in under the same authority.

    The audit log is unbroken, and of the patient who waited nothing is in any file of the backup.
    """
    server = make_server()
    secret = server.link()
    waiting = server.post("/check-in", server.arrival(secret, name="Robin Canary"))
    assert waiting.status == 200, waiting.body
    fingerprint, target = server.fingerprint, server.folder / "backup"
    said = server.run("backup", str(target))
    assert "without visits under way" in said
    assert [path.name for path in target.rglob("*") if path.is_file() and b"Canary" in path.read_bytes()] == []
    assert {oct(path.stat().st_mode & 0o077) for path in (target, *target.rglob("*"))} == {"0o0"}
    server.kill()
    shutil.rmtree(server.data)
    shutil.copytree(target, server.data)
    server.start()
    assert server.fingerprint == fingerprint
    assert server.login("ann", PASSWORD).status == 200
    assert "unbroken" in server.run("audit", "verify")
    again = server.post("/check-in", server.arrival(server.link(), name="Robin Sample"))
    assert again.status == 200, again.body


def test_a_backup_goes_into_a_new_directory_only(make_server: Callable[..., Server]) -> None:
    """An existing directory is refused, and nothing in it is touched; so is a place without data."""
    server = make_server()
    target = server.folder / "backup"
    target.mkdir()
    (target / "carena.db").write_text("other")
    with pytest.raises(Exception, match="returned non-zero"):
        server.run("backup", str(target))
    assert (target / "carena.db").read_text() == "other"


def test_a_backup_keeps_what_is_worth_keeping(make_server: Callable[..., Server]) -> None:
    """Accounts and links stay; sessions and open visits are not in it, and the database is whole."""
    server = make_server()
    server.post("/check-in", server.arrival(server.link()))
    server.run("backup", str(server.folder / "copy"))
    with sqlite3.connect(server.folder / "copy" / "carena.db") as copy:
        count = {
            table: copy.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - ours
            for table in ("account", "visit_link", "visit", "token_family", "visit_session")
        }
    copy.close()
    assert count["account"] >= 4
    assert count["visit_link"] == 1
    assert [count[name] for name in ("visit", "token_family", "visit_session")] == [0, 0, 0]
