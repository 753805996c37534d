"""Cameras, microphones and speakers by hand: implements the engine's ``Devices`` port for tests of what uses it."""

from collections.abc import Callable

import numpy as np
from av import VideoFrame

from carena_desktop.call.engine.devices import (
    FRAME_SAMPLES,
    Capture,
    DeliverFrame,
    DeliverSamples,
    DeviceError,
    DeviceProblem,
    Speaker,
)
from carena_desktop.call.ports import DevicesListed, ShareableListed


class FakeCapture:
    """An open device; ``stuck`` makes it refuse to close."""

    def __init__(self, give: Callable[[], None]) -> None:
        self.is_open = True
        self.device = ""
        self.problem: DeviceProblem | None = None
        self.silent_s = 0.0
        self.echoes = False
        self.stuck = False
        self.give = give
        """Deliver one frame, or 20 ms."""

    async def close(self) -> None:
        """Close, unless stuck."""
        self.is_open = self.stuck


class FakeSpeaker:
    """Keeps what it was given."""

    def __init__(self) -> None:
        self.problem: DeviceProblem | None = None
        self.played = b""
        self.closed = False
        self.device = ""
        self.waiting_s = 0.025

    def choose(self, device: str) -> None:
        """Remember."""
        self.device = device

    def write(self, samples: bytes) -> None:
        """Keep."""
        self.played += samples

    async def close(self) -> None:
        """Remember."""
        self.closed = True


class FakeDevices:
    """Implements ``Devices``. ``refuse`` makes opening fail; what is open is in ``cameras`` and ``microphones``."""

    def __init__(self) -> None:
        self.refuse: DeviceProblem | None = None
        self.cameras: list[FakeCapture] = []
        self.microphones: list[FakeCapture] = []
        self.shared: list[FakeCapture] = []
        self.opened: list[str] = []
        self.speaker = FakeSpeaker()
        self.default = ""
        """The id that "the default" comes to."""
        self.changed: Callable[[], None] | None = None

    async def found(self) -> DevicesListed:
        """Nothing."""
        return DevicesListed()

    async def open_camera(self, device: str, deliver: DeliverFrame) -> Capture:
        """Open, or refuse."""
        self._check(f"camera {device}")
        self.cameras.append(FakeCapture(lambda: deliver(VideoFrame(64, 48, "yuv420p"))))
        return self.cameras[-1]

    async def open_microphone(self, device: str, deliver: DeliverSamples) -> Capture:
        """Open, or refuse."""
        self._check(f"microphone {device}")
        self.microphones.append(FakeCapture(lambda: deliver(np.full(FRAME_SAMPLES, 1000, np.int16))))
        self.microphones[-1].device = device or self.default
        return self.microphones[-1]

    async def shareable(self) -> ShareableListed:
        """Nothing."""
        return ShareableListed()

    async def open_shared(self, source: str, deliver: DeliverFrame) -> Capture:
        """Open, or refuse."""
        self._check(f"shared {source}")
        self.shared.append(FakeCapture(lambda: deliver(VideoFrame(96, 54, "yuv420p"))))
        return self.shared[-1]

    def on_change(self, changed: Callable[[], None]) -> None:
        """Remember whom to tell."""
        self.changed = changed

    async def open_speaker(self, device: str = "") -> Speaker:
        """Open."""
        self.speaker.device = device
        return self.speaker

    def _check(self, what: str) -> None:
        self.opened.append(what)
        if self.refuse is not None:
            raise DeviceError(self.refuse)
