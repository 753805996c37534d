"""A copy of the data directory that a server can be started on, made while the server runs. Without any patient's text.

Accounts, audit log, keys and the certificate authority are worth keeping; who waits right now is not: the visits under
way, their text and every session are taken out of the copy, so that deleted text lives on in no backup.
"""

import contextlib
import shutil
import sqlite3
from pathlib import Path
from typing import Final

from carena_server.authority import write_private
from carena_server.data import DataDirectory, DataError
from carena_server.store.schema import PATIENT_TEXT

_FILES: Final = ("audit.key", "audit.anchor")
_OF_SESSIONS: Final = ("undo", "visit_session", "access_token", "refresh_token", "token_family")
_BUSY_S: Final = 30.0


def back_up(data: DataDirectory, target: Path) -> None:
    """Copy a data directory into ``target``, which must not exist yet.

    Raises:
        DataError: There is nothing to copy, ``target`` exists, or the copy is not sound.
    """
    if not data.database.exists():
        raise DataError(f"{data.path} is no data directory")
    try:
        target.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise DataError(f"{target} exists; a backup goes into a new directory") from None
    # The anchor first: one that is older than the database is sound, a newer one would miss entries.
    for name in _FILES:
        if (data.path / name).exists():
            write_private(target / name, (data.path / name).read_bytes())
    copy = target / data.database.name
    copy.touch(mode=0o600)
    with (
        contextlib.closing(sqlite3.connect(data.database, timeout=_BUSY_S)) as source,
        contextlib.closing(sqlite3.connect(copy)) as made,
    ):
        source.backup(made)
        _take_out(made)
    if (data.path / "tls").is_dir():
        shutil.copytree(data.path / "tls", target / "tls", copy_function=_copy_private)
        (target / "tls").chmod(0o700)


def _take_out(made: sqlite3.Connection) -> None:
    made.execute("PRAGMA journal_mode = DELETE")
    made.execute("PRAGMA secure_delete = ON")
    made.execute("PRAGMA foreign_keys = OFF")
    tables = {name for (name,) in made.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    with made:
        for table in _OF_SESSIONS:
            if table in tables:
                made.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
        columns = {row[1] for row in made.execute("PRAGMA table_info(visit)")} & set(PATIENT_TEXT)
        nothing = ", ".join(f"{column} = NULL" for column in sorted(columns))
        made.execute(f"UPDATE visit SET {nothing}")  # noqa: S608 - names of ours
        made.execute("DELETE FROM visit WHERE closed_at IS NULL")
    made.execute("VACUUM")
    (sound,) = made.execute("PRAGMA integrity_check").fetchone()
    if sound != "ok" or made.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise DataError("the copy is not sound")


def _copy_private(source: str, target: str) -> str:
    write_private(Path(target), Path(source).read_bytes())
    return target
