"""Keeps what waits at the loudspeaker short and never empty: plays a little faster or slower. Pure, no clock.

The patient's microphone and this loudspeaker have clocks of their own; 100 ppm apart they fill or empty a queue of
60 ms in ten minutes. What arrives also comes in bursts. Both show in one number: the least that has waited within some
seconds. Above the margin it is needless delay, below it a click is near; so sound is shortened or stretched by up to
one per cent, 17 cents of pitch, until that least is the margin; pauses, and what queued up while the device began, are
left out. A calm path gets a short queue, a restless one a longer.
"""

import functools
from collections import deque
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

MARGIN_S: Final = 0.025
"""The least that shall wait when a block arrives: one block, and a push of the device's timer."""
TOLERANCE_S: Final = 0.008
WINDOW_BLOCKS: Final = 250
"""Five seconds: a hiccup is remembered for so long."""
SOON_BLOCKS: Final = 50
STARTING_BLOCKS: Final = 150
"""A device takes up to a second to begin, and what queues up meanwhile would stay (measured: 185 ms, all call long)."""
GAIN_PER_S: Final = 0.2
"""Change of speed for each second that the least is off the margin."""
MAX_CHANGE: Final = 0.01

SKIPPED_FROM_S: Final = 0.03
"""More needless delay than this is not only played away but left out, where nobody hears it."""
QUIET: Final = 100
"""Peak of a 16-bit block that is a pause: -50 dBFS."""
RATE: Final = 48_000

Stereo = NDArray[np.int16]


class PlayoutPace:
    """Give it every block with what waits before it; play what it returns."""

    def __init__(self) -> None:
        self._waiting: deque[float] = deque(maxlen=WINDOW_BLOCKS)
        self._owed = 0.0
        self._blocks = 0
        self._last: Stereo | None = None
        self.speed = 1.0
        """How fast sound is played now; 1 is as it came."""

    def feed(self, block: Stereo, waiting_s: float) -> Stereo:
        """Return the block as it shall be played.

        Args:
            block: Samples of 48 kHz stereo, shape (n, 2).
            waiting_s: What waits at the loudspeaker before this block, in seconds.
        """
        self._waiting.append(waiting_s)
        self._blocks += 1
        starting = self._blocks <= STARTING_BLOCKS
        off = min(islice(reversed(self._waiting), SOON_BLOCKS if starting else WINDOW_BLOCKS)) - MARGIN_S
        if self._blocks < SOON_BLOCKS and off > 0:
            off = 0.0  # too early to call it needless
        if off > SKIPPED_FROM_S and (starting or _is_quiet(block)):
            self._waiting = deque((before - len(block) / RATE for before in self._waiting), WINDOW_BLOCKS)
            return block[:0]
        change = 0.0 if abs(off) <= TOLERANCE_S else max(-MAX_CHANGE, min(MAX_CHANGE, off * GAIN_PER_S))
        self.speed = 1.0 + change
        wanted = len(block) / self.speed + self._owed
        count = round(wanted) if change else len(block)
        self._owed = wanted - count if change else 0.0
        played = block if count == len(block) or len(block) == 0 else self._resampled(block, count)
        self._last = block[-1:] if len(block) else self._last
        return played

    def _resampled(self, block: Stereo, count: int) -> Stereo:
        """Linear between samples, from the last one of the block before: nothing clicks at the seam."""
        if count <= 0:
            return block[:0]
        before = self._last if self._last is not None else block[:1]
        line = np.concatenate([before, block]).astype(np.float32)
        floor, part = _places(len(block), count)
        left = line[floor]
        mixed: Stereo = np.rint(left + (line[floor + 1] - left) * part).astype(np.int16)
        return mixed


@functools.lru_cache(maxsize=32)
def _places(samples: int, count: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return behind which of ``samples`` + 1 each of ``count`` lies, and how far: the same for nearly every block."""
    at = np.linspace(samples / count, samples, count, dtype=np.float32)
    floor = np.minimum(at.astype(np.int32), samples - 1)
    return floor, (at - floor)[:, np.newaxis]


def _is_quiet(block: Stereo) -> bool:
    return len(block) > 0 and int(np.abs(block.astype(np.int32)).max()) < QUIET
