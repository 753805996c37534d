"""Which leg is seen and heard: the newest one that gives something, so that it takes over while the old plays.

The picture changes with the first one of the new leg. Sound changes a moment later: a buffer that has just begun is
restless, and the old leg still plays.
"""

from enum import Enum, auto
from typing import Final, Literal

Kind = Literal["audio", "video", "screen"]

STEADY_FRAMES: Final = 5
"""Of 20 ms each, before a leg's sound takes over from another's."""


class Claim(Enum):
    """What becomes of a frame."""

    NO = auto()
    """It is not presented: another leg is."""
    YES = auto()
    FIRST = auto()
    """It is, and it is the first one of its leg."""


class Front:
    """Remembers the leg in front, for sound, picture and shared screen each."""

    def __init__(self) -> None:
        self._legs: dict[Kind, int] = {}
        self._waiting: tuple[int, int] = (0, 0)

    def claim(self, kind: Kind, leg: int) -> Claim:
        """Return whether a frame of ``leg`` is presented; a newer leg takes over for good."""
        in_front = self._legs.get(kind, 0)
        if leg < in_front:
            return Claim.NO
        if leg == in_front:
            return Claim.YES
        if kind == "audio" and in_front and not self._is_steady(leg):
            return Claim.NO
        self._legs[kind] = leg
        return Claim.FIRST

    def _is_steady(self, leg: int) -> bool:
        waiting, count = self._waiting
        self._waiting = (leg, count + 1 if leg == waiting else 1)
        return self._waiting[1] > STEADY_FRAMES

    def leave(self, leg: int) -> None:
        """``leg`` is closed."""
        self._legs = {kind: number for kind, number in self._legs.items() if number != leg}

    @property
    def leg(self) -> int:
        """The newest leg in front, 0 when there is none."""
        return max(self._legs.values(), default=0)
