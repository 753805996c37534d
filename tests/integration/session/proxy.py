"""A network between desktop and server that can be cut, or swallow what the server says; TLS passes through unread."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


class Cable:
    """A TCP forwarder; ``url`` is the server's address through it."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname or "", parts.port or 443)
        self._writers: set[asyncio.StreamWriter] = set()
        self.url = ""
        self.swallow = False
        """Set: what the server sends vanishes, the connections stay up."""
        self.refuse = False
        """Set: new connections are closed at once."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forward one connection."""
        if self.refuse:
            writer.transport.abort()
            return
        self._writers.add(writer)
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._target)
            self._writers.add(far_writer)
            try:
                async with asyncio.TaskGroup() as both:
                    both.create_task(self._pump(reader, far_writer, down=False))
                    both.create_task(self._pump(far_reader, writer, down=True))
            finally:
                far_writer.transport.abort()
                self._writers.discard(far_writer)
        finally:
            writer.transport.abort()
            self._writers.discard(writer)

    def cut(self) -> None:
        """Reset every connection."""
        for writer in tuple(self._writers):
            writer.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, down: bool) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                if not (down and self.swallow):
                    writer.write(data)
                    await writer.drain()
        writer.transport.abort()


@asynccontextmanager
async def cable(target: str) -> AsyncIterator[Cable]:
    """Run a forwarder to ``target`` for the block."""
    one = Cable(target)
    async with await asyncio.start_server(one.serve, "127.0.0.1", 0) as server:
        one.url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield one
        finally:
            one.cut()
