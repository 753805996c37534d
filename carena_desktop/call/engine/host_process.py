"""The engine in a process of its own, seen from the process that holds the window and the tokens.

Two threads, one that reads the pipe and one that writes it: works with every event loop on every system and never
blocks the caller. A child that dies, hangs, hangs up or says what is no message becomes
``EngineFailed("engine_lost")``; ``start`` may then be called again and makes a new child on the same slots.
"""

import asyncio
import logging
import multiprocessing
import os
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from queue import Empty, Full, Queue
from typing import Final

from carena_desktop.call.engine import child
from carena_desktop.call.engine.device_rules import DeviceRules
from carena_desktop.call.engine.frames import SLOT_SIZES, SharedSlot, SlotReader
from carena_desktop.call.engine.wire import (
    MAX_WIRE_BYTES,
    HostClose,
    HostPermit,
    HostReady,
    HostRefused,
    ToChild,
    ToParent,
    WireError,
    decode_event,
    encode,
)
from carena_desktop.call.ports import (
    EngineCommand,
    EngineEvent,
    EngineFailed,
    EngineStartError,
    FrameReader,
    Stream,
    Unsubscribe,
)

_log = logging.getLogger(__name__)

START_LIMIT_S: Final = 30.0
CLOSE_LIMIT_S: Final = child.GRACE_S + 0.5
TERMINATE_LIMIT_S: Final = 1.0
HANG_LIMIT_S: Final = 6.0
"""An engine reports its figures each second; one that is silent for this long will not speak again."""
MAX_QUEUED_COMMANDS: Final = 512
ENGINE_LOST: Final = "engine_lost"
SLOT_PREFIX: Final = "carena_"
"""Short: macOS allows 31 characters for the name of shared memory."""


@dataclass(slots=True)
class _Child:
    """One media process and the threads that talk with it."""

    process: SpawnProcess
    connection: Connection
    commands: Queue[ToChild | None] = field(default_factory=lambda: Queue(MAX_QUEUED_COMMANDS))
    threads: list[threading.Thread] = field(default_factory=list)
    closing: bool = False


class ProcessEngine:
    """Implements ``ports.MediaEngine``. Methods are called on the event loop's thread.

    Args:
        options: How the process is made.
    """

    def __init__(self, options: child.EngineOptions | None = None) -> None:
        self._options = options or child.EngineOptions()
        self._context = multiprocessing.get_context("spawn")
        self._callbacks: list[Callable[[EngineEvent], None]] = []
        self._child: _Child | None = None
        self._started: asyncio.Future[None] | None = None
        self._memories: dict[Stream, SharedSlot] = {}
        self._readers: dict[Stream, SlotReader] = {}
        for stream, size in SLOT_SIZES.items():
            memory = SharedSlot(
                f"{SLOT_PREFIX}{os.getpid()}_{secrets.token_hex(4)}", create=True, size=size.total_bytes
            )
            self._memories[stream] = memory
            self._readers[stream] = SlotReader(memory.view, size, threading.Lock())

    @property
    def pid(self) -> int | None:
        """Of the media process, while there is one."""
        return self._child.process.pid if self._child is not None else None

    async def start(self) -> None:
        """Start a media process, ending the one before, and wait until its engine is ready."""
        await self.stop()
        if not self._memories:
            raise EngineStartError("closed")
        loop = asyncio.get_running_loop()
        self._started = loop.create_future()
        self._child = current = self._spawn(loop)
        try:
            await asyncio.wait_for(asyncio.shield(self._started), START_LIMIT_S)
        except TimeoutError:
            await self.stop()
            raise EngineStartError("no answer") from None
        except EngineStartError:
            await self.stop()
            raise
        except asyncio.CancelledError:
            current.closing = True
            current.process.kill()
            raise

    def send(self, command: EngineCommand) -> None:
        """Hand over a command; dropped when there is no engine."""
        if self._child is not None:
            self._put(self._child, command)

    def permit(self, rules: DeviceRules) -> None:
        """Change what may be opened, in the media process that runs and in every later one; the rest is closed."""
        if rules == self._options.rules:
            return
        self._options = replace(self._options, rules=rules)
        if self._child is not None:
            self._put(self._child, HostPermit(rules))

    def on_event(self, callback: Callable[[EngineEvent], None]) -> Unsubscribe:
        """Subscribe."""
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    def frames(self, stream: Stream) -> FrameReader:
        """Return the reader of a stream's slot, the same one for every media process."""
        return self._readers[stream]

    async def aclose(self) -> None:
        """End the media process, by force after a grace time, and give back the shared memory."""
        await self.stop()
        memories, self._memories = self._memories, {}
        for stream, memory in memories.items():
            self._readers[stream].close()
            memory.close()
            memory.unlink()

    # -- the child ---------------------------------------------------------------------------------------------------

    def _spawn(self, loop: asyncio.AbstractEventLoop) -> _Child:
        slots: dict[Stream, child.SlotHandle] = {}
        for stream, memory in self._memories.items():
            lock = self._context.Lock()
            self._readers[stream].reset(lock)
            slots[stream] = child.SlotHandle(memory.name, lock)
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=child.run, args=(theirs, self._options, slots), name="carena-media", daemon=True
        )
        process.start()
        theirs.close()  # or its end would never be seen
        made = _Child(process, ours)
        for name, run in (("reader", self._read), ("writer", self._write)):
            thread = threading.Thread(target=run, args=(made, loop), name=f"engine-{name}", daemon=True)
            made.threads.append(thread)
            thread.start()
        return made

    def _read(self, made: _Child, loop: asyncio.AbstractEventLoop) -> None:
        limit: float | None = None  # starting has a limit of its own
        try:
            while True:
                if not made.connection.poll(limit):
                    _log.warning("the media process hangs")
                    made.process.kill()
                    break
                event = decode_event(made.connection.recv_bytes(MAX_WIRE_BYTES))
                if isinstance(event, HostReady):
                    limit = HANG_LIMIT_S
                loop.call_soon_threadsafe(self._arrived, made, event)
        except (EOFError, OSError):
            pass
        except WireError:
            _log.warning("the media process sent what is no event")
            made.process.kill()
        except RuntimeError:
            return  # the loop is closed
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(self._lost, made)

    def _write(self, made: _Child, _loop: asyncio.AbstractEventLoop) -> None:
        with suppress(OSError):  # the reader sees the end as well
            while (command := made.commands.get()) is not None:
                made.connection.send_bytes(encode(command))

    def _put(self, made: _Child, command: ToChild) -> None:
        try:
            made.commands.put_nowait(command)
        except Full:
            _log.warning("the media process takes no commands")
            made.process.kill()

    def _arrived(self, made: _Child, event: ToParent) -> None:
        if made is not self._child or made.closing:
            return
        match event:
            case HostReady():
                if self._started is not None and not self._started.done():
                    self._started.set_result(None)
            case HostRefused(code=code):
                if self._started is not None and not self._started.done():
                    self._started.set_exception(EngineStartError(code))
            case _:
                for callback in tuple(self._callbacks):
                    callback(event)

    def _lost(self, made: _Child) -> None:
        """The pipe is closed: expected when closing, a crash otherwise."""
        if made is not self._child or made.closing:
            return
        if self._started is not None and not self._started.done():
            self._started.set_exception(EngineStartError("ended while starting"))
            return
        _log.warning("the media process is lost")
        self._child = None
        made.closing = True
        made.process.kill()  # it may be alive and only have closed its end
        self._release(made)
        for callback in tuple(self._callbacks):
            callback(EngineFailed(ENGINE_LOST))

    async def stop(self) -> None:
        """End the media process, by force after a grace time; another may be started."""
        made, self._child = self._child, None
        if made is None:
            return
        made.closing = True
        self._put(made, HostClose())
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, _stop, made.process)
        self._release(made)

    def _release(self, made: _Child) -> None:
        """Join what has ended; bounded, as the process is dead."""
        with suppress(Empty):
            while made.commands.full():
                made.commands.get_nowait()
        made.commands.put(None)
        made.process.join(TERMINATE_LIMIT_S)
        for thread in made.threads:
            thread.join(TERMINATE_LIMIT_S)
        made.connection.close()
        if made.process.exitcode is not None:
            made.process.close()


def _stop(process: SpawnProcess) -> None:
    """Wait for the process, then end it by force."""
    process.join(CLOSE_LIMIT_S)
    if process.is_alive():
        _log.warning("the media process did not end in time")
        process.terminate()
        process.join(TERMINATE_LIMIT_S)
    if process.is_alive():
        process.kill()
        process.join(TERMINATE_LIMIT_S)
