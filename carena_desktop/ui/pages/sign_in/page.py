"""The sign-in screen: renders its view state, emits what the person wants, keeps no password longer than needed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from carena_desktop.session.model import SessionSnapshot
from carena_desktop.ui import text
from carena_desktop.ui.a11y import announce
from carena_desktop.ui.i18n import language_name, tr, tr_marked
from carena_desktop.ui.pages.account.enrol import EnrolCard
from carena_desktop.ui.pages.sign_in.side_panel import SidePanel
from carena_desktop.ui.pages.sign_in.trust_card import TrustCard
from carena_desktop.ui.pages.sign_in.view_model import Step, ViewState, caps_lock_after, view
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.fields import IconLineEdit, LabelledField, PasswordEdit
from carena_desktop.ui.widgets.labels import IconLabel, label
from carena_desktop.ui.widgets.notice import Notice
from carena_desktop.ui.widgets.scrolling import scrolled

_FORM_WIDTH = 400
_SIDE_SHOWN_FROM = 980


class SignInPage(QWidget):
    """Server address, username and password; first contact; changed authority."""

    sign_in_requested = Signal(str, str, str, str)
    """Server, username, password, and a code of the second factor or ""."""
    trust_answered = Signal(bool)
    computer_check_requested = Signal()
    language_requested = Signal()

    def __init__(self, theme: Theme, version: str, server: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._state: ViewState | None = None
        self._caps_lock = False
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.server = IconLineEdit(theme, tr("Server address"), "server", placeholder="carena.example.org")
        self.server.setText(server)
        self.username = IconLineEdit(theme, tr("Username"), "user-round")
        self.password = PasswordEdit(theme, tr("Password"))
        self.code = IconLineEdit(theme, tr("Code of your authenticator"), "key-round")
        self.code.setInputMethodHints(Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhSensitiveData)
        self._code_field = LabelledField(tr("Code of your authenticator, or a recovery code"), self.code)
        self._code_field.hide()
        self.enrol = EnrolCard(theme)
        self.sign_in = ActionButton(theme, tr("Sign in"), kind="primary", large=True)
        self.problem = Notice(theme, "danger")
        self.caps_notice = Notice(theme, "info")
        self.trust = TrustCard(theme)
        self.trust.answered.connect(self.trust_answered)
        self._side = SidePanel(theme, version)
        self._build(theme)
        self.sign_in.clicked.connect(self._submit)
        for field in (self.server, self.username, self.password, self.code):
            field.returnPressed.connect(self._submit)
            field.textEdited.connect(self._edited)
        self.password.typed.connect(self._judge_caps_lock)
        self.password.caps_lock_pressed.connect(self._flip_caps_lock)

    def render_snapshot(self, snapshot: SessionSnapshot) -> None:
        """Show ``snapshot``; rendering the same twice changes nothing."""
        state = view(snapshot)
        before, self._state = self._state, state
        if state == before:
            return
        if not self.server.text() and state.server:
            self.server.setText(state.server)
        self._faces.setCurrentIndex({Step.FORM: 0, Step.ENROL: 2}.get(state.step, 1))
        if state.step is Step.ENROL:
            self.enrol.begin(self.password.text())
            return
        if state.step is not Step.FORM:
            self.trust.render_state(state)
            (self.trust.trust if state.step is Step.FIRST_CONTACT else self.trust.cancel).setFocus()
            return
        for field in (self.server, self.username, self.password, self.code, self.sign_in):
            field.setEnabled(not state.busy)
        if not state.busy:
            self._code_field.setVisible(state.asks_code)
            self.code.clear()
        self.sign_in.set_action(state.status if state.busy else tr("Sign in"), "", tr("Sign in"))
        wants_code = before is not None and not before.asks_code and state.asks_code
        self.problem.show_text(state.problem, tone="info" if wants_code else "danger")
        if state.problem:
            announce(self.problem, state.problem, urgent=True)
            if state.clear_password:
                self.password.clear()
            self.focus_first()

    def lock_server(self) -> None:
        """Show that the organization has set the server: it can be read and not changed."""
        self.server.setReadOnly(True)
        self.server.setToolTip(tr_marked(text.SET_BY_ORGANIZATION))
        self.server.setAccessibleDescription(tr_marked(text.SET_BY_ORGANIZATION))
        self.server.set_tail(IconLabel(self._theme, "lock", "text2", 16))

    def next_person(self) -> None:
        """Somebody else signs in: the server stays, the name goes."""
        self.username.clear()
        self.forget()

    def focus_first(self) -> None:
        """Put the keyboard into the first field that is empty."""
        fields: list[QLineEdit] = [self.server, self.username, self.password]
        if self._state is not None and self._state.asks_code:
            fields.append(self.code)
        next((field for field in fields if not field.text()), self.password).setFocus()

    def regions(self) -> tuple[QWidget, ...]:
        """Where F6 goes."""
        first: tuple[QWidget, ...] = (self.server, self.trust.cancel, self.enrol)
        return (first[self._faces.currentIndex()],)

    def forget(self) -> None:
        """Drop the password; called when the page is left."""
        self.password.clear()
        self.code.clear()
        self.enrol.forget()
        self.password.conceal()
        self._show_caps_lock(on=False)

    def resizeEvent(self, event: object) -> None:
        """Give the form the whole width when there is little."""
        self._side.setVisible(self.width() >= self._theme.px(_SIDE_SHOWN_FROM))
        super().resizeEvent(event)  # type: ignore[arg-type]  # Qt's event, handed on

    def _build(self, theme: Theme) -> None:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        heading = QVBoxLayout()
        heading.setSpacing(4)
        title = label(tr("Sign in"), "display")
        title.setAccessibleName(tr("Sign in to Carena"))
        heading.addWidget(title)
        heading.addWidget(label(tr("Use your clinic account."), "lead", wrap=True))
        column.addLayout(heading)
        column.addSpacing(4)
        column.addWidget(self.problem)
        for caption, field in (
            (tr("Server address"), self.server),
            (tr("Username"), self.username),
            (tr("Password"), self.password),
        ):
            column.addWidget(LabelledField(caption, field))
        column.addWidget(self.caps_notice)
        column.addWidget(self._code_field)
        column.addSpacing(2)
        column.addWidget(self.sign_in)
        column.addLayout(self._build_help(theme))
        holder = QWidget()
        self._faces = QStackedLayout(holder)
        self._faces.addWidget(_top_aligned(form))
        self._faces.addWidget(_top_aligned(self.trust))
        self._faces.addWidget(_top_aligned(self.enrol))
        holder.setFixedWidth(theme.px(_FORM_WIDTH))
        centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(24, 24, 24, 24)
        row.addStretch(1)
        row.addWidget(holder)
        row.addStretch(1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._side, 36)
        whole.addWidget(scrolled(centre), 64)

    def _build_help(self, theme: Theme) -> QHBoxLayout:
        self.check_computer = ActionButton(theme, tr("Check this computer"), icon="monitor", kind="link")
        self.check_computer.clicked.connect(self.computer_check_requested)
        words = tr("Language: {language}").format(language=language_name())
        self.language = ActionButton(theme, words, icon="languages", kind="link")
        self.language.clicked.connect(self.language_requested)
        row = QHBoxLayout()
        row.addWidget(self.check_computer)
        row.addStretch(1)
        row.addWidget(self.language)
        return row

    def _submit(self) -> None:
        if self._state is not None and (self._state.busy or self._state.step is not Step.FORM):
            return
        missing = next(
            (field for field in (self.server, self.username, self.password) if not field.text().strip()), None
        )
        if missing is not None:
            self.problem.show_text(tr("{field} is missing.").format(field=missing.accessibleName()), tone="danger")
            missing.setFocus()
            return
        self.problem.show_text("")
        server, username = self.server.text().strip(), self.username.text().strip()
        self.sign_in_requested.emit(server, username, self.password.text(), self.code.text().strip())

    def _edited(self) -> None:
        self.problem.show_text("")

    def _judge_caps_lock(self, character: str, shift: bool) -> None:  # noqa: FBT001 - a slot
        on = caps_lock_after(character, shift=shift)
        if on is not None:
            self._show_caps_lock(on=on)

    def _flip_caps_lock(self) -> None:
        if self._caps_lock:
            self._show_caps_lock(on=False)

    def _show_caps_lock(self, *, on: bool) -> None:
        if on != self._caps_lock:
            self._caps_lock = on
            self.caps_notice.show_text(tr("Caps Lock is on") if on else "")
            if on:
                announce(self.caps_notice, tr("Caps Lock is on"))


def _top_aligned(content: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.addStretch(1)
    column.addWidget(content)
    column.addStretch(1)
    return made
