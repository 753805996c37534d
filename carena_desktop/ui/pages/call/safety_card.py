"""The safety code, shown on demand: the two read it to each other, and say whether it was the same."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from carena_desktop.call.model import SecurityView, Verification
from carena_desktop.ui import picture_names, text
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.labels import label
from carena_desktop.ui.widgets.scrolling import FittedArea

_WIDTH = 440
_MARGIN = 24


class SafetyCard(QFrame):
    """Emits ``compared`` with whether the codes were the same, or ``closed``."""

    compared = Signal(bool)
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._shown: tuple[SecurityView, str] | None = None
        self.setProperty("role", "ask")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._title = label(tr("Safety code"), "heading", wrap=True)
        self._state = label("", "body", wrap=True)
        self._symbols = [label("", "display") for _ in range(4)]
        self._names = [label("", "secondary") for _ in range(4)]
        self._digits = label("", "number")
        self._digits.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.same = ActionButton(theme, tr("Codes match"), icon="circle-check", kind="primary", large=True)
        self.different = ActionButton(theme, tr("Codes differ"), icon="triangle-alert", large=True)
        self.later = ActionButton(theme, tr("Close"), large=True)
        self.details = ActionButton(theme, tr("Details"), icon="shield-check", kind="ghost")
        self.details.setAccessibleName(tr("Security of this visit"))
        self.details.setToolTip("E")
        self.same.clicked.connect(lambda: self.compared.emit(True))  # noqa: FBT003 - a signal
        self.different.clicked.connect(lambda: self.compared.emit(False))  # noqa: FBT003 - a signal
        self.later.clicked.connect(self.closed)
        self._build(theme)
        self.setFixedWidth(theme.px(_WIDTH))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.hide()

    def _build(self, theme: Theme) -> None:
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(_MARGIN, 22, _MARGIN, 22)
        column_layout.setSpacing(14)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.details, 0, Qt.AlignmentFlag.AlignTop)
        column_layout.addLayout(head)
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(14)
        inside.addWidget(self._state)
        inside.addWidget(self._tile())
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
        self._room = FittedArea(content, theme.px(_WIDTH) - 2 * _MARGIN)
        self._room.setAccessibleName(tr("Safety code"))
        column_layout.addWidget(self._room, 1)
        column_layout.addWidget(self.same)
        rest = QHBoxLayout()
        rest.setSpacing(12)
        rest.addWidget(self.different, 1)
        rest.addWidget(self.later, 1)
        column_layout.addLayout(rest)

    def _tile(self) -> QFrame:
        tile = QFrame()
        tile.setProperty("role", "tile")
        pictures = QGridLayout(tile)
        pictures.setContentsMargins(14, 12, 14, 12)
        for column, (symbol, name) in enumerate(zip(self._symbols, self._names, strict=True)):
            for row, part in enumerate((symbol, name)):
                part.setAlignment(Qt.AlignmentFlag.AlignCenter)
                pictures.addWidget(part, row, column)
        pictures.addWidget(self._digits, 2, 0, 1, 4)
        return tile

    def render_security(self, security: SecurityView, patient: str) -> None:
        """Show the code of the call, and whether it was compared before."""
        if (security, patient) == self._shown:
            return
        self._shown = security, patient
        names = picture_names.spoken(security.names)
        for labels, values in ((self._symbols, security.pictures), (self._names, names)):
            for part, value in zip(labels, values, strict=False):
                part.setText(value)
        digits = f"{security.digits[:3]} {security.digits[3:]}"
        self._digits.setText(digits)
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
