"""What goes between the desk and the media engine: sealed records of a leg's files channel, and that it is open."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SendFileRecord:
    """A sealed record for the files channel of a leg."""

    leg: int
    record: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FilesOpened:
    """The files channel of a leg is open."""

    leg: int


@dataclass(frozen=True, slots=True)
class FilesReceived:
    """A sealed record from the files channel of a leg."""

    leg: int
    record: bytes = field(repr=False)
