"""Pictures with a number in them, and how long each took from one end to the other.

The number survives coding (``frame_number``), and every process of one machine has the same wall clock.
"""

from bisect import bisect_right
from collections import defaultdict
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.peers.content import FRAMES, clip
from carena_desktop.call.engine import frame_number

WIDTH: Final = 1280
HEIGHT: Final = 720
_MARK: Final = b"FRAME\n"
_LONGEST_MS: Final = 1500.0


def numbered_clip(cache: Path) -> Path:
    """Return the clip with 0 to 89 drawn into its pictures, made once."""
    plain = clip(cache, WIDTH, HEIGHT)
    path = plain.with_name(plain.name.replace("clip-", "numbered-"))
    if not path.exists():
        data = bytearray(plain.read_bytes())
        size = WIDTH * HEIGHT * 3 // 2
        at = data.index(_MARK)
        for number in range(FRAMES):
            at += len(_MARK)
            luma = np.frombuffer(data, np.uint8, WIDTH * HEIGHT, at).reshape(HEIGHT, WIDTH)
            frame_number.draw(luma, number)
            at += size
        part = path.with_suffix(".part")
        part.write_bytes(data)
        part.rename(path)
    return path


Seen = list[tuple[int, float]]
"""Numbers with the wall-clock time, in ms, at which they were captured or decoded; in order of time."""


def delays(captured: Seen, decoded: Seen) -> list[float]:
    """Return, for each decoded picture, the milliseconds since the last capture of its number."""
    times: dict[int, list[float]] = defaultdict(list)
    for number, at in captured:
        times[number].append(at)
    found = []
    for number, at in decoded:
        before = bisect_right(times[number], at)
        if before and at - times[number][before - 1] < _LONGEST_MS:
            found.append(at - times[number][before - 1])
    return found
