"""Who the patient is, where, and how to call back: what the clinician confirms by asking, and the server notes."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from carena_desktop.session.model import WaitingEntry
from carena_desktop.session.orders import Checked
from carena_desktop.ui import text
from carena_desktop.ui.a11y import announce
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.check_box import CheckBox
from carena_desktop.ui.widgets.fields import IconLineEdit
from carena_desktop.ui.widgets.labels import label
from carena_desktop.ui.widgets.scrolling import FittedArea
from carena_desktop.ui.widgets.sheet import FloatingSheet
from carena_protocol.rows import Details

MOST_LOCATION: Final = 200
MOST_CALL_BACK: Final = 40
"""Characters that the server takes."""
_LEAST_CALL_BACK: Final = 3
_MARGIN: Final = 20


class IdentityCard(FloatingSheet):
    """Hidden until ``ask``; emits what was confirmed. Nothing is ticked beforehand."""

    confirmed = Signal(object)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, veiled=False)
        self.setAccessibleName(tr("Confirm identity"))
        self.boxes = {
            name: CheckBox(theme, words)
            for name, words in (
                ("name", tr("Full name")),
                ("birth_date", tr("Date of birth")),
                ("location", tr("Where they are now")),
                ("call_back", tr("Number to call back")),
            )
        }
        self._values = {name: label("", "secondary", wrap=True) for name in ("name", "birth_date")}
        self.said = {
            "location": IconLineEdit(theme, tr("Where they are now, as they say it"), "map-pin", height=34),
            "call_back": IconLineEdit(theme, tr("Number to call back, as they say it"), "phone", height=34),
        }
        self._given = dict.fromkeys(self.said, "")
        for name, most in (("location", MOST_LOCATION), ("call_back", MOST_CALL_BACK)):
            self.said[name].setMaxLength(most)
            self.said[name].textEdited.connect(lambda _words, name=name: self._written(name))
        self.confirm = ActionButton(theme, tr("Confirm identity"), icon="badge-check", kind="primary")
        self.cancel = ActionButton(theme, tr("Not now"))
        self.confirm.clicked.connect(self._confirm)
        self.cancel.clicked.connect(self.close_sheet)
        for box in self.boxes.values():
            box.toggled.connect(self._judge)
        self._build()

    def ask(self, entry: WaitingEntry) -> None:
        """Ask about a patient; place and number come with ``show_details``."""
        self._values["name"].setText(text.isolate(entry.name))
        self._values["birth_date"].setText(text.birth_date(entry.birth_date))
        self._given = dict.fromkeys(self.said, "")
        for field in self.said.values():
            field.clear()
            field.setPlaceholderText("\u2026")
        for box in self.boxes.values():
            box.setChecked(False)
        self._judge()
        self.show()
        self.place()
        self.raise_()
        self.boxes["name"].setFocus(Qt.FocusReason.PopupFocusReason)

    def show_details(self, details: Details) -> None:
        """Show place and number as the patient gave them; what was written here meanwhile stays."""
        for name, given in (("location", details.location), ("call_back", details.call_back)):
            untouched = self.said[name].text() == self._given[name]
            self._given[name] = text.one_line(given or "")
            self.said[name].setPlaceholderText(tr("Not given. Ask, and write it here."))
            if untouched:
                self.said[name].setText(self._given[name])
        self.place()

    def place(self) -> None:
        """As tall as the question; where the page is lower, the question scrolls and the answers stay in sight."""
        over = self.parentWidget()
        if over is not None:
            self._room.set_width(self.width_in(over) - 2 * _MARGIN - 2)
        super().place()

    def close_sheet(self) -> None:
        """Put the question away; nothing is confirmed."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def _judge(self) -> None:
        self.confirm.setEnabled(any(box.isChecked() for box in self.boxes.values()))

    def _written(self, name: str) -> None:
        """Who writes down what the patient says has asked."""
        if self.said[name].text().strip():
            self.boxes[name].setChecked(True)

    def _confirm(self) -> None:
        said = {name: text.one_line(field.text()) for name, field in self.said.items()}
        if said["call_back"] and len(said["call_back"]) < _LEAST_CALL_BACK:
            self.said["call_back"].setFocus()
            announce(self.said["call_back"], tr("That is no number."), urgent=True)
            return
        place, number = (said[name] if said[name] != self._given[name] else "" for name in ("location", "call_back"))
        name, birth_date, location, call_back = (box.isChecked() for box in self.boxes.values())
        checked = Checked(name, birth_date, location, call_back, place, number)
        self.close_sheet()
        self.confirmed.emit(checked)

    def _build(self) -> None:
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.setContentsMargins(2, 2, 2, 2)  # the focus is drawn there
        inside.setSpacing(6)
        words = tr(
            "Ask the patient, and tick what agrees; correct place and number where they say another one. "
            "What you confirm is noted with your name and the time."
        )
        inside.addWidget(label(words, "secondary", wrap=True))
        for name, box in self.boxes.items():
            inside.addSpacing(4)
            inside.addWidget(box)
            row = QHBoxLayout()
            row.setContentsMargins(self._theme.px(30), 0, 0, 2)
            row.addWidget(self.said[name] if name in self.said else self._values[name])
            inside.addLayout(row)
        self._room = FittedArea(content, 0)
        self._room.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is inside has the keyboard, and comes into sight
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 18, _MARGIN, 18)
        column.setSpacing(12)
        column.addWidget(label(tr("Confirm who this is"), "heading"))
        column.addWidget(self._room, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.confirm)
        column.addLayout(buttons)
