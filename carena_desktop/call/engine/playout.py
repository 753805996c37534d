"""Remote sound on its way to the speaker: opened with the first sound, fed in one format, closed with the engine."""

from collections.abc import Callable

import av
from av import AudioFrame

from carena_desktop.call.engine.devices import SAMPLE_RATE, DeviceProblem, Devices, Speaker
from carena_desktop.tasks import TaskScope


class Playout:
    """Owner of the speaker. Methods are called on the engine's loop.

    Args:
        devices: Opens the speaker.
        scope: Owns the opening.
        on_problem: Told when nobody can hear, and when that is over.
    """

    def __init__(self, devices: Devices, scope: TaskScope, on_problem: Callable[[DeviceProblem | None], None]) -> None:
        self._devices = devices
        self._scope = scope
        self._on_problem = on_problem
        self._speaker: Speaker | None = None
        self._opening = False
        self._resampler: av.AudioResampler | None = None
        self._told: DeviceProblem | None = None

    def play(self, frame: AudioFrame) -> None:
        """Play a frame as soon as the speaker is open; until then, and when late, it is dropped."""
        if self._speaker is None:
            if not self._opening:
                self._opening = True
                self._scope.spawn(self._open(), name="speaker")
            return
        for piece in self._converted(frame):
            size = piece.samples * len(piece.layout.channels) * 2
            self._speaker.write(bytes(memoryview(piece.planes[0])[:size]))
        if self._speaker.problem != self._told:
            self._told = self._speaker.problem
            self._on_problem(self._told)

    async def aclose(self) -> None:
        """Release the speaker."""
        speaker, self._speaker = self._speaker, None
        if speaker is not None:
            await speaker.close()

    async def _open(self) -> None:
        self._speaker = await self._devices.open_speaker()
        self._told = self._speaker.problem
        self._on_problem(self._told)

    def _converted(self, frame: AudioFrame) -> list[AudioFrame]:
        if frame.format.name == "s16" and frame.layout.name == "stereo" and frame.sample_rate == SAMPLE_RATE:
            return [frame]
        if self._resampler is None:
            self._resampler = av.AudioResampler(format="s16", layout="stereo", rate=SAMPLE_RATE)
        return self._resampler.resample(frame)
