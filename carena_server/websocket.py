"""The websocket at /ws: frames in, frames out, bounded in size, number and time. What they mean is decided elsewhere.

A connection that does not read is closed: at most ``_OUTBOUND_BYTES`` wait for it, and none longer than
``_SEND_DEADLINE_S``. Nobody ever waits for somebody else's socket.
"""

import asyncio
import logging
from collections import deque
from typing import Final, Protocol

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from carena_protocol import limits
from carena_protocol.codec import encode
from carena_protocol.errors import CloseCode, ErrorCode
from carena_protocol.messages import Error
from carena_protocol.server import CommandReceived, HelloReceived, Refused, ServerConnection
from carena_protocol.version import SUBPROTOCOL
from carena_server.commands import Commands
from carena_server.logs import failure
from carena_server.service import Service
from carena_server.sessions import Session

_log = logging.getLogger(__name__)
_OUTBOUND_BYTES: Final = 256 * 1024
_LOW_WATER_BYTES: Final = 64 * 1024
_SEND_DEADLINE_S: Final = 8.0
_INTERNAL_ERROR: Final = 1011


class Abortable(Protocol):
    """A connection that can be ended although its peer does not read."""

    def close_now(self, code: int) -> None:
        """Try to say why, then cut the connection."""
        ...


class Connection:
    """One websocket's way out: a bounded queue and the task that empties it."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._transport: Abortable | None = websocket.scope.get("carena.transport")
        self._frames: deque[bytes] = deque()
        self._bytes = 0
        self._wake = asyncio.Event()
        self._low = asyncio.Event()
        self._low.set()
        self._close: int | None = None
        self._dead = False

    def send(self, frame: bytes) -> None:
        """Queue a frame; more than fits means that the peer does not read."""
        if self._dead or self._close is not None:
            return
        self._frames.append(frame)
        self._bytes += len(frame)
        if self._bytes > _OUTBOUND_BYTES:
            self.abort(CloseCode.SLOW_CONSUMER)
            return
        if self._bytes > _LOW_WATER_BYTES:
            self._low.clear()
        self._wake.set()

    def close(self, code: int) -> None:
        """Send what is queued, then close."""
        if self._close is None:
            self._close = code
            self._wake.set()

    def abort(self, code: int) -> None:
        """Close without waiting for a peer that does not read."""
        if self._dead:
            return
        _log.info("connection cut: %d", code)
        self.stop()
        self._close = code
        if self._transport is not None:
            self._transport.close_now(code)

    def stop(self) -> None:
        """The peer is gone: drop what is queued."""
        self._dead = True
        self._frames.clear()
        self._bytes = 0
        self._low.set()
        self._wake.set()

    async def flushed(self) -> None:
        """Return once little is queued, or the connection is gone."""
        await self._low.wait()

    @property
    def _idle(self) -> bool:
        return not self._frames and self._close is None

    async def run(self) -> None:
        """Send until closed; the caller keeps receiving meanwhile."""
        while not self._dead:
            try:
                async with asyncio.timeout(None if self._idle else _SEND_DEADLINE_S):
                    if not self._frames:
                        if self._close is not None:
                            await self._websocket.close(self._close)
                            return
                        self._wake.clear()
                        await self._wake.wait()
                        continue
                    frame = self._frames.popleft()
                    self._bytes -= len(frame)
                    await self._websocket.send_text(frame.decode())
            except TimeoutError:
                self.abort(CloseCode.SLOW_CONSUMER)
            except (WebSocketDisconnect, RuntimeError):
                self.stop()
            if self._bytes <= _LOW_WATER_BYTES:
                self._low.set()


class SignalingEndpoint:
    """Serves /ws."""

    def __init__(self, service: Service, commands: Commands, origins: "Origins") -> None:
        self._service = service
        self._commands = commands
        self._origins = origins

    async def serve(self, websocket: WebSocket) -> None:
        """Serve one connection until it ends. Cookies are never looked at here."""
        if not self._origins.allow(websocket):
            await websocket.send_denial_response(Response(status_code=403))
            return
        if SUBPROTOCOL not in websocket.scope["subprotocols"]:
            await websocket.send_denial_response(Response(status_code=400))
            return
        await websocket.accept(SUBPROTOCOL)
        connection = Connection(websocket)
        async with asyncio.TaskGroup() as group:
            group.create_task(connection.run(), name="websocket-out")
            try:
                await self._receive(websocket, connection)
            except TimeoutError:
                connection.abort(CloseCode.PROTOCOL_ERROR)
            except WebSocketDisconnect:
                pass
            except Exception as error:  # noqa: BLE001 - one connection's failure is nobody else's
                _log.error("connection failed: %s", failure(error))
                connection.abort(_INTERNAL_ERROR)
            finally:
                connection.stop()

    async def _receive(self, websocket: WebSocket, connection: Connection) -> None:
        machine = ServerConnection()
        async with asyncio.timeout(limits.HELLO_DEADLINE_S):
            event = machine.receive(await _frame(websocket))
        if isinstance(event, Refused):
            await self._refuse(websocket, connection, event)
            return
        assert isinstance(event, HelloReceived)  # noqa: S101 - the machine lets nothing else pass first
        session = await self._service.attach(event.hello, connection)
        if session is None:
            refusal = Error(code=ErrorCode.UNAUTHENTICATED, re=event.hello.id)
            await self._refuse(websocket, connection, Refused(encode(refusal), CloseCode.AUTHENTICATION))
            return
        machine.welcomed()
        try:
            await self._serve(websocket, connection, machine, session)
        finally:
            await self._service.gone(session, connection)

    async def _serve(
        self, websocket: WebSocket, connection: Connection, machine: ServerConnection, session: Session
    ) -> None:
        while True:
            event = machine.receive(await _frame(websocket))
            match event:
                case CommandReceived(message):
                    if session.connection is not connection:
                        continue  # superseded or ended: the close is under way and nothing more is obeyed
                    if not self._commands.rate_limited(session, message):
                        await self._commands.handle(session, message)
                case Refused():
                    if event.close is not None:
                        await self._refuse(websocket, connection, event)
                        return
                    connection.send(event.frame)
                case HelloReceived():
                    raise AssertionError("a second hello is refused by the machine")

    @staticmethod
    async def _refuse(websocket: WebSocket, connection: Connection, refused: Refused) -> None:
        connection.send(refused.frame)
        connection.close(refused.close or CloseCode.PROTOCOL_ERROR)
        await _until_closed(websocket)


class Origins:
    """Which web pages may talk to us: our own. Programs send no Origin and are let through to prove who they are."""

    def __init__(self, allowed: list[str]) -> None:
        self._allowed = frozenset(origin.rstrip("/").lower() for origin in allowed)

    def allow(self, connection: HTTPConnection) -> bool:
        """Whether the request comes from our own page or from no page at all."""
        origins = connection.headers.getlist("origin")
        if not origins:
            return True
        if len(origins) > 1:
            return False
        origin = origins[0].lower()
        return origin in self._allowed or origin == f"https://{connection.headers.get('host', '').lower()}"


async def _frame(websocket: WebSocket) -> str | bytes:
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    text = message.get("text")
    # A binary frame is not of this protocol: handed on as bytes that can't be JSON.
    return text if isinstance(text, str) else b"\xff"


async def _until_closed(websocket: WebSocket) -> None:
    """Read and ignore until the close handshake ends, for a bounded time."""
    try:
        async with asyncio.timeout(_SEND_DEADLINE_S):
            while websocket.client_state is not WebSocketState.DISCONNECTED:
                await websocket.receive()
    except (TimeoutError, RuntimeError):
        return
