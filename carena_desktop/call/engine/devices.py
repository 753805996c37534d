"""What the engine needs from cameras, microphones and speakers, whatever provides them."""

from collections.abc import Callable
from enum import StrEnum
from typing import Final, Protocol, TypeAlias

import numpy as np
from av import VideoFrame
from numpy.typing import NDArray

from carena_desktop.call.ports import DevicesListed, ShareableListed

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
    FORBIDDEN = "forbidden"
    """By the organization; also when it was open and another rule took it back."""
    FAILED = "failed"
    GONE = "gone"
    """It was open and has been unplugged; nothing else is opened in its place."""
    SILENT = "silent"
    """A microphone that is open and gives nothing but zeros, as one with its own switch off does."""
    ECHO = "echo"
    """A microphone that works and hears the speaker loudly."""


class DeviceError(RuntimeError):
    """A device could not be opened."""

    def __init__(self, problem: DeviceProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class Capture(Protocol):
    """An open camera or microphone."""

    @property
    def device(self) -> str:
        """The id of what is really open, also where the default was asked for; "" when it has none."""
        ...

    @property
    def is_open(self) -> bool:
        """Whether the device is open as far as anyone can tell; True when unknown."""
        ...

    @property
    def problem(self) -> DeviceProblem | None:
        """Set when the device stopped by itself."""
        ...

    @property
    def silent_s(self) -> float:
        """For how long the device has given nothing but zeros; 0 for a camera."""
        ...

    @property
    def echoes(self) -> bool:
        """Whether a microphone hears the speaker loudly; False for all else."""
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

    @property
    def waiting_s(self) -> float:
        """How much sound waits to be played, from any thread."""
        ...

    def choose(self, device: str) -> None:
        """Use another device from now on, "" for the default; a chosen one that is gone is not replaced."""
        ...

    def write(self, samples: bytes) -> None:
        """Queue 48 kHz stereo 16-bit samples; from any thread, never blocks, drops what would be late."""
        ...

    async def close(self) -> None:
        """Release the device."""
        ...


class Devices(Protocol):
    """Opens devices. Only ``CaptureGuard`` may open what captures; a test holds it."""

    async def found(self) -> DevicesListed:
        """List what is plugged in."""
        ...

    async def open_camera(self, device: str, deliver: DeliverFrame) -> Capture:
        """Open a camera; ``deliver`` gets its frames on any thread. Raises DeviceError."""
        ...

    async def open_microphone(self, device: str, deliver: DeliverSamples) -> Capture:
        """Open a microphone; ``deliver`` gets 960 mono samples at a time on any thread. Raises DeviceError."""
        ...

    async def shareable(self) -> ShareableListed:
        """List the screens and windows there are now."""
        ...

    async def open_shared(self, source: str, deliver: DeliverFrame) -> Capture:
        """Capture a screen or window; ``deliver`` gets its pictures on any thread. Raises DeviceError."""
        ...

    def on_change(self, changed: Callable[[], None]) -> None:
        """Have ``changed`` called, on any thread, when something was plugged in or out, once ``found`` was asked."""
        ...

    async def open_speaker(self, device: str = "") -> Speaker:
        """Open a speaker, "" for the default, or one that only consumes; raises nothing."""
        ...
