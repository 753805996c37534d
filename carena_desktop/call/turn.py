"""What the parts of the call machine share while one event is handled: its moment, and what it has come to so far."""

from carena_desktop.call.inputs import CallEffect, Command, Moment, SendSignal
from carena_desktop.call.ports import EngineCommand
from carena_protocol.peer import AnySignal


class Turn:
    """One event's handling. Sans-IO."""

    def __init__(self) -> None:
        self.now = Moment(0.0, 0)
        self.effects: list[CallEffect] = []

    def begin(self, now: Moment) -> None:
        """Another event is handled."""
        self.now = now
        self.effects = []

    def add(self, effect: CallEffect) -> None:
        """Have something done, after what was asked for before."""
        self.effects.append(effect)

    def command(self, command: EngineCommand) -> None:
        """Tell the engine."""
        self.effects.append(Command(command))

    def signal(self, attempt: int, signal: AnySignal) -> None:
        """Tell the other party through the relay, on behalf of a search for a leg."""
        self.effects.append(SendSignal(attempt, signal))
