"""Second factors, passwords and sessions of an account in SQL. Runs inside a transaction of its caller."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, insert, select, update

from carena_protocol.staff_rest import SessionInfo
from carena_server.repository import Factor
from carena_server.store.accounts import directory_changed, revoke, revoke_all
from carena_server.store.audit_log import AuditLog
from carena_server.store.schema import account, recovery_code, refresh_token, token_family


def change_password(
    connection: Connection, log: AuditLog, account_id: str, encoded: str, *, keep: str, at: int
) -> list[str]:
    """Replace the password and end the other sessions; returns them."""
    connection.execute(update(account).where(account.c.id == account_id).values(password_hash=encoded))
    log.append(connection, at=at, actor=account_id, action="user.password", subject=account_id)
    return revoke_all(connection, account_id, at, keep)


def factor(connection: Connection, account_id: str) -> Factor:
    """Return the second factor as it is stored."""
    row = connection.execute(select(account).where(account.c.id == account_id)).one()
    left = connection.execute(
        select(func.count()).select_from(recovery_code).where(recovery_code.c.account_id == account_id)
    ).scalar_one()
    return Factor(row.totp_secret, row.totp_pending, row.totp_step, int(left))


def use_step(connection: Connection, account_id: str, step: int) -> bool:
    """Use up a time step: of two sign-ins with one code, one gets in."""
    used = connection.execute(
        update(account)
        .where(account.c.id == account_id, account.c.totp_step < step)
        .values(totp_step=step)
        .returning(account.c.id)
    ).one_or_none()
    return used is not None


def use_recovery_code(connection: Connection, log: AuditLog, account_id: str, digest: str, at: int) -> bool:
    """Use up a recovery code."""
    used = connection.execute(
        delete(recovery_code)
        .where(recovery_code.c.account_id == account_id, recovery_code.c.digest == digest)
        .returning(recovery_code.c.digest)
    ).one_or_none()
    if used is None:
        return False
    log.append(connection, at=at, actor=account_id, action="factor.recovery", subject=account_id)
    return True


def set_pending(connection: Connection, account_id: str, sealed: str) -> None:
    """Remember the secret that is being set up; an earlier one that was not confirmed is forgotten."""
    connection.execute(update(account).where(account.c.id == account_id).values(totp_pending=sealed))


def confirm(
    connection: Connection, log: AuditLog, account_id: str, step: int, *, digests: Sequence[str], at: int
) -> bool:
    """Make the pending secret the one that counts."""
    confirmed = connection.execute(
        update(account)
        .where(account.c.id == account_id, account.c.totp_pending.is_not(None))
        .values(totp_secret=account.c.totp_pending, totp_pending=None, totp_step=step)
        .returning(account.c.id)
    ).one_or_none()
    if confirmed is None:
        return False
    _store_codes(connection, account_id, digests)
    log.append(connection, at=at, actor=account_id, action="factor.enrol", subject=account_id)
    return True


def replace_recovery_codes(
    connection: Connection, log: AuditLog, account_id: str, digests: Sequence[str], at: int
) -> None:
    """Replace the recovery codes."""
    _store_codes(connection, account_id, digests)
    log.append(connection, at=at, actor=account_id, action="factor.codes", subject=account_id)


def remove(connection: Connection, log: AuditLog, account_id: str, *, actor: str, at: int) -> None:
    """Remove the second factor."""
    connection.execute(update(account).where(account.c.id == account_id).values(totp_secret=None, totp_pending=None))
    connection.execute(delete(recovery_code).where(recovery_code.c.account_id == account_id))
    directory_changed(connection)
    log.append(connection, at=at, actor=actor, action="factor.remove", subject=account_id)


def sessions(connection: Connection, account_id: str | None, at: int) -> list[SessionInfo]:
    """Return the families that can still be used, the last used first."""
    alive = select(refresh_token.c.family_id).where(
        refresh_token.c.expires_at > at, refresh_token.c.used_at.is_(None), refresh_token.c.superseded.is_(False)
    )
    statement = (
        select(token_family, account.c.display_name)
        .join(account, account.c.id == token_family.c.account_id)
        .where(token_family.c.revoked_at.is_(None), account.c.disabled.is_(False), token_family.c.id.in_(alive))
        .order_by(token_family.c.last_used_at.desc())
    )
    if account_id is not None:
        statement = statement.where(token_family.c.account_id == account_id)
    return [
        SessionInfo(
            id=row.id,
            device=row.device,
            address=row.address,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            user=row.account_id,
            user_name=row.display_name,
        )
        for row in connection.execute(statement)
    ]


def revoke_session(
    connection: Connection, log: AuditLog, family: str, account_id: str | None, *, actor: str, at: int
) -> bool:
    """End a session."""
    statement = select(token_family.c.id).where(token_family.c.id == family, token_family.c.revoked_at.is_(None))
    if account_id is not None:
        statement = statement.where(token_family.c.account_id == account_id)
    if connection.execute(statement).one_or_none() is None:
        return False
    revoke(connection, family, at)
    log.append(connection, at=at, actor=actor, action="session.revoke", subject=family)
    return True


def _store_codes(connection: Connection, account_id: str, digests: Sequence[str]) -> None:
    connection.execute(delete(recovery_code).where(recovery_code.c.account_id == account_id))
    connection.execute(insert(recovery_code), [{"account_id": account_id, "digest": digest} for digest in digests])
