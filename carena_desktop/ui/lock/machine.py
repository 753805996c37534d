"""When the window locks and opens again; sans-IO.

            signed in                        60 s before the time is up
    OFF ----------------> OPEN <-----------------------------------> WARNED
     ^                     |          used, or "stay"                  |
     | signed out,         | asked for, system locks or sleeps         | time is up
     | no call runs        v                                           v
     +------------------ LOCKED <--------------------------------------+
                           | the server says that the password is right
                           +---------------------------------------> OPEN

Time is counted on two clocks and the larger share wins: the monotonic one stops while Linux sleeps, and the wall clock
can be set. A session that ends while locked leaves the window locked until no call runs any more, because a running
visit's screen comes before the sign-in screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, assert_never

from carena_desktop.session.model import LocalProblem
from carena_protocol.errors import ErrorCode

WARNING_S: Final = 60.0
"""How long before the lock the person is warned (WCAG 2.2, 2.2.1 asks for 20 s at least)."""


class LockState(StrEnum):
    """Where the lock stands; the drawing is the module's docstring."""

    OFF = "off"
    OPEN = "open"
    WARNED = "warned"
    LOCKED = "locked"


class LockReason(StrEnum):
    """Why it is locked."""

    UNUSED = "unused"
    ASKED = "asked"
    SYSTEM = "system"
    """The system was locked or went to sleep."""
    RESTARTED = "restarted"
    """A kept session was continued that was locked, or unused for too long, when the program ended."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment on both clocks, in seconds."""

    monotonic_s: float
    wall_s: float

    def since(self, earlier: "Moment") -> float:
        """Seconds passed, on the clock that saw more of them."""
        return max(self.monotonic_s - earlier.monotonic_s, self.wall_s - earlier.wall_s)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody is signed in; ``locked`` when a kept session was continued that must not simply open."""

    at: Moment
    locked: bool = False


@dataclass(frozen=True, slots=True)
class SignedOut:
    """Nobody is signed in any more; ``call_runs`` while a visit's media still goes on."""

    call_runs: bool


@dataclass(frozen=True, slots=True)
class CallOver:
    """No call runs any more."""


@dataclass(frozen=True, slots=True)
class Used:
    """Keyboard, mouse or touch in one of our windows, or "stay"."""

    at: Moment


@dataclass(frozen=True, slots=True)
class Ticked:
    """Time passed."""

    at: Moment


@dataclass(frozen=True, slots=True)
class LockAsked:
    """The person wants the lock."""

    at: Moment


@dataclass(frozen=True, slots=True)
class SystemHid:
    """The system was locked, the user was switched, or the machine goes to sleep."""

    at: Moment


@dataclass(frozen=True, slots=True)
class UnlockAsked:
    """A password was entered."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The server's answer to the password; ``problem`` is None when it was right."""

    at: Moment
    problem: ErrorCode | LocalProblem | None
    retry_after_s: float | None = None


LockEvent = SignedIn | SignedOut | CallOver | Used | Ticked | LockAsked | SystemHid | UnlockAsked | Checked


class LockEffect(StrEnum):
    """What is to be done."""

    CHECK_PASSWORD = "check_password"  # noqa: S105 - an order, no secret
    END_CALL = "end_call"
    """The session is gone while locked: nobody can be let in to end the visit."""


@dataclass(frozen=True, slots=True)
class LockSnapshot:
    """What the window renders.

    Attributes:
        state: Where the lock stands.
        reason: Why it is locked; the last reason while it isn't.
        left_s: Seconds until the lock while warned, else 0.
        unused_s: How long nobody had used it when it locked.
        checking: A password is being checked.
        problem: Why the last password did not open it.
        retry_after_s: When the next try makes sense, where the server said so.
    """

    state: LockState = LockState.OFF
    reason: LockReason = LockReason.ASKED
    left_s: float = 0.0
    unused_s: float = 0.0
    checking: bool = False
    problem: ErrorCode | LocalProblem | None = None
    retry_after_s: float | None = field(default=None)

    @property
    def locked(self) -> bool:
        """Whether everything is hidden."""
        return self.state is LockState.LOCKED


class LockMachine:
    """The lock of one window.

    Args:
        timeout_s: Seconds without use after which it locks. A time at or under the warning's warns from half of it on.
    """

    def __init__(self, timeout_s: float) -> None:
        self._snapshot = LockSnapshot()
        self._used = Moment(0.0, 0.0)
        self._account = False
        self.set_timeout(timeout_s)

    @property
    def snapshot(self) -> LockSnapshot:
        """What to show."""
        return self._snapshot

    @property
    def timeout_s(self) -> float:
        """Seconds without use after which it locks."""
        return self._timeout_s

    def set_timeout(self, timeout_s: float) -> None:
        """Change the time, as policies do when somebody signs in; counts from the last use."""
        self._timeout_s = timeout_s
        self._warning_s = min(WARNING_S, timeout_s / 2)

    def handle(self, event: LockEvent) -> Sequence[LockEffect]:
        """Take an event and return what has to be done about it."""
        match event:
            case SignedIn() | SignedOut() | CallOver():
                return self._account_changed(event)
            case Used(at):
                self._now_used(at)
            case Ticked(at):
                self._tick(at)
            case LockAsked(at):
                self._lock(LockReason.ASKED, at)
            case SystemHid(at):
                self._lock(LockReason.SYSTEM, at)
            case UnlockAsked():
                return self._unlock_asked()
            case Checked():
                self._checked(event)
            case _:
                assert_never(event)
        return ()

    def _account_changed(self, event: SignedIn | SignedOut | CallOver) -> Sequence[LockEffect]:
        match event:
            case SignedIn(at, locked):
                self._account = True
                self._used = at
                if locked:
                    self._snapshot = LockSnapshot(LockState.LOCKED, LockReason.RESTARTED)
                elif self._snapshot.state is LockState.OFF:
                    self._snapshot = LockSnapshot(LockState.OPEN)
            case SignedOut(call_runs):
                self._account = False
                if self._snapshot.locked and call_runs:
                    self._snapshot = replace(self._snapshot, checking=False, problem=ErrorCode.UNAUTHENTICATED)
                    return (LockEffect.END_CALL,)
                self._snapshot = LockSnapshot()
            case CallOver():
                if not self._account:
                    self._snapshot = LockSnapshot()
            case _:
                assert_never(event)
        return ()

    def _now_used(self, at: Moment) -> None:
        if self._snapshot.state not in {LockState.OPEN, LockState.WARNED}:
            return
        if self._time_is_up(at):
            return  # the use that comes after a sleep doesn't undo the lock it is due for
        self._used = at
        if self._snapshot.state is LockState.WARNED:
            self._snapshot = LockSnapshot(LockState.OPEN)

    def _tick(self, at: Moment) -> None:
        if self._snapshot.state not in {LockState.OPEN, LockState.WARNED} or self._time_is_up(at):
            return
        left = self._timeout_s - at.since(self._used)
        if left <= self._warning_s:
            self._snapshot = LockSnapshot(LockState.WARNED, left_s=left)

    def _time_is_up(self, at: Moment) -> bool:
        if at.since(self._used) < self._timeout_s:
            return False
        self._lock(LockReason.UNUSED, at)
        return True

    def _lock(self, reason: LockReason, at: Moment) -> None:
        match self._snapshot.state:
            case LockState.OFF:
                return
            case LockState.LOCKED:
                if reason is LockReason.SYSTEM:  # whoever was about to be let in may have gone
                    self._snapshot = replace(self._snapshot, checking=False)
            case LockState.OPEN | LockState.WARNED:
                unused = max(0.0, at.since(self._used))
                self._snapshot = LockSnapshot(LockState.LOCKED, reason, unused_s=unused)
            case _:
                assert_never(self._snapshot.state)

    def _unlock_asked(self) -> Sequence[LockEffect]:
        if not self._snapshot.locked or self._snapshot.checking or not self._account:
            return ()
        self._snapshot = replace(self._snapshot, checking=True, problem=None, retry_after_s=None)
        return (LockEffect.CHECK_PASSWORD,)

    def _checked(self, event: Checked) -> None:
        if not self._snapshot.locked or not self._snapshot.checking:
            return
        if event.problem is None:
            self._used = event.at
            self._snapshot = LockSnapshot(LockState.OPEN)
        else:
            self._snapshot = replace(
                self._snapshot, checking=False, problem=event.problem, retry_after_s=event.retry_after_s
            )
