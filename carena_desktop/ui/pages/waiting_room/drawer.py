"""The panel about the selected patient, with what can be done."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from carena_desktop.session.chat_model import ChatView
from carena_desktop.session.model import WaitingEntry
from carena_desktop.session.orders import Verb
from carena_desktop.ui import acuity, text
from carena_desktop.ui.i18n import mark, tr, tr_marked
from carena_desktop.ui.pages.waiting_room.actions import ACTIONS, Offer
from carena_desktop.ui.pages.waiting_room.chat_card import WaitingChatCard
from carena_desktop.ui.pages.waiting_room.patient_facts import PatientFacts
from carena_desktop.ui.pages.waiting_room.rows import Row
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.labels import label, restyle
from carena_desktop.ui.widgets.scrolling import vertical_scroll
from carena_protocol.rows import Details

WIDTH = 312
_OFFERS = {
    Offer.START: mark("Start visit"),
    Offer.REJOIN: mark("Rejoin visit"),
    Offer.RESUME: mark("Resume visit"),
    Offer.NOTHING: mark("Start visit"),
}


class AcuityButtons(QWidget):
    """One button for each acuity: the mouse's way to what the keys 1 to 5 do."""

    chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._buttons: dict[int, ActionButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for level in acuity.LEVELS:
            button = ActionButton(theme, str(level), name=acuity.spoken(level))
            button.setProperty("kind", "level")
            button.setToolTip(acuity.spoken(level))
            button.clicked.connect(lambda _checked=False, level=level: self.chosen.emit(level))
            self._buttons[level] = button
            row.addWidget(button, 1)

    def show_level(self, level: int | None, *, enabled: bool) -> None:
        """Mark the level that is set; the word says it to readers."""
        for each, button in self._buttons.items():
            restyle(button, "current", "true" if each == level else "false")
            chosen = tr("{acuity}, set").format(acuity=acuity.spoken(each))
            button.setAccessibleName(chosen if each == level else acuity.spoken(each))
            button.setEnabled(enabled)

    def button(self, level: int) -> ActionButton:
        """The button of a level."""
        return self._buttons[level]


class Drawer(QFrame):
    """Shows one row; emits what the person wants for it."""

    start_requested = Signal(str)
    finish_requested = Signal(str)
    verb_requested = Signal(object)
    acuity_requested = Signal(int)
    message_requested = Signal()
    close_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._row: Row | None = None
        self.setProperty("role", "drawer")
        self.setAccessibleName(tr("Patient details"))
        self.setFixedWidth(theme.px(WIDTH))
        self._mark = acuity.AcuityMark(theme, None, 34)
        self._name = label("", "heading", wrap=True)
        self._about = label("", "secondary", wrap=True)
        self.facts = PatientFacts(theme)
        self.levels = AcuityButtons(theme)
        self.start = ActionButton(theme, tr("Start visit"), icon="video", kind="primary", large=True)
        self.finish = ActionButton(theme, tr("Finish visit"), icon="circle-check")
        self.triage = ActionButton(theme, tr("Triage"), icon="stethoscope")
        self.message = ActionButton(theme, tr("Message"), icon="message-square")
        self.assign = ActionButton(theme, tr("Assign"), icon="user-plus")
        self.more = ActionButton(theme, "", icon="ellipsis", name=tr("More actions"), large=True)
        self.menu = QMenu(self.more)
        self.menu.setToolTipsVisible(True)
        self._actions: dict[Verb, QAction] = {}
        self._fill_menu()
        self.more.setMenu(self.menu)
        self.close_button = ActionButton(theme, "", icon="x", kind="ghost", name=tr("Close details"))
        self._content = QWidget()
        self.chat = WaitingChatCard(theme)
        self._nobody = label(tr("Select a patient to see the details."), "secondary", wrap=True)
        self._nobody.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._build()
        self._connect()
        self.close_button.hide()
        self.show_nobody()

    @property
    def row(self) -> Row | None:
        """The patient shown."""
        return self._row

    def show_nobody(self) -> None:
        """Show that nobody is selected."""
        self._row = None
        self._scroll.hide()
        self.chat.hide()
        self._nobody.show()
        self.facts.show_details(None)
        self.start.set_action(tr("Start visit"), "video", tr("Start visit"))
        self.finish.hide()
        self._acuity_row.hide()
        self._enable(self.start, "")
        for button in (self.start, self.triage, self.message, self.assign, self.more):
            button.setEnabled(False)

    def show_row(
        self,
        row: Row,
        entry: WaitingEntry,
        *,
        place: int | None,
        now_ms: int,
        offer: Offer,
        no_start: str,
        refusals: Mapping[Verb, str],
        starting: bool,
        fresh: bool,
    ) -> None:
        """Show a patient; ``starting``: a visit with this patient is being started. ``no_start``: why none can be."""
        self._row = row
        self._nobody.hide()
        self._show_content()
        self._mark.set_level(row.acuity)
        self._name.setText(text.isolate(row.name))
        self._about.setText(row.about)
        self.facts.show_row(row, entry, place, now_ms)
        words = tr_marked(_OFFERS[offer])
        self.start.set_action(tr("Starting…") if starting else words, "video", words)
        self._enable(self.start, no_start)
        self.start.setEnabled(not starting and not no_start)
        running = offer in {Offer.REJOIN, Offer.RESUME}
        self.finish.setVisible(running)
        self.finish.setEnabled(fresh and not starting)
        self.levels.show_level(row.acuity, enabled=not refusals[Verb.TRIAGE])
        self._enable(self.triage, refusals[Verb.TRIAGE])
        self._enable(self.assign, refusals[Verb.ASSIGN])
        unread = f" {row.unread}" if row.unread else ""
        name = tr("Message, %n not read", "", row.unread) if row.unread else tr("Message")
        self.message.set_action(tr("Message") + unread, "message-square", name)
        self.message.setEnabled(fresh)
        self.more.setEnabled(True)
        self._show_refusals(refusals)

    def show_chat(self, view: ChatView | None, patient: str, language: str) -> None:
        """Show a chat in place of what is known about the patient, or that again with None."""
        self.chat.show_view(view, patient, language)
        self._show_content()

    def show_details(self, details: Details) -> None:
        """Show what the server knows beyond the row, if it is still about the patient shown."""
        if self._row is not None and details.entry.visit == self._row.visit:
            self.facts.show_details(details)

    def refuse_details(self, visit: str, words: str) -> None:
        """Say why there is nothing more to show about the patient."""
        if self._row is not None and visit == self._row.visit:
            self.facts.show_problem(words)

    def tick(self, elapsed_s: float) -> None:
        """Let the running time run."""
        if self._row is not None:
            self.facts.tick(text.clock_time(elapsed_s))

    def action(self, verb: Verb) -> QAction:
        """The menu's entry of a verb."""
        return self._actions[verb]

    def _show_content(self) -> None:
        """The chat and the facts share one place; the chat is there while it is open here."""
        chatting = self._row is not None and self.chat.visit == self._row.visit
        self.chat.setVisible(chatting)
        self._scroll.setVisible(self._row is not None and not chatting)
        self._acuity_row.setVisible(self._row is not None and self._row.waits and not chatting)

    @staticmethod
    def _enable(button: ActionButton, refusal: str) -> None:
        button.setEnabled(not refusal)
        button.setToolTip(refusal)
        button.setAccessibleDescription(refusal)

    def _show_refusals(self, refusals: Mapping[Verb, str]) -> None:
        """A verb that is not possible stays in the menu and says why."""
        for known in ACTIONS:
            action, why = self._actions[known.verb], refusals[known.verb]
            words = tr_marked(known.words)
            action.setText(f"{words}  ({why})" if why else words)
            action.setEnabled(not why)

    def _fill_menu(self) -> None:
        for known in ACTIONS:
            action = QAction(tr_marked(known.words), self.menu)
            action.triggered.connect(lambda _checked=False, verb=known.verb: self.verb_requested.emit(verb))
            self._actions[known.verb] = action
            self.menu.addAction(action)
        self._tint_menu()

    def _tint_menu(self) -> None:
        for known in ACTIONS:
            self._actions[known.verb].setIcon(self._theme.icon(known.icon, "text2", 16))

    def _emit(self, signal: SignalInstance) -> None:
        if self._row is not None:
            signal.emit(self._row.visit)

    def _connect(self) -> None:
        self._theme.changed.connect(self._tint_menu)
        self.start.clicked.connect(lambda: self._emit(self.start_requested))
        self.finish.clicked.connect(lambda: self._emit(self.finish_requested))
        self.triage.clicked.connect(lambda: self.verb_requested.emit(Verb.TRIAGE))
        self.assign.clicked.connect(lambda: self.verb_requested.emit(Verb.ASSIGN))
        self.message.clicked.connect(self.message_requested)
        self.levels.chosen.connect(self.acuity_requested)
        self.close_button.clicked.connect(self.close_requested)

    def _build(self) -> None:
        who = QVBoxLayout()
        who.setSpacing(1)
        who.addWidget(self._name)
        who.addWidget(self._about)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(who, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        inside = QVBoxLayout(self._content)
        inside.setContentsMargins(16, 18, 16, 8)
        inside.setSpacing(12)
        inside.addLayout(head)
        inside.addWidget(self.facts, 1)
        self._scroll = vertical_scroll(self._content)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._nobody, 1)
        column.addWidget(self._scroll, 1)
        column.addWidget(self.chat, 1)
        column.addLayout(self._build_buttons())

    def _build_buttons(self) -> QVBoxLayout:
        self._acuity_row = QWidget()
        levels = QVBoxLayout(self._acuity_row)
        levels.setContentsMargins(0, 0, 0, 0)
        levels.setSpacing(5)
        levels.addWidget(label(tr("Acuity"), "secondary"))
        levels.addWidget(self.levels)
        second = QHBoxLayout()
        second.setSpacing(8)
        for button in (self.triage, self.message, self.assign):
            button.setProperty("tight", "true")
            second.addWidget(button)  # as wide as its word: a third of the row is too narrow for the longest
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.start, 1)
        first.addWidget(self.more)
        buttons = QVBoxLayout()
        buttons.setContentsMargins(16, 8, 16, 16)
        buttons.setSpacing(9)
        buttons.addWidget(self._acuity_row)
        buttons.addLayout(first)
        buttons.addWidget(self.finish)
        buttons.addLayout(second)
        return buttons
