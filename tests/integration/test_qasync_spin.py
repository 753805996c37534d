"""The event loop of the application carries what a long day brings: qasync on PySide6, spun hard."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

import pytest
import qasync
from PySide6.QtWidgets import QApplication

from carena_desktop.tasks import TaskScope

CALLBACKS = 50_000
LIMIT_S = 50.0
_T = TypeVar("_T")


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[qasync.QEventLoop]:
    """A qasync loop on the test's application."""
    loop = qasync.QEventLoop(qapp)
    yield loop
    loop.close()


def run(loop: qasync.QEventLoop, work: Coroutine[Any, Any, _T]) -> _T:
    """Run ``work`` to its end, bounded."""
    result: _T = loop.run_until_complete(asyncio.wait_for(work, LIMIT_S))
    return result


def test_fifty_thousand_callbacks(loop: qasync.QEventLoop) -> None:
    """50,000 callbacks in a row run in order, each once, and the loop is as good as before."""

    async def spin() -> list[int]:
        ran: list[int] = []
        done = asyncio.Event()

        def step(number: int) -> None:
            ran.append(number)
            if number + 1 == CALLBACKS:
                done.set()
            else:
                loop.call_soon(step, number + 1)

        loop.call_soon(step, 0)
        await done.wait()
        await asyncio.sleep(0)
        return ran

    assert run(loop, spin()) == list(range(CALLBACKS))


def test_callbacks_from_a_thread(loop: qasync.QEventLoop) -> None:
    """Callbacks handed over by another thread all arrive, on the loop's thread, in order."""
    count = 5_000

    async def receive() -> tuple[list[int], set[int]]:
        arrived: list[int] = []
        threads: set[int] = set()
        done = asyncio.Event()

        def take(number: int) -> None:
            arrived.append(number)
            threads.add(threading.get_ident())
            if number + 1 == count:
                done.set()

        def give() -> None:
            for number in range(count):
                loop.call_soon_threadsafe(take, number)

        thread = threading.Thread(target=give, name="giver")
        thread.start()
        await done.wait()
        thread.join()
        return arrived, threads

    arrived, threads = run(loop, receive())
    assert arrived == list(range(count))
    assert threads == {threading.get_ident()}


def test_a_scope_ends_on_qasync_too(loop: qasync.QEventLoop) -> None:
    """Tasks of a TaskScope run, fail and are cancelled on qasync as on any loop."""

    async def work() -> tuple[str, ...]:
        scope = TaskScope("qt")
        assert await scope.spawn(asyncio.sleep(0.001, result=7), name="seven") == 7
        forever = scope.spawn(asyncio.Event().wait(), name="forever")
        late = await scope.aclose()
        assert forever.cancelled()
        return late

    assert run(loop, work()) == ()
