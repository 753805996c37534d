"""One live websocket: its outbox, its watch over silence and sleep, and its timers.

Frames are queued and written by one task, so that their order is that of the calls and nobody waits for a slow network;
a full outbox ends the connection. What frames mean is ``link``'s business.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from carena_desktop.clock import Clock
from carena_desktop.session.commands import new_id
from carena_desktop.session.failures import SessionError
from carena_desktop.session.liveness import Liveness, SleepDetector, Verdict
from carena_desktop.session.model import LocalProblem
from carena_desktop.session.timing import Timing
from carena_desktop.session.tokens import renew_after_s
from carena_desktop.session.world import ConnectionEndedError, SignalingConnection
from carena_desktop.tasks import TaskScope
from carena_protocol import limits
from carena_protocol.client import ClientMachine
from carena_protocol.errors import CloseCode
from carena_protocol.messages import Ping, Welcome

MAX_OUTBOX: Final = 256
_RENEW_AGAIN_S: Final = 5.0
_CLOSE_S: Final = 0.3
PROBE_S: Final = 1.5
"""What a server may take to answer while a call has no path; a reconnect for nothing is cheap."""


class LiveConnection:
    """An open connection from the hello to its end.

    Args:
        opened: The websocket.
        machine: The session's protocol machine; asked for acknowledgements and pings.
        clock: For every deadline.
        timing: How long things take.
        renew: Renews the authorisation; returns False when it has to be tried again.
        woke: Called when this machine seems to have slept.
        steady: Called once, when the session has been up for a while.
    """

    def __init__(
        self,
        opened: SignalingConnection,
        *,
        machine: ClientMachine,
        clock: Clock,
        timing: Timing,
        renew: Callable[[], Awaitable[bool]],
        woke: Callable[[], None],
        steady: Callable[[], None],
    ) -> None:
        self._opened = opened
        self._machine = machine
        self._clock = clock
        self._timing = timing
        self._renew = renew
        self._woke = woke
        self._steady = steady
        self._steady_at: float | None = None
        self._scope = TaskScope("signaling")
        self._outbox: asyncio.Queue[bytes] = asyncio.Queue(MAX_OUTBOX)
        self._ack_timer: asyncio.TimerHandle | None = None
        now = clock.monotonic()
        self._liveness = Liveness(now, ping_after_s=timing.ping_after_s, dead_after_s=timing.dead_after_s)
        self._sleep = SleepDetector(now, clock.wall_ms())
        self._welcome_by: float | None = now + timing.welcome_limit_s
        self._renew_at: float | None = None
        self._renew_every_s = 0.0
        self._leave_at: float | None = None
        self._close_code = 1000
        self.leaving = False
        """Whether we end the connection because the server asked for it (drain)."""
        self.failure: SessionError | None = None
        """What we found wrong ourselves; it explains the end better than the close code."""

    def start(self) -> None:
        """Begin to write and to watch."""
        self._scope.spawn(self._write(), name="write")
        self._scope.spawn(self._watch(), name="watch")

    def queue(self, frame: bytes) -> None:
        """Send a frame after those queued before; a full outbox ends the connection."""
        try:
            self._outbox.put_nowait(frame)
        except asyncio.QueueFull:
            self.fail(SessionError(LocalProblem.SERVER_UNREACHABLE, retryable=True), CloseCode.SLOW_CONSUMER)

    async def receive(self) -> str | bytes:
        """Return the next frame; raises ConnectionEndedError."""
        frame = await self._opened.receive()
        self._liveness.heard(self._clock.monotonic())
        return frame

    def acknowledge(self) -> None:
        """Acknowledge what was received: at once when it is much, else a moment later together with more."""
        if self._machine.ack_due:
            self._acknowledge_now()
        elif self._ack_timer is None:
            self._ack_timer = asyncio.get_running_loop().call_later(limits.ACK_DELAY_S, self._acknowledge_now)

    def welcomed(self, welcome: Welcome) -> None:
        """The hello was accepted."""
        self._welcome_by = None
        self._renew_every_s = renew_after_s(welcome.authorised_for_ms / 1000)
        now = self._clock.monotonic()
        self._renew_at = now + self._renew_every_s
        self._steady_at = now + self._timing.steady_after_s

    def leave_after(self, seconds: float) -> None:
        """The server is going to stop: leave by ourselves, at the moment it gave us."""
        self._leave_at = self._clock.monotonic() + seconds

    @property
    def back_after_s(self) -> float | None:
        """How much longer to stay away, where the server announced its stop."""
        return None if self._leave_at is None else max(0.0, self._leave_at - self._clock.monotonic())

    def fail(self, failure: SessionError, close: CloseCode) -> None:
        """End the connection for a reason of ours; the first reason stands."""
        if self.failure is None:
            self.failure = failure
            self._close_code = int(close)
            if not self._scope.closed:
                self._scope.spawn(self._opened.close(close), name="close")

    async def aclose(self) -> None:
        """Close the websocket and end every task, within a bound."""
        if self._ack_timer is not None:
            self._ack_timer.cancel()
        await self._opened.close(self._close_code)
        await self._scope.aclose(_CLOSE_S)

    def _acknowledge_now(self) -> None:
        if self._ack_timer is not None:
            self._ack_timer.cancel()
            self._ack_timer = None
        frame = self._machine.acknowledge(new_id())
        if frame is not None:
            self.queue(frame)

    def probe(self, *, is_stale: bool) -> None:
        """Ask the server at once, and give it little time; or end this connection where the network is another one."""
        if is_stale:
            self._unreachable()
        elif self._welcome_by is None and not self._liveness.is_asked:
            self._liveness.probe(self._clock.monotonic(), PROBE_S)
            self._ping()

    async def _write(self) -> None:
        while True:
            frame = await self._outbox.get()
            try:
                await self._opened.send(frame)
            except ConnectionEndedError:
                return  # the reader learns the same

    async def _watch(self) -> None:
        while self.failure is None and not self.leaving:
            self._look()
            await asyncio.sleep(self._timing.tick_s)

    def _look(self) -> None:
        now = self._clock.monotonic()
        slept = self._sleep.slept(now, self._clock.wall_ms())
        if self._welcome_by is not None:
            if now >= self._welcome_by:
                self._unreachable()
            return
        if slept:
            self._woke()
            self._liveness.probe(now)
            self._ping()
        match self._liveness.check(now):
            case Verdict.PING:
                self._ping()
            case Verdict.DEAD:
                self._unreachable()
            case Verdict.NOTHING:
                pass
        if self._steady_at is not None and now >= self._steady_at:
            self._steady_at = None
            self._steady()
        if self._renew_at is not None and now >= self._renew_at:
            self._renew_at = None
            self._scope.spawn(self._renew_once(), name="renew")
        if self._leave_at is not None and now >= self._leave_at:
            self.leaving = True
            self._scope.spawn(self._opened.close(), name="leave")

    async def _renew_once(self) -> None:
        done = await self._renew()
        self._renew_at = self._clock.monotonic() + (self._renew_every_s if done else _RENEW_AGAIN_S)

    def _ping(self) -> None:
        frame = self._machine.submit(Ping(id=new_id()))
        if frame is not None:
            self.queue(frame)

    def _unreachable(self) -> None:
        self.fail(SessionError(LocalProblem.SERVER_UNREACHABLE, retryable=True), CloseCode.PROTOCOL_ERROR)
