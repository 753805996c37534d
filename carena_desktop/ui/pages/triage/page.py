"""The triage page: what was found, saved as it is typed, and an acuity by one key. A person decides."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from carena_desktop.session.model import WaitingRoom
from carena_desktop.session.orders import Order
from carena_desktop.ui import text
from carena_desktop.ui.a11y import announce
from carena_desktop.ui.acuity import LEVELS, AcuityMark, spoken
from carena_desktop.ui.i18n import mark, tr, tr_marked
from carena_desktop.ui.letters import Letters, is_typing
from carena_desktop.ui.pages.triage.cards import AcuityCard, Card, PainCard, RedFlagCard, VitalsCard
from carena_desktop.ui.pages.triage.draft import TEXTS, Draft, Saving, Typed, read, with_flag
from carena_desktop.ui.pages.triage.waiting_pill import WaitingPill
from carena_desktop.ui.pages.waiting_room.row_book import identity
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.fields import IconLineEdit, LabelledField
from carena_desktop.ui.widgets.labels import Pill, label
from carena_desktop.ui.widgets.marks import KeyHint
from carena_desktop.ui.widgets.notice import Notice
from carena_desktop.ui.widgets.scrolling import scrolled
from carena_protocol import limits
from carena_protocol.rows import Details, TriageForm

_COLUMNS: Final = ((1080, 3), (700, 2), (0, 1))
"""From how many pixels on how many columns stand side by side."""
_GAP: Final = 14
_FOOT: Final = 2 * 20 + 4 * _GAP
"""What the lower edge needs beside its buttons."""
_SAVINGS: Final = {
    Saving.EMPTY: ("file-text", mark("No changes"), "neutral"),
    Saving.CHANGED: ("file-text", mark("Not saved yet"), "neutral"),
    Saving.SAVING: ("refresh-cw", mark("Saving…"), "info"),
    Saving.SAVED: ("check", mark("Saved {time}"), "ok"),
    Saving.REFUSED: ("triangle-alert", mark("Not saved"), "warn"),
}
_LINES: Final = (
    ("allergies", mark("Allergies")),
    ("conditions", mark("Conditions")),
    ("medicines", mark("Medicines")),
    ("pregnancy", mark("Pregnancy")),
)


class TriagePage(QWidget):
    """One patient's form.

    Args:
        now_s: Monotonic seconds.
        now_ms: The server's time.
    """

    order_requested = Signal(object)
    details_requested = Signal(str)
    left = Signal()

    def __init__(self, theme: Theme, now_s: Callable[[], float], now_ms: Callable[[], int]) -> None:
        super().__init__()
        self._theme = theme
        self._now_s, self._now_ms = now_s, now_ms
        self._draft: Draft | None = None
        self._room = WaitingRoom()
        self._place = self._call_back = self._reach = ""
        self._columns = 0
        self._leaving = False
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._mark = AcuityMark(theme, None, 36)
        self._title = label("", "title")
        self._about = label("", "secondary", wrap=True)
        self.waiting = WaitingPill(theme, now_ms)
        self.saving = Pill(theme)
        self.problem = Notice(theme, "warn", dismissible=True)
        self.complaint = IconLineEdit(theme, tr("Chief complaint"), "", height=38)
        self._words = label("", "secondary", wrap=True)
        self.flags = RedFlagCard(theme)
        self.pain = PainCard(theme)
        self.vitals = VitalsCard(theme)
        self.lines = {name: IconLineEdit(theme, tr_marked(words), "", height=36) for name, words in _LINES}
        self.note = QPlainTextEdit()
        self.note.setAccessibleName(tr("Note"))
        self.note.setTabChangesFocus(True)
        self.note.setMinimumHeight(theme.px(120))
        self.acuity = AcuityCard(theme)
        self.back = ActionButton(theme, tr("Back"), icon="arrow-left")
        self.save_draft = ActionButton(theme, tr("Save draft"), large=True)
        self.ready = ActionButton(theme, tr("Save and mark ready"), icon="check", kind="primary", large=True)
        for button in (self.back, self.save_draft, self.ready):
            button.setMinimumWidth(0)  # never narrower than its words
        self._hints = (
            KeyHint(tr("Ctrl Enter"), tr("save and mark ready")),
            KeyHint("1\u20135", tr("set acuity")),
        )
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.timeout.connect(self._save_when_due)
        self._build()
        self._connect()

    # -- what the window calls

    @property
    def visit(self) -> str:
        """Whose form is shown; empty for nobody's."""
        return self._draft.visit if self._draft is not None else ""

    def open(self, visit: str, room: WaitingRoom) -> bool:
        """Begin with a patient of the room; return whether there is such a one."""
        entry = next((one for one in room.entries if one.visit == visit), None)
        if entry is None:
            return False
        self._draft = Draft(visit, entry.version, Typed(red_flags=entry.red_flags, acuity=entry.acuity))
        self._room, self._place, self._call_back, self._leaving = room, "", "", False
        self.problem.show_text("")
        self._fill(self._draft.typed)
        self.render_room(room)
        self.details_requested.emit(visit)
        return True

    def render_room(self, room: WaitingRoom) -> None:
        """Follow the patient's row; one that is gone ends the form."""
        self._room = room
        entry = next((one for one in room.entries if one.visit == self.visit), None)
        if self._draft is None:
            return
        if entry is None:
            self.close_form()
            return
        self._draft.row_is(entry.version)
        name, about = identity(entry)
        self._title.setText(tr("Triage · {name}").format(name=text.isolate(name)))
        self._reach = about
        self._show_about()
        self._words.setText(text.isolate(entry.reason))
        self._show_acuity()

    def show_details(self, details: Details) -> None:
        """Take what the server knows, as far as nobody has typed over it."""
        draft = self._draft
        if draft is None or details.entry.visit != draft.visit:
            return
        self._place, self._call_back = details.location or "", details.call_back or ""
        self._show_about()
        if not draft.is_unsaved and draft.saving is Saving.EMPTY:
            form = details.triage if details.triage is not None else TriageForm(red_flags=details.entry.red_flags)
            self._draft = Draft(draft.visit, details.entry.version, Typed.of(form, details.entry.acuity))
            self._fill(self._draft.typed)
        self._show_acuity()

    def done(self, order: Order, version: int) -> None:
        """An order was carried out."""
        if self._draft is None or not self._draft.done(order, version, self._now_ms()):
            return
        self._show_saving()
        if order.ready:
            self.close_form()
        elif self._leaving:
            self._leave()
        else:
            self._plan()

    def refused(self, order: Order, words: str) -> None:
        """An order was refused: what is typed stays, and can be saved again."""
        if self._draft is not None and self._draft.refused(order):
            self._leaving = False
            self.problem.show_text(words, title=tr("Not saved. What you typed is still here."))
            announce(self, tr("Not saved.") + " " + words, urgent=True)
            self._show_saving()

    def close_form(self) -> None:
        """Forget the form and go back."""
        self._draft = None
        self._quiet.stop()
        self._fill(Typed())
        self._title.setText("")
        self._about.setText("")
        self.waiting.show_entry(None, (), None)
        self._words.setText("")
        self.left.emit()

    def focus_first(self) -> None:
        """Put the keyboard into the complaint."""
        self.complaint.setFocus()

    def regions(self) -> tuple[QWidget, ...]:
        """Where F6 goes: complaint, vital signs, note, acuity, buttons."""
        first = next(iter(self.vitals.fields.values())).edit
        return (self.complaint, first, self.note, self.acuity.buttons[1], self.ready)

    # -- Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the columns out anew, and show the keys where there is room beside the buttons."""
        super().resizeEvent(event)
        self._arrange()
        taken = sum(button.sizeHint().width() for button in (self.back, self.save_draft, self.ready)) + _FOOT
        for hint in self._hints:
            taken += hint.sizeHint().width() + _GAP
            hint.setVisible(taken <= self.width())

    def hideEvent(self, event: QHideEvent) -> None:
        """Save what is typed when another page comes in between."""
        super().hideEvent(event)
        if self._draft is not None and self._draft.is_unsaved:
            self._save()

    # -- inside

    def _typed(self) -> Typed:
        draft = self._draft
        before = draft.typed if draft is not None else Typed()
        texts = {name: edit.text() for name, edit in self.lines.items() if edit.text()}
        if self.complaint.text():
            texts["complaint"] = self.complaint.text()
        if self.note.toPlainText():
            texts["note"] = self.note.toPlainText()[: limits.MAX_TRIAGE_NOTE_CHARS]
        return replace(before, texts=texts, vitals=self.vitals.values())

    def _changed(self, typed: Typed | None = None) -> None:
        if self._draft is None:
            return
        self._draft.type(typed if typed is not None else self._typed(), self._now_s())
        self.vitals.judge(read(self._draft.typed)[1])
        self._show_saving()
        self._plan()

    def _set(self, **fields: object) -> None:
        if self._draft is not None:
            self._changed(replace(self._typed(), **fields))  # type: ignore[arg-type]  # names of a form
            self.pain.show_pain(self._draft.typed.pain)
            self._show_acuity()

    def _choose(self, level: int) -> None:
        self._set(acuity=level)
        announce(self, spoken(level))

    def _flag(self, flag: object, on: bool) -> None:  # noqa: FBT001 - a slot
        if self._draft is not None:
            self._changed(with_flag(self._typed(), flag, on=on))  # type: ignore[arg-type]  # a RedFlag

    def _plan(self) -> None:
        due = self._draft.due_in(self._now_s()) if self._draft is not None else None
        if due is not None:
            self._quiet.start(round(due * 1000) + 1)

    def _save_when_due(self) -> None:
        due = self._draft.due_in(self._now_s()) if self._draft is not None else None
        if due is not None and due > 0:
            self._quiet.start(round(due * 1000) + 1)
        elif due is not None:
            self._save()

    def _save(self, *, ready: bool = False) -> None:
        if self._draft is None:
            return
        order = self._draft.save(ready=ready)
        if order is not None:
            self._show_saving()
            self.order_requested.emit(order)

    def _save_draft(self) -> None:
        self._save()

    def _save_ready(self) -> None:
        if self._draft is None:
            return
        problems = read(self._draft.typed)[1]
        if problems:
            field = self.vitals.fields[next(iter(problems))]
            field.edit.setFocus()
            self.problem.show_text(tr("A number can't be read. Correct it, or leave it empty."))
            announce(self.problem, self.problem.text, urgent=True)
        elif self._draft.typed.acuity is None:
            self.problem.show_text(tr("Choose an acuity first: keys 1 to 5."))
            announce(self.problem, self.problem.text, urgent=True)
        else:
            self._save(ready=True)

    def _leave(self) -> None:
        """Go back; what is not saved is saved first."""
        if self._draft is not None and self._draft.is_unsaved and not self._leaving:
            self._leaving = True
            self._save()
            if self._draft.saving is Saving.SAVING:
                return
        self.close_form()

    def _fill(self, typed: Typed) -> None:
        values = {name: typed.texts.get(name, "") for name in TEXTS}
        self.complaint.setText(values["complaint"])
        for name, edit in self.lines.items():
            edit.setText(values[name])
        self.note.blockSignals(True)  # noqa: FBT003 - Qt's
        self.note.setPlainText(values["note"])
        self.note.blockSignals(False)  # noqa: FBT003 - Qt's
        self.flags.show_flags(typed.red_flags)
        self.pain.show_pain(typed.pain)
        self.vitals.show_values(typed.vitals)
        self.vitals.show_source(typed.source)
        self.vitals.judge(read(typed)[1])
        self._show_saving()

    def _show_acuity(self) -> None:
        draft = self._draft
        if draft is None:
            return
        entry = next((one for one in self._room.entries if one.visit == draft.visit), None)
        room = next((one for one in self._room.rooms if entry is not None and one.id == entry.room), None)
        targets = tuple(room.targets_min) if room is not None else ()
        place = text.isolate(self._place) if self._place else tr("not given, ask now")
        self.waiting.show_entry(entry, targets, draft.typed.acuity)
        self.acuity.show_level(draft.typed.acuity, targets, room.retriage_min if room is not None else 0, place)
        self._mark.set_level(draft.typed.acuity)

    def _show_about(self) -> None:
        """Age, and where help would go and whom it could call: what a nurse reads first when somebody gets worse."""
        parts = (self._reach, text.isolate(self._place), text.isolate(self._call_back))
        self._about.setText(" · ".join(part for part in parts if text.one_line(part)))

    def _show_saving(self) -> None:
        draft = self._draft
        icon, words, tone = _SAVINGS[draft.saving if draft is not None else Saving.EMPTY]
        at = text.time_of_day(draft.saved_at_ms) if draft is not None and draft.saved_at_ms else ""
        self.saving.set(icon, tr_marked(words).format(time=at), tone)
        self.save_draft.setEnabled(draft is not None and draft.saving is not Saving.SAVING)
        self.ready.setEnabled(draft is not None and draft.saving is not Saving.SAVING)

    def _digit(self, level: int) -> None:
        if Letters.on and not is_typing(self.focusWidget()):
            self._choose(level)

    def _arrange(self) -> None:
        columns = next(count for room, count in _COLUMNS if self.width() >= self._theme.px(room))
        if columns == self._columns:
            return
        self._columns = columns
        for at, part in enumerate(self._parts):
            row, column = {3: (0, at), 2: (at // 2, at % 2), 1: (at, 0)}[columns]
            self._grid.addWidget(part, row, column)
        for at in range(3):
            self._grid.setColumnStretch(at, 1 if at < columns else 0)

    def _connect(self) -> None:
        for edit in (self.complaint, *self.lines.values()):
            edit.setMaxLength(limits.MAX_REASON_CHARS)
            edit.textEdited.connect(lambda _text: self._changed())
        self.note.textChanged.connect(self._changed)
        self.vitals.typed.connect(self._changed)
        self.vitals.source_chosen.connect(lambda source: self._set(source=source))
        self.flags.ticked.connect(self._flag)
        self.pain.chosen.connect(lambda pain: self._set(pain=pain))
        self.acuity.chosen.connect(self._choose)
        self.back.clicked.connect(self._leave)
        self.save_draft.clicked.connect(self._save_draft)
        self.ready.clicked.connect(self._save_ready)
        keys: list[tuple[str, Callable[[], object]]] = [("Ctrl+Return", self._save_ready), ("Esc", self._leave)]
        keys += [(str(level), partial(self._digit, level)) for level in LEVELS]
        for sequence, does in keys:
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(does)

    def _build(self) -> None:
        complaint, history, note = Card(tr("Chief complaint")), Card(tr("History")), Card(tr("Nurse's note"))
        complaint.column.addWidget(self.complaint)
        complaint.column.addWidget(label(tr("In the patient's words"), "secondary"))
        complaint.column.addWidget(self._words)
        for name, words in _LINES:
            history.column.addWidget(LabelledField(tr_marked(words), self.lines[name]))
        note.column.addWidget(self.note, 1)
        self._parts = [
            _column(complaint, self.flags, self.pain),
            _column(self.vitals, history),
            _column(self.acuity, note),
        ]
        self._grid = QGridLayout()
        self._grid.setSpacing(14)
        head = QHBoxLayout()
        head.setSpacing(12)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._title)
        names.addWidget(self._about)
        head.addWidget(self._mark)
        head.addLayout(names, 1)
        head.addWidget(self.waiting)
        head.addWidget(self.saving)
        foot = QHBoxLayout()
        foot.setSpacing(_GAP)
        foot.addWidget(self.back)
        for hint in self._hints:
            foot.addWidget(hint)
        foot.addStretch(1)
        foot.addWidget(self.save_draft)
        foot.addWidget(self.ready)
        inside = QWidget()
        for part in self._parts:  # they get their places when the page has a size; until then they belong to it, too
            part.setParent(inside)
        middle = QVBoxLayout(inside)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addLayout(self._grid)
        middle.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.problem)
        column.addWidget(scrolled(inside), 1)
        column.addLayout(foot)


def _column(*cards: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(14)
    for card in cards:
        column.addWidget(card)
    column.addStretch(1)
    return made
