"""Events of the engine about the way that packets take, and about the leg that is seen and heard."""

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class LegPlays:
    """The first picture, or sound, of a leg is presented: it has taken over from the one before."""

    leg: int
    kind: Literal["audio", "video", "screen"]


@dataclass(frozen=True, slots=True)
class KeysTaken:
    """The first picture of a leg that was sealed with an epoch's keys is presented: what the eye sees of a renewal."""

    leg: int
    epoch: int


@dataclass(frozen=True, slots=True)
class PathQuiet:
    """Packets came over a leg, and for a moment none has: perhaps nothing, perhaps the end of the path."""

    leg: int
    patience_s: float
    """After how much more of it this leg would never have been quiet for so long."""


@dataclass(frozen=True, slots=True)
class PathHeard:
    """After ``PathQuiet`` packets come again over the leg."""

    leg: int


@dataclass(frozen=True, slots=True)
class PathSilent:
    """Packets came over a leg, and for so long none has that another one is to be made."""

    leg: int


@dataclass(frozen=True, slots=True)
class NetworkChanged:
    """This machine's addresses changed, or it can't send where it could."""


PathEvent: TypeAlias = PathQuiet | PathHeard | PathSilent | NetworkChanged
