"""What the parts of the call machine share while one event is handled: its moment, and what it has come to so far."""

from carena_desktop.call import recovery
from carena_desktop.call.inputs import CallEffect, Command, Moment, SendSignal
from carena_desktop.call.ports import EngineCommand
from carena_protocol.peer import AnySignal


class Turn:
    """One event's handling. Sans-IO."""

    def __init__(self) -> None:
        self.now = Moment(0.0, 0)
        self.effects: list[CallEffect] = []

    def begin(self, now: Moment, deadline: float | None) -> bool:
        """Another event is handled; return whether this computer seems to have slept since the one before.

        Linux stops the monotonic clock in suspend, and the wall's goes on; Windows stops none, and a ``deadline``
        (monotonic seconds, None for none) is long over.
        """
        passed = now.monotonic - self.now.monotonic
        by_wall = (now.wall_ms - self.now.wall_ms) / 1000
        is_late = deadline is not None and now.monotonic - deadline > recovery.STOPPED_S
        slept = self.now.wall_ms > 0 and (by_wall - passed > recovery.SLEPT_S or is_late)
        self.now = now
        self.effects = []
        return slept

    def add(self, effect: CallEffect) -> None:
        """Have something done, after what was asked for before."""
        self.effects.append(effect)

    def command(self, command: EngineCommand) -> None:
        """Tell the engine."""
        self.effects.append(Command(command))

    def signal(self, attempt: int, signal: AnySignal) -> None:
        """Tell the other party through the relay, on behalf of a search for a leg."""
        self.effects.append(SendSignal(attempt, signal))
