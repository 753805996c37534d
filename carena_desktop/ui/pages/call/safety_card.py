"""The safety code, shown on demand: the two read it to each other, and say whether it was the same."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from carena_desktop.call.model import SecurityView, Verification
from carena_desktop.ui import picture_names, text
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.call.code_tile import CodeTile
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.labels import ElidedLabel, label
from carena_desktop.ui.widgets.scrolling import FittedArea

_WIDTH = 340
_MARGIN = 14
_WORDS_FROM = 300
"""In pixels at 100 % text; below, "Details" is an icon."""


class SafetyCard(QFrame):
    """Emits ``compared`` with whether the codes were the same, or ``closed``."""

    compared = Signal(bool)
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._shown: tuple[SecurityView, str] | None = None
        self.setProperty("role", "panel")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._title = ElidedLabel(tr("Safety code"), "heading")
        self._state = label("", "body", wrap=True)
        self._tile = CodeTile()
        self.same = ActionButton(theme, tr("Codes match"), icon="circle-check", kind="primary")
        self.different = ActionButton(theme, tr("Codes differ"), icon="triangle-alert")
        self.later = ActionButton(theme, "", icon="x", kind="ghost", name=tr("Close"))
        self.details = ActionButton(theme, tr("Details"), icon="shield-check", kind="ghost")
        self.details.setAccessibleName(tr("Security of this visit"))
        self.details.setToolTip("E")
        self.same.clicked.connect(lambda: self.compared.emit(True))  # noqa: FBT003 - a signal
        self.different.clicked.connect(lambda: self.compared.emit(False))  # noqa: FBT003 - a signal
        self.later.clicked.connect(self.closed)
        self._theme = theme
        self._build()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def hasHeightForWidth(self) -> bool:
        """Never: the words scroll where the column is low, and nothing else of the visit does."""
        return False

    def fit(self, room: QSize) -> None:
        """Be as wide as the column beside the picture; where it is low, the words below the code scroll."""
        self.details.set_brief(brief=room.width() < self._theme.px(_WORDS_FROM))
        self._room.set_width(room.width() - 2 * _MARGIN - 2)
        around = self.minimumSizeHint().height() - self._room.minimumHeight()
        tile = self._tile.sizeHint().height()
        self._room.setMinimumHeight(max(tile // 2, min(tile, room.height() - around)))

    def _build(self) -> None:
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(_MARGIN, 8, _MARGIN, _MARGIN)
        column_layout.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self._title, 1)
        head.addWidget(self.details, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.later, 0, Qt.AlignmentFlag.AlignVCenter)
        column_layout.addLayout(head)
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(10)
        inside.addWidget(self._tile)
        inside.addWidget(self._state)
        inside.addWidget(
            label(
                tr(
                    "Ask the patient to read theirs aloud, with the camera on. If it is the same, nobody on the way "
                    "can listen. If it differs, the call is stopped."
                ),
                "secondary",
                wrap=True,
            )
        )
        self._room = FittedArea(content, self._theme.px(_WIDTH) - 2 * _MARGIN)
        self._room.setAccessibleName(tr("Safety code"))
        column_layout.addWidget(self._room, 1)
        column_layout.addWidget(self.same)
        column_layout.addWidget(self.different)

    def render_security(self, security: SecurityView, patient: str) -> None:
        """Show the code of the call, and whether it was compared before."""
        if (security, patient) == self._shown:
            return
        self._shown = security, patient
        names = picture_names.spoken(security.names)
        self._tile.show_code(security.pictures, names, security.digits)
        self._state.setText(_state(security, patient))
        self.setAccessibleName(
            tr("Safety code: {code}").format(code=f"{', '.join(names)}, {' '.join(security.digits)}")
        )
        self.setAccessibleDescription(self._state.text())
        self._room.updateGeometry()
        self.same.setVisible(security.verification is not Verification.VERIFIED)


def _state(security: SecurityView, patient: str) -> str:
    who = text.isolate(patient) if patient else tr("the patient")
    match security.verification:
        case Verification.VERIFIED if security.verified_at_ms is not None:
            return tr("Verified with {name} on {day}.").format(name=who, day=text.date_of(security.verified_at_ms))
        case Verification.CHANGED:
            return tr(
                "The patient's device is another one than earlier in this visit. Until the codes match no message and "
                "no file passes, and nothing is shared. Compare them now, or end the visit."
            )
        case _:
            return tr("Encrypted, not verified. Compare this code with {name}.").format(name=who)
