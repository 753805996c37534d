"""Notices that the microphone hears the speaker loudly, so that a headset can be advised. Pure: samples in, a word out.

The canceller takes echo out, but a loud one costs the near voice when both talk. What tells echo from a noisy room is
that it goes up and down with what is played: the loudness of both over two seconds, 10 ms by 10 ms, is correlated at
the delays that devices and rooms have. Nothing is kept but loudness.
"""

from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

from carena_desktop.call.engine.devices import SAMPLE_RATE, Samples
from carena_desktop.call.engine.voice_cleaner import VoiceCleaner

STEP: Final = SAMPLE_RATE // 100
WINDOW: Final = 200
"""Steps that are compared, 2 s."""
PERIOD: Final = 100
"""Steps between two comparisons."""
MAX_LAG: Final = 60
"""Steps by which the microphone may be behind: buffers and the room."""
MAX_DRIFT: Final = 30
AUDIBLE_DB: Final = -40.0
"""What is played more softly than this, full scale, makes no echo worth a word."""
COUPLING_DB: Final = -12.0
"""An echo that comes back this much softer than it was played, or louder, is strong."""
ALIKE: Final = 0.6
JUDGED: Final = 10
"""Comparisons that are looked at together; only those during which something was played."""
BEGINS: Final = 5
ENDS: Final = 2


class EchoWatch:
    """Implements ``VoiceCleaner`` around another one. Called on one thread; ``is_strong`` is read anywhere.

    Args:
        cleaner: Does the cleaning.
    """

    def __init__(self, cleaner: VoiceCleaner) -> None:
        self._cleaner = cleaner
        self._far = _Loudness(WINDOW + MAX_LAG + MAX_DRIFT)
        self._near = _Loudness(WINDOW)
        self._judged: deque[bool] = deque(maxlen=JUDGED)
        self._due = WINDOW
        self.is_strong = False

    def played(self, samples: Samples) -> None:
        """Note what the speaker was given."""
        self._far.feed(samples)
        self._cleaner.played(samples)

    def heard(self, samples: Samples) -> Samples:
        """Return the block cleaned; raises ValueError as the cleaner does."""
        self._near.feed(samples)
        self._keep_step()
        if self._near.count >= self._due:
            self._due = self._near.count + PERIOD
            self._judge()
        return self._cleaner.heard(samples)

    def begin(self) -> None:
        """Another microphone was opened: nothing is known of it."""
        self._near = _Loudness(WINDOW)
        self._far = _Loudness(WINDOW + MAX_LAG + MAX_DRIFT)
        self._judged.clear()
        self._due = WINDOW
        self.is_strong = False

    def _keep_step(self) -> None:
        """A speaker that is given nothing plays silence."""
        behind = self._near.count - self._far.count
        if behind > MAX_DRIFT:
            self._far.feed(np.zeros(behind * STEP, np.int16))
        elif behind < -MAX_DRIFT:
            self._far.count = self._near.count + MAX_DRIFT

    def _judge(self) -> None:
        far, near = self._far.values(), self._near.values()
        if len(near) < WINDOW or len(far) < WINDOW + MAX_LAG:
            return
        if _decibels(far[-WINDOW:]) < AUDIBLE_DB:
            return
        loud = _decibels(near) - _decibels(far[-WINDOW:]) > COUPLING_DB
        self._judged.append(loud and _likeness(far, near) > ALIKE)
        wanted = ENDS + 1 if self.is_strong else BEGINS
        self.is_strong = sum(self._judged) >= wanted


class _Loudness:
    """Power in steps of 10 ms, full scale is 1; the newest ``size`` steps."""

    def __init__(self, size: int) -> None:
        self._powers: deque[float] = deque(maxlen=size)
        self._rest: Samples = np.zeros(0, np.int16)
        self.count = 0

    def feed(self, samples: Samples) -> None:
        waiting = np.concatenate([self._rest, samples]) if len(self._rest) else samples
        whole = len(waiting) // STEP
        steps = waiting[: whole * STEP].reshape(whole, STEP).astype(np.float32) / 32768
        self._powers.extend(np.mean(steps * steps, axis=1).tolist())
        self._rest = waiting[whole * STEP :]
        self.count += whole

    def values(self) -> NDArray[np.float64]:
        return np.array(self._powers)


def _decibels(powers: NDArray[np.float64]) -> float:
    return float(10 * np.log10(max(float(powers.mean()), 1e-12)))


def _likeness(far: NDArray[np.float64], near: NDArray[np.float64]) -> float:
    """Return the best correlation of the loudness over the allowed lags, -1 to 1."""
    return max(
        _correlation(far[len(far) - WINDOW - lag : len(far) - lag], near)
        for lag in range(min(MAX_LAG, len(far) - WINDOW))
    )


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    a, b = np.sqrt(one) - np.sqrt(one).mean(), np.sqrt(other) - np.sqrt(other).mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / scale if scale > 0 else 0.0
