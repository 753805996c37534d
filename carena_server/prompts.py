"""What the console asks a person: names and passwords, checked before anything is done with them."""

import argparse
import getpass
import secrets
import sys

import msgspec

from carena_protocol.errors import ErrorCode
from carena_protocol.rest import LoginRequest
from carena_server import password_policy
from carena_server.settings import Settings


class UsageError(Exception):
    """The command can't be carried out as given; the text is for the person at the console."""


def read_password(
    options: argparse.Namespace, username: str, settings: Settings, *, names: tuple[str, ...] = ()
) -> tuple[str, bool]:
    """Return a password and whether it was made here and has to be shown."""
    if options.password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty() and not options.generate_password:
        password = getpass.getpass(f"Password for {username} (empty: make one): ")
        if password and getpass.getpass("Again: ") != password:
            raise UsageError("the two passwords differ")
    else:
        password = ""
    if not password and not options.password_stdin:
        return secrets.token_urlsafe(15), True
    _check(username, password or "-")
    least = settings.passwords.min_length
    match password_policy.refused(password, min_length=least, context=(username, *names, settings.clinic)):
        case ErrorCode.PASSWORD_TOO_SHORT:
            raise UsageError(f"a password has at least {least} characters")
        case ErrorCode.PASSWORD_BLOCKED:
            raise UsageError("this password is among those that are tried first; take another")
        case _:
            pass
    return password, False


def read_admin(options: argparse.Namespace) -> str:
    """Return the first administrator's username."""
    name: str | None = options.admin
    if name is None:
        if not sys.stdin.isatty():
            raise UsageError("--admin NAME is needed where nobody can be asked")
        name = input("Username of the first administrator: ").strip()
    check_username(name)
    return name


def check_username(username: str) -> None:
    """Raise UsageError for a name that nobody could sign in with."""
    _check(username, "-")


def _check(username: str, password: str) -> None:
    try:
        msgspec.convert({"username": username, "password": password}, LoginRequest)
    except msgspec.ValidationError:
        raise UsageError(
            "a username has 1 to 64 letters, digits or . _ @ -, a password at most 256 characters"
        ) from None
