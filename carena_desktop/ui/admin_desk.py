"""Asks the server for what an administrator wants, and tells the sections what came of it. The server decides."""

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from carena_desktop.private_file import write_private
from carena_desktop.session.ports import SessionPort
from carena_desktop.tasks import TaskScope, describe_error
from carena_desktop.ui.account_desk import Asking
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.main_window import MainWindow
from carena_desktop.ui.pages.admin.access import AccessSection
from carena_desktop.ui.pages.admin.audit import AuditSection
from carena_desktop.ui.pages.admin.people import PeopleSection
from carena_desktop.ui.pages.admin.rooms import RoomsSection
from carena_desktop.ui.pages.settings.page import SheetPage
from carena_desktop.ui.theme import Theme
from carena_protocol.admin_rest import AuditQuery
from carena_protocol.envelope import Role

_log = logging.getLogger(__name__)
_PEOPLE, _ROOMS, _ACCESS, _AUDIT = range(4)


class AdminDesk(QObject):
    """The administration of one window; the page is made when it is first opened.

    Args:
        wall_ms: Local time in ms since the epoch.
    """

    def __init__(
        self, window: MainWindow, theme: Theme, session: SessionPort, scope: TaskScope, wall_ms: Callable[[], int]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._session = session
        self._scope = scope
        self._wall_ms = wall_ms
        self._page: SheetPage | None = None
        self._welcomed = ""

    @property
    def page(self) -> SheetPage | None:
        """The page, once it was opened."""
        return self._page

    @property
    def allowed(self) -> bool:
        """Whether the person signed in is an administrator."""
        account = self._session.snapshot.account
        return account is not None and account.role is Role.ADMINISTRATOR

    def session_changed(self) -> None:
        """Lead an administrator who signs in to administration, once; put it away at sign-out."""
        account = self._session.snapshot.account
        if account is None:
            self._welcomed = ""
            self.put_away()
        elif self.allowed and self._welcomed != account.id and not account.must_enrol:
            self._welcomed = account.id
            self.open()

    def open(self, section: int = 0) -> None:
        """Show administration."""
        if not self.allowed:
            return
        if self._page is None:
            self._page = self._make()
            self._window.add_cover(self._page)
        self._page.show_section(section)
        self._shown(section)
        self._window.show_sheet(self._page)

    def open_access(self) -> None:
        """Show who is signed in where, and who used emergency access."""
        self.open(_ACCESS)

    def _make(self) -> SheetPage:
        theme = self._theme
        self.people, self.rooms = PeopleSection(theme), RoomsSection(theme)
        self.access, self.audit = AccessSection(theme), AuditSection(theme)
        made = SheetPage(
            theme,
            tr("Administration"),
            (
                ("users-round", tr("Accounts"), self.people),
                ("door-open", tr("Waiting rooms"), self.rooms),
                ("monitor-smartphone", tr("Sessions"), self.access),
                ("scroll-text", tr("Audit log"), self.audit),
            ),
            wide=True,
        )
        made.leave_requested.connect(self.put_away)
        made.section_shown.connect(self._shown)
        self._asking = {
            section: Asking(self._scope, part.say)
            for section, part in enumerate((self.people, self.rooms, self.access, self.audit))
        }
        self._connect()
        return made

    def _connect(self) -> None:
        people, rooms, access, audit = (self._asking[one].ask for one in (_PEOPLE, _ROOMS, _ACCESS, _AUDIT))
        self.people.add_requested.connect(lambda draft: people(self._add_user(draft), "add-user"))
        self.people.update_requested.connect(lambda update: people(self._update_user(update), "update-user"))
        self.rooms.add_requested.connect(lambda name: rooms(self._add_room(name), "add-room"))
        self.rooms.update_requested.connect(lambda update: rooms(self._update_room(update), "update-room"))
        self.access.revoke_requested.connect(lambda one: access(self._revoke(one), "revoke"))
        self.audit.query_requested.connect(lambda query: audit(self._query(query), "audit"))
        self.audit.export_requested.connect(lambda query: audit(self._export(query), "audit-export"))
        self.audit.verify_requested.connect(lambda: audit(self._verify(), "audit-verify"))

    def put_away(self) -> None:
        """Close administration where it is open, and forget what was typed."""
        if self._page is None:
            return
        for section in (self.people, self.rooms, self.access, self.audit):
            section.forget()
        if self._window.sheet is self._page:
            self._window.show_sheet(None)

    def _shown(self, section: int) -> None:
        """Ask for what the section shows."""
        questions = {
            _PEOPLE: self._show_users,
            _ROOMS: self._show_rooms,
            _ACCESS: self._show_access,
            _AUDIT: self._show_audit,
        }
        self._asking[section].ask(questions[section](), f"admin-{section}")

    async def _show_users(self) -> None:
        self.people.show_users(await self._session.staff.admin.users())

    async def _show_rooms(self) -> None:
        self.rooms.show_rooms(await self._session.staff.admin.rooms())

    async def _show_access(self) -> None:
        self.access.show_sessions(await self._session.staff.admin.sessions())
        self.access.show_emergencies(await self._session.staff.admin.emergencies())

    async def _show_audit(self) -> None:
        self.audit.set_now(self._wall_ms())
        self.audit.show_users(await self._session.staff.admin.users())
        await self._query(self.audit.query())

    async def _add_user(self, draft: dict[str, object]) -> None:
        await self._session.staff.admin.add_user(draft)
        self.people.added()
        await self._show_users()
        self.people.say(tr("The account is there."), "ok")

    async def _update_user(self, update: dict[str, object]) -> None:
        await self._session.staff.admin.update_user(update)
        await self._show_users()
        self.people.say(tr("Saved."), "ok")

    async def _add_room(self, name: str) -> None:
        await self._session.staff.admin.add_room(name)
        await self._show_rooms()
        self.rooms.say(tr("The room is there."), "ok")

    async def _update_room(self, update: dict[str, object]) -> None:
        await self._session.staff.admin.update_room(update)
        await self._show_rooms()
        self.rooms.say(tr("Saved."), "ok")

    async def _revoke(self, session: str) -> None:
        await self._session.staff.admin.revoke_session(session)
        await self._show_access()
        self.access.say(tr("The session has ended."), "ok")

    async def _query(self, query: AuditQuery) -> None:
        page = await self._session.staff.admin.audit(query)
        self.audit.show_page(page, older=isinstance(query.before, int))

    async def _export(self, query: AuditQuery) -> None:
        content = await self._session.staff.admin.export_audit(query)
        dialog = QFileDialog(self._window, tr("Export the audit log"), "audit.ndjson")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(lambda path: self._write(path, content))
        dialog.open()  # exec would block the loop, and a running visit with it

    def _write(self, path: str, content: bytes) -> None:
        try:
            write_private(Path(path), content)
        except OSError as error:
            _log.warning("the audit log was not exported: %s", describe_error(error))
            self.audit.say(tr("The file can't be written there."), "danger")
        else:
            self.audit.say(tr("Exported. Only you can read the file."), "ok")

    async def _verify(self) -> None:
        self.audit.show_verdict(await self._session.staff.admin.verify_audit())
