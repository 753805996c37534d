"""When a direct path that loses packets is left for a relay that does not, and when it is not."""

from collections.abc import Callable

import pytest

from carena_desktop.call.leg_schedule import LegSchedule
from carena_desktop.call.lossy import LOSSY_S, PROBES, REST_S, LossJudge
from carena_desktop.call.model import Path
from carena_desktop.call.recovery import CLIMB_DELAYS_S, SPREAD


def run(judge: LossJudge, seconds: float, loss: float, answers: Callable[[int], float | None], now: float = 0.0) -> int:
    """Let time pass with figures each second; ``answers`` says how long an answer takes; return how many questions."""
    asked, due, steps = 0, list[tuple[float, int]](), round(seconds * 100)
    for step in range(steps):
        at = now + step / 100
        if step % 100 == 0:
            judge.measured(loss, at)
        if judge.wants_probe(at):
            asked += 1
            judge.probed(asked, at)
            if (after := answers(asked)) is not None:
                due.append((at + after, asked))
        for moment, number in [one for one in due if one[0] <= at]:
            due.remove((moment, number))
            judge.answered(number, at)
        if judge.is_better:
            break
    return asked


def test_losses_for_five_seconds_and_a_clean_relay_are_a_reason() -> None:
    """The relay is asked thirty times, each answered within half a second, and is better."""
    judge = LossJudge()
    assert run(judge, LOSSY_S - 0.5, 0.2, lambda _: 0.05) == 0
    assert run(judge, 10, 0.2, lambda _: 0.3, LOSSY_S) == PROBES
    assert judge.is_better


@pytest.mark.parametrize(
    "answers",
    [lambda _: None, lambda n: 0.05 if n % 10 else None, lambda n: 0.05 if n % 10 else 0.9, lambda _: 0.6],
    ids=["none", "a tenth lost", "a tenth late", "all late"],
)
def test_a_relay_that_is_no_better_is_not_taken_and_not_asked_without_end(
    answers: Callable[[int], float | None],
) -> None:
    """A link that loses packets of both is left alone, and asked again after a rest only."""
    judge = LossJudge()
    assert run(judge, LOSSY_S + REST_S, 0.2, answers) == PROBES
    assert not judge.is_better
    assert run(judge, 10, 0.2, answers, LOSSY_S + REST_S + 5) == PROBES


def test_a_path_that_recovers_is_kept() -> None:
    """Losses that end before the answers are counted are forgotten, and so are small ones."""
    judge = LossJudge()
    run(judge, LOSSY_S + 1, 0.2, lambda _: 0.05)
    judge.measured(0.01, LOSSY_S + 1.5)
    assert judge.at is None
    assert run(judge, 60, 0.05, lambda _: 0.05, 10) == 0


def test_a_direct_path_that_was_left_for_its_losses_is_tried_later_each_time() -> None:
    """No flapping: two minutes instead of a half, then five; another network forgets it."""
    schedule = LegSchedule(1e6)

    def delay() -> float:
        schedule.began(0.0, ttl_s=None, relay_only=False)
        schedule.found(Path.RELAYED)
        assert schedule.at is not None
        return schedule.at

    assert delay() == pytest.approx(CLIMB_DELAYS_S[0], rel=SPREAD)
    for wanted in (CLIMB_DELAYS_S[2], CLIMB_DELAYS_S[3]):
        schedule.began(0.0, ttl_s=None, relay_only=False)
        schedule.found(Path.DIRECT)
        schedule.worse()
        assert delay() == pytest.approx(wanted, rel=SPREAD)
    schedule.network_changed()
    assert delay() == pytest.approx(CLIMB_DELAYS_S[0], rel=SPREAD)
