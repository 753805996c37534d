"""Saying whether one can be reached: available, busy or away, shown to colleagues and, in words, to patients."""

from typing import Final

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from carena_desktop.ui.i18n import tr, tr_marked
from carena_desktop.ui.queue_words import PRESENCES
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_protocol.rows import StaffPresence

ICONS: Final = {
    StaffPresence.AVAILABLE: "circle-check",
    StaffPresence.BUSY: "circle-minus",
    StaffPresence.AWAY: "clock",
    StaffPresence.OFFLINE: "wifi-off",
}
_OWN: Final = (StaffPresence.AVAILABLE, StaffPresence.BUSY, StaffPresence.AWAY)


class PresenceButton(ActionButton):
    """Shows the own presence by icon and word; its menu changes it."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", icon="circle-check", kind="rail")
        self._presence = StaffPresence.AVAILABLE
        self._folded = False
        self.setProperty("ground", "dark")
        self.setMinimumHeight(theme.px(40))
        self._menu = QMenu(self)
        for presence in _OWN:
            action = QAction(tr_marked(PRESENCES[presence]), self._menu)
            action.setData(presence.value)
            action.setCheckable(True)
            self._menu.addAction(action)
        self._menu.triggered.connect(lambda action: self.chosen.emit(action.data()))
        self.clicked.connect(self._open)
        self.show_presence(StaffPresence.AVAILABLE)

    @property
    def presence(self) -> StaffPresence:
        """What is shown."""
        return self._presence

    def show_presence(self, presence: StaffPresence) -> None:
        """Show what colleagues see."""
        self._presence = presence
        for action in self._menu.actions():
            action.setChecked(action.data() == presence.value)
        words = tr_marked(PRESENCES[presence])
        name = tr("Your presence: {presence}").format(presence=words)
        self.set_action("" if self._folded else words, ICONS[presence], name)
        self.setToolTip(name if self._folded else "")

    def _open(self) -> None:
        self._menu.popup(self.mapToGlobal(self.rect().topLeft()) - QPoint(0, self._menu.sizeHint().height()))

    def fold(self, *, folded: bool) -> None:
        """Show only the icon, or icon and word."""
        self._folded = folded
        self.show_presence(self._presence)
