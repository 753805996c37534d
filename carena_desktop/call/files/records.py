"""The files channels of a call's legs: which of them carries files, and the keys of each. Sans-IO."""

from carena_protocol.files import AnyFileMessage, FileKey, FileOpener, FileSeal, Piece, decode, encode
from carena_protocol.peer import PeerMessageError


class _Line:
    def __init__(self) -> None:
        self.seal = FileSeal("C>P")
        self.opener = FileOpener("P>C")
        self.is_open = False


class Records:
    """Every leg's files channel, from the desktop's side."""

    def __init__(self) -> None:
        self._lines: dict[int, _Line] = {}
        self.refused = 0
        """Records that could not be opened or read."""

    @property
    def leg(self) -> int:
        """The newest leg that can carry files, 0 for none."""
        ready = (leg for leg, line in self._lines.items() if line.is_open and line.seal.is_ready)
        return max(ready, default=0)

    def install(self, key: FileKey) -> None:
        """Take a key."""
        line = self._lines.setdefault(key.leg, _Line())
        (line.seal if key.use == "send" else line.opener).install(key.epoch, key.key)

    def opened(self, leg: int) -> None:
        """The channel of a leg is open."""
        self._lines.setdefault(leg, _Line()).is_open = True

    def closed(self, leg: int) -> None:
        """A leg is over, and its keys with it."""
        self._lines.pop(leg, None)

    def clear(self) -> None:
        """Every leg is over."""
        self._lines.clear()

    def seal(self, said: AnyFileMessage | Piece) -> bytes:
        """Return the record for the leg that carries files."""
        return self._lines[self.leg].seal.seal(encode(said))

    def open(self, leg: int, record: bytes) -> AnyFileMessage | Piece | None:
        """Return what a record says; None for one that is none of the other party's."""
        line = self._lines.get(leg)
        try:
            return decode(line.opener.open(record)) if line is not None else None
        except PeerMessageError:
            self.refused += 1
            return None
