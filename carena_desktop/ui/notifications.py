"""Telling that a patient has arrived: a chime, the task bar, the notification area. Never a name.

Every one of them may be missing on a machine (no audio device, no notification area); the others still work.
"""

from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from carena_desktop.ui import resources
from carena_desktop.ui.i18n import mark, tr_marked

TITLE = "Carena"
TEXT = mark("A patient is waiting")
NEUTRAL_TEXT = mark("Carena needs your attention")


class ArrivalNotice(QObject):
    """Sound and notification for arrivals.

    Args:
        window: Whose entry in the task bar asks for attention.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._sound_on = True
        self._text = TEXT
        self._effect: QObject | None = None
        self._tray: QSystemTrayIcon | None = None

    @property
    def sound_on(self) -> bool:
        """Whether arrivals sound."""
        return self._sound_on

    def set_sound(self, on: bool) -> None:  # noqa: FBT001 - a slot
        """Switch the chime on or off."""
        self._sound_on = on

    def set_wording(self, wording: str) -> None:
        """Say that a patient waits, something neutral, or nothing: the policy ``NotificationText``."""
        self._text = {"patient": TEXT, "neutral": NEUTRAL_TEXT}.get(wording, "")

    def patient_arrived(self) -> None:
        """Ring and notify."""
        if self._sound_on:
            self._ring()
        if not self._window.isActiveWindow():
            QApplication.alert(self._window)
            self._notify()

    def close(self) -> None:
        """Leave the notification area."""
        if self._tray is not None:
            self._tray.hide()

    def _ring(self) -> None:
        # Loaded at the first arrival: the multimedia backend takes a moment and many machines never need it.
        from PySide6.QtMultimedia import QMediaDevices, QSoundEffect  # noqa: PLC0415

        device = QMediaDevices.defaultAudioOutput()
        if device.isNull():
            return
        if not isinstance(self._effect, QSoundEffect):
            effect = QSoundEffect(device, self)
            effect.setSource(QUrl.fromLocalFile(str(Path(resources.path("sounds", "arrival.wav")))))
            self._effect = effect
        assert isinstance(self._effect, QSoundEffect)  # noqa: S101 - for the type checker
        self._effect.play()

    def _notify(self) -> None:
        if not self._text or not QSystemTrayIcon.isSystemTrayAvailable():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(QIcon(str(resources.path("icons", "carena.svg"))), self)
            self._tray.setToolTip(TITLE)
            self._tray.show()
        self._tray.showMessage(TITLE, tr_marked(self._text))
