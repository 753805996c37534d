"""The devices of a call without an engine: implements ``DevicesPort``; see ``tests.fakes.call``."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from carena_desktop.call.model import CameraLamp, MicrophoneLamp
from carena_desktop.call.ports import DeviceChoice, DevicesView, Unsubscribe

if TYPE_CHECKING:
    from tests.fakes.call import FakeCall


class FakeDesk:
    """What was asked of it is in the call's ``asked``; the call's lamps follow a check."""

    def __init__(self, call: "FakeCall") -> None:
        self._call = call
        self._view = DevicesView()
        self._changes: list[Callable[[DevicesView], None]] = []

    @property
    def view(self) -> DevicesView:
        """The current view."""
        return self._view

    @property
    def listeners(self) -> int:
        """How many callbacks are registered."""
        return len(self._changes)

    def on_change(self, callback: Callable[[DevicesView], None]) -> Unsubscribe:
        """Register for views."""
        self._changes.append(callback)
        return lambda: self._changes.remove(callback)

    def push(self, **changes: object) -> None:
        """Publish the view with some fields changed."""
        self._view = replace(self._view, **changes)  # type: ignore[arg-type]  # a test names real fields
        for callback in tuple(self._changes):
            callback(self._view)

    def list(self) -> None:
        """Remember that the list was asked for."""
        self._call.asked.append(("list", None))

    def list_shareable(self) -> None:
        """Remember that the list was asked for."""
        self._call.asked.append(("list shareable", None))

    def choose(self, choice: DeviceChoice) -> None:
        """Take the choice."""
        self._call.asked.append(("choose", choice))
        self.push(choice=choice)

    def check(self, *, camera: bool, microphone: bool) -> None:
        """Open for a check, or close; the lamps follow."""
        self._call.asked.append(("check", (camera, microphone)))
        self._call.push(
            camera=CameraLamp.LIVE if camera else CameraLamp.OFF,
            microphone=MicrophoneLamp.MUTED if microphone else MicrophoneLamp.OFF,
        )

    def play_test_sound(self) -> None:
        """Remember that the speaker was to sound."""
        self._call.asked.append(("test sound", None))
