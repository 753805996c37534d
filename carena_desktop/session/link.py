"""One connection to signaling after the other, for one signed-in session.

``Link.run`` brings a connection up (access token, ticket, websocket, hello), serves it until it ends, and says what its
end means; the session machine decides what follows. What has to survive a connection is in ``ClientMachine``.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Final, Protocol

from carena_desktop.clock import Clock
from carena_desktop.session.commands import CommandDesk, new_id
from carena_desktop.session.connection import LiveConnection
from carena_desktop.session.failures import CertificateRefusedError, SessionError
from carena_desktop.session.model import LocalProblem, SessionProblem
from carena_desktop.session.ports import CommandRefusedError
from carena_desktop.session.timing import Timing
from carena_desktop.session.token_keeper import Site, TokenKeeper
from carena_desktop.session.tokens import ends_the_session
from carena_desktop.session.world import AuthApi, ConnectionEndedError, SignalingTransport
from carena_protocol.client import (
    ClientEvent,
    ClientMachine,
    Delivered,
    DrainAnnounced,
    PongReceived,
    Replied,
    Violation,
    Welcomed,
)
from carena_protocol.errors import CloseCode, ErrorCode
from carena_protocol.messages import Error, Renew, ServerMessage, Welcome

_log = logging.getLogger(__name__)

HURRY_S: Final = 10.0
"""For so long after a call asked for it no attempt waits long; the call asks again and again."""
HURRIED_ATTEMPT_S: Final = 3.5

_AUTHORISATION: Final = frozenset({ErrorCode.UNAUTHENTICATED, ErrorCode.TOKEN_EXPIRED})


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection ended, or did not come up, and may be tried again."""

    problem: SessionProblem | None = None
    not_before_s: float | None = None


@dataclass(frozen=True, slots=True)
class Over:
    """The session ended."""

    problem: SessionProblem
    keep_token: bool = False


_OVER: Final[dict[int | None, Over]] = {
    CloseCode.FORBIDDEN: Over(SessionProblem(ErrorCode.FORBIDDEN)),
    CloseCode.SUPERSEDED: Over(SessionProblem(LocalProblem.SUPERSEDED), keep_token=True),
    CloseCode.VERSION: Over(SessionProblem(ErrorCode.UNSUPPORTED_VERSION), keep_token=True),
}
_UNANNOUNCED: Final = frozenset({None, 1000, 1001, 1005, 1006, 1011, 1012, 1013})
_ASKED_TO_RETURN: Final = frozenset({CloseCode.DRAIN, CloseCode.SLOW_CONSUMER, CloseCode.RATE_LIMITED})


class LinkListener(Protocol):
    """Who hears of the connection; called on the event loop."""

    def welcomed(self, welcome: Welcome) -> None:
        """The session is up. Where ``welcome.resumed`` is false the stream starts anew."""
        ...

    def steady(self) -> None:
        """The session has been up for a while."""
        ...

    def delivered(self, message: ServerMessage) -> None:
        """The next message of the stream."""
        ...


class Link:
    """Signaling of one signed-in session."""

    def __init__(
        self,
        *,
        site: Site,
        machine: ClientMachine,
        tokens: TokenKeeper,
        api: AuthApi,
        transport: SignalingTransport,
        clock: Clock,
        timing: Timing,
        listener: LinkListener,
    ) -> None:
        self._site = site
        self._machine = machine
        self._tokens = tokens
        self._api = api
        self._transport = transport
        self._clock = clock
        self._timing = timing
        self._listener = listener
        self.desk = CommandDesk(machine, self._queue)
        self._connection: LiveConnection | None = None
        self._opening: asyncio.Timeout | None = None
        self._hurried_until = float("-inf")
        self._refused_once = False

    async def run(self) -> Lost | Over:
        """Bring one connection up and serve it to its end."""
        try:
            async with asyncio.timeout(None) as self._opening:
                self._bound_opening()
                ticket = await self._ticket()
                opened = await self._transport.connect(self._site.address, self._site.context)
        except SessionError as error:
            return self._not_connected(error)
        except TimeoutError:
            return Lost(SessionProblem(LocalProblem.SERVER_UNREACHABLE))
        finally:
            self._opening = None
        connection = LiveConnection(
            opened,
            machine=self._machine,
            clock=self._clock,
            timing=self._timing,
            renew=self._renew,
            woke=self._tokens.distrust,
            steady=self._listener.steady,
        )
        self._connection = connection
        try:
            code = await self._serve(connection, ticket)
        finally:
            self._connection = None
            self._machine.connection_lost(None)
            await connection.aclose()
        outcome = self._meaning(connection, code)
        _log.info("signaling ended: %s", "lost" if isinstance(outcome, Lost) else outcome.problem.code)
        return outcome

    def hurry(self, *, is_stale: bool = False) -> bool:
        """A call has lost its path: look after the connection now; False when there is none and none is tried."""
        self._hurried_until = self._clock.monotonic() + HURRY_S
        if self._connection is not None:
            self._connection.probe(is_stale=is_stale)
            return True
        self._bound_opening()
        return self._opening is not None

    def _bound_opening(self) -> None:
        """An attempt that began while nothing got through waits for its next repetition: in a hurry begin another."""
        if self._opening is not None and self._clock.monotonic() < self._hurried_until:
            latest = asyncio.get_running_loop().time() + HURRIED_ATTEMPT_S
            before = self._opening.when()
            if before is None or before > latest:
                self._opening.reschedule(latest)

    def _queue(self, frame: bytes) -> None:
        if self._connection is not None:
            self._connection.queue(frame)

    async def _ticket(self, *, fresh: bool = False) -> str:
        token = await self._tokens.access_token(fresh=fresh)
        try:
            response = await self._api.ticket(self._site.address, self._site.context, token)
        except SessionError as error:
            if error.code not in _AUTHORISATION:
                raise
            # Revoked, or the clocks disagree: once more with a new one.
            token = await self._tokens.access_token(fresh=True)
            response = await self._api.ticket(self._site.address, self._site.context, token)
        return response.ticket

    async def _serve(self, connection: LiveConnection, ticket: str) -> int | None:
        """Return the close code; what we found wrong ourselves is in ``connection.failure``."""
        connection.queue(self._machine.hello(new_id(), ticket))
        connection.start()
        while True:
            try:
                frame = await connection.receive()
            except ConnectionEndedError as error:
                return error.code
            for event in self._machine.receive(frame):
                self._handle(connection, event)
            if connection.failure is not None:
                return None
            connection.acknowledge()

    def _handle(self, connection: LiveConnection, event: ClientEvent) -> None:
        match event:
            case Welcomed(welcome, resend):
                self._refused_once = False
                connection.welcomed(welcome)
                for frame in resend:
                    connection.queue(frame)
                _log.info("signaling is up, %s", "resumed" if welcome.resumed else "new stream")
                self._listener.welcomed(welcome)
            case Replied(message_id, reply):
                self.desk.answered(message_id, reply)
            case Delivered(message):
                self._listener.delivered(message)
            case PongReceived():
                pass  # any frame says that the server lives
            case DrainAnnounced(after_ms):
                connection.leave_after(after_ms / 1000)
            case Violation(code, close):
                self._machine.abandon_stream()
                connection.fail(
                    SessionError(code if close is CloseCode.AUTHENTICATION else LocalProblem.PROTOCOL), close
                )

    async def _renew(self) -> bool:
        """Prove again who we are, by new tokens; False when it has to be tried again. A ticket is never sent twice."""
        try:
            ticket = await self._ticket(fresh=True)
            reply = await self.desk.ask(Renew(id=new_id(), ticket=ticket), limit_s=self._timing.command_limit_s)
        except SessionError as error:
            if ends_the_session(error.code) and self._connection is not None:
                self._connection.fail(error, CloseCode.AUTHENTICATION)
            return False
        except CommandRefusedError:
            return False
        return not isinstance(reply, Error)

    def _not_connected(self, error: SessionError) -> Lost | Over:
        if ends_the_session(error.code):
            return Over(error.problem)
        if error.code is ErrorCode.UNSUPPORTED_VERSION:
            return Over(error.problem, keep_token=True)
        if isinstance(error, CertificateRefusedError) and error.unknown_issuer and self._site.pinned:
            # Nothing was sent. A captive portal does this too, so the session waits; no way past it is offered.
            return Lost(SessionProblem(LocalProblem.AUTHORITY_CHANGED))
        return Lost(error.problem, error.retry_after_s)

    def _meaning(self, connection: LiveConnection, code: int | None) -> Lost | Over:
        failure = connection.failure
        if failure is not None and failure.code not in _AUTHORISATION:
            return self._not_connected(failure)
        if failure is not None or code == CloseCode.AUTHENTICATION:
            if self._refused_once:
                return Over(SessionProblem(ErrorCode.UNAUTHENTICATED))
            # The authorisation ran out, as after a long sleep: a new access token may do.
            self._refused_once = True
            self._tokens.distrust()
            return Lost()
        if code in _OVER:
            return _OVER[code]
        if code in _ASKED_TO_RETURN or connection.leaving:
            return Lost(None, connection.back_after_s)
        silent = code in _UNANNOUNCED
        return Lost(SessionProblem(LocalProblem.SERVER_UNREACHABLE if silent else LocalProblem.PROTOCOL))
