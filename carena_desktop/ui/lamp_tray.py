"""The lamp in the notification area: there while a device is open, whatever window is in front."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QSystemTrayIcon

from carena_desktop.call.model import CallSnapshot, CameraLamp, MicrophoneLamp
from carena_desktop.ui.pages.call.readings import camera_lamp, microphone_lamp, share_lamp
from carena_desktop.ui.theme import Theme


def lamp_words(call: CallSnapshot) -> str:
    """Return what is open, in words; empty when nothing is."""
    words = []
    if call.sharing:
        words.append(share_lamp().words)
    if call.camera is not CameraLamp.OFF:
        words.append(camera_lamp(call.camera).words)
    if call.microphone is not MicrophoneLamp.OFF:
        words.append(microphone_lamp(call.microphone).words)
    return " · ".join(words)


class LampTray(QObject):
    """Shows the lamps in the notification area, where the system has one; made when first needed."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tray: QSystemTrayIcon | None = None
        self._words = ""

    @property
    def words(self) -> str:
        """What is shown; empty hides the icon."""
        return self._words

    def render_call(self, call: CallSnapshot) -> None:
        """Show the lamps of ``call``."""
        words = lamp_words(call)
        if words == self._words:
            return
        self._words = words
        if self._tray is None and words and QSystemTrayIcon.isSystemTrayAvailable():
            self._tray = QSystemTrayIcon(self)
        if self._tray is None:
            return
        self._tray.setIcon(self._theme.icon("video" if call.camera is CameraLamp.LIVE else "mic", "danger", 22))
        self._tray.setToolTip(f"Carena: {words}" if words else "Carena")
        self._tray.setVisible(bool(words))

    def close(self) -> None:
        """Leave the notification area."""
        if self._tray is not None:
            self._tray.hide()
