"""What shows that the way to the other party is gone, and what does not."""

import pytest

from carena_desktop.call.engine.path_watch import LIVELY, ChangeJudge, PathWatch, SilenceJudge, own_addresses
from carena_desktop.call.path_events import NetworkChanged, PathSilent
from carena_desktop.call.ports import EngineEvent
from tests.fakes.clock import FakeClock


def run(judge: SilenceJudge, steps: list[tuple[float, int]], leg: int = 1) -> list[float]:
    """Feed (seconds, packets per 0.1 s) one after the other; return when the judge found a silence."""
    now, packets, found = 0.0, 0, []
    for seconds, rate in steps:
        for _ in range(round(seconds * 10)):
            now += 0.1
            packets += rate
            if judge.feed(leg, packets, now):
                found.append(round(now, 1))
    return found


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([(3, 5), (3, 0)], [4.0]),
        ([(3, 5), (0.9, 0), (3, 5)], []),
        ([(3, 5), (2, 0), (3, 5), (2, 0)], [4.0, 9.0]),
        ([(10, 0)], []),
    ],
    ids=["gone", "a hiccup", "gone twice", "never there"],
)
def test_a_lively_path_that_falls_silent_is_noticed_after_a_second(
    steps: list[tuple[float, int]], found: list[float]
) -> None:
    """One second without a packet after many is a silence, told once; a shorter pause is none."""
    assert run(SilenceJudge(), steps) == pytest.approx(found, abs=0.11)


def test_a_path_that_says_little_is_not_judged() -> None:
    """With camera off and muted a heartbeat a second comes: its absence is for the heartbeats to judge."""
    judge, now, packets = SilenceJudge(), 0.0, 0
    for second in range(20):
        packets += LIVELY // 2 if second < 10 else 0
        for _ in range(10):
            now += 0.1
            assert not judge.feed(1, packets, now)


def test_another_leg_begins_anew() -> None:
    """The first packets of a new leg are still to come: that is no silence."""
    judge = SilenceJudge()
    run(judge, [(3, 5)])
    assert not any(judge.feed(2, 0, 3 + step / 10) for step in range(30))


def test_other_addresses_are_another_network() -> None:
    """The first look is no news; an address more or less is, each time."""
    judge = ChangeJudge()
    seen = [judge.feed(frozenset(addresses), 0, float(at)) for at, addresses in enumerate(("a", "a", "b", "ab", "ab"))]
    assert seen == [False, False, True, True, False]


def test_sends_that_fail_are_another_network() -> None:
    """Many failed sends at once are told once in three seconds; a single one is not."""
    judge, here = ChangeJudge(), frozenset({"a"})
    judge.feed(here, 0, 0.0)
    assert not judge.feed(here, 1, 0.5)
    assert judge.feed(here, 30, 1.0)
    assert not judge.feed(here, 60, 1.5)
    assert judge.feed(here, 90, 4.5)


class _Leg:
    received_packets = 0
    failed_sends = 0


def test_the_engine_is_told_of_both() -> None:
    """Looking ten times a second gives one event for a silence and one for a change."""
    clock, leg, told = FakeClock(), _Leg(), list[EngineEvent]()
    addresses = ["a"]
    watch = PathWatch(lambda: (3, leg), told.append, clock, lambda: frozenset(addresses))
    for step in range(50):
        clock.advance(0.1)
        leg.received_packets += 5 if step < 20 else 0
        if step == 40:
            addresses.append("b")
        watch.look(with_addresses=step % 5 == 0)
    assert told == [PathSilent(3), NetworkChanged()]


def test_own_addresses_leave_loopback_out() -> None:
    """What is compared are addresses at which this machine can be reached."""
    assert not any(address.startswith(("127.", "fe80")) or address == "::1" for address in own_addresses())
