"""A TCP connection through an HTTP proxy: ``CONNECT`` (RFC 9110 section 9.3.6), and a socket that is the far end's.

What is said inside is TLS and the proxy reads none of it. Nothing here is logged: the header may hold a password.
"""

import asyncio
import re
import socket
from enum import StrEnum
from typing import Final

from carena_desktop.network.challenge import values_of, wants_password
from carena_desktop.network.choice import Proxy
from carena_desktop.network.route import Route

LIMIT_S: Final = 10.0
MAX_HEAD_BYTES: Final = 16 * 1024
_PROXY_AUTHENTICATION_REQUIRED: Final = 407
_STATUS: Final = re.compile(rb"HTTP/1\.[01] ([0-9]{3})(?: [^\r\n]*)?\r\n")


class TunnelProblem(StrEnum):
    """Why there is no tunnel."""

    PROXY_UNREACHABLE = "proxy_unreachable"
    PROXY_LOGIN = "proxy_login"
    """The proxy wants a name and password, or other ones."""
    PROXY_SCHEME = "proxy_scheme"
    """The proxy wants a sign-in that is not spoken here: Negotiate, NTLM, Digest."""
    PROXY_REFUSED = "proxy_refused"
    """The proxy does not connect to that host, or can't."""


class TunnelError(OSError):
    """There is no tunnel; an OSError, so that whoever expects a network's failure sees one."""

    def __init__(self, problem: TunnelProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


async def connect(
    host: str, port: int, proxy: Proxy, authorization: str = "", *, limit_s: float = LIMIT_S
) -> socket.socket:
    """Return a connected, non-blocking socket whose other end is ``host``; the caller closes it.

    Raises:
        TunnelError: See ``TunnelProblem``.
    """
    try:
        async with asyncio.timeout(limit_s):
            connection = await _open(proxy)
            try:
                await _ask(connection, host, port, authorization)
            except BaseException:
                connection.close()
                raise
            return connection
    except TimeoutError:
        raise TunnelError(TunnelProblem.PROXY_UNREACHABLE) from None


async def connect_by(route: Route, host: str, port: int) -> socket.socket | None:
    """Return the socket of a tunnel, or None where the route is direct; raises TunnelError."""
    return None if route.proxy is None else await connect(host, port, route.proxy, route.authorization)


async def answers(proxy: Proxy, *, limit_s: float = 3.0) -> bool:
    """Whether anything accepts connections where the proxy should be."""
    try:
        async with asyncio.timeout(limit_s):
            (await _open(proxy)).close()
    except (TunnelError, TimeoutError):
        return False
    return True


async def _open(proxy: Proxy) -> socket.socket:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(proxy.host, proxy.port, type=socket.SOCK_STREAM)
    except OSError:
        raise TunnelError(TunnelProblem.PROXY_UNREACHABLE) from None
    for family, kind, protocol, _, address in found:
        connection = socket.socket(family, kind, protocol)
        connection.setblocking(False)  # noqa: FBT003 - the standard library's
        try:
            await loop.sock_connect(connection, address)
        except OSError:
            connection.close()
            continue
        except BaseException:
            connection.close()
            raise
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection
    raise TunnelError(TunnelProblem.PROXY_UNREACHABLE)


async def _ask(connection: socket.socket, host: str, port: int, authorization: str) -> None:
    loop = asyncio.get_running_loop()
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if authorization:
        lines.append(f"Proxy-Authorization: {authorization}")
    head = bytearray()
    try:
        await loop.sock_sendall(connection, ("\r\n".join(lines) + "\r\n\r\n").encode("ascii"))
        while b"\r\n\r\n" not in head:
            # One byte at a time: what follows the head is the far end's, and a byte taken here would be lost to TLS.
            byte = await loop.sock_recv(connection, 1)
            head += byte
            if not byte or len(head) > MAX_HEAD_BYTES:
                raise TunnelError(TunnelProblem.PROXY_REFUSED)
    except OSError as error:
        raise error if isinstance(error, TunnelError) else TunnelError(TunnelProblem.PROXY_UNREACHABLE) from None
    status = _STATUS.match(head)
    code = int(status.group(1)) if status is not None else 0
    if code == _PROXY_AUTHENTICATION_REQUIRED:
        basic = wants_password(values_of(bytes(head)))
        raise TunnelError(TunnelProblem.PROXY_LOGIN if basic else TunnelProblem.PROXY_SCHEME)
    if not 200 <= code < 300:  # noqa: PLR2004 - HTTP's success
        raise TunnelError(TunnelProblem.PROXY_REFUSED)
