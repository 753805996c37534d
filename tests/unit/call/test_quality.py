"""The word for the connection: the worst that matters, its cause, and no flicker."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.call.model import CallFigures, Cause, Level, Path, Reading
from carena_desktop.call.quality import BETTER_AFTER, WORSE_AFTER, QualityJudge, judge

FINE = CallFigures(
    remote_fps=30, remote_width=1280, remote_height=720, remote_audio_frames_per_s=50, sent_fps=30,
    round_trip_ms=40, path=Path.DIRECT, path_kbps=2500, encode_ms=5,
)  # fmt: skip
GOOD, FAIR, POOR = Reading(Level.GOOD), Reading(Level.FAIR, Cause.DISTANCE), Reading(Level.POOR, Cause.THEIR_LINK)


def told(**changes: Any) -> Reading:
    """The judgement of fine figures with some changed."""
    return judge(replace(FINE, **changes), peer_camera=True, peer_microphone=True)


@pytest.mark.parametrize(
    ("changes", "level", "cause"),
    [
        ({}, Level.GOOD, Cause.NONE),
        ({"round_trip_ms": None}, Level.UNKNOWN, Cause.NONE),
        ({"round_trip_ms": 200}, Level.FAIR, Cause.DISTANCE),
        ({"round_trip_ms": 500, "path": Path.RELAYED}, Level.POOR, Cause.RELAY),
        ({"path_kbps": 300}, Level.FAIR, Cause.OUR_UPLINK),
        ({"path_kbps": 100}, Level.POOR, Cause.OUR_UPLINK),
        ({"path_kbps": None}, Level.GOOD, Cause.NONE),
        ({"sent_loss": 0.08}, Level.FAIR, Cause.OUR_UPLINK),
        ({"sent_loss": 0.3}, Level.POOR, Cause.OUR_UPLINK),
        ({"received_loss": 0.08}, Level.FAIR, Cause.THEIR_LINK),
        ({"remote_fps": 12}, Level.FAIR, Cause.THEIR_LINK),
        ({"remote_fps": 3}, Level.POOR, Cause.THEIR_LINK),
        ({"remote_audio_frames_per_s": 35}, Level.POOR, Cause.THEIR_LINK),
        ({"is_cpu_limited": True, "encode_ms": 30}, Level.FAIR, Cause.BUSY_COMPUTER),
        ({"is_cpu_limited": True, "encode_ms": 15}, Level.GOOD, Cause.NONE),
        ({"remote_fps": 12, "path_kbps": 300}, Level.FAIR, Cause.OUR_UPLINK),
        ({"remote_fps": 3, "path_kbps": 300}, Level.POOR, Cause.THEIR_LINK),
    ],
)
def test_the_worst_is_told_with_its_cause(changes: dict[str, object], level: Level, cause: Cause) -> None:
    """Each trouble has its level and its cause; of two the worse one, of two alike the one nearer to us."""
    assert told(**changes) == Reading(level, cause)


def test_what_is_not_sent_is_not_missed() -> None:
    """With the patient's camera and microphone off neither pictures nor sound are missed."""
    figures = replace(FINE, remote_fps=0, remote_audio_frames_per_s=0)
    assert judge(figures, peer_camera=False, peer_microphone=False) == GOOD


def test_a_worse_word_waits_for_a_second_reading_and_a_better_one_for_five() -> None:
    """One bad second is not shown; a good one after bad ones is not believed at once."""
    quality = QualityJudge()
    assert quality.take(GOOD) == GOOD
    assert [quality.take(FAIR) for _ in range(WORSE_AFTER)] == [GOOD] * (WORSE_AFTER - 1) + [FAIR]
    assert [quality.take(GOOD) for _ in range(BETTER_AFTER)] == [FAIR] * (BETTER_AFTER - 1) + [GOOD]


def test_a_single_spike_is_forgotten() -> None:
    """Bad seconds that do not follow each other never change the word."""
    quality = QualityJudge()
    quality.take(GOOD)
    assert {quality.take(reading) for _ in range(50) for reading in (POOR, GOOD)} == {GOOD}


def test_two_kinds_of_worse_add_up() -> None:
    """A fair second and a poor one are two seconds of trouble; the newer one is told."""
    quality = QualityJudge()
    quality.take(GOOD)
    assert quality.take(FAIR) == GOOD
    assert quality.take(POOR) == POOR


@given(st.lists(st.sampled_from([Reading(), GOOD, FAIR, POOR]), max_size=60))
def test_only_what_was_read_is_shown(readings: list[Reading]) -> None:
    """The word is always one of the last readings, and the same reading five times is always shown."""
    quality = QualityJudge()
    for reading in readings:
        assert quality.take(reading) in {Reading(), *readings}
    for _ in range(BETTER_AFTER):
        quality.take(FAIR)
    assert quality.shown == FAIR
