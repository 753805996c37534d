"""The audit chain: every kind of tampering is found, and what can't be found is known."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from carena_server.audit import GENESIS, AuditEntry, Broken, Head, Sound, link, verify
from carena_server.store.audit_log import AuditLog, head, read_anchor, write_anchor

KEY = b"k" * 32
Chain = list[tuple[AuditEntry, str]]


def chain(length: int, key: bytes = KEY) -> Chain:
    """Return a sound chain."""
    entries: Chain = []
    previous = GENESIS
    for seq in range(1, length + 1):
        entry = AuditEntry(seq, 1000 + seq, f"u{seq % 3}", "visit.admit", f"v{seq}", f"version={seq}")
        previous = link(key, previous, entry)
        entries.append((entry, previous))
    return entries


def test_an_untouched_chain_is_sound() -> None:
    """It verifies, and its head is the last entry's."""
    entries = chain(50)
    assert verify(KEY, entries) == Sound(50, Head(50, entries[-1][1]))
    assert verify(KEY, []) == Sound(0, Head(0, GENESIS))


@given(
    where=st.integers(0, 19),
    change=st.sampled_from(["at", "actor", "action", "subject", "detail", "mac", "remove", "swap", "insert"]),
)
def test_any_change_inside_is_found(where: int, change: str) -> None:
    """Editing a field, removing, swapping or adding an entry breaks the chain at or after that entry."""
    entries = chain(21)
    entry, mac = entries[where]
    match change:
        case "mac":
            entries[where] = (entry, mac[:-1] + ("0" if mac[-1] != "0" else "1"))
        case "remove":
            del entries[where]
        case "swap":
            entries[where], entries[where + 1] = entries[where + 1], entries[where]
        case "insert":
            entries.insert(where, (entry, mac))
        case "at":
            entries[where] = (AuditEntry(entry.seq, entry.at + 1, *_rest(entry)), mac)
        case field:
            values = {name: getattr(entry, name) for name in ("seq", "at", "actor", "action", "subject", "detail")}
            entries[where] = (AuditEntry(**{**values, field: values[field] + "x"}), mac)
    result = verify(KEY, entries)
    assert isinstance(result, Broken)
    assert where <= result.seq <= where + 2


def _rest(entry: AuditEntry) -> tuple[str, str, str, str]:
    return entry.actor, entry.action, entry.subject, entry.detail


def test_fields_cannot_be_shifted_into_each_other() -> None:
    """Moving characters from one field to the next changes the MAC."""
    one = link(KEY, GENESIS, AuditEntry(1, 1, "ab", "c", "d"))
    other = link(KEY, GENESIS, AuditEntry(1, 1, "a", "bc", "d"))
    assert one != other


def test_a_chain_of_another_key_does_not_verify() -> None:
    """Without the key nobody can write a history."""
    assert isinstance(verify(KEY, chain(3, b"x" * 32)), Broken)


@pytest.mark.parametrize("kept", [0, 1, 19])
def test_a_cut_end_is_found_with_an_anchor(kept: int) -> None:
    """Entries missing at the end are noticed by whoever knows a newer head, and by nobody else."""
    entries = chain(20)
    anchor = Head(20, entries[-1][1])
    result = verify(KEY, entries[:kept], [anchor])
    assert isinstance(result, Broken)
    assert "cut off" in result.problem
    assert isinstance(verify(KEY, entries[:kept]), Sound)


def test_a_rewritten_history_is_found_with_an_anchor() -> None:
    """Even with the key, a history that differs from a head written down elsewhere is noticed."""
    entries = chain(20)
    rewritten = chain(20)
    previous = rewritten[9][1]
    for index in range(10, 20):
        forged = AuditEntry(index + 1, 5, "u9", "visit.admit", "v", "")
        previous = link(KEY, previous, forged)
        rewritten[index] = (forged, previous)
    assert isinstance(verify(KEY, rewritten), Sound)
    assert isinstance(verify(KEY, rewritten, [Head(15, entries[14][1])]), Broken)


def test_an_anchor_of_the_past_still_holds() -> None:
    """A head written down before the newest entries does not disturb."""
    entries = chain(20)
    assert isinstance(verify(KEY, entries, [Head(7, entries[6][1]), Head(0, GENESIS)]), Sound)


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
def test_the_table_refuses_changes(connection: Connection, log: AuditLog, statement: str) -> None:
    """Plain SQL can't edit or delete an entry."""
    log.append(connection, at=1, actor="u1", action="a", subject="s")
    with pytest.raises(IntegrityError, match="append-only"):
        connection.execute(text(statement))


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit SET actor = 'innocent' WHERE seq = 3",
        "DELETE FROM audit WHERE seq = 3",
        "DELETE FROM audit WHERE seq = 1",
        "UPDATE audit SET seq = seq + 100 WHERE seq = 5",
        "INSERT INTO audit SELECT 6, at, actor, action, subject, detail, mac FROM audit WHERE seq = 5",
    ],
)
def test_tampering_with_the_file_is_found(engine: Engine, log: AuditLog, tampering: str) -> None:
    """Somebody who removes the triggers first is found by the chain."""
    with engine.begin() as connection:
        for n in range(5):
            log.append(connection, at=n, actor="u1", action="visit.admit", subject=f"v{n}")
        assert isinstance(log.verify(connection, []), Sound)
        connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text("DROP TRIGGER audit_no_delete"))
        connection.execute(text(tampering))
        assert isinstance(log.verify(connection, []), Broken)


def test_the_anchor_survives_and_is_checked(tmp_path: Path, connection: Connection, log: AuditLog) -> None:
    """What is written down is read back; a damaged anchor is an error, a missing one is none."""
    path = tmp_path / "audit.anchor"
    assert read_anchor(path) is None
    log.append(connection, at=1, actor="u1", action="a", subject="s")
    write_anchor(path, head(connection))
    assert read_anchor(path) == head(connection)
    assert path.stat().st_mode & 0o077 == 0
    path.write_text("{}")
    with pytest.raises(ValueError, match="no anchor"):
        read_anchor(path)
