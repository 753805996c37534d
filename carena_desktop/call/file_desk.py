"""The files of a visit as the window uses them: drives the machine with the time, the engine's channels and the vault.

Everything that decides is in the machine. Names and bytes are in no log.
"""

import asyncio
import base64
import hashlib
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, assert_never

from carena_desktop.call.files import name as file_name
from carena_desktop.call.files.channel import FilesOpened, FilesReceived, SendFileRecord
from carena_desktop.call.files.gate import FileGate
from carena_desktop.call.files.machine import Check, Drop, FileEffect, Say, SendPiece, Store, TransferMachine
from carena_desktop.call.files.model import OPEN_STATES, FileState, FilesView, FileView
from carena_desktop.call.files.port import FileRefusedError, Unsubscribe
from carena_desktop.call.files.records import Records
from carena_desktop.call.files.sniff import Kind
from carena_desktop.call.files.vault import Vault
from carena_desktop.call.ports import (
    EngineEvent,
    EngineFailed,
    LegChanged,
    LegState,
    MediaEngine,
)
from carena_desktop.clock import Clock
from carena_protocol import limits
from carena_protocol.files import AnyFileMessage, FileKey, FileOffer, Piece

_log = logging.getLogger(__name__)

PUBLISH_EVERY_S: Final = 0.2
"""While bytes move, the window is told this often."""
MOST_SENDING_BYTES: Final = 3 * limits.MAX_FILE_BYTES
"""Of files that wait to be sent: they are held in memory, so that what arrives is what was chosen."""


@dataclass(frozen=True, slots=True)
class _Read:
    name: str = field(repr=False)
    data: bytes = field(repr=False)
    sha256: str = field(repr=False)


class FileDesk:
    """Implements ``port.FilesPort``. Methods are called on the event loop's thread.

    Args:
        engine: Carries sealed records.
        clock: The time.
        vault: Keeps what was received.
        most: Asked for the largest file that may be sent and taken, bytes, when a visit begins; 0 is none.
    """

    def __init__(
        self,
        engine: MediaEngine,
        clock: Clock,
        vault: Vault | None = None,
        most: Callable[[], int] = lambda: limits.MAX_FILE_BYTES,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._vault = vault or Vault()
        self._ask_most = most
        self._most = min(most(), limits.MAX_FILE_BYTES)
        self._visit = ""
        self._records = Records()
        self._leg = 0
        self._gate = FileGate()
        self._machine = TransferMachine(self._most)
        self._sending: dict[str, bytes] = {}
        self._kinds: dict[str, Kind] = {}
        self._saved: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._teller: asyncio.TimerHandle | None = None
        self._view = FilesView(allowed=self._most > 0)
        self._on_change: list[Callable[[FilesView], None]] = []
        self._unsubscribe = engine.on_event(self._heard)
        self._vault.sweep()

    # -- what the window sees and does ---------------------------------------------------------------------------------

    @property
    def view(self) -> FilesView:
        """The newest view."""
        return self._view

    def on_change(self, callback: Callable[[FilesView], None]) -> Unsubscribe:
        """Call ``callback`` with every new view."""
        self._on_change.append(callback)
        return lambda: self._on_change.remove(callback)

    async def send(self, path: Path) -> None:
        """Offer a file; raises FileRefusedError."""
        most = self._current().most
        if most == 0:
            raise FileRefusedError("not-allowed")
        if file_name.is_refused(path.name):
            raise FileRefusedError("kind")
        room = MOST_SENDING_BYTES - sum(map(len, self._sending.values()))
        visit = self._visit
        read = await asyncio.get_running_loop().run_in_executor(None, _read, path, min(most, room))
        if visit != self._visit or not visit:
            return  # the visit ended meanwhile
        file_id = secrets.token_hex(16)
        self._sending[file_id] = read.data
        offer = FileOffer(id=file_id, name=read.name, size=len(read.data), sha256=read.sha256)
        self._do(self._machine.offer(offer, self._now))

    def accept(self, file_id: str) -> None:
        """Take an offered file."""
        self._do(self._machine.accept(file_id, self._now))

    def decline(self, file_id: str) -> None:
        """Refuse an offered file."""
        self._do(self._machine.decline(file_id, self._now))

    def cancel(self, file_id: str) -> None:
        """Give up a file."""
        self._do(self._machine.cancel(file_id, self._now))

    def ask_photo(self) -> None:
        """Ask the other party for a photo."""
        if self._most > 0 and self._visit:
            self._do(self._machine.ask_photo(secrets.token_hex(16), self._now))

    def withdraw_request(self) -> None:
        """Ask for it no more."""
        self._do(self._machine.withdraw_request(self._now))

    async def save(self, file_id: str, path: Path) -> None:
        """Write a received file; raises OSError."""
        await asyncio.get_running_loop().run_in_executor(None, self._vault.save, file_id, path)
        self._saved.add(file_id)
        self._publish()

    async def content(self, file_id: str) -> bytes:
        """Return a received file's bytes."""
        return await asyncio.get_running_loop().run_in_executor(None, self._vault.read, file_id)

    def forget(self) -> None:
        """Delete every received file, and know of none."""
        self._visit = ""
        self._start_anew()

    # -- what the call tells -------------------------------------------------------------------------------------------

    def begin(self, visit: str) -> None:
        """A call begins; what was received in an earlier call of the same visit stays."""
        if visit != self._visit:
            self._most = min(self._ask_most(), limits.MAX_FILE_BYTES)
            self._start_anew()
        self._visit = visit

    def install(self, key: FileKey) -> None:
        """Take a key of a leg."""
        self._records.install(key)
        self._follow()

    def hold(self, *, held: bool) -> None:
        """Let nothing pass until the patient's device is known to be theirs; what came meanwhile is taken then."""
        waiting = self._gate.hold(held=held, leg=self._records.leg)
        self._follow()
        for said in waiting:
            self._do(self._machine.received(said, self._now))

    def call_over(self) -> None:
        """The call ended: nothing arrives any more; what is here stays until it is saved or the visit is left."""
        self._records.clear()
        self._leg = 0
        self._do(self._machine.ended())

    def close(self) -> None:
        """Delete everything and listen no more."""
        self._unsubscribe()
        self.forget()
        for timer in (self._timer, self._teller):
            if timer is not None:
                timer.cancel()

    # -- inside --------------------------------------------------------------------------------------------------------

    @property
    def _now(self) -> float:
        return self._clock.monotonic()

    def _start_anew(self) -> None:
        self._vault.clear()
        self._sending.clear()
        self._kinds.clear()
        self._saved.clear()
        self._machine = TransferMachine(self._most)
        if self._leg:
            self._do(self._machine.opened(self._now))
        self._publish()

    def _heard(self, event: EngineEvent) -> None:
        match event:
            case FilesOpened(leg=leg):
                self._records.opened(leg)
                self._follow()
            case FilesReceived(leg=leg, record=record):
                said = self._records.open(leg, record)
                if said is not None and not self._gate.takes(leg, said):
                    self._do(self._machine.received(said, self._now))
            case LegChanged(leg=leg, state=LegState.CLOSED | LegState.FAILED) | EngineFailed(leg=leg) if leg:
                self._records.closed(leg)
                self._gate.closed(leg)
                self._follow()
            case EngineFailed():
                self._records.clear()
                self._follow()
            case _:
                pass

    def _follow(self) -> None:
        """Carry files on the newest leg that can."""
        leg = 0 if self._gate.is_held else self._records.leg
        if leg == self._leg:
            return
        self._leg = leg
        if leg:
            self._do(self._machine.opened(self._now))
        else:
            self._machine.closed()
            self._publish()

    def _do(self, effects: list[FileEffect]) -> None:
        for effect in effects:
            self._perform(effect)
        self._arm()
        self._publish()

    def _perform(self, effect: FileEffect) -> None:
        match effect:
            case Say(message=message):
                self._say(message)
            case SendPiece(id=file_id, start=start, size=size):
                data = self._sending.get(file_id)
                if data is not None:
                    self._say(Piece(file_id, start, data[start : start + size]))
            case Store(id=file_id, data=data):
                try:
                    self._vault.append(file_id, data)
                except OSError:
                    _log.warning("a received file can't be kept")
                    self._vault.drop(file_id)
                    self._do(self._machine.cancel(file_id, self._now, "failed"))
            case Check(id=file_id, sha256=sha256):
                self._check(file_id, sha256)
            case Drop(id=file_id):
                self._vault.drop(file_id)
                self._sending.pop(file_id, None)
            case _:
                assert_never(effect)

    def _check(self, file_id: str, sha256: str) -> None:
        good = self._vault.is_whole(file_id, sha256)
        self._kinds[file_id] = self._vault.kind(file_id)
        if good and self._kinds[file_id] is Kind.PROGRAM:  # its name was harmless, it is not
            self._do(self._machine.cancel(file_id, self._now, "failed"))
        else:
            self._do(self._machine.checked(file_id, self._now, good=good))

    def _say(self, said: AnyFileMessage | Piece) -> None:
        if self._leg and self._leg == self._records.leg:
            self._engine.send(SendFileRecord(self._leg, self._records.seal(said)))

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        deadline = self._machine.deadline
        if deadline is not None:
            delay = max(0.0, deadline - self._now)
            self._timer = asyncio.get_running_loop().call_later(delay, self._tick)

    def _tick(self) -> None:
        self._do(self._machine.tick(self._now))

    # -- the view ------------------------------------------------------------------------------------------------------

    def _current(self) -> FilesView:
        theirs = self._machine.peer_most
        most = self._most if theirs is None else min(self._most, theirs)
        return FilesView(
            files=tuple(self._shown(file) for file in self._machine.files),
            request=self._machine.request,
            connected=self._machine.open,
            most=most if self._visit else 0,
            allowed=self._most > 0,
        )

    def _shown(self, file: FileView) -> FileView:
        kind = self._kinds.get(file.id, Kind.UNKNOWN)
        reason = "program" if file.state is FileState.FAILED and kind is Kind.PROGRAM and not file.mine else file.reason
        return replace(file, kind=kind, saved=file.id in self._saved, reason=reason)

    def _publish(self) -> None:
        view = self._current()
        if view == self._view:
            return
        if _still(view) == _still(self._view):  # only bytes moved
            if self._teller is None:
                self._teller = asyncio.get_running_loop().call_later(PUBLISH_EVERY_S, self._tell)
            return
        self._tell()

    def _tell(self) -> None:
        if self._teller is not None:
            self._teller.cancel()
            self._teller = None
        self._view = self._current()
        for callback in tuple(self._on_change):
            callback(self._view)


def _still(view: FilesView) -> FilesView:
    """Return a view without what changes while bytes move."""
    files = (replace(file, moved=0) if file.state in OPEN_STATES else file for file in view.files)
    return replace(view, files=tuple(files))


def _read(path: Path, most: int) -> _Read:
    """Read a file that is to be sent; raises FileRefusedError."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError:
        raise FileRefusedError("unreadable") from None
    if not data:
        raise FileRefusedError("empty")
    if len(data) > most:
        raise FileRefusedError("too-large")
    hashed = base64.b64encode(hashlib.sha256(data).digest()).decode()
    return _Read(path.name.encode(errors="replace").decode()[-limits.MAX_FILE_NAME_CHARS :], data, hashed)
