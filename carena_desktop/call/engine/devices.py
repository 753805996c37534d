"""What the engine needs from cameras, microphones and speakers, whatever provides them."""

from collections.abc import Callable
from enum import StrEnum
from typing import Final, Protocol, TypeAlias

import numpy as np
from av import VideoFrame
from numpy.typing import NDArray

from carena_desktop.call.ports import DevicesListed

SAMPLE_RATE: Final = 48_000
FRAME_SAMPLES: Final = 960
"""20 ms, what one Opus packet holds."""

Samples: TypeAlias = NDArray[np.int16]
DeliverFrame: TypeAlias = Callable[[VideoFrame], None]
DeliverSamples: TypeAlias = Callable[[Samples], None]


class DeviceProblem(StrEnum):
    """Why a device gives nothing; the words are the UI's."""

    NO_DEVICE = "no_device"
    BUSY = "busy"
    DENIED = "denied"
    FAILED = "failed"


class DeviceError(RuntimeError):
    """A device could not be opened."""

    def __init__(self, problem: DeviceProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class Capture(Protocol):
    """An open camera or microphone."""

    @property
    def is_open(self) -> bool:
        """Whether the device is open as far as anyone can tell; True when unknown."""
        ...

    @property
    def problem(self) -> DeviceProblem | None:
        """Set when the device stopped by itself."""
        ...

    async def close(self) -> None:
        """Release the device; returns when it is released or can't be proved to be."""
        ...


class Speaker(Protocol):
    """Where remote sound goes."""

    @property
    def problem(self) -> DeviceProblem | None:
        """Set when nobody can hear."""
        ...

    def write(self, samples: bytes) -> None:
        """Queue 48 kHz stereo 16-bit samples; from any thread, never blocks, drops what would be late."""
        ...

    async def close(self) -> None:
        """Release the device."""
        ...


class Devices(Protocol):
    """Opens devices. Only ``CaptureGuard`` may call ``open_camera`` and ``open_microphone``; a test holds it."""

    async def found(self) -> DevicesListed:
        """List what is plugged in."""
        ...

    async def open_camera(self, device: str, deliver: DeliverFrame) -> Capture:
        """Open a camera; ``deliver`` gets its frames on any thread. Raises DeviceError."""
        ...

    async def open_microphone(self, device: str, deliver: DeliverSamples) -> Capture:
        """Open a microphone; ``deliver`` gets 960 mono samples at a time on any thread. Raises DeviceError."""
        ...

    async def open_speaker(self) -> Speaker:
        """Open the default speaker, or one that only consumes; raises nothing."""
        ...
