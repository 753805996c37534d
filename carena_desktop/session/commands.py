"""Commands under way: each waits for its reply, across reconnects, for a bounded time.

``ClientMachine`` keeps what has to be sent again; this keeps who waits for it. A command given up is not sent again; if
the server carried it out all the same, the waiting room will show it.
"""

import asyncio
import secrets
from collections.abc import Callable
from typing import Final

from carena_desktop.session.ports import CommandRefusedError
from carena_protocol.client import ClientMachine
from carena_protocol.errors import ErrorCode
from carena_protocol.messages import ClientMessage, Error, Ok, TurnServers
from carena_protocol.news import VisitDetails

Reply = Ok | Error | TurnServers | VisitDetails
MAX_WAITING: Final = 128


def new_id() -> str:
    """Return a random message id (96 bits)."""
    return secrets.token_urlsafe(12)


class CommandDesk:
    """Pairs commands with their replies. ``send`` queues a frame on the current connection."""

    def __init__(self, machine: ClientMachine, send: Callable[[bytes], None]) -> None:
        self._machine = machine
        self._send = send
        self._waiting: dict[str, asyncio.Future[Reply]] = {}
        self._ended: ErrorCode | None = None

    async def ask(self, message: ClientMessage, *, limit_s: float) -> Reply:
        """Send a command now or after the next welcome, and return its reply.

        Raises:
            CommandRefusedError: ``busy`` when no reply came within ``limit_s``, or the code given to ``end``.
        """
        if self._ended is not None:
            raise CommandRefusedError(self._ended)
        if len(self._waiting) >= MAX_WAITING:
            raise CommandRefusedError(ErrorCode.BUSY)
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting[message.id] = future
        try:
            frame = self._machine.submit(message)
            if frame is not None:
                self._send(frame)
            async with asyncio.timeout(limit_s):
                return await future
        except TimeoutError:
            raise CommandRefusedError(ErrorCode.BUSY) from None
        finally:
            self._waiting.pop(message.id, None)
            self._machine.forget(message.id)

    def answered(self, message_id: str, reply: Reply) -> None:
        """A reply arrived."""
        future = self._waiting.get(message_id)
        if future is not None and not future.done():
            future.set_result(reply)

    def end(self, code: ErrorCode) -> None:
        """The session is over: refuse what waits and what comes."""
        self._ended = code
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(CommandRefusedError(code))
