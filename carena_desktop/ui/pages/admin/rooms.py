"""Waiting rooms: names, target times by acuity, reminders and alarms, opening hours, and what check-in asks for."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from carena_desktop.ui import text
from carena_desktop.ui.i18n import locale, tr
from carena_desktop.ui.pages.admin.parts import Section, row_of
from carena_desktop.ui.pages.admin.room_fields import ArrivalFieldsEditor
from carena_desktop.ui.pages.admin.room_hours import HoursEditor
from carena_desktop.ui.pages.admin.room_words import UnreadableError
from carena_desktop.ui.pages.settings.rows import card
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.fields import IconLineEdit, LabelledField
from carena_desktop.ui.widgets.labels import label
from carena_desktop.ui.widgets.record_table import RecordTable
from carena_desktop.ui.widgets.switch import Switch
from carena_protocol.admin_rest import RoomList
from carena_protocol.rows import Room

_DAY_MIN = 24 * 60
_MOST_WAITING = 10_000
_AWAY_MAX = 120


class RoomsSection(Section):
    """Emits a name for a new room, and fields of ``RoomUpdate``."""

    add_requested = Signal(str)
    update_requested = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._rooms: dict[str, Room] = {}
        columns = (tr("Name"), tr("Targets in minutes, acuity 1 to 5"), tr("Triage first"), tr("State"))
        self.table = RecordTable(theme, tr("Waiting rooms"), columns)
        self.table.setMinimumHeight(theme.px(180))
        self.name = IconLineEdit(theme, tr("Name of the room"), "door-open")
        targets = range(1, 6)
        self.targets = tuple(_number(theme, tr("Target for acuity {level}").format(level=n), _DAY_MIN) for n in targets)
        self.triage_first = Switch(theme, tr("Triage before a clinician takes a patient"))
        self.retriage = _number(theme, tr("Triage again after minutes, 0 for never"), _DAY_MIN)
        self.alarm_waiting = _number(theme, tr("Alarm when so many wait, 0 for none"), _MOST_WAITING)
        self.alarm_wait = _number(theme, tr("Alarm after minutes of waiting, 0 for none"), _DAY_MIN)
        self.away = _number(theme, tr("Minutes a patient may step out"), _AWAY_MAX)
        self.hours = HoursEditor(theme)
        self.fields = ArrivalFieldsEditor(theme)
        self.save = ActionButton(theme, tr("Save"), icon="circle-check", kind="primary")
        self.new_name = IconLineEdit(theme, tr("Name of the new room"), "door-open")
        self.add = ActionButton(theme, tr("Add room"), icon="plus", kind="primary")
        self._build()
        self.table.record_selected.connect(self._selected)
        self.save.clicked.connect(self._save)
        self.add.clicked.connect(self._add)
        self.new_name.returnPressed.connect(self._add)

    def show_rooms(self, found: RoomList) -> None:
        """Show every room."""
        self._rooms = {room.id: room for room in found.rooms}
        self.table.show_records([(room.id, _cells(room)) for room in found.rooms])

    def _selected(self, room_id: str) -> None:
        room = self._rooms.get(room_id)
        self.save.setEnabled(room is not None)
        if room is None:
            return
        self.name.setText(room.name)
        self.hours.show_room(room)
        self.fields.show_fields(room.fields)
        self.triage_first.setChecked(room.triage_first)
        numbers = (*self.targets, self.retriage, self.alarm_waiting, self.alarm_wait, self.away)
        values = (*room.targets_min, room.retriage_min, room.alarm_waiting, room.alarm_wait_min, room.away_max_min)
        for field, value in zip(numbers, values, strict=True):
            field.setValue(value)

    def _save(self) -> None:
        if not self.table.current_id:
            return
        try:
            words = {**self.hours.read(), "fields": self.fields.read()}
        except UnreadableError as error:
            self.say(str(error), "danger")
            return
        self.update_requested.emit(
            {
                **words,
                "id": self.table.current_id,
                "name": self.name.text().strip(),
                "triage_first": self.triage_first.isChecked(),
                "targets_min": [field.value() for field in self.targets],
                "retriage_min": self.retriage.value(),
                "alarm_waiting": self.alarm_waiting.value(),
                "alarm_wait_min": self.alarm_wait.value(),
                "away_max_min": max(1, self.away.value()),
            }
        )

    def _add(self) -> None:
        if self.new_name.text().strip():
            self.add_requested.emit(self.new_name.text().strip())
            self.new_name.clear()

    def _build(self) -> None:
        chosen = card(
            tr("Selected room"),
            LabelledField(tr("Name of the room"), self.name),
            _labelled(*self.targets),
            row_of(self.triage_first, label(tr("Triage before a clinician takes a patient"))),
            _labelled(self.retriage, self.alarm_waiting),
            _labelled(self.alarm_wait, self.away),
        )
        hours = card(tr("Opening hours"), self.hours)
        asked = card(tr("What check-in asks for"), self.fields, row_of(self.save))
        new = card(tr("New room"), LabelledField(tr("Name of the new room"), self.new_name), row_of(self.add))
        self.put(card("", self.table), chosen, hours, asked, new)


def _number(theme: Theme, name: str, most: int) -> QSpinBox:
    made = QSpinBox()
    made.setAccessibleName(name)
    made.setRange(0, most)
    made.setLocale(locale())
    made.setMinimumHeight(theme.px(36))
    made.lineEdit().setTextMargins(theme.px(8), 0, theme.px(8), 0)  # a style sheet's padding does not reach inside
    return made


def _labelled(*fields: QSpinBox) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 6, 0, 6)
    row.setSpacing(12)
    for field in fields:
        words = label(field.accessibleName(), "secondary", wrap=True)
        words.setBuddy(field)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(words, 1)
        column.addWidget(field)
        row.addLayout(column, 1)
    return made


def _cells(room: Room) -> tuple[str, ...]:
    targets = " · ".join(locale().toString(minutes) for minutes in room.targets_min)
    state = tr("open") if room.is_open else tr("closed")
    return text.one_line(room.name), targets, tr("yes") if room.triage_first else tr("no"), state
