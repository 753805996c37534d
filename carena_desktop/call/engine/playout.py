"""Remote sound on its way to the speaker: opened with the first sound, fed in one format, closed with the engine."""

import asyncio
from collections.abc import Callable
from typing import Final

import av
from av import AudioFrame

from carena_desktop.call.engine.devices import SAMPLE_RATE, DeviceProblem, Devices, Speaker
from carena_desktop.call.engine.level_meter import chime
from carena_desktop.call.engine.planes import samples
from carena_desktop.call.engine.playout_pace import PlayoutPace
from carena_desktop.tasks import TaskScope

BLOCK_S: Final = 0.02
SETTLE_S: Final = 0.2
"""Around the test sound: a device needs a moment to begin, and what is queued a moment to be heard."""


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
        self._device = ""
        self._testing = False
        self._pace = PlayoutPace()
        self._in_use = False

    def choose(self, device: str) -> None:
        """Use another speaker from now on, "" for the default; opens none."""
        self._device = device
        if self._speaker is not None:
            self._speaker.choose(device)

    def test(self) -> None:
        """Let the speaker sound for a moment; it is released afterwards unless remote sound has come meanwhile."""
        if not self._testing:
            self._testing = True
            self._scope.spawn(self._test(), name="speaker-test")

    def play(self, frame: AudioFrame) -> None:
        """Play a frame as soon as the speaker is open; until then, and when late, it is dropped."""
        self._in_use = True
        if self._speaker is None:
            if not self._opening:
                self._opening = True
                self._scope.spawn(self._open(), name="speaker")
            return
        for piece in self._converted(frame):
            block = samples(piece)
            self._speaker.write(self._pace.feed(block, self._speaker.waiting_s).tobytes())
        self._tell()

    def _tell(self) -> None:
        if self._speaker is not None and self._speaker.problem != self._told:
            self._told = self._speaker.problem
            self._on_problem(self._told)

    async def aclose(self) -> None:
        """Release the speaker."""
        speaker, self._speaker = self._speaker, None
        if speaker is not None:
            await speaker.close()

    async def _test(self) -> None:
        try:
            if self._speaker is None and not self._opening:
                self._opening = True
                await self._open()
            await asyncio.sleep(SETTLE_S)
            for block in chime():
                if self._speaker is not None:
                    self._speaker.write(block)
                self._tell()
                await asyncio.sleep(BLOCK_S)
            await asyncio.sleep(SETTLE_S)
            if not self._in_use:
                await self.aclose()
                self._opening = False
        finally:
            self._testing = False

    async def _open(self) -> None:
        self._speaker = await self._devices.open_speaker(self._device)
        self._speaker.choose(self._device)  # it may have been changed meanwhile
        self._told = self._speaker.problem
        self._on_problem(self._told)

    def _converted(self, frame: AudioFrame) -> list[AudioFrame]:
        if frame.format.name == "s16" and frame.layout.name == "stereo" and frame.sample_rate == SAMPLE_RATE:
            return [frame]
        if self._resampler is None:
            self._resampler = av.AudioResampler(format="s16", layout="stereo", rate=SAMPLE_RATE)
        return self._resampler.resample(frame)
