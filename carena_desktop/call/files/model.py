"""What the files of a visit look like at one moment: immutable values that the desk publishes."""

from dataclasses import dataclass, field
from enum import StrEnum

from carena_desktop.call.files.sniff import Kind


class FileState(StrEnum):
    """Where a file stands.

    offered --accepted--> moving --all there, hash right--> done
    offered --> declined; offered, moving --> cancelled, failed
    """

    OFFERED = "offered"
    MOVING = "moving"
    DONE = "done"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    FAILED = "failed"


OPEN_STATES = frozenset({FileState.OFFERED, FileState.MOVING})


class RequestState(StrEnum):
    """Where a request for a photo stands."""

    OPEN = "open"
    ANSWERED = "answered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class FileView:
    """One file, either way."""

    id: str
    name: str = field(repr=False)
    """Cleaned; safe to show and to save under."""
    size: int
    mine: bool
    state: FileState
    moved: int = 0
    """Bytes that have arrived."""
    reason: str = ""
    """Why it was declined, cancelled or failed: one of the protocol's words."""
    kind: Kind = Kind.UNKNOWN
    """Of a file that is here, from its first bytes."""
    saved: bool = False


@dataclass(frozen=True, slots=True)
class FilesView:
    """Everything that a panel shows."""

    files: tuple[FileView, ...] = ()
    """In the order in which they appeared here."""
    request: RequestState | None = None
    """Of the last photo that was asked for."""
    connected: bool = False
    """Whether anything moves now; what is begun goes on later by itself."""
    most: int = 0
    """The largest file that may be sent now, in bytes; 0 while none may."""
    allowed: bool = True
    """Whether the organization lets files be sent and received at all."""

    @property
    def unsaved(self) -> int:
        """How many received files nobody has saved."""
        here = (file for file in self.files if not file.mine and file.state is FileState.DONE)
        return sum(not file.saved for file in here)

    @property
    def undelivered(self) -> int:
        """How many files of ours are offered or on their way."""
        return sum(file.mine and file.state in OPEN_STATES for file in self.files)

    @property
    def waiting(self) -> int:
        """How many offered files wait for this side's answer."""
        return sum(not file.mine and file.state is FileState.OFFERED for file in self.files)
