"""From what the person wants of the visit's files to what the call's desk does."""

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from carena_desktop.call.files.model import FilesView
from carena_desktop.call.files.port import FileRefusedError, FilesPort
from carena_desktop.tasks import ScopeClosedError, TaskScope
from carena_desktop.ui.bridge import Bridge
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.call.files_view_model import refusal
from carena_desktop.ui.pages.call.page import CallPage
from carena_desktop.ui.preview.previewer import Previewer


class FileIntents(QObject):
    """Slots for the files panel.

    Args:
        desk: The call's.
        scope: Owns the tasks.
        previewer: Decodes pictures.
    """

    said = Signal(str)
    """What went wrong, for the panel; empty takes it back."""
    picture_ready = Signal(str, object)
    """A picture that was asked for: the file's id and a QImage."""

    def __init__(self, desk: FilesPort, scope: TaskScope, previewer: Previewer | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._scope = scope
        self._previewer = previewer or Previewer()

    @property
    def view(self) -> FilesView:
        """The visit's files now."""
        return self._desk.view

    def send(self, path: str) -> None:
        """Offer a file."""
        self._spawn(self._send(Path(path)), "send-file")

    def save(self, file_id: str, path: str) -> None:
        """Write a received file to where the person wants it."""
        self._spawn(self._save(file_id, Path(path)), "save-file")

    def request(self, what: str, file_id: str) -> None:
        """Answer or cancel a file, or look at a picture."""
        self.said.emit("")
        match what:
            case "accept":
                self._desk.accept(file_id)
            case "decline":
                self._desk.decline(file_id)
            case "cancel":
                self._desk.cancel(file_id)
            case _:  # preview
                self._spawn(self._preview(file_id), "preview-file")

    def ask_photo(self, wanted: bool) -> None:  # noqa: FBT001 - a slot
        """Ask the patient for a photo, or not any more."""
        if wanted:
            self._desk.ask_photo()
        else:
            self._desk.withdraw_request()

    def forget(self, *_: object) -> None:
        """The visit is left: delete what was received."""
        self._desk.forget()

    async def _send(self, path: Path) -> None:
        self.said.emit("")
        try:
            await self._desk.send(path)
        except FileRefusedError as error:
            self.said.emit(refusal(error.code, self._desk.view.most))

    async def _save(self, file_id: str, path: Path) -> None:
        self.said.emit("")
        try:
            await self._desk.save(file_id, path)
        except OSError:
            self.said.emit(tr("The file could not be saved there. Choose another folder."))

    async def _preview(self, file_id: str) -> None:
        file = next((file for file in self._desk.view.files if file.id == file_id), None)
        if file is None:
            return
        try:
            image = await self._previewer.decode(await self._desk.content(file_id), file.kind.value)
        except OSError:
            image = None
        if image is None:
            self.said.emit(tr("This picture can't be shown. You can save it all the same."))
        elif any(kept.id == file_id for kept in self._desk.view.files):  # the visit may have ended meanwhile
            self.picture_ready.emit(file_id, image)

    def _spawn(self, coro: Coroutine[Any, Any, None], name: str) -> None:
        try:
            self._scope.spawn(coro, name=name)
        except ScopeClosedError:
            return  # the program is ending


def connect_files(page: CallPage, bridge: Bridge, intents: FileIntents) -> None:
    """Render what the bridge brings of the visit's files, hand what the person wants to ``intents``."""
    desk = page.files_desk
    bridge.files_changed.connect(desk.render_files)
    desk.render_files(intents.view)  # this page may take the place of another
    desk.requested.connect(intents.request)
    desk.send_requested.connect(intents.send)
    desk.save_requested.connect(intents.save)
    desk.photo_requested.connect(intents.ask_photo)
    intents.said.connect(desk.panel.show_problem)
    intents.picture_ready.connect(desk.show_picture)
    page.leave_requested.connect(intents.forget)
    page.finish_requested.connect(intents.forget)
