"""Tasks with an owner, a name and an end.

A ``TaskScope`` belongs to a service, a page or the application. Whatever it starts is held by it (a task that nobody
holds may be collected half-way), and ``aclose`` ends all of it within a bound. Works on any asyncio loop, qasync's
included. Failures are logged by type, code and place; an exception's text is never logged, for it may quote a
token or a patient.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from pathlib import PurePath
from types import TracebackType
from typing import Any, Final, Self, TypeVar

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

DEFAULT_CLOSE_TIMEOUT_S: Final = 2.0

OnFailure = Callable[[str, BaseException], None]


class ScopeClosedError(RuntimeError):
    """Something was spawned into a scope that is closing or closed."""


class TaskScope:
    """Owner of a set of named tasks.

    Args:
        name: Says in logs whose tasks these are.
        on_failure: Called with the task's name and its exception after it was logged; not called for cancellation.
    """

    def __init__(self, name: str, *, on_failure: OnFailure | None = None) -> None:
        self._name = name
        self._on_failure = on_failure
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    @property
    def name(self) -> str:
        """Whose tasks these are."""
        return self._name

    @property
    def closed(self) -> bool:
        """Whether ``aclose`` was called."""
        return self._closed

    @property
    def task_names(self) -> tuple[str, ...]:
        """Names of the tasks still running, sorted."""
        return tuple(sorted(task.get_name() for task in self._tasks))

    def spawn(self, coro: Coroutine[Any, Any, _T], *, name: str) -> asyncio.Task[_T]:
        """Start ``coro`` as a task of this scope.

        The task may be awaited; its failure is logged all the same, once.

        Raises:
            ScopeClosedError: The scope is closed; ``coro`` was closed without running.
        """
        if self._closed:
            coro.close()
            raise ScopeClosedError(f"{self._name} is closed")
        task = asyncio.get_running_loop().create_task(coro, name=f"{self._name}/{name}")
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def cancel(self) -> None:
        """Ask every task but the calling one to end, without waiting; more may be spawned."""
        current = _current_task()
        for task in tuple(self._tasks):
            if task is not current:
                task.cancel()

    async def join(self, timeout: float) -> None:  # noqa: ASYNC109 - the bound is the contract
        """Wait until every task but the calling one has ended, at most ``timeout`` seconds; cancels nothing."""
        current = _current_task()
        others = {task for task in self._tasks if task is not current}
        if others:
            await asyncio.wait(others, timeout=timeout)

    async def aclose(self, timeout: float = DEFAULT_CLOSE_TIMEOUT_S) -> tuple[str, ...]:  # noqa: ASYNC109 - the bound is the contract
        """Cancel every task and wait for their ends, at most ``timeout`` seconds. May be called more than once.

        A task of this scope may call it: it is neither cancelled nor waited for, as it could never end.

        Returns:
            Names of the tasks that did not end in time; they were logged and stay cancelled.
        """
        self._closed = True
        current = _current_task()
        others = {task for task in self._tasks if task is not current}
        for task in others:
            task.cancel()
        if not others:
            return ()
        _, late = await asyncio.wait(others, timeout=timeout)
        names = tuple(sorted(task.get_name() for task in late))
        for name in names:
            _log.warning("task %s did not end within %.1f s", name, timeout)
        return names

    async def __aenter__(self) -> Self:
        """Open the scope for an ``async with`` block."""
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        """End every task when the block is left, however it is left."""
        await self.aclose()

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        error = task.exception()  # marks it as seen: asyncio would print its text otherwise
        if error is None:
            return
        _log.error("task %s failed: %s", task.get_name(), describe_error(error))
        if self._on_failure is not None:
            self._on_failure(task.get_name(), error)


def _current_task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:  # called from outside the loop
        return None


def describe_error(error: BaseException) -> str:
    """Return the exception's type, its ``code`` where it has one, and where it was raised; never its text."""
    parts = [type(error).__name__]
    code = getattr(error, "code", None)
    if isinstance(code, str | int):
        parts.append(f"code={code}")
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is not None:
        parts.append(f"at {PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
    return " ".join(parts)
