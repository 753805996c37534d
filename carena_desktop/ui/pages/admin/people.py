"""Accounts: a list, a form for the one selected, and a form for a new one."""

from PySide6.QtCore import Signal

from carena_desktop.ui import text
from carena_desktop.ui.i18n import mark, tr, tr_marked
from carena_desktop.ui.pages.admin.parts import Section, row_of
from carena_desktop.ui.pages.settings.rows import card
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.choice_field import ChoiceField
from carena_desktop.ui.widgets.fields import IconLineEdit, LabelledField, PasswordEdit
from carena_desktop.ui.widgets.record_table import RecordTable
from carena_protocol.admin_rest import User, UserList
from carena_protocol.envelope import Role
from carena_protocol.staff_rest import SecondFactor

_ROLES = (Role.CLINICIAN, Role.NURSE, Role.ADMINISTRATOR)
_FACTOR = {
    SecondFactor.NONE: mark("none"),
    SecondFactor.ACTIVE: mark("on"),
    SecondFactor.ENROLMENT_REQUIRED: mark("to be set up"),
}


class PeopleSection(Section):
    """Emits fields of ``UserDraft`` and ``UserUpdate``."""

    add_requested = Signal(object)
    update_requested = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._users: dict[str, User] = {}
        columns = (tr("Username"), tr("Name"), tr("Role"), tr("Second factor"), tr("State"))
        self.table = RecordTable(theme, tr("Accounts"), columns)
        self.table.setMinimumHeight(theme.px(240))
        self.name = IconLineEdit(theme, tr("Name"), "user-round")
        self.role = ChoiceField(theme, tr("Role"))
        self.save = ActionButton(theme, tr("Save"), icon="circle-check", kind="primary")
        self.disable = ActionButton(theme, tr("Disable"), icon="lock")
        self.reset_factor = ActionButton(theme, tr("Remove second factor"), icon="key-round")
        self.password = PasswordEdit(theme, tr("New password"))
        self.set_password = ActionButton(theme, tr("Set password"))
        self.new_username = IconLineEdit(theme, tr("Username of the new account"), "user-round")
        self.new_name = IconLineEdit(theme, tr("Name of the new account"), "user-round")
        self.new_role = ChoiceField(theme, tr("Role of the new account"))
        self.new_password = PasswordEdit(theme, tr("First password"))
        self.add = ActionButton(theme, tr("Add account"), icon="user-plus", kind="primary")
        for field in (self.role, self.new_role):
            field.show_lines(tuple((role.value, text.role(role)) for role in _ROLES), 0)
        self._build()
        self._connect()

    def show_users(self, found: UserList) -> None:
        """Show every account."""
        self._users = {user.id: user for user in found.users}
        self.table.show_records([(user.id, _cells(user)) for user in found.users])

    def forget(self) -> None:
        """Drop the passwords typed."""
        self.password.clear()
        self.new_password.clear()
        super().forget()

    def added(self) -> None:
        """The new account is there."""
        for field in (self.new_username, self.new_name, self.new_password):
            field.clear()

    def _selected(self, user_id: str) -> None:
        user = self._users.get(user_id)
        for part in (self.name, self.role, self.save, self.disable, self.reset_factor, self.password):
            part.setEnabled(user is not None)
        self.set_password.setEnabled(user is not None)
        if user is None:
            return
        self.name.setText(user.display_name)
        self.role.box.setCurrentIndex(max(0, self.role.box.findData(user.role.value)))
        words = tr("Enable") if user.disabled else tr("Disable")
        self.disable.set_action(words, "lock-open" if user.disabled else "lock")
        self.reset_factor.setEnabled(user.second_factor is SecondFactor.ACTIVE)

    def _update(self, **changes: object) -> None:
        if self.table.current_id:
            self.update_requested.emit({"id": self.table.current_id, **changes})

    def _save(self) -> None:
        self._update(display_name=self.name.text().strip(), role=self.role.box.currentData())

    def _flip_disabled(self) -> None:
        user = self._users.get(self.table.current_id)
        if user is not None:
            self._update(disabled=not user.disabled)

    def _set_password(self) -> None:
        if self.password.text():
            self._update(password=self.password.text())
            self.password.clear()

    def _add(self) -> None:
        draft = {
            "username": self.new_username.text().strip(),
            "display_name": self.new_name.text().strip(),
            "role": self.new_role.box.currentData(),
            "password": self.new_password.text(),
        }
        if all(draft.values()):
            self.add_requested.emit(draft)
        else:
            self.say(tr("Username, name and first password are needed."), "danger")

    def _connect(self) -> None:
        self.table.record_selected.connect(self._selected)
        self.save.clicked.connect(self._save)
        self.disable.clicked.connect(self._flip_disabled)
        self.reset_factor.clicked.connect(lambda: self._update(reset_second_factor=True))
        self.set_password.clicked.connect(self._set_password)
        self.add.clicked.connect(self._add)

    def _build(self) -> None:
        chosen = card(
            tr("Selected account"),
            LabelledField(tr("Name"), self.name),
            self.role,
            row_of(self.save, self.disable, self.reset_factor),
            LabelledField(tr("New password"), self.password),
            row_of(self.set_password),
        )
        new = card(
            tr("New account"),
            LabelledField(tr("Username of the new account"), self.new_username),
            LabelledField(tr("Name of the new account"), self.new_name),
            self.new_role,
            LabelledField(tr("First password"), self.new_password),
            row_of(self.add),
        )
        self.put(card("", self.table), chosen, new)


def _cells(user: User) -> tuple[str, ...]:
    state = tr("disabled") if user.disabled else tr("active")
    factor = tr_marked(_FACTOR[user.second_factor])
    return text.one_line(user.username), text.one_line(user.display_name), text.role(user.role), factor, state
