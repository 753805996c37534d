"""The files of a visit as a machine: what was said and pressed in, what to say and move out. Sans-IO.

Symmetric: both parties send and receive. The portal's ``files/machine.js`` is its twin. Leg after leg comes and goes;
all that a new one needs is ``opened``. Every message is harmless when it is heard twice or late.

A file is sent piece by piece, one file at a time, each no further ahead than ``Pace`` allows. A piece counts only where
the file has got to: one that is missing is asked for (``accept`` with its start), one heard again is only confirmed.
"""

from dataclasses import dataclass, field
from typing import Final, TypeAlias, assert_never

from carena_desktop.call.files import name as file_name
from carena_desktop.call.files.model import OPEN_STATES, FileState, FileView, RequestState
from carena_desktop.call.files.pace import Pace
from carena_protocol import limits
from carena_protocol.files import (
    AnyFileMessage,
    CancelReason,
    DeclineReason,
    FileAccept,
    FileCancel,
    FileDecline,
    FileDone,
    FileGot,
    FileOffer,
    FileRules,
    PhotoRequest,
    Piece,
)

STALL_S: Final = 10.0
"""Without any progress for so long the file is offered anew: something was lost on the way."""
MOST_OPEN: Final = 20
MOST_ITEMS: Final = 200
MOST_RECEIVED_BYTES: Final = 5 * limits.MAX_FILE_BYTES


@dataclass(frozen=True, slots=True)
class Say:
    """Send a message."""

    message: AnyFileMessage


@dataclass(frozen=True, slots=True)
class SendPiece:
    """Read these bytes of our file and send them."""

    id: str
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Store:
    """Keep the next bytes of a file that is being received."""

    id: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Check:
    """The whole file is here: compare its hash and tell ``checked``."""

    id: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Drop:
    """Forget the bytes of a file."""

    id: str


FileEffect: TypeAlias = Say | SendPiece | Store | Check | Drop


@dataclass(slots=True)
class _File:
    offer: FileOffer
    mine: bool
    state: FileState = FileState.OFFERED
    moved: int = 0
    sent: int = 0
    flowing: bool = False
    """Ours: whether this leg's receiver has said where to go on."""
    asked: int = -1
    """Theirs: the missing piece that was asked for already."""
    checking: bool = False
    reason: str = ""


class TransferMachine:
    """Every method but ``view`` returns what is to be done, in order.

    Args:
        most: The largest file to take, bytes; 0 takes none.
    """

    def __init__(self, most: int = limits.MAX_FILE_BYTES) -> None:
        self._most = min(most, limits.MAX_FILE_BYTES)
        self._files: dict[str, _File] = {}
        self._requests: dict[str, tuple[bool, RequestState]] = {}
        self._pace = Pace()
        self._effects: list[FileEffect] = []
        self._now = 0.0
        self._progress_at = 0.0
        self._send_at: float | None = None
        self.open = False
        """Whether a leg carries files now."""
        self.peer_most: int | None = None
        """The largest file that the other party takes; None until it has said so."""

    # -- what is shown -------------------------------------------------------------------------------------------------

    @property
    def files(self) -> tuple[FileView, ...]:
        """Every file, in the order in which they appeared."""
        return tuple(_view(file) for file in self._files.values())

    @property
    def request(self) -> RequestState | None:
        """Of the last photo that this side asked for."""
        mine = [state for is_mine, state in self._requests.values() if is_mine]
        return mine[-1] if mine else None

    @property
    def asked(self) -> str:
        """The photo that the other party waits for, by its id; "" for none."""
        theirs = [key for key, (is_mine, state) in self._requests.items() if not is_mine and state is RequestState.OPEN]
        return theirs[-1] if theirs else ""

    @property
    def deadline(self) -> float | None:
        """When ``tick`` is due, monotonic seconds."""
        if not self.open or self._sending is None:
            return None
        stall = self._progress_at + STALL_S
        return stall if self._send_at is None else min(stall, self._send_at)

    # -- legs ----------------------------------------------------------------------------------------------------------

    def opened(self, now: float) -> list[FileEffect]:
        """A leg carries files from now on: say where everything of ours stands."""
        self._begin(now)
        self.open = True
        self._pace.restart()
        self._progress_at = now
        self._say(FileRules(most=self._most))
        for file in self._files.values():
            file.flowing = False
            file.asked = -1
            if file.mine:
                self._say_again(file)
            elif file.state is FileState.MOVING and not file.checking:
                self._say(FileAccept(id=file.offer.id, start=file.moved))
        for key, (mine, state) in self._requests.items():
            if mine and state is RequestState.OPEN:
                self._say(PhotoRequest(id=key))
            elif mine and state is RequestState.WITHDRAWN:
                self._say(FileCancel(id=key))
        return self._effects

    def closed(self) -> None:
        """Nothing carries files now."""
        self.open = False
        self._send_at = None

    def ended(self) -> list[FileEffect]:
        """The visit's call is over: what has not arrived will not."""
        self._begin(self._now)
        self.closed()
        for file in self._files.values():
            if file.state in OPEN_STATES:
                self._finish(file, FileState.FAILED, "ended")
        self._requests.clear()
        return self._effects

    # -- what the person does ------------------------------------------------------------------------------------------

    def offer(self, offer: FileOffer, now: float) -> list[FileEffect]:
        """Offer a file of ours; its id was drawn at random."""
        self._begin(now)
        self._files[offer.id] = _File(offer, mine=True)
        self._forget_old()
        self._say(offer)
        if offer.answers is not None and offer.answers in self._requests:
            self._requests[offer.answers] = (False, RequestState.ANSWERED)
        return self._effects

    def accept(self, file_id: str, now: float) -> list[FileEffect]:
        """Take an offered file."""
        self._begin(now)
        file = self._theirs(file_id)
        if file is not None and file.state is FileState.OFFERED:
            file.state = FileState.MOVING
            self._say(FileAccept(id=file_id, start=0))
        return self._effects

    def decline(self, file_id: str, now: float) -> list[FileEffect]:
        """Refuse an offered file, or to send the photo that was asked for."""
        self._begin(now)
        file = self._theirs(file_id)
        if file is not None and file.state is FileState.OFFERED:
            self._decline(file, "declined")
        elif self._requests.get(file_id) == (False, RequestState.OPEN):
            self._requests[file_id] = (False, RequestState.DECLINED)
            self._say(FileDecline(id=file_id))
        return self._effects

    def cancel(self, file_id: str, now: float, reason: CancelReason = "cancelled") -> list[FileEffect]:
        """Give a file up, or the request for a photo."""
        self._begin(now)
        file = self._files.get(file_id)
        if file is not None and file.state in OPEN_STATES:
            self._finish(file, FileState.CANCELLED if reason == "cancelled" else FileState.FAILED, reason)
            self._say(FileCancel(id=file_id, reason=reason))
        elif self._requests.get(file_id) == (True, RequestState.OPEN):
            self._requests[file_id] = (True, RequestState.WITHDRAWN)
            self._say(FileCancel(id=file_id))
        return self._pumped()

    def ask_photo(self, request_id: str, now: float) -> list[FileEffect]:
        """Ask for a photo; while one is asked for, nothing more happens."""
        self._begin(now)
        if self.request is not RequestState.OPEN:
            self._requests[request_id] = (True, RequestState.OPEN)
            while len(self._requests) > MOST_ITEMS:
                self._requests.pop(next(iter(self._requests)))
            self._say(PhotoRequest(id=request_id))
        return self._effects

    def withdraw_request(self, now: float) -> list[FileEffect]:
        """Ask for the photo no more."""
        asked = [key for key, value in self._requests.items() if value == (True, RequestState.OPEN)]
        return self.cancel(asked[-1], now) if asked else []

    # -- what comes back -----------------------------------------------------------------------------------------------

    def checked(self, file_id: str, now: float, *, good: bool) -> list[FileEffect]:
        """The hash of a file was compared."""
        self._begin(now)
        file = self._theirs(file_id)
        if file is not None and file.state is FileState.MOVING and file.checking:
            if good:
                file.state = FileState.DONE
                self._say(FileDone(id=file_id))
            else:
                self._give_up(file, "corrupt")
        return self._effects

    def tick(self, now: float) -> list[FileEffect]:
        """Go on sending; ask anew when nothing moves."""
        self._begin(now)
        file = self._sending
        if self.open and file is not None and now - self._progress_at >= STALL_S:
            self._progress_at = now
            file.flowing = False
            self._say(file.offer)
        return self._pumped()

    def received(self, said: AnyFileMessage | Piece, now: float) -> list[FileEffect]:
        """Take what the other party says."""
        self._begin(now)
        match said:
            case Piece():
                self._piece(said)
            case FileRules(most=most):
                self.peer_most = most
            case FileOffer():
                self._offered(said)
            case PhotoRequest(id=key):
                self._photo_wanted(key)
            case FileAccept() | FileGot() | FileDone():
                self._answered(said)
            case FileDecline() | FileCancel():
                self._refused(said)
            case _:
                assert_never(said)
        return self._pumped()

    # -- receiving -----------------------------------------------------------------------------------------------------

    def _offered(self, offer: FileOffer) -> None:
        known = self._files.get(offer.id)
        if known is not None:
            self._say_state(known, offer)
            return
        if len(self._files) >= MOST_ITEMS and not self._forget_old():
            return
        file = self._files[offer.id] = _File(offer, mine=False)
        reason = self._objection(offer)
        if reason is not None:
            self._decline(file, reason)
        elif offer.answers is not None and self._requests.get(offer.answers) == (True, RequestState.OPEN):
            self._requests[offer.answers] = (True, RequestState.ANSWERED)
            file.state = FileState.MOVING
            self._say(FileAccept(id=offer.id, start=0))

    def _objection(self, offer: FileOffer) -> DeclineReason | None:
        if self._most == 0:
            return "not-allowed"
        if offer.size > self._most:
            return "too-large"
        if file_name.is_refused(offer.name):
            return "kind"
        theirs = [file for file in self._files.values() if not file.mine and file.offer is not offer]
        waiting = sum(file.state is FileState.OFFERED for file in theirs)
        held = sum(file.offer.size for file in theirs if file.state in {FileState.MOVING, FileState.DONE})
        if waiting >= MOST_OPEN or held + offer.size > MOST_RECEIVED_BYTES:
            return "busy"
        return None

    def _say_state(self, file: _File, offer: FileOffer) -> None:
        """An offer is heard again, on a new leg say."""
        if file.mine or file.offer != offer:
            return
        match file.state:
            case FileState.OFFERED:
                pass
            case FileState.MOVING:
                if not file.checking:
                    self._say(FileAccept(id=offer.id, start=file.moved))
            case FileState.DONE:
                self._say(FileDone(id=offer.id))
            case FileState.DECLINED:
                self._say(FileDecline(id=offer.id, reason=_decline_reason(file.reason)))
            case FileState.CANCELLED | FileState.FAILED:
                self._say(FileCancel(id=offer.id, reason="cancelled" if file.reason != "corrupt" else "corrupt"))
            case _:
                assert_never(file.state)

    def _piece(self, piece: Piece) -> None:
        file = self._theirs(piece.id)
        if file is None or file.state is not FileState.MOVING or file.checking:
            return
        if piece.start > file.moved:
            if file.asked != file.moved:
                file.asked = file.moved
                self._say(FileAccept(id=piece.id, start=file.moved))
        elif piece.start < file.moved:
            self._say(FileGot(id=piece.id, end=file.moved))
        elif file.moved + len(piece.data) > file.offer.size:
            self._give_up(file, "corrupt")
        else:
            file.moved += len(piece.data)
            self._effects.append(Store(piece.id, piece.data))
            self._say(FileGot(id=piece.id, end=file.moved))
            if file.moved == file.offer.size:
                file.checking = True
                self._effects.append(Check(piece.id, file.offer.sha256))

    # -- sending -------------------------------------------------------------------------------------------------------

    @property
    def _sending(self) -> _File | None:
        """The file whose turn it is: the first that was accepted."""
        return next((file for file in self._files.values() if file.mine and file.state is FileState.MOVING), None)

    def _answered(self, said: FileAccept | FileGot | FileDone) -> None:
        file = self._files.get(said.id)
        if file is None or (file.mine and file.state in {FileState.CANCELLED, FileState.FAILED}):
            if isinstance(said, FileAccept):  # of a page before this one, or given up meanwhile
                self._say(FileCancel(id=said.id, reason="cancelled" if file is not None else "failed"))
            return
        if not file.mine or file.state not in OPEN_STATES:
            return
        match said:
            case FileAccept(start=start):
                if start < file.offer.size:
                    file.state = FileState.MOVING
                    file.flowing = True
                    file.moved = file.sent = start
                    self._pace.restart()
            case FileGot(end=end):
                if file.state is FileState.MOVING and file.moved < end <= file.offer.size:
                    file.moved = end
                    file.sent = max(file.sent, end)
                    self._pace.arrived(end, self._now)
            case FileDone():
                file.moved = file.offer.size
                self._finish(file, FileState.DONE, "")
            case _:
                assert_never(said)
        self._progress_at = self._now

    def _refused(self, said: FileDecline | FileCancel) -> None:
        file = self._files.get(said.id)
        if file is None:
            self._request_refused(said)
        elif file.state in OPEN_STATES and (file.mine or isinstance(said, FileCancel)):
            if isinstance(said, FileDecline):
                self._finish(file, FileState.DECLINED, said.reason)
            else:
                self._finish(
                    file, FileState.CANCELLED if said.reason == "cancelled" else FileState.FAILED, _theirs_of(said)
                )

    def _pumped(self) -> list[FileEffect]:
        """Send what may be sent now, and return everything that is to be done."""
        self._send_at = None
        file = self._sending
        while self.open and file is not None and file.flowing and file.sent < file.offer.size:
            size = min(limits.FILE_PIECE_BYTES, file.offer.size - file.sent)
            if not self._pace.room(file.sent - file.moved, size):
                break
            wait = self._pace.wait(size, self._now)
            if wait > 0:
                self._send_at = self._now + wait
                break
            self._effects.append(SendPiece(file.offer.id, file.sent, size))
            file.sent += size
            self._pace.sent(file.sent, size, self._now)
        return self._effects

    # -- photos --------------------------------------------------------------------------------------------------------

    def _photo_wanted(self, key: str) -> None:
        known = self._requests.get(key)
        if known is None and len(self._requests) < MOST_ITEMS:
            self._requests[key] = (False, RequestState.OPEN)
        elif known == (False, RequestState.DECLINED):
            self._say(FileDecline(id=key))

    def _request_refused(self, said: FileDecline | FileCancel) -> None:
        mine, state = self._requests.get(said.id, (False, None))
        if state is not RequestState.OPEN:
            return
        if mine and isinstance(said, FileDecline):
            self._requests[said.id] = (True, RequestState.DECLINED)
        elif not mine and isinstance(said, FileCancel):
            self._requests[said.id] = (False, RequestState.WITHDRAWN)

    # -- small things --------------------------------------------------------------------------------------------------

    def _begin(self, now: float) -> None:
        self._now = now
        self._effects = []

    def _say(self, message: AnyFileMessage) -> None:
        if self.open:
            self._effects.append(Say(message))

    def _say_again(self, file: _File) -> None:
        if file.state in OPEN_STATES:
            self._say(file.offer)
        elif file.state is FileState.CANCELLED and file.reason == "cancelled":
            self._say(FileCancel(id=file.offer.id))

    def _theirs(self, file_id: str) -> _File | None:
        file = self._files.get(file_id)
        return None if file is None or file.mine else file

    def _decline(self, file: _File, reason: DeclineReason) -> None:
        file.state, file.reason = FileState.DECLINED, reason
        self._say(FileDecline(id=file.offer.id, reason=reason))

    def _give_up(self, file: _File, reason: CancelReason) -> None:
        self._finish(file, FileState.FAILED, reason)
        self._say(FileCancel(id=file.offer.id, reason=reason))

    def _finish(self, file: _File, state: FileState, reason: str) -> None:
        file.state, file.reason, file.flowing = state, reason, False
        self._effects.append(Drop(file.offer.id))

    def _forget_old(self) -> bool:
        """Make room for another file; what is open or here stays."""
        settled = [key for key, file in self._files.items() if file.state not in {*OPEN_STATES, FileState.DONE}]
        if len(self._files) > MOST_ITEMS - 1 and settled:
            del self._files[settled[0]]
        return len(self._files) < MOST_ITEMS


def _view(file: _File) -> FileView:
    shown = file_name.clean(file.offer.name)
    return FileView(file.offer.id, shown, file.offer.size, file.mine, file.state, file.moved, file.reason)


def _theirs_of(said: FileCancel) -> str:
    return "by-peer" if said.reason == "cancelled" else said.reason


def _decline_reason(reason: str) -> DeclineReason:
    match reason:
        case "not-allowed" | "too-large" | "kind" | "busy":
            return reason
        case _:
            return "declined"
