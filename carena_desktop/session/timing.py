"""Every duration of the session in one value, so that tests can shorten them together. Seconds."""

from dataclasses import dataclass

from carena_desktop.session import liveness


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things take and may take."""

    tick_s: float = 0.25
    """How often clocks are looked at; also the grain of the retry countdown."""
    welcome_limit_s: float = 10.0
    steady_after_s: float = 10.0
    """A connection that ends sooner counts as a failed attempt, so that a flapping one is not tried ever faster."""
    command_limit_s: float = 15.0
    ping_after_s: float = liveness.PING_AFTER_S
    dead_after_s: float = liveness.DEAD_AFTER_S
