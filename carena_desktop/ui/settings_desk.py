"""Acts on what the settings say, and opens their page.

Colours, sounds and keys change at once. Language and size of text need a new window, which whoever owns the window
makes when no visit runs: ``refit_requested``.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QLocale, QObject, Signal

from carena_desktop.policy.resolve import Policies
from carena_desktop.session.ports import SessionPort
from carena_desktop.tasks import TaskScope
from carena_desktop.ui import i18n
from carena_desktop.ui.account_desk import AccountDesk
from carena_desktop.ui.alert_outputs import Where, fits
from carena_desktop.ui.alerts import NAMES
from carena_desktop.ui.commands import Command
from carena_desktop.ui.i18n import mark, tr, tr_marked
from carena_desktop.ui.letters import Letters
from carena_desktop.ui.main_window import MainWindow
from carena_desktop.ui.pages.account.section import AccountSection
from carena_desktop.ui.pages.settings import sections
from carena_desktop.ui.pages.settings.page import SheetPage
from carena_desktop.ui.preferences import Preferences
from carena_desktop.ui.theme import Appearance, Theme

LANGUAGE: Final = 3
ACCOUNT: Final = 4
"""Places among the sections."""
_LOOKS: Final = {
    Appearance.SYSTEM: mark("Look: system"),
    Appearance.LIGHT: mark("Look: light"),
    Appearance.DARK: mark("Look: dark"),
    Appearance.HIGH_CONTRAST: mark("Look: high contrast"),
}
Tables = Callable[[], tuple[tuple[str, tuple[Command, ...]], ...]]


def wanted_language(policies: Policies) -> str:
    """Return the language that the policies and the system ask for."""
    return i18n.language_for(policies.text("Language"), QLocale.system().uiLanguages())


class SettingsDesk(QObject):
    """The settings of one window.

    Args:
        window: Whose sheet the page becomes.
        preferences: What is in force.
        version: The program's.
        tables: Every key by page, for the list of shortcuts.
    """

    refit_requested = Signal()

    def __init__(
        self,
        window: MainWindow,
        theme: Theme,
        preferences: Preferences,
        *,
        version: str,
        tables: Tables,
        session: SessionPort,
        scope: TaskScope,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._preferences = preferences
        self._version = version
        self._tables = tables
        self._page: SheetPage | None = None
        self._session = session
        self.account = AccountSection(theme)
        window.destroyed.connect(self.account.deleteLater)  # it belongs to nobody until the settings are opened
        self.account_desk = AccountDesk(self.account, session, scope)
        self._built_for = self._shape(preferences.policies)
        preferences.changed.connect(self.apply)
        window.waiting_room.rail.settings.clicked.connect(self._open_first)
        window.waiting_room.title.alerts_chosen.connect(self._alerts_chosen)
        window.waiting_room.rail.sound_requested.connect(lambda on: preferences.set("ArrivalSound", on))
        self.apply(preferences.policies)

    @property
    def page(self) -> SheetPage | None:
        """The page, once it was opened."""
        return self._page

    def apply(self, policies: Policies) -> None:
        """Act on what is in force now."""
        self._theme.set_appearance(Appearance(policies.text("Appearance")))
        Letters.on = policies.switch("SingleLetterKeys")
        sound = policies.switch("ArrivalSound")
        self._window.notice.set_sound(sound)
        silent = policies.items("SilentAlerts") or ()
        self._window.notice.set_silent(frozenset(kind for kind, name in NAMES.items() if name in silent))
        self._window.notice.set_outputs(Where(policies.text("AlertOutputs")), policies.items("AlertDevices") or ())
        if self._window.waiting_room.quieten(policies.items("QuietRooms") or ()):
            self._window.watch.rooms_chosen()
        self._window.waiting_room.rail.set_sound(on=sound)
        self._window.waiting_room.table.set_compact(on=policies.switch("CompactRows"))
        if self._shape(policies) != self._built_for:
            self.refit_requested.emit()

    def _alerts_chosen(self, room: str, told: bool) -> None:  # noqa: FBT001 - a slot
        line = self._preferences.line("QuietRooms")
        if line.locked:
            self._window.waiting_room.show_message(tr("Your organization decides which rooms alert you here."), "warn")
            return
        others = tuple(name for name in self._preferences.policies.items("QuietRooms") or () if not fits(room, name))
        self._preferences.set("QuietRooms", (others if told else (*others, room)) or None)

    @property
    def shown_section(self) -> int | None:
        """Which section is on screen, None while the settings aren't."""
        return self._page.section if self._page is not None and self._window.sheet is self._page else None

    def _open_first(self) -> None:
        self.open()

    def open(self, section: int = 0) -> None:
        """Show the settings, at a section."""
        if self._page is None:
            self._page = self._make()
            self._page.section_shown.connect(self._section_shown)
            self._page.leave_requested.connect(self.put_away)
            self._window.add_cover(self._page)
        self._page.show_section(section)
        self._section_shown(section)
        self._window.show_sheet(self._page)

    def put_away(self) -> None:
        """Close the settings where they are open, and forget what was typed."""
        self.account.forget()
        if self._page is not None and self._window.sheet is self._page:
            self._window.show_sheet(None)

    def open_account(self) -> None:
        """Show one's own account."""
        self.open(ACCOUNT)

    def looks(self) -> tuple[Command, ...]:
        """Return what changes the look, for the palette: each but the one that is on, none where IT has decided."""
        return tuple(
            Command(
                tr_marked(words),
                partial(self._preferences.set, "Appearance", look.value),
                allowed=partial(self._may_become, look),
            )
            for look, words in _LOOKS.items()
        )

    def _may_become(self, look: Appearance) -> bool:
        return look is not self._theme.appearance and not self._preferences.line("Appearance").locked

    def _section_shown(self, section: int) -> None:
        signed_in = self._session.snapshot.account is not None
        self.account.setEnabled(signed_in)
        if section == ACCOUNT and signed_in:
            self.account_desk.refresh()
        else:
            self.account.forget()

    def _make(self) -> SheetPage:
        theme, preferences, play = self._theme, self._preferences, self._window.notice.try_sound
        parts = (
            (
                "bell",
                tr("Notifications and sounds"),
                sections.notifications(theme, preferences, play),
            ),
            ("palette", tr("Appearance"), sections.appearance(theme, preferences)),
            ("keyboard", tr("Shortcuts"), sections.shortcuts(theme, preferences, self._tables())),
            ("languages", tr("Language"), sections.language(theme, preferences)),
            ("user-round", tr("Account"), self.account),
            ("shield-check", tr("Privacy"), sections.privacy(theme, preferences)),
            ("info", tr("About"), sections.about(theme, preferences, self._version)),
        )
        return SheetPage(theme, tr("Settings"), parts)

    def _shape(self, policies: Policies) -> tuple[str, int]:
        """What a window is laid out for."""
        return wanted_language(policies), policies.number("TextSizePercent")
