"""What stands around the pages: the lock, the palette, the settings. Joins them to a window and its services.

The window navigates and the pages show; this module knows both and neither knows it.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from carena_desktop.call.model import CallSnapshot
from carena_desktop.session.failures import SessionError
from carena_desktop.session.model import LocalProblem, SessionSnapshot
from carena_desktop.session.ports import SessionPort
from carena_desktop.tasks import ScopeClosedError, TaskScope
from carena_desktop.ui import a11y
from carena_desktop.ui.account_desk import EnrolDesk
from carena_desktop.ui.admin_desk import AdminDesk
from carena_desktop.ui.bridge import Bridge
from carena_desktop.ui.commands import BoundKeys, Command
from carena_desktop.ui.emergency_watch import EmergencyWatch, Told
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.intents import Intents
from carena_desktop.ui.lock.desk import LockDesk
from carena_desktop.ui.lock.machine import LockSnapshot, LockState
from carena_desktop.ui.lock.screen import Counts, LockScreen
from carena_desktop.ui.lock.system import Locking, system_lock
from carena_desktop.ui.lock.warning import LockWarning
from carena_desktop.ui.main_window import MainWindow
from carena_desktop.ui.navigation import Page
from carena_desktop.ui.pages.waiting_room.commands import waiting_commands
from carena_desktop.ui.palette import Palette
from carena_desktop.ui.preferences import Preferences
from carena_desktop.ui.settings_desk import LANGUAGE, SettingsDesk
from carena_desktop.ui.theme import Theme


@runtime_checkable
class Commanding(Protocol):
    """A page that says what can be done on it."""

    def commands(self) -> tuple[Command, ...]:
        """Return it."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What a workspace joins. ``scope`` owns the questions to the server."""

    window: MainWindow
    theme: Theme
    session: SessionPort
    bridge: Bridge
    intents: Intents
    scope: TaskScope
    preferences: Preferences
    version: str = ""


class Workspace(QObject):
    """The lock and the palette of one window.

    Args:
        parts: What is joined.
        lock: The lock at work.
        wall_ms: Local time in ms since the epoch.
        system: What the system says about its own lock; None for this machine's.
    """

    def __init__(self, parts: Parts, lock: LockDesk, wall_ms: Callable[[], int], system: Locking | None = None) -> None:
        super().__init__(parts.window)
        window, theme, bridge, intents = parts.window, parts.theme, parts.bridge, parts.intents
        self._window = window
        self._session = parts.session
        self._intents = intents
        self._scope = parts.scope
        self._person = ""
        self._sharing = False
        self._system = system if system is not None else system_lock(window)
        self.lock = lock
        self.screen = LockScreen(theme, wall_ms)
        self.warning = LockWarning(theme, window)
        window.add_cover(self.screen)
        bridge.session_changed.connect(self.render_session)
        bridge.call_changed.connect(self.render_call)
        lock.changed.connect(self.render_lock)
        lock.unlock_requested.connect(self._check)
        lock.end_call_requested.connect(intents.hang_up)
        window.sign_in.sign_in_requested.connect(lock.sign_in_asked)
        self.warning.stay_requested.connect(lock.stay)
        self._enrol = EnrolDesk(
            window.sign_in.enrol, parts.session, parts.scope, lambda: self._ask(parts.session.enrolled(), "enrolled")
        )
        window.sign_in.enrol.cancelled.connect(intents.sign_out)
        self.screen.unlock_requested.connect(lock.unlock)
        self.screen.switch_user_requested.connect(self._switch_user)
        self.screen.mute_requested.connect(lambda: intents.set_microphone(False))
        self.screen.camera_off_requested.connect(lambda: intents.set_camera(False))
        self._system.hid.connect(lock.hide)
        self.palette = Palette(theme, window, self.commands)
        self.settings = SettingsDesk(
            window,
            theme,
            parts.preferences,
            version=parts.version,
            tables=self._key_tables,
            session=parts.session,
            scope=parts.scope,
        )
        window.sign_in.language_requested.connect(lambda: self.settings.open(LANGUAGE))
        self.admin = AdminDesk(window, theme, parts.session, parts.scope, wall_ms)
        told = Told(window.program_bar, window.notice, self.admin.open_access)
        self.emergency = EmergencyWatch(told, parts.session, parts.scope, window.waiting_room.now_ms, self)
        self.settings.account_desk.emergency_changed.connect(self.emergency.own)
        window.waiting_room.ticked.connect(lambda _now: self.emergency.tick())
        window.waiting_room.rail.lock_requested.connect(self.lock.lock)
        BoundKeys(window, self._everywhere(), everywhere=True)

    def commands(self) -> tuple[Command, ...]:
        """Everything that can be done now: on what is in front, then everywhere."""
        if self._window.covered:
            return ()
        front = self._window.front
        own = front.commands() if isinstance(front, Commanding) else ()
        if front is self._window.waiting_room:
            own = waiting_commands(self._window.waiting_room)
        return (*own, *self._everywhere())

    def _key_tables(self) -> tuple[tuple[str, tuple[Command, ...]], ...]:
        return (
            (tr("Everywhere"), self._everywhere()),
            (tr("Waiting room"), waiting_commands(self._window.waiting_room)),
            (tr("Visit"), self._window.call.commands()),
        )

    def _everywhere(self) -> tuple[Command, ...]:
        rail = self._window.waiting_room.rail
        return (
            Command(tr("Search actions"), self.palette.open, "Ctrl+K", self._usable, listed=False),
            Command(tr("Check devices"), rail.devices.click, allowed=self._in_waiting_room),
            Command(tr("Check this computer"), self._window.computer_check_requested.emit, allowed=self._usable),
            Command(tr("Save report for IT"), self._window.report_requested.emit, allowed=self._usable),
            Command(tr("Administration"), self.admin.open, allowed=self._may_administer),
            Command(tr("My account"), self.settings.open_account, allowed=self._may_administer_oneself),
            Command(tr("Settings"), self.settings.open, "Ctrl+,", self._outside_a_visit),
            *self.settings.looks(),
            Command(tr("Lock"), self.lock.lock, "Ctrl+L", self._signed_in),
            Command(tr("Sign out"), rail.presence.sign_out.trigger, allowed=self._in_waiting_room),
        )

    def _usable(self) -> bool:
        return not self._window.covered

    def _outside_a_visit(self) -> bool:
        return self._usable() and self._window.page is not Page.CALL

    def _may_administer(self) -> bool:
        return self._may_administer_oneself() and self.admin.allowed

    def _may_administer_oneself(self) -> bool:
        return self._signed_in() and self._outside_a_visit()

    def _signed_in(self) -> bool:
        return self._usable() and self.lock.snapshot.state is not LockState.OFF

    def _in_waiting_room(self) -> bool:
        return self._signed_in() and self._window.page is Page.WAITING_ROOM and self._window.sheet is None

    def render_all(self, session: SessionSnapshot, call: CallSnapshot, lock: LockSnapshot) -> None:
        """Show everything as it is: this window takes the place of another."""
        self.render_call(call)
        self.render_session(session)
        self.render_lock(lock)

    def render_session(self, snapshot: SessionSnapshot) -> None:
        """Follow who is signed in, and count who waits."""
        if snapshot.account is not None:
            self._person = snapshot.account.display_name
        now = self._window.waiting_room.counters()
        self.screen.show_counts(Counts(waiting=now.waiting, over_target=now.over_target))
        self.lock.render_session(snapshot)
        self.admin.session_changed()
        self.emergency.session_changed(snapshot)

    def render_call(self, snapshot: CallSnapshot) -> None:
        """Follow the call."""
        self._sharing = bool(snapshot.intent.shared)
        self.screen.render_call(snapshot)
        self.lock.render_call(snapshot)

    def render_lock(self, lock: LockSnapshot) -> None:
        """Hide everything, or show it again."""
        was = self._window.covered
        if lock.locked and not was:
            self.palette.dismiss()
            self.settings.put_away()
            self.admin.put_away()
            _close_popups()
            if self._sharing:
                self._intents.share("")  # nobody looks after what is shown
            self.screen.forget()
        self.screen.render_lock(lock, self._person)
        self.warning.render_lock(lock)
        if lock.locked != was:
            a11y.hush(self.screen if lock.locked else None)
            self._window.cover(self.screen if lock.locked else None)
            if lock.locked:
                self.screen.focus_first()
            else:
                self.screen.forget()

    def close(self) -> None:
        """Let go; the lock itself goes on with the next window."""
        self._system.close()
        a11y.hush(None)

    def _check(self, password: str) -> None:
        async def check() -> None:
            try:
                await self._session.staff.unlock(password)
            except SessionError as error:
                self.lock.checked(error.code, error.retry_after_s)
            else:
                self.lock.checked(None)

        try:
            self._scope.spawn(check(), name="unlock")
        except ScopeClosedError:
            self.lock.checked(LocalProblem.SERVER_UNREACHABLE)

    def _ask(self, question: Coroutine[Any, Any, None], name: str) -> None:
        try:
            self._scope.spawn(question, name=name)
        except ScopeClosedError:
            question.close()

    def _switch_user(self) -> None:
        """The next person signs in: the session of the one before ends, for both would act in one name."""
        self._window.sign_in.next_person()
        self._intents.sign_out()


def _close_popups() -> None:
    """Menus and questions must not stand over the lock."""
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    while (dialog := QApplication.activeModalWidget()) is not None:
        if not dialog.close():
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.hide()
