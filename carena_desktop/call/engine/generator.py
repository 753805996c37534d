"""A camera and a microphone made of arithmetic: for tests, demonstrations and machines without devices.

The picture moves and carries its frame number (``frame_number``); the sound is a 440 Hz tone that swells like speech.
"""

import functools
import threading
from collections.abc import Callable
from typing import Final

import numpy as np
from av import VideoFrame
from numpy.typing import NDArray

from carena_desktop.call.engine import frame_number
from carena_desktop.call.engine.devices import (
    FRAME_SAMPLES,
    SAMPLE_RATE,
    DeliverFrame,
    DeliverSamples,
    DeviceProblem,
    Samples,
)
from carena_desktop.clock import Clock

WIDTH: Final = 640
HEIGHT: Final = 360
FPS: Final = 30
SCREEN_WIDTH: Final = 1280
SCREEN_HEIGHT: Final = 720
SCREEN_FPS: Final = 10
SCREEN_NUMBERS: Final = frame_number.MODULUS // 2
TONE_HZ: Final = 440.0
_SYLLABLE_HZ: Final = 3.0
_AMPLITUDE: Final = 0.25
_MAX_LATE_S: Final = 0.25
_PER_SECOND: Final = SAMPLE_RATE // FRAME_SAMPLES


class PacedThread:
    """Calls ``step(n)`` every ``period`` seconds on a thread of its own until closed; implements ``devices.Capture``.

    A machine that stalls for more than 250 ms skips the steps it missed. ``step`` returns False to end the thread.
    """

    def __init__(self, name: str, period: float, step: Callable[[int], bool], clock: Clock) -> None:
        self._period = period
        self._step = step
        self._clock = clock
        self._stop = threading.Event()
        self._problem: DeviceProblem | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    device = ""
    silent_s = 0.0
    echoes = False

    @property
    def is_open(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def problem(self) -> DeviceProblem | None:
        """Set when a step failed."""
        return self._problem

    async def close(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join(1)  # a step takes about a millisecond

    def _run(self) -> None:
        due = self._clock.monotonic()
        number = 0
        while not self._stop.is_set():
            if not self._step(number):
                self._problem = DeviceProblem.FAILED
                return
            number += 1
            due += self._period
            ahead = due - self._clock.monotonic()
            if ahead > 0:
                self._stop.wait(ahead)
            elif ahead < -_MAX_LATE_S:
                due = self._clock.monotonic()


class Scene:
    """The moving picture: a soft background, a person's outline that sways, and the frame number."""

    def __init__(self, width: int = WIDTH, height: int = HEIGHT) -> None:
        self.width = width
        self.height = height
        rows = np.linspace(0, 1, height)[:, None]
        columns = np.linspace(0, 1, width)[None, :]
        self._base = np.full((height * 3 // 2, width), 128, np.uint8)
        self._base[:height] = (150 - 40 * rows + 12 * np.sin(9 * columns)).astype(np.uint8)
        y, x = np.mgrid[0:height, 0 : width // 2]
        middle = width / 4
        head = ((x - middle) / (height * 0.15)) ** 2 + ((y - height * 0.42) / (height * 0.21)) ** 2 < 1
        shoulders = ((x - middle) / (height * 0.36)) ** 2 + ((y - height * 1.02) / (height * 0.36)) ** 2 < 1
        self._outline = head | shoulders
        self._light = np.where(head, 184, 92).astype(np.uint8)

    def luma(self, number: int) -> NDArray[np.uint8]:
        """Return frame ``number`` as (height * 3 / 2, width) I420."""
        picture = self._base.copy()
        left = int(self.width / 4 + self.width * 0.06 * np.sin(number / 20))
        window = picture[: self.height, left : left + self.width // 2]
        np.copyto(window, self._light, where=self._outline)
        frame_number.draw(picture[: self.height], number)
        return picture

    def frame(self, number: int) -> VideoFrame:
        """Return frame ``number``."""
        return VideoFrame.from_ndarray(self.luma(number), format="yuv420p")


def tone(number: int, hertz: float = TONE_HZ) -> Samples:
    """Return the ``number``-th 20 ms of the tone, without a click between two; not to be written to."""
    return _tone(number % _PER_SECOND, hertz) if hertz == int(hertz) else _tone(number, hertz)


@functools.lru_cache(maxsize=4 * _PER_SECOND)
def _tone(number: int, hertz: float) -> Samples:
    t = (np.arange(FRAME_SAMPLES) + number * FRAME_SAMPLES) / SAMPLE_RATE
    swell = 0.65 + 0.35 * np.sin(2 * np.pi * _SYLLABLE_HZ * t)
    block: Samples = (32767 * _AMPLITUDE * swell * np.sin(2 * np.pi * hertz * t)).astype(np.int16)
    block.flags.writeable = False  # it is given out again each second
    return block


def open_camera(deliver: DeliverFrame, clock: Clock) -> PacedThread:
    """Start the generated camera."""
    scene = Scene()

    def step(number: int) -> bool:
        deliver(scene.frame(number % frame_number.MODULUS))
        return True

    return PacedThread("generated-camera", 1 / FPS, step, clock)


def open_screen(deliver: DeliverFrame, clock: Clock) -> PacedThread:
    """Start the generated screen: larger than the camera's picture and slower; its numbers have the highest bit set."""
    scene = Scene(SCREEN_WIDTH, SCREEN_HEIGHT)

    def step(number: int) -> bool:
        deliver(scene.frame(SCREEN_NUMBERS + number % SCREEN_NUMBERS))
        return True

    return PacedThread("generated-screen", 1 / SCREEN_FPS, step, clock)


def open_microphone(deliver: DeliverSamples, clock: Clock) -> PacedThread:
    """Start the generated microphone."""

    def step(number: int) -> bool:
        deliver(tone(number))
        return True

    return PacedThread("generated-microphone", FRAME_SAMPLES / SAMPLE_RATE, step, clock)
