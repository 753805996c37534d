"""What the waiting room knows about the patient, beside the picture: vital signs, allergies, place, history.

The row is there at once. The details are asked for when somebody looks, because the server notes each look as a read
of patient data.
"""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from carena_desktop.session.model import SessionSnapshot, WaitingEntry
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.waiting_room.patient_facts import PatientFacts
from carena_desktop.ui.pages.waiting_room.row_book import Context, RowBook
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.labels import label
from carena_desktop.ui.widgets.scrolling import vertical_scroll
from carena_protocol.rows import Details


class PatientPanel(QWidget):
    """Shows the patient of one visit; asks for the details of each version once, while it can be seen."""

    details_requested = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._book = RowBook()
        self._entry: WaitingEntry | None = None
        self._asked = ("", 0)
        self.setAccessibleName(tr("Patient details"))
        self.facts = PatientFacts(theme)
        self.facts.pill.hide()  # it is the visit that runs
        self.facts.tick("")
        self._nobody = label(tr("Nothing is known about this patient."), "secondary", wrap=True)
        inside = QWidget()
        lines = QVBoxLayout(inside)
        lines.setContentsMargins(16, 12, 16, 12)
        lines.addWidget(self._nobody)
        lines.addWidget(self.facts)
        lines.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(vertical_scroll(inside))
        self.show_entry(None, SessionSnapshot())

    def show_entry(self, entry: WaitingEntry | None, session: SessionSnapshot) -> None:
        """Show the row of the visit, or with None forget the patient."""
        context = Context(session.account, session.waiting_room.rooms)
        difference = self._book.update((entry,) if entry is not None else (), context)
        self._entry = entry
        self.facts.setVisible(entry is not None)
        self._nobody.setVisible(entry is None)
        if entry is None:
            self._asked = ("", 0)
            self.facts.show_details(None)
        for row in difference.changed:
            if entry is not None:
                self.facts.show_row(row, entry, None, entry.checked_in_at_ms)
        self._ask()

    def show_details(self, details: Details) -> None:
        """Show what the server knows, if it is about this patient."""
        if self._entry is not None and details.entry.visit == self._entry.visit:
            self.facts.show_details(details)

    def refuse_details(self, visit: str, words: str) -> None:
        """Say why there is nothing more to show; the next look asks again."""
        if self._entry is not None and visit == self._entry.visit:
            self._asked = ("", 0)
            self.facts.show_problem(words)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask when somebody looks."""
        super().showEvent(event)
        self._ask()

    def _ask(self) -> None:
        if self._entry is None or not self.isVisible():
            return
        wanted = (self._entry.visit, self._entry.version)
        if wanted != self._asked:
            self._asked = wanted
            self.details_requested.emit(self._entry.visit)
