"""Which leg is seen and heard: the newest one that gives anything, so that a new leg takes over at its first frame."""

from typing import Literal

Kind = Literal["audio", "video"]


class Front:
    """Remembers the leg in front, for sound and picture each."""

    def __init__(self) -> None:
        self._legs: dict[Kind, int] = {}

    def claim(self, kind: Kind, leg: int) -> bool:
        """Return whether a frame of ``leg`` may be presented; a newer leg takes over for good."""
        if leg < self._legs.get(kind, 0):
            return False
        self._legs[kind] = leg
        return True

    def leave(self, leg: int) -> None:
        """``leg`` is closed."""
        self._legs = {kind: number for kind, number in self._legs.items() if number != leg}

    @property
    def leg(self) -> int:
        """The newest leg in front, 0 when there is none."""
        return max(self._legs.values(), default=0)
