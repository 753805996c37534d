"""A clock that stands still until a test moves it."""


class FakeClock:
    """Implements ``carena_desktop.clock.Clock``; both of its times move only by ``advance``."""

    def __init__(self, *, monotonic: float = 1000.0, wall_ms: int = 1_800_000_000_000) -> None:
        self._monotonic = monotonic
        self._wall_ms = wall_ms

    def monotonic(self) -> float:
        """Seconds."""
        return self._monotonic

    def wall_ms(self) -> int:
        """Milliseconds since the epoch."""
        return self._wall_ms

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass on both clocks."""
        if seconds < 0:
            raise ValueError("time does not go back; use set_wall_ms for a clock that was set")
        self._monotonic += seconds
        self._wall_ms += round(seconds * 1000)

    def set_wall_ms(self, wall_ms: int) -> None:
        """Set the wall clock, as a person or NTP would; the monotonic clock does not notice."""
        self._wall_ms = wall_ms
