"""A Qt device as the capture guard sees it from the engine's thread. Knows no Qt: the device objects do."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, Protocol

from carena_desktop.call.engine.devices import DeviceProblem

CLOSE_LIMIT_S: Final = 2.0


class Openable(Protocol):
    """A device on Qt's thread. ``active`` and ``problem`` are plain fields, written there and read anywhere."""

    device: str
    active: bool
    problem: DeviceProblem | None
    silent_s: float

    @property
    def echoes(self) -> bool:
        """Whether it hears the speaker loudly."""
        ...


class QtHandle:
    """Implements ``devices.Capture``.

    Args:
        device: Open.
        release: Releases it on Qt's thread.
    """

    def __init__(self, device: Openable, release: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._device = device
        self._release = release

    @property
    def device(self) -> str:
        """The id of the device that is open."""
        return self._device.device

    @property
    def is_open(self) -> bool:
        """What the device last said; it says so only after it was released."""
        return self._device.active

    @property
    def problem(self) -> DeviceProblem | None:
        """Set when the device stopped by itself."""
        return self._device.problem

    @property
    def silent_s(self) -> float:
        """For how long it has given nothing but zeros."""
        return self._device.silent_s

    @property
    def echoes(self) -> bool:
        """Whether it hears the speaker loudly."""
        return self._device.echoes

    async def close(self) -> None:
        """Release; a Qt thread that does not answer leaves ``is_open`` true."""
        try:
            await asyncio.wait_for(self._release(), CLOSE_LIMIT_S)
        except TimeoutError:
            return
