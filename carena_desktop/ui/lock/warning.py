"""The card that comes a minute before the lock: how long it still takes, and "Stay"."""

from math import ceil

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from carena_desktop.ui.a11y import announce
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.lock.machine import LockSnapshot, LockState
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.labels import IconLabel, label

_FROM_TOP = 18
_SAID_AT: tuple[float, ...] = (float("inf"), 30, 10)
"""Seconds left at which a screen reader hears it: when the card comes, and twice more."""


class LockWarning(QFrame):
    """Floats over the page at the top of the window; takes no focus, so that nobody's typing is disturbed."""

    stay_requested = Signal()

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._due = _SAID_AT
        self.setProperty("role", "float")
        self.setAccessibleName(tr("Carena locks soon"))
        self._title = label("", "strong")
        self._words = label(tr("Move the mouse or press any key to stay."), "secondary")
        self.stay = ActionButton(theme, tr("Stay"), kind="primary")
        self.stay.clicked.connect(self.stay_requested)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._title)
        words.addWidget(self._words)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(14)
        row.addWidget(IconLabel(theme, "lock", "warn", 20), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words)
        row.addWidget(self.stay)
        window.installEventFilter(self)
        self.hide()

    def render_lock(self, lock: LockSnapshot) -> None:
        """Show how long it still takes, or go away."""
        if lock.state is not LockState.WARNED:
            self._due = _SAID_AT
            self.hide()
            return
        left = ceil(lock.left_s)
        self._title.setText(tr("Carena locks in %n second(s)", "", left))
        self._place()
        self.show()
        self.raise_()
        if any(left <= due for due in self._due):
            self._due = tuple(due for due in self._due if left > due)
            announce(self, f"{self._title.text()}. {self._words.text()}", urgent=True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle of the window's top."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self.adjustSize()
        width = min(self.sizeHint().width(), self._window.width() - 2 * _FROM_TOP)
        self.resize(width, self.sizeHint().height())
        self.move((self._window.width() - width) // 2, _FROM_TOP)
