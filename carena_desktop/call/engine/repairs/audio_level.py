"""Compute the audio level with numpy.

aiortc 1.16 adds up 960 squares in a Python loop for each 20 ms: 110 microseconds against 2, on the loop that sends.
"""

import math
from typing import Final

import aiortc.rtp
import numpy as np
from av import AudioFrame

from carena_desktop.call.engine.planes import samples

QUIETEST: Final = -127
_FULL_SCALE: Final = 32767.0


def level_dbov(frame: AudioFrame) -> int:
    """Return the level of a 16-bit frame in dBov, -127 … 0 (RFC 6464), as ``aiortc.rtp.compute_audio_level_dbov``."""
    count = frame.samples * len(frame.layout.channels)
    heard = samples(frame).ravel().astype(np.float64)
    rms = math.sqrt(float(heard @ heard) / count) / _FULL_SCALE if count else 0.0
    if rms <= 0:
        return QUIETEST
    return round(max(QUIETEST, min(0.0, 20 * math.log10(rms))))


def install() -> None:
    """Use it in every sender; may be called again."""
    aiortc.rtp.compute_audio_level_dbov = level_dbov
