"""What check-in asks for in a room: the usual fields, and questions of the site's own in two languages."""

import secrets
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from carena_desktop.ui.i18n import mark, tr, tr_marked
from carena_desktop.ui.pages.admin.parts import row_of
from carena_desktop.ui.pages.admin.room_words import choices_text, read_choices
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.choice_field import ChoiceField
from carena_desktop.ui.widgets.fields import IconLineEdit, LabelledField
from carena_desktop.ui.widgets.labels import label
from carena_desktop.ui.widgets.switch import Switch
from carena_protocol.rows import ArrivalFields, Demand, OwnField

MOST_OWN: Final = 8
_MOST_CHARS: Final = 80
_MOST_CHOICES_CHARS: Final = 1600
_DEMANDS: Final = {
    Demand.OFF: mark("not asked"),
    Demand.OPTIONAL: mark("may be left out"),
    Demand.REQUIRED: mark("required"),
}
_USUAL: Final = (
    ("reason", mark("Reason for the visit"), tuple(Demand)),
    ("call_back", mark("Call-back number"), tuple(Demand)),
    ("location", mark("Location now"), tuple(Demand)),
    ("language", mark("Language"), tuple(Demand)),
    ("interpreter", mark("Interpreter"), (Demand.OFF, Demand.OPTIONAL)),
    ("red_flags", mark("Red flags"), (Demand.OFF, Demand.OPTIONAL)),
)


@dataclass(frozen=True, slots=True)
class _Usual:
    """One of the usual fields: what it is called on the wire, its list, what can be chosen."""

    name: str
    field: ChoiceField
    demands: tuple[Demand, ...]


class OwnFieldRow(QFrame):
    """One question of the site's own."""

    removed = Signal(object)

    def __init__(self, theme: Theme, own: OwnField | None = None) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.key = own.key if own is not None else f"own-{secrets.token_hex(6)}"
        self._others = own
        self.question = _line(theme, tr("Question, English"), _MOST_CHARS)
        self.question_es = _line(theme, tr("Question, Spanish"), _MOST_CHARS)
        self.choices = _line(theme, tr("Answers to choose from, English"), _MOST_CHOICES_CHARS)
        self.choices_es = _line(theme, tr("Answers to choose from, Spanish"), _MOST_CHOICES_CHARS)
        self.choices.setPlaceholderText(tr("Separated by semicolons; empty for free text"))
        self.required = Switch(theme, tr("An answer is required"))
        self.remove = ActionButton(theme, tr("Remove question"), icon="trash-2")
        self.remove.clicked.connect(lambda: self.removed.emit(self))
        if own is not None:
            self.question.setText(own.labels.get("en", own.label))
            self.question_es.setText(own.labels.get("es", ""))
            self.choices.setText(choices_text(own.choices_in.get("en", own.choices)))
            self.choices_es.setText(choices_text(own.choices_in.get("es", ())))
            self.required.setChecked(own.required)
        self._build()

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Where Tab stops, in reading order."""
        return (self.question, self.question_es, self.choices, self.choices_es, self.required, self.remove)

    def read(self) -> dict[str, object]:
        """Return the field as ``RoomUpdate`` takes it; raises UnreadableError."""
        question, spanish = self.question.text().strip(), self.question_es.text().strip()
        choices, translated = read_choices(self.choices.text(), self.choices_es.text(), question)
        kept = self._others
        labels: dict[str, str] = {}
        others: dict[str, list[str]] = {}
        if kept is not None:  # languages that this window does not speak stay as they are
            labels = {tag: said for tag, said in kept.labels.items() if tag not in {"en", "es"}}
            others = {
                tag: list(said)
                for tag, said in kept.choices_in.items()
                if tag not in {"en", "es"} and len(said) == len(choices)
            }
        return {
            "key": self.key,
            "label": question,
            "required": self.required.isChecked(),
            "choices": choices,
            "labels": labels | ({"es": spanish} if spanish else {}),
            "choices_in": others | ({"es": translated} if translated else {}),
        }

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for at, edit in enumerate((self.question, self.question_es, self.choices, self.choices_es)):
            grid.addWidget(LabelledField(edit.accessibleName(), edit), at // 2, at % 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 8)
        column.addLayout(grid)
        column.addWidget(row_of(self.required, label(tr("An answer is required")), self.remove))


class ArrivalFieldsEditor(QWidget):
    """All of it; ``read`` returns what stands there."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows: list[OwnFieldRow] = []
        self.usual = {
            name: _Usual(name, ChoiceField(theme, tr_marked(words)), demands) for name, words, demands in _USUAL
        }
        self.add = ActionButton(theme, tr("Add a question"), icon="plus")
        self.add.clicked.connect(self.add_question)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        for at, one in enumerate(self.usual.values()):
            one.field.chosen.connect(lambda value, one=one: _show(one, Demand(value)))
            grid.addWidget(one.field, at // 3, at % 3)
        self._own = QVBoxLayout()
        self._own.setSpacing(10)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(12)
        column.addLayout(grid)
        column.addLayout(self._own)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add)
        buttons.addStretch(1)
        column.addLayout(buttons)

    def add_question(self) -> None:
        """Begin another question."""
        self._append(OwnFieldRow(self._theme)).question.setFocus()

    def show_fields(self, fields: ArrivalFields) -> None:
        """Show what a room asks for."""
        for one in self.usual.values():
            _show(one, getattr(fields, one.name))
        for row in tuple(self.rows):
            self._remove(row)
        for own in fields.own:
            self._append(OwnFieldRow(self._theme, own))

    def read(self) -> dict[str, object]:
        """Return the fields as ``RoomUpdate`` takes them; raises UnreadableError."""
        usual = {name: one.field.box.currentData() for name, one in self.usual.items()}
        own = [row.read() for row in self.rows if row.question.text().strip()]
        return {**usual, "own": own}

    def _append(self, row: OwnFieldRow) -> OwnFieldRow:
        row.removed.connect(self._remove)
        self.rows.append(row)
        self._own.addWidget(row)
        self.add.setEnabled(len(self.rows) < MOST_OWN)
        self._order()
        return row

    def _order(self) -> None:
        """Let Tab come to the questions where they stand: Qt puts what is made later behind everything."""
        stops: list[QWidget] = [one.field.box for one in self.usual.values()]
        stops += [stop for row in self.rows for stop in row.stops]
        for before, after in pairwise((*stops, self.add)):
            QWidget.setTabOrder(before, after)

    def _remove(self, row: OwnFieldRow) -> None:
        self.rows.remove(row)
        self._own.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.add.setEnabled(len(self.rows) < MOST_OWN)


def _show(one: _Usual, demand: Demand) -> None:
    lines = tuple((each.value, tr_marked(_DEMANDS[each])) for each in one.demands)
    chosen = demand if demand in one.demands else one.demands[-1]
    one.field.show_lines(lines, one.demands.index(chosen))


def _line(theme: Theme, name: str, most: int) -> IconLineEdit:
    made = IconLineEdit(theme, name, "", height=36)
    made.setMaxLength(most)
    return made
