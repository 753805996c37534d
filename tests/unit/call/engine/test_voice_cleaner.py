"""Echo is taken out, speech is left, and nothing that comes can abort the process."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.peers.speech import babble, echo_of
from carena_desktop.call.engine.devices import FRAME_SAMPLES, Samples
from carena_desktop.call.engine.voice_cleaner import STEP, AsHeard, WebrtcCleaner, make_cleaner

RATE = 48_000


def decibels(samples: Samples) -> float:
    """Power of full scale."""
    power = float(np.mean((samples.astype(np.float64) / 32768) ** 2))
    return float(10 * np.log10(max(power, 1e-12)))


def through(cleaner: WebrtcCleaner, far: Samples, microphone: Samples) -> Samples:
    """Play ``far`` and hear ``microphone``, 20 ms at a time."""
    out = []
    for start in range(0, len(far) - FRAME_SAMPLES + 1, FRAME_SAMPLES):
        cleaner.played(far[start : start + FRAME_SAMPLES])
        out.append(cleaner.heard(microphone[start : start + FRAME_SAMPLES]))
    return np.concatenate(out)


def test_echo_is_taken_out() -> None:
    """Of the far end's voice through a room at least 30 dB are gone after three seconds."""
    far = babble(8 * RATE, seed=1)
    microphone = echo_of(far, delay_s=0.06)
    left = through(WebrtcCleaner(gain=False), far, microphone)
    assert decibels(microphone[3 * RATE :]) - decibels(left[3 * RATE :]) > 30


def test_speech_is_left() -> None:
    """With nobody at the far end the near voice keeps its power within 3 dB."""
    near = babble(6 * RATE, seed=2)
    left = through(WebrtcCleaner(noise=False, gain=False), np.zeros_like(near), near)
    assert abs(decibels(left[RATE:]) - decibels(near[RATE:])) < 3


@given(st.lists(st.integers(0, 3000), max_size=8))
def test_any_number_of_samples_may_be_played(sizes: list[int]) -> None:
    """What the speaker takes is never a whole number of 10 ms; nothing aborts."""
    cleaner = _SHARED
    for size in sizes:
        cleaner.played(np.zeros(size, np.int16))
    assert len(cleaner.heard(np.zeros(FRAME_SAMPLES, np.int16))) == FRAME_SAMPLES


@pytest.mark.parametrize("size", [1, STEP - 1, STEP + 1, FRAME_SAMPLES + 7])
def test_a_wrong_block_is_an_error(size: int) -> None:
    """The module would abort the process; it is a ValueError before."""
    with pytest.raises(ValueError, match="10 ms"):
        _SHARED.heard(np.zeros(size, np.int16))


def test_without_the_module_sound_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where livekit can't be loaded the microphone is heard as it is."""
    monkeypatch.setitem(sys.modules, "livekit", None)
    cleaner = make_cleaner()
    assert isinstance(cleaner, AsHeard)
    block = np.arange(FRAME_SAMPLES, dtype=np.int16)
    cleaner.played(block)
    assert cleaner.heard(block) is block


_SHARED = WebrtcCleaner()
