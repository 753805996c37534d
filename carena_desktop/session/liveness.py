"""Is the server still there, and did this machine sleep? Pure rules over two clocks."""

from enum import Enum, auto
from typing import Final

PING_AFTER_S: Final = 20.0
DEAD_AFTER_S: Final = 10.0
WAKE_PROBE_S: Final = 3.0
SLEPT_S: Final = 5.0


class Verdict(Enum):
    """What to do about a connection now."""

    NOTHING = auto()
    PING = auto()
    DEAD = auto()


class Liveness:
    """Watches one connection: silence for 20 s asks for a ping, 10 s more without any frame means dead.

    Args:
        now: Seconds, monotonic; the connection was just opened.
        ping_after_s: Silence after which the server is asked.
        dead_after_s: How long it may take to answer.
    """

    def __init__(self, now: float, *, ping_after_s: float = PING_AFTER_S, dead_after_s: float = DEAD_AFTER_S) -> None:
        self._ping_after_s = ping_after_s
        self._dead_after_s = dead_after_s
        self._heard_at = now
        self._deadline: float | None = None

    def heard(self, now: float) -> None:
        """A frame arrived, whichever."""
        self._heard_at = now
        self._deadline = None

    def check(self, now: float) -> Verdict:
        """Return what is due; PING is returned once per silence."""
        if self._deadline is not None:
            return Verdict.DEAD if now >= self._deadline else Verdict.NOTHING
        if now - self._heard_at < self._ping_after_s:
            return Verdict.NOTHING
        self._deadline = now + self._dead_after_s
        return Verdict.PING

    @property
    def is_asked(self) -> bool:
        """Whether a ping waits for its answer."""
        return self._deadline is not None

    def probe(self, now: float, limit_s: float = WAKE_PROBE_S) -> None:
        """The machine woke up, or a call lost its path: the caller pings at once, and the answer has little time."""
        self._deadline = now + min(limit_s, self._dead_after_s)


class SleepDetector:
    """Notices that the machine slept, or that the program was stopped, between two regular looks.

    Linux stops the monotonic clock in suspend and Windows does not, so both clocks are compared with what one look
    takes. A wall clock set forward looks like sleep too; the cost is one ping.
    """

    def __init__(self, now: float, wall_ms: int) -> None:
        self._now = now
        self._wall_ms = wall_ms

    def slept(self, now: float, wall_ms: int) -> bool:
        """Return whether more than ``SLEPT_S`` passed since the last look, on either clock."""
        passed = max(now - self._now, (wall_ms - self._wall_ms) / 1000)
        self._now, self._wall_ms = now, wall_ms
        return passed > SLEPT_S
