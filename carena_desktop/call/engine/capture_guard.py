"""The one object that opens cameras, microphones and screens, and the only source of what the indicators say.

Desired, allowed and actual meet here: the UI process sends what is allowed and wanted, one serialised loop makes the
devices follow, and the lamps are painted from the devices: live while a handle is open or bytes arrived in the last
500 ms. What can't be proved to be off is shown as on. Nothing else may create a capture device (a test holds it).
"""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from av import VideoFrame

from carena_desktop.call.engine.devices import Capture, DeviceError, DeviceProblem, Devices, Samples
from carena_desktop.call.model import CameraLamp, MicrophoneLamp
from carena_desktop.call.ports import PORTAL, CaptureChanged, SetCapture
from carena_desktop.clock import Clock
from carena_desktop.tasks import TaskScope, describe_error

_log = logging.getLogger(__name__)

LIVE_FOR_S: Final = 0.5
"""A device whose last bytes are younger than this is live, whatever its handle says."""
WATCH_PERIOD_S: Final = 0.1
STALLED_AFTER_S: Final = 3.0
"""An open device that gives nothing for this long is closed and opened again."""
MICROPHONE_STALLED_AFTER_S: Final = 0.8
"""The same for a microphone that has given something: it gives every 20 ms, and silence must be noticed in a second."""
ASKING_S: Final = 120.0
"""So long the system's own question what to share may stand before it is taken for refused."""
REOPEN_AFTER_S: Final = 2.0
SILENT_AFTER_S: Final = 5.0
"""Nothing but zeros for this long: every real microphone has noise."""

NOTHING: Final = SetCapture(camera=False, microphone=False, muted=True)


@dataclass(slots=True)
class _Device:
    """One of the two devices: what is open, and when it last gave something."""

    open: Callable[[str], Awaitable[Capture]]
    handle: Capture | None = None
    name: str = ""
    last_data: float = float("-inf")
    opened_at: float = float("-inf")
    retry_at: float = float("-inf")
    problem: DeviceProblem | None = None
    releasing: bool = False
    stalls_after: float = STALLED_AFTER_S
    pinned: str = ""
    """What "the default" came to when it was opened: another default is not opened in its place."""

    def is_live(self, now: float) -> bool:
        """Unknown is live: a device that is being opened or released counts."""
        handle_open = self.handle is not None and self.handle.is_open
        return handle_open or self.releasing or now - self.last_data < LIVE_FOR_S


class CaptureGuard:
    """Opens and closes the capture devices as asked. Methods are called on the engine's loop.

    Args:
        devices: Where devices come from.
        on_frame: Gets each camera frame on the loop.
        on_screen: Gets each picture of a shared screen on the loop.
        on_samples: Gets each 20 ms of the microphone on the loop.
        on_change: Gets the truth about the devices whenever it changes.
        clock: The time.
    """

    def __init__(
        self,
        devices: Devices,
        *,
        on_frame: Callable[[VideoFrame], None],
        on_screen: Callable[[VideoFrame], None],
        on_samples: Callable[[Samples], None],
        on_change: Callable[[CaptureChanged], None],
        clock: Clock,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._clock = clock
        self._on_frame = on_frame
        self._on_screen = on_screen
        self._on_samples = on_samples
        self._on_change = on_change
        self._wish = NOTHING
        self._told: CaptureChanged | None = None
        self._speaker_problem: DeviceProblem | None = None
        self._frame_waits: VideoFrame | None = None
        self._camera = _Device(lambda device: devices.open_camera(device, self._camera_gave))
        self._microphone = _Device(
            lambda device: devices.open_microphone(device, self._microphone_gave),
            stalls_after=MICROPHONE_STALLED_AFTER_S,
        )
        self._shared = _Device(
            lambda source: devices.open_shared(source, self._shared_gave),
            stalls_after=math.inf,  # where nothing moves some systems give no new picture
        )
        self._shared_waits: VideoFrame | None = None
        self._wake = asyncio.Event()
        self._scope = TaskScope("capture")
        self._scope.spawn(self._reconcile(), name="reconcile")
        self._scope.spawn(self._watch(), name="watch")

    def set(self, wish: SetCapture) -> None:
        """Make the devices follow ``wish`` from now on."""
        self._wish = wish
        for device in self._devices:
            device.retry_at = float("-inf")
        self._wake.set()

    def set_speaker_problem(self, problem: DeviceProblem | None) -> None:
        """Report the speaker's state with the others."""
        self._speaker_problem = problem
        self._tell()

    async def aclose(self) -> None:
        """Close both devices and stop watching; the last report says what is true then."""
        self._wish = NOTHING
        await self._scope.aclose()
        for device in self._devices:
            await self._close(device)
        self._tell()

    @property
    def _devices(self) -> tuple[_Device, ...]:
        return self._camera, self._microphone, self._shared

    # -- data, from any thread -------------------------------------------------------------------------------------

    def _camera_gave(self, frame: VideoFrame) -> None:
        pending = self._frame_waits is not None
        self._frame_waits = frame
        if not pending:
            self._later(self._take_frame)

    def _microphone_gave(self, samples: Samples) -> None:
        self._later(self._take_samples, samples)

    def _shared_gave(self, frame: VideoFrame) -> None:
        pending = self._shared_waits is not None
        self._shared_waits = frame
        if not pending:
            self._later(self._take_shared)

    def _later(self, callback: Callable[..., None], *arguments: object) -> None:
        try:
            self._loop.call_soon_threadsafe(callback, *arguments)
        except RuntimeError:  # the loop has ended before the device's thread
            _log.debug("capture after the end")

    def _take_frame(self) -> None:
        frame, self._frame_waits = self._frame_waits, None
        self._camera.last_data = self._clock.monotonic()
        if frame is not None and self._wish.camera:
            self._on_frame(frame)

    def _take_shared(self) -> None:
        frame, self._shared_waits = self._shared_waits, None
        self._shared.last_data = self._clock.monotonic()
        if frame is not None and self._wish.shared:
            self._on_screen(frame)

    def _take_samples(self, samples: Samples) -> None:
        self._microphone.last_data = self._clock.monotonic()
        if self._wish.microphone:
            self._on_samples(samples)

    # -- the loop that makes the devices follow ---------------------------------------------------------------------

    async def _reconcile(self) -> None:
        while True:
            self._wake.clear()
            wish = self._wish
            await self._follow(self._camera, wanted=wish.camera, name=wish.camera_device)
            await self._follow(self._microphone, wanted=wish.microphone, name=wish.microphone_device)
            await self._follow(self._shared, wanted=wish.shared != "", name=wish.shared)
            self._tell()
            await self._wake.wait()

    async def _follow(self, device: _Device, *, wanted: bool, name: str) -> None:
        if device.handle is not None and (not wanted or device.name != name or self._is_broken(device)):
            await self._close(device)
        if device.handle is None and (not wanted or device.name != name):
            device.name, device.pinned, device.problem = name, "", None
        if not wanted:
            return
        now = self._clock.monotonic()
        if device.handle is not None or now < device.retry_at:
            return
        try:
            device.handle = await device.open(name or device.pinned)
        except DeviceError as error:
            unplugged = device.pinned != "" and error.problem is DeviceProblem.NO_DEVICE
            device.problem = DeviceProblem.GONE if unplugged else error.problem
            device.retry_at = now + REOPEN_AFTER_S
        else:
            device.pinned = device.handle.device
            device.problem = None
            device.opened_at = self._clock.monotonic()

    def _is_broken(self, device: _Device) -> bool:
        if device.handle is None:
            return False
        silent_for = self._clock.monotonic() - max(device.last_data, device.opened_at)
        begins = ASKING_S if device.name == PORTAL else STALLED_AFTER_S
        limit = device.stalls_after if device.last_data >= device.opened_at else begins
        problem = device.handle.problem or (DeviceProblem.FAILED if silent_for > limit else None)
        if problem is None:
            return False
        if device.problem is None:  # asked again before it is closed: the wait has begun already
            device.problem = problem
            device.retry_at = self._clock.monotonic() + REOPEN_AFTER_S
        return True

    async def _close(self, device: _Device) -> None:
        handle, device.handle = device.handle, None
        if handle is None:
            return
        device.releasing = True
        try:
            await handle.close()
        except Exception as error:  # noqa: BLE001 - a driver may raise anything; the lamp must stay honest
            _log.warning("a device did not close: %s", describe_error(error))
        device.releasing = handle.is_open
        if device.releasing:
            device.handle = handle  # the lamp stays on, and closing is tried again

    # -- the truth ---------------------------------------------------------------------------------------------------

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCH_PERIOD_S)
            now = self._clock.monotonic()
            wishes = (self._wish.camera, self._wish.microphone, self._wish.shared != "")
            for device, wanted in zip(self._devices, wishes, strict=True):
                missing = wanted and device.handle is None and now >= device.retry_at
                leftover = not wanted and device.handle is not None
                if missing or leftover or self._is_broken(device):
                    self._wake.set()
            self._tell()

    def _tell(self) -> None:
        now = self._clock.monotonic()
        camera = CameraLamp.LIVE if self._camera.is_live(now) else CameraLamp.OFF
        microphone = MicrophoneLamp.OFF
        if self._microphone.is_live(now):
            microphone = MicrophoneLamp.MUTED if self._wish.muted else MicrophoneLamp.LIVE
        report = CaptureChanged(
            camera=camera,
            microphone=microphone,
            camera_problem=_code(self._camera.problem),
            microphone_problem=_code(self._microphone.problem or self._hint()),
            speaker_problem=_code(self._speaker_problem),
            sharing=self._shared.is_live(now),
            share_problem=_code(self._shared.problem),
        )
        if report != self._told:
            self._told = report
            self._on_change(report)

    def _hint(self) -> DeviceProblem | None:
        """A microphone whose own switch is off, or that hears the speaker; what we muted may do either."""
        handle = self._microphone.handle
        if handle is None or self._wish.muted:
            return None
        if handle.silent_s >= SILENT_AFTER_S:
            return DeviceProblem.SILENT
        return DeviceProblem.ECHO if handle.echoes else None


def _code(problem: DeviceProblem | None) -> str | None:
    return None if problem is None else problem.value
