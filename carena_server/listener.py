"""The listening side of uvicorn with the deadlines it does not have: handshake, headers, body, and readers that stop.

Measured without them: connections silent after TLS, with partial headers, or upgraded and silent stay open for ever.
It may not know what is served.
"""

import asyncio
import ssl
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

from carena_protocol.errors import CloseCode

HANDSHAKE_DEADLINE_S: Final = 8.0
REQUEST_DEADLINE_S: Final = 8.0
"""From the first byte of silence to the complete request, headers and body."""
STALLED_DEADLINE_S: Final = 8.0
"""How long a peer may leave our bytes unread."""
_LINGER_S: Final = 1.0
_MAX_HEAD_BYTES: Final = 16 * 1024
_MAX_FRAGMENTS: Final = 64


class DeadlineHttpProtocol(HttpToolsProtocol):
    """HTTP/1.1 with a deadline per request and a bounded head."""

    _deadline: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _in_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Start the clock: the request has to arrive."""
        super().connection_made(transport)
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        self._disarm()
        self._unstall()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count the head; it is bounded."""
        if self._in_head:
            self._head_bytes += len(data)
        cycle: RequestResponseCycle | None = self.cycle  # declared as never None, but it begins as None
        if self._deadline is None and (cycle is None or cycle.response_complete):
            self._arm()  # the next request of a kept-alive connection begins
        super().data_received(data)
        if self._in_head and self._head_bytes > _MAX_HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("Request head too large.")

    def on_headers_complete(self) -> None:
        """The head is there; a body may follow."""
        self._in_head = False
        self._head_bytes = 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is complete."""
        self._disarm()
        self._in_head = True
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """From here on the websocket's own deadlines hold."""
        self._disarm()
        super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        """The peer does not read: give it a while."""
        super().pause_writing()
        if self._stalled is None:
            self._stalled = self.loop.call_later(STALLED_DEADLINE_S, self.transport.abort)

    def resume_writing(self) -> None:
        """It reads again."""
        self._unstall()
        super().resume_writing()

    def _arm(self) -> None:
        self._disarm()
        self._deadline = self.loop.call_later(REQUEST_DEADLINE_S, self._too_late)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _unstall(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _too_late(self) -> None:
        self._deadline = None
        self.transport.abort()


class BoundedWebSocketProtocol(WebSocketsSansIOProtocol):
    """A websocket that can be cut off, and whose messages have a bounded number of fragments."""

    close_timeout = 3.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.close_timeout = 3.0

    async def run_asgi(self) -> None:
        """Hand the application a way to cut this connection."""
        self.scope["carena.transport"] = self  # type: ignore[typeddict-unknown-key]  # our own extension of the scope
        await super().run_asgi()

    def handle_cont(self, event: Frame) -> None:
        """Refuse a message in too many pieces: empty ones would cost memory without counting as bytes."""
        if len(self.frames) >= _MAX_FRAGMENTS:
            self.frames = []
            self.close_now(CloseCode.PROTOCOL_ERROR)
            return
        super().handle_cont(event)

    def close_now(self, code: int) -> None:
        """Try to say why, then cut the connection, although its peer does not read."""
        if self.transport.is_closing():
            return
        if not self.close_sent:
            self.stop_keepalive()
            self.conn.send_close(code)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
            self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})
        # Whatever still waits in the buffer will never be read; close() would wait for it.
        self.loop.call_later(_LINGER_S, self.transport.abort)


class Listener(uvicorn.Server):
    """uvicorn's server on sockets that are already bound, with deadlines for the TLS handshake and its end."""

    async def startup(self, sockets: list[Any] | None = None) -> None:
        """Start listening; the same as uvicorn's, but for the two deadlines."""
        await self.lifespan.startup()
        if self.lifespan.should_exit:
            raise SystemExit(3)
        config = self.config
        assert isinstance(config.ssl, ssl.SSLContext)  # noqa: S101 - there is no listener without TLS

        def create_protocol() -> asyncio.Protocol:
            return DeadlineHttpProtocol(config, self.server_state, self.lifespan.state)

        loop = asyncio.get_running_loop()
        self.servers = [
            await loop.create_server(
                create_protocol,
                sock=sock,
                ssl=config.ssl,
                backlog=config.backlog,
                ssl_handshake_timeout=HANDSHAKE_DEADLINE_S,
                ssl_shutdown_timeout=_LINGER_S,
            )
            for sock in sockets or []
        ]
        self.started = True
