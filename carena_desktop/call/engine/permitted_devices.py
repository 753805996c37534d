"""What the organization lets this computer use: other cameras and microphones are not listed and not opened.

Stands in the media process, between the engine and the devices, so that nothing on the other side of the pipe can go
round it. Speakers are free: nothing leaves by them.
"""

from collections.abc import Callable
from fnmatch import fnmatchcase

from carena_desktop.call.engine.devices import (
    Capture,
    DeliverFrame,
    DeliverSamples,
    DeviceError,
    DeviceProblem,
    Devices,
    Speaker,
)
from carena_desktop.call.engine.virtual_devices import is_virtual
from carena_desktop.call.ports import DeviceName, DevicesListed, ShareableListed


class PermittedDevices:
    """Implements ``devices.Devices``.

    Args:
        inner: The devices.
        names: What cameras and microphones may be called, ``*`` for any characters, letter case ignored; None for any.
        screens: Whether screens and windows may be captured.
    """

    def __init__(self, inner: Devices, names: tuple[str, ...] | None, *, screens: bool) -> None:
        self._inner = inner
        self._names: tuple[str, ...] | None = None
        self._screens = True
        self._changed: Callable[[], None] = _nothing
        self.permit(names, screens)

    def permit(self, names: tuple[str, ...] | None, screens: bool) -> None:  # noqa: FBT001 - as it crosses the pipe
        """Take other rules, from the next opening on; what is listed is listed anew."""
        # A bracket means itself: fnmatch would read a set of characters.
        self._names = None if names is None else tuple(name.lower().replace("[", "[[]") for name in names)
        self._screens = screens
        self._changed()

    async def found(self) -> DevicesListed:
        """List what is plugged in and permitted."""
        listed = await self._inner.found()
        return DevicesListed(self._permitted(listed.cameras), self._permitted(listed.microphones), listed.speakers)

    async def open_camera(self, device: str, deliver: DeliverFrame) -> Capture:
        """Open a permitted camera; the default is the first permitted one."""
        return await self._inner.open_camera(await self._chosen(device, lambda listed: listed.cameras), deliver)

    async def open_microphone(self, device: str, deliver: DeliverSamples) -> Capture:
        """Open a permitted microphone; the default is the first permitted one."""
        return await self._inner.open_microphone(await self._chosen(device, lambda listed: listed.microphones), deliver)

    async def shareable(self) -> ShareableListed:
        """List the screens and windows, where they may be captured."""
        return await self._inner.shareable() if self._screens else ShareableListed()

    async def open_shared(self, source: str, deliver: DeliverFrame) -> Capture:
        """Capture a screen or window, where that is permitted."""
        if not self._screens:
            raise DeviceError(DeviceProblem.DENIED)
        return await self._inner.open_shared(source, deliver)

    def on_change(self, changed: Callable[[], None]) -> None:
        """Have ``changed`` called when something was plugged in or out."""
        self._changed = changed
        self._inner.on_change(changed)

    async def open_speaker(self, device: str = "") -> Speaker:
        """Open a speaker."""
        return await self._inner.open_speaker(device)

    async def _chosen(self, device: str, kind: Callable[[DevicesListed], tuple[DeviceName, ...]]) -> str:
        if self._names is None or is_virtual(device):
            return device
        every = kind(await self._inner.found())
        permitted = self._permitted(every)
        if not device:
            if not permitted:
                raise DeviceError(DeviceProblem.DENIED if every else DeviceProblem.NO_DEVICE)
            return permitted[0].id
        if any(one.id == device for one in permitted):
            return device
        raise DeviceError(DeviceProblem.DENIED if any(one.id == device for one in every) else DeviceProblem.NO_DEVICE)

    def _permitted(self, devices: tuple[DeviceName, ...]) -> tuple[DeviceName, ...]:
        if self._names is None:
            return devices
        return tuple(one for one in devices if any(fnmatchcase(one.name.lower(), name) for name in self._names))


def _nothing() -> None:
    """Nobody has asked yet."""
