"""Devices that need no hardware: "generator" and "file:PATH". Without one of these names there is no device."""

from collections.abc import Callable
from typing import Final

from carena_desktop.call.engine import file_device, generator
from carena_desktop.call.engine.devices import (
    Capture,
    DeliverFrame,
    DeliverSamples,
    DeviceError,
    DeviceProblem,
    Speaker,
)
from carena_desktop.call.engine.null_speaker import NullSpeaker
from carena_desktop.call.ports import DevicesListed, ShareableListed
from carena_desktop.clock import Clock

GENERATOR: Final = "generator"
FILE_PREFIX: Final = "file:"


def is_virtual(device: str) -> bool:
    """Whether ``device`` names one of this module's."""
    return device == GENERATOR or device.startswith(FILE_PREFIX)


class VirtualDevices:
    """Implements ``devices.Devices``."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def found(self) -> DevicesListed:
        """Nothing is plugged in."""
        return DevicesListed()

    async def open_camera(self, device: str, deliver: DeliverFrame) -> Capture:
        """Open a generated camera or one that plays a file."""
        if device == GENERATOR:
            return generator.open_camera(deliver, self._clock)
        if device.startswith(FILE_PREFIX):
            return file_device.open_camera(device.removeprefix(FILE_PREFIX), deliver, self._clock)
        raise DeviceError(DeviceProblem.NO_DEVICE)

    async def open_microphone(self, device: str, deliver: DeliverSamples) -> Capture:
        """Open a generated microphone or one that plays a file."""
        if device == GENERATOR:
            return generator.open_microphone(deliver, self._clock)
        if device.startswith(FILE_PREFIX):
            return file_device.open_microphone(device.removeprefix(FILE_PREFIX), deliver, self._clock)
        raise DeviceError(DeviceProblem.NO_DEVICE)

    async def shareable(self) -> ShareableListed:
        """There is no screen."""
        return ShareableListed()

    async def open_shared(self, source: str, deliver: DeliverFrame) -> Capture:
        """Only the generated picture can be shared."""
        if source == GENERATOR:
            return generator.open_screen(deliver, self._clock)
        raise DeviceError(DeviceProblem.NO_DEVICE)

    def on_change(self, changed: Callable[[], None]) -> None:
        """Nothing ever changes."""

    async def open_speaker(self, device: str = "") -> Speaker:  # noqa: ARG002 - none of them can be heard
        """Return a speaker that nobody hears."""
        return NullSpeaker(self._clock)
