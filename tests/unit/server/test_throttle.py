"""Throttling: guessing gets slow, owners never get locked out, memory stays bounded."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from carena_server.throttle import (
    FREE_FAILURES,
    MAX_DELAY_S,
    SUSPICIOUS_FAILURES,
    WINDOW_S,
    AttemptThrottle,
    LoginThrottle,
    TokenBucket,
    source,
)


def guess(throttle: LoginThrottle, account: str, address: str, seconds: float, start: float = 0.0) -> int:
    """Guess as fast as allowed for ``seconds``; return the number of passwords checked."""
    now, guesses = start, 0
    while now < start + seconds:
        delay = throttle.delay(account, address, now)
        if delay > 0:
            now += delay
            continue
        throttle.failed(account, address, now)
        guesses += 1
        now += 0.05
    return guesses


def test_typing_errors_cost_nothing() -> None:
    """The first ten failures from an address are not delayed."""
    throttle = LoginThrottle()
    for n in range(FREE_FAILURES):
        assert throttle.delay("ann", "a", float(n)) == 0
        throttle.failed("ann", "a", float(n))
    assert throttle.delay("ann", "a", FREE_FAILURES - 1.0) > 0


def test_guessing_from_one_address_gets_slow() -> None:
    """Within half an hour one address gets fewer than a hundred guesses at an account."""
    assert guess(LoginThrottle(), "ann", "a", WINDOW_S) < 100


def test_guessing_from_many_addresses_gets_one_free_attempt_each() -> None:
    """Once an account is under attack, a new address has a single free guess before it waits."""
    throttle = LoginThrottle()
    for n in range(SUSPICIOUS_FAILURES + 1):
        throttle.failed("ann", f"a{n}", float(n))
    assert throttle.delay("ann", "fresh", 200.0) == 0
    throttle.failed("ann", "fresh", 200.0)
    assert throttle.delay("ann", "fresh", 200.0) > 0


@given(st.lists(st.tuples(st.sampled_from(["a1", "a2", "a3"]), st.floats(0, 5)), max_size=300))
def test_an_outsider_never_delays_the_owner(attempts: list[tuple[str, float]]) -> None:
    """Whatever happens from other addresses, the owner's own address may try at once."""
    throttle, now = LoginThrottle(), 0.0
    for address, pause in attempts:
        now += pause
        if throttle.delay("ann", address, now) == 0:
            throttle.failed("ann", address, now)
        assert throttle.delay("ann", "home", now) == 0


@example(
    [0.0] * 7
    + [1.27856123212365, 1.1235230702090462, 1.5078913911433318, 86.6790950382327]
    + [99.43258127991942, 99.06, 99.06, 99.58947235350176]
)  # the sum of time and delay rounds up
@given(st.lists(st.floats(0, 100), max_size=400))
def test_no_delay_is_longer_than_the_maximum(pauses: list[float]) -> None:
    """Nobody waits longer than 25 s, ever."""
    throttle, now = LoginThrottle(), 0.0
    for pause in pauses:
        now += pause
        throttle.failed("ann", "a", now)
        assert throttle.delay("ann", "a", now) <= MAX_DELAY_S


def test_waiting_attempts_do_not_prolong_the_delay() -> None:
    """Asking during a delay changes nothing."""
    throttle = LoginThrottle()
    for _ in range(14):
        throttle.failed("ann", "a", 0.0)
    first = throttle.delay("ann", "a", 0.0)
    for _ in range(100):
        throttle.delay("ann", "a", 1.0)
    assert throttle.delay("ann", "a", 1.0) == pytest.approx(first - 1.0)


def test_the_right_password_forgives() -> None:
    """After a success the address starts afresh, even while the account is under attack."""
    throttle = LoginThrottle()
    for _ in range(9):
        throttle.failed("ann", "home", 0.0)
    throttle.succeeded("ann", "home")
    for n in range(SUSPICIOUS_FAILURES + 1):
        throttle.failed("ann", f"a{n}", 1.0)
    throttle.failed("ann", "home", 2.0)
    assert throttle.delay("ann", "home", 2.0) == 0


def test_failures_are_forgotten_after_the_window() -> None:
    """Half an hour later the count begins anew."""
    throttle = LoginThrottle()
    for _ in range(20):
        throttle.failed("ann", "a", 0.0)
    assert throttle.delay("ann", "a", WINDOW_S + 1) == 0


def test_memory_is_bounded() -> None:
    """A hundred thousand invented names leave a bounded table."""
    throttle = LoginThrottle()
    for n in range(50_000):
        throttle.failed(f"user{n}", "a", 0.0)
    assert len(throttle._pairs.entries) <= 20_000
    assert len(throttle._accounts.entries) <= 20_000


@pytest.mark.parametrize(
    ("address", "unit"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("nonsense", "unknown"),
    ],
)
def test_the_unit_is_what_one_party_controls(address: str, unit: str) -> None:
    """An IPv4 address stands for itself, an IPv6 address for its /64."""
    assert source(address) == unit


def test_five_wrong_links_and_then_a_wait() -> None:
    """The sixth attempt waits until the first is a window old; other sources are not concerned."""
    throttle = AttemptThrottle(5, 60.0)
    for n in range(5):
        assert throttle.delay("a", float(n)) == 0
        throttle.failed("a", float(n))
    assert throttle.delay("a", 10.0) == pytest.approx(50.0)
    assert throttle.delay("b", 10.0) == 0
    assert throttle.delay("a", 60.1) == 0


@given(st.lists(st.floats(0, 0.5), min_size=1, max_size=500))
def test_a_bucket_lets_through_burst_plus_rate(pauses: list[float]) -> None:
    """In any stretch no more than the burst and the rate times its length pass."""
    bucket, now, passed = TokenBucket(rate=50, burst=100), 0.0, 0
    for pause in pauses:
        now += pause
        passed += bucket.take(now)
    assert passed <= 100 + 50 * now + 1


def test_a_bucket_says_how_long_to_wait() -> None:
    """After the wait it names, one more passes."""
    bucket = TokenBucket(rate=50, burst=2)
    assert [bucket.take(0.0), bucket.take(0.0), bucket.take(0.0)] == [True, True, False]
    assert bucket.take(bucket.wait() + 1e-6)
