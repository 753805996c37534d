"""The microphone's level and the test sound."""

import numpy as np

from carena_desktop.call.engine.level_meter import LevelMeter, chime, to_level


def test_silence_is_nothing_and_full_scale_is_all() -> None:
    """The scale spans 60 dB: half of it is -30 dBFS."""
    assert to_level(0.0) == 0.0
    assert to_level(32768.0) == 1.0
    assert abs(to_level(32768.0 * 10 ** (-30 / 20)) - 0.5) < 1e-9
    assert to_level(1.0) == 0.0


def test_a_level_comes_ten_times_a_second() -> None:
    """Five blocks of 20 ms make one level, that of the loudest block."""
    meter = LevelMeter()
    quiet, loud = np.zeros(960, np.int16), np.full(960, 3277, np.int16)
    assert [meter.feed(block) for block in (quiet, loud, quiet, quiet)] == [None] * 4
    level = meter.feed(quiet)
    assert level is not None
    assert abs(level - 2 / 3) < 0.01
    assert [meter.feed(quiet) for _ in range(5)] == [None] * 4 + [0.0]


def test_the_test_sound_is_whole_blocks_and_begins_and_ends_in_silence() -> None:
    """Every block is 20 ms of stereo; nothing clicks at either end."""
    blocks = chime()
    assert {len(block) for block in blocks} == {960 * 4}
    samples = np.frombuffer(b"".join(blocks), np.int16)
    assert samples[0] == samples[1] == 0
    assert abs(int(samples[-1])) < 50
    assert 4000 < np.abs(samples.astype(int)).max() <= 6000
