"""Lets a patient's page measure its connection to this server: bytes down, bytes up, and how long a question takes.

    GET  /api/v1/probe?bytes=N   N random bytes (at most MAX_DOWN), which no proxy can make smaller
    POST /api/v1/probe           reads at most MAX_UP bytes, keeps none, answers 204

Nobody has to prove who they are, so what an address may ask for is bounded, and so is what runs at once. It may not
know a visit: the result is the page's own.
"""

import asyncio
import math
import os
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from carena_protocol.errors import ErrorCode
from carena_server.clock import Clock
from carena_server.gate import problem
from carena_server.throttle import source
from carena_server.websocket import Origins

MAX_DOWN: Final = 1024 * 1024
MAX_UP: Final = 512 * 1024
BURST: Final = 64 * 1024 * 1024
"""Bytes one address may have at once: a whole clinic's patients may sit behind one."""
RATE: Final = 1024 * 1024
"""Bytes a second one address may have in the long run."""
AT_ONCE: Final = 32
DEADLINE_S: Final = 10.0
_PIECE: Final = 16 * 1024
_MAX_SOURCES: Final = 20_000


class ByteBudget:
    """Bytes by source address: ``burst`` at once, ``rate`` a second in the long run. Pure; bounded in memory."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._spent: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str, size: int, now: float) -> float:
        """Use ``size`` bytes; return 0, or the seconds until they are there, without using any."""
        spent, at = self._spent.get(address, (0.0, now))
        spent = max(0.0, spent - max(0.0, now - at) * self._rate)
        if spent + size > self._burst:
            return (spent + size - self._burst) / self._rate
        self._spent[address] = (spent + size, now)
        self._spent.move_to_end(address)
        while len(self._spent) > _MAX_SOURCES:
            self._spent.popitem(last=False)
        return 0.0


class Probe:
    """The two endpoints."""

    def __init__(self, origins: Origins, clock: Clock) -> None:
        self._origins = origins
        self._clock = clock
        self._budget = ByteBudget(RATE, BURST)
        self._noise = os.urandom(MAX_DOWN)
        self._running = 0

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/api/v1/probe", self._bounded(self._down), methods=["GET"]),
            Route("/api/v1/probe", self._bounded(self._up), methods=["POST"]),
        ]

    def _bounded(self, handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            if not self._origins.allow(request):
                return problem(ErrorCode.FORBIDDEN)
            if self._running >= AT_ONCE:
                return problem(ErrorCode.BUSY, 1.0)
            try:
                return await handler(request)
            except ClientDisconnect:
                return problem(ErrorCode.MALFORMED)  # nobody is there to read it
            except TimeoutError:
                return problem(ErrorCode.BUSY, 1.0)

        return endpoint

    async def _down(self, request: Request) -> Response:
        size = _size(request.query_params.get("bytes", ""), MAX_DOWN)
        if size is None:
            return problem(ErrorCode.INVALID)
        if delay := self._charge(request, size):
            return problem(ErrorCode.THROTTLED, delay)
        return _Noise(memoryview(self._noise)[:size], self._counted())

    async def _up(self, request: Request) -> Response:
        size = _size(request.headers.get("content-length", ""), MAX_UP)
        if size is None:
            return problem(ErrorCode.TOO_LARGE)
        if delay := self._charge(request, size):
            return problem(ErrorCode.THROTTLED, delay)
        with self._counted():
            async with asyncio.timeout(DEADLINE_S):
                async for _ in request.stream():
                    pass
        return Response(status_code=204)

    def _charge(self, request: Request, size: int) -> float:
        address = request.client.host if request.client is not None else "unknown"
        return self._budget.take(source(address), size, self._clock.monotonic())

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1


class _Noise(Response):
    """Bytes sent piece by piece; a reader that takes longer than DEADLINE_S loses the connection."""

    media_type = "application/octet-stream"

    def __init__(self, noise: memoryview, counted: AbstractContextManager[None]) -> None:
        super().__init__(headers={"Content-Length": str(len(noise))})
        self._noise = noise
        self._counted = counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them."""
        del scope, receive
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        with self._counted, suppress(TimeoutError):
            async with asyncio.timeout(DEADLINE_S):
                await send(start)
                for at in range(0, len(self._noise), _PIECE):
                    await send(
                        {"type": "http.response.body", "body": bytes(self._noise[at : at + _PIECE]), "more_body": True}
                    )
                await send({"type": "http.response.body", "body": b""})


def _size(text: str, most: int) -> int | None:
    """Return a count of bytes that somebody wrote; None when it is none, or more than allowed."""
    if not text.isascii() or not text.isdigit() or len(text) > math.ceil(math.log10(most)):
        return None
    return int(text) if int(text) <= most else None
