"""What runs in the media process: Qt's devices on its main thread, the engine on a thread with an asyncio loop.

The process lives and dies with its parent: when the pipe closes, for whatever reason, the devices are closed and the
process ends, by force after a grace time. It holds no tokens and no names, and logs codes only.

Imports of the engine are inside functions: the parent imports this module for its entry point and must stay free of
aiortc, codecs and device libraries.
"""

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Lock
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

from carena_desktop.call.engine import heap
from carena_desktop.call.engine.device_rules import ANY_DEVICE, DeviceRules
from carena_desktop.call.engine.frames import SLOT_SIZES, FrameWriter, SharedSlot
from carena_desktop.call.engine.warm_pool import WarmPool
from carena_desktop.call.engine.wire import (
    MAX_WIRE_BYTES,
    HostClose,
    HostPermit,
    HostReady,
    HostRefused,
    ToParent,
    WireError,
    decode_command,
    encode,
)
from carena_desktop.call.ports import EngineCommand, EngineEvent, FrameReady, LegChanged, LegState, Stream
from carena_desktop.clock import SYSTEM_CLOCK
from carena_desktop.native_crash import close_native, open_native
from carena_desktop.tasks import TaskScope, describe_error

if TYPE_CHECKING:
    from carena_desktop.call.engine.permitted_devices import PermittedDevices

_log = logging.getLogger(__name__)

SWITCH_INTERVAL_S: Final = 0.0005
"""A thread that has a packet to send waits at most this long for one that computes; Python's own 5 ms are heard."""
ENCODER_THREADS: Final = 4
"""Picture and shared screen, of two legs while one takes over from the other."""
GRACE_S: Final = 3.0
"""After the parent is gone: time for closing devices and saying goodbye to servers."""

TIDY_S: Final = 1.0
"""After a leg has closed: whoever waited for that has gone on by then."""


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """How a media process is made; everything else are commands.

    Attributes:
        system_devices: Whether the machine's cameras, microphones and speakers may be used. Without them the virtual
            devices remain, and nothing is heard.
        platform: Qt's platform on Linux, "" for one without a screen: then the desktop's portal alone can share.
        rules: Which cameras and microphones may be used, and whether screens may be shared.
        crashes: Folder for what is left of a process that died, "" for none.
    """

    system_devices: bool = True
    platform: str = ""
    rules: DeviceRules = ANY_DEVICE
    crashes: str = ""


@dataclass(frozen=True, slots=True)
class SlotHandle:
    """A slot's shared memory by name, and its lock."""

    name: str
    lock: Lock


class _Outbox:
    """Events on their way to the parent: sent by one thread, so that the engine never waits for a pipe.

    A painter may wait, and tells of its picture itself: waking another thread for it costs as much as telling.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._turn = threading.Lock()
        self._events: SimpleQueue[ToParent | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
        self._thread.start()

    def put(self, event: ToParent) -> None:
        if isinstance(event, FrameReady):
            with suppress(OSError):  # the parent is gone
                self._send(event)
        else:
            self._events.put(event)

    def close(self) -> None:
        self._events.put(None)
        self._thread.join(1)

    def _run(self) -> None:
        with suppress(OSError):  # the parent is gone; the inbox notices as well
            while (event := self._events.get()) is not None:
                self._send(event)

    def _send(self, event: ToParent) -> None:
        with self._turn:
            self._connection.send_bytes(encode(event))


def run(connection: Connection, options: EngineOptions, slots: Mapping[Stream, SlotHandle]) -> None:
    """Entry point of the process."""
    heap.restrain()
    folder = Path(options.crashes)
    native = open_native(folder, os.getpid()) if options.crashes else None
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which closes this process
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="media %(levelname)s %(name)s %(message)s")
    for name in ("aiortc", "aioice", "libav"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # their texts quote addresses
    outbox = _Outbox(connection)
    try:
        _run_engine(connection, options, slots, outbox)
    finally:
        outbox.close()
        if native is not None:
            close_native(native, folder, os.getpid())


def _run_engine(
    connection: Connection, options: EngineOptions, slots: Mapping[Stream, SlotHandle], outbox: _Outbox
) -> None:
    from carena_desktop.call.engine.aiortc_engine import prepare  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.call.engine.internals import InternalsError  # noqa: PLC0415 - see the module's docstring
    from carena_desktop.call.engine.system_devices import MainThread  # noqa: PLC0415 - see the module's docstring

    try:
        prepare()
    except InternalsError as error:
        _log.error("the engine refuses to start: %s", error)
        outbox.put(HostRefused("internals"))
        return
    from carena_desktop.call.engine.permitted_devices import (  # noqa: PLC0415 - see the module's docstring
        PermittedDevices,
    )

    main_thread = MainThread(SYSTEM_CLOCK, system_devices=options.system_devices, platform=options.platform)

    devices = PermittedDevices(main_thread.devices, options.rules)

    def work() -> None:
        try:
            asyncio.run(_serve(connection, slots, outbox, devices, main_thread.tidy))
        except BaseException as error:  # noqa: BLE001 - whatever it was, the process must end
            _log.error("the engine failed: %s", describe_error(error))
        finally:
            main_thread.quit()

    worker = threading.Thread(target=work, name="engine", daemon=True)
    worker.start()
    main_thread.exec()
    worker.join(GRACE_S)


async def _serve(
    connection: Connection,
    slots: Mapping[Stream, SlotHandle],
    outbox: _Outbox,
    devices: "PermittedDevices",
    tidy: Callable[[], None],
) -> None:
    from carena_desktop.call.engine.aiortc_engine import AiortcEngine  # noqa: PLC0415 - see the module's docstring

    loop = asyncio.get_running_loop()
    loop.set_default_executor(WarmPool(ENCODER_THREADS, "encode"))
    ended = asyncio.Event()
    scope = TaskScope("serving")
    memories = {stream: SharedSlot(handle.name) for stream, handle in slots.items()}

    def emit(event: EngineEvent) -> None:
        outbox.put(event)
        if isinstance(event, LegChanged) and event.state is LegState.CLOSED:
            with suppress(RuntimeError):  # the loop has ended: all goes with the process
                loop.call_soon_threadsafe(loop.call_later, TIDY_S, tidy)

    engine = AiortcEngine(
        devices=devices,
        slots={
            stream: FrameWriter(memories[stream].view, SLOT_SIZES[stream], handle.lock)
            for stream, handle in slots.items()
        },
        emit=emit,
        clock=SYSTEM_CLOCK,
    )

    def on_message(message: EngineCommand | HostPermit) -> None:
        if ended.is_set():
            return
        if isinstance(message, HostPermit):
            devices.permit(message.rules)
            scope.spawn(devices.take_back(), name="take-back")
        else:
            engine.handle(message)

    def read() -> None:
        with suppress(EOFError, OSError, WireError):
            while not isinstance(message := decode_command(connection.recv_bytes(MAX_WIRE_BYTES)), HostClose):
                loop.call_soon_threadsafe(on_message, message)
        threading.Thread(target=_end_by_force, name="last-resort", daemon=True).start()
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=read, name="inbox", daemon=True).start()
    scope.spawn(_trim(), name="trim")
    outbox.put(HostReady())
    await ended.wait()
    await scope.aclose()
    await engine.aclose()
    for memory in memories.values():
        memory.close()


async def _trim() -> None:
    while True:
        await asyncio.sleep(heap.TRIM_EVERY_S)
        await asyncio.to_thread(heap.trim)


def _end_by_force() -> None:
    threading.Event().wait(GRACE_S)
    os._exit(1)
