"""What administrators do: users, rooms, sessions, the audit log. It may not know HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
from msgspec import UNSET

from carena_protocol.admin_rest import (
    AuditPage,
    AuditQuery,
    AuditVerdict,
    EmergencyList,
    RoomDraft,
    RoomList,
    RoomUpdate,
    User,
    UserDraft,
    UserList,
    UserUpdate,
)
from carena_protocol.envelope import Role
from carena_protocol.errors import ErrorCode, RefusalReason
from carena_protocol.messages import Principal
from carena_protocol.rows import Room
from carena_protocol.staff_rest import SessionList
from carena_server import opening, password_policy, room_texts
from carena_server.audit import Broken
from carena_server.clock import Clock
from carena_server.passwords import BusyError, PasswordHasher
from carena_server.repository import Account, OwnStore
from carena_server.service import Service
from carena_server.sign_in import RefusedError
from carena_server.store.accounts import AccountError
from carena_server.store.audit_log import read_anchor
from carena_server.store.rooms import RoomError
from carena_server.store.sql_administration import SqlAdministration
from carena_server.text import clean
from carena_server.tokens import Grant, new_identifier


class Administration:
    """Everything under /api/v1/admin."""

    def __init__(
        self,
        *,
        store: SqlAdministration,
        own: OwnStore,
        hasher: PasswordHasher,
        service: Service,
        clock: Clock,
        clinic: str,
        min_length: int,
        anchor: Path,
    ) -> None:
        self._store = store
        self._own = own
        self._hasher = hasher
        self._service = service
        self._clock = clock
        self._clinic = clinic
        self._min_length = min_length
        self._anchor = anchor

    async def users(self) -> UserList:
        """Return every account."""
        return UserList(users=tuple(await self._store.users()))

    async def add_user(self, who: Principal, wish: UserDraft) -> User:
        """Add an account. Raises RefusedError: invalid, conflict, not_found (a room), password_…, busy."""
        name = clean(wish.display_name)
        if not name or wish.role is Role.PATIENT:
            raise RefusedError(ErrorCode.INVALID)
        encoded = await self._hash(wish.password, wish.username, name)
        account = Account(
            new_identifier(), wish.username.lower(), name, wish.role, disabled=False, password_hash=encoded
        )
        try:
            await self._store.add_user(account, frozenset(wish.rooms), actor=who.id, at=self._clock.wall_ms())
        except AccountError:
            raise RefusedError(ErrorCode.CONFLICT) from None
        except RoomError:
            raise RefusedError(ErrorCode.NOT_FOUND, reason=RefusalReason.UNKNOWN_ROOM) from None
        await self._service.directory_changed()
        return await self._user(account.id)

    async def update_user(self, who: Principal, wish: UserUpdate) -> User:
        """Change an account. Raises RefusedError; nobody disables or demotes their own."""
        if wish.id == who.id and (wish.disabled is True or wish.role is not UNSET):
            raise RefusedError(ErrorCode.CONFLICT, reason=RefusalReason.POLICY)
        if wish.role is Role.PATIENT or (wish.display_name is not UNSET and not clean(wish.display_name)):
            raise RefusedError(ErrorCode.INVALID)
        before = await self._user(wish.id)
        if wish.display_name is not UNSET:
            wish = msgspec.structs.replace(wish, display_name=clean(wish.display_name))
        encoded = None
        if wish.password is not UNSET:
            encoded = await self._hash(wish.password, before.username, before.display_name)
        try:
            ended = await self._store.update_user(wish, encoded, actor=who.id, at=self._clock.wall_ms())
        except RoomError:
            raise RefusedError(ErrorCode.NOT_FOUND, reason=RefusalReason.UNKNOWN_ROOM) from None
        for family in ended or ():
            self._service.end_family(family)
        await self._service.directory_changed()
        return await self._user(wish.id)

    async def rooms(self) -> RoomList:
        """Return every room."""
        return RoomList(rooms=tuple(await self._store.rooms()))

    async def add_room(self, who: Principal, wish: RoomDraft) -> Room:
        """Add a room. Raises RefusedError: invalid, conflict."""
        name = clean(wish.name)
        if not name:
            raise RefusedError(ErrorCode.INVALID)
        try:
            made = await self._store.add_room(new_identifier(), name, actor=who.id, at=self._clock.wall_ms())
        except RoomError:
            raise RefusedError(ErrorCode.CONFLICT) from None
        await self._service.directory_changed()
        return made

    async def change_room(self, who: Principal, wish: RoomUpdate) -> Room:
        """Change a room. Raises RefusedError: invalid, conflict, not_found."""
        if wish.name is not UNSET:
            wish = msgspec.structs.replace(wish, name=clean(wish.name))
        wish = room_texts.cleaned(wish)
        if wish.name == "" or (wish.zone is not UNSET and not opening.is_zone(wish.zone)):
            raise RefusedError(ErrorCode.INVALID)
        if all(room.id != wish.id for room in await self._store.rooms()):
            raise RefusedError(ErrorCode.NOT_FOUND, reason=RefusalReason.UNKNOWN_ROOM)
        try:
            after = await self._store.change_room(wish, actor=who.id, at=self._clock.wall_ms())
        except RoomError:
            raise RefusedError(ErrorCode.CONFLICT) from None
        await self._service.directory_changed()
        return after

    async def sessions(self, grant: Grant) -> SessionList:
        """Return everybody's sessions."""
        found = await self._own.sessions(None, self._clock.wall_ms())
        return SessionList(sessions=self._service.seen(found, grant.key))

    async def revoke(self, who: Principal, session: str) -> None:
        """End anybody's session. Raises RefusedError: not_found."""
        if not await self._own.revoke(session, None, who.id, self._clock.wall_ms()):
            raise RefusedError(ErrorCode.NOT_FOUND)
        self._service.end_family(session)

    async def emergencies(self) -> EmergencyList:
        """Return the uses of emergency access."""
        return EmergencyList(records=tuple(await self._store.emergencies()))

    async def audit_page(self, who: Principal, query: AuditQuery) -> AuditPage:
        """Return a page of the audit log; reading it is an entry of it, once per look and not per page."""
        if query.before is UNSET:
            await self._store.note(who.id, "audit.read", "", self._clock.wall_ms())
        return await self._store.audit_page(query)

    async def audit_export(self, who: Principal, query: AuditQuery) -> AsyncIterator[bytes]:
        """Yield the matching entries as lines of JSON, oldest first."""
        await self._store.note(who.id, "audit.export", "", self._clock.wall_ms())

        async def lines() -> AsyncIterator[bytes]:
            async for piece in self._store.audit_lines(query):
                yield b"".join(msgspec.json.encode(line) + b"\n" for line in piece)

        return lines()

    async def verify_audit(self) -> AuditVerdict:
        """Check the chain against the anchor that is written down beside the database."""
        try:
            anchor = read_anchor(self._anchor)
        except ValueError:
            return AuditVerdict(sound=False, entries=0, head="", problem="the anchor can't be read")
        outcome = await self._store.verify_audit([] if anchor is None else [anchor])
        if isinstance(outcome, Broken):
            return AuditVerdict(sound=False, entries=0, head="", broken_at=outcome.seq, problem=outcome.problem)
        return AuditVerdict(sound=True, entries=outcome.entries, head=f"{outcome.head.seq}:{outcome.head.mac}")

    async def _user(self, account: str) -> User:
        found = await self._store.user(account)
        if found is None:
            raise RefusedError(ErrorCode.NOT_FOUND, reason=RefusalReason.UNKNOWN_USER)
        return found

    async def _hash(self, password: str, username: str, name: str) -> str:
        refused = password_policy.refused(password, min_length=self._min_length, context=(username, name, self._clinic))
        if refused is not None:
            raise RefusedError(refused)
        try:
            return await self._hasher.hash(password)
        except BusyError:
            raise RefusedError(ErrorCode.BUSY, 1.0) from None
