"""The system's lock, sleep and screen saver over a real bus, with a stand-in for logind."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import ClassInfo, QObject, Slot
from PySide6.QtDBus import QDBusAbstractAdaptor, QDBusConnection, QDBusMessage, QDBusObjectPath, QDBusVariant
from pytestqt.qtbot import QtBot

from carena_desktop.ui.lock import logind
from carena_desktop.ui.lock.logind import SystemLock

PATH = "/org/freedesktop/login1/session/c2"
_NUMBERS = count()
_C = TypeVar("_C", bound=type[QObject])


def interface(name: str) -> Callable[[_C], _C]:
    """Give a class its name on the bus."""
    with_info: Any = ClassInfo  # PySide's stub says of each argument what is true of all together
    decorate: Callable[[_C], _C] = with_info(**{"D-Bus Interface": name})
    return decorate


@interface(logind.MANAGER)
class Manager(QDBusAbstractAdaptor):
    """Knows one session."""

    @Slot(str, result=QDBusObjectPath)
    def GetSession(self, session: str) -> QDBusObjectPath:  # noqa: N802 - the interface's name
        """Return its path."""
        return QDBusObjectPath(PATH if session == "c2" else "/org/freedesktop/login1/session/other")


@interface(logind.PROPERTIES)
class Properties(QDBusAbstractAdaptor):
    """The properties of the session."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.values: dict[str, object] = {"Id": "c2", "LockedHint": False, "Active": True}

    @Slot(str, str, result=QDBusVariant)
    def Get(self, _interface: str, name: str) -> QDBusVariant:  # noqa: N802 - the interface's name
        """Return one."""
        return QDBusVariant(self.values[name])


class FakeLogind(QObject):
    """Owns logind's name on the test's bus."""

    def __init__(self) -> None:
        super().__init__()
        self.name = f"logind-{next(_NUMBERS)}"
        self.bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, self.name)
        self._parts = [QObject(self), QObject(self), QObject(self)]
        self._adaptors = [Manager(self._parts[0]), Properties(self._parts[1]), Properties(self._parts[2])]
        for path, part in zip((logind.MANAGER_PATH, PATH, logind.AUTO_PATH), self._parts, strict=True):
            assert self.bus.registerObject(path, part, QDBusConnection.RegisterOption.ExportAdaptors)
        assert self.bus.registerService(logind.LOGIN1)

    def set(self, name: str, value: object) -> None:
        """Change a property of the session and say that something changed."""
        adaptor = self._adaptors[1]
        assert isinstance(adaptor, Properties)
        adaptor.values[name] = value
        self.say(PATH, logind.PROPERTIES, "PropertiesChanged", logind.SESSION, {}, [])

    def say(self, path: str, interface: str, signal: str, *arguments: object) -> None:
        """Emit a signal."""
        message = QDBusMessage.createSignal(path, interface, signal)
        message.setArguments(list(arguments))
        assert self.bus.send(message)

    def close(self) -> None:
        """Give the name back."""
        self.bus.unregisterService(logind.LOGIN1)
        QDBusConnection.disconnectFromBus(self.name)


@pytest.fixture
def fake(qapp: object) -> Iterator[FakeLogind]:
    """A logind on the private session's bus."""
    assert qapp is not None
    made = FakeLogind()
    yield made
    made.close()


@pytest.fixture
def lock(fake: FakeLogind) -> Iterator[SystemLock]:
    """An adapter that listens to it."""
    assert fake.bus.isConnected()
    names = [f"lock-{next(_NUMBERS)}" for _ in range(2)]
    system, session = (QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, name) for name in names)
    yield SystemLock(system, session)
    for name in names:
        QDBusConnection.disconnectFromBus(name)


HIDES: dict[str, Callable[[FakeLogind], None]] = {
    "sleep": lambda fake: fake.say(logind.MANAGER_PATH, logind.MANAGER, "PrepareForSleep", True),
    "lock": lambda fake: fake.say(PATH, logind.SESSION, "Lock"),
    "locked hint": lambda fake: fake.set("LockedHint", True),
    "another user in front": lambda fake: fake.set("Active", False),
}


@pytest.mark.gui
@pytest.mark.parametrize("what", list(HIDES))
def test_what_hides(fake: FakeLogind, lock: SystemLock, qtbot: QtBot, what: str) -> None:
    """Sleep, the session's lock, its hint, and another user's session each hide the window."""
    qtbot.waitUntil(lambda: lock.path == PATH)
    with qtbot.waitSignal(lock.hid):
        HIDES[what](fake)


@pytest.mark.gui
def test_waking_unlocking_and_other_sessions_hide_nothing(fake: FakeLogind, lock: SystemLock, qtbot: QtBot) -> None:
    """The end of sleep, the end of the lock and the lock of somebody else's session are no reasons."""
    qtbot.waitUntil(lambda: lock.path == PATH)
    heard: list[str] = []
    lock.hid.connect(lambda: heard.append("hid"))
    fake.say(logind.MANAGER_PATH, logind.MANAGER, "PrepareForSleep", False)
    fake.say("/org/freedesktop/login1/session/other", logind.SESSION, "Lock")
    fake.set("LockedHint", False)
    with qtbot.waitSignal(lock.hid):
        fake.say(PATH, logind.SESSION, "Lock")
    assert heard == ["hid"]


@pytest.mark.gui
def test_the_environment_may_name_the_session(fake: FakeLogind, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the session's id is in the environment it is taken from there."""
    assert fake.bus.isConnected()
    monkeypatch.setenv("XDG_SESSION_ID", "c7")
    name = f"lock-{next(_NUMBERS)}"
    bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, name)
    lock = SystemLock(bus, bus)
    qtbot.waitUntil(lambda: lock.path == "/org/freedesktop/login1/session/other")
    QDBusConnection.disconnectFromBus(name)


@pytest.mark.gui
def test_no_bus_is_no_failure(qapp: object) -> None:
    """On a machine without D-Bus the adapter hears nothing and breaks nothing."""
    assert qapp is not None
    nothing = QDBusConnection.connectToBus("unix:path=/nonexistent/bus", f"none-{next(_NUMBERS)}")
    assert SystemLock(nothing, nothing).path == ""
