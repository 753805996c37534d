"""The audit table: entries are appended inside the transaction of what they record, and never touched again."""

import json
import os
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, insert, select

from carena_protocol.rows import Activity
from carena_server.audit import GENESIS, AuditEntry, Broken, Head, Sound, link, verify
from carena_server.store.schema import account, audit

_ANCHOR_FIELDS: Final = {"seq", "mac"}


class AuditLog:
    """Appends to the chain with the site's key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def append(
        self, connection: Connection, *, at: int, actor: str, action: str, subject: str, detail: str = ""
    ) -> None:
        """Add an entry after the last one. ``detail`` is a code or number of ours, never free text."""
        last = head(connection)
        entry = AuditEntry(last.seq + 1, at, actor, action, subject, detail)
        connection.execute(
            insert(audit).values(
                seq=entry.seq,
                at=at,
                actor=actor,
                action=action,
                subject=subject,
                detail=detail,
                mac=link(self._key, last.mac, entry),
            )
        )

    def verify(self, connection: Connection, anchors: list[Head]) -> Sound | Broken:
        """Check the whole table."""
        rows = connection.execute(select(audit).order_by(audit.c.seq)).yield_per(1000)
        return verify(
            self._key,
            ((AuditEntry(row.seq, row.at, row.actor, row.action, row.subject, row.detail), row.mac) for row in rows),
            anchors,
        )


def activity(connection: Connection, visit_id: str) -> list[Activity]:
    """Return what was written down about a visit, oldest first, with the names of staff."""
    rows = connection.execute(
        select(audit.c.at, audit.c.action, audit.c.actor, account.c.display_name)
        .outerjoin(account, account.c.id == audit.c.actor)
        .where(audit.c.subject == visit_id, audit.c.action.startswith("visit."), audit.c.action != "visit.read")
        .order_by(audit.c.seq)
    )
    return [Activity(at=row.at, what=row.action.removeprefix("visit."), who=row.display_name) for row in rows]


def head(connection: Connection) -> Head:
    """Return the chain's end."""
    last = select(func.max(audit.c.seq)).scalar_subquery()
    row = connection.execute(select(audit.c.seq, audit.c.mac).where(audit.c.seq == last)).one_or_none()
    return Head(0, GENESIS) if row is None else Head(row.seq, row.mac)


def write_anchor(path: Path, anchor: Head) -> None:
    """Write down the chain's end beside the database, atomically."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump({"seq": anchor.seq, "mac": anchor.mac}, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def read_anchor(path: Path) -> Head | None:
    """Return the anchor, None where there is none. Raises ValueError for a file that is no anchor."""
    try:
        content = json.loads(path.read_text("ascii"))
    except FileNotFoundError:
        return None
    if not isinstance(content, dict) or set(content) != _ANCHOR_FIELDS:
        raise ValueError(f"{path} is no anchor")
    seq, mac = content["seq"], content["mac"]
    if not isinstance(seq, int) or not isinstance(mac, str):
        raise ValueError(f"{path} is no anchor")  # noqa: TRY004 - whatever the field, the file is wrong
    return Head(seq, mac)
