"""Where an alert sounds: which of the outputs that are plugged in. Pure.

Outputs are remembered by what the system calls them, not by an id: an administrator can write a name, and of two with
one name both ring, which is what an alert is for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase


class Where(StrEnum):
    """The policy ``AlertOutputs``."""

    USUAL = "usual"
    ALSO = "also"
    """On the usual one and on those of the policy ``AlertDevices``."""
    EVERY = "every"


@dataclass(frozen=True, slots=True)
class Output:
    """A loudspeaker or headset; ``usual``: the system's default."""

    id: str
    name: str
    usual: bool = False


@dataclass(frozen=True, slots=True)
class Ringing:
    """Where it sounds now; ``missing``: none of the outputs that were asked for beside the usual one is there."""

    outputs: tuple[Output, ...]
    missing: bool = False


def ringing(where: Where, names: Sequence[str], outputs: Sequence[Output]) -> Ringing:
    """Return where an alert sounds. When the other output is gone it sounds everywhere: better loud than missed."""
    usual = tuple(one for one in outputs if one.usual)
    match where:
        case Where.USUAL:
            return Ringing(usual)
        case Where.EVERY:
            return Ringing(tuple(outputs))
        case Where.ALSO:
            if not names:
                return Ringing(usual)
            chosen = tuple(one for one in outputs if any(fits(one.name, name) for name in names))
            if not chosen:
                return Ringing(tuple(outputs), missing=True)
            return Ringing((*usual, *(one for one in chosen if not one.usual)))


def fits(name: str, pattern: str) -> bool:
    """Whether a name is meant; ``*`` stands for any characters and nothing else is special."""
    return fnmatchcase(name.casefold(), pattern.casefold().replace("[", "[[]").replace("?", "[?]"))
