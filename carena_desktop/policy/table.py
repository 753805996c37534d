"""The table of policies: each one's name, type, meaning and default.

Everything else about policies is made from it: the loader, ``--show-policy``, the templates for Windows and macOS, the
JSON Schema and the administrator's reference.

A policy stands here when the program acts on it, and not before. Pure; importing it costs nothing.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

Value = bool | str | tuple[str, ...] | None
"""What a policy says; None is "nothing": the program's usual behaviour."""


class Kind(StrEnum):
    """What a policy's value is."""

    SWITCH = "switch"
    """true or false."""
    CHOICE = "choice"
    """One of the policy's ``choices``."""
    SERVER = "server"
    """An address, ``https://HOST[:PORT]``."""
    SERVERS = "servers"
    """A list of addresses."""
    FINGERPRINTS = "fingerprints"
    """A list of SHA-256 fingerprints of public keys, 64 hex digits each."""


LISTS: Final = frozenset({Kind.SERVERS, Kind.FINGERPRINTS})


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy.

    Attributes:
        name: In every source; CamelCase, never changed once released.
        kind: Of the value.
        default: Without any source.
        title: A few words.
        help: What it does, for the administrator.
        strictest: For a policy of safety, the value that gives the least away. Of all sources the strictest wins, and a
            value that can't be read counts as this one. None for one whose first source wins.
        safety: Whether it is one of safety.
        choices: Of a CHOICE, for a policy of safety from the least strict to the strictest.
        example: A value, as JSON.
        per_user: Whether a user (settings, command line) may set it where no administrator did.
    """

    name: str
    kind: Kind
    default: Value
    title: str
    help: str
    example: str
    safety: bool = False
    strictest: Value = None
    choices: tuple[str, ...] = ()
    per_user: bool = True


POLICIES: Final = (
    Policy(
        name="ServerUrl",
        kind=Kind.SERVER,
        default="",
        title="Server to sign in to",
        help=(
            "The address that the sign-in screen offers. When it is mandatory the address can't be changed there. "
            "Without it, the server used last is offered."
        ),
        example='"https://visits.example.org"',
    ),
    Policy(
        name="AllowedServers",
        kind=Kind.SERVERS,
        default=None,
        title="Servers that may be used",
        help=(
            "Carena connects to these servers and to no other, also when a link asks for another. Without it every "
            "server may be used. An empty list allows none."
        ),
        example='["https://visits.example.org", "https://visits-test.example.org:8443"]',
        safety=True,
        strictest=(),
    ),
    Policy(
        name="AuthorityPins",
        kind=Kind.FINGERPRINTS,
        default=None,
        title="Certificate authorities of the servers",
        help=(
            "SHA-256 fingerprints of the public keys of the local certificate authorities that servers may have, as "
            "carena-server prints them at its start. A server whose authority is named is trusted without a question; "
            "one with another authority, or with a certificate of a public one, is refused. Without it the user "
            "compares the fingerprint at the first sign-in."
        ),
        example='["373ae29c7d7efc06987d94788631eeccb1c47e28ae498c5ef88b37e3c0ff93a3"]',
        safety=True,
        strictest=(),
        per_user=False,
    ),
    Policy(
        name="RelayOnly",
        kind=Kind.SWITCH,
        default=False,
        title="Calls through the TURN relay only",
        help=(
            "Calls use the relay even where a direct path would work, so that neither side learns the other's network "
            "address. Without a relay there are no calls then."
        ),
        example="true",
        safety=True,
        strictest=True,
    ),
    Policy(
        name="AllowCamera",
        kind=Kind.SWITCH,
        default=True,
        title="Camera",
        help="When false, Carena never opens a camera on this computer; visits are held with sound.",
        example="false",
        safety=True,
        strictest=False,
    ),
    Policy(
        name="KeepSignedIn",
        kind=Kind.SWITCH,
        default=True,
        title="Staying signed in",
        help=(
            "When false, nothing is kept in the system's keyring: a sign-in ends with the program. For computers that "
            "several people use under one account."
        ),
        example="false",
        safety=True,
        strictest=False,
    ),
    Policy(
        name="LogLevel",
        kind=Kind.CHOICE,
        default="info",
        title="How much the log tells",
        help="Patient data is in none of the levels; the less talkative of all sources is taken.",
        example='"warning"',
        safety=True,
        strictest="error",
        choices=("debug", "info", "warning", "error"),
    ),
)

BY_NAME: Final = {policy.name: policy for policy in POLICIES}
