"""How far a waiting chat is known to be with the patient's own page: one line, and the code to compare."""

from dataclasses import dataclass, field

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from carena_desktop.session.chat_model import ChatSecurity
from carena_desktop.ui import text
from carena_desktop.ui.a11y import announce
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.picture_names import spoken
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.labels import IconLabel, label
from carena_protocol.e2ee.key_schedule import LinkUse


@dataclass(frozen=True, slots=True)
class Standing:
    """What is shown; ``tone`` is ok, warn or neutral."""

    icon: str
    tone: str
    words: str
    code: str = field(default="", repr=False)


def standing(security: ChatSecurity) -> Standing:
    """Return what is true, the worst first; where nothing verifies the patient's page, the code is offered."""
    pictures = ", ".join(f"{one} {name}" for one, name in zip(security.symbols, spoken(security.names), strict=True))
    code = f"{pictures} · {security.digits[:3]} {security.digits[3:]}"
    if security.changed:
        words = tr("Another device than before in this chat. Compare the code by telephone before you write more.")
        return Standing("shield-alert", "warn", words, code)
    if security.verified_at_ms is not None:
        words = tr("Verified with this patient's device on {date}.")
        return Standing("shield-check", "ok", words.format(date=text.date_of(security.verified_at_ms)))
    if security.link is LinkUse.USED:
        return Standing("shield-check", "ok", tr("Protected by the patient's visit link."))
    words = tr("Encrypted, not verified. To be sure, compare the code by telephone; the patient's page shows it, too.")
    return Standing("lock", "neutral", words, code)


class ChatSafety(QWidget):
    """Hidden while there are no keys; what gets worse is announced. Emits whether the two codes were the same."""

    compared = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: Standing | None = None
        self._icon = IconLabel(theme, "lock", "text2", 16)
        self._words = label("", "meta", wrap=True)
        self._code = label("", "fact", wrap=True)
        self._code.setAccessibleName("")
        self.same = ActionButton(theme, tr("Codes match"), icon="circle-check", kind="link")
        self.other = ActionButton(theme, tr("Codes differ"), icon="triangle-alert", kind="link")
        self.same.clicked.connect(lambda: self.compared.emit(True))  # noqa: FBT003 - a signal
        self.other.clicked.connect(lambda: self.compared.emit(False))  # noqa: FBT003 - a signal
        self._answers = QWidget()
        answers = QHBoxLayout(self._answers)
        answers.setContentsMargins(0, 0, 0, 0)
        answers.setSpacing(14)
        for button in (self.same, self.other):
            button.setMinimumHeight(theme.px(26))
            answers.addWidget(button)
        answers.addStretch(1)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(self._words)
        lines.addWidget(self._code)
        lines.addWidget(self._answers)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 4)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addLayout(lines, 1)
        self.hide()

    @property
    def words(self) -> str:
        """The sentence on screen, "" for none."""
        return self._shown.words if self._shown is not None else ""

    @property
    def code(self) -> str:
        """The code on screen, "" for none."""
        return self._shown.code if self._shown is not None else ""

    def show_security(self, security: ChatSecurity | None) -> None:
        """Show what is true of the keys; None hides it."""
        shown = standing(security) if security is not None else None
        if shown == self._shown:
            return
        self._shown = shown
        self.setVisible(shown is not None)
        if shown is None:
            return
        token = {"ok": "ok", "warn": "warn"}.get(shown.tone, "text2")
        self._icon.set_icon(shown.icon, token)
        self._words.setText(shown.words)
        self._code.setText("\u00a0".join(shown.code.rsplit(" ", 1)))  # the digits stay together
        for part in (self._code, self._answers):
            part.setVisible(bool(shown.code))
        if shown.tone == "warn":
            announce(self, shown.words, urgent=True)
