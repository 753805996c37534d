"""The cards with numbers above the table."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from carena_desktop.ui import text
from carena_desktop.ui.i18n import locale, tr
from carena_desktop.ui.pages.waiting_room.tally import Counters
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.labels import ElidedLabel, IconLabel, label, restyle

NOTHING = "\u2013"


class CounterCard(QFrame):
    """One number with its caption and unit; an alarm is said by tint, icon and unit."""

    def __init__(self, theme: Theme, caption: str, icon: str) -> None:
        super().__init__()
        self._caption = caption
        self._icon = icon
        self.setProperty("role", "card")
        self._number = label(NOTHING, "number")
        self._number.setFont(theme.font(22, tabular=True))
        self._unit = ElidedLabel("", "number-unit")
        figures = QHBoxLayout()
        figures.setSpacing(7)
        figures.addWidget(self._number)
        figures.addWidget(self._unit, 1, Qt.AlignmentFlag.AlignBottom)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(ElidedLabel(caption, "secondary"))
        words.addLayout(figures)
        self._mark = IconLabel(theme, icon, "text2", 19)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 9)
        row.addLayout(words, 1)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignVCenter)

    def set(self, number: str, unit: str, spoken: str, *, alarm: bool = False) -> None:
        """Show a number; ``spoken`` is what a screen reader says for it."""
        if number != self._number.text():
            self._number.setText(number)
        if unit != self._unit.full_text():
            self._unit.set_full_text(unit)
        name = f"{self._caption}: {spoken}"
        if name != self.accessibleName():
            self.setAccessibleName(name)
        tone = "danger" if alarm else ""
        for part in (self._number, self._unit):
            restyle(part, "tone", tone)
        self._mark.set_icon("octagon-alert" if alarm else self._icon, "danger" if alarm else "text2")

    @property
    def number(self) -> str:
        """The number as shown."""
        return self._number.text()

    @property
    def unit(self) -> str:
        """The words beside it."""
        return self._unit.full_text()


class CounterRow(QWidget):
    """Waiting, over target, median wait, in visit, staff on; in three columns, or two, when narrow."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.waiting = CounterCard(theme, tr("Waiting"), "users-round")
        self.over = CounterCard(theme, tr("Over target"), "clock-alert")
        self.median = CounterCard(theme, tr("Median wait"), "clock")
        self.in_visit = CounterCard(theme, tr("In visit"), "video")
        self.staff = CounterCard(theme, tr("Staff on"), "stethoscope")
        self._cards = (self.waiting, self.over, self.median, self.in_visit, self.staff)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(10)
        self._columns = 0
        self.arrange(len(self._cards))

    def arrange(self, columns: int) -> None:
        """Lay the cards out in so many columns."""
        if columns == self._columns:
            return
        self._columns = columns
        for at, card in enumerate(self._cards):
            self._grid.addWidget(card, at // columns, at % columns)
        for at in range(len(self._cards)):
            self._grid.setColumnStretch(at, 1 if at < columns else 0)

    def show_counters(self, now: Counters, *, alarm: bool = False) -> None:
        """Show the numbers; ``alarm``: more wait, or longer, than the room's settings allow."""
        number = locale().toString
        self.waiting.set(
            number(now.waiting),
            tr("patient(s)", "the unit beside a large number", now.waiting),
            tr("%n patient(s)", "", now.waiting),
            alarm=alarm,
        )
        words = tr("of {number}").format(number=number(now.waiting)) if now.over_target else ""
        self.over.set(
            number(now.over_target), words, tr("%n patient(s)", "", now.over_target), alarm=now.over_target > 0
        )
        if now.median_s is None or now.longest_s is None:
            self.median.set(NOTHING, "", tr("nobody waits"))
        else:
            longest = tr("longest {time}")
            spoken = f"{text.duration_words(now.median_s)}, {longest.format(time=text.duration_words(now.longest_s))}"
            self.median.set(text.clock_time(now.median_s), tr("now"), spoken)
        held = tr("%n on hold", "", now.on_hold)
        self.in_visit.set(number(now.in_visit), held if now.on_hold else "", f"{number(now.in_visit)}, {held}")

    def show_staff(self, on: int, available: int, colleagues: str = "") -> None:
        """Show how many colleagues are signed in, and how many of them are free; who, when it is pointed at."""
        self.staff.setToolTip(colleagues)
        self.staff.setAccessibleDescription(colleagues.replace("\n", "; "))
        words = tr("%n available", "", available)
        self.staff.set(locale().toString(on), words, f"{locale().toString(on)}, {words}")
