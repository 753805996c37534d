"""How the rate of a leg is divided between the camera and a shared screen. Sans-IO, pure.

Sound is not asked: its rate was taken off before. Of the rest the screen gets first what makes it legible, since what
can't be read is worth nothing; then the camera what lets a face be seen moving; then both more, in turns, but a
screen on which little moves no more than it uses: what it leaves is lent to the camera. A camera that would get too
little to be a picture gets nothing until there is room again.
"""

from dataclasses import dataclass
from typing import Final, Literal

LEAST_KBPS: Final = 50
"""Less is no picture."""
_LEGIBLE: Final = 250
"""1080 lines, four times a second: kept free for the screen, used or not."""
_STEPS: Final[tuple[tuple[Literal["camera", "screen"], int], ...]] = (
    ("screen", _LEGIBLE),
    ("camera", 100),
    ("screen", 600),
    ("camera", 300),
    ("screen", 1200),
    ("camera", 600),  # beside a screen it is small
)
"""In this order each is filled up to so much, kbit/s; what is left is the screen's."""


@dataclass(frozen=True, slots=True)
class Shares:
    """kbit/s of each; 0 for one that sends nothing."""

    camera: int
    screen: int


def divide(kbps: int, *, camera: bool, screen: bool, used: float = float("inf")) -> Shares:
    """Return the shares of ``kbps``; together they are never more, but for the least that one alone gets.

    Args:
        kbps: What both may send together.
        camera: Whether the camera is on.
        screen: Whether a screen is shared.
        used: kbit/s that the screen used lately; without end when it has too little.
    """
    whole = max(LEAST_KBPS, kbps)
    if not (camera and screen):
        return Shares(0 if screen else whole, whole if screen else 0)
    given = {"camera": 0, "screen": 0}
    left = whole
    wanted = max(_LEGIBLE, 1.5 * used + 100)
    for which, step in _STEPS:
        most = step if which == "camera" else round(min(step, wanted))
        more = min(left, most - given[which])
        given[which] += more
        left -= more
    given["screen"] += left
    if given["camera"] < LEAST_KBPS:
        return Shares(0, whole)
    return Shares(given["camera"], given["screen"])
