"""The dark rail at the start side: where one is, who is signed in, and what belongs to the whole program."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout

from carena_desktop.ui.components.presence import PersonButton
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.labels import label, restyle
from carena_desktop.ui.widgets.marks import Mark

_WIDE = 206
_NARROW = 68
_BESIDE_WORDS = 20
"""Padding and the gap after the icon, in pixels."""


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
        room = self.width() - self.iconSize().width() - _BESIDE_WORDS - self.fontMetrics().horizontalAdvance("  ")
        shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, max(room, 1))
        self.set_action("" if self._folded else shown, icon, words)
        self.setToolTip(words if self._folded or shown != words else "")

    def fold(self, *, folded: bool, icon: str) -> None:
        """Show only the icon, or icon and words."""
        self._folded = folded
        restyle(self, "folded", "true" if folded else "false")
        self.set_words(self._full_words, icon)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the words to the new width."""
        super().resizeEvent(event)
        name = self.accessibleName()
        self.set_words(self._full_words, self.icon_name)
        self.setAccessibleName(name)


class Rail(QFrame):
    """Navigation and the program's own switches."""

    sound_requested = Signal(bool)
    sign_out_requested = Signal()
    devices_requested = Signal()
    lock_requested = Signal()
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
        self.sound = RailButton(theme, tr("Arrival chime on"), "volume-2")
        self.settings = RailButton(theme, tr("Settings"), "settings")
        self.lock = RailButton(theme, tr("Lock"), "lock")
        self.presence = PersonButton(theme)
        self._badge = QLabel()
        self._badge.setTextFormat(Qt.TextFormat.PlainText)
        self._badge.setProperty("role", "badge")
        self._badge.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._badge.hide()
        self._mark = Mark(theme, 27)
        self._brand = label("Carena", "brand")
        self._build()
        self.devices.clicked.connect(self.devices_requested)
        self.presence.chosen.connect(self.presence_requested)
        self.presence.sign_out.triggered.connect(self.sign_out_requested)
        self.sound.clicked.connect(self._flip_sound)
        self.lock.clicked.connect(self.lock_requested)
        self.fold(folded=False)

    def set_person(self, name: str, role: str, initials: str) -> None:
        """Show who is signed in."""
        self.presence.set_person(name, role, initials)

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
        self._brand.setVisible(not folded)
        self._brand_row.setContentsMargins(0 if folded else 6, 0, 0, 0)
        middle, start = Qt.AlignmentFlag.AlignCenter, Qt.AlignmentFlag.AlignVCenter
        self._brand_row.setAlignment(self._mark, middle if folded else start)
        self._badge.setVisible(not folded and bool(self._badge.text()) and self._badge.text() != "0")
        name = self.waiting_room.accessibleName()
        self.waiting_room.fold(folded=folded, icon="users-round")
        self.waiting_room.setAccessibleName(name)
        for button in (self.devices, self.sound, self.settings, self.lock):
            button.fold(folded=folded, icon=button.icon_name)
        self.presence.fold(folded=folded)
        self._render_switches()
        restyle(self, "folded", "true" if folded else "false")

    def _render_switches(self) -> None:
        icon, words = ("volume-2", tr("Arrival chime on")) if self._sound else ("volume-x", tr("Arrival chime off"))
        self.sound.set_words(words, icon)

    def _flip_sound(self) -> None:
        self.sound_requested.emit(not self._sound)

    def _build(self) -> None:
        self._brand_row = brand = QHBoxLayout()
        brand.setSpacing(10)
        brand.addWidget(self._mark)
        brand.addWidget(self._brand, 1)
        inside = QHBoxLayout(self.waiting_room)
        inside.setContentsMargins(0, 0, 10, 0)
        inside.addStretch(1)
        inside.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 18, 12, 16)
        column.setSpacing(4)
        column.addLayout(brand)
        column.addSpacing(14)
        column.addWidget(self.waiting_room)
        column.addStretch(1)
        for button in (self.devices, self.sound, self.settings, self.lock):
            column.addWidget(button)
        column.addSpacing(6)
        column.addWidget(self.presence)
