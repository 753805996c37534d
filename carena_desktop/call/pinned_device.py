"""Whose device a visit is with, and what waits while it is another one than it was. Sans-IO.

    nobody --first device--> pinned --the pinned one again--> pinned
    pinned --another one--> held --the codes match--> that one is pinned
                                 `--the pinned one again--> pinned

Two people can only compare codes when they see and hear each other, so picture and sound go on with another device.
Everything else is held: no line, no file and no shared screen goes to it or is taken from it, nothing is called
verified, and it is not remembered. What it writes meanwhile waits here, not acknowledged, and counts afterwards.
"""

from collections import OrderedDict
from collections.abc import Collection
from typing import Final

from carena_protocol.peer import Chat

MOST_LINES: Final = 100
"""Of another device; what is more is not acknowledged either, and its page sends it again with the next leg."""


class PinnedDevice:
    """Of one visit, over all its calls. Keys are Ed25519 public keys."""

    def __init__(self) -> None:
        self._pinned = b""
        self._met = b""

    @property
    def is_held(self) -> bool:
        """Whether the device is another one than the visit's, and nobody has compared its code."""
        return self._met != self._pinned

    def met(self, device: bytes) -> None:
        """A device proved its key: the first one is the visit's."""
        self._met = device
        self._pinned = self._pinned or device

    def compared(self) -> bool:
        """The codes match: from now on the visit is with this device; return whether something was held until now."""
        was_held, self._pinned = self.is_held, self._met
        return was_held

    @property
    def device(self) -> bytes:
        """The one that was met last."""
        return self._met


class PinnedDevices:
    """Of the visits that may go on: a hold, or a call that broke off, makes nobody's device the right one."""

    def __init__(self) -> None:
        self._devices: dict[str, PinnedDevice] = {}

    def of(self, visit: str) -> PinnedDevice:
        """Return a visit's."""
        return self._devices.setdefault(visit, PinnedDevice())

    def keep(self, visits: Collection[str]) -> None:
        """Forget every other's."""
        self._devices = {visit: device for visit, device in self._devices.items() if visit in visits}


class HeldLines:
    """What another device wrote, until it is known whose it is.

    Args:
        pin: Of the visit.
    """

    def __init__(self, pin: PinnedDevice) -> None:
        self._pin = pin
        self._lines: OrderedDict[tuple[bytes, str], Chat] = OrderedDict()

    def takes(self, line: Chat) -> bool:
        """Whether the line has to wait; each is kept once."""
        if self._pin.is_held and len(self._lines) < MOST_LINES:
            self._lines.setdefault((self._pin.device, line.id), line)
        return self._pin.is_held

    def released(self) -> tuple[Chat, ...]:
        """Return what the device wrote whose code was compared, in order; what another one wrote is nobody's."""
        lines = tuple(line for (device, _), line in self._lines.items() if device == self._pin.device)
        self._lines.clear()
        return lines
