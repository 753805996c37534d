"""Holds that every TCP connection a test opens is closed when its event loop is; plugged in by ``tests/conftest.py``.

A transport that is never closed is reported by the garbage collector, minutes later and in another test. Here the
test that made it fails, with the place. What is merely saying goodbye may finish: TLS waits for the other side's
close_notify (RFC 8446 6.1), and a busy machine answers late.
"""

import asyncio
import os
import traceback
import weakref
from asyncio import selector_events
from collections.abc import Iterator
from typing import Any

import pytest

GOODBYE_S = 5.0

_made: "weakref.WeakKeyDictionary[Any, str]" = weakref.WeakKeyDictionary()
_left_open: list[str] = []

_Transport: Any = selector_events._SelectorTransport  # type: ignore[attr-defined]  # no public hook sees every connection
_Loop: Any = asyncio.SelectorEventLoop
_make = _Transport.__init__
_close = _Loop.close


def _is_open(transport: Any) -> bool:
    return transport._sock is not None  # is_closing() is true long before the socket is closed


def _open_on(loop: Any) -> list[Any]:
    return [one for one in list(_made) if one._loop is loop and _is_open(one)]


def _remember(transport: Any, *args: Any, **kwargs: Any) -> None:
    _make(transport, *args, **kwargs)
    where = "".join(traceback.format_stack(limit=12)[:-1])
    _made[transport] = f"{os.environ.get('PYTEST_CURRENT_TEST')}: {args[1]!r}\n{where}"


async def _goodbye(loop: Any) -> None:
    deadline = loop.time() + GOODBYE_S
    while _open_on(loop) and loop.time() < deadline:  # noqa: ASYNC110 - nothing tells of a closed socket
        await asyncio.sleep(0.005)


def _close_when_quiet(loop: Any) -> None:
    if not loop.is_closed() and not loop.is_running():
        if _open_on(loop):
            loop.run_until_complete(_goodbye(loop))
        for transport in _open_on(loop):
            _left_open.append(_made[transport])
            transport.abort()
        loop.run_until_complete(asyncio.sleep(0))
    _close(loop)


@pytest.fixture(autouse=True, scope="session")
def _watched_transports() -> Iterator[None]:
    """Note where each connection is made, for as long as tests run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_Transport, "__init__", _remember)
        patch.setattr(_Loop, "close", _close_when_quiet)
        yield


@pytest.fixture(autouse=True)
def _no_connection_left_open(_watched_transports: None) -> Iterator[None]:
    """Fail the test that leaves a connection open."""
    _left_open.clear()
    yield
    if _left_open:
        pytest.fail("left open: " + "\n".join(_left_open), pytrace=False)
