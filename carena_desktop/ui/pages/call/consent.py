"""The question before any device opens, asked at every visit and naming who will see and what will open."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from carena_desktop.call.model import Allowed
from carena_desktop.ui import text
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.labels import IconLabel, label


class ConsentCard(QFrame):
    """Emits ``answered`` with what is allowed. Takes the focus itself, so that a stray Enter answers nothing."""

    answered = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "ask")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._question = label("", "heading", wrap=True)
        self._camera = label("", "body", wrap=True)
        self._microphone = label("", "body", wrap=True)
        self.allow_both = ActionButton(
            theme, tr("Allow camera and microphone"), icon="video", kind="primary", large=True
        )
        self.allow_microphone = ActionButton(theme, tr("Microphone only"), icon="mic", large=True)
        self.not_now = ActionButton(theme, tr("Not now"), large=True)
        self.allow_both.clicked.connect(self._both)
        self.allow_microphone.clicked.connect(self._microphone_only)
        self.not_now.clicked.connect(self._nothing)
        devices = QFrame()
        devices.setProperty("role", "tile")
        rows = QVBoxLayout(devices)
        rows.setContentsMargins(14, 12, 14, 12)
        rows.setSpacing(10)
        for icon, words in (("video", self._camera), ("mic", self._microphone)):
            row = QHBoxLayout()
            row.setSpacing(10)
            row.addWidget(IconLabel(theme, icon, "text2", 18))
            row.addWidget(words, 1)
            rows.addLayout(row)
        less = QHBoxLayout()
        less.setSpacing(12)
        less.addWidget(self.allow_microphone, 1)
        less.addWidget(self.not_now, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 22)
        column.setSpacing(14)
        column.addWidget(self._question)
        column.addWidget(devices)
        column.addWidget(
            label(
                tr("Nothing is open yet. You are asked before every visit and can change it during the visit."),
                "secondary",
                wrap=True,
            )
        )
        column.addWidget(self.allow_both)
        column.addLayout(less)
        self.setFixedWidth(theme.px(440))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)

    def ask(self, patient: str, camera: str, microphone: str) -> None:
        """Ask for a visit with ``patient`` about two devices by name; empty means none was found."""
        who = text.isolate(patient) if patient else tr("the patient")
        question = tr("May {name} see and hear you?").format(name=who)
        self._question.setText(question)
        self._camera.setText(
            tr("Camera: {name}").format(name=text.isolate(camera)) if camera else tr("No camera was found")
        )
        self._microphone.setText(
            tr("Microphone: {name}").format(name=text.isolate(microphone))
            if microphone
            else tr("No microphone was found")
        )
        self.setAccessibleName(question)
        self.setAccessibleDescription(
            f"{self._camera.text()}. {self._microphone.text()}. " + tr("Nothing is open yet.")
        )

    def _both(self) -> None:
        self.answered.emit(Allowed.CAMERA_AND_MICROPHONE)

    def _microphone_only(self) -> None:
        self.answered.emit(Allowed.MICROPHONE_ONLY)

    def _nothing(self) -> None:
        self.answered.emit(Allowed.NOTHING)
