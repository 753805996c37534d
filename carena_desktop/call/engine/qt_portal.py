"""Whether the desktop's portal can share a screen, as Wayland wants it: no program sees another's windows by itself.

The system asks which screen or window; what it is called we never learn. Qt goes this way in a Wayland session where
the portal's ScreenCast is on the session's bus and libpipewire can be loaded. Where one of them is missing it would
grab the pictures of this process, which shows nothing: so all three are looked for before anything is offered.
"""

import ctypes
import os
from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtDBus import QDBusConnection, QDBusMessage

from carena_desktop.wayland import is_wayland

SERVICE: Final = "org.freedesktop.portal.Desktop"
PATH: Final = "/org/freedesktop/portal/desktop"
SCREEN_CAST: Final = "org.freedesktop.portal.ScreenCast"
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
