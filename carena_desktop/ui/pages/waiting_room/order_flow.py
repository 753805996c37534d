"""From a key or a button to an order, and what became of it: question, effect at once, refusal in words, undo.

Knows the page's parts that orders need, and no service: an order goes out by a signal and its answer comes by a slot.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from carena_desktop.session.model import StaffAccount, WaitingRoom
from carena_desktop.session.orders import Order, Verb
from carena_desktop.ui import acuity, text
from carena_desktop.ui.a11y import announce
from carena_desktop.ui.i18n import mark, tr, tr_marked
from carena_desktop.ui.pages.waiting_room.actions import refusals
from carena_desktop.ui.pages.waiting_room.order_sheet import QUESTIONS, OrderSheet, choices
from carena_desktop.ui.pages.waiting_room.row_book import RowBook
from carena_desktop.ui.pages.waiting_room.rows import Row
from carena_desktop.ui.widgets.notice import Notice
from carena_protocol import limits
from carena_protocol.rows import VisitState
from carena_protocol.visit import UNDOABLE

_DONE: Final = {
    Verb.CLAIM: mark("Claimed: {name}."),
    Verb.RELEASE: mark("Claim given back: {name}."),
    Verb.ASSIGN: mark("Assigned: {name}."),
    Verb.MARK: mark("Marked as ready: {name}."),
    Verb.HOLD: mark("On hold: {name}."),
    Verb.STEP_AWAY: mark("Stepped away from {name}."),
    Verb.RETURN_TO_QUEUE: mark("Back in the queue: {name}."),
    Verb.TRANSFER: mark("Transferred: {name}."),
    Verb.FINISH: mark("The visit is finished."),
    Verb.NO_SHOW: mark("The visit is closed."),
    Verb.MERGE: mark("The two arrivals of {name} are one."),
    Verb.RECALL: mark("Called back: {name}."),
    Verb.TRIAGE: mark("Triage saved: {name}."),
    Verb.UNDO: mark("Taken back: {name}."),
}
_SAFETY_MS: Final = 1000
"""The offer to undo ends this much before the server's does."""


class OrderFlow(QObject):
    """One order at a time for each patient.

    Args:
        book: The rows, over which an order under way is laid.
        sheet: Asks what some verbs need.
        undo: Says what was done and offers to take it back.
        now_ms: The server's time.
    """

    order_requested = Signal(object)
    row_changed = Signal(object)
    """A row to be shown instead of the one before."""
    said = Signal(str, str)

    def __init__(self, book: RowBook, sheet: OrderSheet, undo: Notice, now_ms: Callable[[], int]) -> None:
        super().__init__(sheet)
        self._book = book
        self._sheet = sheet
        self._notice = undo
        self._now_ms = now_ms
        self._room = WaitingRoom()
        self._account: StaffAccount | None = None
        self._fresh = False
        self._pending: list[tuple[Order, str]] = []
        self._last: Order | None = None
        self._offer_ends = QTimer(self)
        self._offer_ends.setSingleShot(True)
        self._offer_ends.timeout.connect(self._forget_last)
        sheet.confirmed.connect(self.send)
        undo.action_requested.connect(self.undo)
        undo.dismissed.connect(self._forget_last)

    def set_context(self, room: WaitingRoom, account: StaffAccount | None, *, fresh: bool) -> None:
        """Take who may be asked for, and whether anything can be asked for at all."""
        self._room, self._account, self._fresh = room, account, fresh
        if account is None:
            self._sheet.close_sheet()
            self._forget_last()

    def ask(self, verb: Verb, row: Row) -> None:
        """Begin a verb for a row: ask what it needs, or send it; where it can't be, say why."""
        entry = self._book.shown_entry(row.visit)
        if entry is None:
            return
        refusal = refusals(entry, self._account, fresh=self._fresh).get(verb, "")
        if refusal:
            self.said.emit(refusal, "warn")
            return
        order = Order(verb, row.visit, entry.version)
        if verb is Verb.MERGE:
            other = self._book.entry(entry.possible_double)
            if other is None:
                return
            order = replace(order, other=other.visit, other_version=other.version)
        if verb not in QUESTIONS:
            self.send(order)
            return
        me = self._account.id if self._account is not None else ""
        self._sheet.ask(order, row.name, choices(verb, self._room.staff, self._room.rooms, me, row.room))

    def set_acuity(self, row: Row, level: int) -> None:
        """Set an acuity by one key."""
        entry = self._book.shown_entry(row.visit)
        if entry is None:
            return
        refusal = refusals(entry, self._account, fresh=self._fresh)[Verb.TRIAGE]
        if refusal:
            self.said.emit(refusal, "warn")
        elif entry.acuity != level:
            self.send(Order(Verb.TRIAGE, row.visit, entry.version, acuity=level))

    def send(self, order: Order, name: str = "") -> None:
        """Show what is expected of an order, and ask for it; ``name`` is the patient's where the row is gone."""
        entry = self._book.entry(order.visit)
        self._pending.append((order, entry.name if entry is not None else name))
        self._forget_last()
        row = self._book.begin(order, self._now_ms())
        if row is not None:
            self.row_changed.emit(row)
        self.order_requested.emit(order)

    def done(self, order: Order, version: int) -> None:
        """The server carried an order out; ``version`` is the row's now, 0 where it is gone."""
        if order not in self.pending:
            return
        name = self._answered(order)
        self._show_server(order)
        words = self._words(order, name)
        if order.verb in UNDOABLE and version:
            self._last = replace(order, version=version)
            self._notice.show_text(words, tone="ok")
            announce(self._notice, words + " " + tr("Ctrl+Z takes it back."))
            self._offer_ends.start(round(limits.UNDO_S * 1000) - _SAFETY_MS)
        elif words:
            self.said.emit(words, "ok")

    def refused(self, order: Order, words: str) -> None:
        """The server refused: the row is as it says, and the person hears why."""
        if order not in self.pending:
            return
        self._answered(order)
        self._show_server(order)
        self.said.emit(words, "danger")

    def undo(self) -> None:
        """Take the last change back, where there is one."""
        last, self._last = self._last, None
        if last is None:
            return
        self._forget_last()
        self.send(Order(Verb.UNDO, last.visit, last.version))

    @property
    def pending(self) -> tuple[Order, ...]:
        """The orders that were not answered yet."""
        return tuple(order for order, _ in self._pending)

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return self._last is not None

    def _answered(self, order: Order) -> str:
        """Return the patient's name at the time of the order."""
        name = next((name for one, name in self._pending if one is order), "")
        self._pending = [pair for pair in self._pending if pair[0] is not order]
        return name

    def _words(self, order: Order, name: str) -> str:
        if order.verb is Verb.TRIAGE and order.form is None and order.acuity is not None:
            return tr("{acuity}: {name}.").format(acuity=acuity.spoken(order.acuity), name=text.isolate(name))
        if order.verb is Verb.MARK and order.state is VisitState.NEEDS_TRIAGE:
            return tr("Marked as needing triage: {name}.").format(name=text.isolate(name))
        if order.verb is Verb.RECALL and not name:
            return tr("Called back: the patient's link leads to the old place again.")
        marked = _DONE.get(order.verb, "")
        return tr_marked(marked).format(name=text.isolate(name)) if marked else ""

    def _show_server(self, order: Order) -> None:
        row = self._book.end(order)
        if row is not None:
            self.row_changed.emit(row)

    def _forget_last(self) -> None:
        self._last = None
        self._offer_ends.stop()
        self._notice.show_text("")
