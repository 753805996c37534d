"""What administrators change and read, in SQL. Runs inside a transaction of its caller."""

from typing import Any

from msgspec import UNSET
from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from carena_protocol.admin_rest import AuditLine, AuditPage, AuditQuery, User, UserUpdate
from carena_protocol.staff_rest import SecondFactor
from carena_server.repository import Account
from carena_server.store import own, rooms
from carena_server.store.accounts import by_id, directory_changed, listing, revoke_all
from carena_server.store.audit_log import AuditLog
from carena_server.store.schema import account, account_room, audit, room


def users(connection: Connection) -> list[User]:
    """Return every account, by username."""
    serves: dict[str, list[str]] = {}
    for row in connection.execute(select(account_room).order_by(account_room.c.room_id)):
        serves.setdefault(row.account_id, []).append(row.room_id)
    return [_to_user(found, tuple(serves.get(found.id, ()))) for found in listing(connection)]


def user(connection: Connection, account_id: str) -> User | None:
    """Return one account."""
    return next((found for found in users(connection) if found.id == account_id), None)


def update_user(
    connection: Connection, log: AuditLog, wish: UserUpdate, encoded: str | None, *, actor: str, at: int
) -> list[str] | None:
    """Change an account; returns the sessions that ended, None when there is no such account. Raises RoomError."""
    found = by_id(connection, wish.id)
    if found is None:
        return None
    values: dict[str, Any] = {
        name: getattr(value, "value", value)
        for name, value in (("display_name", wish.display_name), ("role", wish.role), ("disabled", wish.disabled))
        if value is not UNSET
    }
    if encoded is not None:
        values["password_hash"] = encoded
    if values:
        connection.execute(update(account).where(account.c.id == wish.id).values(**values))
    if wish.rooms is not UNSET:
        rooms.assign(connection, wish.id, frozenset(wish.rooms))
        values["rooms"] = True
    if wish.reset_second_factor:
        own.remove(connection, log, wish.id, actor=actor, at=at)
    directory_changed(connection)
    log.append(connection, at=at, actor=actor, action="user.set", subject=wish.id, detail=",".join(sorted(values)))
    ends = encoded is not None or wish.disabled is True or wish.role is not UNSET or wish.reset_second_factor
    return revoke_all(connection, wish.id, at) if ends else []


def audit_page(connection: Connection, query: AuditQuery) -> AuditPage:
    """Return the entries that match, newest first."""
    matching = _matching(query)
    older = matching if query.before is UNSET else [*matching, audit.c.seq < query.before]
    found = connection.execute(select(audit).where(*older).order_by(audit.c.seq.desc()).limit(query.limit + 1)).all()
    total = connection.execute(select(func.count()).select_from(audit).where(*matching)).scalar_one()
    entries = tuple(_to_line(row) for row in found[: query.limit])
    return AuditPage(entries=entries, names=_names(connection), total=int(total), more=len(found) > query.limit)


def audit_lines(connection: Connection, query: AuditQuery, after: int, count: int) -> list[AuditLine]:
    """Return up to ``count`` matching entries after one, oldest first: a piece of an export."""
    rows = connection.execute(
        select(audit).where(*_matching(query), audit.c.seq > after).order_by(audit.c.seq).limit(count)
    )
    return [_to_line(row) for row in rows]


def _matching(query: AuditQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.actor is not UNSET:
        conditions.append(audit.c.actor == query.actor)
    if query.subject is not UNSET:
        conditions.append(audit.c.subject == query.subject)
    if query.action is not UNSET:
        prefix = query.action.endswith(".")
        conditions.append(
            audit.c.action.startswith(query.action, autoescape=True) if prefix else audit.c.action == query.action
        )
    if query.since is not UNSET:
        conditions.append(audit.c.at >= query.since)
    if query.until is not UNSET:
        conditions.append(audit.c.at <= query.until)
    return conditions


def _names(connection: Connection) -> dict[str, str]:
    names = {row.id: row.display_name for row in connection.execute(select(account.c.id, account.c.display_name))}
    return names | {row.id: row.name for row in connection.execute(select(room.c.id, room.c.name))}


def _to_line(row: Row[Any]) -> AuditLine:
    return AuditLine(
        seq=row.seq, at=row.at, actor=row.actor, action=row.action, subject=row.subject, detail=row.detail, mac=row.mac
    )


def _to_user(found: Account, serves: tuple[str, ...]) -> User:
    return User(
        id=found.id,
        username=found.username,
        display_name=found.display_name,
        role=found.role,
        disabled=found.disabled,
        rooms=serves,
        second_factor=SecondFactor.NONE if found.second_factor is None else SecondFactor.ACTIVE,
        created_at=found.created_at,
    )
