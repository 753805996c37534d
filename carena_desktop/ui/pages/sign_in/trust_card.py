"""First contact with a server: its fingerprint to compare, and a hard stop when it is not the one pinned before."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from carena_desktop.ui import text
from carena_desktop.ui.i18n import mark, tr, tr_marked
from carena_desktop.ui.pages.sign_in.view_model import Step, ViewState
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.labels import label
from carena_desktop.ui.widgets.notice import Notice

_FIRST = mark(
    "Carena has not met this server before. Compare this fingerprint with the one your IT department gave you, or the "
    "one the server printed when it was set up. From then on this computer accepts no other."
)
_CHANGED = mark(
    "The fingerprint is not the one this computer knows. Someone may be between you and the server, or it was set up "
    "anew. Nothing was sent. Ask your IT department; there is no way past this screen."
)


class TrustCard(QWidget):
    """Emits ``answered`` with whether the person trusts the server; accepting a changed authority isn't offered."""

    answered = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._title = label("", "display", wrap=True)
        self._lead = label("", "lead", wrap=True)
        self._server = label("", "strong", wrap=True)
        self._caption = label(tr("Fingerprint of its certificate authority (SHA-256)"), "secondary", wrap=True)
        self._fingerprint = label("", "mono")
        self._fingerprint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._expected_caption = label(tr("Fingerprint this computer knows"), "secondary", wrap=True)
        self._expected = label("", "mono")
        self._warning = Notice(theme, "danger")
        tile = QFrame()
        tile.setProperty("role", "card")
        inside = QVBoxLayout(tile)
        inside.setContentsMargins(18, 14, 18, 16)
        inside.setSpacing(6)
        for part in (self._server, self._caption, self._fingerprint, self._expected_caption, self._expected):
            inside.addWidget(part)
        self.trust = ActionButton(theme, tr("Trust this server"), icon="shield-check", kind="primary", large=True)
        self.cancel = ActionButton(theme, tr("Cancel"), large=True)
        self.trust.clicked.connect(self._accept)
        self.cancel.clicked.connect(self._refuse)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.trust, 1)
        buttons.addWidget(self.cancel, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        for widget in (self._title, self._lead, self._warning, tile):
            column.addWidget(widget)
        column.addLayout(buttons)

    def render_state(self, state: ViewState) -> None:
        """Show a first contact or a changed authority."""
        changed = state.step is Step.AUTHORITY_CHANGED
        self._title.setText(tr("This server has changed") if changed else tr("First contact with this server"))
        self._lead.setText("" if changed else tr_marked(_FIRST))
        self._lead.setVisible(not changed)
        self._warning.show_text(tr_marked(_CHANGED) if changed else "", title=tr("Carena stopped here."))
        self._server.setText(text.one_line(state.server))
        self._fingerprint.setText("\n".join(state.fingerprint))
        self._fingerprint.setAccessibleName(tr("Fingerprint") + " " + " ".join(state.fingerprint))
        self._expected.setText("\n".join(state.expected))
        self._expected.setVisible(changed)
        self._expected_caption.setVisible(changed)
        self.trust.setVisible(not changed)

    def _accept(self) -> None:
        self.answered.emit(True)  # noqa: FBT003 - a signal's argument has no name

    def _refuse(self) -> None:
        self.answered.emit(False)  # noqa: FBT003 - a signal's argument has no name
