"""Setting up a second factor: password, QR code and secret, a code to prove it, and the recovery codes to keep."""

from enum import IntEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from carena_desktop.ui.a11y import announce
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.fields import IconLineEdit, LabelledField, PasswordEdit
from carena_desktop.ui.widgets.labels import label
from carena_desktop.ui.widgets.notice import Notice
from carena_desktop.ui.widgets.qr_code import QrCode


class Stage(IntEnum):
    """Which of the three faces is up."""

    PASSWORD = 0
    CODE = 1
    RECOVERY = 2


class EnrolCard(QWidget):
    """Shows the stages; what they ask for comes back through ``show_…``."""

    enrol_requested = Signal(str)
    confirm_requested = Signal(str)
    finished = Signal()
    cancelled = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.password = PasswordEdit(theme, tr("Password"))
        self.start = ActionButton(theme, tr("Set up a second factor"), icon="key-round", kind="primary", large=True)
        self.cancel = ActionButton(theme, tr("Cancel"), large=True)
        self.qr = QrCode()
        self._secret = label("", "mono")
        self._secret.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.code = IconLineEdit(theme, tr("Code that the authenticator shows"), "key-round")
        self.confirm = ActionButton(theme, tr("Confirm"), icon="circle-check", kind="primary", large=True)
        self._codes = label("", "mono")
        self._codes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy = ActionButton(theme, tr("Copy codes"), icon="file-text")
        self.done = ActionButton(theme, tr("I have kept them"), icon="circle-check", kind="primary", large=True)
        self.problem = Notice(theme, "danger")
        self._faces = QStackedWidget()
        for face in (self._first(), self._second(), self._third()):
            self._faces.addWidget(face)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(label(tr("Second factor"), "heading"))
        column.addWidget(self.problem)
        column.addWidget(self._faces)
        self.start.clicked.connect(self._ask)
        self.password.returnPressed.connect(self._ask)
        self.confirm.clicked.connect(self._confirm)
        self.code.returnPressed.connect(self._confirm)
        self.copy.clicked.connect(self._copy)
        self.done.clicked.connect(self._finish)
        self.cancel.clicked.connect(self.cancelled)

    @property
    def stage(self) -> Stage:
        """What is asked now."""
        return Stage(self._faces.currentIndex())

    @property
    def secret(self) -> str:
        """The secret as it is shown, for authenticators without a camera."""
        return self._secret.text()

    def begin(self, password: str = "") -> None:
        """Start anew; with a password that was just given the first question is left out."""
        self.forget()
        self._faces.setCurrentIndex(Stage.PASSWORD)
        if password:
            self.enrol_requested.emit(password)
        else:
            self.password.setFocus()

    def show_enrolment(self, secret: str, uri: str) -> None:
        """Show what the authenticator needs."""
        self.problem.show_text("")
        self.password.clear()
        groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        self._secret.setText(groups)
        self._secret.setAccessibleName(tr("Secret to type in: {secret}").format(secret=groups))
        self.qr.show_text(uri)
        self.qr.setAccessibleName(tr("QR code for the authenticator; the secret below says the same"))
        self._faces.setCurrentIndex(Stage.CODE)
        self.code.setFocus()

    def show_codes(self, codes: tuple[str, ...]) -> None:
        """Show the recovery codes, once."""
        self.problem.show_text("")
        self.qr.show_text("")
        self._secret.clear()
        self._codes.setText("\n".join(codes))
        self._codes.setAccessibleName(tr("Recovery codes: {codes}").format(codes=", ".join(codes)))
        self._faces.setCurrentIndex(Stage.RECOVERY)
        self.copy.setFocus()
        announce(self, tr("The second factor is on. Keep the recovery codes."))

    def show_problem(self, words: str) -> None:
        """Say what went wrong; the stage stays."""
        self.problem.show_text(words)
        if words:
            announce(self.problem, words, urgent=True)
        for field in (self.password, self.code):
            field.clear()
        (self.password if self.stage is Stage.PASSWORD else self.code).setFocus()

    def forget(self) -> None:
        """Drop every secret that is shown or typed."""
        self.password.clear()
        self.code.clear()
        self._secret.clear()
        self._secret.setAccessibleName("")
        self._codes.clear()
        self._codes.setAccessibleName("")
        self.qr.show_text("")
        self.problem.show_text("")

    def _ask(self) -> None:
        if self.password.text():
            self.enrol_requested.emit(self.password.text())

    def _confirm(self) -> None:
        if self.code.text().strip():
            self.confirm_requested.emit(self.code.text().strip())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._codes.text())

    def _finish(self) -> None:
        self.forget()
        self.finished.emit()

    def _first(self) -> QWidget:
        words = tr("An authenticator on your phone shows a new code every half minute. Each sign-in asks for it.")
        return _face(
            label(words, "secondary", wrap=True), LabelledField(tr("Password"), self.password), self.start, self.cancel
        )

    def _second(self) -> QWidget:
        scan = label(tr("Scan this with your authenticator, or type the secret in."), "secondary", wrap=True)
        return _face(
            scan, self.qr, self._secret, LabelledField(tr("Code that the authenticator shows"), self.code), self.confirm
        )

    def _third(self) -> QWidget:
        words = tr("Each code signs you in once, for the day the authenticator is lost. They are not shown again.")
        return _face(label(words, "secondary", wrap=True), self._codes, self.copy, self.done)


def _face(*parts: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return made
