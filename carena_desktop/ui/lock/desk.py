"""The lock at work: feeds the machine with use, time, the session, the call and the system, and tells who renders it.

It sees every key and click of our windows before their receivers do, only to note that there was one. It listens at the
system's windows, where input comes in, and not at the application, where every event would pass through it.
"""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

from carena_desktop.call.model import CallSnapshot, CallState
from carena_desktop.clock import Clock
from carena_desktop.session.model import LocalProblem, SessionSnapshot
from carena_desktop.ui.lock import machine
from carena_desktop.ui.lock.machine import LockEffect, LockEvent, LockMachine, LockSnapshot, LockState, Moment
from carena_desktop.ui.lock.memory import LockMemory
from carena_protocol.errors import ErrorCode

_USES: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)
_TICK_MS: Final = 1000
_OVER: Final = frozenset({CallState.IDLE, CallState.ENDED})


class LockDesk(QObject):
    """Owns the lock's machine.

    Args:
        application: Whose use is watched.
        clock: Both senses of time.
        memory: What is remembered across a restart.
        timeout_s: Seconds without use after which it locks.
    """

    changed = Signal(object)
    unlock_requested = Signal(str)
    """A password to check; the answer goes to ``checked``."""
    end_call_requested = Signal()

    def __init__(
        self, application: QGuiApplication, clock: Clock, memory: LockMemory, timeout_s: float = 600.0
    ) -> None:
        super().__init__()
        self._application = application
        self._clock = clock
        self._memory = memory
        self._machine = LockMachine(timeout_s)
        self._account = ""
        self._password_given = False
        self._call_runs = False
        self._ticker = QTimer(self)
        self._ticker.setInterval(_TICK_MS)
        self._ticker.timeout.connect(self.tick)
        application.focusWindowChanged.connect(self.watch)

    @property
    def snapshot(self) -> LockSnapshot:
        """Where the lock stands."""
        return self._machine.snapshot

    @property
    def timeout_s(self) -> float:
        """Seconds without use after which it locks."""
        return self._machine.timeout_s

    def watch(self, window: QWindow | None) -> None:
        """Note the use of a window from now on; done by itself for each that gets the keyboard."""
        if window is not None:
            window.installEventFilter(self)  # a second time changes only the order

    def set_timeout_minutes(self, minutes: int) -> None:
        """Change the time without use."""
        self._machine.set_timeout(minutes * 60.0)
        self.tick()

    def sign_in_asked(self) -> None:
        """The person gives a password: the session that follows does not begin locked."""
        self._password_given = True

    def render_session(self, snapshot: SessionSnapshot) -> None:
        """Follow who is signed in."""
        account = snapshot.account.id if snapshot.account is not None else ""
        if account == self._account:
            return
        self._account = account
        if not account:
            self._feed(machine.SignedOut(self._call_runs))
            return
        locked = not self._password_given and self._memory.must_lock(self._clock.wall_ms(), self.timeout_s)
        self._password_given = False
        self._feed(machine.SignedIn(self._now(), locked))

    def render_call(self, snapshot: CallSnapshot) -> None:
        """Follow whether a call runs."""
        runs = snapshot.state not in _OVER
        if self._call_runs and not runs:
            self._call_runs = False
            self._feed(machine.CallOver())
        self._call_runs = runs

    def lock(self) -> None:
        """Lock now, because the person wants it."""
        self._feed(machine.LockAsked(self._now()))

    def hide(self) -> None:
        """Lock now, because the system locked or sleeps."""
        self._feed(machine.SystemHid(self._now()))

    def stay(self) -> None:
        """The warning was answered."""
        self._feed(machine.Used(self._now()))

    def tick(self) -> None:
        """Look at the clocks."""
        self._feed(machine.Ticked(self._now()))

    def unlock(self, password: str) -> None:
        """Have a password checked."""
        if self._feed(machine.UnlockAsked()):
            self.unlock_requested.emit(password)

    def checked(self, problem: ErrorCode | LocalProblem | None, retry_after_s: float | None = None) -> None:
        """Take the server's answer; no problem opens the lock."""
        self._feed(machine.Checked(self._now(), problem, retry_after_s))

    def close(self) -> None:
        """Stop watching."""
        self._ticker.stop()
        self._application.focusWindowChanged.disconnect(self.watch)
        for window in self._application.allWindows():
            window.removeEventFilter(self)
        if self._account:
            self._memory.note(locked=self.snapshot.locked, used_at_ms=self._clock.wall_ms())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that somebody is there; take nothing away, but for what would reach a window that is due to lock."""
        if event.type() in _USES and event.spontaneous() and self.snapshot.state is not LockState.OFF:
            locked = self.snapshot.locked
            self._feed(machine.Used(self._now()))
            return self.snapshot.locked and not locked
        return super().eventFilter(watched, event)

    def _now(self) -> Moment:
        return Moment(self._clock.monotonic(), self._clock.wall_ms() / 1000)

    def _feed(self, event: LockEvent) -> bool:
        """Return whether a password is to be checked."""
        before = self._machine.snapshot
        effects = self._machine.handle(event)
        after = self._machine.snapshot
        if after.state is LockState.OFF:
            self._ticker.stop()
        elif not self._ticker.isActive():
            self._ticker.start()
        if after.state is not LockState.OFF:
            self._memory.note(locked=after.locked, used_at_ms=self._clock.wall_ms())
        if after != before:
            self.changed.emit(after)
        if LockEffect.END_CALL in effects:
            self.end_call_requested.emit()
        return LockEffect.CHECK_PASSWORD in effects
