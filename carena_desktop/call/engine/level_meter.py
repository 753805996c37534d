"""How loud the microphone is, for a meter; pure: samples in, now and then a level out."""

import math
from typing import Final

import numpy as np

from carena_desktop.call.engine.devices import FRAME_SAMPLES, SAMPLE_RATE, Samples

PERIOD_SAMPLES: Final = SAMPLE_RATE // 10
RANGE_DB: Final = 60.0
_FULL_SCALE: Final = 32768.0


class LevelMeter:
    """Takes 20 ms at a time and says ten times a second how loud the loudest of them was."""

    def __init__(self) -> None:
        self._blocks: list[Samples] = []
        self._counted = 0

    def feed(self, samples: Samples) -> float | None:
        """Return 0 to 1 when 100 ms are full, else None."""
        self._blocks.append(samples)
        self._counted += len(samples)
        if self._counted < PERIOD_SAMPLES:
            return None
        level = to_level(max(map(_rms, self._blocks)))  # all at once: what is computed in a row is computed fast
        self._blocks, self._counted = [], 0
        return level


def _rms(samples: Samples) -> float:
    wide = samples.astype(np.float64)
    return math.sqrt(float(wide @ wide) / len(wide)) if len(wide) else 0.0


def to_level(rms: float) -> float:
    """Return an RMS of 16-bit samples on the meter's scale: 0 at -60 dBFS and below, 1 at full scale."""
    if rms <= 0:
        return 0.0
    return min(max(1.0 + 20 * math.log10(rms / _FULL_SCALE) / RANGE_DB, 0.0), 1.0)


def chime() -> list[bytes]:
    """Return two soft notes as 20 ms blocks of 48 kHz stereo 16-bit samples, faded so that nothing clicks."""
    pieces = []
    for hertz in (523.25, 659.25):
        at = np.arange(SAMPLE_RATE * 2 // 5) / SAMPLE_RATE
        fade = np.minimum(1.0, np.minimum(at, at[::-1]) / 0.02)
        pieces.append(np.sin(2 * np.pi * hertz * at) * fade * 6000)
    mono = np.concatenate(pieces).astype(np.int16)
    stereo = np.repeat(mono[:, np.newaxis], 2, axis=1)
    return [stereo[at : at + FRAME_SAMPLES].tobytes() for at in range(0, len(stereo), FRAME_SAMPLES)]
