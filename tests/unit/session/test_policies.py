"""The small rules: backoff, token times, liveness, sleep."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.session.backoff import Backoff
from carena_desktop.session.liveness import Liveness, SleepDetector, Verdict
from carena_desktop.session.model import LocalProblem
from carena_desktop.session.tokens import AccessToken, ends_the_session, renew_after_s
from carena_protocol.errors import ErrorCode


@given(st.integers(0, 10_000), st.floats(0, 1, exclude_max=True))
def test_delays_are_between_zero_and_the_cap(failures: int, roll: float) -> None:
    """Full jitter, capped, for any number of failures."""
    policy = Backoff()
    assert 0 <= policy.delay_s(failures, roll) <= policy.ceiling_s(failures) <= 20.0


def test_ceilings_double() -> None:
    """Half a second, then twice as much each time, up to 20 s."""
    assert [Backoff().ceiling_s(n) for n in range(1, 8)] == [0.5, 1, 2, 4, 8, 16, 20]


def test_retry_after_is_a_floor() -> None:
    """The jitter comes on top of what the server asked for."""
    assert Backoff().delay_s(1, 0.5, at_least_s=10) == 10.25


@given(st.floats(1, 3600), st.floats(0, 4000))
def test_tokens_are_not_used_near_their_end(lifetime: float, age: float) -> None:
    """A token is used for at least half of its life and never in its last quarter or half minute."""
    token = AccessToken("value", granted_at=100.0, lifetime_s=lifetime)
    if token.usable(100.0 + age):
        assert lifetime - age > min(30.0, lifetime / 4) - 1e-6
    else:
        assert age > lifetime / 2


def test_a_token_does_not_print() -> None:
    """Its repr has no value."""
    assert "value" not in repr(AccessToken("secret-value", 0, 1)).replace("AccessToken", "")


@given(st.floats(0.01, 100_000))
def test_renewal_is_in_time(authorised_for: float) -> None:
    """Renewal starts before the end and not before half-time."""
    assert authorised_for / 2 <= renew_after_s(authorised_for) < authorised_for


def test_refusals_that_end_a_session() -> None:
    """A reused, expired or unknown token ends it; overload and the network do not."""
    assert ends_the_session(ErrorCode.TOKEN_REUSED)
    assert not ends_the_session(ErrorCode.BUSY)
    assert not ends_the_session(LocalProblem.SERVER_UNREACHABLE)


def test_silence_asks_then_kills() -> None:
    """20 s of silence ask once, 10 s more end it, and any frame starts over."""
    watch = Liveness(0.0)
    assert watch.check(19.9) is Verdict.NOTHING
    assert watch.check(20.0) is Verdict.PING
    assert watch.check(29.9) is Verdict.NOTHING
    assert watch.check(30.0) is Verdict.DEAD
    watch.heard(31.0)
    assert watch.check(50.0) is Verdict.NOTHING
    assert watch.check(51.0) is Verdict.PING


def test_a_probe_has_little_time() -> None:
    """After waking up three seconds decide."""
    watch = Liveness(0.0)
    watch.probe(5.0)
    assert watch.check(7.9) is Verdict.NOTHING
    assert watch.check(8.0) is Verdict.DEAD


@pytest.mark.parametrize(
    ("mono", "wall_ms", "slept"),
    [(1.0, 1000, False), (1.0, 3_600_000, True), (3600.0, 3_600_000, True), (1.0, -3_600_000, False)],
)
def test_sleep_is_seen_on_either_clock(mono: float, wall_ms: int, slept: bool) -> None:
    """A jump of one clock is enough; a wall clock set back is none."""
    detector = SleepDetector(0.0, 0)
    assert detector.slept(mono, wall_ms) is slept
    assert detector.slept(mono + 1, wall_ms + 1000) is False
