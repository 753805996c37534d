"""What administrators do, on a ``Database``: one transaction per call; each read of the audit log is an entry of it."""

from collections.abc import AsyncIterator
from typing import Final

from sqlalchemy import Connection

from carena_protocol.admin_rest import (
    AuditLine,
    AuditPage,
    AuditQuery,
    EmergencyRecord,
    RoomUpdate,
    User,
    UserUpdate,
)
from carena_protocol.rows import Room
from carena_server.audit import Broken, Head, Sound
from carena_server.repository import Account
from carena_server.store import accounts, administration, rooms
from carena_server.store.audit_log import AuditLog
from carena_server.store.database import Database

_PIECE: Final = 500


class SqlAdministration:
    """Users, rooms, emergency access and the audit log."""

    def __init__(self, database: Database, log: AuditLog) -> None:
        self._db = database
        self._log = log

    async def users(self) -> list[User]:
        """Return every account."""
        return await self._db.read(administration.users)

    async def user(self, account: str) -> User | None:
        """Return one account."""
        return await self._db.read(lambda c: administration.user(c, account))

    async def add_user(self, new: Account, serves: frozenset[str], *, actor: str, at: int) -> None:
        """Add an account. Raises AccountError when the username is taken, RoomError for a room that is none."""

        def job(connection: Connection) -> None:
            accounts.add(connection, self._log, new, at, actor)
            rooms.assign(connection, new.id, serves)

        await self._db.write(job)

    async def update_user(self, wish: UserUpdate, encoded: str | None, *, actor: str, at: int) -> list[str] | None:
        """Change an account and return the sessions that ended; None when there is no such account."""
        return await self._db.write(
            lambda c: administration.update_user(c, self._log, wish, encoded, actor=actor, at=at)
        )

    async def rooms(self) -> list[Room]:
        """Return every room."""
        return await self._db.read(rooms.listing)

    async def add_room(self, new: str, name: str, *, actor: str, at: int) -> Room:
        """Add a room. Raises RoomError when the name is taken."""
        return await self._db.write(lambda c: rooms.add(c, self._log, new=new, name=name, actor=actor, at=at))

    async def change_room(self, wish: RoomUpdate, *, actor: str, at: int) -> Room:
        """Change a room. Raises RoomError."""
        return await self._db.write(lambda c: rooms.change(c, self._log, wish, actor=actor, at=at))

    async def emergencies(self) -> list[EmergencyRecord]:
        """Return the uses of emergency access, newest first."""
        return await self._db.read(rooms.emergencies)

    async def audit_page(self, query: AuditQuery) -> AuditPage:
        """Return a page of the audit log."""
        return await self._db.read(lambda c: administration.audit_page(c, query))

    async def audit_lines(self, query: AuditQuery) -> AsyncIterator[list[AuditLine]]:
        """Yield the matching entries in pieces, oldest first."""
        after = 0
        while piece := await self._piece(query, after):
            yield piece
            after = piece[-1].seq

    async def verify_audit(self, anchors: list[Head]) -> Sound | Broken:
        """Check the whole chain."""
        return await self._db.read(lambda c: self._log.verify(c, anchors))

    async def note(self, actor: str, action: str, detail: str, at: int) -> None:
        """Write down that the audit log was read."""
        await self._db.write(
            lambda c: self._log.append(c, at=at, actor=actor, action=action, subject="audit", detail=detail)
        )

    async def _piece(self, query: AuditQuery, after: int) -> list[AuditLine]:
        return await self._db.read(lambda c: administration.audit_lines(c, query, after, _PIECE))
