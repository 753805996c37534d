"""How files pass between the two parties of a visit: messages and pieces, each sealed, over their own data channel.

    sender                              receiver
      | offer(id, name, size, sha256) --> |    asks its person, or asked for it
      | <------------ accept(id, start)   |    where to begin: 0, or what it has already
      | piece(id, start, data) ---------> |
      | <------------ got(id, end)        |    each piece; the sender is never far ahead
      | <------------ done(id)            |    all there, and the hash is that of the offer

Any message may be lost with its leg. On the next leg the sender offers again what is not finished, the receiver says
where it stands, and everything is safe to hear twice. ``photo`` asks for a picture; an offer may answer it.

A record is ``epoch (4 bytes) | number (8 bytes) | AES-128-GCM``. Its keys come from the root of each epoch
(``e2ee.renewal``), one for each direction, so they are as short-lived as those of the frames; number is the nonce and
only grows. The service and a relay see neither names nor bytes, and neither does the process that runs the connection.
"""

from dataclasses import dataclass, field
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Meta

from carena_protocol import limits
from carena_protocol.errors import ErrorCode
from carena_protocol.messages import Count, Unprintable, Version
from carena_protocol.peer import Key32, PeerMessageError

FILES_CHANNEL_LABEL: Final = "carena-files"
KEY_BYTES: Final = 16
_HEADER: Final = 12
_TAG: Final = 16
_KEPT_EPOCHS: Final = 3
"""A record may have waited behind others while its keys were renewed: a minute at least."""
_MESSAGE, _PIECE = b"\x01", b"\x02"

FileId: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
Direction: TypeAlias = Literal["C>P", "P>C"]
CancelReason: TypeAlias = Literal["cancelled", "corrupt", "failed"]
DeclineReason: TypeAlias = Literal["declined", "not-allowed", "too-large", "kind", "busy"]


class FileMessage(
    Unprintable, frozen=True, kw_only=True, tag_field="t", forbid_unknown_fields=True, omit_defaults=True
):
    """A message about files."""


class FileRules(FileMessage, frozen=True, kw_only=True, tag="rules"):
    """The first message of a leg, both ways: the largest file that this side takes, in bytes; 0 is none at all."""

    most: Count


class FileOffer(FileMessage, frozen=True, kw_only=True, tag="offer"):
    """A file. ``answers`` is the request for a photo that it answers."""

    id: FileId
    name: Annotated[str, Meta(min_length=1, max_length=limits.MAX_FILE_NAME_CHARS)]
    size: Version
    sha256: Key32
    answers: FileId | None = None


class FileAccept(FileMessage, frozen=True, kw_only=True, tag="accept"):
    """Send from ``start`` on; said again when a piece is missing."""

    id: FileId
    start: Count


class FileDecline(FileMessage, frozen=True, kw_only=True, tag="decline"):
    """An offered file, or a photo that was asked for, will not be taken or sent."""

    id: FileId
    reason: DeclineReason = "declined"


class FileGot(FileMessage, frozen=True, kw_only=True, tag="got"):
    """Everything before ``end`` has arrived."""

    id: FileId
    end: Count


class FileDone(FileMessage, frozen=True, kw_only=True, tag="done"):
    """The whole file has arrived and is what was offered."""

    id: FileId


class FileCancel(FileMessage, frozen=True, kw_only=True, tag="cancel"):
    """Either side gives the file, or the request for a photo, up."""

    id: FileId
    reason: CancelReason = "cancelled"


class PhotoRequest(FileMessage, frozen=True, kw_only=True, tag="photo"):
    """Please send a photo."""

    id: FileId


AnyFileMessage: TypeAlias = (
    FileRules | FileOffer | FileAccept | FileDecline | FileGot | FileDone | FileCancel | PhotoRequest
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of a file from ``start`` on."""

    id: str
    start: int
    data: bytes = field(repr=False)


_decoder: msgspec.json.Decoder[AnyFileMessage] = msgspec.json.Decoder(AnyFileMessage)
_encoder = msgspec.json.Encoder()


def encode(said: AnyFileMessage | Piece) -> bytes:
    """Return the plain bytes of a record."""
    if isinstance(said, Piece):
        return b"".join((_PIECE, bytes.fromhex(said.id), said.start.to_bytes(8, "big"), said.data))
    return _MESSAGE + _encoder.encode(said)


def decode(plain: bytes) -> AnyFileMessage | Piece:
    """Read the plain bytes of a record; raise PeerMessageError on anything that is not one of ours."""
    if plain[:1] == _PIECE:
        data = plain[25:]
        if not data or len(data) > limits.FILE_PIECE_BYTES:
            raise PeerMessageError(ErrorCode.INVALID)
        return Piece(plain[1:17].hex(), int.from_bytes(plain[17:25], "big"), data)
    if plain[:1] != _MESSAGE:
        raise PeerMessageError(ErrorCode.UNKNOWN_TYPE)
    try:
        return _decoder.decode(plain[1:])
    except msgspec.ValidationError:
        raise PeerMessageError(ErrorCode.INVALID) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise PeerMessageError(ErrorCode.MALFORMED) from None


@dataclass(frozen=True, slots=True)
class FileKey:
    """The key of one direction in one epoch of a leg."""

    leg: int
    use: Literal["send", "receive"]
    epoch: int
    key: bytes = field(repr=False)


class FileSeal:
    """Seals one side's records on one leg.

    Args:
        direction: Of what is sent.
    """

    def __init__(self, direction: Direction) -> None:
        self._direction = direction
        self._box: AESGCM | None = None
        self._epoch = 0
        self._number = 0

    @property
    def is_ready(self) -> bool:
        """Whether there is a key."""
        return self._box is not None

    def install(self, epoch: int, key: bytes) -> None:
        """Seal with this key from now on; an older epoch's is ignored."""
        if epoch > self._epoch:
            self._box, self._epoch, self._number = AESGCM(key), epoch, 0

    def seal(self, plain: bytes) -> bytes:
        """Return the record; raises PeerMessageError without a key."""
        if self._box is None:
            raise PeerMessageError(ErrorCode.WRONG_STATE)
        self._number += 1
        header = self._epoch.to_bytes(4, "big") + self._number.to_bytes(8, "big")
        return header + self._box.encrypt(header, plain, _context(self._direction))


class FileOpener:
    """Opens the other side's records on one leg.

    Args:
        direction: Of what is received.
    """

    def __init__(self, direction: Direction) -> None:
        self._direction = direction
        self._boxes: dict[int, AESGCM] = {}
        self._newest = (0, 0)

    def install(self, epoch: int, key: bytes) -> None:
        """Open with this key as well; the oldest one is forgotten."""
        self._boxes[epoch] = AESGCM(key)
        for old in sorted(self._boxes)[:-_KEPT_EPOCHS]:
            del self._boxes[old]

    def open(self, record: bytes) -> bytes:
        """Return what was sealed; raises PeerMessageError for what is forged, replayed or of another direction."""
        if not _HEADER + _TAG < len(record) <= limits.MAX_FILE_RECORD_BYTES:
            raise PeerMessageError(ErrorCode.TOO_LARGE)
        header = record[:_HEADER]
        place = (int.from_bytes(header[:4], "big"), int.from_bytes(header[4:], "big"))
        box = self._boxes.get(place[0])
        if box is None or place <= self._newest:
            raise PeerMessageError(ErrorCode.OUT_OF_ORDER)
        try:
            plain = box.decrypt(header, record[_HEADER:], _context(self._direction))
        except InvalidTag:
            raise PeerMessageError(ErrorCode.MALFORMED) from None
        self._newest = place
        return plain


def _context(direction: Direction) -> bytes:
    return b"carena/files/v1" + direction.encode()
