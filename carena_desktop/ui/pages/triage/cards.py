"""The cards of the triage page: red flags, pain, vital signs, acuity."""

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from carena_desktop.ui import acuity, queue_words
from carena_desktop.ui.i18n import tr, tr_marked
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.vitals import VITALS, Band, Vital, band_words
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.check_box import CheckBox
from carena_desktop.ui.widgets.choice_field import ChoiceField
from carena_desktop.ui.widgets.fields import IconLineEdit
from carena_desktop.ui.widgets.labels import IconLabel, label, restyle
from carena_desktop.ui.widgets.marks import KeyHint
from carena_desktop.ui.widgets.notice import Notice
from carena_protocol.rows import RedFlag, VitalsSource

_MOST_PAIN = 10
_A_ROW = 3


class Card(QFrame):
    """A titled card."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 13, 16, 14)
        self.column.setSpacing(9)
        self.column.addWidget(label(title, "strong"))


class RedFlagCard(Card):
    """One box for each red flag; they are shown to whoever comes next, and scored by nobody."""

    ticked = Signal(object, bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Red flags"))
        self.boxes: dict[RedFlag, CheckBox] = {}
        for flag in RedFlag:
            box = CheckBox(theme, queue_words.red_flag(flag), alarming=True)
            box.toggled.connect(lambda on, flag=flag: self.ticked.emit(flag, on))
            self.boxes[flag] = box
            self.column.addWidget(box)

    def show_flags(self, flags: tuple[RedFlag, ...]) -> None:
        """Tick these and no others; nobody is told."""
        for flag, box in self.boxes.items():
            with QSignalBlocker(box):
                box.setChecked(flag in flags)


class PainCard(Card):
    """Buttons from 0 to 10; the one chosen again is taken back."""

    chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Pain"))
        self._pain: int | None = None
        self.buttons: list[ActionButton] = []
        row = QHBoxLayout()
        row.setSpacing(4)
        for level in range(_MOST_PAIN + 1):
            button = ActionButton(theme, str(level))
            button.setProperty("kind", "level")
            button.setMinimumSize(theme.px(26), theme.px(32))
            button.clicked.connect(lambda _checked=False, level=level: self._clicked(level))
            self.buttons.append(button)
            row.addWidget(button, 1)
        ends = QHBoxLayout()
        ends.addWidget(label(tr("none", "of pain"), "secondary"))
        ends.addStretch(1)
        ends.addWidget(label(tr("worst", "of pain"), "secondary"))
        self.column.addLayout(row)
        self.column.addLayout(ends)
        self.show_pain(None)

    def show_pain(self, pain: int | None) -> None:
        """Mark a level."""
        self._pain = pain
        for level, button in enumerate(self.buttons):
            restyle(button, "current", "true" if level == pain else "false")
            name = tr("Pain {level} of 10").format(level=level)
            button.setAccessibleName(tr("{what}, chosen").format(what=name) if level == pain else name)

    def _clicked(self, level: int) -> None:
        self.chosen.emit(None if level == self._pain else level)


class _VitalField(QWidget):
    """Caption and unit above, the field, and a word below."""

    def __init__(self, theme: Theme, vital: Vital) -> None:
        super().__init__()
        self.vital = vital
        name, unit = tr_marked(vital.words), tr_marked(vital.unit)
        self.edit = IconLineEdit(theme, f"{name}, {unit}", "", height=38)
        self.edit.setMaxLength(8)
        caption = label(name, "field")
        caption.setAccessibleName(f"{name}:")
        head = QHBoxLayout()
        head.addWidget(caption, 1)
        head.addWidget(label(unit, "meta"))
        self.word: QLabel = label("", "meta", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(head)
        column.addWidget(self.edit)
        column.addWidget(self.word)

    def judge(self, problem: str) -> None:
        """Say what is wrong with what was typed, or how it stands to what is usual."""
        words = problem
        if not problem:
            value = self.vital.read(self.edit.text())
            words = band_words(self.vital.band(value)) if value is not None else ""
            usual = value is None or self.vital.band(value) is Band.USUAL
        else:
            usual = False
        self.word.setText(words)
        restyle(self.word, "tone", "danger")
        restyle(self.edit, "tone", "" if usual else "danger")
        self.edit.setAccessibleDescription(words)


class VitalsCard(Card):
    """Six fields, and who measured."""

    typed = Signal()
    source_chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Vitals"))
        self.fields = {vital.field: _VitalField(theme, vital) for vital in VITALS}
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        for at, field in enumerate(self.fields.values()):
            grid.addWidget(field, at // _A_ROW, at % _A_ROW)
            grid.setColumnStretch(at % _A_ROW, 1)
            field.edit.textEdited.connect(lambda _text: self.typed.emit())
        self.source = ChoiceField(theme, tr("Who measured"))
        self.source.chosen.connect(lambda value: self.source_chosen.emit(VitalsSource(value) if value else None))
        self.column.addLayout(grid)
        self.column.addWidget(self.source)
        self.show_source(None)

    def values(self) -> dict[str, str]:
        """What is typed."""
        return {name: field.edit.text() for name, field in self.fields.items() if field.edit.text().strip()}

    def show_values(self, values: Mapping[str, str]) -> None:
        """Show these."""
        for name, field in self.fields.items():
            field.edit.setText(values.get(name, ""))

    def judge(self, problems: Mapping[str, str]) -> None:
        """Say beside each field what is to be said."""
        for name, field in self.fields.items():
            field.judge(problems.get(name, ""))

    def show_source(self, source: VitalsSource | None) -> None:
        """Show who measured."""
        lines = [("", tr("Not said")), *((one.value, tr_marked(words)) for one, words in queue_words.SOURCES.items())]
        at = next((at for at, (value, _) in enumerate(lines) if value == (source or "")), 0)
        self.source.show_lines(tuple(lines), at)


class AcuityCard(Card):
    """One button for each acuity with its target; nothing here suggests one."""

    chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Acuity"))
        self.buttons: dict[int, ActionButton] = {}
        self._within: dict[int, QLabel] = {}
        self._ticks: dict[int, IconLabel] = {}
        self.emergency = Notice(theme, "danger")
        self.column.addWidget(self.emergency)
        for level in acuity.LEVELS:
            self.column.addWidget(self._choice(theme, level))
        self.again = label("", "secondary", wrap=True)
        self.column.addWidget(self.again)

    def show_level(self, level: int | None, targets_min: tuple[int, ...], retriage_min: int, place: str) -> None:
        """Mark the level; ``place`` is where an ambulance would have to go."""
        for each, button in self.buttons.items():
            restyle(button, "current", "true" if each == level else "false")
            self._ticks[each].setVisible(each == level)
            spoken = acuity.spoken(each)
            button.setAccessibleName(tr("{what}, chosen").format(what=spoken) if each == level else spoken)
            minutes = targets_min[each - 1] if len(targets_min) >= each else 0
            words = tr("Within %n minute(s)", "", minutes) if minutes else tr("At once")
            self._within[each].setText(words)
        self.emergency.show_text(
            tr("Stay with the patient. Place: {place}").format(place=place) if level == 1 else "",
            title=tr("Call emergency services now"),
        )
        again = tr("If still waiting, look again after %n minute(s).", "", retriage_min)
        self.again.setText(again if retriage_min else "")
        self.again.setVisible(bool(retriage_min))

    def _choice(self, theme: Theme, level: int) -> ActionButton:
        button = ActionButton(theme, "", name=acuity.spoken(level))
        button.setProperty("kind", "choice")
        button.setMinimumHeight(theme.px(54))
        mark = acuity.AcuityMark(theme, level, 26)
        mark.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._within[level] = label("", "secondary")
        for part in (label(acuity.word(level), "strong"), self._within[level]):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            words.addWidget(part)
        self._ticks[level] = IconLabel(theme, "circle-check", "accent_text", 18)
        key = KeyHint(str(level), "")
        key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(button)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(12)
        row.addWidget(mark)
        row.addLayout(words, 1)
        row.addWidget(self._ticks[level])
        row.addWidget(key)
        button.clicked.connect(lambda: self.chosen.emit(level))
        self.buttons[level] = button
        return button
