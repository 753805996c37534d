"""From what the person wants of the devices to what the call's desk does."""

from PySide6.QtCore import QObject

from carena_desktop.call.ports import DeviceChoice, DevicesPort
from carena_desktop.tasks import ScopeClosedError, TaskScope
from carena_desktop.ui.devices import Permissions


class DeviceIntents(QObject):
    """Slots for the device check and the visit's device menu.

    Args:
        desk: The call's.
        scope: Owns the tasks.
        permissions: The system's own question; nothing opens without its yes.
    """

    def __init__(self, desk: DevicesPort, scope: TaskScope, permissions: Permissions) -> None:
        super().__init__()
        self._desk = desk
        self._scope = scope
        self._permissions = permissions
        self._wanted = False

    def list(self) -> None:
        """Ask what is plugged in."""
        self._desk.list()

    def list_shareable(self) -> None:
        """Ask which screens and windows there are now."""
        self._desk.list_shareable()

    def choose(self, choice: DeviceChoice) -> None:
        """Use other devices from now on."""
        self._desk.choose(choice)

    def check(self, on: bool) -> None:  # noqa: FBT001 - a slot
        """Open the devices for oneself, as far as the system lets us, or close them."""
        self._wanted = on
        if not on:
            self._desk.check(camera=False, microphone=False)
            return
        try:
            self._scope.spawn(self._open(), name="check-devices")
        except ScopeClosedError:
            return  # the program is ending

    def play_test_sound(self) -> None:
        """Let the speaker sound."""
        self._desk.play_test_sound()

    async def _open(self) -> None:
        microphone = await self._permissions.microphone()
        camera = await self._permissions.camera()
        if self._wanted:  # the page may have been left while the system asked
            self._desk.check(camera=camera, microphone=microphone)
