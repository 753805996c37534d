"""How long to wait before the next leg, and how long a leg may take: policies as values."""

from typing import Final

HANDSHAKE_LIMIT_S: Final = 20.0
"""From the command to make a leg to its open data channel; aiortc itself may stay "connecting" for ever."""
RETRY_DELAYS_S: Final = (0.25, 1.0, 2.0, 4.0, 8.0)
MAX_CRASHES: Final = 3
CRASH_WINDOW_S: Final = 60.0


def retry_delay(failures: int) -> float:
    """Return the seconds to wait after the ``failures``-th failure in a row, counted from 1."""
    return RETRY_DELAYS_S[min(max(failures, 1), len(RETRY_DELAYS_S)) - 1]
