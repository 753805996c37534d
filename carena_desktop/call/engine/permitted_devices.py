"""What the organization lets this computer use: other cameras and microphones are not listed and not opened.

Stands in the media process, between the engine and the devices, so that nothing on the other side of the pipe can go
round it. Rules that become stricter take back what is open: its handle says so, and the capture guard closes it within
a tenth of a second, which puts the lamp out. Speakers are free: nothing leaves by them.
"""

import asyncio
import logging
from collections.abc import Callable
from enum import Enum, auto
from fnmatch import fnmatchcase
from typing import Final

from carena_desktop.call.engine.device_rules import DeviceRules
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
from carena_desktop.tasks import describe_error

_log = logging.getLogger(__name__)

LISTING_S: Final = 2.0
"""So long the list of devices may take when rules have changed; what is open is taken back without it."""


class _Kind(Enum):
    CAMERA = auto()
    MICROPHONE = auto()
    SHARED = auto()


class _Lent:
    """Something open that rules may take back; implements ``devices.Capture``."""

    def __init__(self, inner: Capture, kind: _Kind, chosen: str, returned: Callable[["_Lent"], None]) -> None:
        self._inner = inner
        self.kind = kind
        self.taken_back = False
        self._chosen = chosen
        self._returned = returned

    @property
    def device(self) -> str:
        """The id of what is open."""
        return self._inner.device

    @property
    def id(self) -> str:
        """By which it is found in the list; that of a virtual device, which is in none."""
        return self._chosen if is_virtual(self._chosen) else self._inner.device or self._chosen

    @property
    def is_open(self) -> bool:
        """Whether it is open as far as anyone can tell."""
        return self._inner.is_open

    @property
    def problem(self) -> DeviceProblem | None:
        """Set when it was taken back or stopped by itself."""
        return DeviceProblem.FORBIDDEN if self.taken_back else self._inner.problem

    @property
    def silent_s(self) -> float:
        """For how long there were nothing but zeros."""
        return self._inner.silent_s

    @property
    def echoes(self) -> bool:
        """Whether it hears the speaker."""
        return self._inner.echoes

    async def close(self) -> None:
        """Release it."""
        try:
            await self._inner.close()
        finally:
            self._returned(self)


class PermittedDevices:
    """Implements ``devices.Devices``.

    Args:
        inner: The devices.
        rules: What may be opened.
    """

    def __init__(self, inner: Devices, rules: DeviceRules) -> None:
        self._inner = inner
        self._rules = rules
        self._changed: Callable[[], None] = _nothing
        self._lent: set[_Lent] = set()

    def permit(self, rules: DeviceRules) -> None:
        """Take other rules, for every opening from now on; what is listed is listed anew."""
        self._rules = rules
        self._changed()

    async def take_back(self) -> None:
        """Have closed what is open and no longer permitted; for after ``permit``."""
        await self._judge(tuple(one for one in self._lent if one.is_open))

    async def found(self) -> DevicesListed:
        """List what is plugged in and permitted."""
        listed = await self._inner.found()
        cameras = self._permitted(listed.cameras) if self._rules.camera else ()
        return DevicesListed(cameras, self._permitted(listed.microphones), listed.speakers)

    async def open_camera(self, device: str, deliver: DeliverFrame) -> Capture:
        """Open a permitted camera; the default is the first permitted one."""
        rules = self._rules
        if not rules.camera:
            raise DeviceError(DeviceProblem.FORBIDDEN)
        chosen = await self._chosen(device, lambda listed: listed.cameras)
        return await self._lend(await self._inner.open_camera(chosen, deliver), _Kind.CAMERA, chosen, rules)

    async def open_microphone(self, device: str, deliver: DeliverSamples) -> Capture:
        """Open a permitted microphone; the default is the first permitted one."""
        rules = self._rules
        chosen = await self._chosen(device, lambda listed: listed.microphones)
        return await self._lend(await self._inner.open_microphone(chosen, deliver), _Kind.MICROPHONE, chosen, rules)

    async def shareable(self) -> ShareableListed:
        """List the screens and windows, where they may be captured."""
        return await self._inner.shareable() if self._rules.screens else ShareableListed()

    async def open_shared(self, source: str, deliver: DeliverFrame) -> Capture:
        """Capture a screen or window, where that is permitted."""
        rules = self._rules
        if not rules.screens:
            raise DeviceError(DeviceProblem.FORBIDDEN)
        return await self._lend(await self._inner.open_shared(source, deliver), _Kind.SHARED, source, rules)

    def on_change(self, changed: Callable[[], None]) -> None:
        """Have ``changed`` called when something was plugged in or out."""
        self._changed = changed
        self._inner.on_change(changed)

    async def open_speaker(self, device: str = "") -> Speaker:
        """Open a speaker."""
        return await self._inner.open_speaker(device)

    async def _lend(self, opened: Capture, kind: _Kind, chosen: str, rules: DeviceRules) -> Capture:
        """Hand out what was opened under ``rules``; under others, which came meanwhile, it is judged once more."""
        lent = _Lent(opened, kind, chosen, self._lent.discard)
        self._lent.add(lent)
        if rules is not self._rules:
            await self._judge((lent,))
        return lent

    async def _judge(self, lent: tuple[_Lent, ...]) -> None:
        listed = await self._listed() if lent and self._rules.names is not None else None
        for one in lent:
            one.taken_back = one.taken_back or not self._may_stay(one, listed)

    async def _listed(self) -> DevicesListed | None:
        try:
            return await asyncio.wait_for(self._inner.found(), LISTING_S)
        except Exception as error:  # noqa: BLE001 - whatever it was: without a list nothing named is permitted
            _log.warning("devices could not be listed: %s", describe_error(error))
            return None

    def _may_stay(self, lent: _Lent, listed: DevicesListed | None) -> bool:
        if lent.kind is _Kind.SHARED:
            return self._rules.screens
        if lent.kind is _Kind.CAMERA and not self._rules.camera:
            return False
        if self._rules.names is None or is_virtual(lent.id):
            return True
        if listed is None:
            return False
        every = listed.cameras if lent.kind is _Kind.CAMERA else listed.microphones
        return any(one.id == lent.id for one in self._permitted(every))

    async def _chosen(self, device: str, kind: Callable[[DevicesListed], tuple[DeviceName, ...]]) -> str:
        if self._rules.names is None or is_virtual(device):
            return device
        every = kind(await self._inner.found())
        permitted = self._permitted(every)
        if not device:
            if not permitted:
                raise DeviceError(DeviceProblem.FORBIDDEN if every else DeviceProblem.NO_DEVICE)
            return permitted[0].id
        if any(one.id == device for one in permitted):
            return device
        is_there = any(one.id == device for one in every)
        raise DeviceError(DeviceProblem.FORBIDDEN if is_there else DeviceProblem.NO_DEVICE)

    def _permitted(self, devices: tuple[DeviceName, ...]) -> tuple[DeviceName, ...]:
        if self._rules.names is None:
            return devices
        # A bracket means itself: fnmatch would read a set of characters.
        patterns = [name.lower().replace("[", "[[]") for name in self._rules.names]
        return tuple(one for one in devices if any(fnmatchcase(one.name.lower(), name) for name in patterns))


def _nothing() -> None:
    """Nobody has asked yet."""
