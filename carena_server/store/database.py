"""SQLite with one writer: a thread that owns the writing connection and commits jobs in groups.

WAL, ``synchronous=FULL``: what was answered is on disk. Jobs that wait together share one commit; each runs in a
savepoint of its own, so that one's failure undoes only itself. Results are handed out after the commit, never before.
Reads run on other connections, each in one transaction, and see a consistent moment.
"""

import asyncio
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from carena_server.logs import failure

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
_Job = tuple[Callable[[Connection], Any], "Future[Any]"]

_GROUP: Final = 64
_READERS: Final = 2
_BUSY_TIMEOUT_MS: Final = 10_000


def make_engine(path: Path) -> Engine:
    """Return an engine for the database at ``path``; transactions are ``BEGIN IMMEDIATE`` unless told otherwise."""
    engine = create_engine(
        f"sqlite:///{path}",
        hide_parameters=True,  # parameters may be patient text, and errors get logged
        poolclass=QueuePool,
        pool_size=_READERS + 2,
        connect_args={"check_same_thread": False, "timeout": _BUSY_TIMEOUT_MS / 1000},
    )

    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        # The driver must not begin transactions by itself: it begins them late and breaks savepoints.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",  # deleted patient text is overwritten, not only unlinked
            "trusted_schema=OFF",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def on_begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get("carena_read_only", False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
    return engine


class Database:
    """The writer thread and the readers. ``close`` ends them after the work already accepted."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="db-read")
        self._closed = False
        self._writer = threading.Thread(target=self._run, name="db-write", daemon=True)
        self._writer.start()

    async def write(self, job: Callable[[Connection], _T]) -> _T:
        """Run ``job`` in a transaction and return its result once that is on disk."""
        if self._closed:
            raise RuntimeError("the database is closed")
        future: Future[_T] = Future()
        self._jobs.put((job, future))
        return await asyncio.wrap_future(future)

    async def read(self, job: Callable[[Connection], _T]) -> _T:
        """Run ``job`` in a read transaction."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, job)

    def write_soon(self, job: Callable[[Connection], Any]) -> None:
        """Run ``job`` in a transaction that nobody waits for; a failure is logged."""
        future: Future[Any] = Future()
        future.add_done_callback(_log_failure)
        self._jobs.put((job, future))

    async def checkpoint(self) -> bool:
        """Move the write-ahead log into the database and empty it, so that overwritten text is gone from both.

        Returns False when a reader was in the way; try again.
        """

        def job() -> bool:
            with self._engine.connect() as connection:
                driver = connection.connection.driver_connection
                assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - narrows for the type checker
                (busy, _, _) = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                return not busy

        return await asyncio.get_running_loop().run_in_executor(self._readers, job)

    def close(self) -> None:
        """End the threads and close every connection; blocks until accepted work is done."""
        if self._closed:
            return
        self._closed = True
        self._jobs.put(None)
        self._writer.join()
        self._readers.shutdown(wait=True)
        self._engine.dispose()

    def _read(self, job: Callable[[Connection], _T]) -> _T:
        with self._engine.connect().execution_options(carena_read_only=True) as connection, connection.begin():
            return job(connection)

    def _run(self) -> None:
        with self._engine.connect() as connection:
            going = True
            while going:
                jobs, going = self._next_group()
                if jobs:
                    _run_group(connection, jobs)

    def _next_group(self) -> tuple[list[_Job], bool]:
        first = self._jobs.get()
        if first is None:
            return [], False
        jobs = [first]
        while len(jobs) < _GROUP:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return jobs, True
            if job is None:
                return jobs, False
            jobs.append(job)
        return jobs, True


def _log_failure(future: "Future[Any]") -> None:
    error = future.exception()
    if error is not None:
        _log.error("write failed: %s", failure(error))


def _run_group(connection: Connection, jobs: list[_Job]) -> None:
    done: list[tuple[Future[Any], Any]] = []
    failed: list[tuple[Future[Any], BaseException]] = []
    running = [(job, future) for job, future in jobs if future.set_running_or_notify_cancel()]
    try:
        with connection.begin():
            for job, future in running:
                try:
                    with connection.begin_nested():
                        done.append((future, job(connection)))
                except Exception as error:  # noqa: BLE001 - belongs to whoever asked for the job
                    failed.append((future, error))
    except Exception as broken:  # noqa: BLE001 - the commit failed: nothing of the group happened
        failed = [(future, broken) for _, future in running]
        done = []
    for future, reason in failed:
        future.set_exception(reason)
    for future, result in done:
        future.set_result(result)
