"""The chat with a patient who waits, in the place of the patient's details: lines, quick replies, a field."""

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from carena_desktop.session.chat_model import ChatLine, ChatState, ChatView, LineState
from carena_desktop.ui import text
from carena_desktop.ui.a11y import announce
from carena_desktop.ui.components.bubble import Bubble, BubbleView
from carena_desktop.ui.i18n import mark, tr, tr_marked
from carena_desktop.ui.pages.waiting_room.chat_safety import ChatSafety
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.fields import Escape, IconLineEdit
from carena_desktop.ui.widgets.labels import ElidedLabel, IconLabel, label
from carena_desktop.ui.widgets.marks import Divider
from carena_desktop.ui.widgets.notice import Notice
from carena_desktop.ui.widgets.scrolling import vertical_scroll
from carena_protocol.waiting_chat import MAX_LINE_CHARS

QUICK_REPLIES: Final = (
    (
        mark("With you soon"),
        {"en": "I will be with you in a few minutes.", "es": "Estaré con usted en unos minutos."},
    ),
    (
        mark("Stay on the page"),
        {"en": "Please keep this page open.", "es": "Por favor, mantenga abierta esta página."},
    ),
    (
        mark("If it gets worse"),
        {
            "en": "If you feel worse, call 911 or your local emergency number now.",
            "es": "Si se siente peor, llame ahora al 911 o al número de emergencias de su localidad.",
        },
    ),
)
"""What the button says, in the clinician's language, and what it sends, in the patient's."""
_STATES: Final = {
    ChatState.CLOSED: mark("The chat is closed."),
    ChatState.OPENING: mark("Making a safe connection to the patient's page…"),
    ChatState.OPEN: "",
    ChatState.TAKEN_OVER: mark("A colleague has taken over this chat."),
    ChatState.UNSAFE: mark("The chat could not be made secure, so nothing is sent."),
}
_DELIVERY: Final = {
    LineState.SENDING: mark("sending…"),
    LineState.DELIVERED: mark("delivered"),
    LineState.RECEIVED: "",
}


class WaitingChatCard(QFrame):
    """Emits what the person writes; shows one chat."""

    said = Signal(str, str)
    """Visit and words."""
    closed = Signal(str)
    open_requested = Signal(str)
    seen = Signal(str)
    left = Signal()
    """Escape in the field: the chat stays, the keyboard goes."""
    compared = Signal(str, bool)
    """Visit, and whether the two codes were the same."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._view: ChatView | None = None
        self._language = "en"
        self._shown: dict[str, BubbleView] = {}
        self.setAccessibleName(tr("Chat with the waiting patient"))
        self._name = ElidedLabel("", "strong")
        self.close_button = ActionButton(theme, "", icon="x", kind="ghost", name=tr("Close the chat"))
        self.safety = ChatSafety(theme)
        self.notice = Notice(theme, "warn", action=tr("Open again"))
        self.message = IconLineEdit(theme, tr("Message"), "", placeholder=tr("Message to the patient"))
        self.message.setMaxLength(MAX_LINE_CHARS)
        self.send = ActionButton(theme, "", icon="send", kind="primary", name=tr("Send"))
        self.replies: list[ActionButton] = []
        self._lines = QWidget()
        self._column = QVBoxLayout(self._lines)
        self._column.setContentsMargins(16, 10, 16, 10)
        self._column.setSpacing(9)
        self._column.addStretch(1)
        self._scroll = vertical_scroll(self._lines)
        self._bottom = QTimer(self)
        self._bottom.setSingleShot(True)
        self._bottom.setInterval(0)
        self._bottom.timeout.connect(self._to_bottom)
        self._build(theme)
        self._connect()
        self.hide()

    @property
    def visit(self) -> str:
        """Whose chat is shown; empty for none."""
        return self._view.visit if self._view is not None else ""

    def show_view(self, view: ChatView | None, patient: str, language: str) -> None:
        """Show a chat; what is new from the patient is announced. None shows none and forgets every line."""
        before, self._view = self._view, view
        if view is None or (before is not None and before.visit != view.visit):
            self._forget()
        if view is None:
            self.message.clear()
            return
        self._language = language.partition("-")[0]
        self._name.set_full_text(text.one_line(patient))
        words = tr_marked(_STATES[view.state]) if _STATES[view.state] else ""
        if view.state is ChatState.OPEN and not view.present:
            words = tr("The patient's page is not connected. Lines wait for it.")
        self.notice.show_text(words)
        again = view.state in {ChatState.CLOSED, ChatState.TAKEN_OVER, ChatState.UNSAFE}
        if self.notice.action is not None:
            self.notice.action.setVisible(again)
        for part in (self.message, self.send, *self.replies):
            part.setEnabled(not again)
        self.safety.show_security(view.security)
        self._render(view.lines)
        if view.unread and self.isVisible():
            self.seen.emit(view.visit)

    def focus_first(self) -> None:
        """Put the keyboard into the field."""
        self.message.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def words(self) -> tuple[str, ...]:
        """The lines on screen, in order."""
        return tuple(view.words for view in self._shown.values())

    def _render(self, lines: tuple[ChatLine, ...]) -> None:
        known = {line.id for line in lines}
        for gone in [key for key in self._shown if key not in known]:
            self._drop(gone)
        added = False
        for line in lines:
            bubble = _bubble(line)
            if line.id in self._shown:
                self._shown[line.id].show_bubble(bubble)
                continue
            added = True
            self._shown[line.id] = BubbleView(bubble)
            self._column.insertWidget(self._column.count() - 1, self._shown[line.id])
            if not line.mine:
                announce(self, tr("Message from the patient: {words}").format(words=bubble.words))
        if added:
            self._bottom.start()

    def _forget(self) -> None:
        for key in tuple(self._shown):
            self._drop(key)

    def _drop(self, key: str) -> None:
        view = self._shown.pop(key)
        self._column.removeWidget(view)
        view.hide()
        view.deleteLater()

    def _send(self) -> None:
        words = self.message.text().strip()
        if words and self.send.isEnabled() and self._view is not None:
            self.message.clear()
            self.said.emit(self._view.visit, words)

    def _reply(self, replies: dict[str, str]) -> None:
        if self._view is not None:
            self.said.emit(self._view.visit, replies.get(self._language, replies["en"]))

    def _close(self) -> None:
        if self._view is not None:
            self.closed.emit(self._view.visit)

    def _compared(self, same: bool) -> None:  # noqa: FBT001 - a slot
        if self._view is not None:
            self.compared.emit(self._view.visit, same)
            self.message.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_again(self) -> None:
        if self._view is not None:
            self.open_requested.emit(self._view.visit)

    def _to_bottom(self) -> None:
        bar = self._scroll.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _connect(self) -> None:
        self.send.clicked.connect(self._send)
        self.message.returnPressed.connect(self._send)
        self._escape = Escape(self)
        self._escape.pressed.connect(self.left)
        self.message.installEventFilter(self._escape)
        self.close_button.clicked.connect(self._close)
        self.safety.compared.connect(self._compared)
        self.notice.action_requested.connect(self._open_again)

    def _build(self, theme: Theme) -> None:
        self.send.setMinimumSize(theme.px(40), theme.px(40))
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 10, 8)
        head.setSpacing(8)
        head.addWidget(IconLabel(theme, "message-square", "accent_text", 18))
        head.addWidget(self._name, 1)
        head.addWidget(self.close_button)
        quick = QVBoxLayout()
        quick.setContentsMargins(16, 4, 16, 0)
        quick.setSpacing(5)
        for marked, replies in QUICK_REPLIES:
            button = ActionButton(theme, tr_marked(marked), kind="secondary")
            button.setToolTip(replies["en"])
            button.clicked.connect(lambda _checked=False, replies=replies: self._reply(replies))
            button.setMinimumHeight(theme.px(30))
            self.replies.append(button)
            quick.addWidget(button)
        entry = QHBoxLayout()
        entry.setContentsMargins(16, 6, 16, 0)
        entry.setSpacing(8)
        entry.addWidget(self.message, 1)
        entry.addWidget(self.send)
        notice = QVBoxLayout()
        notice.setContentsMargins(16, 6, 16, 0)
        notice.addWidget(self.safety)
        notice.addWidget(self.notice)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 5, 16, 8)
        foot.addWidget(label(tr("Encrypted end to end. Deleted with the visit."), "meta", wrap=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Divider(theme))
        column.addLayout(notice)
        column.addWidget(self._scroll, 1)
        for part in (quick, entry, foot):
            column.addLayout(part)


def _bubble(line: ChatLine) -> Bubble:
    who = tr("You") if line.mine else tr("Patient")
    parts = [who, text.time_of_day(line.at_ms)]
    if line.mine and _DELIVERY[line.state]:
        parts.append(tr_marked(_DELIVERY[line.state]))
    return Bubble(line.id, line.mine, line.text, " · ".join(parts), failed=False)
