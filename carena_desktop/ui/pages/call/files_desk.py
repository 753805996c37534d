"""The files part of the visit's screen: the panel, the choice of files, the picture looked at, the last question."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from carena_desktop.call.files.model import FilesView
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.call.files_panel import FilesPanel
from carena_desktop.ui.pages.call.files_view_model import files_state
from carena_desktop.ui.pages.call.picture_card import PictureCard
from carena_desktop.ui.pages.call.unsaved_card import UnsavedCard
from carena_desktop.ui.theme import Theme


class FilesDesk(QObject):
    """Joins the panel to the window.

    Args:
        page: The visit's screen.
        panel: The list and its buttons.
    """

    requested = Signal(str, str)
    send_requested = Signal(str)
    save_requested = Signal(str, str)
    photo_requested = Signal(bool)
    tab_changed = Signal(str, str)
    """What the panel's tab says, and what waits for an answer."""

    def __init__(self, theme: Theme, page: QWidget, panel: FilesPanel) -> None:
        super().__init__(page)
        self._page = page
        self.panel = panel
        self._files = FilesView()
        self._running = False
        self._dialog: QFileDialog | None = None
        self._leave: Callable[[], None] | None = None
        self.picture = PictureCard(theme, page)
        self.unsaved = UnsavedCard(theme, page)
        self.picture.closed.connect(self.close_picture)
        self.unsaved.confirmed.connect(self._part)
        self.unsaved.cancelled.connect(self.close_picture)
        panel.send_requested.connect(self.choose)
        panel.file_dropped.connect(self.send_requested)
        panel.photo_requested.connect(self.photo_requested)
        panel.requested.connect(self._requested)
        self._render()

    def render_files(self, view: FilesView) -> None:
        """Show the visit's files."""
        self._files = view
        self._render()

    def set_running(self, *, running: bool) -> None:
        """Say whether the two are in a call."""
        if running != self._running:
            self._running = running
            self._render()

    def parting(self, leave: Callable[[], None]) -> None:
        """Call ``leave``, at once or after the person has given up what nobody has saved and what has not arrived."""
        undelivered = self._files.undelivered if self._running else 0
        if not self._files.unsaved and not undelivered:
            leave()
            return
        self._leave = leave
        self.unsaved.ask(self._files.unsaved, undelivered)

    def choose(self) -> None:
        """Let the person choose a file to send."""
        if self.panel.send.isEnabled():
            dialog = self._open(tr("Send a file to the patient"))
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            dialog.fileSelected.connect(self.send_requested)
            dialog.open()

    def show_picture(self, file_id: str, image: object) -> None:
        """Show a picture that was asked for."""
        name = next((file.name for file in self._files.files if file.id == file_id), "")
        if name and isinstance(image, QImage):
            self.picture.show_picture(name, image)

    def close_picture(self) -> bool:
        """Put the picture, or the last question, away; whether there was one."""
        shown = self.picture.isVisibleTo(self._page) or self.unsaved.isVisibleTo(self._page)
        self.picture.forget()
        self.unsaved.hide()
        if shown:
            self.panel.send.setFocus()
        return shown

    def forget(self) -> None:
        """The visit is over: nothing of it stays on the screen."""
        self.picture.forget()
        self.unsaved.hide()
        if self._dialog is not None:
            self._dialog.close()
        self.panel.show_problem("")

    def _part(self) -> None:
        self.unsaved.hide()
        leave, self._leave = self._leave, None
        if leave is not None:
            leave()

    def _requested(self, what: str, file_id: str) -> None:
        if what != "save":
            self.requested.emit(what, file_id)
            return
        name = next((file.name for file in self._files.files if file.id == file_id), "")
        dialog = self._open(tr("Save the file"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda path: self.save_requested.emit(file_id, path))
        dialog.open()

    def _open(self, title: str) -> QFileDialog:
        if self._dialog is not None:
            self._dialog.close()
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self._dialog = dialog = QFileDialog(self._page, title, folder or str(Path.home()))
        dialog.finished.connect(lambda _result: self._closed(dialog))
        return dialog

    def _closed(self, dialog: QFileDialog) -> None:
        if self._dialog is dialog:
            self._dialog = None
        dialog.deleteLater()

    def _render(self) -> None:
        state = files_state(self._files, running=self._running)
        self.panel.render_files(state)
        self.tab_changed.emit(state.tab, state.offered)
