"""What Windows says about its own lock, another user in front, and its sleep: messages to the program's window.

https://learn.microsoft.com/windows/win32/termserv/wm-wtssession-change
https://learn.microsoft.com/windows/win32/power/wm-powerbroadcast
"""

import ctypes
import ctypes.wintypes
import logging
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication, QObject, Signal

_log = logging.getLogger(__name__)

SESSION_CHANGE: Final = 0x02B1
"""WM_WTSSESSION_CHANGE."""
POWER: Final = 0x0218
"""WM_POWERBROADCAST."""
HIDING_SESSION: Final = frozenset({0x2, 0x4, 0x6, 0x7})
"""WTS_CONSOLE_DISCONNECT (another user comes to the front), WTS_REMOTE_DISCONNECT, WTS_SESSION_LOGOFF and _LOCK."""
SUSPEND: Final = 0x4
"""PBT_APMSUSPEND."""
THIS_SESSION: Final = 0
"""NOTIFY_FOR_THIS_SESSION."""


def hides(message: int, what: int) -> bool:
    """Whether a window's message means that another person may stand before the screen from now on."""
    return (message == SESSION_CHANGE and what in HIDING_SESSION) or (message == POWER and what == SUSPEND)


def _register(window: int) -> bool:
    library: Any = ctypes.WinDLL("wtsapi32")  # type: ignore[attr-defined]  # on Windows
    return bool(library.WTSRegisterSessionNotification(ctypes.wintypes.HWND(window), THIS_SESSION))


class _Filter(QAbstractNativeEventFilter):
    """Sees every message of the program's windows; takes none away."""

    def __init__(self, hid: Callable[[], None]) -> None:
        super().__init__()
        self._hid = hid

    def nativeEventFilter(self, _kind: QByteArray | bytes | bytearray | memoryview, message: int) -> tuple[bool, int]:
        """Look at one message."""
        found = ctypes.wintypes.MSG.from_address(int(message))
        if hides(found.message, found.wParam):
            self._hid()
        return False, 0


class WindowsLock(QObject):
    """Emits ``hid``; see ``logind.SystemLock``.

    Args:
        window: The handle (HWND) of a window of ours, 0 for none: it gets the messages.
        register: Asks Windows for them; returns whether it will send them.
    """

    hid = Signal()

    def __init__(self, window: int, register: Callable[[int], bool] = _register) -> None:
        super().__init__()
        self._filter = _Filter(self.hid.emit)
        application = QCoreApplication.instance()
        if application is not None:
            application.installNativeEventFilter(self._filter)
        try:
            registered = register(window)
        except (OSError, AttributeError):
            registered = False
        if not registered:
            _log.warning("Windows does not tell when its session is locked; the time without use still locks")

    def close(self) -> None:
        """Look at no message any more."""
        application = QCoreApplication.instance()
        if application is not None:
            application.removeNativeEventFilter(self._filter)
