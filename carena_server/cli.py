"""The command line: ``carena-server init | serve | user ... | room ... | audit verify | backup | link create``.

The console of the machine is trusted with accounts; what it does is audited like everything else. Passwords come from a
prompt, from standard input, or are made here and shown once: never from an argument, which other users can see.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from carena_protocol import limits
from carena_protocol.messages import Role
from carena_server import __version__, console, logs, room_console
from carena_server import settings as config
from carena_server.authority import AuthorityError
from carena_server.data import DataDirectory, DataError
from carena_server.prompts import UsageError
from carena_server.settings import SettingsError
from carena_server.store.accounts import AccountError
from carena_server.store.migrate import SchemaTooNewError

_STAFF: Final = [role.value for role in Role if role is not Role.PATIENT]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit code: 0 done, 1 refused, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    logs.configure(options.log_level)
    try:
        settings = config.load(None if options.config is None else Path(options.config))
        if options.listen is not None:
            settings = msgspec.structs.replace(settings, listen=options.listen)
        config.listen_address(settings.listen)
        code: int = options.run(options, DataDirectory(Path(options.data)), settings)
    except (UsageError, SettingsError, DataError, AuthorityError, AccountError, SchemaTooNewError) as error:
        print(f"carena-server: {error}", file=sys.stderr)  # noqa: T201 - the console
        return 1
    except OSError as error:
        print(f"carena-server: {error.strerror or error}", file=sys.stderr)  # noqa: T201 - the console
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", default="carena-data", metavar="DIR", help="data directory (default: %(default)s)")
    common.add_argument("--config", metavar="FILE", help="configuration (TOML)")
    common.add_argument("--listen", metavar="HOST:PORT", help="address to listen on (default: 127.0.0.1:8443)")
    common.add_argument("--log-level", default="info", choices=["debug", "info", "warning", "error"])
    password = argparse.ArgumentParser(add_help=False)
    password.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    password.add_argument("--generate-password", action="store_true", help="make a password and print it once")

    parser = argparse.ArgumentParser("carena-server", description="Signaling, waiting room and portal of Carena.")
    parser.add_argument("--version", action="version", version=f"carena-server {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    init = commands.add_parser(
        "init", parents=[common, password], help="make the data directory and the first administrator"
    )
    init.add_argument("--admin", metavar="NAME", help="username of the first administrator")
    init.set_defaults(run=console.init)
    serve = commands.add_parser("serve", parents=[common], help="serve until SIGTERM")
    serve.add_argument("--ready-file", metavar="FILE", help="write url, fingerprint and pid here (JSON) when ready")
    serve.set_defaults(run=console.serve)

    _user_commands(commands, common, password)
    _room_commands(commands, common)
    audit = commands.add_parser("audit", help="the audit log").add_subparsers(required=True, metavar="COMMAND")
    verify = audit.add_parser("verify", parents=[common], help="check that nothing was changed or removed")
    verify.add_argument("--expect", metavar="SEQ:MAC", help="a head printed before, kept elsewhere")
    verify.set_defaults(run=console.audit_verify)

    backup = commands.add_parser("backup", parents=[common], help="copy the data directory while the server runs")
    backup.add_argument("target", metavar="TARGET", help="a new directory")
    backup.set_defaults(run=console.backup)

    link = commands.add_parser("link", help="visit links").add_subparsers(required=True, metavar="COMMAND")
    create = link.add_parser("create", parents=[common], help="make a visit link and print it")
    create.add_argument("--reusable", action="store_true", help="several patients may use it, one visit each")
    create.add_argument("--expires-in", type=int, default=86400, metavar="SECONDS")
    create.add_argument("--room", default=limits.FIRST_ROOM, metavar="ROOM", help="room it leads to")
    create.set_defaults(run=console.link_create)
    return parser


def _user_commands(commands: Any, common: argparse.ArgumentParser, password: argparse.ArgumentParser) -> None:
    user = commands.add_parser("user", help="accounts of staff").add_subparsers(required=True, metavar="COMMAND")
    add = user.add_parser("add", parents=[common, password], help="add an account")
    add.add_argument("username")
    add.add_argument("--role", required=True, choices=_STAFF)
    add.add_argument("--name", help="name that others read (default: the username)")
    add.add_argument("--room", action="append", metavar="ROOM", help="serves this room only; may be repeated")
    add.set_defaults(run=console.user_add)
    change = user.add_parser("set", parents=[common], help="change an account")
    change.add_argument("username")
    change.add_argument("--name", help="name that others read")
    change.add_argument("--role", choices=_STAFF, help="ends the account's sessions")
    serves = change.add_mutually_exclusive_group()
    serves.add_argument("--room", action="append", metavar="ROOM", help="serves this room only; may be repeated")
    serves.add_argument("--all-rooms", action="store_true", help="serves every room")
    change.add_argument(
        "--remove-second-factor", action="store_true", help="for somebody who lost it; ends the account's sessions"
    )
    change.set_defaults(run=console.user_set)
    user.add_parser("list", parents=[common], help="list the accounts").set_defaults(run=console.user_list)
    disable = user.add_parser("disable", parents=[common], help="disable an account and end its sessions")
    disable.add_argument("username")
    disable.add_argument("--enable", action="store_true", help="enable it again")
    disable.set_defaults(run=console.user_disable)
    reset = user.add_parser(
        "reset", parents=[common, password], help="set a new password and end the account's sessions"
    )
    reset.add_argument("username")
    reset.set_defaults(run=console.user_reset)


def _room_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    room = commands.add_parser("room", help="waiting rooms").add_subparsers(required=True, metavar="COMMAND")
    add = room.add_parser("add", parents=[common], help="add a room")
    add.add_argument("name")
    add.set_defaults(run=room_console.add)
    room.add_parser("list", parents=[common], help="list the rooms").set_defaults(run=room_console.show)
    change = room.add_parser("set", parents=[common], help="change a room's settings")
    change.add_argument("room", help="its name or id")
    change.add_argument("--rename", metavar="NAME")
    change.add_argument("--targets", type=int, nargs=5, metavar="MIN", help="minutes to be seen within, acuity 1 to 5")
    change.add_argument("--retriage-min", type=int, metavar="MIN", help="look again at who waits so long; 0: never")
    change.add_argument("--alarm-waiting", type=int, metavar="N", help="alarm when so many wait; 0: never")
    change.add_argument("--alarm-wait-min", type=int, metavar="MIN", help="alarm when somebody waits so long; 0: never")
    change.add_argument("--away-max-min", type=int, metavar="MIN", help="how long a patient may step out")
    change.add_argument("--triage-first", action=argparse.BooleanOptionalAction, help="patients need triage first")
    change.add_argument("--hours", metavar="HOURS", help="'mon-fri 08:00-17:30; sat 09:00-12:00', or 'always'")
    change.add_argument("--zone", metavar="ZONE", help="time zone of the hours, such as Europe/Madrid")
    change.add_argument("--closed-text", metavar="TEXT", help="what patients read while the room is closed")
    change.add_argument(
        "--closed-text-in",
        action="append",
        metavar="LANGUAGE=TEXT",
        help="the same in a language (en, es, …), an empty text takes it back; may be repeated",
    )
    change.add_argument(
        "--field",
        action="append",
        metavar="FIELD=off|optional|required",
        help=f"what check-in asks for: {', '.join(room_console.FIELDS)}; may be repeated",
    )
    change.set_defaults(run=room_console.change)
