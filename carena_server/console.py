"""What the commands of the command line do, each in one transaction on the data directory."""

import argparse
import contextlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from carena_protocol.messages import Role
from carena_protocol.rest import LinkRequest
from carena_server import prompts
from carena_server import serve as server
from carena_server import settings as config
from carena_server.audit import Broken, Head
from carena_server.backup import back_up
from carena_server.clock import SYSTEM_CLOCK
from carena_server.data import DataDirectory, DataError
from carena_server.passwords import PasswordHasher
from carena_server.repository import Account
from carena_server.settings import Settings
from carena_server.store import accounts, arrivals
from carena_server.store.audit_log import AuditLog, read_anchor, write_anchor
from carena_server.store.audit_log import head as audit_head
from carena_server.tokens import digest, new_identifier, new_link_secret


def init(options: argparse.Namespace, data: DataDirectory, settings: Settings) -> int:
    """Make the data directory, the authority and the first administrator; refuse where there is one."""
    name = prompts.read_admin(options)
    data.prepare()
    with _writing(data) as connection:
        if any(account.role is Role.ADMINISTRATOR for account in accounts.listing(connection)):
            raise prompts.UsageError(f"{data.path} has an administrator already; see: user add, user reset")
    password, made = prompts.read_password(options, name)
    host, _ = config.listen_address(settings.listen)
    identity = data.identity(settings, host, SYSTEM_CLOCK.wall_ms())
    _add(data, settings, Account(new_identifier(), name, name, Role.ADMINISTRATOR, disabled=False), password)
    _say(f"Administrator {name} made.")
    if made:
        _say(f"Password, shown only now: {password}")
    if identity.fingerprint is not None:
        _say(f"Certificate authority (SHA-256 of its public key): {identity.fingerprint}")
    return 0


def serve(options: argparse.Namespace, data: DataDirectory, settings: Settings) -> int:
    """Serve until told to stop."""
    data.prepare()
    with _reading(data) as connection:
        if not accounts.listing(connection):
            _say(f"Nobody can sign in yet. Make the first administrator with: carena-server init --data {data.path}")
    server.run(data, settings, None if options.ready_file is None else Path(options.ready_file))
    return 0


def user_add(options: argparse.Namespace, data: DataDirectory, settings: Settings) -> int:
    """Add an account."""
    prompts.check_username(options.username)
    password, made = prompts.read_password(options, options.username)
    name = options.name or options.username
    _add(
        data, settings, Account(new_identifier(), options.username, name, Role(options.role), disabled=False), password
    )
    _say(f"{options.role.capitalize()} {options.username} added.")
    if made:
        _say(f"Password, shown only now: {password}")
    return 0


def user_list(_options: argparse.Namespace, data: DataDirectory, _settings: Settings) -> int:
    """List the accounts."""
    with _reading(data) as connection:
        found = accounts.listing(connection)
    for account in found:
        state = "disabled" if account.disabled else "enabled"
        _say(f"{account.username:<24} {account.role.value:<14} {state:<9} {account.display_name}")
    return 0


def user_disable(options: argparse.Namespace, data: DataDirectory, _settings: Settings) -> int:
    """Disable or enable an account."""
    log = AuditLog(data.audit_key())
    with _writing(data) as connection:
        accounts.set_disabled(connection, log, options.username, SYSTEM_CLOCK.wall_ms(), disabled=not options.enable)
    _say(f"{options.username} {'enabled' if options.enable else 'disabled'}.")
    return 0


def user_reset(options: argparse.Namespace, data: DataDirectory, settings: Settings) -> int:
    """Set a new password."""
    password, made = prompts.read_password(options, options.username)
    encoded = PasswordHasher(settings.passwords).hash_now(password)
    log = AuditLog(data.audit_key())
    with _writing(data) as connection:
        accounts.reset_password(connection, log, options.username, encoded, SYSTEM_CLOCK.wall_ms())
    _say(f"Password of {options.username} set; its sessions have ended.")
    if made:
        _say(f"Password, shown only now: {password}")
    return 0


def audit_verify(options: argparse.Namespace, data: DataDirectory, _settings: Settings) -> int:
    """Check the audit log against its chain, its anchor and a head from elsewhere."""
    anchors = [] if options.expect is None else [_parse_head(options.expect)]
    try:
        anchor = read_anchor(data.audit_anchor)
    except ValueError as error:
        _say(f"audit log: {error}")
        return 1
    if anchor is not None:
        anchors.append(anchor)
    log = AuditLog(data.audit_key())
    with _reading(data) as connection:
        result = log.verify(connection, anchors)
    if isinstance(result, Broken):
        _say(f"audit log: broken at entry {result.seq}: {result.problem}")
        return 1
    _say(f"audit log: {result.entries} entries, unbroken")
    if anchor is None:
        _say("No anchor was found: entries cut off at the end would not be noticed.")
    _say(f"Head, worth keeping elsewhere: {result.head.seq}:{result.head.mac}")
    _say("Not noticed: a history rewritten by someone with audit.key, or all files put back to an older state.")
    return 0


def backup(options: argparse.Namespace, data: DataDirectory, _settings: Settings) -> int:
    """Copy the data directory while the server runs."""
    back_up(data, Path(options.target))
    _say(f"Backup in {options.target}, without visits under way. It holds keys: keep it as safe as the server.")
    return 0


def link_create(options: argparse.Namespace, data: DataDirectory, settings: Settings) -> int:
    """Make a visit link and print it."""
    try:
        request = msgspec.convert({"reusable": options.reusable, "expires_in_s": options.expires_in}, LinkRequest)
    except msgspec.ValidationError:
        raise prompts.UsageError("--expires-in: from a minute to a year, in seconds") from None
    secret, now = new_link_secret(), SYSTEM_CLOCK.wall_ms()
    log = AuditLog(data.audit_key())
    with _writing(data) as connection:
        arrivals.create_link(
            connection,
            log,
            link=new_identifier(),
            digest=digest(secret),
            reusable=request.reusable,
            actor=accounts.LOCAL,
            at=now,
            expires_at=now + request.expires_in_s * 1000,
        )
    base = (settings.public_url or f"https://{settings.listen}").rstrip("/")
    _say(f"{base}/visit#{secret}")
    return 0


@contextlib.contextmanager
def _reading(data: DataDirectory) -> Iterator[Connection]:
    """One read transaction on an existing database; the server may go on writing meanwhile."""
    _require(data)
    engine = data.engine()
    try:
        with engine.connect().execution_options(carena_read_only=True) as connection, connection.begin():
            yield connection
    finally:
        engine.dispose()


@contextlib.contextmanager
def _writing(data: DataDirectory) -> Iterator[Connection]:
    """One transaction on an existing database; the anchor is renewed after it."""
    _require(data)
    engine = data.engine()
    try:
        with engine.begin() as connection:
            before = audit_head(connection)
            yield connection
            after = audit_head(connection)
        if after != before:
            write_anchor(data.audit_anchor, Head(after.seq, after.mac))
    finally:
        engine.dispose()


def _require(data: DataDirectory) -> None:
    if not data.database.exists():
        raise DataError(f"{data.path} is no data directory; make one with: carena-server init --data {data.path}")
    data.prepare()


def _add(data: DataDirectory, settings: Settings, account: Account, password: str) -> None:
    encoded = PasswordHasher(settings.passwords).hash_now(password)
    complete = Account(account.id, account.username, account.display_name, account.role, account.disabled, encoded)
    log = AuditLog(data.audit_key())
    with _writing(data) as connection:
        accounts.add(connection, log, complete, SYSTEM_CLOCK.wall_ms())


def _parse_head(text: str) -> Head:
    seq, _, mac = text.partition(":")
    if not seq.isascii() or not seq.isdigit() or not mac:
        raise prompts.UsageError("--expect: SEQ:MAC as audit verify prints it")
    return Head(int(seq), mac)


def _say(text: str) -> None:
    print(text)  # noqa: T201 - the console
