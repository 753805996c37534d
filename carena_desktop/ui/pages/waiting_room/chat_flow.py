"""Which patient's chat is shown in the drawer, and what the rows say about chats that are not looked at."""

from PySide6.QtCore import QObject, Signal

from carena_desktop.session.chat_model import ChatView
from carena_desktop.ui.pages.waiting_room.drawer import Drawer
from carena_desktop.ui.pages.waiting_room.row_book import RowBook
from carena_desktop.ui.pages.waiting_room.rows import Row


class ChatFlow(QObject):
    """The chats of the waiting room.

    Args:
        book: The rows, which say how many lines were not read.
        drawer: Where a chat is shown.
    """

    open_requested = Signal(str)
    close_requested = Signal(str)
    said = Signal(str, str)
    read = Signal(str)
    compared = Signal(str, bool)
    rows_changed = Signal(object)
    written = Signal(int)
    """How many lines came that nobody looks at."""

    def __init__(self, book: RowBook, drawer: Drawer) -> None:
        super().__init__(drawer)
        self._book = book
        self._drawer = drawer
        self._views: dict[str, ChatView] = {}
        self._wanted = ""
        self._write_when_open = ""
        """Whose field gets the keyboard as soon as something can be written in it."""
        card = drawer.chat
        card.said.connect(self.said)
        card.seen.connect(self.read)
        card.compared.connect(self.compared)
        card.closed.connect(self._closed)
        card.open_requested.connect(self.open_requested)

    def open(self, visit: str) -> None:
        """Show a patient's chat, and open it where it is not."""
        self._wanted = self._write_when_open = visit
        self.open_requested.emit(visit)
        self.show_for(self._drawer.row)

    def refused(self, visit: str) -> None:
        """The chat could not be opened."""
        if visit == self._wanted:
            self._wanted = self._write_when_open = ""
            self.show_for(self._drawer.row)

    def render(self, views: tuple[ChatView, ...]) -> None:
        """Take the session's chats."""
        before, self._views = self._views, {view.visit: view for view in views}
        new = sum(max(0, view.unread - _unread(before.get(view.visit))) for view in views if not self._looks_at(view))
        self.show_for(self._drawer.row)
        self.rows_changed.emit(self._book.set_unread({view.visit: view.unread for view in views if view.unread}))
        if new:
            self.written.emit(new)

    def show_for(self, row: Row | None) -> None:
        """Show the chat of the patient in the drawer, where it is the one that was asked for."""
        entry = self._book.entry(row.visit) if row is not None else None
        if row is None or entry is None or row.visit != self._wanted:
            self._drawer.show_chat(None, "", "")
            return
        view = self._views.get(row.visit, ChatView(row.visit))
        self._drawer.show_chat(view, row.name, entry.language)
        if self._write_when_open == row.visit and self._drawer.chat.message.isEnabled():
            self._write_when_open = ""
            self._drawer.chat.focus_first()

    def reset(self) -> None:
        """Forget every chat; for the end of a session."""
        self._views.clear()
        self._wanted = self._write_when_open = ""
        self._drawer.show_chat(None, "", "")

    def _looks_at(self, view: ChatView) -> bool:
        return self._drawer.chat.isVisible() and self._drawer.chat.visit == view.visit

    def _closed(self, visit: str) -> None:
        self._wanted = self._write_when_open = ""
        self.show_for(self._drawer.row)
        self.close_requested.emit(visit)


def _unread(view: ChatView | None) -> int:
    return view.unread if view is not None else 0
