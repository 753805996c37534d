"""Adapters that are made at their first use: their libraries take longer to load than the window that needs none yet.

``Later.make_all`` makes them beforehand, in a thread, so that the first sign-in waits for nothing.
"""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar, cast

_T = TypeVar("_T")


class Later:
    """A set of adapters that are not made yet."""

    def __init__(self) -> None:
        self._waiting: list[_Late] = []

    def adapter(self, make: Callable[[], _T]) -> _T:
        """Return what ``make`` will return, at its first use; ``make`` imports what it needs."""
        late = _Late(make)
        self._waiting.append(late)
        return cast("_T", late)

    async def make_all(self) -> None:
        """Make every adapter that is not made yet, outside the loop's thread."""
        await asyncio.to_thread(self._make_all)

    def _make_all(self) -> None:
        for late in self._waiting:
            late()


class _Late:
    """Stands for an adapter; whatever is asked of it is asked of the adapter."""

    def __init__(self, make: Callable[[], object]) -> None:
        self._make = make
        self._made: object | None = None
        self._making = threading.Lock()

    def __call__(self) -> object:
        with self._making:
            if self._made is None:
                self._made = self._make()
            return self._made

    def __getattr__(self, name: str) -> object:
        return getattr(self(), name)
