"""What an address may ask the connection test for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_server.probe import MAX_DOWN, ByteBudget, _size


def test_a_burst_is_free_and_the_rest_waits() -> None:
    """Up to the burst nothing waits; beyond it the answer says for how long, and uses nothing."""
    budget = ByteBudget(rate=100, burst=1000)
    assert budget.take("a", 1000, 0.0) == 0
    assert budget.take("a", 100, 0.0) == 1.0
    assert budget.take("b", 1000, 0.0) == 0
    assert budget.take("a", 100, 1.0) == 0
    assert budget.take("a", 1, 1.0) > 0


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(0, 2000)), max_size=60))
def test_no_address_gets_more_than_burst_and_rate_allow(asked: list[tuple[float, int]]) -> None:
    """However it asks, the bytes given stay within burst + rate x time."""
    budget, now, given_bytes = ByteBudget(rate=100, burst=1000), 0.0, 0
    for pause, size in asked:
        now += pause
        if budget.take("a", size, now) == 0:
            given_bytes += size
        assert given_bytes <= 1000 + 100 * now + 1e-6


@pytest.mark.parametrize("text", ["", "-1", "1.5", "x", "٣", "1e3", str(MAX_DOWN + 1), "9" * 4000])
def test_what_is_no_size_is_refused(text: str) -> None:
    """Signs, letters, other digits and too much are no size."""
    assert _size(text, MAX_DOWN) is None


@pytest.mark.parametrize("size", [0, 1, MAX_DOWN])
def test_a_size_is_read(size: int) -> None:
    """Plain digits up to the limit."""
    assert _size(str(size), MAX_DOWN) == size
