"""The account's part of the settings: password, second factor, where one is signed in, emergency access."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from carena_desktop.ui import text
from carena_desktop.ui.a11y import announce
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.account.enrol import EnrolCard
from carena_desktop.ui.pages.settings.rows import card
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.choice_field import ChoiceField
from carena_desktop.ui.widgets.fields import IconLineEdit, LabelledField, PasswordEdit
from carena_desktop.ui.widgets.labels import label
from carena_desktop.ui.widgets.notice import Notice
from carena_desktop.ui.widgets.record_table import RecordTable
from carena_protocol.staff_rest import SecondFactor, SecondFactorStatus, SessionInfo, SessionList

_MINUTES = (30, 60, 120, 240)
_REASON_CHARS = 10


class AccountSection(QWidget):
    """Emits what the person wants; what came of it is shown by ``say`` and ``show_…``."""

    password_change_requested = Signal(str, str)
    factor_removal_requested = Signal(str, str)
    recovery_codes_requested = Signal(str, str)
    revoke_requested = Signal(str)
    revoke_others_requested = Signal()
    emergency_requested = Signal(str, int)
    emergency_end_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.message = Notice(theme, "ok", dismissible=True)
        self.current = PasswordEdit(theme, tr("Password now"))
        self.new = PasswordEdit(theme, tr("New password"))
        self.again = PasswordEdit(theme, tr("New password again"))
        self.change = ActionButton(theme, tr("Change password"), kind="primary")
        self.factor_words = label("", "body", wrap=True)
        self.set_up = ActionButton(theme, tr("Set up a second factor…"), icon="key-round")
        self.enrol = EnrolCard(theme)
        self.enrol.hide()
        self.factor_password = PasswordEdit(theme, tr("Password"))
        self.factor_code = IconLineEdit(theme, tr("Code of your authenticator"), "key-round")
        self.new_codes = ActionButton(theme, tr("New recovery codes"), icon="refresh-cw")
        self.remove = ActionButton(theme, tr("Remove the second factor"), icon="trash-2")
        self._proof = QWidget()
        self.sessions = RecordTable(
            theme, tr("Where you are signed in"), (tr("Computer"), tr("Address"), tr("Last used"), tr("Since"))
        )
        self.sessions.setMinimumHeight(theme.px(180))
        self.revoke = ActionButton(theme, tr("Sign out there"), icon="log-out")
        self.revoke_others = ActionButton(theme, tr("Sign out everywhere else"), icon="log-out")
        self.reason = IconLineEdit(theme, tr("Reason for emergency access"), "")
        self.minutes = ChoiceField(theme, tr("For"))
        self.emergency = ActionButton(theme, tr("Start emergency access"), icon="shield-alert", kind="danger")
        self.emergency_end = ActionButton(theme, tr("End emergency access"), icon="shield-check")
        self._emergency_words = label("", "body", wrap=True)
        self._current_session = ""
        self._build(theme)
        self._connect()
        self.show_emergency(None)

    def say(self, words: str, tone: str) -> None:
        """Show what came of something, and read it out."""
        self.message.show_text(words, tone=tone)
        if words:
            announce(self.message, words, urgent=tone == "danger")

    def password_changed(self) -> None:
        """The new one counts."""
        self._forget_passwords()
        self.say(tr("The password is changed. You are signed out everywhere else."), "ok")

    def show_factor(self, status: SecondFactorStatus) -> None:
        """Show whether there is a second factor."""
        active = status.state is SecondFactor.ACTIVE
        words = tr("On. %n recovery code(s) left.", "", status.recovery_codes_left) if active else tr("Off.")
        if status.required:
            words += " " + tr("Your organization requires it.")
        self.factor_words.setText(words)
        self.set_up.setVisible(not active)
        self._proof.setVisible(active)
        self.remove.setVisible(active and not status.required)
        self.enrol.hide()

    def show_codes(self, codes: tuple[str, ...]) -> None:
        """Show new recovery codes, once."""
        self.factor_password.clear()
        self.factor_code.clear()
        self.enrol.show()
        self.enrol.show_codes(codes)

    def show_sessions(self, found: SessionList) -> None:
        """Show where the account is signed in."""
        self._current_session = next((one.id for one in found.sessions if one.current), "")
        self.sessions.show_records([(one.id, session_cells(one)) for one in found.sessions])
        self.revoke_others.setEnabled(len(found.sessions) > 1)

    def show_emergency(self, until_ms: int | None) -> None:
        """Show whether there is emergency access, and until when."""
        active = until_ms is not None
        told = tr("You see every waiting room until {time}. Administrators have been told.")
        ask = tr("Shows every waiting room for a while. Administrators are told at once, and the reason is kept.")
        self._emergency_words.setText(told.format(time=text.time_of_day(until_ms)) if until_ms is not None else ask)
        for part in (self._reason_field, self.minutes, self.emergency):
            part.setVisible(not active)
        self.emergency_end.setVisible(active)
        self.reason.clear()

    def forget(self) -> None:
        """Drop every secret typed or shown."""
        self._forget_passwords()
        self.factor_password.clear()
        self.factor_code.clear()
        self.enrol.forget()
        self.enrol.hide()
        self.message.show_text("")

    def _forget_passwords(self) -> None:
        for field in (self.current, self.new, self.again):
            field.clear()
            field.conceal()

    def _change(self) -> None:
        if self.new.text() != self.again.text():
            self.say(tr("The two new passwords differ."), "danger")
            self.again.setFocus()
        elif self.current.text() and self.new.text():
            self.password_change_requested.emit(self.current.text(), self.new.text())

    def _start_emergency(self) -> None:
        reason = self.reason.text().strip()
        if len(reason) < _REASON_CHARS:
            self.say(tr("Say why in a few words."), "danger")
            self.reason.setFocus()
        else:
            self.emergency_requested.emit(reason, int(self.minutes.box.currentData()))

    def _session_selected(self, session: str) -> None:
        self.revoke.setEnabled(bool(session) and session != self._current_session)

    def _begin_enrolment(self) -> None:
        self.set_up.hide()
        self.enrol.show()
        self.enrol.begin()

    def _connect(self) -> None:
        self.change.clicked.connect(self._change)
        self.again.returnPressed.connect(self._change)
        self.set_up.clicked.connect(self._begin_enrolment)
        self.new_codes.clicked.connect(
            lambda: self.recovery_codes_requested.emit(self.factor_password.text(), self.factor_code.text().strip())
        )
        self.remove.clicked.connect(
            lambda: self.factor_removal_requested.emit(self.factor_password.text(), self.factor_code.text().strip())
        )
        self.sessions.record_selected.connect(self._session_selected)
        self.revoke.clicked.connect(lambda: self.revoke_requested.emit(self.sessions.current_id))
        self.revoke_others.clicked.connect(self.revoke_others_requested)
        self.emergency.clicked.connect(self._start_emergency)
        self.emergency_end.clicked.connect(self.emergency_end_requested)

    def _build(self, theme: Theme) -> None:
        self.minutes.show_lines(tuple((str(one), tr("%n minute(s)", "", one)) for one in _MINUTES), 1)
        self._reason_field = LabelledField(tr("Reason for emergency access"), self.reason)
        proof = QVBoxLayout(self._proof)
        proof.setContentsMargins(0, 0, 0, 0)
        proof.setSpacing(10)
        proof.addWidget(LabelledField(tr("Password"), self.factor_password))
        proof.addWidget(LabelledField(tr("Code of your authenticator"), self.factor_code))
        proof.addWidget(_row(self.new_codes, self.remove))
        rule = label(tr("At least as long as your organization asks; any characters."), "secondary", wrap=True)
        rule.setContentsMargins(0, 0, 0, 6)
        parts = (
            self.message,
            card(
                tr("Password"),
                rule,
                LabelledField(tr("Password now"), self.current),
                LabelledField(tr("New password"), self.new),
                LabelledField(tr("New password again"), self.again),
                _row(self.change),
            ),
            card(tr("Second factor"), self.factor_words, _row(self.set_up), self.enrol, self._proof),
            card(tr("Where you are signed in"), self.sessions, _row(self.revoke, self.revoke_others)),
            card(
                tr("Emergency access"),
                self._emergency_words,
                self._reason_field,
                self.minutes,
                _row(self.emergency, self.emergency_end),
            ),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        self.setMinimumWidth(theme.px(300))


def session_cells(one: SessionInfo) -> tuple[str, str, str, str]:
    """Return a session as cells: computer, address, last use, since when."""
    name = text.one_line(one.device) or tr("unknown computer")
    if one.current:
        name = tr("{computer} (this one)").format(computer=name)
    return name, text.one_line(one.address), text.day_and_time(one.last_used_at), text.day_and_time(one.created_at)


def _row(*parts: QWidget) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 8, 0, 4)
    row.setSpacing(10)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return made
