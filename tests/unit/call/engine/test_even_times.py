"""The times that the encoder's rate control sees."""

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.call.engine.even_times import EvenTimes


def gaps(times: list[int]) -> list[int]:
    """What is between them."""
    return [after - before for before, after in pairwise(times)]


def test_uneven_pictures_get_even_times() -> None:
    """Pictures that come up to 10 ms early or late are a tenth of a gap apart from each other at most, and not late."""
    rng = random.Random(3)  # noqa: S311 - the same on every run
    captured = [number * 3000 + rng.randint(-900, 900) for number in range(1, 300)]
    even = EvenTimes(3000)
    told = [even.next(at) for at in captured]
    assert all(abs(gap - 3000) < 300 for gap in gaps(told)[30:])
    assert abs(told[-1] - captured[-1]) < 3000


def test_another_rate_is_followed() -> None:
    """Half as many pictures a second are half as many for the encoder within two seconds."""
    even = EvenTimes(3000)
    told = [even.next(at) for at in (*range(0, 90_000, 3000), *range(90_000, 360_000, 6000))]
    assert all(abs(gap - 6000) < 300 for gap in gaps(told)[-15:])


def test_a_pause_is_a_pause() -> None:
    """After a camera was off for a minute the encoder hears of a minute."""
    even = EvenTimes(3000)
    first = even.next(1000)
    assert even.next(1000 + 60 * 90_000) - first == 60 * 90_000


@given(st.lists(st.integers(0, 1 << 40), max_size=50))
def test_times_always_grow(captured: list[int]) -> None:
    """Whatever a clock says, backwards included: libvpx refuses a time that is not later than the one before."""
    even = EvenTimes(3000)
    told = [even.next(at) for at in captured]
    assert all(gap > 0 for gap in gaps(told))
