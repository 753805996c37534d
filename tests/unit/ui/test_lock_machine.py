"""When the lock closes and opens: by time, by the person, by the system; the machine by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.session.model import LocalProblem
from carena_desktop.ui.lock.machine import (
    CallOver,
    Checked,
    LockAsked,
    LockEffect,
    LockEvent,
    LockMachine,
    LockReason,
    LockState,
    Moment,
    SignedIn,
    SignedOut,
    SystemHid,
    Ticked,
    UnlockAsked,
    Used,
)
from carena_protocol.errors import ErrorCode

TIMEOUT_S = 600.0


def at(seconds: float, wall_s: float | None = None) -> Moment:
    """A moment; the wall clock runs along unless said otherwise."""
    return Moment(seconds, 1_000_000 + (seconds if wall_s is None else wall_s))


def signed_in(*, locked: bool = False) -> LockMachine:
    """A lock with somebody signed in at 0."""
    made = LockMachine(TIMEOUT_S)
    made.handle(SignedIn(at(0), locked))
    return made


def test_it_warns_a_minute_ahead_and_locks() -> None:
    """Without use it is open, warned for the last 60 s, then locked, and says how long it was unused."""
    lock = signed_in()
    lock.handle(Ticked(at(539)))
    assert lock.snapshot.state is LockState.OPEN
    lock.handle(Ticked(at(541)))
    assert lock.snapshot.state is LockState.WARNED
    assert lock.snapshot.left_s == pytest.approx(59)
    lock.handle(Ticked(at(600)))
    assert lock.snapshot.locked
    assert lock.snapshot.reason is LockReason.UNUSED
    assert lock.snapshot.unused_s == pytest.approx(600)


def test_a_use_takes_the_warning_back() -> None:
    """A key in the last minute opens it fully again, for the whole time."""
    lock = signed_in()
    lock.handle(Ticked(at(590)))
    lock.handle(Used(at(591)))
    assert lock.snapshot.state is LockState.OPEN
    lock.handle(Ticked(at(1100)))
    assert lock.snapshot.state is LockState.OPEN


def test_a_short_time_warns_from_half_of_it() -> None:
    """One minute without use warns after half of it, not from the beginning."""
    lock = LockMachine(60)
    lock.handle(SignedIn(at(0)))
    lock.handle(Ticked(at(29)))
    assert lock.snapshot.state is LockState.OPEN
    lock.handle(Ticked(at(31)))
    assert lock.snapshot.state is LockState.WARNED


@pytest.mark.parametrize("waker", [Used(at(10, 700)), Ticked(at(10, 700)), Used(at(700, 10))])
def test_time_slept_counts(waker: LockEvent) -> None:
    """Whichever clock saw the time pass, the first key after it finds the lock closed."""
    lock = signed_in()
    lock.handle(waker)
    assert lock.snapshot.locked


def test_a_clock_set_back_keeps_nothing_open() -> None:
    """A wall clock that jumps back doesn't lengthen the time."""
    lock = signed_in()
    lock.handle(Ticked(at(601, -90_000)))
    assert lock.snapshot.locked


@pytest.mark.parametrize(
    ("event", "reason"), [(LockAsked(at(5)), LockReason.ASKED), (SystemHid(at(5)), LockReason.SYSTEM)]
)
def test_person_and_system_lock_at_once(event: LockEvent, reason: LockReason) -> None:
    """Ctrl+L, the system's lock and its sleep need no time to pass."""
    lock = signed_in()
    lock.handle(event)
    assert lock.snapshot.locked
    assert lock.snapshot.reason is reason


def test_nobody_signed_in_nothing_to_lock() -> None:
    """Without an account neither time nor the system locks: the sign-in screen hides everything already."""
    lock = LockMachine(TIMEOUT_S)
    for event in (Ticked(at(9999)), LockAsked(at(9999)), SystemHid(at(9999)), Used(at(9999))):
        lock.handle(event)
    assert lock.snapshot.state is LockState.OFF


def test_a_right_password_opens() -> None:
    """The password goes to the server once at a time, and its yes opens the lock."""
    lock = signed_in()
    lock.handle(LockAsked(at(5)))
    assert lock.handle(UnlockAsked()) == (LockEffect.CHECK_PASSWORD,)
    assert lock.handle(UnlockAsked()) == ()
    lock.handle(Checked(at(900), None))
    assert lock.snapshot.state is LockState.OPEN
    lock.handle(Ticked(at(1400)))
    assert lock.snapshot.state is LockState.OPEN


@pytest.mark.parametrize("problem", [ErrorCode.WRONG_CREDENTIALS, ErrorCode.THROTTLED, LocalProblem.SERVER_UNREACHABLE])
def test_anything_but_a_yes_keeps_it_closed(problem: ErrorCode | LocalProblem) -> None:
    """A wrong password, a throttled one and a server that is away all leave it locked and say why."""
    lock = signed_in()
    lock.handle(LockAsked(at(5)))
    lock.handle(UnlockAsked())
    lock.handle(Checked(at(6), problem, 30))
    assert lock.snapshot.locked
    assert lock.snapshot.problem is problem
    assert lock.handle(UnlockAsked()) == (LockEffect.CHECK_PASSWORD,)
    assert lock.snapshot.problem is None


def test_an_answer_nobody_waits_for_opens_nothing() -> None:
    """A yes that arrives after the system hid the screen again, or without a question, changes nothing."""
    lock = signed_in()
    lock.handle(LockAsked(at(5)))
    lock.handle(UnlockAsked())
    lock.handle(SystemHid(at(6)))
    lock.handle(Checked(at(7), None))
    assert lock.snapshot.locked
    lock.handle(Checked(at(8), None))
    assert lock.snapshot.locked


def test_a_kept_session_may_begin_locked() -> None:
    """Ending and starting the program is no way around the lock."""
    lock = signed_in(locked=True)
    assert lock.snapshot.locked
    assert lock.snapshot.reason is LockReason.RESTARTED


def test_a_session_that_ends_while_locked_ends_the_call_before_it_shows_anything() -> None:
    """The visit's screen comes before the sign-in screen: until no call runs the lock stays, whatever is typed."""
    lock = signed_in()
    lock.handle(LockAsked(at(5)))
    assert lock.handle(SignedOut(call_runs=True)) == (LockEffect.END_CALL,)
    assert lock.snapshot.locked
    assert lock.handle(UnlockAsked()) == ()
    lock.handle(CallOver())
    assert lock.snapshot.state is LockState.OFF


def test_signing_out_takes_the_lock_away() -> None:
    """Nobody is signed in, no call runs: the sign-in screen comes."""
    lock = signed_in()
    lock.handle(LockAsked(at(5)))
    assert lock.handle(SignedOut(call_runs=False)) == ()
    assert lock.snapshot.state is LockState.OFF


def test_a_stricter_time_counts_from_the_last_use() -> None:
    """A policy that arrives later applies to the time that has passed already."""
    lock = signed_in()
    lock.handle(Ticked(at(300)))
    lock.set_timeout(120)
    lock.handle(Ticked(at(301)))
    assert lock.snapshot.locked


_TIMES = st.floats(min_value=0, max_value=5000, allow_nan=False)
_MOMENTS = st.builds(Moment, _TIMES, _TIMES)
_EVENTS = st.one_of(
    st.builds(SignedIn, _MOMENTS, st.booleans()),
    st.builds(SignedOut, st.booleans()),
    st.just(CallOver()),
    st.builds(Used, _MOMENTS),
    st.builds(Ticked, _MOMENTS),
    st.builds(LockAsked, _MOMENTS),
    st.builds(SystemHid, _MOMENTS),
    st.just(UnlockAsked()),
    st.builds(Checked, _MOMENTS, st.sampled_from([None, ErrorCode.WRONG_CREDENTIALS])),
)


@given(st.lists(_EVENTS, max_size=40))
def test_only_a_checked_password_or_the_end_of_the_session_opens(happened: list[LockEvent]) -> None:
    """Whatever happens in whatever order, from locked to open leads the server's yes to a question alone."""
    lock = LockMachine(TIMEOUT_S)
    for event in happened:
        before = lock.snapshot
        lock.handle(event)
        after = lock.snapshot
        if before.locked and after.state in {LockState.OPEN, LockState.WARNED}:
            assert isinstance(event, Checked)
            assert event.problem is None
            assert before.checking
        if before.locked and after.state is LockState.OFF:
            assert isinstance(event, SignedOut | CallOver)
