"""Which of the adapters listens to the lock of the system that this program runs on."""

import sys
from typing import Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from carena_desktop.ui.lock.mac_session import MacLock
from carena_desktop.ui.lock.windows_session import WindowsLock


class Locking(Protocol):
    """Says when whoever stands before the screen may be another person."""

    @property
    def hid(self) -> SignalInstance:
        """From now on."""
        ...

    def close(self) -> None:
        """Stop listening."""
        ...


def system_lock(window: QWidget, platform: str = sys.platform) -> Locking:
    """Return the adapter; ``window`` gets the messages where a system sends them to windows."""
    if platform == "win32":
        return WindowsLock(int(window.winId()))
    if platform == "darwin":
        return MacLock()
    from carena_desktop.ui.lock.logind import on_this_machine  # noqa: PLC0415 - no D-Bus in the other systems' packages

    return on_this_machine()
