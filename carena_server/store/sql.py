"""The repository's ports on a ``Database``: one transaction per call, and nothing else."""

from collections.abc import Sequence

from sqlalchemy import Connection

from carena_protocol.messages import Presence
from carena_server.audit import Head
from carena_server.repository import (
    Account,
    Authorised,
    Change,
    ChangeOutcome,
    CheckIn,
    QueuePage,
    RefreshRefused,
    TokenDigests,
    Visit,
)
from carena_server.store import accounts, audit_log, visits
from carena_server.store.audit_log import AuditLog
from carena_server.store.database import Database


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

    async def sign_in(self, account: str, family: str, tokens: TokenDigests, at: int) -> bool:
        """See ``AccountStore``."""
        return await self._db.write(lambda c: accounts.sign_in(c, self._log, account, family, tokens=tokens, at=at))

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


class SqlVisits:
    """``VisitStore`` in SQL."""

    def __init__(self, database: Database, log: AuditLog) -> None:
        self._db = database
        self._log = log

    async def create_link(
        self, link: str, digest: str, *, reusable: bool, actor: str, at: int, expires_at: int
    ) -> None:
        """See ``VisitStore``."""
        await self._db.write(
            lambda c: visits.create_link(
                c, self._log, link=link, digest=digest, reusable=reusable, actor=actor, at=at, expires_at=expires_at
            )
        )

    async def link_is_good(self, digest: str, at: int) -> bool:
        """See ``VisitStore``."""
        return await self._db.read(lambda c: visits.link_is_good(c, digest, at))

    async def check_in(self, arrival: CheckIn, at: int) -> bool:
        """See ``VisitStore``."""
        return await self._db.write(lambda c: visits.check_in(c, self._log, arrival, at))

    async def visit_of_session(self, digest: str, at: int) -> Visit | None:
        """See ``VisitStore``."""
        return await self._db.read(lambda c: visits.visit_of_session(c, digest, at))

    async def visit(self, visit: str) -> Visit | None:
        """See ``VisitStore``."""
        return await self._db.read(lambda c: visits.find_visit(c, visit))

    async def change(self, change: Change, at: int) -> ChangeOutcome:
        """See ``VisitStore``."""
        return await self._db.write(lambda c: visits.change(c, self._log, change, at))

    async def set_presence(self, visit: str, presence: Presence, grace_until: int | None, at: int) -> bool:
        """See ``VisitStore``."""
        return await self._db.write(lambda c: visits.set_presence(c, visit, presence, grace_until, at))

    async def everyone_reconnects(self, grace_until: int, at: int) -> int:
        """See ``VisitStore``."""
        return await self._db.write(lambda c: visits.everyone_reconnects(c, grace_until, at))

    async def queue_since(self, version: int) -> QueuePage:
        """See ``VisitStore``."""
        return await self._db.read(lambda c: visits.queue_since(c, version))

    async def whole_queue(self, history: int) -> QueuePage:
        """See ``VisitStore``."""
        return await self._db.read(lambda c: visits.whole_queue(c, history))


class SqlUpkeep:
    """``Upkeep`` in SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def prune(self, at: int) -> None:
        """See ``Upkeep``."""

        def job(connection: Connection) -> None:
            visits.prune(connection, at)
            accounts.prune(connection, at)

        await self._db.write(job)

    async def scrub(self) -> bool:
        """See ``Upkeep``."""
        return await self._db.checkpoint()

    async def audit_head(self) -> Head:
        """See ``Upkeep``."""
        return await self._db.read(audit_log.head)
