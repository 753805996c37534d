"""The audit log: filtered, page by page, exported, its chain verified. Entries hold identifiers, no patient text."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from carena_desktop.ui import text
from carena_desktop.ui.i18n import locale, tr
from carena_desktop.ui.pages.admin.parts import Section, row_of
from carena_desktop.ui.pages.settings.rows import card
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.choice_field import ChoiceField
from carena_desktop.ui.widgets.fields import IconLineEdit, LabelledField
from carena_desktop.ui.widgets.labels import label
from carena_desktop.ui.widgets.record_table import RecordTable
from carena_protocol.admin_rest import AuditLine, AuditPage, AuditQuery, AuditVerdict, UserList

PAGE = 200
_DAYS = (1, 7, 30, 365)
_DAY_MS = 86_400_000


class AuditSection(Section):
    """Emits queries; what they find is shown by ``show_page``."""

    query_requested = Signal(object)
    export_requested = Signal(object)
    verify_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._now_ms = 0
        self._entries: list[AuditLine] = []
        self._names: dict[str, str] = {}
        self._reading: AuditQuery | None = None
        self.actor = ChoiceField(theme, tr("Who"))
        self.days = ChoiceField(theme, tr("When"))
        examples = {"one": "visit.admit", "all": "visit."}
        example = tr("{one}, or {all} for every action that begins with it").format(**examples)
        self.action = IconLineEdit(theme, tr("Action"), "", placeholder=example)
        self.subject = IconLineEdit(theme, tr("About"), "", placeholder=tr("Identifier of a visit or an account"))
        self.search = ActionButton(theme, tr("Find"), icon="search", kind="primary")
        self.export = ActionButton(theme, tr("Export…"), icon="download")
        self.verify = ActionButton(theme, tr("Verify the chain"), icon="shield-check")
        columns = (tr("Number"), tr("When"), tr("Who"), tr("Action"), tr("About"), tr("Detail"))
        self.table = RecordTable(theme, tr("Audit log"), columns)
        self.table.setMinimumHeight(theme.px(420))
        self.more = ActionButton(theme, tr("Older entries"), icon="history")
        self._count = label("", "secondary")
        self.days.show_lines((("0", tr("Any time")), *((str(n), tr("%n day(s)", "", n)) for n in _DAYS)), 2)
        self.show_users(UserList(users=()))
        self._build()
        self._connect()

    def show_users(self, found: UserList) -> None:
        """Offer every account to filter by."""
        lines = (("", tr("Anyone")), *((user.id, text.one_line(user.display_name)) for user in found.users))
        self.actor.show_lines(lines, 0)

    def set_now(self, now_ms: int) -> None:
        """Take the time that "the last days" count back from."""
        self._now_ms = now_ms

    def query(self, before: int | None = None) -> AuditQuery:
        """Return what the fields ask for."""
        fields: dict[str, object] = {"limit": PAGE}
        days = int(self.days.box.currentData() or 0)
        given = {
            "actor": self.actor.box.currentData(),
            "action": self.action.text().strip()[:32],
            "subject": self.subject.text().strip()[:64],
            "since": self._now_ms - days * _DAY_MS if days else None,
            "before": before,
        }
        fields |= {name: value for name, value in given.items() if value}
        return AuditQuery(**fields)  # type: ignore[arg-type]  # the fields' own types

    def show_page(self, page: AuditPage, *, older: bool) -> None:
        """Show entries; ``older`` ones go below those that are there."""
        self._entries = [*(self._entries if older else []), *page.entries]
        self._names |= page.names
        self.table.show_records([(str(line.seq), self._cells(line)) for line in self._entries])
        self.more.setVisible(page.more)
        shown, total = (locale().toString(count) for count in (len(self._entries), page.total))
        self._count.setText(tr("{shown} of {total} entries").format(shown=shown, total=total))

    def show_verdict(self, verdict: AuditVerdict) -> None:
        """Say whether the chain holds."""
        if verdict.sound:
            words = tr("The chain is whole, {number} entries. Write its end down elsewhere: {head}")
            self.say(words.format(number=locale().toString(verdict.entries), head=verdict.head), "ok")
            return
        at = verdict.broken_at if verdict.broken_at is not None else 0
        words = tr("The chain is broken at entry {number}: {problem}")
        self.say(words.format(number=locale().toString(at), problem=text.one_line(verdict.problem or "")), "danger")

    def _older(self) -> None:
        if self._entries:
            self.query_requested.emit(self.query(self._entries[-1].seq))

    def _search(self) -> None:
        self.query_requested.emit(self.query())

    def _cells(self, line: AuditLine) -> tuple[str, ...]:
        who = text.one_line(self._names.get(line.actor, line.actor))
        about = text.one_line(self._names.get(line.subject, line.subject))
        return str(line.seq), text.day_and_time(line.at), who, line.action, about, text.one_line(line.detail)

    def _connect(self) -> None:
        self.search.clicked.connect(self._search)
        for field in (self.action, self.subject):
            field.returnPressed.connect(self._search)
        self.more.clicked.connect(self._older)
        self.export.clicked.connect(lambda: self.export_requested.emit(self.query()))
        self.verify.clicked.connect(self.verify_requested)

    def _build(self) -> None:
        filters = QWidget()
        row = QHBoxLayout(filters)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.actor, 1)
        row.addWidget(self.days, 1)
        action = LabelledField(tr("Action"), self.action)
        subject = LabelledField(tr("About"), self.subject)
        buttons = row_of(self.search, self.export, self.verify)
        self.put(card("", filters, action, subject, buttons), card("", self.table, row_of(self.more, self._count)))
        self.more.hide()
