"""The lock signals of Windows and macOS, with a stand-in for the system: neither was run on its own system."""

import ctypes
import ctypes.wintypes
from collections.abc import Callable

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from carena_desktop.ui.lock import mac_session, windows_session
from carena_desktop.ui.lock.logind import SystemLock
from carena_desktop.ui.lock.mac_session import CoreFoundationCenter, MacLock
from carena_desktop.ui.lock.system import system_lock
from carena_desktop.ui.lock.windows_session import POWER, SESSION_CHANGE, WindowsLock, hides


@pytest.mark.parametrize(
    ("message", "what", "hidden"),
    [
        (SESSION_CHANGE, 0x7, True),  # locked
        (SESSION_CHANGE, 0x2, True),  # another user at the console
        (SESSION_CHANGE, 0x4, True),  # the remote desktop was left
        (SESSION_CHANGE, 0x8, False),  # unlocked
        (SESSION_CHANGE, 0x1, False),  # back at the console
        (POWER, 0x4, True),  # sleep
        (POWER, 0x7, False),  # awake
        (0x0010, 0x7, False),  # another message
    ],
)
def test_what_hides_on_windows(message: int, what: int, *, hidden: bool) -> None:
    """Lock, another user and sleep hide; unlocking, waking and every other message don't."""
    assert hides(message, what) == hidden


def native(lock: WindowsLock, message: int, what: int) -> tuple[bool, int]:
    """Give the program a message as Windows does."""
    made = ctypes.wintypes.MSG(0, message, what, 0, 0, ctypes.wintypes.POINT(0, 0))
    return lock._filter.nativeEventFilter(QByteArray(b"windows_generic_MSG"), ctypes.addressof(made))


def test_windows_messages_are_read_and_passed_on(qtbot: QtBot) -> None:
    """The handle is registered, a lock is told, and no message is swallowed."""
    asked: list[int] = []

    def register(window: int) -> bool:
        asked.append(window)
        return True

    lock = WindowsLock(4711, register)
    assert asked == [4711]
    with qtbot.waitSignal(lock.hid, timeout=1000):
        assert native(lock, SESSION_CHANGE, 0x7) == (False, 0)
    with qtbot.assertNotEmitted(lock.hid):
        assert native(lock, SESSION_CHANGE, 0x8) == (False, 0)
    lock.close()


@pytest.mark.usefixtures("qapp")
def test_a_windows_that_does_not_tell_is_said(caplog: pytest.LogCaptureFixture) -> None:
    """Refused, or without the library: the program runs, and the log says it."""
    WindowsLock(1, lambda _window: False).close()
    WindowsLock(1, windows_session._register).close()
    assert caplog.text.count("does not tell") == 2


class FakeCenter:
    """Keeps who listens."""

    def __init__(self) -> None:
        self.heard: dict[str, Callable[[], None]] = {}
        self.closed = False

    def listen(self, name: str, heard: Callable[[], None]) -> None:
        """Keep one."""
        self.heard[name] = heard

    def close(self) -> None:
        """Note it."""
        self.closed = True


def test_macos_notifications_hide(qtbot: QtBot) -> None:
    """Lock, screen saver and another user in front each hide; closing stops listening, once."""
    center = FakeCenter()
    lock = MacLock(lambda: center)
    assert set(center.heard) == set(mac_session.HIDING)
    for heard in center.heard.values():
        with qtbot.waitSignal(lock.hid, timeout=1000):
            heard()
    lock.close()
    lock.close()
    assert center.closed


@pytest.mark.usefixtures("qapp")
def test_a_mac_without_the_library_is_said(caplog: pytest.LogCaptureFixture) -> None:
    """On a system without CoreFoundation the program runs, and the log says that nothing tells."""
    MacLock(CoreFoundationCenter).close()
    assert "does not tell" in caplog.text


def test_each_system_has_its_adapter(qtbot: QtBot) -> None:
    """Windows, macOS, and D-Bus everywhere else."""
    window = QWidget()
    qtbot.addWidget(window)
    made = [system_lock(window, platform) for platform in ("win32", "darwin", "linux")]
    assert [type(one) for one in made] == [WindowsLock, MacLock, SystemLock]
    for one in made:
        one.close()
