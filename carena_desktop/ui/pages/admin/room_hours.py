"""When a room receives patients, by weekday, and what it says when it does not, in two languages."""

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from carena_desktop.ui.i18n import tr, tr_marked
from carena_desktop.ui.pages.admin.room_words import DAYS, hours_text, read_hours
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.fields import IconLineEdit, LabelledField
from carena_desktop.ui.widgets.labels import label
from carena_protocol.rows import Room

_MOST_CHARS = 500
_IN_A_ROW = 4


class HoursEditor(QWidget):
    """Seven lines, a time zone, and the text of a closed room."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._others: dict[str, str] = {}
        self.names = {day: tr_marked(words) for day, words in enumerate(DAYS, 1)}
        self.days = {day: IconLineEdit(theme, name, "", height=36) for day, name in self.names.items()}
        self.zone = IconLineEdit(theme, tr("Time zone"), "globe", height=36)
        self.closed = IconLineEdit(theme, tr("What a closed room says, English"), "", height=36)
        self.closed_es = IconLineEdit(theme, tr("What a closed room says, Spanish"), "", height=36)
        for edit in (self.closed, self.closed_es):
            edit.setMaxLength(_MOST_CHARS)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for at, edit in enumerate((*self.days.values(), self.zone)):
            grid.addWidget(LabelledField(edit.accessibleName(), edit), at // _IN_A_ROW, at % _IN_A_ROW)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addWidget(
            label(
                tr("Like 08:00-12:00, 14:00-18:00. A day without a time is closed; without any time: always open."),
                "secondary",
                wrap=True,
            )
        )
        column.addLayout(grid)
        for edit in (self.closed, self.closed_es):
            column.addWidget(LabelledField(edit.accessibleName(), edit))

    def show_room(self, room: Room) -> None:
        """Show a room's hours and words."""
        for day, edit in self.days.items():
            edit.setText(hours_text(room.hours, day))
        self.zone.setText(room.zone)
        self._others = {tag: said for tag, said in room.closed_texts.items() if tag not in {"en", "es"}}
        self.closed.setText(room.closed_texts.get("en", room.closed_text))
        self.closed_es.setText(room.closed_texts.get("es", ""))

    def read(self) -> dict[str, object]:
        """Return fields of ``RoomUpdate``; raises UnreadableError. The English text is the one for all others."""
        english, spanish = self.closed.text().strip(), self.closed_es.text().strip()
        texts = {"en": english, "es": spanish}
        return {
            "hours": read_hours({day: edit.text() for day, edit in self.days.items()}, self.names),
            "zone": self.zone.text().strip() or "UTC",
            "closed_text": english or spanish,
            "closed_texts": self._others | {tag: said for tag, said in texts.items() if said},
        }
