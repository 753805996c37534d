"""The files of the visit: what is offered, what moves, what is here. Nothing opens by itself; names are plain text."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from carena_desktop.ui import text
from carena_desktop.ui.a11y import announce
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.call.files_view_model import FileRow, FilesState
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.labels import IconLabel, label, restyle
from carena_desktop.ui.widgets.notice import Notice
from carena_desktop.ui.widgets.scrolling import vertical_scroll

_MOST_DROPPED: Final = 5


class FileCard(QFrame):
    """One file: icon, name, how it stands, and what can be done with it."""

    def __init__(self, theme: Theme, row: FileRow, act: Callable[[str, str], None]) -> None:
        super().__init__()
        self.setProperty("role", "file")
        self._icon = IconLabel(theme, row.icon, "info", 20)
        self._name = label("", "strong", wrap=True)
        self._caption = label("", "meta", wrap=True)
        self._warning = Notice(theme, "warn")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(theme.px(6))
        self.buttons = {
            "accept": ActionButton(theme, tr("Receive"), kind="primary", name=tr("Receive file")),
            "decline": ActionButton(theme, tr("Decline"), name=tr("Decline file")),
            "save": ActionButton(theme, tr("Save"), icon="download", kind="primary", name=tr("Save file")),
            "preview": ActionButton(theme, tr("Preview"), icon="eye", name=tr("Preview picture")),
            "cancel": ActionButton(theme, tr("Cancel"), icon="x", name=tr("Cancel file")),
        }
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._name)
        words.addWidget(self._caption)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        actions = QHBoxLayout()
        actions.setSpacing(8)
        for what, button in self.buttons.items():
            button.clicked.connect(partial(act, what, row.id))
            actions.addWidget(button)
        actions.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addWidget(self._warning)
        column.addLayout(actions)
        self.show_row(row)

    def show_row(self, row: FileRow) -> None:
        """Show how the file stands."""
        name = text.isolate(row.name)
        self._name.setText(name)
        self._caption.setText(row.caption)
        restyle(self._caption, "tone", "danger" if row.failed else "")
        self._icon.set_icon(row.icon, "info")
        self._warning.show_text(row.warning)
        self._bar.setVisible(row.percent is not None)
        self._bar.setValue(row.percent or 0)
        self._bar.setAccessibleName(name)
        shown = {
            "accept": row.may_answer,
            "decline": row.may_answer,
            "save": row.may_save,
            "preview": row.may_preview,
            "cancel": row.may_cancel,
        }
        for what, button in self.buttons.items():
            button.setAccessibleDescription(row.name)
            button.setVisible(shown[what])
        self.setAccessibleName(f"{row.name}: {row.caption}")

    @property
    def caption(self) -> str:
        """Whose it is, how large, how it stands."""
        return self._caption.text()

    @property
    def name(self) -> str:
        """The file's name."""
        return self._name.text()


class FilesPanel(QWidget):
    """Emits what is wanted: ``requested`` carries accept, decline, save, preview or cancel, and the file's id."""

    requested = Signal(str, str)
    send_requested = Signal()
    photo_requested = Signal(bool)
    """Ask for a photo, or not any more."""
    file_dropped = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._state = FilesState()
        self._cards: dict[str, FileCard] = {}
        self.setAccessibleName(tr("Files"))
        self.setAcceptDrops(True)
        self.send = ActionButton(theme, tr("Send file"), icon="paperclip", kind="primary")
        self.send.setToolTip("Ctrl+O")
        self.photo = ActionButton(theme, tr("Ask for a photo"), icon="camera")
        self.problem = Notice(theme, "danger", dismissible=True)
        self._request = Notice(theme, "info")
        self._empty = label("", "secondary", wrap=True)
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(16, 12, 16, 12)
        self._column.setSpacing(10)
        self._column.addWidget(self._empty)
        self._column.addStretch(1)
        self._build()
        self.send.clicked.connect(self.send_requested)
        self.photo.clicked.connect(lambda: self.photo_requested.emit(not self._state.asking))

    def render_files(self, state: FilesState) -> None:
        """Show ``state``; rendering the same twice changes nothing. What is new from the patient is announced."""
        before, self._state = self._state, state
        self.send.setEnabled(state.may_send)
        self.photo.setEnabled(state.may_ask)
        words = tr("Don't ask any more") if state.asking else tr("Ask for a photo")
        self.photo.set_action(words, "x" if state.asking else "camera")
        if state.request != before.request:
            announce(self, state.request)
        self._request.show_text(state.request)
        self._empty.setText(state.empty)
        self._empty.setVisible(bool(state.empty))
        known = {row.id for row in state.rows}
        for gone in [key for key in self._cards if key not in known]:
            card = self._cards.pop(gone)
            self._column.removeWidget(card)
            card.deleteLater()
        earlier = {row.id: row for row in before.rows}
        for row in state.rows:
            self._show(row, earlier.get(row.id))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files of this computer, while they may be sent."""
        if self.send.isEnabled() and _files_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Offer what was dropped."""
        for path in _files_in(event.mimeData()) if self.send.isEnabled() else ():
            self.file_dropped.emit(path)
        event.acceptProposedAction()

    def cards(self) -> tuple[FileCard, ...]:
        """The files on screen, in order."""
        return tuple(self._cards.values())

    def show_problem(self, words: str) -> None:
        """Say what went wrong; empty takes it back."""
        self.problem.show_text(words)
        if words:
            announce(self, words, urgent=True)

    def clear(self) -> None:
        """Forget every file."""
        self.problem.show_text("")
        self.render_files(FilesState())

    def _show(self, row: FileRow, before: FileRow | None) -> None:
        if row.id not in self._cards:
            self._cards[row.id] = FileCard(self._theme, row, self.requested.emit)
            self._column.insertWidget(self._column.count() - 1, self._cards[row.id])
        elif row != before:
            self._cards[row.id].show_row(row)
        moved = before is not None and before.percent is not None and row.percent is not None
        if (before is None and row.may_answer) or (before is not None and row != before and not moved):
            announce(self, f"{row.name}: {row.caption}")

    def _build(self) -> None:
        buttons = QVBoxLayout()
        buttons.setContentsMargins(16, 4, 16, 12)
        buttons.setSpacing(8)
        buttons.addWidget(self.problem)
        buttons.addWidget(self.send)
        buttons.addWidget(self.photo)
        note = tr(
            "Goes straight between you and the patient, encrypted. Deleted here when the visit ends, unless saved."
        )
        scrolled = QWidget()  # all but the buttons: where text is large there is little height for them
        inside = QVBoxLayout(scrolled)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        head, foot = QVBoxLayout(), QVBoxLayout()
        head.setContentsMargins(16, 12, 16, 0)
        head.addWidget(self._request)
        foot.setContentsMargins(16, 6, 16, 8)
        foot.addWidget(label(note, "meta", wrap=True))
        inside.addLayout(head)
        inside.addWidget(self._list, 1)
        inside.addLayout(foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(vertical_scroll(scrolled), 1)
        column.addLayout(buttons)


def _files_in(data: QMimeData) -> tuple[str, ...]:
    """Return the files of this computer among what is dragged, a few at most."""
    return tuple(url.toLocalFile() for url in data.urls() if url.isLocalFile())[:_MOST_DROPPED]
