"""A headset is advised when the speaker is heard loudly in the microphone, and at no other time."""

import numpy as np
import pytest

from benchmarks.peers.speech import babble, echo_of
from carena_desktop.call.engine.devices import FRAME_SAMPLES, Samples
from carena_desktop.call.engine.echo_watch import EchoWatch
from carena_desktop.call.engine.voice_cleaner import AsHeard

RATE = 48_000
FAR = babble(14 * RATE, seed=1)
NEAR = babble(14 * RATE, seed=2)


def watched(far: Samples, near: Samples, *, piece: int = FRAME_SAMPLES, watch: EchoWatch | None = None) -> EchoWatch:
    """Play ``far`` in pieces of any size while the microphone hears ``near`` 20 ms at a time."""
    watch = watch or EchoWatch(AsHeard())
    told = 0
    for start in range(0, len(near) - FRAME_SAMPLES + 1, FRAME_SAMPLES):
        while told <= start and told < len(far):
            watch.played(far[told : told + piece])
            told += piece
        watch.heard(near[start : start + FRAME_SAMPLES])
    return watch


def noise(level: float) -> Samples:
    """A fan beside the microphone."""
    return (np.random.default_rng(3).standard_normal(14 * RATE) * level * 32767).astype(np.int16)


@pytest.mark.parametrize(("delay_s", "piece"), [(0.02, 960), (0.12, 700), (0.3, 4800)])
def test_a_loud_echo_is_noticed(delay_s: float, piece: int) -> None:
    """Whatever the delay and however the speaker takes its samples, an echo at -6 dB is strong."""
    assert watched(FAR, echo_of(FAR, delay_s), piece=piece).is_strong


def test_a_faint_echo_is_not() -> None:
    """What a headset lets through is no reason to advise one."""
    assert not watched(FAR, echo_of(FAR, 0.05, gain_db=-25)).is_strong


def test_two_people_talking_are_not() -> None:
    """Both talk, each with a headset: the loudness of one says nothing of the other's."""
    assert not watched(FAR, NEAR).is_strong


def test_a_noisy_room_is_not() -> None:
    """A fan as loud as the far voice does not go up and down with it."""
    assert not watched(FAR, noise(0.1)).is_strong


def test_without_anything_played_there_is_no_echo() -> None:
    """Silence from the far end judges nothing, whatever the microphone hears."""
    assert not watched(np.zeros(14 * RATE, np.int16), NEAR).is_strong
    assert not watched(np.zeros(0, np.int16), NEAR).is_strong


def test_it_ends_with_its_cause() -> None:
    """When the speaker is turned down the notice goes, and another microphone begins with a clean slate."""
    watch = watched(FAR, echo_of(FAR, 0.05))
    assert watch.is_strong
    watched(FAR, echo_of(FAR, 0.05, gain_db=-30), watch=watch)
    assert not watch.is_strong
    watched(FAR, echo_of(FAR, 0.05), watch=watch)
    watch.begin()
    assert not watch.is_strong


def test_cleaning_is_left_to_the_cleaner() -> None:
    """What the cleaner returns, and refuses, passes through."""

    class Quieter(AsHeard):
        def heard(self, samples: Samples) -> Samples:
            if len(samples) % 480:
                raise ValueError("not a whole number of 10 ms")
            return samples // 2

    watch = EchoWatch(Quieter())
    assert watch.heard(np.full(960, 100, np.int16)).tolist() == [50] * 960
    with pytest.raises(ValueError, match="10 ms"):
        watch.heard(np.zeros(961, np.int16))
