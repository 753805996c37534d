"""How many control messages the other party may send: a person's worth, with room, and then the leg is given up."""

from typing import Final

from carena_desktop.clock import Clock

RATE_PER_S: Final = 100.0
BURST: Final = 400.0


class MessageBudget:
    """A token bucket.

    Args:
        clock: The time.
        rate: Messages per second.
        burst: Messages at once.
    """

    def __init__(self, clock: Clock, rate: float = RATE_PER_S, burst: float = BURST) -> None:
        self._clock = clock
        self._rate = rate
        self._burst = self._tokens = burst
        self._at = clock.monotonic()

    def spend(self) -> bool:
        """Return whether one more message is within the budget."""
        now = self._clock.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
