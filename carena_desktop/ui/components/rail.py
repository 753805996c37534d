"""The dark rail at the start side: where one is, who is signed in, and what belongs to the whole program."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from carena_desktop.ui.components.presence import PresenceButton
from carena_desktop.ui.i18n import mark, tr, tr_marked
from carena_desktop.ui.theme import Appearance, Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.labels import ElidedLabel, label, restyle
from carena_desktop.ui.widgets.marks import Avatar, Mark

_WIDE = 206
_NARROW = 68
_APPEARANCE = {
    Appearance.SYSTEM: ("sun-moon", mark("Look: system")),
    Appearance.LIGHT: ("sun", mark("Look: light")),
    Appearance.DARK: ("moon", mark("Look: dark")),
    Appearance.HIGH_CONTRAST: ("contrast", mark("Look: high contrast")),
}
_NEXT = {
    Appearance.SYSTEM: Appearance.LIGHT,
    Appearance.LIGHT: Appearance.DARK,
    Appearance.DARK: Appearance.HIGH_CONTRAST,
    Appearance.HIGH_CONTRAST: Appearance.SYSTEM,
}


class RailButton(ActionButton):
    """An entry of the rail; folds to its icon, the words stay as name and tooltip."""

    def __init__(self, theme: Theme, words: str, icon: str) -> None:
        super().__init__(theme, words, icon=icon, kind="rail")
        self._full_words = words
        self._folded = False
        self.setProperty("ground", "dark")
        self.setMinimumHeight(theme.px(40))

    def set_words(self, words: str, icon: str) -> None:
        """Show another text and icon."""
        self._full_words = words
        self.set_action("" if self._folded else words, icon, words)
        self.setToolTip(words if self._folded else "")

    def fold(self, *, folded: bool, icon: str) -> None:
        """Show only the icon, or icon and words."""
        self._folded = folded
        self.set_words(self._full_words, icon)


class Rail(QFrame):
    """Navigation and the program's own switches."""

    appearance_requested = Signal(object)
    sound_requested = Signal(bool)
    sign_out_requested = Signal()
    devices_requested = Signal()
    presence_requested = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._folded = False
        self._sound = True
        self.setProperty("role", "rail")
        self.waiting_room = RailButton(theme, tr("Waiting room"), "users-round")
        self.waiting_room.setProperty("current", "true")
        self.waiting_room.setAccessibleName(tr("Show waiting room"))
        self.devices = RailButton(theme, tr("Check devices"), "video")
        self.appearance = RailButton(theme, "", "sun-moon")
        self.sound = RailButton(theme, tr("Arrival chime on"), "volume-2")
        self.settings = RailButton(theme, tr("Settings"), "settings")
        self.sign_out = RailButton(theme, tr("Sign out"), "log-out")
        self.presence = PresenceButton(theme)
        self._badge = QLabel()
        self._badge.setTextFormat(Qt.TextFormat.PlainText)
        self._badge.setProperty("role", "badge")
        self._badge.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._badge.hide()
        self._brand = label("Carena", "brand")
        self._person = ElidedLabel("", "strong")
        self._role = ElidedLabel("", "secondary")
        self._avatar = Avatar(theme, "", 34)
        self._build()
        self.devices.clicked.connect(self.devices_requested)
        self.presence.chosen.connect(self.presence_requested)
        self.appearance.clicked.connect(self._next_appearance)
        self.sound.clicked.connect(self._flip_sound)
        self.sign_out.clicked.connect(self.sign_out_requested)
        theme.changed.connect(self._render_switches)
        self.fold(folded=False)

    def set_person(self, name: str, role: str, initials: str) -> None:
        """Show who is signed in."""
        self._person.set_full_text(name)
        self._role.set_full_text(role)
        self._avatar.set_initials(initials)
        self._avatar.setToolTip(name)

    def set_waiting(self, count: int) -> None:
        """Show how many wait."""
        self._badge.setText(str(count))
        self._badge.setVisible(count > 0 and not self._folded)
        self.waiting_room.setAccessibleName(tr("Show waiting room, %n waiting", "", count))

    def set_sound(self, *, on: bool) -> None:
        """Show whether arrivals sound."""
        self._sound = on
        self._render_switches()

    def fold(self, *, folded: bool) -> None:
        """Fold to icons, or open."""
        self._folded = folded
        self.setFixedWidth(self._theme.px(_NARROW if folded else _WIDE))
        for words in (self._brand, self._person, self._role):
            words.setVisible(not folded)
        self._badge.setVisible(not folded and bool(self._badge.text()) and self._badge.text() != "0")
        name = self.waiting_room.accessibleName()
        self.waiting_room.fold(folded=folded, icon="users-round")
        self.waiting_room.setAccessibleName(name)
        self.sign_out.fold(folded=folded, icon="log-out")
        for button in (self.devices, self.appearance, self.sound, self.settings):
            button.fold(folded=folded, icon=button.icon_name)
        self.presence.fold(folded=folded)
        self._render_switches()
        restyle(self, "folded", "true" if folded else "false")

    def _render_switches(self) -> None:
        icon, words = _APPEARANCE[self._theme.appearance]
        self.appearance.set_words(tr_marked(words), icon)
        icon, words = ("volume-2", tr("Arrival chime on")) if self._sound else ("volume-x", tr("Arrival chime off"))
        self.sound.set_words(words, icon)

    def _next_appearance(self) -> None:
        self.appearance_requested.emit(_NEXT[self._theme.appearance])
        self._render_switches()

    def _flip_sound(self) -> None:
        self.sound_requested.emit(not self._sound)

    def _build(self) -> None:
        brand = QHBoxLayout()
        brand.setContentsMargins(6, 0, 0, 0)
        brand.setSpacing(10)
        brand.addWidget(Mark(self._theme, 27))
        brand.addWidget(self._brand, 1)
        inside = QHBoxLayout(self.waiting_room)
        inside.setContentsMargins(0, 0, 10, 0)
        inside.addStretch(1)
        inside.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignVCenter)
        who = QVBoxLayout()
        who.setSpacing(0)
        who.addWidget(self._person)
        who.addWidget(self._role)
        person = QWidget()
        row = QHBoxLayout(person)
        row.setContentsMargins(6, 6, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._avatar)
        row.addLayout(who, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 18, 12, 16)
        column.setSpacing(4)
        column.addLayout(brand)
        column.addSpacing(14)
        column.addWidget(self.waiting_room)
        column.addStretch(1)
        for button in (self.devices, self.appearance, self.sound, self.settings, self.sign_out):
            column.addWidget(button)
        column.addWidget(self.presence)
        column.addWidget(person)
