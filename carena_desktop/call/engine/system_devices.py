"""The machine's devices where they exist, the virtual ones by name, and whatever the main thread has to do for either.

Qt wants its devices on the thread that made its application: that is the media process's main thread, and nothing else
runs there.
"""

import gc
import logging
import threading
from collections.abc import Callable
from typing import Protocol

from carena_desktop.call.engine.devices import Capture, DeliverFrame, DeliverSamples, Devices, Speaker
from carena_desktop.call.engine.virtual_devices import VirtualDevices, is_virtual
from carena_desktop.call.ports import DevicesListed, ShareableListed
from carena_desktop.clock import Clock

_log = logging.getLogger(__name__)


class _EventLoop(Protocol):
    @property
    def devices(self) -> Devices: ...

    def exec(self) -> None: ...

    def quit(self) -> None: ...

    def tidy(self) -> None: ...


class _NoLoop:
    """Waits; for processes without system devices."""

    def __init__(self, clock: Clock) -> None:
        self._ended = threading.Event()
        self.devices: Devices = VirtualDevices(clock)

    def exec(self) -> None:
        self._ended.wait()

    def quit(self) -> None:
        self._ended.set()

    def tidy(self) -> None:
        gc.collect()


class MainThread:
    """What the main thread of the media process does, and the devices that depend on it.

    Args:
        clock: The time.
        system_devices: Whether Qt is used at all.
        platform: Qt's platform, "" for one without a screen.
    """

    def __init__(self, clock: Clock, *, system_devices: bool, platform: str = "") -> None:
        self._loop: _EventLoop = _NoLoop(clock)
        self.devices: Devices = self._loop.devices
        if system_devices:
            self._use_qt(clock, platform)

    def exec(self) -> None:
        """Run until ``quit``; what was made by now is never garbage and is not looked at again."""
        gc.freeze()
        try:
            self._loop.exec()
        finally:
            gc.unfreeze()

    def quit(self) -> None:
        """End ``exec``, from any thread."""
        self._loop.quit()

    def tidy(self) -> None:
        """Collect garbage now, on Qt's thread where there is one; from any thread.

        A connection is a knot of objects that refer to each other, its last keys and pictures among them. Python looks
        for such when many objects have been made since, and after a call nothing makes any.
        """
        self._loop.tidy()

    def _use_qt(self, clock: Clock, platform: str) -> None:
        try:
            from carena_desktop.call.engine.qt_devices import QtLoop  # noqa: PLC0415 - Qt only where it is used

            self._loop = QtLoop(clock, platform)
        except ImportError as error:  # a machine without Qt's system libraries still has virtual devices
            _log.warning("no devices: Qt can't be loaded (%s)", type(error).__name__)
            return
        self.devices = SystemDevices(self._loop.devices, clock)


class SystemDevices:
    """Implements ``devices.Devices``: virtual ones by their names, all others from Qt."""

    def __init__(self, real: Devices, clock: Clock) -> None:
        self._real = real
        self._virtual = VirtualDevices(clock)

    async def found(self) -> DevicesListed:
        """List what is plugged in."""
        return await self._real.found()

    async def open_camera(self, device: str, deliver: DeliverFrame) -> Capture:
        """Open a camera."""
        return await (self._virtual if is_virtual(device) else self._real).open_camera(device, deliver)

    async def open_microphone(self, device: str, deliver: DeliverSamples) -> Capture:
        """Open a microphone."""
        return await (self._virtual if is_virtual(device) else self._real).open_microphone(device, deliver)

    async def shareable(self) -> ShareableListed:
        """List the screens and windows there are now."""
        return await self._real.shareable()

    async def open_shared(self, source: str, deliver: DeliverFrame) -> Capture:
        """Capture a screen or window."""
        return await (self._virtual if is_virtual(source) else self._real).open_shared(source, deliver)

    def on_change(self, changed: Callable[[], None]) -> None:
        """Have ``changed`` called when something was plugged in or out."""
        self._real.on_change(changed)

    async def open_speaker(self, device: str = "") -> Speaker:
        """Open a speaker."""
        return await self._real.open_speaker(device)
