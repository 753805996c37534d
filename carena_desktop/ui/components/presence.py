"""Who is signed in, and saying whether one can be reached: available, busy or away.

Presence is shown to colleagues and, in words, to patients.
"""

from typing import Final

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from carena_desktop.ui.i18n import tr, tr_marked
from carena_desktop.ui.queue_words import PRESENCES
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.labels import ElidedLabel, IconLabel, restyle
from carena_desktop.ui.widgets.marks import Avatar
from carena_protocol.rows import StaffPresence

_OWN: Final = (StaffPresence.AVAILABLE, StaffPresence.BUSY, StaffPresence.AWAY)
_DOTS: Final = {StaffPresence.AVAILABLE: ("live", ""), StaffPresence.BUSY: ("rail_text", "bar")}
"""Colour, and what is drawn in it; every other presence is a ring."""
_DISC: Final = 34


class _Face(Avatar):
    """The initials with a dot for the presence; the word stands beside it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", _DISC)
        self._presence = StaffPresence.AVAILABLE

    def show_presence(self, presence: StaffPresence) -> None:
        """Draw the dot of a presence: full, barred or a ring, so that colour says nothing alone."""
        self._presence = presence
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the initials, then the dot with an edge of the rail's colour."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = self._theme.px(11)
        left = 1 if self.isRightToLeft() else self.width() - side - 1
        box = QRectF(left, self.height() - side - 1, side, side)
        token, inside = _DOTS.get(self._presence, ("rail_text2", "ring"))
        rail = self._theme.color("rail")
        painter.setPen(QPen(rail, 2))
        painter.setBrush(self._theme.color(token))
        painter.drawEllipse(box)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(rail)
        if inside == "bar":
            painter.drawRect(box.adjusted(side * 0.25, side * 0.42, -side * 0.25, -side * 0.42))
        elif inside == "ring":
            painter.drawEllipse(box.adjusted(side * 0.3, side * 0.3, -side * 0.3, -side * 0.3))
        painter.end()


class PersonButton(ActionButton):
    """Shows name and own presence, by dot and word; its menu changes the presence, and signs out."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", kind="rail")
        self._presence = StaffPresence.AVAILABLE
        self._folded = False
        self._who = ""
        self.setProperty("ground", "dark")
        self.setMinimumHeight(theme.px(50))
        self._face = _Face(theme)
        self._person = ElidedLabel("", "strong")
        self._state = ElidedLabel("", "secondary")
        self._beside = QWidget()
        self._chevron = IconLabel(theme, "chevron-up", "rail_text2", 16)
        self._menu = QMenu(self)
        self._levels: list[QAction] = []
        for presence in _OWN:
            action = QAction(tr_marked(PRESENCES[presence]), self._menu)
            action.setData(presence.value)
            action.setCheckable(True)
            action.triggered.connect(lambda _checked=False, value=presence.value: self.chosen.emit(value))
            self._menu.addAction(action)
            self._levels.append(action)
        self._menu.addSeparator()
        self.sign_out = QAction(tr("Sign out"), self._menu)
        self._menu.addAction(self.sign_out)
        theme.changed.connect(self._tint_menu)
        self._tint_menu()
        self._build()
        self.clicked.connect(self._open)
        self.show_presence(StaffPresence.AVAILABLE)

    @property
    def presence(self) -> StaffPresence:
        """What is shown."""
        return self._presence

    def set_person(self, name: str, role: str, initials: str) -> None:
        """Show who is signed in."""
        self._person.set_full_text(name)
        self._face.set_initials(initials)
        self._who = ", ".join(part for part in (name, role) if part)
        self._describe()

    def show_presence(self, presence: StaffPresence) -> None:
        """Show what colleagues see."""
        self._presence = presence
        for action in self._levels:
            action.setChecked(action.data() == presence.value)
        self._state.set_full_text(tr_marked(PRESENCES[presence]))
        self._face.show_presence(presence)
        self._describe()

    def fold(self, *, folded: bool) -> None:
        """Show only the initials, or who and what."""
        self._folded = folded
        self._beside.setVisible(not folded)
        row = self.layout()
        if row is not None:
            row.setContentsMargins(0 if folded else 6, 0, 0 if folded else 6, 0)
            middle, start = Qt.AlignmentFlag.AlignCenter, Qt.AlignmentFlag.AlignVCenter
            row.setAlignment(self._face, middle if folded else start)
        restyle(self, "folded", "true" if folded else "false")

    def _describe(self) -> None:
        words = tr("Your presence: {presence}").format(presence=tr_marked(PRESENCES[self._presence]))
        self.setAccessibleName(words)
        self.setAccessibleDescription(self._who)
        self.setToolTip(f"{self._who}\n{words}" if self._who else words)

    def _open(self) -> None:
        self._menu.popup(self.mapToGlobal(self.rect().topLeft()) - QPoint(0, self._menu.sizeHint().height() + 4))

    def _tint_menu(self) -> None:
        self.sign_out.setIcon(self._theme.icon("log-out", "text2", 16))

    def _build(self) -> None:
        below = QHBoxLayout()
        below.setSpacing(4)
        below.addWidget(self._state, 1)
        below.addWidget(self._chevron)
        who = QVBoxLayout(self._beside)
        who.setContentsMargins(0, 0, 0, 0)
        who.setSpacing(0)
        who.addWidget(self._person)
        who.addLayout(below)
        row = QHBoxLayout(self)
        row.setSpacing(9)
        row.addWidget(self._face)
        row.addWidget(self._beside, 1, Qt.AlignmentFlag.AlignVCenter)
        for part in (self._face, self._beside):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.fold(folded=False)
