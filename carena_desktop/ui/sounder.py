"""Plays the sounds of alerts on the outputs that are plugged in now. Its machine may have none; then nothing sounds."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, QUrl
from shiboken6 import isValid

from carena_desktop.ui import resources
from carena_desktop.ui.alert_outputs import Output, Ringing, Where, ringing

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QSoundEffect

LONGEST_MS: Final = 2500


def outputs() -> tuple[Output, ...]:
    """Return what is plugged in. The first call loads the multimedia backend, which takes a moment."""
    from PySide6.QtMultimedia import QMediaDevices  # noqa: PLC0415 - many starts never need it

    usual = QMediaDevices.defaultAudioOutput().id()
    return tuple(
        Output(bytes(device.id().data()).decode(errors="replace"), device.description(), usual=device.id() == usual)
        for device in QMediaDevices.audioOutputs()
        if not device.isNull()
    )


class Sounder(QObject):
    """Opens an output for each sound and lets go of it afterwards.

    WORKAROUND (Qt 6.11, seen with PulseAudio): an effect that is kept plays into nothing once its output was pulled out
    and plugged in again, and so do those that come after it: Qt plays all of one output through one engine, which is as
    dead as its oldest user. So none outlives ``LONGEST_MS``, which is shorter than the pause between two alerts.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._sounding: dict[QSoundEffect, bool] = {}
        """Whether each has begun."""

    @property
    def sounding(self) -> int:
        """On how many outputs something sounds now, or is about to."""
        return len(self._sounding)

    def ring(self, sound: str, where: Where, names: Sequence[str]) -> Ringing:
        """Play a file of ``resources/sounds``; return where it sounds."""
        from PySide6.QtMultimedia import QMediaDevices, QSoundEffect  # noqa: PLC0415 - see ``outputs``

        now = ringing(where, names, outputs())
        devices = {bytes(one.id().data()).decode(errors="replace"): one for one in QMediaDevices.audioOutputs()}
        for output in now.outputs:
            if output.id not in devices:
                continue  # pulled out in this moment
            effect = QSoundEffect(devices[output.id], self)
            self._sounding[effect] = False
            effect.playingChanged.connect(partial(self._changed, effect))
            effect.statusChanged.connect(partial(self._changed, effect))
            effect.setSource(QUrl.fromLocalFile(str(Path(resources.path("sounds", sound)))))
            effect.play()
            QTimer.singleShot(LONGEST_MS, self, partial(self._drop, effect))
        return now

    def _changed(self, effect: "QSoundEffect") -> None:
        if not isValid(effect) or effect not in self._sounding:
            return  # the program ends while it plays
        if effect.isPlaying():
            self._sounding[effect] = True
        elif self._sounding[effect] or effect.status() is effect.Status.Error:
            self._drop(effect)

    def _drop(self, effect: "QSoundEffect") -> None:
        if self._sounding.pop(effect, None) is not None and isValid(effect):
            effect.deleteLater()
