"""A real HTTP proxy on loopback that connects through, counts, and may want a login (RFC 9110, CONNECT; RFC 7617)."""

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class ConnectProxy:
    """Forwards what it is asked to; ``asked`` are the targets, ``bytes_up`` and ``bytes_down`` what went through.

    Args:
        login: ``user:password`` that it wants; ``challenges`` say how it asks for it.
        names: Where a target really is: tests reach "server.test" by it.
    """

    def __init__(self, login: str = "", names: dict[str, str] | None = None) -> None:
        self.asked: list[str] = []
        self.heads: list[bytes] = []
        self.bytes_up = 0
        self.bytes_down = 0
        self.refuse = False
        self.port = 0
        self.challenges = ["Basic realm=x"]
        self._login = login
        self._names = names or {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        """As the policy has it."""
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.heads.append(head)
        method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
        assert method == "CONNECT"
        self.asked.append(target)
        wanted = b"Proxy-Authorization: Basic " + base64.b64encode(self._login.encode())
        if self._login and wanted not in head:
            writer.write(
                b"HTTP/1.1 407 Proxy Authentication Required\r\n"
                + b"".join(f"Proxy-Authenticate: {each}\r\n".encode() for each in self.challenges)
                + b"Content-Length: 0\r\n\r\n"
            )
            await writer.drain()
            return
        if self.refuse:
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        host, _, port = target.rpartition(":")
        far_reader, far_writer = await asyncio.open_connection(self._names.get(host, host), int(port))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            await asyncio.gather(self._pump(reader, far_writer, up=True), self._pump(far_reader, writer, up=False))
        finally:
            far_writer.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, up: bool) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                if up:
                    self.bytes_up += len(data)
                else:
                    self.bytes_down += len(data)
                writer.write(data)
                await writer.drain()
        writer.transport.abort()

    async def aclose(self) -> None:
        """Cut every connection and wait for its end."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def connect_proxy(login: str = "", names: dict[str, str] | None = None) -> AsyncIterator[ConnectProxy]:
    """Run a proxy for the block."""
    one = ConnectProxy(login, names)
    server = await asyncio.start_server(one.serve, "127.0.0.1", 0)
    one.port = server.sockets[0].getsockname()[1]
    try:
        yield one
    finally:
        server.close()
        await one.aclose()
