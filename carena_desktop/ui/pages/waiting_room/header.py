"""The top of the waiting room: title and rooms, search, connection, alerts, visit link, chips, sorting."""

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QIcon, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QTabBar, QVBoxLayout, QWidget

from carena_desktop.ui.i18n import locale, mark, tr, tr_marked
from carena_desktop.ui.pages.waiting_room.ordering import SortBy, Sorting
from carena_desktop.ui.pages.waiting_room.rows import Filter
from carena_desktop.ui.pages.waiting_room.tally import Counters
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.fields import Escape, IconLineEdit
from carena_desktop.ui.widgets.labels import ElidedLabel, Pill, label

CHIPS: Final = (
    (Filter.ALL, mark("All"), ""),
    (Filter.NEEDS_TRIAGE, mark("Needs triage"), "clipboard-list"),
    (Filter.READY, mark("Ready"), "circle-check"),
    (Filter.MINE, mark("Assigned to me"), "user-round"),
    (Filter.INTERPRETER, mark("Interpreter"), "languages"),
)
SORTS: Final = (
    (mark("Acuity, then wait"), Sorting(SortBy.ACUITY)),
    (mark("Longest wait first"), Sorting(SortBy.WAITING)),
    (mark("Shortest wait first"), Sorting(SortBy.WAITING, descending=True)),
    (mark("Name, A to Z"), Sorting(SortBy.PATIENT)),
    (mark("Name, Z to A"), Sorting(SortBy.PATIENT, descending=True)),
    (mark("Reason, A to Z"), Sorting(SortBy.REASON)),
    (mark("Reason, Z to A"), Sorting(SortBy.REASON, descending=True)),
    (mark("Status, earliest first"), Sorting(SortBy.STATUS)),
    (mark("Status, latest first"), Sorting(SortBy.STATUS, descending=True)),
    (mark("Device problems first"), Sorting(SortBy.DEVICE)),
    (mark("Device problems last"), Sorting(SortBy.DEVICE, descending=True)),
    (mark("Language, A to Z"), Sorting(SortBy.LANGUAGE)),
    (mark("Language, Z to A"), Sorting(SortBy.LANGUAGE, descending=True)),
    (mark("My patients first"), Sorting(SortBy.ASSIGNED)),
    (mark("My patients last"), Sorting(SortBy.ASSIGNED, descending=True)),
    (mark("Acuity, least urgent first"), Sorting(SortBy.ACUITY, descending=True)),
)
SNOOZES: Final = (5, 15, 30)
_GAP_PX: Final = 6
_CHIP_ICON_PX: Final = 15
_CHIP_GAP_PX: Final = 4
"""Between a tab's icon and its words, as Qt has it."""


class TitleBar(QWidget):
    """Title and room, search, connection in words, alerts, and the visit link."""

    room_chosen = Signal(str)
    snoozed = Signal(int)
    """Minutes; 0 ends it."""
    alerts_chosen = Signal(str, bool)
    """The name of a room, and whether its alerts are told here."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._clinic = ElidedLabel("", "secondary")
        self._rooms: tuple[tuple[str, str], ...] = ()
        self._room = ""
        self.room = ActionButton(theme, tr("All rooms"), icon="building-2", kind="link")
        self.room.setMinimumHeight(theme.px(24))
        self._room_menu = QMenu(self.room)
        self._room_menu.triggered.connect(lambda action: self.choose_room(action.data()))
        self.room.setMenu(self._room_menu)
        self.room.hide()
        self.search = IconLineEdit(theme, tr("Search"), "search", placeholder=tr("Search patient or reason"), height=36)
        self.search.setMaximumWidth(theme.px(300))
        self.escape = Escape()
        self.search.installEventFilter(self.escape)
        self.connection = Pill(theme)
        self.bell = ActionButton(theme, "", icon="bell", kind="ghost", name=tr("Alerts"))
        self._quiet = False
        self._alerts: tuple[tuple[str, bool], ...] = ()
        self._bell_menu = QMenu(self.bell)
        self._bell_menu.triggered.connect(self._bell_chosen)
        self.bell.setMenu(self._bell_menu)
        self.show_snooze(on=False)
        self.link = ActionButton(theme, tr("Copy visit link"), icon="link")
        names = QVBoxLayout()
        names.setSpacing(0)
        title = label(tr("Waiting room"), "title")
        title.setAccessibleName(tr("Waiting room of the clinic"))  # the table alone answers to the plain name
        names.addWidget(title)
        names.addWidget(self._clinic)
        names.addWidget(self.room, 0, Qt.AlignmentFlag.AlignLeading)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addLayout(names, 2)
        row.addWidget(self.search, 3)
        row.addWidget(self.connection)
        row.addWidget(self.bell)
        row.addWidget(self.link)

    @property
    def chosen_room(self) -> str:
        """The id of the room shown, empty for all."""
        return self._room

    def set_clinic(self, clinic: str) -> None:
        """Name the clinic."""
        self._clinic.set_full_text(clinic)

    def set_rooms(self, rooms: tuple[tuple[str, str], ...]) -> None:
        """Offer these rooms (id and name); with one there is nothing to choose."""
        if rooms == self._rooms:
            return
        self._rooms = rooms
        self._room_menu.clear()
        for room, name in (("", tr("All rooms")), *rooms):
            action = QAction(name, self._room_menu)
            action.setData(room)
            self._room_menu.addAction(action)
        many = len(rooms) > 1
        self.room.setVisible(many)
        self._clinic.setVisible(not many)
        if self._room not in {room for room, _ in rooms}:
            self.choose_room("")
        self._name_room()

    def choose_room(self, room: str) -> None:
        """Show one room, or all of them with ""."""
        if room != self._room:
            self._room = room
            self._name_room()
            self.room_chosen.emit(room)

    def show_snooze(self, *, on: bool) -> None:
        """Say whether alerts are quiet for a while, and offer the other."""
        self._quiet = on
        self._fill_bell()

    def set_alerts(self, rooms: tuple[tuple[str, bool], ...]) -> None:
        """Offer to be told of these rooms or not (name, and whether one is); of one alone there is no choice."""
        if rooms != self._alerts:
            self._alerts = rooms
            self._fill_bell()

    def _bell_chosen(self, action: QAction) -> None:
        if action.isCheckable():
            self.alerts_chosen.emit(action.data(), action.isChecked())
            self._fill_bell()  # with what is in force then, which may be what it was
        else:
            self.snoozed.emit(action.data())

    def _fill_bell(self) -> None:
        on = self._quiet
        self._bell_menu.clear()
        choices = [(0, tr("Alert me again"))] if on else []
        choices += [(minutes, tr("Quiet for %n minute(s)", "", minutes)) for minutes in SNOOZES]
        for minutes, words in choices:
            action = QAction(words, self._bell_menu)
            action.setData(minutes)
            self._bell_menu.addAction(action)
        if len(self._alerts) > 1:
            self._bell_menu.addSeparator()
            for name, told in self._alerts:
                action = QAction(tr("Tell me of {room}").format(room=name), self._bell_menu)
                action.setData(name)
                action.setCheckable(True)
                action.setChecked(told)
                self._bell_menu.addAction(action)
        self.bell.set_action("", "bell-off" if on else "bell", tr("Alerts are quiet") if on else tr("Alerts"))
        self.bell.setToolTip(self.bell.accessibleName())

    def _name_room(self) -> None:
        name = next((name for room, name in self._rooms if room == self._room), tr("All rooms"))
        self.room.set_action(name, "building-2", tr("Room: {name}").format(name=name))


class FilterBar(QWidget):
    """Chips with counts, and how the list is sorted."""

    filter_changed = Signal(object)
    sort_requested = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._tinted: tuple[bool, object] | None = None
        self._sorted = ""
        self.chips = QTabBar()
        self.chips.setProperty("role", "chips")
        self.chips.setAccessibleName(tr("Show"))
        self.chips.setDrawBase(False)
        self.chips.setExpanding(False)
        self.chips.setUsesScrollButtons(True)
        self.chips.setElideMode(Qt.TextElideMode.ElideNone)
        for _, words, _ in CHIPS:
            self.chips.addTab(tr_marked(words))
        self.chips.currentChanged.connect(self._chip_chosen)
        self.sort = ActionButton(theme, "", icon="arrow-up-down", kind="ghost")
        self._menu = QMenu(self.sort)
        group = QActionGroup(self._menu)
        for marked, sorting in SORTS:
            action = QAction(tr_marked(marked), self._menu)
            action.setData(sorting)
            action.setCheckable(True)
            group.addAction(action)
            self._menu.addAction(action)
        self._menu.triggered.connect(lambda action: self.sort_requested.emit(action.data()))
        self.sort.setMenu(self._menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP_PX)
        self.gone = ActionButton(theme, "", icon="door-open", kind="ghost")
        self.gone.hide()
        row.addWidget(self.chips, 1)
        row.addWidget(self.gone)
        row.addWidget(self.sort)
        theme.changed.connect(self._fit)
        self.set_sort(SORTS[0][1])

    def set_counts(self, now: Counters) -> None:
        """Show the counts in the chips."""
        for at, (chosen, marked, _) in enumerate(CHIPS):
            words = f"{tr_marked(marked)}  {locale().toString(now.by_filter.get(chosen, 0))}"
            if self.chips.tabText(at) != words:
                self.chips.setTabText(at, words)
        self._fit()

    def show_gone(self, count: int) -> None:
        """Offer to call back whoever is gone, where somebody is."""
        words = tr("%n patient(s) gone, to call back", "", count)
        self.gone.set_action(locale().toString(count), "door-open", words)
        self.gone.setToolTip(words)
        self.gone.setVisible(count > 0)
        self._fit()

    def set_sort(self, sorting: Sorting) -> None:
        """Say how the list is sorted."""
        self._sorted = next(tr_marked(marked) for marked, known in SORTS if known == sorting)
        self._fit()
        for action in self._menu.actions():
            action.setChecked(action.data() == sorting)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the chips' icons out where there is no room for them, and then the words of the sorting."""
        super().resizeEvent(event)
        self._fit()

    def _chip_chosen(self, at: int) -> None:
        self.filter_changed.emit(CHIPS[at][0])

    def _fit(self) -> None:
        side = self._theme.px(_CHIP_ICON_PX)
        icons = sum(side + _CHIP_GAP_PX for _, _, icon in CHIPS if icon)
        bare = self.chips.sizeHint().width() - (icons if self._tinted is not None and self._tinted[0] else 0)
        self._name_sort(worded=True)
        beside = self.sort.sizeHint().width() + (self.gone.sizeHint().width() if not self.gone.isHidden() else 0)
        room = self.width() - beside - 2 * _GAP_PX
        if bare > room:
            self._name_sort(worded=False)
        self._tint(roomy=bare + icons <= room)

    def _name_sort(self, *, worded: bool) -> None:
        words = tr("Sort: {order}").format(order=self._sorted)
        self.sort.set_action(self._sorted if worded else "", "arrow-up-down", words)
        self.sort.setToolTip("" if worded else words)

    def _tint(self, *, roomy: bool) -> None:
        side = self._theme.px(_CHIP_ICON_PX)
        self.chips.setIconSize(QSize(side, side))
        if (roomy, self._theme.tokens) == self._tinted:
            return
        self._tinted = (roomy, self._theme.tokens)
        for at, (_, _, icon) in enumerate(CHIPS):
            icons = self._theme.icon(icon, "text2", _CHIP_ICON_PX) if icon and roomy else QIcon()
            self.chips.setTabIcon(at, icons)
