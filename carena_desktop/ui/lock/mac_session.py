"""What macOS says about its own lock, its screen saver and another user in front: notifications between programs.

CoreFoundation's distributed notification center calls back on the main thread's run loop, which is Qt's there. A sleep
has no notification of this kind; with the usual setting "require password after sleep" it locks the screen, which has.

https://developer.apple.com/documentation/corefoundation/cfnotificationcenter
"""

import ctypes
import ctypes.util
import logging
from collections.abc import Callable
from typing import Any, Final, Protocol

from PySide6.QtCore import QObject, Signal

_log = logging.getLogger(__name__)

HIDING: Final = (
    "com.apple.screenIsLocked",
    "com.apple.screensaver.didstart",
    "com.apple.sessionDidMoveOffConsole",
)
_UTF8: Final = 0x08000100
"""kCFStringEncodingUTF8."""
_AT_ONCE: Final = 4
"""CFNotificationSuspensionBehaviorDeliverImmediately: also while the program is in the background."""


class Center(Protocol):
    """Where notifications are listened to."""

    def listen(self, name: str, heard: Callable[[], None]) -> None:
        """Call ``heard`` on Qt's thread at every notification of a name; raises OSError where there is none."""
        ...

    def close(self) -> None:
        """Stop listening."""
        ...


class CoreFoundationCenter:
    """``Center`` on macOS."""

    def __init__(self) -> None:
        path = ctypes.util.find_library("CoreFoundation")
        if path is None:
            raise OSError("no CoreFoundation")
        pointer = ctypes.c_void_p
        self._library: Any = ctypes.CDLL(path)
        self._library.CFNotificationCenterGetDistributedCenter.restype = pointer
        self._library.CFStringCreateWithCString.restype = pointer
        self._library.CFStringCreateWithCString.argtypes = [pointer, ctypes.c_char_p, ctypes.c_uint32]
        self._kind = ctypes.CFUNCTYPE(None, pointer, pointer, pointer, pointer, pointer)
        self._library.CFNotificationCenterAddObserver.argtypes = [
            pointer, pointer, self._kind, pointer, pointer, ctypes.c_long,
        ]  # fmt: skip
        self._library.CFNotificationCenterRemoveEveryObserver.argtypes = [pointer, pointer]
        self._center = self._library.CFNotificationCenterGetDistributedCenter()
        self._kept: list[Any] = []

    def listen(self, name: str, heard: Callable[[], None]) -> None:
        """See ``Center``."""
        callback = self._kind(lambda *_arguments: heard())
        self._kept.append(callback)  # or the trampoline is freed under CoreFoundation
        text = self._library.CFStringCreateWithCString(None, name.encode(), _UTF8)
        self._library.CFNotificationCenterAddObserver(self._center, id(self), callback, text, None, _AT_ONCE)

    def close(self) -> None:
        """See ``Center``."""
        self._library.CFNotificationCenterRemoveEveryObserver(self._center, id(self))
        self._kept.clear()


class MacLock(QObject):
    """Emits ``hid``; see ``logind.SystemLock``.

    Args:
        center: Makes where to listen.
    """

    hid = Signal()

    def __init__(self, center: Callable[[], Center] = CoreFoundationCenter) -> None:
        super().__init__()
        self._center: Center | None = None
        try:
            self._center = center()
            for name in HIDING:
                self._center.listen(name, self.hid.emit)
        except (OSError, AttributeError):
            _log.warning("macOS does not tell when its screen is locked; the time without use still locks")

    def close(self) -> None:
        """Stop listening."""
        if self._center is not None:
            self._center.close()
            self._center = None
