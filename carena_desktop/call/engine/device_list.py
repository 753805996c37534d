"""What is plugged in, by Qt's list and the sound server's word; ends what vanishes. Lives on Qt's thread."""

import weakref
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtMultimedia import QAudioDevice, QCameraDevice, QMediaDevices

from carena_desktop.call.engine.devices import DeviceError, DeviceProblem
from carena_desktop.call.engine.qt_audio import QtMicrophone, device_id
from carena_desktop.call.engine.qt_camera import QtCamera
from carena_desktop.call.engine.sound_server import SoundServer
from carena_desktop.call.ports import DeviceName, DevicesListed


class DeviceList(QObject):
    """Hears that something was plugged in or out. The multimedia backend is loaded by making the first one."""

    _sound_changed = Signal()

    def __init__(self, listener: Callable[[], None]) -> None:
        super().__init__()
        self._listener = listener
        self._open: weakref.WeakSet[QtMicrophone | QtCamera] = weakref.WeakSet()
        self._media = QMediaDevices(self)
        self._sound = SoundServer(self._sound_changed.emit)
        for changed in (
            self._media.audioInputsChanged,
            self._media.audioOutputsChanged,
            self._media.videoInputsChanged,
            self._sound_changed,
        ):
            changed.connect(self._changed)
        self._sound.start()

    def found(self) -> DevicesListed:
        """Return what is plugged in, by ids and names."""
        return DevicesListed(
            cameras=tuple(DeviceName(name, camera.description()) for name, camera in self.cameras().items()),
            microphones=tuple(DeviceName(name, sound.description()) for name, sound in self.microphones().items()),
            speakers=tuple(DeviceName(name, sound.description()) for name, sound in self.speakers().items()),
        )

    def cameras(self) -> dict[str, QCameraDevice]:
        """Return the cameras by id."""
        return {device_id(camera): camera for camera in QMediaDevices.videoInputs()}

    def microphones(self) -> dict[str, QAudioDevice]:
        """Return the microphones by id."""
        return self._here(QMediaDevices.audioInputs())

    def speakers(self) -> dict[str, QAudioDevice]:
        """Return the speakers by id."""
        return self._here(QMediaDevices.audioOutputs())

    def camera(self, wanted: str) -> QCameraDevice:
        """Return a camera by id, "" for the default; raises DeviceError."""
        known = self.cameras()
        chosen = known.get(wanted or device_id(QMediaDevices.defaultVideoInput()))
        if chosen is None:
            raise DeviceError(DeviceProblem.NO_DEVICE)
        return chosen

    def microphone(self, wanted: str) -> QAudioDevice:
        """Return a microphone by id, "" for the default; raises DeviceError."""
        known = self.microphones()
        chosen = known.get(wanted or device_id(QMediaDevices.defaultAudioInput()))
        if chosen is None:
            raise DeviceError(DeviceProblem.NO_DEVICE)
        return chosen

    def follow(self, device: QtMicrophone | QtCamera) -> None:
        """End ``device`` when it vanishes."""
        self._open.add(device)

    @Slot()
    def _changed(self) -> None:
        known = {*self.microphones(), *self.cameras()}
        for device in tuple(self._open):
            if device.active and device.device not in known:
                device.vanished()
        self._listener()

    def _here(self, listed: list[QAudioDevice]) -> dict[str, QAudioDevice]:
        gone = self._sound.gone
        return {device_id(device): device for device in listed if device_id(device) not in gone}
