"""What is done with the visit itself, beside the call: identity, and pausing or handing over instead of finishing."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from carena_desktop.session.model import SessionSnapshot, SessionState, WaitingEntry
from carena_desktop.session.orders import Checked, Order, Verb
from carena_desktop.ui import text
from carena_desktop.ui.a11y import announce
from carena_desktop.ui.i18n import tr, tr_marked
from carena_desktop.ui.pages.call.identity_card import IdentityCard
from carena_desktop.ui.pages.call.patient_panel import PatientPanel
from carena_desktop.ui.pages.waiting_room.actions import ACTIONS, refusals
from carena_desktop.ui.pages.waiting_room.order_sheet import OrderSheet, choices
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton, CallButton
from carena_desktop.ui.widgets.notice import Notice
from carena_protocol.rows import Details

PAUSES: Final = (Verb.HOLD, Verb.STEP_AWAY, Verb.RETURN_TO_QUEUE, Verb.TRANSFER, Verb.FINISH)
"""Each ends the call here; only the last ends the visit."""
_WORDS_FROM: Final = 1040
"""Pixels of the page at 100 % text; under it the button of identity is its icon."""


class VisitDesk(QObject):
    """The visit's own questions, over the page of the call.

    Args:
        page: Over which they are asked.
        pause: Opens the menu.
        identity: Says whether the identity is confirmed, and asks.
        before: Is asked before a parting with what to do then: received files that nobody saved end with the call.
        patient: Shows what is known about the patient.
    """

    order_requested = Signal(object)
    """Identity: the call goes on."""
    parting_requested = Signal(object)
    """An order after which the call ends."""
    details_requested = Signal(str)

    def __init__(
        self,
        theme: Theme,
        page: QWidget,
        pause: CallButton,
        identity: ActionButton,
        before: Callable[[Callable[[], None]], None],
        *,
        patient: PatientPanel,
    ) -> None:
        super().__init__(page)
        self._theme = theme
        self._page = page
        self._visit = ""
        self._session = SessionSnapshot()
        self._pause = pause
        self._identity = identity
        self.patient = patient
        patient.details_requested.connect(self.details_requested)
        self.sheet = OrderSheet(theme, page, veiled=False)
        self.card = IdentityCard(theme, page)
        self.problem = Notice(theme, "danger", dismissible=True)
        self.problem.setParent(page)
        self.menu = QMenu(page)
        self.menu.setAccessibleName(tr("Pause or hand over"))
        self._actions: dict[Verb, QAction] = {}
        for known in ACTIONS:
            if known.verb in PAUSES:
                action = QAction(tr_marked(known.words), self.menu)
                action.setIcon(theme.icon(known.icon, "text2", 16))
                action.triggered.connect(lambda _checked=False, verb=known.verb: self._ask(verb))
                self._actions[known.verb] = action
                self.menu.addAction(action)
        pause.clicked.connect(self._open_menu)
        identity.clicked.connect(self._ask_identity)
        self.sheet.confirmed.connect(lambda order: before(lambda: self.parting_requested.emit(order)))
        self.card.confirmed.connect(self._confirmed)
        page.installEventFilter(self)
        self._render()

    def render_session(self, session: SessionSnapshot) -> None:
        """Follow the row of the visit."""
        self._session = session
        self._render()

    def set_visit(self, visit: str) -> None:
        """Be about another visit, or none with ""."""
        if visit != self._visit:
            self._visit = visit
            self.sheet.close_sheet()
            self.card.close_sheet()
            self.problem.show_text("")
            self._render()

    def show_details(self, details: Details) -> None:
        """Take place and number for the question of identity."""
        if details.entry.visit == self._visit:
            self.card.show_details(details)
            self.patient.show_details(details)

    def close(self) -> bool:
        """Put a question away; return whether there was one."""
        asked = self.sheet.isVisible() or self.card.isVisible()
        self.sheet.close_sheet()
        self.card.close_sheet()
        return asked

    def action(self, verb: Verb) -> QAction:
        """The menu's entry of a verb."""
        return self._actions[verb]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the questions in the middle."""
        if event.type() == QEvent.Type.Resize:
            self._place()
            self._render()
        return super().eventFilter(watched, event)

    def refused(self, order: Order, words: str) -> None:
        """An order about the visit that is shown was refused."""
        if order.visit == self._visit:
            self.show_problem(words)

    def show_problem(self, words: str) -> None:
        """Say why something was refused; the call goes on."""
        self.problem.show_text(words)
        self._place()
        announce(self.problem, words, urgent=True)

    def _place(self) -> None:
        self.sheet.place()
        self.card.place()
        over = self.problem.parentWidget()
        if over is not None and not self.problem.isHidden():
            width = min(self._theme.px(520), over.width() - 32)
            self.problem.setGeometry((over.width() - width) // 2, 16, width, self.problem.heightForWidth(width))
            self.problem.raise_()

    def _entry(self) -> WaitingEntry | None:
        return next((one for one in self._session.waiting_room.entries if one.visit == self._visit), None)

    def _render(self) -> None:
        entry = self._entry() if self._visit else None
        self.patient.show_entry(entry, self._session)
        self._pause.setEnabled(entry is not None)
        self._identity.setVisible(entry is not None)
        if entry is None:
            return
        fresh = self._session.state is SessionState.ONLINE
        why = refusals(entry, self._session.account, fresh=fresh)
        for known in ACTIONS:
            action = self._actions.get(known.verb)
            if action is not None:
                words = tr_marked(known.words)
                action.setText(f"{words}  ({why[known.verb]})" if why[known.verb] else words)
                action.setEnabled(not why[known.verb])
        at = entry.identity_confirmed_at_ms
        words = tr("Confirm identity")
        if at is not None:
            words = tr("Identity confirmed {time}").format(time=text.time_of_day(at))
        narrow = self._page.width() < self._theme.px(_WORDS_FROM)
        self._identity.set_action("" if narrow else words, "badge-check", words)
        self._identity.setToolTip(words if narrow else "")
        self._identity.setEnabled(fresh)

    def _ask(self, verb: Verb) -> None:
        entry = self._entry()
        account = self._session.account
        if entry is None or account is None:
            return
        room = self._session.waiting_room
        options = choices(verb, room.staff, room.rooms, account.id, entry.room)
        self.sheet.ask(Order(verb, entry.visit, entry.version), entry.name, options)

    def _ask_identity(self) -> None:
        entry = self._entry()
        if entry is not None:
            self.card.ask(entry)
            self.details_requested.emit(entry.visit)

    def _confirmed(self, checked: Checked) -> None:
        entry = self._entry()
        if entry is not None:
            self.order_requested.emit(Order(Verb.IDENTITY, entry.visit, entry.version, checked=checked))

    def _open_menu(self) -> None:
        place = self._pause.mapToGlobal(self._pause.rect().topLeft())
        self.menu.popup(QPoint(place.x(), place.y() - self.menu.sizeHint().height()))
