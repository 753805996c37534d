"""The threads that encode: one for one picture after the other, more when several are encoded at once."""

import threading
from collections.abc import Iterator

import pytest

from carena_desktop.call.engine.warm_pool import WarmPool


@pytest.fixture
def pool() -> Iterator[WarmPool]:
    """Three threads."""
    made = WarmPool(3, "under-test")
    yield made
    made.shutdown()


def thread() -> str:
    """The name of the thread that asks."""
    return threading.current_thread().name


def names() -> set[str]:
    """The pool's threads that live."""
    return {each.name for each in threading.enumerate() if each.name.startswith("under-test")}


def test_all_threads_run_from_the_beginning(pool: WarmPool) -> None:
    """Work makes no thread, and the end leaves none."""
    before = names()
    assert len(before) == 3
    for _ in range(5):
        pool.submit(thread).result(10)
    assert names() == before
    pool.shutdown()
    assert not names()


def test_one_after_the_other_stays_on_one_thread(pool: WarmPool) -> None:
    """Each picture of one camera is encoded where the last one was."""
    assert {pool.submit(thread).result(10) for _ in range(20)} == {"under-test-0_0"}


def test_what_comes_at_once_is_done_at_once(pool: WarmPool) -> None:
    """Three that wait for each other all go on; a fourth waits behind one of them and is done."""
    together = threading.Barrier(3)

    def meet() -> str:
        together.wait(10)
        return thread()

    futures = [pool.submit(meet) for _ in range(3)] + [pool.submit(thread)]
    assert len({future.result(10) for future in futures[:3]}) == 3
    assert futures[3].result(10) in names()


def test_what_failed_leaves_its_thread_free(pool: WarmPool) -> None:
    """An encoder's error is its own: the thread takes the next work."""
    with pytest.raises(ZeroDivisionError):
        pool.submit(divmod, 1, 0).result(10)
    assert pool.submit(thread).result(10) == "under-test-0_0"


def test_after_the_end_nothing_is_taken(pool: WarmPool) -> None:
    """Work for a pool that has ended is refused, as by every executor."""
    pool.shutdown()
    with pytest.raises(RuntimeError, match="shutdown"):
        pool.submit(thread)
