"""What the system says about its own lock and its sleep, by D-Bus (Linux and other systems with it).

Listens to logind (the session is locked, another user's session comes to the front, the machine goes to sleep) and to
the desktop's screen saver. Where neither answers, only our own clock locks, and nothing here fails.

https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.login1.html
"""

import os
from typing import Any, Final

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusObjectPath, QDBusVariant

LOGIN1: Final = "org.freedesktop.login1"
MANAGER_PATH: Final = "/org/freedesktop/login1"
AUTO_PATH: Final = "/org/freedesktop/login1/session/auto"
"""The caller's own session, whichever that is."""
MANAGER: Final = "org.freedesktop.login1.Manager"
SESSION: Final = "org.freedesktop.login1.Session"
PROPERTIES: Final = "org.freedesktop.DBus.Properties"
SCREEN_SAVERS: Final = (
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
)


class SystemLock(QObject):
    """Emits ``hid`` when whoever stands before the screen may be another person from now on.

    Args:
        system: The system's bus.
        session: The bus of the user's session.
    """

    hid = Signal()

    def __init__(self, system: QDBusConnection, session: QDBusConnection) -> None:
        super().__init__()
        self._system = system
        self._path = ""
        if system.isConnected():
            system.connect(LOGIN1, MANAGER_PATH, MANAGER, "PrepareForSleep", self, _slot("_sleeping(bool)"))
            known = os.environ.get("XDG_SESSION_ID", "")
            if known:
                self._find(known)
            else:  # started by a user manager, which belongs to no session: logind knows which one is meant
                self._ask(AUTO_PATH, PROPERTIES, "Get", (SESSION, "Id"), "_id_heard(QDBusVariant)")
        if session.isConnected():
            for name in SCREEN_SAVERS:
                session.connect(name, "", name, "ActiveChanged", self, _slot("_saver(bool)"))

    def close(self) -> None:
        """Stop listening: Qt disconnects what is deleted."""
        self.deleteLater()

    @property
    def path(self) -> str:
        """Our session as logind has told, "" while it has not."""
        return self._path

    def _find(self, session_id: str) -> None:
        self._ask(MANAGER_PATH, MANAGER, "GetSession", (session_id,), "_session_heard(QDBusObjectPath)")

    def _ask(self, path: str, interface: str, method: str, arguments: tuple[str, ...], then: str) -> None:
        """Ask logind; a slot takes the answer, an error is no answer.

        WORKAROUND: not QDBusPendingCallWatcher: deleting one crashes in PySide6 6.11.3, one run in three of the tests.
        """
        call = QDBusMessage.createMethodCall(LOGIN1, path, interface, method)
        call.setArguments(list(arguments))
        self._system.callWithCallback(call, self, _slot(then))

    @Slot(QDBusVariant)
    def _id_heard(self, answer: QDBusVariant) -> None:
        self._find(str(answer.variant()))

    @Slot(QDBusObjectPath)
    def _session_heard(self, answer: QDBusObjectPath) -> None:
        path = answer.path()
        if not path.startswith("/") or self._path:
            return
        self._path = path
        self._system.connect(LOGIN1, path, SESSION, "Lock", self, _slot("_locked()"))
        self._system.connect(LOGIN1, path, PROPERTIES, "PropertiesChanged", self, _slot("_changed()"))

    @Slot(bool)
    def _sleeping(self, begins: bool) -> None:  # noqa: FBT001 - a slot
        if begins:
            self.hid.emit()

    @Slot()
    def _locked(self) -> None:
        self.hid.emit()

    @Slot(bool)
    def _saver(self, active: bool) -> None:  # noqa: FBT001 - a slot
        if active:
            self.hid.emit()

    @Slot()
    def _changed(self) -> None:
        """Something of our session changed: ask for the two properties that matter."""
        self._ask(self._path, PROPERTIES, "Get", (SESSION, "LockedHint"), "_hint_heard(QDBusVariant)")
        self._ask(self._path, PROPERTIES, "Get", (SESSION, "Active"), "_active_heard(QDBusVariant)")

    @Slot(QDBusVariant)
    def _hint_heard(self, answer: QDBusVariant) -> None:
        if answer.variant() is True:
            self.hid.emit()

    @Slot(QDBusVariant)
    def _active_heard(self, answer: QDBusVariant) -> None:
        if answer.variant() is False:
            self.hid.emit()


def _slot(signature: str) -> Any:
    """The stub wants bytes, the binding takes what SLOT returns."""
    return SLOT(signature)


def on_this_machine() -> SystemLock:
    """Return the adapter on this machine's buses."""
    return SystemLock(QDBusConnection.systemBus(), QDBusConnection.sessionBus())
