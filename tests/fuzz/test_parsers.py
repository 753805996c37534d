"""Whatever a stranger writes is taken or refused: no crash, no wait, no growth. ``make fuzz`` tries a million."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_protocol.e2ee import sframe
from carena_protocol.e2ee.sframe import SealError
from tests.fuzz.campaign import run
from tests.fuzz.mutate import Mutator
from tests.fuzz.targets import Target, targets

pytestmark = pytest.mark.adversary

INPUTS = 15_000
TARGETS = targets()


def test_changed_inputs_are_taken_or_refused() -> None:
    """Good inputs after a few changes, for every parser: its own errors and no other, in bounded time and room."""
    results = run(INPUTS, seed=20)
    assert [finding for result in results for finding in result.findings] == []
    assert sum(result.inputs for result in results) >= INPUTS - len(results)
    assert max(result.grown_kib for result in results) < 1024


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_the_seeds_are_good(target: Target) -> None:
    """At least one input of each target is taken as it is: the fuzzing begins from what is really sent."""
    fresh = next(other for other in targets() if other.name == target.name)
    taken = 0
    for seed in fresh.seeds:
        try:
            fresh.run(seed)
            taken += 1
        except fresh.errors:
            pass
    assert taken > 0


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
@given(data=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_noise_is_refused_in_order(target: Target, data: bytes) -> None:
    """Noise, too, meets nothing but the parser's own errors."""
    with contextlib.suppress(*target.errors):
        target.run(data)


@given(st.integers(0, (1 << 64) - 1), st.integers(0, (1 << 64) - 1), st.binary(max_size=20))
def test_every_header_is_read_as_it_was_written(key: int, counter: int, rest: bytes) -> None:
    """Any key id and counter of 64 bits (RFC 9605 section 4.3), whatever follows; cut off anywhere it is refused."""
    header = sframe.encode_header(key, counter)
    assert sframe.decode_header(header + rest) == (key, counter, len(header))
    for size in range(len(header)):
        with pytest.raises(SealError):
            sframe.decode_header(header[:size])


def test_a_campaign_can_be_repeated() -> None:
    """The same seed gives the same inputs: a finding can be looked at again."""
    first, second = (Mutator((b"one", b"two"), 7) for _ in range(2))
    assert [first.next() for _ in range(100)] == [second.next() for _ in range(100)]


def test_a_crash_is_a_finding() -> None:
    """The campaign itself would notice: a target that raises anything else is named with its input."""
    from tests.fuzz import campaign  # noqa: PLC0415 - only here

    def breaks(data: bytes) -> None:
        if len(data) > 3:
            raise ZeroDivisionError

    result = campaign._one(Target("broken", (b"12345",), breaks, (ValueError,)), 200, 1)
    assert len(result.findings) == campaign.MOST_FINDINGS
    assert result.findings[0].startswith("ZeroDivisionError")
