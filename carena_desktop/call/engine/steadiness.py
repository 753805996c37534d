"""Whether packets reach the other party as evenly as they leave, from its own reports. Sans-IO, pure."""

from typing import Final

STEADY_S: Final = 0.006
"""Interarrival jitter (RFC 3550 section 6.4.1) below which pictures need no smoothing: a fifth of a picture's time."""
UNSTEADY_S: Final = 0.012
MOST_LOSS: Final = 0.02
REPORTS: Final = 3
"""Good reports in a row before it counts; one bad report ends it."""


class Steadiness:
    """Judges report by report, with hysteresis; unsteady until proved."""

    def __init__(self) -> None:
        self._good = 0
        self.steady = False

    def report(self, jitter_s: float, lost: float) -> None:
        """Take the jitter, in seconds, and the fraction lost of one receiver report."""
        if jitter_s > UNSTEADY_S or lost > MOST_LOSS:
            self._good, self.steady = 0, False
        elif jitter_s < STEADY_S and lost == 0:
            self._good += 1
            self.steady = self.steady or self._good >= REPORTS
        else:
            self._good = 0
