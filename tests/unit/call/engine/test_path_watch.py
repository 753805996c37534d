"""What shows that the way to the other party is gone, and what does not."""

import random
from collections.abc import Callable, Iterator, Sequence

import pytest

from carena_desktop.call.engine.path_watch import LIVELY, LOOK_S, ChangeJudge, PathWatch, SilenceJudge, own_addresses
from carena_desktop.call.path_events import NetworkChanged, PathEvent, PathHeard, PathQuiet, PathSilent
from carena_desktop.call.ports import EngineEvent
from tests.fakes.clock import FakeClock


def run(judge: SilenceJudge, steps: Sequence[tuple[float, float]], leg: int = 1) -> list[tuple[float, PathEvent]]:
    """Feed (seconds, packets a second) one after the other; return what the judge found, and when."""
    now, packets, found = 0.0, 0.0, list[tuple[float, PathEvent]]()
    for seconds, rate in steps:
        for _ in range(round(seconds / LOOK_S)):
            now += LOOK_S
            packets += rate * LOOK_S
            if (news := judge.feed(leg, int(packets), now)) is not None:
                found.append((round(now, 2), news))
    return found


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([(3, 150), (3, 0)], [3.6]),
        ([(3, 70), (3, 0)], [4.0]),
        ([(3, 150), (0.5, 0), (3, 150)], []),
        ([(3, 150), (2, 0), (3, 150), (2, 0)], [3.6, 8.6]),
        ([(10, 0)], []),
    ],
    ids=["gone", "gone, with few packets", "a hiccup", "gone twice", "never there"],
)
def test_a_lively_path_that_falls_silent_is_noticed(steps: list[tuple[float, int]], found: list[float]) -> None:
    """Eighty packets that stay away, 0.6 s at the least, or a second without any, are a silence, told once."""
    silences = [at for at, news in run(SilenceJudge(), steps) if isinstance(news, PathSilent)]
    assert silences == pytest.approx(found, abs=0.06)


def test_a_pause_is_told_at_once_and_so_is_its_end() -> None:
    """After 0.15 s without a packet it is quiet; a tenth of a second more would be odd without any before."""
    found = run(SilenceJudge(), [(3, 150), (0.3, 0), (1, 150)])
    (quiet_at, quiet), (heard_at, heard) = found
    assert (quiet_at, heard_at) == pytest.approx((3.2, 3.35), abs=0.06)
    assert isinstance(quiet, PathQuiet)
    assert quiet.patience_s == pytest.approx(0.1, abs=0.06)
    assert heard == PathHeard(1)


def test_a_path_with_pauses_is_given_more_time() -> None:
    """Twice the longest pause of the last half minute, and no longer for one that was before."""
    pauses = [(3, 150), (0.5, 0), (2, 150), (0.3, 0), (2, 150), (0.5, 0)]
    patience = [news.patience_s for _, news in run(SilenceJudge(), pauses) if isinstance(news, PathQuiet)]
    assert patience == pytest.approx([0.1, 0.85, 0.85], abs=0.11)
    later = [*pauses[:2], (31, 150), (0.3, 0)]
    patience = [news.patience_s for _, news in run(SilenceJudge(), later) if isinstance(news, PathQuiet)]
    assert patience[-1] == pytest.approx(0.1, abs=0.06)


def arrivals(seed: int, seconds: float, lost: Callable[[random.Random], Iterator[bool]], jitter: float) -> list[float]:
    """When 150 packets a second arrive over a path that loses and delays them."""
    chance = random.Random(seed)  # noqa: S311 - a test's accidents
    losses = lost(chance)
    sent = (number / 150 for number in range(round(seconds * 150)))
    return sorted(at + max(0.0, chance.gauss(0.1, jitter)) for at in sent if not next(losses))


def no_loss(_chance: random.Random) -> Iterator[bool]:
    """Nothing is lost."""
    while True:
        yield False


def bursts(chance: random.Random) -> Iterator[bool]:
    """A tenth is lost, in bursts of 8 packets on average (Gilbert's model, as the laboratory's link)."""
    is_bad = False
    while True:
        is_bad = chance.random() < 7 / 8 if is_bad else chance.random() < 0.1 / 0.9 / 8
        yield is_bad


@pytest.mark.parametrize(
    ("lost", "jitter", "odd"), [(no_loss, 0.03, 0), (bursts, 0.0, 5)], ids=["jitter 100 +- 30", "bursts of a tenth"]
)
def test_loss_and_jitter_are_no_silence(
    lost: Callable[[random.Random], Iterator[bool]], jitter: float, odd: int
) -> None:
    """In ten minutes no silence; in bursts a pause is odd, which alone changes nothing, a few times at most."""
    silences = oddities = 0
    for seed in range(5):
        judge, now, limit = SilenceJudge(), 0.0, float("inf")
        for count, at in enumerate(arrivals(seed, 120, lost, jitter)):
            while now + LOOK_S < at:
                now += LOOK_S
                news = judge.feed(1, count, now)
                limit = now + news.patience_s if isinstance(news, PathQuiet) else limit
                silences += isinstance(news, PathSilent)
                if isinstance(news, PathHeard):
                    oddities += now - LOOK_S > limit
                    limit = float("inf")
    assert silences == 0
    assert oddities <= odd


def test_a_path_that_says_little_is_not_judged() -> None:
    """With camera off and muted a heartbeat a second comes: its absence is for the heartbeats to judge."""
    judge, now, packets = SilenceJudge(), 0.0, 0
    for second in range(20):
        packets += LIVELY // 2 if second < 10 else 0
        for _ in range(10):
            now += 0.1
            assert judge.feed(1, packets, now) is None


def test_another_leg_begins_anew() -> None:
    """The first packets of a new leg are still to come: that is no silence."""
    judge = SilenceJudge()
    run(judge, [(3, 150)])
    assert all(judge.feed(2, 0, 3 + step / 10) is None for step in range(30))


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
    reports: tuple[int, float | None] = (0, None)


def test_the_engine_is_told_of_both() -> None:
    """A silence gives its two events, and a change of addresses one."""
    clock, leg, told = FakeClock(), _Leg(), list[EngineEvent]()
    addresses = ["a"]
    watch = PathWatch(lambda: (3, leg), told.append, clock, lambda: frozenset(addresses))
    for step in range(50):
        clock.advance(0.1)
        leg.received_packets += 5 if step < 20 else 0
        if step == 40:
            addresses.append("b")
        watch.look(with_addresses=step % 5 == 0)
    assert [type(event) for event in told] == [PathQuiet, PathSilent, NetworkChanged]


def test_own_addresses_leave_loopback_out() -> None:
    """What is compared are addresses at which this machine can be reached."""
    assert not any(address.startswith(("127.", "fe80")) or address == "::1" for address in own_addresses())


def test_the_engine_is_told_when_only_the_other_party_hears_nothing() -> None:
    """What comes goes on, what leaves is reported no more: quiet, then silent, as if it were the other direction."""
    clock, leg, told = FakeClock(), _Leg(), list[EngineEvent]()
    watch = PathWatch(lambda: (3, leg), told.append, clock, frozenset)
    for step in range(160):
        clock.advance(LOOK_S)
        leg.received_packets += 4
        leg.reports = (step // 4, clock.monotonic() - step % 4 * LOOK_S) if step < 80 else (19, 79 * LOOK_S)
        watch.look(with_addresses=False)
    assert [type(event) for event in told] == [PathQuiet, PathSilent]
