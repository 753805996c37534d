"""How fast this computer encodes video, measured with the encoder of a call. Takes about a second of the processor."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
from av import VideoFrame

from carena_desktop.call.engine.repairs.live_vp8 import _make
from carena_desktop.clock import SYSTEM_CLOCK, Clock

SIZES: Final = ((640, 360, 800), (1280, 720, 1500))
"""Width, height and kbit/s."""
FRAMES: Final = 30
_FPS: Final = 30
_STEP: Final = 3000


@dataclass(frozen=True, slots=True)
class Speed:
    """Frames a second at one size."""

    width: int
    height: int
    fps: float


def measure(clock: Clock = SYSTEM_CLOCK) -> list[Speed]:
    """Encode moving noise on a gradient at each size."""
    return [_at(width, height, kbps, clock) for width, height, kbps in SIZES]


def _at(width: int, height: int, kbps: int, clock: Clock) -> Speed:
    codec = _make(width, height, kbps, is_screen=False)
    ground = np.linspace(40, 200, width, dtype=np.uint8)[None, :].repeat(height * 3 // 2, axis=0)
    places = np.arange(width * height * 3 // 2, dtype=np.uint32)
    noise = (places * np.uint32(2654435761) >> np.uint32(27)).astype(np.uint8).reshape(-1, width)  # Knuth's hash
    frames = []
    for number in range(FRAMES):
        frame = VideoFrame.from_ndarray(ground + np.roll(noise, number * 4, axis=1), format="yuv420p")
        frame.pts, frame.time_base = number * _STEP, Fraction(1, 90_000)
        frames.append(frame)
    start = clock.monotonic()
    for number, frame in enumerate(frames):
        codec.encode(frame, number * _STEP, _STEP, key=number == 0)
    took = max(clock.monotonic() - start, 1e-6)
    codec.close()
    return Speed(width, height, FRAMES / took)
