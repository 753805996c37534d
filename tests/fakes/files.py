"""The files of a call without an engine: implements ``FilesPort``; see ``tests.fakes.call``."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from carena_desktop.call.files.model import FilesView, RequestState
from carena_desktop.call.files.port import FileRefusedError, Unsubscribe


class FakeFiles:
    """What was asked of it is in the call's ``asked``; ``refuses`` makes sending fail with a code."""

    def __init__(self, asked: list[tuple[str, object]]) -> None:
        self._asked = asked
        self._view = FilesView(most=100 * 1024 * 1024, connected=True)
        self._changes: list[Callable[[FilesView], None]] = []
        self.refuses = ""
        self.save_fails = False
        self.bytes = b""

    @property
    def view(self) -> FilesView:
        """The current view."""
        return self._view

    @property
    def listeners(self) -> int:
        """How many callbacks are registered."""
        return len(self._changes)

    def on_change(self, callback: Callable[[FilesView], None]) -> Unsubscribe:
        """Register for views."""
        self._changes.append(callback)
        return lambda: self._changes.remove(callback)

    def push(self, **changes: object) -> None:
        """Publish the view with some fields changed."""
        self._view = replace(self._view, **changes)  # type: ignore[arg-type]  # a test names real fields
        for callback in tuple(self._changes):
            callback(self._view)

    async def send(self, path: Path) -> None:
        """Remember it, or refuse."""
        self._asked.append(("send file", path))
        if self.refuses:
            raise FileRefusedError(self.refuses)

    def accept(self, file_id: str) -> None:
        """Remember."""
        self._asked.append(("accept file", file_id))

    def decline(self, file_id: str) -> None:
        """Remember."""
        self._asked.append(("decline file", file_id))

    def cancel(self, file_id: str) -> None:
        """Remember."""
        self._asked.append(("cancel file", file_id))

    def ask_photo(self) -> None:
        """Ask."""
        self._asked.append(("ask photo", None))
        self.push(request=RequestState.OPEN)

    def withdraw_request(self) -> None:
        """Ask no more."""
        self._asked.append(("withdraw photo", None))
        self.push(request=RequestState.WITHDRAWN)

    async def save(self, file_id: str, path: Path) -> None:
        """Mark it saved, or fail."""
        self._asked.append(("save file", (file_id, path)))
        if self.save_fails:
            raise OSError("told to")
        self.push(files=tuple(replace(file, saved=file.saved or file.id == file_id) for file in self._view.files))

    async def content(self, file_id: str) -> bytes:
        """Return ``bytes``."""
        self._asked.append(("content of file", file_id))
        return self.bytes

    def forget(self) -> None:
        """Remember, and know of none."""
        self._asked.append(("forget files", None))
        self.push(files=(), request=None)
