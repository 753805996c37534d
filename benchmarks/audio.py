"""What is left of an echo, and of speech, after the microphone's cleaning: the engine's own module, offline.

The far end speaks through a synthetic room (reverberation 0.35 s, 60 ms of delay) into the microphone. Echo return loss
enhancement (ERLE) is the echo's power before over after, in dB, once the canceller has had time. The peer is no
processing: 0 dB. Offline, because a sound server on a loaded machine loses samples and measures that instead.
"""

import statistics
from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pystoi import stoi

from benchmarks.peers.speech import RATE, babble, echo_of
from benchmarks.row import Row
from carena_desktop.call.engine.devices import FRAME_SAMPLES
from carena_desktop.call.engine.voice_cleaner import WebrtcCleaner
from carena_desktop.clock import SYSTEM_CLOCK

SECONDS: Final = 16
ROUNDS: Final = 5
SETTLED_S: Final = 6
ENOUGH_DB: Final = 20.0
ENOUGH_SOON_S: Final = 4.0
CHEAP: Final = 0.03
CLEAR: Final = 0.98
OVERLAP_S: Final = 1.5
LOUDER_DB: Final = 6.0
SPEECH_RANGE_DB: Final = 30.0
MISSING_DB: Final = 20.0
LITTLE_LOST_S: Final = 0.8
NOTHING: Final = "no processing"

Sound = NDArray[np.int16]


def _decibels(sound: Sound) -> float:
    return 10 * float(np.log10(max(float(np.mean((sound / 32768) ** 2)), 1e-12)))


def _clean(far: Sound, microphone: Sound) -> Sound:
    cleaner = WebrtcCleaner(gain=False)
    out = []
    for start in range(0, len(far) - FRAME_SAMPLES + 1, FRAME_SAMPLES):
        cleaner.played(far[start : start + FRAME_SAMPLES])
        out.append(cleaner.heard(microphone[start : start + FRAME_SAMPLES]))
    return np.concatenate(out)


def _erle(make_echo: Callable[[Sound], Sound]) -> float:
    """Median over the rounds, each with another speaker."""
    found = []
    for seed in range(ROUNDS):
        far = babble(SECONDS * RATE, seed)
        microphone = make_echo(far)
        left = _clean(far, microphone)
        start = SETTLED_S * RATE
        found.append(_decibels(microphone[start : len(left)]) - _decibels(left[start:]))
    return statistics.median(found)


def _seconds_after_a_jump() -> float:
    """Return the seconds from a jump of the delay (60 to 180 ms) until 20 dB are reached again."""
    found = []
    for seed in range(ROUNDS):
        far = babble(2 * SECONDS * RATE, seed)
        jump = SECONDS * RATE
        microphone = np.concatenate([echo_of(far, 0.06)[:jump], echo_of(far, 0.18)[jump:]])
        left = _clean(far, microphone)
        step = RATE // 2
        for start in range(jump, len(left) - step, step):
            if _decibels(microphone[start : start + step]) - _decibels(left[start : start + step]) >= ENOUGH_DB:
                found.append((start - jump) / RATE)
                break
        else:
            found.append(float(SECONDS))
    return statistics.median(found)


def _aligned(said: Sound, left: Sound) -> tuple[Sound, Sound]:
    """Return both sounds without the delay that cleaning adds, found by correlation up to 50 ms."""
    length = len(left) - RATE
    before = said[:length].astype(np.float64)
    delays = range(0, RATE // 20, RATE // 2000)
    delay = max(delays, key=lambda lag: float(np.corrcoef(before, left[lag : lag + length])[0, 1]))
    return said[:length], left[delay : delay + length]


def _near_alone() -> tuple[float, float]:
    """Return the change of level in dB, and the intelligibility (STOI, Taal 2011), of speech alone: medians."""
    levels, understood = [], []
    for seed in range(ROUNDS):
        near = babble(SECONDS * RATE, 99 + seed)
        left = _clean(np.zeros_like(near), near)
        before, after = _aligned(near[2 * RATE :], left[2 * RATE :])
        levels.append(_decibels(after) - _decibels(before))
        understood.append(float(stoi(before.astype(np.float64), after.astype(np.float64), RATE)))
    return statistics.median(levels), statistics.median(understood)


def _lost_when_taking_turns() -> tuple[float, float]:
    """Return the seconds of our own speech that go missing when we begin 1.5 s before the far end stops.

    Lost is a 10 ms frame of speech that comes out more than 20 dB quieter. The second figure counts those after the
    far end has stopped. Medians.
    """
    during, afterwards = [], []
    for seed in range(ROUNDS):
        far = babble((SECONDS + 4) * RATE, seed)
        far[SECONDS * RATE :] = 0
        echo = echo_of(far, 0.06)
        begin = int((SECONDS - OVERLAP_S) * RATE)
        near = np.zeros_like(far)
        near[begin:] = babble(len(near) - begin, 99 + seed, _decibels(echo[: SECONDS * RATE]) + LOUDER_DB)
        both = np.clip(echo.astype(np.int32) + near, -32768, 32767).astype(np.int16)
        said, left = _aligned(near[begin:], _clean(far, both)[begin:])
        frames = len(said) // FRAME_SAMPLES

        def loudness(sound: Sound, frames: int = frames) -> NDArray[np.float64]:
            cut = sound[: frames * FRAME_SAMPLES].reshape(frames, FRAME_SAMPLES).astype(np.float64)
            found: NDArray[np.float64] = 10 * np.log10(np.mean(cut**2, axis=1) + 1)
            return found

        before, after = loudness(said), loudness(left)
        spoken = before > before.max() - SPEECH_RANGE_DB
        lost = np.flatnonzero(spoken & (after < before - MISSING_DB))
        during.append(len(lost) / 100)
        afterwards.append(int((lost > (OVERLAP_S + 0.2) * 100).sum()) / 100)
    return statistics.median(during), statistics.median(afterwards)


def _cost() -> float:
    """Return the share of a core that cleaning takes."""
    far, near = babble(SECONDS * RATE, 1), babble(SECONDS * RATE, 2)
    began = SYSTEM_CLOCK.monotonic()
    _clean(far, near)
    return (SYSTEM_CLOCK.monotonic() - began) / SECONDS


def rows() -> Iterable[Row]:
    """Measure and yield the rows."""
    for what, make_echo, goal in (
        ("ERLE, far end alone", lambda far: echo_of(far, 0.06), 40.0),
        ("ERLE, 400 ms of delay", lambda far: echo_of(far, 0.4), 40.0),
        ("ERLE, distorting speaker", lambda far: echo_of(far, 0.06, drive=8.0), 25.0),
        ("ERLE, echoing room", lambda far: echo_of(far, 0.06, reverberation_s=0.8), 30.0),
    ):
        found = _erle(make_echo)
        yield Row(what, found, "dB", 0.0, NOTHING, f">= {goal:.0f}", found >= goal)
    seconds = _seconds_after_a_jump()
    yield Row("after a jump of the delay, until 20 dB", seconds, "s", None, NOTHING, "<= 4", seconds <= ENOUGH_SOON_S)
    level, clear = _near_alone()
    yield Row("speech alone, change of level", level, "dB", 0.0, NOTHING, "within 1", abs(level) <= 1)
    yield Row("speech alone, intelligibility (STOI)", clear, "", 1.0, NOTHING, f">= {CLEAR}", clear >= CLEAR)
    lost, late = _lost_when_taking_turns()
    little = f"<= {LITTLE_LOST_S}"
    yield Row("taking turns, own speech lost in the overlap", lost, "s", 0.0, NOTHING, little, lost <= LITTLE_LOST_S)
    yield Row("taking turns, own speech lost after it", late, "s", 0.0, NOTHING, "0", late <= 0)
    share = _cost()
    yield Row("cost", share * 100, "% of a core", 0.0, NOTHING, "<= 3", share <= CHEAP)
