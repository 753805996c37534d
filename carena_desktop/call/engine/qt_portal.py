"""Whether the desktop's portal can share a screen, as Wayland wants it: no program sees another's windows by itself.

The system asks which screen or window; what it is called we never learn. Qt goes this way in a Wayland session where
the portal's ScreenCast is on the session's bus and libpipewire can be loaded. Where one of them is missing it would
grab the pictures of this process, which shows nothing: so all three are looked for before anything is offered.

Qt 6.11 says nothing when the person closes the system's dialog or ends the sharing by the system's own button, so the
portal is heard here as well (https://flatpak.github.io/xdg-desktop-portal/docs, Request and Session).
"""

import ctypes
import os
from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage

from carena_desktop.wayland import is_wayland

SERVICE: Final = "org.freedesktop.portal.Desktop"
PATH: Final = "/org/freedesktop/portal/desktop"
SCREEN_CAST: Final = "org.freedesktop.portal.ScreenCast"
REQUEST: Final = "org.freedesktop.portal.Request"
SESSION: Final = "org.freedesktop.portal.Session"
LIBRARY: Final = "libpipewire-0.3.so.0"
_ANSWER_MS: Final = 1500


def can_load(library: str = LIBRARY) -> bool:
    """Whether Qt will find the library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def answers(bus: Callable[[], QDBusConnection] = QDBusConnection.sessionBus) -> bool:
    """Whether the portal's ScreenCast is there."""
    connection = bus()
    if not connection.isConnected():
        return False
    question = QDBusMessage.createMethodCall(SERVICE, PATH, "org.freedesktop.DBus.Properties", "Get")
    question.setArguments([SCREEN_CAST, "version"])
    answer = connection.call(question, timeout=_ANSWER_MS)
    return answer.type() == QDBusMessage.MessageType.ReplyMessage


def is_there(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a screen can be shared by the portal."""
    return is_wayland(environment) and can_load() and answers()


class PortalAnswers(QObject):
    """What the portal says of this program's wish to share; the bus delivers it to the one who asked.

    Nothing else in the media process asks the portal for anything.
    """

    refused = Signal()
    """The person cancelled a request, or it ended in another way."""
    ended = Signal()
    """The system has closed the session: nothing more will come."""

    def __init__(self, bus: QDBusConnection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        if bus.isConnected():
            for interface, signal, slot in (
                (REQUEST, "Response", "_answered(QDBusMessage)"),
                (SESSION, "Closed", "_closed()"),
            ):
                heard: Any = SLOT(slot)  # the stub wants bytes, the binding takes what SLOT returns
                bus.connect(SERVICE, "", interface, signal, self, heard)

    @Slot(QDBusMessage)
    def _answered(self, message: QDBusMessage) -> None:
        arguments = message.arguments()
        if not arguments or arguments[0] != 0:
            self.refused.emit()

    @Slot()
    def _closed(self) -> None:
        self.ended.emit()
