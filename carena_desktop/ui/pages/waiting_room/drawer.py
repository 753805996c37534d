"""The panel about the selected patient, with what can be done."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from carena_desktop.ui import text
from carena_desktop.ui.i18n import mark, tr, tr_marked
from carena_desktop.ui.pages.waiting_room.view_model import PILLS, Offer, Row, Status
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.labels import IconLabel, Pill, label
from carena_desktop.ui.widgets.marks import Avatar, Divider
from carena_desktop.ui.widgets.scrolling import vertical_scroll

WIDTH = 312
_FACTS = (
    ("time", "clock", mark("Waiting")),
    ("place", "users-round", mark("Place in line")),
    ("checked_in", "log-in", mark("Checked in")),
    ("page", "globe", mark("Patient's page")),
    ("with", "stethoscope", mark("With")),
)


class Drawer(QFrame):
    """Shows one row; emits what the person wants for it."""

    start_requested = Signal(str)
    finish_requested = Signal(str)
    close_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._row: Row | None = None
        self.setProperty("role", "drawer")
        self.setAccessibleName(tr("Patient details"))
        self.setFixedWidth(theme.px(WIDTH))
        self._avatar = Avatar(theme, "", 40)
        self._name = label("", "heading", wrap=True)
        self._about = label("", "secondary", wrap=True)
        self._pill = Pill(theme)
        self._reason = label("", "quote", wrap=True)
        self._values: dict[str, QLabel] = {}
        self._facts: dict[str, QWidget] = {}
        self._captions: dict[str, QLabel] = {}
        self.start = ActionButton(theme, tr("Start visit"), icon="video", kind="primary", large=True)
        self.finish = ActionButton(theme, tr("Finish visit"), icon="circle-check")
        self.close_button = ActionButton(theme, "", icon="x", kind="ghost", name=tr("Close details"))
        self._content = QWidget()
        self._nobody = label(tr("Select a patient to see the details."), "secondary", wrap=True)
        self._nobody.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._build(theme)
        self.start.clicked.connect(self._start)
        self.finish.clicked.connect(self._finish)
        self.close_button.clicked.connect(self.close_requested)
        self.close_button.hide()
        self.show_row(None, place=None, elapsed_s=0.0, fresh=False, starting=False)

    @property
    def row(self) -> Row | None:
        """The patient shown."""
        return self._row

    def show_row(self, row: Row | None, *, place: int | None, elapsed_s: float, fresh: bool, starting: bool) -> None:
        """Show a patient; ``fresh`` is whether anything may be started now, ``starting`` whether it is under way."""
        self._row = row
        self._scroll.setVisible(row is not None)
        self._nobody.setVisible(row is None)
        self.finish.setVisible(row is not None and row.offer is Offer.REJOIN)
        offer = row.offer if row is not None else Offer.NOTHING
        words = tr("Rejoin visit") if offer is Offer.REJOIN else tr("Start visit")
        self.start.set_action(tr("Starting…") if starting else words, "video", words)
        self.start.setEnabled(fresh and not starting and offer is not Offer.NOTHING)
        self.finish.setEnabled(fresh and not starting)
        if row is None:
            return
        self._avatar.set_initials(text.initials(row.name))
        self._name.setText(text.isolate(row.name))
        self._about.setText(row.about)
        pill = PILLS[row.status]
        self._pill.set(pill.icon, tr_marked(pill.word), pill.tone)
        self._reason.setText(text.isolate(row.reason))
        self._set_fact("time", "", caption=tr("In visit") if row.status is Status.IN_VISIT else tr("Waiting"))
        self._set_fact("place", str(place) if place is not None else "")
        self._set_fact("checked_in", text.time_of_day(row.checked_in_at_ms))
        self._set_fact("page", tr("Open") if row.present else tr("Connection lost"))
        self._set_fact("with", text.isolate(row.who) if row.who else "")
        self.tick(elapsed_s)

    def tick(self, elapsed_s: float) -> None:
        """Let the running time run."""
        if self._row is not None:
            self._values["time"].setText(text.clock_time(elapsed_s))

    def _set_fact(self, key: str, value: str, caption: str = "") -> None:
        self._facts[key].setVisible(bool(value) or key == "time")
        if value:
            self._values[key].setText(value)
        if caption:
            self._captions[key].setText(caption)

    def _start(self) -> None:
        if self._row is not None:
            self.start_requested.emit(self._row.visit)

    def _finish(self) -> None:
        if self._row is not None:
            self.finish_requested.emit(self._row.visit)

    def _build(self, theme: Theme) -> None:
        who = QVBoxLayout()
        who.setSpacing(1)
        who.addWidget(self._name)
        who.addWidget(self._about)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(who, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        inside = QVBoxLayout(self._content)
        inside.setContentsMargins(16, 18, 16, 8)
        inside.setSpacing(12)
        inside.addLayout(head)
        inside.addWidget(self._pill)
        inside.addWidget(Divider(theme))
        inside.addWidget(label(tr("In the patient's words"), "secondary"))
        inside.addWidget(self._reason)
        inside.addWidget(Divider(theme))
        facts = QVBoxLayout()
        facts.setSpacing(10)
        for key, icon, caption in _FACTS:
            facts.addWidget(self._fact(theme, key, icon, tr_marked(caption)))
        inside.addLayout(facts)
        inside.addStretch(1)
        self._scroll = vertical_scroll(self._content)
        buttons = QVBoxLayout()
        buttons.setContentsMargins(16, 8, 16, 16)
        buttons.setSpacing(10)
        buttons.addWidget(self.start)
        buttons.addWidget(self.finish)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._nobody, 1)
        column.addWidget(self._scroll, 1)
        column.addLayout(buttons)

    def _fact(self, theme: Theme, key: str, icon: str, caption: str) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        words = label(caption, "secondary")
        value = label("", "fact", wrap=True)
        value.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        if key == "time":
            value.setFont(theme.font(12, tabular=True))
        row.addWidget(IconLabel(theme, icon, "text2", 16))
        row.addWidget(words)
        row.addWidget(value, 1)
        self._facts[key], self._captions[key], self._values[key] = made, words, value
        return made
