"""What the devices are called, and the system's leave to use them. Opens none; the engine does that.

Qt's list is asked only when a question is about to be shown: loading the multimedia backend takes a moment.
"""

import asyncio
from dataclasses import dataclass

from PySide6.QtCore import QCameraPermission, QCoreApplication, QMicrophonePermission, QObject, Qt


@dataclass(frozen=True, slots=True)
class DeviceNames:
    """What would open, in words; empty when there is no such device."""

    camera: str
    microphone: str


def default_names(camera: str = "", microphone: str = "") -> DeviceNames:
    """Return the names for two configured device ids; empty ids mean the system's defaults."""
    return DeviceNames(
        camera=_described(camera, "test picture") or _default_camera(),
        microphone=_described(microphone, "test sound") or _default_microphone(),
    )


class Permissions(QObject):
    """Asks the operating system, which asks the person where it has such a question (macOS, Windows, Android)."""

    async def camera(self) -> bool:
        """Whether the system lets this program use the camera."""
        return await self._request(QCameraPermission())

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


def _described(device: str, generated: str) -> str:
    if device == "generator":
        return f"generated {generated}"
    return f"{generated} from a file" if device.startswith("file:") else device


def _default_camera() -> str:
    from PySide6.QtMultimedia import QMediaDevices  # noqa: PLC0415 - see the module's docstring

    return QMediaDevices.defaultVideoInput().description()


def _default_microphone() -> str:
    from PySide6.QtMultimedia import QMediaDevices  # noqa: PLC0415 - see the module's docstring

    return QMediaDevices.defaultAudioInput().description()
