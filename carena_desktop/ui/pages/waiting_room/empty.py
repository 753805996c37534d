"""What the table shows when it has no rows, in words."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from carena_desktop.ui.i18n import tr
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.labels import IconLabel, label


class EmptyState(QWidget):
    """Lies over the table, takes no mouse and no keyboard."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._icon = IconLabel(theme, "users-round", "text3", 36)
        self._title = label("", "heading")
        self._words = label("", "secondary")
        for words in (self._title, self._words):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._title)
        column.addWidget(self._words)
        column.addStretch(1)
        self.hide()

    def show_for(self, *, shown: bool, filtered: bool) -> None:
        """Show why there are no rows: nobody is here, or the search hides them."""
        self._icon.set_icon("search" if filtered else "users-round", "text3")
        self._title.setText(tr("No patient matches") if filtered else tr("No one is waiting"))
        here = tr("Patients appear here as soon as they check in. “Copy visit link” makes a link for one of them.")
        self._words.setText(tr("Change the search or the filter.") if filtered else here)
        self.setVisible(shown)

    @property
    def title(self) -> str:
        """The sentence shown."""
        return self._title.text()
