"""A scope owns its tasks: they have names, their failures are told without their text, and they end."""

import asyncio
import logging
from typing import NoReturn

import pytest

from carena_desktop.tasks import ScopeClosedError, TaskScope, describe_error


class CodedError(Exception):
    """An error with a code and a text that must stay inside."""

    code = "busy"


async def _fail() -> NoReturn:
    raise CodedError("Patient Name 0123456789")


async def test_a_task_is_held_named_and_awaitable() -> None:
    """A spawned task is listed under its scope's name while it runs, and gives its result."""
    scope = TaskScope("owner")
    go = asyncio.Event()

    async def work() -> int:
        await go.wait()
        return 7

    task = scope.spawn(work(), name="work")
    assert scope.task_names == ("owner/work",)
    go.set()
    assert await task == 7
    assert scope.task_names == ()


async def test_failures_are_logged_without_their_text(caplog: pytest.LogCaptureFixture) -> None:
    """The log has the task's name, the error's type, code and place, and nothing of its message."""
    failures: list[tuple[str, BaseException]] = []
    scope = TaskScope("owner", on_failure=lambda name, error: failures.append((name, error)))
    with caplog.at_level(logging.DEBUG):
        task = scope.spawn(_fail(), name="bad")
        await asyncio.wait([task])
        await asyncio.sleep(0)
    assert [name for name, _ in failures] == ["owner/bad"]
    assert "owner/bad failed: CodedError code=busy at test_tasks.py:" in caplog.text
    assert "Patient" not in caplog.text


async def test_aclose_ends_every_task() -> None:
    """Closing cancels all tasks and returns when their clean-up has run."""
    scope = TaskScope("owner")
    cleaned: list[int] = []
    started = asyncio.Event()

    async def work(number: int) -> None:
        try:
            started.set()
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.append(number)

    for number in range(3):
        scope.spawn(work(number), name=f"work-{number}")
    await started.wait()
    assert await scope.aclose() == ()
    assert sorted(cleaned) == [0, 1, 2]
    assert scope.task_names == ()


async def test_aclose_is_bounded() -> None:
    """A task that refuses to end delays closing by the timeout and no longer, and is named."""
    scope = TaskScope("owner")
    let_go = asyncio.Event()
    started = asyncio.Event()

    async def stubborn() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await let_go.wait()

    task = scope.spawn(stubborn(), name="stubborn")
    await started.wait()
    assert await scope.aclose(timeout=0.01) == ("owner/stubborn",)
    let_go.set()
    await task


async def test_a_closed_scope_starts_nothing() -> None:
    """Spawning into a closed scope raises and does not leave an unawaited coroutine behind."""
    scope = TaskScope("owner")
    await scope.aclose()
    await scope.aclose()
    assert scope.closed
    with pytest.raises(ScopeClosedError):
        scope.spawn(asyncio.sleep(0), name="late")


async def test_a_task_may_close_its_own_scope() -> None:
    """The closing task is neither cancelled nor waited for; the others are."""
    scope = TaskScope("owner")
    other = scope.spawn(asyncio.Event().wait(), name="other")
    closer = scope.spawn(scope.aclose(), name="closer")
    assert await closer == ()
    assert other.cancelled()


async def test_the_block_form_ends_its_tasks() -> None:
    """Leaving the ``async with`` block cancels what is still running."""
    async with TaskScope("owner") as scope:
        task = scope.spawn(asyncio.Event().wait(), name="forever")
    assert task.cancelled()


async def test_cancel_leaves_the_scope_open() -> None:
    """Cancelling ends what runs and lets more be started."""
    scope = TaskScope("owner")
    task = scope.spawn(asyncio.Event().wait(), name="forever")
    scope.cancel()
    await asyncio.wait([task])
    assert await scope.spawn(asyncio.sleep(0, result=1), name="next") == 1


def test_errors_without_code_or_place_are_described_too() -> None:
    """An exception that was never raised is described by its type."""
    assert describe_error(ValueError("secret")) == "ValueError"
