"""A notice: icon, sentence, tint, and at most one action and a way to put it away."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from carena_desktop.ui.i18n import tr
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.labels import IconLabel, label, restyle

_ICONS = {"info": "info", "warn": "triangle-alert", "danger": "circle-alert", "ok": "circle-check"}


class Notice(QFrame):
    """Hidden until ``show_text``; tones info, warn, danger, ok."""

    dismissed = Signal()
    action_requested = Signal()

    def __init__(self, theme: Theme, tone: str = "info", *, dismissible: bool = False, action: str = "") -> None:
        super().__init__()
        self._tone = tone
        self.setProperty("role", "notice")
        self.setProperty("tone", tone)
        self._icon = IconLabel(theme, _ICONS[tone], tone, 18)
        self._title = label("", "notice-title", wrap=True)
        self._title.hide()
        self._text = label("", "notice", wrap=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._text)
        row = QHBoxLayout(self)
        self._row = row
        row.setContentsMargins(12, 9, 12, 9)
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        self.action: ActionButton | None = None
        if action:
            self.action = ActionButton(theme, action, kind="secondary")
            self.action.clicked.connect(self.action_requested)
            row.addWidget(self.action, 0, Qt.AlignmentFlag.AlignVCenter)
        if dismissible:
            close = ActionButton(theme, "", icon="x", kind="ghost", name=tr("Dismiss notice"))
            close.setMinimumSize(theme.px(28), theme.px(28))
            close.clicked.connect(self._dismiss)
            row.addWidget(close)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown."""
        return self._text.text()

    def show_text(self, text: str, *, title: str = "", tone: str | None = None) -> None:
        """Show a sentence; empty hides the notice."""
        if tone is not None and tone != self._tone:
            self._tone = tone
            restyle(self, "tone", tone)
            self._icon.set_icon(_ICONS[tone], tone)
        for part in (self._title, self._text):
            restyle(part, "tone", self._tone)
        self._title.setText(title)
        self._title.setVisible(bool(title))
        side = Qt.AlignmentFlag.AlignTop if title else Qt.AlignmentFlag.AlignVCenter
        self._row.setAlignment(self._icon, side)
        self._text.setText(text)
        self.setAccessibleName(f"{title} {text}".strip())
        self.setVisible(bool(text))

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()
