"""The chat of the visit: lines with their delivery, a field and a button. Text is shown as text, never as markup."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from carena_desktop.ui.a11y import announce
from carena_desktop.ui.components.bubble import Bubble, BubbleView
from carena_desktop.ui.i18n import locale, tr
from carena_desktop.ui.pages.call.files_panel import FilesPanel
from carena_desktop.ui.pages.call.patient_panel import PatientPanel
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.fields import IconLineEdit
from carena_desktop.ui.widgets.labels import label
from carena_desktop.ui.widgets.marks import Divider
from carena_desktop.ui.widgets.notice import Notice
from carena_desktop.ui.widgets.scrolling import vertical_scroll
from carena_protocol.limits import MAX_CHAT_CHARS

_EDGES = 3
"""Of the frame and the line below the tabs."""


class ChatPanel(QFrame):
    """Emits ``send_requested`` with a line that is not empty."""

    send_requested = Signal(str)
    unseen_changed = Signal(int)
    """How many lines of the patient came while the chat could not be seen."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._shown: dict[str, BubbleView] = {}
        self._state: tuple[Bubble, ...] = ()
        self._unseen = 0
        self.setProperty("role", "panel")
        self.setAccessibleName(tr("Chat"))
        self.message = IconLineEdit(theme, tr("Message"), "", placeholder=tr("Message to the patient"))
        self.message.setMaxLength(MAX_CHAT_CHARS)
        self.send = ActionButton(theme, "", icon="send", kind="primary", name=tr("Send"))
        self.send.setMinimumSize(theme.px(40), theme.px(40))
        self._lines = QWidget()
        self._column = QVBoxLayout(self._lines)
        self._column.setContentsMargins(16, 12, 16, 12)
        self._column.setSpacing(10)
        self._none = label(tr("Nothing has been written yet."), "secondary", wrap=True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._column.addWidget(self._none)
        self._column.addStretch(1)
        self._scroll = vertical_scroll(self._lines)
        self._bottom = QTimer(self)
        self._bottom.setSingleShot(True)
        self._bottom.setInterval(0)
        self._bottom.timeout.connect(self._to_bottom)
        self.tabs = _tabs(theme)
        self._stack = QStackedWidget()
        self.files = FilesPanel(theme)
        self.patient = PatientPanel(theme)
        self.offered = Notice(theme, "info", action=tr("Show files"))
        self.offered.action_requested.connect(lambda: self.show_files(shown=True))
        self._build(theme)
        self.tabs.currentChanged.connect(self._tab_changed)
        theme.changed.connect(self._retint)
        self._theme = theme
        self._retint()
        self.message.returnPressed.connect(self._send)
        self.send.clicked.connect(self._send)

    def render_chat(self, bubbles: tuple[Bubble, ...], *, can_send: bool) -> None:
        """Show the lines; what is new from the patient is announced."""
        self.message.setEnabled(can_send)
        self.send.setEnabled(can_send)
        if bubbles == self._state:
            return
        self._state = bubbles
        self._none.setVisible(not bubbles)
        known = {bubble.id for bubble in bubbles}
        for gone in [key for key in self._shown if key not in known]:
            view = self._shown.pop(gone)
            self._column.removeWidget(view)
            view.deleteLater()
        for bubble in bubbles:
            if bubble.id in self._shown:
                self._shown[bubble.id].show_bubble(bubble)
                continue
            self._shown[bubble.id] = BubbleView(bubble)
            self._column.insertWidget(self._column.count() - 1, self._shown[bubble.id])
            if not bubble.mine:
                announce(self, tr("Message from the patient: {words}").format(words=bubble.words))
                self._count(self._unseen + 1)
        self._bottom.start()
        self._look()

    def minimumSizeHint(self) -> QSize:
        """What the pages need at the real width; Qt takes what wrapped words need at their narrowest, twice as much."""
        least = 0
        for page in (self._stack.widget(at) for at in range(self._stack.count())):
            layout = page.layout() if page is not None else None
            if layout is not None and layout.hasHeightForWidth():
                least = max(least, layout.totalMinimumHeightForWidth(self.width()))
            elif layout is not None:
                least = max(least, layout.totalMinimumSize().height())
        return QSize(super().minimumSizeHint().width(), least + self.tabs.sizeHint().height() + _EDGES)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width is another height of wrapped words."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def showEvent(self, event: QShowEvent) -> None:
        """What came meanwhile is seen, where the chat is in front."""
        super().showEvent(event)
        self._look()

    def show_files(self, *, shown: bool) -> None:
        """Show the files, or the chat."""
        self.tabs.setCurrentIndex(1 if shown else 0)

    def show_patient(self) -> None:
        """Show what is known about the patient."""
        self.tabs.setCurrentIndex(2)

    def name_files_tab(self, words: str, offered: str) -> None:
        """Say on the tab how many files there are, and above the message what waits for an answer."""
        if self.tabs.tabText(1) != words:
            self.tabs.setTabText(1, words)
        self.offered.show_text(offered)

    def _tab_changed(self, at: int) -> None:
        self._stack.setCurrentIndex(at)
        self._look()

    def _look(self) -> None:
        """Lines that stand on the screen are seen; without any there are none that are not."""
        if not self._state or (self.isVisible() and self.tabs.currentIndex() == 0):
            self._count(0)

    def _count(self, unseen: int) -> None:
        if unseen == self._unseen:
            return
        self._unseen = unseen
        self.tabs.setTabText(0, with_unseen(unseen))
        self.unseen_changed.emit(unseen)

    def _retint(self) -> None:
        for index, icon in enumerate(("message-square", "paperclip", "user-round")):
            self.tabs.setTabIcon(index, self._theme.icon(icon, "text2", 16))

    def bubbles(self) -> tuple[BubbleView, ...]:
        """The lines on screen, in order."""
        return tuple(self._shown.values())

    def clear(self) -> None:
        """Forget every line and what was being written."""
        self.render_chat((), can_send=False)
        self.message.clear()

    def _send(self) -> None:
        words = self.message.text().strip()
        if words and self.send.isEnabled():
            self.message.clear()
            self.send_requested.emit(words)

    def _to_bottom(self) -> None:
        bar = self._scroll.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _build(self, theme: Theme) -> None:
        entry = QHBoxLayout()
        entry.setContentsMargins(16, 4, 16, 0)
        entry.setSpacing(8)
        entry.addWidget(self.message, 1)
        entry.addWidget(self.send)
        note = label(tr("Goes straight to the patient, encrypted. Not kept after the visit."), "meta", wrap=True)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 6, 16, 12)
        foot.addWidget(note)
        chat = QWidget()
        column = QVBoxLayout(chat)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._scroll, 1)
        above = QHBoxLayout()
        above.setContentsMargins(16, 0, 16, 4)
        above.addWidget(self.offered)
        column.addLayout(above)
        column.addLayout(entry)
        column.addLayout(foot)
        self._stack.addWidget(chat)
        self._stack.addWidget(self.files)
        self._stack.addWidget(self.patient)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.tabs)
        whole.addWidget(Divider(theme))
        whole.addWidget(self._stack, 1)


def with_unseen(unseen: int) -> str:
    """Return the chat's word with how many lines were not seen; none are not told."""
    return tr("Chat") + (f" {locale().toString(unseen)}" if unseen else "")


def _tabs(theme: Theme) -> QTabBar:
    tabs = QTabBar()
    tabs.setProperty("role", "panel-tabs")
    tabs.setAccessibleName(tr("Chat, files and patient"))
    tabs.setDrawBase(False)
    tabs.setExpanding(False)
    tabs.setIconSize(QSize(theme.px(16), theme.px(16)))
    for words in (tr("Chat"), tr("Files"), tr("Patient")):
        tabs.addTab(words)
    return tabs
