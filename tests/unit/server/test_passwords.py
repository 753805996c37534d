"""Passwords: Argon2id off the loop, bounded, the same work for everybody."""

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from carena_server.passwords import BusyError, PasswordHasher
from carena_server.settings import PasswordSettings

CHEAP = PasswordSettings(memory_kib=64, time_cost=1)


@pytest.fixture
def hasher() -> Iterator[PasswordHasher]:
    """Return a cheap hasher."""
    made = PasswordHasher(CHEAP)
    yield made
    made.close()


async def test_right_and_wrong(hasher: PasswordHasher) -> None:
    """The right password passes, others don't, nor does anything for an unknown user or a damaged hash."""
    encoded = hasher.hash_now("correct horse")
    assert encoded.startswith("$argon2id$")
    assert await hasher.verify(encoded, "correct horse") == (True, None)
    assert await hasher.verify(encoded, "wrong horse") == (False, None)
    assert await hasher.verify(None, "correct horse") == (False, None)
    assert await hasher.verify("rubbish", "correct horse") == (False, None)


async def test_a_changed_cost_gives_a_new_hash(hasher: PasswordHasher) -> None:
    """After the cost was raised, the next sign-in stores a hash of the new cost; a wrong password never does."""
    costly = PasswordHasher(PasswordSettings(memory_kib=128, time_cost=2))
    old = hasher.hash_now("correct horse")
    right, fresh = await costly.verify(old, "correct horse")
    assert right
    assert fresh is not None
    assert "m=128,t=2" in fresh
    assert await costly.verify(fresh, "correct horse") == (True, None)
    assert await costly.verify(old, "wrong") == (False, None)
    costly.close()


async def test_an_unknown_user_costs_as_much() -> None:
    """The time of a refusal does not tell whether the account exists."""
    hasher = PasswordHasher(PasswordSettings(memory_kib=8192, time_cost=2))
    encoded = hasher.hash_now("correct horse")
    await hasher.verify(None, "x")  # the dummy is made at the first use

    async def least_work(subject: str | None) -> float:
        times = []
        for _ in range(5):
            start = time.process_time()  # of all threads: what else the machine does is not counted
            await hasher.verify(subject, "wrong horse")
            times.append(time.process_time() - start)
        return min(times)

    known, unknown = await least_work(encoded), await least_work(None)
    assert 0.4 < unknown / known < 2.5
    hasher.close()


async def test_too_many_at_once_are_told_to_come_back(hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue is bounded, and the loop goes on meanwhile."""
    gate = threading.Event()
    monkeypatch.setattr(hasher, "_verify_now", lambda *_: gate.wait(10) and (True, None))
    async with asyncio.TaskGroup() as group:
        waiting = [group.create_task(hasher.verify("x", "y")) for _ in range(16)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await hasher.verify("x", "y")
        gate.set()
    assert all(task.result() == (True, None) for task in waiting)
    assert await hasher.verify("x", "y") == (True, None)
