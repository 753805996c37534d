"""What a policy is made of: its kind of value, and the fields of one row of the table. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

Value = bool | int | str | tuple[str, ...] | None
"""What a policy says; None is "nothing": the program's usual behaviour."""


class Kind(StrEnum):
    """What a policy's value is."""

    SWITCH = "switch"
    """true or false."""
    NUMBER = "number"
    """A whole number from ``minimum`` to ``maximum``; for a policy of safety the smaller is the stricter."""
    CHOICE = "choice"
    """One of the policy's ``choices``."""
    CHOICES = "choices"
    """A list of some of the policy's ``choices``."""
    SERVER = "server"
    """An address, ``https://HOST[:PORT]``."""
    SERVERS = "servers"
    """A list of addresses."""
    FINGERPRINTS = "fingerprints"
    """A list of SHA-256 fingerprints of public keys, 64 hex digits each."""
    NAMES = "names"
    """A list of names, in which ``*`` stands for any characters."""
    PROXY = "proxy"
    """``system``, ``direct``, ``http://HOST:PORT``, or ``pac+`` and the address of a configuration script."""


LISTS: Final = frozenset({Kind.SERVERS, Kind.FINGERPRINTS, Kind.NAMES, Kind.CHOICES})


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
        server_cannot: Why the signed-in server can't set it; "" where it can.
        minimum: Of a NUMBER.
        maximum: Of a NUMBER.
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
    server_cannot: str = ""
    minimum: int = 0
    maximum: int = 0

    @property
    def by_server(self) -> bool:
        """Whether the signed-in server may set it."""
        return not self.server_cannot
