"""Peers that stay silent, send half of something, or do not read: closed in ten seconds, with bounded memory.

All of them at once against one server, because what is tested is the passage of time.
"""

import asyncio
import contextlib
import json
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

import msgspec
import pytest

from carena_protocol.messages import Admit, Ok, Relay
from tests.integration.server.harness import INFO, Server, patient_ticket, staff

LIMIT_S = 10.0
UPGRADE = (
    "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: carena.v1\r\n\r\n"
)


@asynccontextmanager
async def raw(server: Server, *, tls: bool = True) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Open a bare connection."""
    context = server.context() if tls else None
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port, ssl=context)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()
        await asyncio.sleep(0)


async def ends(reader: asyncio.StreamReader, started: float) -> float:
    """Read until the server closes; return the seconds that took."""
    async with asyncio.timeout(LIMIT_S + 8):
        try:
            while await reader.read(65536):
                pass
        except (ConnectionError, ssl.SSLError):
            pass
    return time.monotonic() - started


async def silent_tcp(server: Server) -> float:
    """Connect and send nothing at all."""
    started = time.monotonic()
    async with raw(server, tls=False) as (reader, _):
        return await ends(reader, started)


async def half_handshake(server: Server) -> float:
    """Begin a TLS handshake and stop in the middle of the first record."""
    started = time.monotonic()
    async with raw(server, tls=False) as (reader, writer):
        writer.write(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
        return await ends(reader, started)


async def silent_tls(server: Server) -> float:
    """Finish the handshake and send no request."""
    started = time.monotonic()
    async with raw(server) as (reader, _):
        return await ends(reader, started)


async def partial_headers(server: Server) -> float:
    """Send half of a request's head."""
    started = time.monotonic()
    async with raw(server) as (reader, writer):
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Half: ")
        return await ends(reader, started)


async def dripping_headers(server: Server) -> float:
    """Send one byte of a header each half second: progress does not extend the deadline."""
    started = time.monotonic()
    async with raw(server) as (reader, writer):
        writer.write(b"GET /healthz HTTP/1.1\r\nX-Drip: ")
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(ends(reader, started))
            while not reading.done():
                writer.write(b"a")
                await asyncio.wait([reading], timeout=0.5)
        return reading.result()


async def partial_body(server: Server) -> float:
    """Announce a body and send half of it."""
    started = time.monotonic()
    async with raw(server) as (reader, writer):
        head = (
            "POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
        )
        writer.write(head.encode())
        return await ends(reader, started)


async def second_request(server: Server) -> float:
    """Make a good request, then half of another on the same connection."""
    async with raw(server) as (reader, writer):
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200" in await reader.readuntil(b"ok\n")
        started = time.monotonic()
        writer.write(b"GET /healthz HTTP/1.1\r\nHo")
        return await ends(reader, started)


async def upgraded_silent(server: Server) -> float:
    """Open the websocket and never say hello."""
    started = time.monotonic()
    async with raw(server) as (reader, writer):
        writer.write(UPGRADE.format(port=server.port).encode())
        assert b"101" in await reader.readuntil(b"\r\n\r\n")
        return await ends(reader, started)


async def upgraded_half_frame(server: Server) -> float:
    """Open the websocket and send half of the hello's frame."""
    started = time.monotonic()
    async with raw(server) as (reader, writer):
        writer.write(UPGRADE.format(port=server.port).encode())
        assert b"101" in await reader.readuntil(b"\r\n\r\n")
        writer.write(b"\x81\xfe\x01\x00\x00\x00\x00\x00{")
        return await ends(reader, started)


SILENT: list[Callable[[Server], Coroutine[None, None, float]]] = [
    silent_tcp,
    half_handshake,
    silent_tls,
    partial_headers,
    dripping_headers,
    partial_body,
    second_request,
    upgraded_silent,
    upgraded_half_frame,
]


async def test_silence_is_closed_in_ten_seconds(server: Server) -> None:
    """Nine kinds of silence, all closed in time, while a good client is served."""
    async with staff(server) as desk, asyncio.TaskGroup() as group:
        tasks = {kind.__name__: group.create_task(kind(server)) for kind in SILENT}
        for _ in range(5):
            assert server.call("GET", "/healthz").status == 200
        await desk.subscribe()
    late = {name: round(task.result(), 1) for name, task in tasks.items() if task.result() > LIMIT_S}
    assert late == {}


@pytest.mark.parametrize("size", [20_000, 2_000_000])
async def test_an_endless_head_is_refused(server: Server, size: int) -> None:
    """A request head beyond 16 KiB is answered with 400 and closed at once, whatever follows."""
    started = time.monotonic()
    async with raw(server) as (reader, writer):
        writer.write(b"GET /healthz HTTP/1.1\r\nX-Long: " + b"a" * size)
        assert await ends(reader, started) < 5


async def test_a_message_in_endless_pieces_is_refused(server: Server) -> None:
    """Empty fragments count too: the connection is closed instead of growing."""
    started = time.monotonic()
    async with raw(server) as (reader, writer):
        writer.write(UPGRADE.format(port=server.port).encode())
        assert b"101" in await reader.readuntil(b"\r\n\r\n")
        writer.write(b"\x01\x80\x00\x00\x00\x00" + b"\x00\x80\x00\x00\x00\x00" * 5000)
        assert await ends(reader, started) < 4


async def test_an_oversized_message_is_refused(server: Server) -> None:
    """A frame that announces more than the limit is cut off before it arrives."""
    started = time.monotonic()
    async with raw(server) as (reader, writer):
        writer.write(UPGRADE.format(port=server.port).encode())
        assert b"101" in await reader.readuntil(b"\r\n\r\n")
        writer.write(b"\x81\xff\x00\x00\x00\x01\x00\x00\x00\x00" + b"\x00\x00\x00\x00" + b"a" * 1000)
        assert await ends(reader, started) < 4


class Stalled:
    """A patient's page that says hello and then never reads again."""

    def __init__(self, server: Server, cookie: str) -> None:
        hello = {
            "v": 1,
            "type": "hello",
            "id": "h",
            "ticket": patient_ticket(server, cookie),
            "client": {"name": INFO.name, "version": INFO.version},
        }
        plain = socket.socket()
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        plain.settimeout(20)
        plain.connect(("127.0.0.1", server.port))
        self.socket = server.context().wrap_socket(plain, server_hostname="127.0.0.1")
        self.socket.sendall(UPGRADE.format(port=server.port).encode())
        accepted = b""
        while not accepted.endswith(b"\r\n\r\n"):  # RFC 6455, section 4.1: no frame before the answer
            accepted += self.socket.recv(1)
        assert accepted.startswith(b"HTTP/1.1 101 ")
        body = json.dumps(hello).encode()
        self.socket.sendall(b"\x81\xfe" + len(body).to_bytes(2, "big") + b"\x00\x00\x00\x00" + body)

    def ended(self) -> float:
        """Return the seconds until the server has cut the connection."""
        started = time.monotonic()
        try:
            while self.socket.recv(65536):
                pass
        except OSError:
            pass
        return time.monotonic() - started


async def test_a_slow_reader_is_cut_off_and_costs_little(server: Server) -> None:
    """Its queue is bounded, the sender is told that it is unreachable, nobody else waits, and it is gone in time."""
    visit, cookie = server.check_in(server.link())
    stalled = await asyncio.to_thread(Stalled, server, cookie)
    try:
        async with staff(server) as desk, staff(server, "bob") as other:
            assert isinstance(await desk.ask(Admit(id=desk.next_id(), visit=visit, version=1)), Ok)
            before = server.memory_kib()
            data = msgspec.Raw(b'"' + b"x" * 30_000 + b'"')
            started = time.monotonic()
            refused = 0
            while refused < 3:
                reply = await desk.ask(Relay(id=desk.next_id(), visit=visit, data=data))
                refused += not isinstance(reply, Ok)
                await asyncio.sleep(0.03)  # below the rate limit
                assert time.monotonic() - started < LIMIT_S + 2
            await other.subscribe()
            assert server.memory_kib() - before < 4096
            assert await asyncio.to_thread(stalled.ended) < LIMIT_S
    finally:
        stalled.socket.close()


async def test_a_slow_download_is_cut_off(server: Server) -> None:
    """Somebody who asks for much and reads nothing is disconnected."""
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.settimeout(20)
    await asyncio.to_thread(plain.connect, ("127.0.0.1", server.port))
    secure = await asyncio.to_thread(server.context().wrap_socket, plain, server_hostname="127.0.0.1")
    try:
        page = len(server.call("GET", "/visit").body)
        count = 20_000_000 // page
        request = b"GET /visit HTTP/1.1\r\nHost: x\r\n\r\n" * count
        started = time.monotonic()
        sending = asyncio.get_running_loop().run_in_executor(None, _write_all, secure, request)
        await asyncio.sleep(max(0.0, LIMIT_S - (time.monotonic() - started)))  # not reading is the point
        received = await asyncio.to_thread(_until_the_end, secure)
        assert received is not None, "still connected"
        assert received < count * page, "everything was sent after all"
        await sending
    finally:
        secure.close()


def _write_all(secure: ssl.SSLSocket, request: bytes) -> None:
    with contextlib.suppress(OSError):
        secure.sendall(request)


def _until_the_end(secure: ssl.SSLSocket) -> int | None:
    received = 0
    secure.settimeout(3)
    try:
        while data := secure.recv(65536):
            received += len(data)
    except TimeoutError:
        return None
    except OSError:
        pass
    return received


async def test_a_dead_peer_is_noticed(make_server: Callable[..., Server]) -> None:
    """A client that vanished without a word is found by the pings, not by its silence alone."""
    server = make_server()
    visit, cookie = server.check_in(server.link())
    stalled = await asyncio.to_thread(Stalled, server, cookie)
    try:
        async with asyncio.timeout(40):
            seconds = await asyncio.to_thread(stalled.ended)
        assert seconds > 10, f"the ping of visit {visit[:4]} was answered by nobody"
    finally:
        stalled.socket.close()
