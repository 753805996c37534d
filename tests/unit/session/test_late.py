"""Adapters that are made at their first use."""

import asyncio
import threading

import pytest

from carena_desktop.session.late import Later


class Adapter:
    """Counts how often it is made, and where."""

    made: list[str]

    def __init__(self, made: list[str]) -> None:
        made.append(threading.current_thread().name)
        self.made = made

    def ask(self) -> int:
        """Answer."""
        return len(self.made)


def test_nothing_is_made_before_it_is_asked_for() -> None:
    """An adapter that nobody uses costs nothing; one that is used is made once and is the same from then on."""
    made: list[str] = []
    adapter = Later().adapter(lambda: Adapter(made))
    assert made == []
    assert (adapter.ask(), adapter.ask(), len(made)) == (1, 1, 1)


async def test_all_are_made_beforehand_outside_the_loops_thread() -> None:
    """Making them blocks nobody who waits for the loop; whoever asks meanwhile gets the one that is being made."""
    made: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> Adapter:
        begun.set()
        assert go_on.wait(10)
        return Adapter(made)

    later = Later()
    adapter = later.adapter(slow)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(later.make_all())
        assert await asyncio.to_thread(begun.wait, 10)
        asking = tasks.create_task(asyncio.to_thread(lambda: adapter.ask()))  # noqa: PLW0108 - looked up in the thread
        await asyncio.sleep(0)
        assert not asking.done()
        go_on.set()
    assert (asking.result(), len(made)) == (1, 1)
    assert made[0] != threading.main_thread().name


def test_what_cannot_be_made_says_so_each_time() -> None:
    """A library that is missing is an error at every use, and not a half-made adapter."""

    def broken() -> Adapter:
        raise ImportError("aiohttp")

    adapter = Later().adapter(broken)
    for _ in range(2):
        with pytest.raises(ImportError):
            adapter.ask()
