"""What becomes of a ``carena:`` link: refused, or asked about and then shown. None ever begins a visit."""

import sys
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from carena_desktop.session.address import ServerAddress, parse_address
from carena_desktop.session.failures import SessionError
from carena_desktop.session.model import SessionSnapshot, SessionState
from carena_desktop.ui.components.program_bar import Message
from carena_desktop.ui.front import come_forward
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.main_window import MainWindow
from carena_desktop.ui.navigation import Page
from carena_desktop.visit_address import VisitAddress, parse_visit_address

KEY = "link"


class Links(QObject):
    """Takes links from the command line, a second start, and the system (macOS).

    Args:
        window: Where it is asked and shown.
        allows: Whether the organization lets a server be used.
        usual: Returns the address that the sign-in offers, "" for none.
        platform: Of this system, as in ``sys.platform``.
    """

    def __init__(
        self,
        window: MainWindow,
        allows: Callable[[ServerAddress], bool],
        usual: Callable[[], str],
        *,
        platform: str = sys.platform,
    ) -> None:
        super().__init__()
        self._window = window
        self._allows = allows
        self._usual = usual
        self._session = SessionSnapshot()
        self._wanted: VisitAddress | None = None
        application = QApplication.instance()
        if application is not None and platform == "darwin":  # the others hand links over as arguments
            application.installEventFilter(self)

    def set_window(self, window: MainWindow) -> None:
        """Another window took the place of the one before."""
        self._window = window

    def session_changed(self, snapshot: SessionSnapshot) -> None:
        """Show what was agreed to as soon as its row is there; drop it at sign-out."""
        signed_out = self._session.account is not None and snapshot.account is None
        self._session = snapshot
        if signed_out:
            self._wanted = None
            self._window.program_bar.withdraw(KEY)
        self._show_wanted()

    def take(self, link: str) -> None:
        """Take a link, "" for a start without one: the window comes to the front in any case."""
        come_forward(self._window)
        if not link:
            return
        try:
            address = parse_visit_address(link)
        except ValueError:
            self._refuse(tr("A link was refused: it is no visit's address."))
            return
        server = address.server or self._here()
        if not server or not self._may(server):
            self._refuse(tr("A link was refused: its server is not one that you use."))
            return
        words = tr("A link asks to show a visit of {server}.").format(server=server.removeprefix("https://"))
        wanted = VisitAddress(address.visit, server)
        self._window.program_bar.say(Message(KEY, words, tr("Show visit"), lambda: self._agree(wanted)))

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take the system's own way of opening a link (macOS)."""
        if isinstance(event, QFileOpenEvent):
            self.take(event.url().toString())
            return True
        return False

    def _here(self) -> str:
        return self._session.server if self._session.account is not None else self._origin(self._usual())

    def _may(self, server: str) -> bool:
        """A server that the organization allows, and that is the one in use: a link never leads to another."""
        try:
            allowed = self._allows(parse_address(server))
        except SessionError:
            return False
        return allowed and server == self._here()

    def _origin(self, typed: str) -> str:
        try:
            return parse_address(typed).origin if typed else ""
        except SessionError:
            return ""

    def _agree(self, wanted: VisitAddress) -> None:
        self._wanted = wanted
        self._show_wanted()

    def _show_wanted(self) -> None:
        wanted, room = self._wanted, self._window.waiting_room
        if wanted is None or self._session.state is not SessionState.ONLINE or not self._session.waiting_room.clinic:
            return
        if self._session.server != wanted.server or self._window.page is not Page.WAITING_ROOM:
            return
        self._wanted = None
        index = room.model.find(wanted.visit)
        if not index.isValid():
            room.show_message(tr("The visit of the link is not in the waiting room."), "warn")
            return
        room.table.select(index)
        room.table.setFocus()

    def _refuse(self, words: str) -> None:
        self._window.program_bar.say(Message(KEY, words, "", _nothing, tone="warn"))


def _nothing() -> None:
    """There is nothing to do."""
