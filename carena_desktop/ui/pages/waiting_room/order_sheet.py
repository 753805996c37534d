"""The question that goes before some verbs: to whom, why, for how long, with what outcome. One card for all of them.

It lies over the waiting room, takes the keyboard, and gives it back; Escape leaves everything as it was.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from carena_desktop.session.orders import Order, Verb
from carena_desktop.ui import queue_words, text
from carena_desktop.ui.i18n import mark, tr, tr_marked
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.fields import IconLineEdit, LabelledField
from carena_desktop.ui.widgets.labels import label
from carena_desktop.ui.widgets.sheet import FloatingSheet
from carena_protocol import limits
from carena_protocol.rows import Room, StaffMember, StaffPresence

MINUTES: Final = (5, 10, 15, 30)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before a verb; words are marked strings."""

    title: str
    explains: str
    confirm: str
    note: str = ""
    """The caption of the note, empty for none."""
    danger: bool = False


QUESTIONS: Final = {
    Verb.ASSIGN: Question(
        mark("Assign to whom?"), mark("They see it at once, and only they can start the visit."), mark("Assign")
    ),
    Verb.HOLD: Question(
        mark("Put on hold?"),
        mark("The patient hears and sees nothing of you until you resume. The visit stays yours."),
        mark("Put on hold"),
        mark("Why, for colleagues (not shown to the patient)"),
    ),
    Verb.STEP_AWAY: Question(
        mark("Step away for how long?"), mark("The patient is told when you will be back."), mark("Step away")
    ),
    Verb.RETURN_TO_QUEUE: Question(
        mark("Return to the queue?"),
        mark("The visit ends for you. The patient waits again, with the old place."),
        mark("Return to queue"),
        mark("Note for whoever comes next"),
    ),
    Verb.TRANSFER: Question(
        mark("Transfer to whom?"),
        mark("To a colleague, or to another waiting room."),
        mark("Transfer"),
        mark("Note for whoever comes next"),
    ),
    Verb.FINISH: Question(
        mark("Finish the visit?"),
        mark("The visit ends for good, and the patient's text is deleted. This can't be undone."),
        mark("Finish visit"),
        danger=True,
    ),
    Verb.MERGE: Question(
        mark("Merge the two arrivals?"),
        mark("This entry goes on with the better place; the other one ends."),
        mark("Merge"),
    ),
    Verb.NO_SHOW: Question(
        mark("Close as not here?"),
        mark("The visit is closed, and the patient's text is deleted. This can't be undone."),
        mark("Close the visit"),
        danger=True,
    ),
}
_PRESENCE_ORDER: Final = (StaffPresence.AVAILABLE, StaffPresence.BUSY, StaffPresence.AWAY, StaffPresence.OFFLINE)


@dataclass(frozen=True, slots=True)
class Choice:
    """One line to choose: words, and what it makes of the order."""

    words: str
    apply: Callable[[Order], Order]


def choices(
    verb: Verb, staff: tuple[StaffMember, ...], rooms: tuple[Room, ...], me: str, room: str
) -> tuple[Choice, ...]:
    """Return what can be chosen for a verb: colleagues by who can be reached, rooms, minutes, outcomes."""
    match verb:
        case Verb.ASSIGN:
            mine = [one for one in staff if one.id == me]
            return (*(_person(one, tr("Me")) for one in mine), *_colleagues(staff, me))
        case Verb.TRANSFER:
            others = (one for one in rooms if one.id != room)
            return (*_colleagues(staff, me), *(_room(one) for one in others))
        case Verb.STEP_AWAY:
            return tuple(_with(tr("%n minute(s)", "", minutes), minutes=minutes) for minutes in MINUTES)
        case Verb.FINISH:
            return tuple(_with(tr_marked(words), outcome=outcome) for outcome, words in queue_words.OUTCOMES.items())
        case _:
            return ()


def _with(words: str, **fields: object) -> Choice:
    return Choice(words, lambda order: replace(order, **fields))  # type: ignore[arg-type]  # names are an order's


def _colleagues(staff: tuple[StaffMember, ...], me: str) -> tuple[Choice, ...]:
    others = [one for one in staff if one.id != me]
    others.sort(key=lambda one: (_PRESENCE_ORDER.index(one.presence), one.name.casefold()))
    return tuple(_person(one, text.isolate(one.name)) for one in others)


def _person(one: StaffMember, name: str) -> Choice:
    return _with(f"{name}  ·  {queue_words.standing(one)}", user=one.id)


def _room(one: Room) -> Choice:
    closed = "" if one.is_open else "  ·  " + tr("closed")
    return _with(tr("Room {name}").format(name=text.isolate(one.name)) + closed, room=one.id)


class OrderSheet(FloatingSheet):
    """Hidden until ``ask``; emits the order as the person completed it."""

    confirmed = Signal(object)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget, *, veiled: bool = True) -> None:
        super().__init__(theme, parent, veiled=veiled)
        self._order: Order | None = None
        self._choices: tuple[Choice, ...] = ()
        self._title = label("", "heading", wrap=True)
        self._who = label("", "strong", wrap=True)
        self._explains = label("", "secondary", wrap=True)
        self.list = QListWidget()
        self.list.setProperty("role", "choices")
        self.list.setTabKeyNavigation(False)
        self.note = IconLineEdit(theme, tr("Note"), "", height=38)
        self.note.setMaxLength(limits.MAX_NOTE_CHARS)
        self._note_field = LabelledField("", self.note)
        self._caption = self._note_field.caption
        self.confirm = ActionButton(theme, tr("Confirm"), kind="primary")
        self.cancel = ActionButton(theme, tr("Cancel"))
        self.confirm.clicked.connect(self._confirm)
        self.cancel.clicked.connect(self.close_sheet)
        self.list.itemActivated.connect(lambda _item: self._confirm())
        self.note.returnPressed.connect(self._confirm)
        self.put(
            self._title, self._who, self._explains, self.list, self._note_field, buttons=(self.cancel, self.confirm)
        )

    def ask(self, order: Order, who: str, options: tuple[Choice, ...]) -> None:
        """Ask what belongs to an order about ``who``."""
        question = QUESTIONS[order.verb]
        self._order, self._choices = order, options
        self._title.setText(tr_marked(question.title))
        self.setAccessibleName(tr_marked(question.title))
        self._who.setText(text.isolate(who))
        self._explains.setText(tr_marked(question.explains))
        self.list.clear()
        for option in options:
            self.list.addItem(QListWidgetItem(option.words))
        self.list.setAccessibleName(tr_marked(question.title))
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(options))
        self.list.setFixedHeight(min(len(options), 6) * self.list.sizeHintForRow(0) + 10)
        self.note.clear()
        caption = tr_marked(question.note) if question.note else ""
        self._caption.setText(caption)
        self.note.setAccessibleName(caption or tr("Note"))
        self._note_field.setVisible(bool(question.note))
        self.confirm.set_kind("danger" if question.danger else "primary")
        self.confirm.set_action(tr_marked(question.confirm), "", tr_marked(question.confirm))
        self.confirm.setEnabled(bool(options) or order.verb not in {Verb.ASSIGN, Verb.TRANSFER})
        self.show()
        self.place()
        self.raise_()
        first = self.list if options else (self.note if question.note else self.confirm)
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_sheet(self) -> None:
        """Put the question away; nothing happens."""
        if self._order is not None:
            self._order = None
            self.hide()
            self.note.clear()
            self.closed.emit()

    def _confirm(self) -> None:
        order = self._order
        if order is None or not self.confirm.isEnabled():
            return
        at = self.list.currentRow()
        if self._choices and 0 <= at < len(self._choices):
            order = self._choices[at].apply(order)
        order = replace(order, note=text.one_line(self.note.text()))
        self.close_sheet()
        self.confirmed.emit(order)
