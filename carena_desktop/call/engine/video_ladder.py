"""How large and how often a picture is sent: a ladder by rate and by what encoding costs. Sans-IO, pure.

Down at once when the rate or the processor does not carry the rung, up one rung after ten seconds of both being easy:
a picture that pumps is worse than a small one. Resolution goes before frame rate; only the lowest rungs are slower.
"""

from dataclasses import dataclass
from typing import Final

UP_AFTER_S: Final = 10.0
EASY_RATE: Final = 1.25
"""Of the next rung's rate: what must be there to go up."""
BUSY: Final = 0.75
"""Share of a frame's time that encoding may take; above it the next rung down."""
EASY: Final = 0.4
"""Share below which the next rung up may be tried."""
_SMOOTHING: Final = 0.1


@dataclass(frozen=True, slots=True)
class Rung:
    """Pictures of at most ``height`` lines, ``fps`` times a second, from ``kbps`` on."""

    height: int
    fps: int
    kbps: int


LADDER: Final = (
    Rung(180, 12, 0),
    Rung(180, 15, 90),
    Rung(270, 15, 130),
    Rung(360, 15, 180),
    Rung(360, 24, 240),
    Rung(360, 30, 300),
    Rung(540, 30, 600),
    Rung(720, 30, 1000),
    Rung(1080, 30, 2800),
)


DETAILED: Final = (
    Rung(540, 3, 0),
    Rung(720, 4, 120),
    Rung(1080, 4, 250),
    Rung(1080, 8, 600),
    Rung(1080, 15, 1200),
)
"""For a shared screen: what can't be read is worth nothing, so the frame rate goes first."""


class VideoLadder:
    """Where on the ladder a stream stands. Times are monotonic seconds."""

    def __init__(self, kbps: int, now: float, rungs: tuple[Rung, ...] = LADDER) -> None:
        self._rungs = rungs
        self._at = max(index for index, rung in enumerate(rungs) if rung.kbps <= kbps)
        self._easy_since = now
        self._busy = 0.0
        self._due = float("-inf")

    @property
    def rung(self) -> Rung:
        """The current rung."""
        return self._rungs[self._at]

    @property
    def busy(self) -> float:
        """Share of a frame's time that encoding takes, smoothed."""
        return self._busy

    @property
    def is_lowest(self) -> bool:
        """Whether there is no rung below."""
        return self._at == 0

    @property
    def is_cpu_limited(self) -> bool:
        """Whether encoding takes too much of a frame's time to go up."""
        return self._busy > EASY

    def takes(self, now: float) -> bool:
        """Whether a picture captured now is one of those the rung's frame rate has room for."""
        period = 1 / self.rung.fps
        if now < self._due - period / 4:  # cameras are not exact
            return False
        self._due = max(self._due, now - period) + period
        return True

    def encoded(self, seconds: float) -> None:
        """Note how long encoding a picture took."""
        share = seconds * self.rung.fps
        self._busy += _SMOOTHING * (share - self._busy)

    def step(self, kbps: int, now: float, *, beside: float = 0.0, spared: bool = False) -> bool:
        """Move by what the rate is now; return whether the rung changed.

        Args:
            kbps: The rate.
            now: The time.
            beside: Share of its frames' time that another picture takes, which comes before this one.
            spared: Whether another picture becomes smaller before this one does because of the processor.
        """
        before = self._at
        lower = max(index for index, rung in enumerate(self._rungs) if rung.kbps <= kbps)
        if lower < self._at:
            self._at = lower
        elif self._busy + beside > BUSY and self._at > 0 and not spared:
            self._at -= 1
        elif self._may_rise(kbps, beside):
            if now - self._easy_since >= UP_AFTER_S:
                self._at += 1
        else:
            self._easy_since = now
        if self._at != before:
            self._easy_since = now
            self._busy *= self._rungs[self._at].height / self._rungs[before].height if self._at < before else 1.0
        return self._at != before

    def _may_rise(self, kbps: int, beside: float) -> bool:
        following = self._at + 1
        if following == len(self._rungs) or kbps < self._rungs[following].kbps * EASY_RATE:
            return False
        return self._busy + beside <= EASY
