"""Time as a parameter: rules that need the time are told it, and what tells them takes a ``Clock``.

The only module of the server that reads the system's clocks. It may not sleep or schedule.
"""

import time
from typing import Final, Protocol


class Clock(Protocol):
    """What time it is, in two senses."""

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back; its zero means nothing."""
        ...

    def wall_ms(self) -> int:
        """Milliseconds since the Unix epoch; may jump when the system's clock is set."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def monotonic(self) -> float:
        """Seconds since an arbitrary moment (``time.monotonic``)."""
        return time.monotonic()

    def wall_ms(self) -> int:
        """Milliseconds since 1970-01-01 UTC."""
        return time.time_ns() // 1_000_000


SYSTEM_CLOCK: Final[Clock] = SystemClock()
