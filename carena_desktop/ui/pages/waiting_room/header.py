"""The top of the waiting room: title, search, connection, counters, chips, sorting."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QMenu, QTabBar, QVBoxLayout, QWidget

from carena_desktop.ui import text
from carena_desktop.ui.i18n import locale, mark, tr, tr_marked
from carena_desktop.ui.pages.waiting_room.table_model import Column
from carena_desktop.ui.pages.waiting_room.view_model import Counters, Filter
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.fields import Escape, IconLineEdit
from carena_desktop.ui.widgets.labels import ElidedLabel, IconLabel, Pill, label

FILTERS = (Filter.ALL, Filter.WAITING, Filter.IN_VISIT)
_FILTER_WORDS = {Filter.ALL: mark("All"), Filter.WAITING: mark("Waiting"), Filter.IN_VISIT: mark("In visit")}
NOTHING = "\u2013"
_ASCENDING, _DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
SORTS = (
    (mark("Longest wait first"), Column.WAITING, _DESCENDING),
    (mark("Shortest wait first"), Column.WAITING, _ASCENDING),
    (mark("Name, A to Z"), Column.PATIENT, _ASCENDING),
    (mark("Name, Z to A"), Column.PATIENT, _DESCENDING),
    (mark("Reason, A to Z"), Column.REASON, _ASCENDING),
    (mark("Reason, Z to A"), Column.REASON, _DESCENDING),
    (mark("Waiting before in visit"), Column.STATUS, _ASCENDING),
    (mark("In visit before waiting"), Column.STATUS, _DESCENDING),
)


class TitleBar(QWidget):
    """Title and clinic, search, connection in words, and the visit link."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._clinic = ElidedLabel("", "secondary")
        self.search = IconLineEdit(theme, tr("Search"), "search", placeholder=tr("Search patient or reason"), height=36)
        self.search.setMaximumWidth(theme.px(300))
        self.escape = Escape()
        self.search.installEventFilter(self.escape)
        self.connection = Pill(theme)
        self.link = ActionButton(theme, tr("Copy visit link"), icon="link")
        names = QVBoxLayout()
        names.setSpacing(0)
        title = label(tr("Waiting room"), "title")
        title.setAccessibleName(tr("Waiting room of the clinic"))  # the table alone answers to the plain name
        names.addWidget(title)
        names.addWidget(self._clinic)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addLayout(names, 2)
        row.addWidget(self.search, 3)
        row.addWidget(self.connection)
        row.addWidget(self.link)

    def set_clinic(self, clinic: str) -> None:
        """Name the clinic."""
        self._clinic.set_full_text(clinic)


class CounterCard(QFrame):
    """One number with its caption and unit."""

    def __init__(self, theme: Theme, caption: str, icon: str) -> None:
        super().__init__()
        self._caption = caption
        self.setProperty("role", "card")
        self._number = label(NOTHING, "number")
        self._number.setFont(theme.font(22, tabular=True))
        self._unit = label("", "number-unit")
        figures = QHBoxLayout()
        figures.setSpacing(7)
        figures.addWidget(self._number)
        figures.addWidget(self._unit, 1, Qt.AlignmentFlag.AlignBottom)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(label(caption, "secondary"))
        words.addLayout(figures)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 9)
        row.addLayout(words, 1)
        row.addWidget(IconLabel(theme, icon, "text2", 19), 0, Qt.AlignmentFlag.AlignVCenter)

    def set(self, number: str, unit: str, spoken: str) -> None:
        """Show a number; ``spoken`` is what a screen reader says for it."""
        if number != self._number.text() or unit != self._unit.text():
            self._number.setText(number)
            self._unit.setText(unit)
            self.setAccessibleName(f"{self._caption}: {spoken}")

    @property
    def number(self) -> str:
        """The number as shown."""
        return self._number.text()


class CounterRow(QWidget):
    """Waiting, in visit, longest and median wait; two by two when narrow."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.waiting = CounterCard(theme, tr("Waiting"), "users-round")
        self.in_visit = CounterCard(theme, tr("In visit"), "video")
        self.longest = CounterCard(theme, tr("Longest wait"), "timer")
        self.median = CounterCard(theme, tr("Median wait"), "clock")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        self._columns = 0
        self.arrange(4)

    def arrange(self, columns: int) -> None:
        """Lay the cards out in 4 or 2 columns."""
        if columns == self._columns:
            return
        self._columns = columns
        for at, card in enumerate((self.waiting, self.in_visit, self.longest, self.median)):
            self._grid.addWidget(card, at // columns, at % columns)
        for at in range(4):
            self._grid.setColumnStretch(at, 1 if at < columns else 0)

    def show_counters(self, now: Counters) -> None:
        """Show the numbers."""
        self.waiting.set(
            locale().toString(now.waiting),
            tr("patient(s)", "the unit beside a large number", now.waiting),
            tr("%n patient(s)", "", now.waiting),
        )
        in_visit = locale().toString(now.in_visit)
        self.in_visit.set(in_visit, tr("now"), tr("{number} now").format(number=in_visit))
        for card, seconds in ((self.longest, now.longest_s), (self.median, now.median_s)):
            if seconds is None:
                card.set(NOTHING, "", tr("nobody waits"))
            else:
                card.set(text.clock_time(seconds), tr("now"), text.duration_words(seconds))


class FilterBar(QWidget):
    """Chips with counts, and how the list is sorted."""

    filter_changed = Signal(object)
    sort_requested = Signal(int, object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.chips = QTabBar()
        self.chips.setProperty("role", "chips")
        self.chips.setAccessibleName(tr("Show"))
        self.chips.setDrawBase(False)
        self.chips.setExpanding(False)
        self.chips.setUsesScrollButtons(False)
        self.chips.setElideMode(Qt.TextElideMode.ElideNone)
        for chosen in FILTERS:
            self.chips.addTab(tr_marked(_FILTER_WORDS[chosen]))
        self.chips.currentChanged.connect(self._chip_chosen)
        first = tr_marked(SORTS[0][0])
        name = tr("Sort: {order}").format(order=first)
        self.sort = ActionButton(theme, first, icon="arrow-up-down", kind="ghost", name=name)
        self._menu = QMenu(self.sort)
        for words, column, order in SORTS:
            action = QAction(tr_marked(words), self._menu)
            action.setData((int(column), order))
            self._menu.addAction(action)
        self._menu.triggered.connect(self._sort_chosen)
        self.sort.setMenu(self._menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.chips)
        row.addStretch(1)
        row.addWidget(self.sort)

    def set_counts(self, now: Counters) -> None:
        """Show the counts in the chips."""
        counts = {Filter.ALL: now.waiting + now.in_visit, Filter.WAITING: now.waiting, Filter.IN_VISIT: now.in_visit}
        for at, chosen in enumerate(FILTERS):
            words = f"{tr_marked(_FILTER_WORDS[chosen])}  {locale().toString(counts[chosen])}"
            if self.chips.tabText(at) != words:
                self.chips.setTabText(at, words)

    def set_sort(self, column: Column, order: Qt.SortOrder) -> None:
        """Say how the list is sorted."""
        words = tr_marked(next(words for words, *key in SORTS if key == [column, order]))
        self.sort.set_action(words, "arrow-up-down", tr("Sort: {order}").format(order=words))

    def _chip_chosen(self, at: int) -> None:
        self.filter_changed.emit(FILTERS[at])

    def _sort_chosen(self, action: QAction) -> None:
        column, order = action.data()
        self.sort_requested.emit(column, order)
