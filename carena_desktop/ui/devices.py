"""What the devices are called, and the system's leave to use them. Opens none; the engine does that.

Qt's list is asked only when a question is about to be shown: loading the multimedia backend takes a moment.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QCameraPermission, QCoreApplication, QMicrophonePermission, QObject, Qt

from carena_desktop.call.ports import DevicesView
from carena_desktop.ui.i18n import tr


@dataclass(frozen=True, slots=True)
class DeviceNames:
    """What would open, in words; empty when there is no such device."""

    camera: str
    microphone: str


def chosen_names(devices: DevicesView) -> DeviceNames:
    """Return the names of what would open; a chosen device that is not plugged in says so, for nothing replaces it."""
    return DeviceNames(
        camera=_name(devices.choice.camera, tr("test picture"), _cameras),
        microphone=_name(devices.choice.microphone, tr("test sound"), _microphones),
    )


class Permissions(QObject):
    """Asks the operating system, which asks the person where it has such a question (macOS, Windows, Android).

    Args:
        camera_allowed: Whether the organization lets this computer use a camera; nobody is asked where not.
    """

    def __init__(self, *, camera_allowed: bool = True) -> None:
        super().__init__()
        self.camera_allowed = camera_allowed

    async def camera(self) -> bool:
        """Whether the organization and the system let this program use the camera."""
        return self.camera_allowed and await self._request(QCameraPermission())

    async def microphone(self) -> bool:
        """Whether the system lets this program use the microphone."""
        return await self._request(QMicrophonePermission())

    async def _request(self, permission: QCameraPermission | QMicrophonePermission) -> bool:
        application = QCoreApplication.instance()
        if application is None:
            raise RuntimeError("permissions need an application")
        if application.checkPermission(permission) is not Qt.PermissionStatus.Undetermined:
            return application.checkPermission(permission) is Qt.PermissionStatus.Granted
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def answered() -> None:
            if not answer.done():
                answer.set_result(application.checkPermission(permission) is Qt.PermissionStatus.Granted)

        application.requestPermission(permission, self, answered)
        return await answer


def _name(chosen: str, generated: str, plugged: Callable[[], tuple[str, dict[str, str]]]) -> str:
    """``plugged`` returns the default's name, and all names by id."""
    if chosen == "generator":
        return tr("generated {what}").format(what=generated)
    if chosen.startswith("file:"):
        return tr("{what} from a file").format(what=generated)
    default, known = plugged()
    return known.get(chosen, tr("chosen, but not plugged in")) if chosen else default


def _cameras() -> tuple[str, dict[str, str]]:
    from PySide6.QtMultimedia import QMediaDevices  # noqa: PLC0415 - see the module's docstring

    default = QMediaDevices.defaultVideoInput().description()
    return default, {_id(device.id()): device.description() for device in QMediaDevices.videoInputs()}


def _microphones() -> tuple[str, dict[str, str]]:
    from PySide6.QtMultimedia import QMediaDevices  # noqa: PLC0415 - see the module's docstring

    default = QMediaDevices.defaultAudioInput().description()
    return default, {_id(device.id()): device.description() for device in QMediaDevices.audioInputs()}


def _id(raw: QByteArray) -> str:
    return bytes(raw.data()).decode(errors="replace")
