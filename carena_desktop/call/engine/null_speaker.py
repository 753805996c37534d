"""A speaker for machines that have none: consumes in real time, so that everything before it behaves as it would."""

from typing import Final

from carena_desktop.call.engine.devices import SAMPLE_RATE, DeviceProblem
from carena_desktop.clock import Clock

BYTES_PER_SAMPLE: Final = 4
"""Stereo, 16 bit."""
MAX_QUEUED_S: Final = 0.16


class NullSpeaker:
    """Implements ``devices.Speaker``; what it holds drains at 48,000 samples a second by the clock."""

    def __init__(self, clock: Clock, problem: DeviceProblem | None = DeviceProblem.NO_DEVICE) -> None:
        self._clock = clock
        self._problem = problem
        self._drained_at = clock.monotonic()
        self._queued = 0.0
        self.played = 0.0
        """Seconds of sound consumed."""
        self.dropped = 0.0
        """Seconds of sound that came too early to be played in time."""

    @property
    def problem(self) -> DeviceProblem | None:
        """Nobody can hear."""
        return self._problem

    @property
    def waiting_s(self) -> float:
        """What is not consumed yet."""
        return max(self._queued - (self._clock.monotonic() - self._drained_at), 0.0)

    def choose(self, device: str) -> None:
        """Every device is as silent."""

    def write(self, samples: bytes) -> None:
        """Consume."""
        now = self._clock.monotonic()
        drained = min(self._queued, now - self._drained_at)
        self._drained_at = now
        self._queued -= drained
        self.played += drained
        seconds = len(samples) / BYTES_PER_SAMPLE / SAMPLE_RATE
        if self._queued + seconds > MAX_QUEUED_S:
            self.dropped += seconds
        else:
            self._queued += seconds

    async def close(self) -> None:
        """Nothing is open."""
