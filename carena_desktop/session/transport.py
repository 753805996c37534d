"""Signaling over a websocket, by websockets' asyncio client. The only module of the desktop that imports it.

Follows no redirect, uses the proxy that the router names and no other, no compression, and logs no frame. Liveness is
the protocol's own ping, which also finds a server whose event loop stands still; websockets' keep-alive is off, its
answers to pings are on.
"""

import logging
import ssl
from typing import TYPE_CHECKING, Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI
from websockets.typing import Subprotocol

from carena_desktop.identity import USER_AGENT
from carena_desktop.network.router import Router
from carena_desktop.network.tunnel import connect_by
from carena_desktop.session import tls
from carena_desktop.session.address import ServerAddress
from carena_desktop.session.failures import SessionError
from carena_desktop.session.model import LocalProblem
from carena_desktop.session.world import ConnectionEndedError
from carena_protocol import limits
from carena_protocol.errors import ErrorCode
from carena_protocol.version import SUBPROTOCOL

if TYPE_CHECKING:
    import socket

_SUBPROTOCOL: Final = Subprotocol(SUBPROTOCOL)
_OPEN_TIMEOUT_S: Final = 10.0
_CLOSE_TIMEOUT_S: Final = 1.0
_MAX_QUEUED_FRAMES: Final = 64

_silent = logging.getLogger(f"{__name__}.frames")
_silent.setLevel(logging.CRITICAL)  # websockets' debug log quotes frames, which carry names and SDP
_silent.propagate = False


class _Connect(connect):
    """Refuses redirects: signaling goes to the server whose certificate was checked, or nowhere."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class WebsocketConnection:
    """Implements ``world.SignalingConnection``."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def send(self, frame: bytes) -> None:
        """Send a text frame."""
        try:
            await self._connection.send(frame, text=True)
        except ConnectionClosed as error:
            raise _ended(error) from None

    async def receive(self) -> str | bytes:
        """Return the next frame."""
        try:
            return await self._connection.recv()
        except ConnectionClosed as error:
            raise _ended(error) from None

    async def close(self, code: int = 1000) -> None:
        """Close, at most a second long."""
        await self._connection.close(code)


class WebsocketTransport:
    """Implements ``world.SignalingTransport``.

    Args:
        router: Says how a server is reached; without one it is directly.
    """

    def __init__(self, router: Router | None = None) -> None:
        self._router = router

    async def connect(self, server: ServerAddress, context: ssl.SSLContext) -> WebsocketConnection:
        """Open a connection; raises SessionError."""
        tunnel: socket.socket | None = None
        try:
            if self._router is not None:
                tunnel = await connect_by(await self._router.route(server.host, server.port), server.host, server.port)
            # A tunnel's far end is the server already: nothing is looked up, the certificate's name is the same.
            way = {"sock": tunnel} if tunnel is not None else {"happy_eyeballs_delay": tls.HAPPY_EYEBALLS_S}
            connection = await _Connect(
                server.websocket_url,
                ssl=context,
                subprotocols=[_SUBPROTOCOL],
                compression=None,
                user_agent_header=USER_AGENT,
                proxy=None,
                open_timeout=_OPEN_TIMEOUT_S,
                ping_interval=None,
                close_timeout=_CLOSE_TIMEOUT_S,
                max_size=limits.MAX_MESSAGE_BYTES,
                max_queue=_MAX_QUEUED_FRAMES,
                logger=_silent,
                **way,
            )
        except InvalidStatus as error:
            raise _refused(error.response.status_code, error.response.headers.get("Retry-After")) from None
        except (InvalidHandshake, InvalidURI) as error:
            failure = tls.failure_of(error)
            raise failure if failure.code is LocalProblem.CERTIFICATE_REFUSED else _not_ours() from None
        except (OSError, TimeoutError, EOFError) as error:
            raise tls.failure_of(error) from None
        except BaseException:
            if tunnel is not None:
                tunnel.close()
            raise
        if connection.subprotocol != SUBPROTOCOL:
            await connection.close()
            raise SessionError(ErrorCode.UNSUPPORTED_VERSION)
        return WebsocketConnection(connection)


def _ended(error: ConnectionClosed) -> ConnectionEndedError:
    return ConnectionEndedError(error.rcvd.code if error.rcvd is not None else None)


def _refused(status: int, retry_after: str | None) -> SessionError:
    if status == 429 or status >= 500:  # noqa: PLR2004 - HTTP's classes
        seconds = float(retry_after) if retry_after is not None and retry_after.isdecimal() else None
        return SessionError(ErrorCode.BUSY, retryable=True, retry_after_s=seconds)
    return _not_ours()


def _not_ours() -> SessionError:
    return SessionError(LocalProblem.PROTOCOL, retryable=True)
