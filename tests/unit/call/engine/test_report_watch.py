"""When a party that reported what it gets is thought to get nothing any more, and when it is not."""

from collections.abc import Sequence

import pytest

from carena_desktop.call.engine.path_watch import LOOK_S
from carena_desktop.call.engine.report_watch import BothWays, DeafJudge
from carena_desktop.call.path_events import PathEvent, PathHeard, PathQuiet, PathSilent


def run(
    steps: Sequence[tuple[float, float | None]], *, sends: bool = True, leg: int = 1
) -> list[tuple[float, PathEvent]]:
    """Feed (seconds, seconds between two reports or None) one after the other; return what was found, and when."""
    judge, now, reports, due, owed = DeafJudge(), 0.0, 0, 0.0, None
    found = list[tuple[float, PathEvent]]()
    for seconds, every in steps:
        for _ in range(round(seconds / LOOK_S)):
            now += LOOK_S
            if every is not None and now >= due:
                reports, due, owed = reports + 1, now + every, None
            elif owed is None and sends:
                owed = now
            if (news := judge.feed(leg, reports, owed, now)) is not None:
                found.append((now, news))
    return found


def test_reports_that_stay_away_are_told_in_two_steps() -> None:
    """Quiet after 0.3 s with 0.3 s of patience, silent after a second; each once, and the end of it once."""
    found = run([(3, 0.1), (2, None), (1, 0.1)])
    assert [type(news) for _, news in found] == [PathQuiet, PathSilent, PathHeard]
    assert [at for at, _ in found] == pytest.approx([3.3, 4.0, 5.0], abs=0.12)
    assert isinstance(found[0][1], PathQuiet)
    assert found[0][1].patience_s == pytest.approx(0.3, abs=0.03)


@pytest.mark.parametrize(
    "steps",
    [[(5, 0.1)], [(30, 0.25)], [(0.8, 0.1), (5, None)], [(10, None)]],
    ids=["often", "seldom", "too few before", "never"],
)
def test_what_is_no_deafness(steps: list[tuple[float, float | None]]) -> None:
    """Reports at any browser's pace, a leg that has just begun and a party that never reports give nothing."""
    assert run(steps) == []


def test_who_sends_nothing_is_owed_nothing() -> None:
    """With the camera off there is nothing to report, for however long."""
    assert run([(3, 0.1), (10, None)], sends=False) == []


def test_a_path_with_waits_is_given_more_time() -> None:
    """Three times the longest wait of the last half minute; a silence is not told before it is odd either."""
    found = run([(3, 0.1), (0.5, None), (3, 0.1), (4, None)])
    [quiet] = [news for at, news in found if isinstance(news, PathQuiet) and at > 6]
    assert quiet.patience_s == pytest.approx(1.2, abs=0.2)
    [silent] = [at for at, news in found if isinstance(news, PathSilent)]
    assert silent == pytest.approx(6.5 + 1.5, abs=0.25)


def test_a_leg_is_heard_again_when_both_directions_are() -> None:
    """One that is quiet both ways is told once, and its end when the last of the two has ended; a new leg is new."""
    both = BothWays()
    quiet, heard = PathQuiet(1, 0.1), PathHeard(1)
    told = [both.take(way, news, 1) for way, news in (("in", quiet), ("out", quiet), ("in", heard), ("out", heard))]
    assert told == [quiet, None, None, heard]
    assert both.take("out", quiet, 1) == quiet
    assert both.take("in", PathSilent(2), 2) == PathSilent(2)
    assert both.take("in", PathHeard(2), 2) == PathHeard(2)
