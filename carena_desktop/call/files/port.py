"""The files of a visit as the window uses them."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from carena_desktop.call.files.model import FilesView

Unsubscribe = Callable[[], None]


class FileRefusedError(ValueError):
    """A file can't be sent; ``code`` is unreadable, empty, too-large, kind or not-allowed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class FilesPort(Protocol):
    """Every method is called on the event loop's thread."""

    @property
    def view(self) -> FilesView:
        """Every file of the visit."""
        ...

    def on_change(self, callback: Callable[[FilesView], None]) -> Unsubscribe:
        """Call ``callback`` with every new view; while a file moves, a few times a second."""
        ...

    async def send(self, path: Path) -> None:
        """Offer a file; raises FileRefusedError."""
        ...

    def accept(self, file_id: str) -> None:
        """Take an offered file."""
        ...

    def decline(self, file_id: str) -> None:
        """Refuse an offered file."""
        ...

    def cancel(self, file_id: str) -> None:
        """Give up a file that is offered or on its way."""
        ...

    def ask_photo(self) -> None:
        """Ask the other party for a photo."""
        ...

    def withdraw_request(self) -> None:
        """Ask for it no more."""
        ...

    async def save(self, file_id: str, path: Path) -> None:
        """Write a received file; raises OSError."""
        ...

    async def content(self, file_id: str) -> bytes:
        """Return a received file's bytes, for its preview; raises OSError."""
        ...

    def forget(self) -> None:
        """Delete every received file: the visit is done with."""
        ...
