"""How long a patient may still wait, from the visits before. Pure."""

import math
import statistics
from collections import deque
from typing import Final

_LEAST: Final = 3
_KEPT: Final = 20
_STEP_S: Final = 300
"""Estimates are rounded up to five minutes: a number that jumps each second helps nobody."""


class Estimates:
    """The last visits of each room, and what they say about the next."""

    def __init__(self, per_room: dict[str, list[int]] | None = None) -> None:
        self._took: dict[str, deque[int]] = {}
        for room, durations in (per_room or {}).items():
            self._took[room] = deque(durations, _KEPT)

    def finished(self, room: str, took_ms: int) -> None:
        """A visit of a room took so long."""
        self._took.setdefault(room, deque(maxlen=_KEPT)).append(max(0, took_ms))

    def wait_s(self, room: str, place: int, serving: int) -> int | None:
        """Return about how long the patient at ``place`` (1 = next) waits, with so many clinicians; None: unknown."""
        took = self._took.get(room)
        if place < 1 or serving < 1 or took is None or len(took) < _LEAST:
            return None
        seconds = statistics.median(took) / 1000 * place / serving
        return max(1, math.ceil(seconds / _STEP_S)) * _STEP_S
