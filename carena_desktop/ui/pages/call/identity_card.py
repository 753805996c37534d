"""Who the patient is, where, and how to call back: what the clinician confirms by asking, and the server notes."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from carena_desktop.session.model import WaitingEntry
from carena_desktop.session.orders import Checked
from carena_desktop.ui import text
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.check_box import CheckBox
from carena_desktop.ui.widgets.labels import label
from carena_protocol.rows import Details


class IdentityCard(QFrame):
    """Hidden until ``ask``; emits what was confirmed. Nothing is ticked beforehand."""

    confirmed = Signal(object)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("role", "ask")
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
        self._values = {name: label("", "secondary", wrap=True) for name in self.boxes}
        self.confirm = ActionButton(theme, tr("Confirm identity"), icon="badge-check", kind="primary")
        self.cancel = ActionButton(theme, tr("Not now"))
        self.confirm.clicked.connect(self._confirm)
        self.cancel.clicked.connect(self.close_card)
        for box in self.boxes.values():
            box.toggled.connect(self._judge)
        self._build()
        self.hide()

    def ask(self, entry: WaitingEntry) -> None:
        """Ask about a patient; place and number come with ``show_details``."""
        self._values["name"].setText(text.isolate(entry.name))
        self._values["birth_date"].setText(text.birth_date(entry.birth_date))
        for name in ("location", "call_back"):
            self._values[name].setText("\u2026")
        for box in self.boxes.values():
            box.setChecked(False)
        self._judge()
        self.show()
        self.place()
        self.raise_()
        self.boxes["name"].setFocus(Qt.FocusReason.PopupFocusReason)

    def show_details(self, details: Details) -> None:
        """Show place and number as the patient gave them."""
        missing = tr("Not given. Ask, and write it down.")
        self._values["location"].setText(text.isolate(details.location) if details.location else missing)
        self._values["call_back"].setText(text.isolate(details.call_back) if details.call_back else missing)
        self.place()

    def place(self) -> None:
        """Stand in the middle of the page."""
        over = self.parentWidget()
        if over is None or not self.isVisible():
            return
        width = min(self._theme.px(420), over.width() - 32)
        layout = self.layout()
        height = layout.totalHeightForWidth(width) if layout is not None else self.height()
        height = min(max(height, self.minimumSizeHint().height()), over.height() - 32)
        self.setGeometry((over.width() - width) // 2, (over.height() - height) // 2, width, height)

    def close_card(self) -> None:
        """Put the question away; nothing is confirmed."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape confirms nothing."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_card()
        else:
            super().keyPressEvent(event)

    def _judge(self) -> None:
        self.confirm.setEnabled(any(box.isChecked() for box in self.boxes.values()))

    def _confirm(self) -> None:
        checked = Checked(**{name: box.isChecked() for name, box in self.boxes.items()})
        self.close_card()
        self.confirmed.emit(checked)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(8)
        column.addWidget(label(tr("Confirm who this is"), "heading"))
        words = tr("Ask the patient, and tick what agrees. What you confirm is noted with your name and the time.")
        column.addWidget(label(words, "secondary", wrap=True))
        for name, box in self.boxes.items():
            column.addWidget(box)
            row = QHBoxLayout()
            row.setContentsMargins(self._theme.px(30), 0, 0, 2)
            row.addWidget(self._values[name])
            column.addLayout(row)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.confirm)
        column.addLayout(buttons)
