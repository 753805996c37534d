"""The repository's ports on a ``Database``: one transaction per call, and nothing else."""

from collections.abc import Sequence

from sqlalchemy import Connection

from carena_protocol.rows import Activity, GoneVisit, Presence, WaitingChat
from carena_protocol.staff_rest import SessionInfo
from carena_server.audit import Head
from carena_server.directory import Directory, Emergency
from carena_server.repository import Account, Authorised, Factor, Link, QueuePage, RefreshRefused, TokenDigests
from carena_server.store import accounts, arrivals, audit_log, changes, own, queue, retention, rooms, rows
from carena_server.store.audit_log import AuditLog
from carena_server.store.database import Database
from carena_server.visits import Amendment, Change, ChangeOutcome, CheckIn, Visit


class SqlAccounts:
    """``AccountStore`` in SQL."""

    def __init__(self, database: Database, log: AuditLog) -> None:
        self._db = database
        self._log = log

    async def find_account(self, username: str) -> Account | None:
        """See ``AccountStore``."""
        return await self._db.read(lambda c: accounts.find(c, username))

    async def store_password(self, account: str, encoded: str) -> None:
        """See ``AccountStore``."""
        await self._db.write(lambda c: accounts.store_password(c, account, encoded))

    async def sign_in(
        self, account: str, family: str, tokens: TokenDigests, at: int, *, device: str = "", address: str = ""
    ) -> bool:
        """See ``AccountStore``."""
        return await self._db.write(
            lambda c: accounts.sign_in(
                c, self._log, account, family, tokens=tokens, at=at, device=device, address=address
            )
        )

    def note_refusal(self, account: str, at: int) -> None:
        """See ``AccountStore``."""
        self._db.write_soon(
            lambda c: self._log.append(c, at=at, actor=account, action="session.refused", subject=account)
        )

    async def refresh(self, shown: str, tokens: TokenDigests, at: int, grace_ms: int) -> Authorised | RefreshRefused:
        """See ``AccountStore``."""
        return await self._db.write(
            lambda c: accounts.refresh(c, self._log, shown, tokens=tokens, at=at, grace_ms=grace_ms)
        )

    async def sign_out(self, shown: str, at: int) -> str | None:
        """See ``AccountStore``."""
        return await self._db.write(lambda c: accounts.sign_out(c, self._log, shown, at))

    async def authorise(self, access: str, at: int) -> Authorised | None:
        """See ``AccountStore``."""
        return await self._db.read(lambda c: accounts.authorise(c, access, at))

    async def active_families(self, families: Sequence[str]) -> set[str]:
        """See ``AccountStore``."""
        return await self._db.read(lambda c: accounts.active_families(c, families))


class SqlOwn:
    """``OwnStore`` in SQL."""

    def __init__(self, database: Database, log: AuditLog) -> None:
        self._db = database
        self._log = log

    async def account(self, account: str) -> Account | None:
        """See ``OwnStore``."""
        return await self._db.read(lambda c: accounts.by_id(c, account))

    async def change_password(self, account: str, encoded: str, keep: str, at: int) -> list[str]:
        """See ``OwnStore``."""
        return await self._db.write(lambda c: own.change_password(c, self._log, account, encoded, keep=keep, at=at))

    async def factor(self, account: str) -> Factor:
        """See ``OwnStore``."""
        return await self._db.read(lambda c: own.factor(c, account))

    async def use_step(self, account: str, step: int) -> bool:
        """See ``OwnStore``."""
        return await self._db.write(lambda c: own.use_step(c, account, step))

    async def use_recovery_code(self, account: str, digest: str, at: int) -> bool:
        """See ``OwnStore``."""
        return await self._db.write(lambda c: own.use_recovery_code(c, self._log, account, digest, at))

    async def set_pending(self, account: str, sealed: str) -> None:
        """See ``OwnStore``."""
        await self._db.write(lambda c: own.set_pending(c, account, sealed))

    async def confirm_factor(self, account: str, step: int, digests: Sequence[str], at: int) -> bool:
        """See ``OwnStore``."""
        return await self._db.write(lambda c: own.confirm(c, self._log, account, step, digests=digests, at=at))

    async def replace_recovery_codes(self, account: str, digests: Sequence[str], at: int) -> None:
        """See ``OwnStore``."""
        await self._db.write(lambda c: own.replace_recovery_codes(c, self._log, account, digests, at))

    async def remove_factor(self, account: str, at: int) -> None:
        """See ``OwnStore``."""
        await self._db.write(lambda c: own.remove(c, self._log, account, actor=account, at=at))

    async def sessions(self, account: str | None, at: int) -> list[SessionInfo]:
        """See ``OwnStore``."""
        return await self._db.read(lambda c: own.sessions(c, account, at))

    async def revoke(self, family: str, account: str | None, actor: str, at: int) -> bool:
        """See ``OwnStore``."""
        return await self._db.write(lambda c: own.revoke_session(c, self._log, family, account, actor=actor, at=at))

    async def note(self, actor: str, action: str, subject: str, at: int) -> None:
        """See ``OwnStore``."""
        await self._db.write(lambda c: self._log.append(c, at=at, actor=actor, action=action, subject=subject))


class SqlArrivals:
    """``ArrivalStore`` in SQL."""

    def __init__(self, database: Database, log: AuditLog) -> None:
        self._db = database
        self._log = log

    async def create_link(
        self, link: str, digest: str, *, reusable: bool, room: str, actor: str, at: int, expires_at: int
    ) -> bool:
        """See ``ArrivalStore``."""
        return await self._db.write(
            lambda c: arrivals.create_link(
                c,
                self._log,
                link=link,
                digest=digest,
                reusable=reusable,
                room_id=room,
                actor=actor,
                at=at,
                expires_at=expires_at,
            )
        )

    async def find_link(self, digest: str, session: str | None, at: int) -> Link | None:
        """See ``VisitStore``."""
        return await self._db.read(lambda c: arrivals.find_link(c, digest, session, at))

    async def check_in(self, arrival: CheckIn, at: int) -> bool:
        """See ``VisitStore``."""
        return await self._db.write(lambda c: arrivals.check_in(c, self._log, arrival, at))

    async def visit_of_session(self, digest: str, at: int) -> Visit | None:
        """See ``VisitStore``."""
        return await self._db.read(lambda c: arrivals.visit_of_session(c, digest, at))


class SqlVisits:
    """``VisitStore`` in SQL."""

    def __init__(self, database: Database, log: AuditLog) -> None:
        self._db = database
        self._log = log

    async def visit(self, visit: str) -> Visit | None:
        """See ``VisitStore``."""
        return await self._db.read(lambda c: rows.find_visit(c, visit))

    async def change(self, change: Change, at: int) -> ChangeOutcome:
        """See ``VisitStore``."""
        return await self._db.write(lambda c: changes.change(c, self._log, change, at))

    async def prepare(self, wish: Change, at: int) -> ChangeOutcome:
        """See ``VisitStore``."""
        return await self._db.write(lambda c: changes.prepare(c, self._log, wish, at))

    async def amend(self, visit: str, amendment: Amendment, at: int) -> bool:
        """See ``VisitStore``."""
        return await self._db.write(lambda c: changes.amend(c, self._log, visit, amendment, at))

    async def set_chat(self, visit: str, chat: WaitingChat, at: int) -> bool:
        """See ``VisitStore``."""
        return await self._db.write(lambda c: changes.set_chat(c, visit, chat, at))

    async def note_read(self, actor: str, action: str, subject: str, detail: str, at: int) -> None:
        """See ``VisitStore``."""
        await self._db.write(
            lambda c: self._log.append(c, at=at, actor=actor, action=action, subject=subject, detail=detail)
        )

    async def activity(self, visit: str) -> list[Activity]:
        """See ``VisitStore``."""
        return await self._db.read(lambda c: audit_log.activity(c, visit))

    async def durations(self, per_room: int) -> dict[str, list[int]]:
        """See ``VisitStore``."""
        return await self._db.read(lambda c: queue.durations(c, per_room))

    async def gone(self, at: int) -> list[tuple[GoneVisit, int]]:
        """See ``VisitStore``."""
        return await self._db.read(lambda c: queue.gone(c, at))

    async def set_presence(self, visit: str, presence: Presence, grace_until: int | None, at: int) -> bool:
        """See ``VisitStore``."""
        return await self._db.write(lambda c: changes.set_presence(c, visit, presence, grace_until, at))

    async def everyone_reconnects(self, grace_until: int, at: int) -> int:
        """See ``VisitStore``."""
        return await self._db.write(lambda c: changes.everyone_reconnects(c, grace_until, at))

    async def queue_since(self, version: int) -> QueuePage:
        """See ``VisitStore``."""
        return await self._db.read(lambda c: queue.queue_since(c, version))

    async def whole_queue(self, history: int) -> QueuePage:
        """See ``VisitStore``."""
        return await self._db.read(lambda c: queue.whole_queue(c, history))


class SqlDirectory:
    """``DirectoryStore`` in SQL."""

    def __init__(self, database: Database, log: AuditLog) -> None:
        self._db = database
        self._log = log

    async def version(self) -> int:
        """See ``DirectoryStore``."""
        return await self._db.read(rooms.version)

    async def read(self, at: int) -> Directory:
        """See ``DirectoryStore``."""
        return await self._db.read(lambda c: rooms.read(c, at))

    async def begin_emergency(self, wish: Emergency, reason: str) -> None:
        """See ``DirectoryStore``."""
        await self._db.write(lambda c: rooms.begin_emergency(c, self._log, wish, reason))

    async def end_emergency(self, account: str, at: int) -> bool:
        """See ``DirectoryStore``."""
        return await self._db.write(lambda c: rooms.end_emergency(c, self._log, account, at))


class SqlUpkeep:
    """``Upkeep`` in SQL."""

    def __init__(self, database: Database, keep_closed_ms: int) -> None:
        self._db = database
        self._keep_closed_ms = keep_closed_ms

    async def forget_due(self, at: int) -> int:
        """See ``Upkeep``."""
        return await self._db.write(lambda c: retention.forget_due(c, at))

    async def prune(self, at: int) -> None:
        """See ``Upkeep``."""

        def job(connection: Connection) -> None:
            retention.prune(connection, at, keep_closed_ms=self._keep_closed_ms)
            accounts.prune(connection, at)

        await self._db.write(job)

    async def scrub(self) -> bool:
        """See ``Upkeep``."""
        return await self._db.checkpoint()

    async def audit_head(self) -> Head:
        """See ``Upkeep``."""
        return await self._db.read(audit_log.head)
