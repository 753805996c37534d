"""What is known about the selected patient: the part of the drawer that scrolls.

The row is there at once; the details (vital signs, place, history) come when the server has given them, which it notes
as a read of patient data.
"""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from carena_desktop.session.model import WaitingEntry
from carena_desktop.ui import queue_words, text
from carena_desktop.ui.i18n import tr, tr_marked
from carena_desktop.ui.pages.waiting_room.rows import PILLS, Row
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.vitals import Band, Reading, band_words, readings
from carena_desktop.ui.widgets.labels import IconLabel, Pill, label, restyle
from carena_desktop.ui.widgets.marks import Divider
from carena_desktop.ui.widgets.notice import Notice
from carena_protocol.rows import Details, TriageForm, VitalsSource

_TILES_A_ROW = 2
_TRIAGED = ("allergies", "complaint", "conditions", "medicines", "pregnancy")
"""What a nurse writes down in words, by the names of the form; whoever takes the patient reads it here."""


class _Fact(QWidget):
    """Icon, caption and value; hidden while there is no value."""

    def __init__(self, theme: Theme, icon: str, caption: str) -> None:
        super().__init__()
        self._icon_name = icon
        self.caption = label(caption, "secondary")
        self.value = label("", "fact", wrap=True)
        self.value.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self._icon = IconLabel(theme, icon, "text2", 16)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self.caption)
        row.addWidget(self.value, 1)

    def show_value(self, value: str, tone: str = "") -> None:
        """Show a value in a tone (ok, warn, danger or none); empty hides the line."""
        if value != self.value.text():
            self.value.setText(value)
        restyle(self.value, "tone", tone)
        self._icon.set_icon(self._icon_name, tone or "text2")
        self.setVisible(bool(value))


class _Tile(QFrame):
    """One vital sign."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self.setProperty("role", "tile")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 7, 10, 8)
        column.setSpacing(1)
        value = label(f"{reading.value} {reading.unit}", "vital")
        unusual = reading.band is not Band.USUAL
        restyle(value, "tone", "danger" if unusual else "")
        column.addWidget(label(reading.caption, "secondary"))
        column.addWidget(value)
        word = band_words(reading.band)
        if word:
            below = label(word, "meta")
            restyle(below, "tone", "danger")
            column.addWidget(below)
        column.addStretch(1)
        self.setAccessibleName(f"{reading.caption}: {reading.value} {reading.unit} {word}".strip())


class PatientFacts(QWidget):
    """Renders a row and, when they are there, its details."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._row: Row | None = None
        self._details: Details | None = None
        self.pill = Pill(theme)
        self.flag = Notice(theme, "danger")
        self.double = Notice(theme, "warn")
        self.handover = Notice(theme, "info")
        self.reason = label("", "quote", wrap=True)
        self.loading = label("", "secondary", wrap=True)
        self._note = label("", "body", wrap=True)
        self._tiles = QWidget()
        self._grid = QGridLayout(self._tiles)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._source = label("", "meta")
        self._vitals = self._section(tr("Vitals"), self._source, self._tiles)
        self._notes = self._section(tr("Note"), None, self._note)
        self._history = QVBoxLayout()
        self._history.setSpacing(4)
        history = QWidget()
        history.setLayout(self._history)
        self._history.setContentsMargins(0, 0, 0, 0)
        self._activity = self._section(tr("Activity"), None, history)
        self.facts = {
            "allergies": _Fact(theme, "pill", tr("Allergies")),
            "complaint": _Fact(theme, "stethoscope", tr("Chief complaint")),
            "pain": _Fact(theme, "flag", tr("Pain")),
            "conditions": _Fact(theme, "heart-pulse", tr("Conditions")),
            "medicines": _Fact(theme, "clipboard-list", tr("Medicines")),
            "pregnancy": _Fact(theme, "info", tr("Pregnancy")),
            "time": _Fact(theme, "clock", tr("Waiting")),
            "arrived": _Fact(theme, "door-open", tr("Checked in", "when the patient did, beside a time")),
            "place": _Fact(theme, "users-round", tr("Place in line")),
            "location": _Fact(theme, "map-pin", tr("Location now")),
            "call_back": _Fact(theme, "phone", tr("Call-back")),
            "language": _Fact(theme, "languages", tr("Language")),
            "consent": _Fact(theme, "file-check", tr("Consent")),
            "device": _Fact(theme, "wifi", tr("Device check")),
            "identity": _Fact(theme, "badge-check", tr("Identity")),
            "retriage": _Fact(theme, "history", tr("Triage again")),
            "page": _Fact(theme, "globe", tr("Patient's page")),
            "with": _Fact(theme, "stethoscope", tr("With")),
        }
        self.facts["time"].value.setFont(theme.font(12, tabular=True))
        self._answers = QVBoxLayout()
        self._build(theme)

    def show_row(self, row: Row, entry: WaitingEntry, place: int | None, now_ms: int) -> None:
        """Show what the row says."""
        self._row = row
        if self._details is not None and self._details.entry.visit != row.visit:
            self.show_details(None)
        pill = PILLS[row.status]
        self.pill.set(pill.icon, tr_marked(pill.word), pill.tone)
        flags = [queue_words.red_flag(flag) for flag in entry.red_flags]
        self.flag.show_text(
            tr("Ticked at check-in or in triage. It is shown, not scored.") if flags else "",
            title=" · ".join(flags),
        )
        self.double.show_text(tr("This may be a second arrival of a patient who is in the list.") if row.double else "")
        self.handover.show_text(text.isolate(entry.note) if entry.note else "", title=tr("Note of a colleague"))
        self.reason.setText(text.isolate(row.reason))
        show = {key: fact.show_value for key, fact in self.facts.items()}
        self.facts["time"].caption.setText(tr("Waiting") if row.waits else tr_marked(pill.word))
        show["arrived"](text.time_of_day(row.checked_in_at_ms))
        show["place"](str(place) if place is not None else "")
        interpreted = tr("{language}, interpreter").format(language=row.language)
        show["language"](interpreted if row.interpreter else row.language)
        figures = queue_words.connection(entry.readiness)
        fine = figures and not row.readiness.trouble
        show["device"](figures if fine else row.readiness.words, "ok" if fine else _tone(row))
        checked = entry.identity_confirmed_at_ms
        show["identity"](
            tr("Confirmed {time}").format(time=text.time_of_day(checked))
            if checked is not None
            else tr("Not confirmed"),
            "ok" if checked is not None else "",
        )
        due = row.retriage_at_ms
        late = due is not None and due <= now_ms
        words = tr("due now") if late else (text.time_of_day(due) if due is not None else "")
        show["retriage"](words, "warn" if late else "")
        show["page"](tr("Open") if row.present else tr("Connection lost"), "" if row.present else "warn")
        show["with"](text.isolate(row.owner) if row.owner else "")

    def show_details(self, details: Details | None) -> None:
        """Show what the server knows beyond the row; None while it has not come."""
        self._details = details
        form = details.triage if details is not None and details.triage is not None else TriageForm()
        self.loading.setText(tr("Details are on their way…"))
        self.loading.setVisible(details is None)
        self._show_vitals(form)
        self._note.setText(text.isolate(form.note) if form.note else "")
        self._notes.setVisible(bool(form.note))
        show = {key: fact.show_value for key, fact in self.facts.items()}
        if details is None:
            for key in ("location", "call_back", "consent", "pain", *_TRIAGED):
                show[key]("")
            self._show_history(())
            self._show_answers({})
            return
        missing = tr("Not given")
        show["location"](
            text.isolate(details.location) if details.location else missing, "" if details.location else "warn"
        )
        show["call_back"](text.isolate(details.call_back) if details.call_back else missing)
        given = bool(details.consent_version) and (self._row is None or self._row.readiness.consent)
        agreed = tr("Given {time}").format(time=text.time_of_day(details.entry.checked_in_at))
        show["consent"](agreed if given else missing, "ok" if given else "warn")
        for key in _TRIAGED:
            value = getattr(form, key)
            show[key](text.isolate(value) if value else "", "danger" if key == "allergies" else "")
        show["pain"](tr("{level} of 10").format(level=form.pain) if form.pain is not None else "")
        self._show_history(
            tuple((text.time_of_day(one.at), queue_words.activity(one.what), one.who or "") for one in details.activity)
        )
        self._show_answers(details.answers)

    def show_problem(self, words: str) -> None:
        """Say why the details can't be had."""
        if self._details is None:
            self.loading.setText(words)

    def tick(self, words: str) -> None:
        """Show the running time."""
        self.facts["time"].show_value(words)

    def _show_vitals(self, form: TriageForm) -> None:
        found = readings(form)
        _clear(self._grid)
        for at, reading in enumerate(found):
            self._grid.addWidget(_Tile(reading), at // _TILES_A_ROW, at % _TILES_A_ROW)
        source = form.vitals_source
        self._source.setText(tr_marked(queue_words.SOURCES[source]) if source is not None else "")
        restyle(self._source, "tone", "warn" if source is VitalsSource.PATIENT else "")
        self._vitals.setVisible(bool(found))

    def _show_history(self, lines: Iterable[tuple[str, str, str]]) -> None:
        _clear(self._history)
        shown = False
        for at, what, who in lines:
            shown = True
            row = QWidget()
            inside = QHBoxLayout(row)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.setSpacing(8)
            time = label(at, "secondary")
            time.setFont(self._theme.font(12, tabular=True))
            inside.addWidget(time, 0, Qt.AlignmentFlag.AlignTop)
            words = f"{what} · {text.isolate(who)}" if who else what
            inside.addWidget(label(words, "secondary", wrap=True), 1)
            self._history.addWidget(row)
        self._activity.setVisible(shown)

    def _show_answers(self, answers: dict[str, str]) -> None:
        _clear(self._answers)
        for caption, value in answers.items():
            fact = _Fact(self._theme, "file-text", text.one_line(caption))
            fact.show_value(text.isolate(value) if value else "")
            self._answers.addWidget(fact)

    @staticmethod
    def _section(title: str, beside: QLabel | None, content: QWidget) -> QWidget:
        made = QWidget()
        head = QHBoxLayout()
        head.addWidget(label(title, "strong"), 1)
        if beside is not None:
            head.addWidget(beside)
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(content)
        return made

    def _build(self, theme: Theme) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(11)
        column.addWidget(self.pill)
        column.addWidget(self.flag)
        column.addWidget(self.double)
        column.addWidget(self.handover)
        column.addWidget(label(tr("In the patient's words"), "secondary"))
        column.addWidget(self.reason)
        column.addWidget(Divider(theme))
        column.addWidget(self._vitals)
        facts = QVBoxLayout()
        facts.setSpacing(9)
        for fact in self.facts.values():
            facts.addWidget(fact)
        self._answers.setSpacing(9)
        facts.addLayout(self._answers)
        column.addLayout(facts)
        column.addWidget(self._notes)
        column.addWidget(self.loading)
        column.addWidget(Divider(theme))
        column.addWidget(self._activity)
        column.addStretch(1)
        self.show_details(None)


def _tone(row: Row) -> str:
    return "danger" if row.readiness.trouble > 1 else ""


def _clear(layout: QGridLayout | QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
