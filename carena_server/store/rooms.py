"""Waiting rooms, who serves them, and emergency access, in SQL. Runs inside a transaction of its caller.

Every change here gives ``clinic.directory_version`` its next number, so that a running server sees what the command
line, or another request, did.
"""

from typing import Any

import msgspec
from msgspec import UNSET
from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from carena_protocol.admin_rest import EmergencyRecord, RoomUpdate
from carena_protocol.envelope import Role
from carena_protocol.rows import Room
from carena_server.directory import Colleague, Directory, Emergency
from carena_server.store.accounts import directory_changed
from carena_server.store.audit_log import AuditLog
from carena_server.store.schema import CLINIC_ID, account, account_room, clinic, emergency_access, room


class RoomError(ValueError):
    """The room does not exist, or its name is taken."""


def read(connection: Connection, at: int) -> Directory:
    """Return everything at once: rooms, staff, emergency access that is not over at ``at``."""
    serves: dict[str, set[str]] = {}
    for row in connection.execute(select(account_room)):
        serves.setdefault(row.account_id, set()).add(row.room_id)
    emergencies = {
        row.account_id: Emergency(row.id, row.account_id, row.at, row.until)
        for row in connection.execute(
            select(emergency_access)
            .where(emergency_access.c.until > at, emergency_access.c.ended_at.is_(None))
            .order_by(emergency_access.c.at)
        )
    }
    staff = {
        row.id: Colleague(
            row.id,
            row.display_name,
            Role(row.role),
            rooms=frozenset(serves[row.id]) if row.id in serves else None,
            disabled=bool(row.disabled),
        )
        for row in connection.execute(select(account))
    }
    return Directory(version(connection), {found.id: found for found in listing(connection)}, staff, emergencies)


def version(connection: Connection) -> int:
    """Return the number of the last change."""
    return int(connection.execute(select(clinic.c.directory_version).where(clinic.c.id == CLINIC_ID)).scalar_one())


def listing(connection: Connection) -> list[Room]:
    """Return every room, by name."""
    return [_to_room(row) for row in connection.execute(select(room).order_by(room.c.name))]


def add(connection: Connection, log: AuditLog, *, new: str, name: str, actor: str, at: int) -> Room:
    """Create a room with the usual settings. Raises RoomError when the name is taken."""
    try:
        with connection.begin_nested():
            connection.execute(insert(room).values(id=new, name=name, settings="{}", created_at=at))
    except IntegrityError:
        raise RoomError("this name is taken") from None
    directory_changed(connection)
    log.append(connection, at=at, actor=actor, action="room.add", subject=new)
    return Room(id=new, name=name)


def change(connection: Connection, log: AuditLog, wish: RoomUpdate, *, actor: str, at: int) -> Room:
    """Change what is given. Raises RoomError."""
    found = connection.execute(select(room).where(room.c.id == wish.id)).one_or_none()
    if found is None:
        raise RoomError("no such room")
    given = {name: value for name, value in msgspec.structs.asdict(wish).items() if value is not UNSET and name != "id"}
    after = msgspec.structs.replace(_to_room(found), **given)
    settings = {
        name: value for name, value in msgspec.to_builtins(after).items() if name not in {"id", "name", "is_open"}
    }
    try:
        with connection.begin_nested():
            connection.execute(
                update(room)
                .where(room.c.id == wish.id)
                .values(name=after.name, settings=msgspec.json.encode(settings).decode())
            )
    except IntegrityError:
        raise RoomError("this name is taken") from None
    directory_changed(connection)
    log.append(connection, at=at, actor=actor, action="room.set", subject=wish.id, detail=",".join(sorted(given)))
    return after


def assign(connection: Connection, account_id: str, rooms: frozenset[str]) -> None:
    """Say which rooms somebody serves; none: all of them. Raises RoomError for a room that does not exist."""
    known = {row.id for row in connection.execute(select(room.c.id))}
    if rooms - known:
        raise RoomError("no such room")
    connection.execute(delete(account_room).where(account_room.c.account_id == account_id))
    if rooms:
        connection.execute(
            insert(account_room), [{"account_id": account_id, "room_id": served} for served in sorted(rooms)]
        )
    directory_changed(connection)


def begin_emergency(connection: Connection, log: AuditLog, wish: Emergency, reason: str) -> None:
    """Start emergency access; one that runs already ends."""
    end_emergency(connection, log, wish.account, wish.at)
    connection.execute(
        insert(emergency_access).values(
            id=wish.id, account_id=wish.account, reason=reason, at=wish.at, until=wish.until
        )
    )
    directory_changed(connection)
    log.append(
        connection,
        at=wish.at,
        actor=wish.account,
        action="emergency.begin",
        subject=wish.id,
        detail=f"until={wish.until}",
    )


def end_emergency(connection: Connection, log: AuditLog, account_id: str, at: int) -> bool:
    """End somebody's emergency access; False when there is none."""
    rows = connection.execute(
        update(emergency_access)
        .where(
            emergency_access.c.account_id == account_id,
            emergency_access.c.until > at,
            emergency_access.c.ended_at.is_(None),
        )
        .values(ended_at=at)
        .returning(emergency_access.c.id)
    ).all()
    for row in rows:
        log.append(connection, at=at, actor=account_id, action="emergency.end", subject=row.id)
    if rows:
        directory_changed(connection)
    return bool(rows)


def emergencies(connection: Connection, limit: int = 200) -> list[EmergencyRecord]:
    """Return the uses of emergency access, newest first."""
    rows = connection.execute(
        select(emergency_access, account.c.display_name)
        .join(account, account.c.id == emergency_access.c.account_id)
        .order_by(emergency_access.c.at.desc())
        .limit(limit)
    )
    return [
        EmergencyRecord(
            id=row.id,
            user=row.account_id,
            user_name=row.display_name,
            reason=row.reason,
            at=row.at,
            until=row.until,
            ended_at=row.ended_at,
        )
        for row in rows
    ]


def _to_room(row: Row[Any]) -> Room:
    settings = msgspec.json.decode(row.settings)
    return msgspec.convert({**settings, "id": row.id, "name": row.name}, Room)
