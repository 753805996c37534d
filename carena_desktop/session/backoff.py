"""How long to wait before the next attempt: full jitter, as many desktops lose the same server at the same moment.

Pure: the caller gives the random number. See "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
"""

from dataclasses import dataclass
from typing import Final

_MAX_DOUBLINGS: Final = 32


@dataclass(frozen=True, slots=True)
class Backoff:
    """The policy; times in seconds."""

    base_s: float = 0.5
    cap_s: float = 20.0

    def ceiling_s(self, failures: int) -> float:
        """The longest delay after so many failures in a row (1 is the first)."""
        doublings = min(max(failures - 1, 0), _MAX_DOUBLINGS)
        return min(self.cap_s, self.base_s * float(2**doublings))

    def delay_s(self, failures: int, roll: float, *, at_least_s: float | None = None) -> float:
        """Return the delay.

        Args:
            failures: Attempts that failed in a row.
            roll: A uniform random number in [0, 1).
            at_least_s: What the server asked for (Retry-After, drain); jitter is added to it, so that all do not come
                back at its end together.
        """
        return (at_least_s or 0.0) + roll * self.ceiling_s(failures)
