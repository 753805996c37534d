"""The engine on the caller's own loop: for tests and the self-test, where a process would only hide what happens."""

import asyncio
import threading
from collections.abc import Callable

from carena_desktop.call.engine.aiortc_engine import AiortcEngine, prepare
from carena_desktop.call.engine.devices import Devices
from carena_desktop.call.engine.frames import SLOT_SIZES, FrameWriter, SlotReader
from carena_desktop.call.engine.internals import InternalsError
from carena_desktop.call.engine.virtual_devices import VirtualDevices
from carena_desktop.call.ports import (
    EngineCommand,
    EngineEvent,
    EngineStartError,
    FrameReader,
    Stream,
    Unsubscribe,
)
from carena_desktop.clock import SYSTEM_CLOCK, Clock


class InlineEngine:
    """Implements ``ports.MediaEngine`` without another thread of control.

    Args:
        devices: Cameras and so on; the virtual ones when not given.
        clock: The time.
    """

    def __init__(self, devices: Devices | None = None, clock: Clock = SYSTEM_CLOCK) -> None:
        self._clock = clock
        self._devices = devices or VirtualDevices(clock)
        self._callbacks: list[Callable[[EngineEvent], None]] = []
        self._engine: AiortcEngine | None = None
        self._memory = {stream: memoryview(bytearray(size.total_bytes)) for stream, size in SLOT_SIZES.items()}
        self._readers = {
            stream: SlotReader(self._memory[stream], size, threading.Lock()) for stream, size in SLOT_SIZES.items()
        }
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> None:
        """Make the engine, anew if there was one."""
        await self.stop()
        self._loop = asyncio.get_running_loop()
        try:
            prepare()
        except InternalsError as error:
            raise EngineStartError(str(error)) from error
        slots: dict[Stream, FrameWriter] = {}
        for stream, size in SLOT_SIZES.items():
            lock = threading.Lock()
            self._readers[stream].reset(lock)
            slots[stream] = FrameWriter(self._memory[stream], size, lock)
        self._engine = AiortcEngine(devices=self._devices, slots=slots, emit=self._emit, clock=self._clock)

    def send(self, command: EngineCommand) -> None:
        """Hand over a command."""
        if self._engine is not None:
            self._engine.handle(command)

    def on_event(self, callback: Callable[[EngineEvent], None]) -> Unsubscribe:
        """Subscribe."""
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    def frames(self, stream: Stream) -> FrameReader:
        """Return the reader of a stream's slot, the same one each time."""
        return self._readers[stream]

    async def aclose(self) -> None:
        """Close the engine."""
        await self.stop()

    async def stop(self) -> None:
        """Close the engine; another may be started."""
        engine, self._engine = self._engine, None
        if engine is not None:
            await engine.aclose()

    def _emit(self, event: EngineEvent) -> None:
        """Events arrive on the loop, also those that painters emit on threads, and never inside ``send``."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._deliver, event)

    def _deliver(self, event: EngineEvent) -> None:
        for callback in tuple(self._callbacks):
            callback(event)
