"""Owns the window, and makes it anew where it can't change in place: for another language or size of text.

The lock, the services and the settings live on; a running visit is waited for.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from carena_desktop.call.model import CallState
from carena_desktop.call.ports import CallPort
from carena_desktop.clock import Clock
from carena_desktop.policy.resolve import Policies
from carena_desktop.session.ports import SessionPort
from carena_desktop.tasks import TaskScope
from carena_desktop.ui import i18n
from carena_desktop.ui.bridge import Bridge
from carena_desktop.ui.intents import Intents
from carena_desktop.ui.lock.desk import LockDesk
from carena_desktop.ui.main_window import MainWindow
from carena_desktop.ui.preferences import Preferences
from carena_desktop.ui.settings_desk import wanted_language
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.workspace import Parts, Workspace


@dataclass(frozen=True, slots=True)
class Household:
    """What every window of the program is joined to."""

    theme: Theme
    session: SessionPort
    call: CallPort
    bridge: Bridge
    intents: Intents
    scope: TaskScope
    preferences: Preferences
    lock: LockDesk
    clock: Clock
    version: str


def shape(policies: Policies, theme: Theme) -> None:
    """Turn on language and size of text for windows that are made from now on."""
    i18n.use(wanted_language(policies))
    theme.set_text_percent(policies.number("TextSizePercent"))


class WindowKeeper(QObject):
    """Makes the window, joins it, and replaces it.

    Args:
        make_window: Makes a bare one.
        house: What it is joined to.
    """

    close_requested = Signal()
    replaced = Signal(object)
    """Another window took the place of the one before."""

    closing = Signal(object)
    """The window goes now, whoever asked for it: the person, or the system at the end of its session."""

    def __init__(self, make_window: Callable[[], MainWindow], house: Household) -> None:
        super().__init__()
        self._make_window = make_window
        self._house = house
        self._due = False
        self._closed = False
        self.window, self.workspace = self._make()
        house.bridge.call_changed.connect(self._when_possible)

    def close(self) -> None:
        """Close the window for real."""
        self._closed = True
        self.closing.emit(self.window)
        self.workspace.close()
        self._house.lock.close()
        self._house.preferences.close()
        self.window.allow_close()

    def _make(self) -> tuple[MainWindow, Workspace]:
        house, window = self._house, self._make_window()
        parts = Parts(
            window,
            house.theme,
            house.session,
            house.bridge,
            house.intents,
            house.scope,
            house.preferences,
            house.version,
        )
        workspace = Workspace(parts, house.lock, house.clock.wall_ms)
        workspace.settings.refit_requested.connect(self._refit)
        window.connect_to(house.bridge, house.intents)
        window.close_requested.connect(self.close_requested)
        window.render_session(house.session.snapshot)
        window.render_call(house.call.snapshot)
        workspace.render_all(house.session.snapshot, house.call.snapshot, house.lock.snapshot)
        return window, workspace

    def _refit(self) -> None:
        self._due = True
        self._when_possible()

    def _when_possible(self, _snapshot: object = None) -> None:
        runs = self._house.call.snapshot.state not in {CallState.IDLE, CallState.ENDED}
        if not self._due or self._closed or runs:
            return
        self._due = False
        shape(self._house.preferences.policies, self._house.theme)
        before, section = self.window, self.workspace.settings.shown_section
        self.workspace.close()
        self.window, self.workspace = self._make()
        self.window.setGeometry(before.geometry())
        self.window.setWindowState(before.windowState())
        self.replaced.emit(self.window)
        if before.isVisible():
            self.window.show()
        before.allow_close()
        before.deleteLater()
        if section is not None and not self._house.lock.snapshot.locked:
            self.workspace.settings.open(section)
