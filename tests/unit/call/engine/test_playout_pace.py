"""Sound is played a little faster or slower, so that the queue at the loudspeaker stays short and never runs dry."""

import random

import numpy as np
import pytest

from carena_desktop.call.engine.playout_pace import MAX_CHANGE, PlayoutPace

BLOCK = 960
RATE = 48_000
S = RATE


def _tone(blocks: int) -> np.ndarray:
    at = np.arange(blocks * BLOCK)
    mono = (np.sin(2 * np.pi * 440 * at / RATE) * 10_000).astype(np.int16)
    return np.repeat(mono[:, np.newaxis], 2, axis=1)


def _settled() -> PlayoutPace:
    """One whose start is over, on a quiet path."""
    pace = PlayoutPace()
    for _ in range(200):
        pace.feed(np.full((BLOCK, 2), 5000, np.int16), 0.025)
    return pace


def _simulate(
    seconds: float, *, ppm: float = 0.0, jitter_s: float = 0.0, start_s: float = 0.04
) -> tuple[int, list[float]]:
    """Return how often the loudspeaker ran dry after ten seconds, and what waited at each arrival after that."""
    pace, rng = PlayoutPace(), random.Random(7)  # noqa: S311 - the same jitter in every run
    queue, at, dry, waited = start_s, 0.0, 0, []
    block = np.full((BLOCK, 2), 5000, np.int16)  # nobody pauses: the harder case
    arrivals = sorted(i * 0.02 * (1 - ppm * 1e-6) + rng.uniform(0, jitter_s) for i in range(int(seconds / 0.02)))
    for arrival in arrivals:
        queue -= arrival - at
        at = arrival
        if queue < 0:
            dry += arrival > 10
            queue = 0.0
        if arrival > 10:
            waited.append(queue)
        queue = min(queue + len(pace.feed(block, queue)) / S, 0.16)
    return dry, waited


@pytest.mark.parametrize("ppm", [-400, -100, 0, 100, 400])
def test_clocks_that_drift_neither_empty_nor_fill_the_queue(ppm: int) -> None:
    """Ten minutes with a sender up to 400 ppm off: never dry, and never more than 60 ms waiting."""
    dry, waited = _simulate(600, ppm=ppm)
    assert dry == 0
    assert max(waited) < 0.06


def test_a_restless_path_gets_a_longer_queue_and_no_more() -> None:
    """With 60 ms of jitter nothing runs dry once it has adapted, and 95 of 100 blocks wait less than 120 ms."""
    dry, waited = _simulate(120, jitter_s=0.06)
    assert dry <= 2
    assert np.percentile(waited, 95) < 0.12


def test_needless_delay_is_played_away() -> None:
    """150 ms that wait for no reason are less than 60 ms after half a minute."""
    _, waited = _simulate(40, start_s=0.15)
    assert max(waited[-100:]) < 0.06


def test_what_queued_up_at_the_start_is_left_out_at_once() -> None:
    """A device that took 150 ms to begin costs no lasting delay: within two seconds less than 60 ms wait."""
    pace, queue = PlayoutPace(), 0.15
    for _ in range(100):
        queue += len(pace.feed(np.full((BLOCK, 2), 5000, np.int16), queue)) / S - 0.02
    assert queue < 0.06


def test_pauses_are_shortened_and_words_are_not() -> None:
    """After a burst in mid-call whole blocks are left out where it is quiet, and none where somebody speaks."""
    loud, quiet = np.full((BLOCK, 2), 5000, np.int16), np.zeros((BLOCK, 2), np.int16)
    pace = _settled()
    spoken = [len(pace.feed(loud, 0.14)) for _ in range(300)]
    assert min(spoken) >= BLOCK * (1 - MAX_CHANGE) - 1
    left_out = [len(pace.feed(quiet, 0.14)) for _ in range(3)]
    assert left_out == [0, 0, 0]


def test_a_steady_queue_is_left_alone() -> None:
    """Where the margin is kept every sample is played as it came."""
    pace, tone = PlayoutPace(), _tone(100)
    played = [pace.feed(tone[at : at + BLOCK], 0.025) for at in range(0, len(tone), BLOCK)]
    assert np.array_equal(np.concatenate(played), tone)


@pytest.mark.parametrize("waiting", [0.0, 0.15])
def test_a_changed_speed_does_not_click(waiting: float) -> None:
    """Faster or slower, a tone stays a tone: no step between samples larger than its own steepest, and 1 % at most."""
    pace, tone = _settled(), _tone(500)
    played = np.concatenate([pace.feed(tone[at : at + BLOCK], waiting) for at in range(0, len(tone), BLOCK)])
    assert len(played) != len(tone)
    assert abs(len(played) / len(tone) - 1) <= MAX_CHANGE
    steepest = np.abs(np.diff(tone[:, 0].astype(int))).max()
    assert np.abs(np.diff(played[:, 0].astype(int))).max() <= steepest * 1.05


@pytest.mark.parametrize("size", [0, 1, 480, 961, 5760])
def test_blocks_of_any_length_are_played(size: int) -> None:
    """An empty block, a single sample or 120 ms: about as much comes out."""
    pace = _settled()
    for _ in range(300):
        played = pace.feed(np.full((size, 2), 5000, np.int16), 0.5)
        assert abs(len(played) - size) <= size * MAX_CHANGE + 1
