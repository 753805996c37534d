"""The patient's side of files in Python: the desktop's own machine, the other way round, on an aiortc data channel."""

import asyncio
import hashlib
import secrets
from base64 import b64encode
from typing import TYPE_CHECKING

from aiortc import RTCDataChannel

from carena_desktop.call.files.machine import Check, Drop, FileEffect, Say, SendPiece, Store, TransferMachine
from carena_protocol.e2ee.renewal import EpochKeys
from carena_protocol.files import AnyFileMessage, FileOffer, FileOpener, FileSeal, Piece, decode, encode

if TYPE_CHECKING:
    from collections.abc import Callable


class PatientFiles:
    """Whatever is offered is taken. Methods are called on the event loop's thread."""

    def __init__(self) -> None:
        self.machine = TransferMachine()
        self.kept: dict[str, bytearray] = {}
        self.legs = 0
        """How many channels have carried files."""
        self.tampered: Callable[[bytes], bytes] = lambda record: record
        self._sending: dict[str, bytes] = {}
        self._channel: RTCDataChannel | None = None
        self._seal, self._opener = FileSeal("P>C"), FileOpener("C>P")
        self._timer: asyncio.TimerHandle | None = None

    def adopt(self, channel: RTCDataChannel) -> None:
        """A leg's files channel."""
        self.machine.closed()
        self._channel = channel
        self._seal, self._opener = FileSeal("P>C"), FileOpener("C>P")
        channel.on("message", self._arrived)

    def install(self, keys: EpochKeys) -> None:
        """Keys of the newest leg."""
        (self._seal if keys.use == "send" else self._opener).install(keys.epoch, keys.files)
        if self._seal.is_ready and self._channel is not None and not self.machine.open:
            self.legs += 1
            self._do(self.machine.opened(self._now))

    def send(self, data: bytes, name: str = "photo.jpg") -> str:
        """Offer a file; return its id."""
        file_id = secrets.token_hex(16)
        self._sending[file_id] = data
        hashed = b64encode(hashlib.sha256(data).digest()).decode()
        self._do(self.machine.offer(FileOffer(id=file_id, name=name, size=len(data), sha256=hashed), self._now))
        return file_id

    def close(self) -> None:
        """End the timer."""
        if self._timer is not None:
            self._timer.cancel()

    @property
    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _arrived(self, record: str | bytes) -> None:
        assert isinstance(record, bytes)
        said = decode(self._opener.open(record))
        self._do(self.machine.received(said, self._now))
        if isinstance(said, FileOffer):
            self._do(self.machine.accept(said.id, self._now))

    def _do(self, effects: list[FileEffect]) -> None:
        for effect in effects:
            match effect:
                case Say(message=message):
                    self._say(message)
                case SendPiece(id=key, start=start, size=size):
                    self._say(Piece(key, start, self._sending[key][start : start + size]))
                case Store(id=key, data=data):
                    self.kept.setdefault(key, bytearray()).extend(data)
                case Check(id=key, sha256=sha256):
                    good = b64encode(hashlib.sha256(self.kept[key]).digest()).decode() == sha256
                    self._do(self.machine.checked(key, self._now, good=good))
                case Drop(id=key):
                    self.kept.pop(key, None)
        if self._timer is not None:
            self._timer.cancel()
        if (deadline := self.machine.deadline) is not None:
            delay = max(0.0, deadline - self._now)
            self._timer = asyncio.get_running_loop().call_later(delay, lambda: self._do(self.machine.tick(self._now)))

    def _say(self, said: AnyFileMessage | Piece) -> None:
        if self._channel is not None and self._channel.readyState == "open":
            self._channel.send(self.tampered(self._seal.seal(encode(said))))
