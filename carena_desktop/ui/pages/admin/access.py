"""Who is signed in where, and who used emergency access."""

from PySide6.QtCore import Signal

from carena_desktop.ui import text
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.account.section import session_cells
from carena_desktop.ui.pages.admin.parts import Section, row_of
from carena_desktop.ui.pages.settings.rows import card
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.record_table import RecordTable
from carena_protocol.admin_rest import EmergencyList, EmergencyRecord
from carena_protocol.staff_rest import SessionList


class AccessSection(Section):
    """Emits the session to end."""

    revoke_requested = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        columns = (tr("Who"), tr("Computer"), tr("Address"), tr("Last used"), tr("Since"), tr("State"))
        self.sessions = RecordTable(theme, tr("Sessions"), columns)
        self.sessions.setMinimumHeight(theme.px(260))
        self.revoke = ActionButton(theme, tr("End session"), icon="log-out", kind="danger")
        records = (tr("Who"), tr("Begun"), tr("Until"), tr("Reason"))
        self.emergencies = RecordTable(theme, tr("Emergency access"), records)
        self.emergencies.setMinimumHeight(theme.px(180))
        self.put(card("", self.sessions, row_of(self.revoke)), card(tr("Emergency access"), self.emergencies))
        self.sessions.record_selected.connect(lambda one: self.revoke.setEnabled(bool(one)))
        self.revoke.clicked.connect(lambda: self.revoke_requested.emit(self.sessions.current_id))
        self.revoke.setEnabled(False)

    def show_sessions(self, found: SessionList) -> None:
        """Show everyone's sessions."""
        rows = []
        for one in found.sessions:
            state = tr("connected") if one.connected else tr("signed in")
            rows.append((one.id, (text.one_line(one.user_name or ""), *session_cells(one), state)))
        self.sessions.show_records(rows)

    def show_emergencies(self, found: EmergencyList) -> None:
        """Show uses of emergency access."""
        self.emergencies.show_records([(one.id, _cells(one)) for one in found.records])


def _cells(one: EmergencyRecord) -> tuple[str, ...]:
    ended = one.ended_at if one.ended_at is not None else one.until
    who, reason = text.one_line(one.user_name), text.one_line(one.reason)
    return who, text.day_and_time(one.at), text.day_and_time(ended), reason
