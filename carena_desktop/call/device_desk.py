"""Which devices there are, which are chosen, and the person's own check of them between visits.

Knows nothing of a call. A check opens devices for the person's own eyes: no leg exists, so nothing can leave.
"""

from collections.abc import Callable
from dataclasses import replace

from carena_desktop.call.ports import (
    CaptureChanged,
    DeviceChoice,
    DevicesListed,
    DevicesView,
    EngineCommand,
    EngineEvent,
    LevelMeasured,
    ListDevices,
    ListShareable,
    MediaEngine,
    PlayTestSound,
    SetCapture,
    ShareableListed,
    Unsubscribe,
)


class DeviceDesk:
    """Implements ``ports.DevicesPort``. Methods are called on the event loop's thread.

    Args:
        engine: Owns the devices.
        choice: What to begin with.
        on_choice: Told of another choice; a running visit changes over to it.
        may_check: Whether no visit is running.
    """

    def __init__(
        self,
        engine: MediaEngine,
        choice: DeviceChoice,
        *,
        on_choice: Callable[[DeviceChoice], None],
        may_check: Callable[[], bool],
    ) -> None:
        self._engine = engine
        self._on_choice = on_choice
        self._may_check = may_check
        self._view = DevicesView(choice=choice)
        self._on_change: list[Callable[[DevicesView], None]] = []
        self._checking: SetCapture | None = None
        self._engine_up = False
        self._asked = False
        self._unsubscribe = engine.on_event(self._heard)

    @property
    def view(self) -> DevicesView:
        """The current view."""
        return self._view

    def on_change(self, callback: Callable[[DevicesView], None]) -> Unsubscribe:
        """Call ``callback`` with every new view."""
        self._on_change.append(callback)
        return lambda: self._on_change.remove(callback)

    def list(self) -> None:
        """Ask what is plugged in, now and of every engine that starts from now on."""
        self._asked = True
        self._send(ListDevices())

    def list_shareable(self) -> None:
        """Ask which screens and windows there are now; until the answer comes nothing is known."""
        self._publish(replace(self._view, shareable=None))
        self._send(ListShareable())

    def choose(self, choice: DeviceChoice) -> None:
        """Remember the choice; a running check changes over to it."""
        self._publish(replace(self._view, choice=choice))
        if self._checking is not None:
            self._check(camera=self._checking.camera, microphone=self._checking.microphone)
        self._on_choice(choice)

    def check(self, *, camera: bool, microphone: bool) -> None:
        """Open or close devices outside a visit; the microphone's samples go nowhere but into the level."""
        if self._may_check() and self._engine_up:
            self._check(camera=camera, microphone=microphone)

    def _check(self, *, camera: bool, microphone: bool) -> None:
        choice = self._view.choice
        self._checking = SetCapture(
            camera=camera,
            microphone=microphone,
            muted=True,
            camera_device=choice.camera,
            microphone_device=choice.microphone,
            speaker_device=choice.speaker,
        )
        self._send(self._checking)

    def check_over(self) -> None:
        """A visit begins: what is open from now on is the visit's to say, and it begins with nothing."""
        if self._checking is not None:
            self._check(camera=False, microphone=False)
            self._checking = None

    def play_test_sound(self) -> None:
        """Let the chosen speaker sound."""
        self._send(PlayTestSound(self._view.choice.speaker))

    def engine_started(self) -> None:
        """A new engine has nothing open and has told nothing."""
        self._engine_up = True
        self._checking = None
        if self._asked:
            self._send(ListDevices())

    def close(self) -> None:
        """Stop listening to the engine."""
        self._unsubscribe()

    def _send(self, command: EngineCommand) -> None:
        if self._engine_up:
            self._engine.send(command)

    def _heard(self, event: EngineEvent) -> None:
        match event:
            case DevicesListed():
                self._publish(replace(self._view, listed=event))
            case ShareableListed(found=found):
                self._publish(replace(self._view, shareable=found))
            case LevelMeasured(level=level):
                self._publish(replace(self._view, level=level if 0.0 <= level <= 1.0 else 0.0))
            case CaptureChanged(microphone=lamp) if lamp == "off":
                self._publish(replace(self._view, level=0.0))
            case _:
                pass  # the call's

    def _publish(self, view: DevicesView) -> None:
        if view == self._view:
            return
        self._view = view
        for callback in tuple(self._on_change):
            callback(view)
