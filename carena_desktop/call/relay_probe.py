"""Whether a STUN or TURN server can be reached by one of its addresses, for the self-test; needs no credentials.

A TURN server answers an allocation without credentials with 401 (RFC 8656 section 7.2), which proves the way there and
back. TLS goes through the proxy where the route says so, as in a call.
"""

import asyncio
import re
import secrets
import ssl
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import truststore

from carena_desktop.network.route import Route
from carena_desktop.network.tunnel import TunnelError, connect_by

LIMIT_S: Final = 4.0
_AGAIN_S: Final = 0.5
_COOKIE: Final = 0x2112A442
_BINDING: Final = 0x0001
_ALLOCATE: Final = 0x0003
_REQUESTED_UDP: Final = struct.pack("!HHB3x", 0x0019, 4, 17)
_HEADER: Final = struct.Struct("!HHI12s")
_ADDRESS: Final = re.compile(
    r"(stun|turns?):(\[[0-9A-Fa-f:]+\]|[^:?\[\]]+)(?::([0-9]{1,5}))?(?:\?transport=(udp|tcp))?"
)
_ANSWERS: Final = {
    0x0101: "a binding",
    0x0103: "an allocation",
    0x0113: "the question for credentials",
    0x0111: "a refusal",
}


@dataclass(frozen=True, slots=True)
class Probe:
    """What one address answered."""

    url: str
    ok: bool
    detail: str


async def probe(url: str, known: Callable[[str, int], Route], *, limit_s: float = LIMIT_S) -> Probe:
    """Ask one address; raises nothing.

    Args:
        url: ``stun:``, ``turn:`` or ``turns:`` (RFC 7064, RFC 7065).
        known: The route to a host and port.
        limit_s: How long to wait.
    """
    match = _ADDRESS.fullmatch(url)
    if match is None:
        return Probe(url, ok=False, detail="this is no address of a relay")
    scheme, host, port_text, transport = match.groups()
    host = host.strip("[]")
    port = int(port_text or (5349 if scheme == "turns" else 3478))
    request, transaction = _request(_BINDING if scheme == "stun" else _ALLOCATE)
    started = asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout(limit_s):
            if scheme != "turns" and transport != "tcp":
                answer = await _by_udp(host, port, request, transaction)
            else:
                route = known(host, port) if scheme == "turns" else Route()
                answer = await _by_stream(host, port, request, transaction, route, tls=scheme == "turns")
    except TimeoutError:
        return Probe(url, ok=False, detail="no answer")
    except TunnelError as error:
        return Probe(url, ok=False, detail=error.problem.value)
    except ssl.SSLError:
        return Probe(url, ok=False, detail="the relay's certificate is refused")
    except (OSError, EOFError, asyncio.IncompleteReadError) as error:
        return Probe(url, ok=False, detail=f"not reachable ({type(error).__name__})")
    took_ms = (asyncio.get_running_loop().time() - started) * 1000
    return Probe(url, ok=True, detail=f"answered with {_ANSWERS[answer]} after {took_ms:.0f} ms")


def _request(method: int) -> tuple[bytes, bytes]:
    transaction = secrets.token_bytes(12)
    body = _REQUESTED_UDP if method == _ALLOCATE else b""
    return _HEADER.pack(method, len(body), _COOKIE, transaction) + body, transaction


def _answer(data: bytes, transaction: bytes) -> int | None:
    """Return the message type of an answer to our request, None for anything else."""
    if len(data) < _HEADER.size:
        return None
    kind, _, cookie, echoed = _HEADER.unpack_from(data)
    return kind if cookie == _COOKIE and echoed == transaction and kind in _ANSWERS else None


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, transaction: bytes) -> None:
        self._transaction = transaction
        self.answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, _address: object) -> None:
        found = _answer(data, self._transaction)
        if found is not None and not self.answer.done():
            self.answer.set_result(found)

    def error_received(self, exc: OSError) -> None:  # type: ignore[override]  # asyncio gives an OSError
        if not self.answer.done():
            self.answer.set_exception(exc)


async def _by_udp(host: str, port: int, request: bytes, transaction: bytes) -> int:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(lambda: _Datagrams(transaction), remote_addr=(host, port))
    try:
        while True:
            transport.sendto(request)
            done, _ = await asyncio.wait({protocol.answer}, timeout=_AGAIN_S)
            if done:
                return protocol.answer.result()
    finally:
        transport.close()


async def _by_stream(host: str, port: int, request: bytes, transaction: bytes, route: Route, *, tls: bool) -> int:
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if tls else None
    tunnel = await connect_by(route, host, port)
    try:
        if tunnel is None:
            reader, writer = await asyncio.open_connection(host, port, ssl=context)
        else:
            reader, writer = await asyncio.open_connection(sock=tunnel, ssl=context, server_hostname=host)
    except BaseException:
        if tunnel is not None:
            tunnel.close()
        raise
    try:
        writer.write(request)
        head = await reader.readexactly(_HEADER.size)
        found = _answer(head, transaction)
        if found is None:
            raise ConnectionError("no relay")
        return found
    finally:
        writer.transport.abort()
