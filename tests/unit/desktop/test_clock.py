"""The two clocks mean what they say."""

import pytest

from carena_desktop.clock import SystemClock
from tests.fakes.clock import FakeClock


def test_the_system_clock_does_not_go_back() -> None:
    """Two readings are in order, and the wall clock is in milliseconds of this century."""
    clock = SystemClock()
    first = clock.monotonic()
    assert clock.monotonic() >= first
    assert 1_700_000_000_000 < clock.wall_ms() < 4_100_000_000_000


def test_the_fake_clock_moves_only_by_hand() -> None:
    """Advancing moves both clocks; setting the wall clock leaves the monotonic one."""
    clock = FakeClock(monotonic=5.0, wall_ms=1000)
    clock.advance(1.5)
    assert (clock.monotonic(), clock.wall_ms()) == (6.5, 2500)
    clock.set_wall_ms(10)
    assert (clock.monotonic(), clock.wall_ms()) == (6.5, 10)
    with pytest.raises(ValueError, match="back"):
        clock.advance(-1)
