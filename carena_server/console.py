"""What the commands of the command line do, each in one transaction on the data directory."""

import argparse
import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import UNSET
from sqlalchemy import Connection

from carena_protocol.admin_rest import UserUpdate
from carena_protocol.messages import Role
from carena_protocol.rest import LinkRequest
from carena_protocol.staff_rest import SecondFactor
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
from carena_server.store import accounts, administration, arrivals, rooms
from carena_server.store.audit_log import AuditLog, read_anchor, write_anchor
from carena_server.store.audit_log import head as audit_head
from carena_server.tokens import digest, new_identifier, new_link_secret


def init(options: argparse.Namespace, data: DataDirectory, settings: Settings) -> int:
    """Make the data directory, the authority and the first administrator; refuse where there is one."""
    name = prompts.read_admin(options)
    data.prepare()
    with writing(data) as connection:
        if any(account.role is Role.ADMINISTRATOR for account in accounts.listing(connection)):
            raise prompts.UsageError(f"{data.path} has an administrator already; see: user add, user reset")
    password, made = prompts.read_password(options, name, settings)
    host, _ = config.listen_address(settings.listen)
    identity = data.identity(settings, host, SYSTEM_CLOCK.wall_ms())
    _add(data, settings, Account(new_identifier(), name, name, Role.ADMINISTRATOR, disabled=False), password)
    say(f"Administrator {name} made.")
    if made:
        say(f"Password, shown only now: {password}")
    if identity.fingerprint is not None:
        say(f"Certificate authority (SHA-256 of its public key): {identity.fingerprint}")
    return 0


def serve(options: argparse.Namespace, data: DataDirectory, settings: Settings) -> int:
    """Serve until told to stop."""
    data.prepare()
    with reading(data) as connection:
        if not accounts.listing(connection):
            say(f"Nobody can sign in yet. Make the first administrator with: carena-server init --data {data.path}")
    server.run(data, settings, None if options.ready_file is None else Path(options.ready_file))
    return 0


def user_add(options: argparse.Namespace, data: DataDirectory, settings: Settings) -> int:
    """Add an account."""
    prompts.check_username(options.username)
    password, made = prompts.read_password(options, options.username, settings)
    name = options.name or options.username
    account = Account(new_identifier(), options.username, name, Role(options.role), disabled=False)
    _add(data, settings, account, password, options.room or [])
    say(f"{options.role.capitalize()} {options.username} added.")
    if made:
        say(f"Password, shown only now: {password}")
    return 0


def user_list(_options: argparse.Namespace, data: DataDirectory, _settings: Settings) -> int:
    """List the accounts."""
    with reading(data) as connection:
        found = administration.users(connection)
        names = {room.id: room.name for room in rooms.listing(connection)}
    for user in found:
        state = "disabled" if user.disabled else "enabled"
        factor = "2nd factor" if user.second_factor is SecondFactor.ACTIVE else ""
        serves = ", ".join(names[room] for room in user.rooms) or "all rooms"
        say(f"{user.username:<24} {user.role.value:<14} {state:<9} {factor:<11} {user.display_name} ({serves})")
    return 0


def user_set(options: argparse.Namespace, data: DataDirectory, _settings: Settings) -> int:
    """Change an account's name, role or rooms, or take its second factor away."""
    log = AuditLog(data.audit_key())
    with writing(data) as connection:
        found = accounts.find(connection, options.username)
        if found is None:
            raise prompts.UsageError("no such user")
        serves = None if options.room is None else tuple(room_ids(connection, options.room))
        wish = UserUpdate(
            id=found.id,
            display_name=UNSET if options.name is None else options.name,
            role=UNSET if options.role is None else Role(options.role),
            rooms=() if options.all_rooms else UNSET if serves is None else serves,
            reset_second_factor=options.remove_second_factor,
        )
        administration.update_user(connection, log, wish, None, actor=accounts.LOCAL, at=SYSTEM_CLOCK.wall_ms())
    say(f"{options.username} changed.")
    return 0


def user_disable(options: argparse.Namespace, data: DataDirectory, _settings: Settings) -> int:
    """Disable or enable an account."""
    log = AuditLog(data.audit_key())
    with writing(data) as connection:
        accounts.set_disabled(connection, log, options.username, SYSTEM_CLOCK.wall_ms(), disabled=not options.enable)
    say(f"{options.username} {'enabled' if options.enable else 'disabled'}.")
    return 0


def user_reset(options: argparse.Namespace, data: DataDirectory, settings: Settings) -> int:
    """Set a new password."""
    password, made = prompts.read_password(options, options.username, settings)
    encoded = PasswordHasher(settings.passwords).hash_now(password)
    log = AuditLog(data.audit_key())
    with writing(data) as connection:
        accounts.reset_password(connection, log, options.username, encoded, SYSTEM_CLOCK.wall_ms())
    say(f"Password of {options.username} set; its sessions have ended.")
    if made:
        say(f"Password, shown only now: {password}")
    return 0


def audit_verify(options: argparse.Namespace, data: DataDirectory, _settings: Settings) -> int:
    """Check the audit log against its chain, its anchor and a head from elsewhere."""
    anchors = [] if options.expect is None else [_parse_head(options.expect)]
    try:
        anchor = read_anchor(data.audit_anchor)
    except ValueError as error:
        say(f"audit log: {error}")
        return 1
    if anchor is not None:
        anchors.append(anchor)
    log = AuditLog(data.audit_key())
    with reading(data) as connection:
        result = log.verify(connection, anchors)
    if isinstance(result, Broken):
        say(f"audit log: broken at entry {result.seq}: {result.problem}")
        return 1
    say(f"audit log: {result.entries} entries, unbroken")
    if anchor is None:
        say("No anchor was found: entries cut off at the end would not be noticed.")
    say(f"Head, worth keeping elsewhere: {result.head.seq}:{result.head.mac}")
    say("Not noticed: a history rewritten by someone with audit.key, or all files put back to an older state.")
    return 0


def backup(options: argparse.Namespace, data: DataDirectory, _settings: Settings) -> int:
    """Copy the data directory while the server runs."""
    back_up(data, Path(options.target))
    say(f"Backup in {options.target}, without visits under way. It holds keys: keep it as safe as the server.")
    return 0


def link_create(options: argparse.Namespace, data: DataDirectory, settings: Settings) -> int:
    """Make a visit link and print it."""
    try:
        request = msgspec.convert({"reusable": options.reusable, "expires_in_s": options.expires_in}, LinkRequest)
    except msgspec.ValidationError:
        raise prompts.UsageError("--expires-in: from a minute to a year, in seconds") from None
    secret, now = new_link_secret(), SYSTEM_CLOCK.wall_ms()
    log = AuditLog(data.audit_key())
    with writing(data) as connection:
        arrivals.create_link(
            connection,
            log,
            link=new_identifier(),
            digest=digest(secret),
            reusable=request.reusable,
            actor=accounts.LOCAL,
            at=now,
            expires_at=now + request.expires_in_s * 1000,
            room_id=room_ids(connection, [options.room])[0],
        )
    base = (settings.public_url or f"https://{settings.listen}").rstrip("/")
    say(f"{base}/visit#{secret}")
    return 0


@contextlib.contextmanager
def reading(data: DataDirectory) -> Iterator[Connection]:
    """One read transaction on an existing database; the server may go on writing meanwhile."""
    _require(data)
    engine = data.engine()
    try:
        with engine.connect().execution_options(carena_read_only=True) as connection, connection.begin():
            yield connection
    finally:
        engine.dispose()


@contextlib.contextmanager
def writing(data: DataDirectory) -> Iterator[Connection]:
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


def room_ids(connection: Connection, names: list[str]) -> list[str]:
    """Return the ids of rooms that are named or given by id. Raises UsageError."""
    known = {room.name: room.id for room in rooms.listing(connection)} | {
        room.id: room.id for room in rooms.listing(connection)
    }
    missing = [name for name in names if name not in known]
    if missing:
        raise prompts.UsageError(f"no such room: {missing[0]}")
    return [known[name] for name in names]


def _add(data: DataDirectory, settings: Settings, account: Account, password: str, serves: Sequence[str] = ()) -> None:
    encoded = PasswordHasher(settings.passwords).hash_now(password)
    complete = Account(account.id, account.username, account.display_name, account.role, account.disabled, encoded)
    log = AuditLog(data.audit_key())
    with writing(data) as connection:
        chosen = room_ids(connection, list(serves))
        accounts.add(connection, log, complete, SYSTEM_CLOCK.wall_ms())
        rooms.assign(connection, complete.id, frozenset(chosen))


def _parse_head(text: str) -> Head:
    seq, _, mac = text.partition(":")
    if not seq.isascii() or not seq.isdigit() or not mac:
        raise prompts.UsageError("--expect: SEQ:MAC as audit verify prints it")
    return Head(int(seq), mac)


def say(text: str) -> None:
    """Print a line."""
    print(text)  # noqa: T201 - the console
