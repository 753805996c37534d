"""Accounts and tokens in SQL. Each function runs inside one transaction of its caller; secrets arrive as digests."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from carena_protocol.messages import Role
from carena_server.repository import Account, Authorised, RefreshRefused, TokenDigests
from carena_server.store.audit_log import AuditLog
from carena_server.store.schema import CLINIC_ID, access_token, account, clinic, refresh_token, token_family
from carena_server.tokens import RefreshFacts, RefreshVerdict, judge_refresh

LOCAL: str = "console"
"""Actor of what the command line does."""


class AccountError(ValueError):
    """The account does not exist, or exists already."""


def add(connection: Connection, log: AuditLog, new: Account, at: int, actor: str = LOCAL) -> None:
    """Create an account. Raises AccountError when the username is taken."""
    try:
        with connection.begin_nested():
            connection.execute(
                insert(account).values(
                    id=new.id,
                    username=new.username.lower(),
                    display_name=new.display_name,
                    role=new.role.value,
                    password_hash=new.password_hash,
                    disabled=new.disabled,
                    created_at=at,
                )
            )
    except IntegrityError:
        raise AccountError("this username is taken") from None
    directory_changed(connection)
    log.append(connection, at=at, actor=actor, action="user.add", subject=new.id, detail=new.role.value)


def listing(connection: Connection) -> list[Account]:
    """Return every account, by username."""
    return [to_account(row) for row in connection.execute(select(account).order_by(account.c.username))]


def by_id(connection: Connection, account_id: str) -> Account | None:
    """Return an account."""
    row = connection.execute(select(account).where(account.c.id == account_id)).one_or_none()
    return None if row is None else to_account(row)


def find(connection: Connection, username: str) -> Account | None:
    """Return the account of a username."""
    row = connection.execute(select(account).where(account.c.username == username.lower())).one_or_none()
    return None if row is None else to_account(row)


def set_disabled(connection: Connection, log: AuditLog, username: str, at: int, *, disabled: bool) -> Account:
    """Disable or enable an account; disabling ends its sessions. Raises AccountError."""
    found = _require(connection, username)
    connection.execute(update(account).where(account.c.id == found.id).values(disabled=disabled))
    if disabled:
        revoke_all(connection, found.id, at)
    directory_changed(connection)
    action = "user.disable" if disabled else "user.enable"
    log.append(connection, at=at, actor=LOCAL, action=action, subject=found.id)
    return found


def reset_password(connection: Connection, log: AuditLog, username: str, encoded: str, at: int) -> Account:
    """Set a new password and end the account's sessions. Raises AccountError."""
    found = _require(connection, username)
    connection.execute(update(account).where(account.c.id == found.id).values(password_hash=encoded))
    revoke_all(connection, found.id, at)
    log.append(connection, at=at, actor=LOCAL, action="user.reset", subject=found.id)
    return found


def store_password(connection: Connection, account_id: str, encoded: str) -> None:
    """Replace a hash by one of the same password."""
    connection.execute(update(account).where(account.c.id == account_id).values(password_hash=encoded))


def sign_in(
    connection: Connection,
    log: AuditLog,
    account_id: str,
    family: str,
    *,
    tokens: TokenDigests,
    at: int,
    device: str = "",
    address: str = "",
) -> bool:
    """Start a family, unless the account is disabled."""
    enabled = select(account.c.id).where(account.c.id == account_id, account.c.disabled.is_(False))
    if connection.execute(enabled).one_or_none() is None:
        return False
    connection.execute(
        insert(token_family).values(
            id=family, account_id=account_id, created_at=at, last_used_at=at, device=device[:80], address=address[:64]
        )
    )
    _store(connection, family, tokens)
    log.append(connection, at=at, actor=account_id, action="session.sign_in", subject=family)
    return True


def refresh(
    connection: Connection, log: AuditLog, shown: str, *, tokens: TokenDigests, at: int, grace_ms: int
) -> Authorised | RefreshRefused:
    """Carry out what ``judge_refresh`` decides."""
    row = connection.execute(_with_family().where(refresh_token.c.digest == shown)).one_or_none()
    verdict = judge_refresh(_facts(connection, row), now_ms=at, grace_ms=grace_ms)
    if row is None or verdict is RefreshVerdict.REFUSE:
        return RefreshRefused(reused=False)
    family = row.family_id
    match verdict:
        case RefreshVerdict.REVOKE_FAMILY:
            revoke(connection, family, at)
            log.append(connection, at=at, actor=row.account_id, action="session.reuse", subject=family)
            return RefreshRefused(reused=True, family=family)
        case RefreshVerdict.REPLACE_SUCCESSOR:
            connection.execute(
                update(refresh_token).where(refresh_token.c.digest == row.successor).values(superseded=True)
            )
            connection.execute(delete(access_token).where(access_token.c.family_id == family))
        case RefreshVerdict.ROTATE:
            pass
    _store(connection, family, tokens)
    connection.execute(
        update(refresh_token)
        .where(refresh_token.c.digest == shown)
        .values(used_at=at if row.used_at is None else row.used_at, successor=tokens.refresh)
    )
    connection.execute(update(token_family).where(token_family.c.id == family).values(last_used_at=at))
    found = connection.execute(select(account).where(account.c.id == row.account_id)).one()
    return Authorised(to_account(found), family)


def sign_out(connection: Connection, log: AuditLog, shown: str, at: int) -> str | None:
    """Revoke the family of a refresh token, however old the token is."""
    row = connection.execute(_with_family().where(refresh_token.c.digest == shown)).one_or_none()
    if row is None:
        return None
    if row.revoked_at is None:
        revoke(connection, row.family_id, at)
        log.append(connection, at=at, actor=row.account_id, action="session.sign_out", subject=row.family_id)
    return str(row.family_id)


def authorise(connection: Connection, access: str, at: int) -> Authorised | None:
    """Return who an access token speaks for."""
    row = connection.execute(
        select(account, token_family.c.id.label("family_id"))
        .join(token_family, token_family.c.account_id == account.c.id)
        .join(access_token, access_token.c.family_id == token_family.c.id)
        .where(
            access_token.c.digest == access,
            access_token.c.expires_at > at,
            token_family.c.revoked_at.is_(None),
            account.c.disabled.is_(False),
        )
    ).one_or_none()
    return None if row is None else Authorised(to_account(row), row.family_id)


def active_families(connection: Connection, families: Sequence[str]) -> set[str]:
    """Return those families that still speak for an enabled account."""
    rows = connection.execute(
        select(token_family.c.id)
        .join(account, account.c.id == token_family.c.account_id)
        .where(token_family.c.id.in_(families), token_family.c.revoked_at.is_(None), account.c.disabled.is_(False))
    )
    return {row.id for row in rows}


def directory_changed(connection: Connection) -> None:
    """Give the directory its next version: a running server reads it again."""
    connection.execute(
        update(clinic).where(clinic.c.id == CLINIC_ID).values(directory_version=clinic.c.directory_version + 1)
    )


def prune(connection: Connection, at: int) -> None:
    """Delete expired tokens and families without any."""
    connection.execute(delete(access_token).where(access_token.c.expires_at <= at))
    connection.execute(delete(refresh_token).where(refresh_token.c.expires_at <= at))
    connection.execute(
        delete(token_family).where(
            token_family.c.id.not_in(select(refresh_token.c.family_id)),
            token_family.c.id.not_in(select(access_token.c.family_id)),
        )
    )


def _facts(connection: Connection, row: Row[Any] | None) -> RefreshFacts | None:
    if row is None:
        return None
    successor = connection.execute(
        select(refresh_token.c.digest).where(
            refresh_token.c.digest == row.successor,
            refresh_token.c.used_at.is_(None),
            refresh_token.c.superseded.is_(False),
        )
    ).one_or_none()
    return RefreshFacts(
        expires_at=row.expires_at,
        used_at=row.used_at,
        superseded=row.superseded,
        successor_untouched=successor is not None,
        family_active=row.revoked_at is None and not row.disabled,
    )


def _with_family() -> Any:
    return (
        select(refresh_token, token_family.c.account_id, token_family.c.revoked_at, account.c.disabled)
        .join(token_family, token_family.c.id == refresh_token.c.family_id)
        .join(account, account.c.id == token_family.c.account_id)
    )


def _store(connection: Connection, family: str, tokens: TokenDigests) -> None:
    connection.execute(
        insert(refresh_token).values(
            digest=tokens.refresh, family_id=family, expires_at=tokens.refresh_expires_at, superseded=False
        )
    )
    connection.execute(
        insert(access_token).values(digest=tokens.access, family_id=family, expires_at=tokens.access_expires_at)
    )


def revoke(connection: Connection, family: str, at: int) -> None:
    """End a family: none of its tokens is good any more."""
    connection.execute(update(token_family).where(token_family.c.id == family).values(revoked_at=at))
    connection.execute(delete(access_token).where(access_token.c.family_id == family))


def revoke_all(connection: Connection, account_id: str, at: int, keep: str = "") -> list[str]:
    """End every family of an account but ``keep``, and return them."""
    open_families = select(token_family.c.id).where(
        token_family.c.account_id == account_id, token_family.c.revoked_at.is_(None), token_family.c.id != keep
    )
    ended = [str(row.id) for row in connection.execute(open_families).all()]
    for family in ended:
        revoke(connection, family, at)
    return ended


def _require(connection: Connection, username: str) -> Account:
    found = find(connection, username)
    if found is None:
        raise AccountError("no such user")
    return found


def to_account(row: Row[Any]) -> Account:
    """Return the value of a row."""
    return Account(
        id=row.id,
        username=row.username,
        display_name=row.display_name,
        role=Role(row.role),
        disabled=bool(row.disabled),
        password_hash=row.password_hash,
        second_factor=row.totp_secret,
        created_at=row.created_at,
    )
