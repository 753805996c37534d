"""The chat of a patient who waits: what its two ends say inside ``chat.relay``. The server reads none of it.

    desktop (C)                                   patient (P)
      open   chat, commit          ------------>
                                   <------------  hello  chat, hello_P
      reveal chat, hello_C         ------------>          checks the commitment
                                   <------------  proof  chat, confirmation P
      proof  chat, confirmation C  ------------>
      sealed chat, n, c            <----------->
      lost   chat                  <------------  the page was loaded anew: the desktop opens again
      close  chat                  ------------>

The agreement is that of a visit's leg (``e2ee.agreement``), signed by the same device keys; there is no DTLS
connection to bind to, so the constant ``MARK`` stands for both fingerprints. Every opening has keys of its own.
"""

import base64
import binascii
from typing import Annotated, Final, TypeAlias

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Meta

from carena_protocol import limits
from carena_protocol.e2ee.agreement import AgreementError
from carena_protocol.e2ee.primitives import b64, expand
from carena_protocol.e2ee.sframe import Direction
from carena_protocol.envelope import EpochMilliseconds, Identifier, Unprintable, Version
from carena_protocol.errors import ErrorCode
from carena_protocol.peer import Key32, KeyHello, PeerMessageError

MARK: Final = "waiting"
KEY_BYTES: Final = 16
MAX_LINE_CHARS: Final = 2000


class ChatMessage(Unprintable, frozen=True, kw_only=True, tag_field="t", forbid_unknown_fields=True):
    """What goes through the relay; ``chat`` is random for each opening."""

    chat: Identifier


class Open(ChatMessage, frozen=True, kw_only=True, tag="open"):
    """The desktop opens a chat, or opens it anew."""

    commit: Key32


class HelloBack(ChatMessage, frozen=True, kw_only=True, tag="hello"):
    """The patient's part of the agreement."""

    hello: KeyHello


class RevealBack(ChatMessage, frozen=True, kw_only=True, tag="reveal"):
    """The desktop's part."""

    hello: KeyHello


class Proof(ChatMessage, frozen=True, kw_only=True, tag="proof"):
    """That the sender agreed on the same."""

    mac: Key32


class Sealed(ChatMessage, frozen=True, kw_only=True, tag="sealed"):
    """``c``: AES-128-GCM in base64 of a ``Content``; ``n`` counts from 1 in each direction."""

    n: Version
    c: Annotated[str, Meta(min_length=24, max_length=limits.MAX_WAITING_CHAT_BYTES)]


class Lost(ChatMessage, frozen=True, kw_only=True, tag="lost"):
    """The patient's page knows no such chat."""


class Close(ChatMessage, frozen=True, kw_only=True, tag="close"):
    """The member of staff ends the chat."""


AnyChatMessage: TypeAlias = Open | HelloBack | RevealBack | Proof | Sealed | Lost | Close


class Content(Unprintable, frozen=True, kw_only=True, tag_field="t", forbid_unknown_fields=True):
    """What is sealed."""

    id: Identifier


class Line(Content, frozen=True, kw_only=True, tag="line"):
    """One line; ``id`` makes delivery idempotent."""

    text: Annotated[str, Meta(min_length=1, max_length=MAX_LINE_CHARS)]
    sent_at: EpochMilliseconds


class Received(Content, frozen=True, kw_only=True, tag="received"):
    """The line reached the other screen."""


_messages: msgspec.json.Decoder[AnyChatMessage] = msgspec.json.Decoder(AnyChatMessage)
_contents: msgspec.json.Decoder[Line | Received] = msgspec.json.Decoder(Line | Received)
_encoder = msgspec.json.Encoder()


def encode(message: AnyChatMessage) -> bytes:
    """Return the JSON of a message."""
    return _encoder.encode(message)


def decode(data: bytes) -> AnyChatMessage:
    """Decode what was relayed; raise PeerMessageError for anything else than a valid message."""
    if len(data) > limits.MAX_WAITING_CHAT_BYTES:
        raise PeerMessageError(ErrorCode.TOO_LARGE)
    try:
        return _messages.decode(data)
    except msgspec.ValidationError:
        raise PeerMessageError(ErrorCode.INVALID) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise PeerMessageError(ErrorCode.MALFORMED) from None


def call_of(visit: str, chat: str) -> str:
    """Return what the agreement and every sealed line are bound to."""
    return f"{visit}/waiting/{chat}"


class ChatCipher:
    """Seals our lines and opens the other side's; each number is used once and taken once.

    Args:
        root: What the agreement gave, 32 bytes.
        call: What the keys belong to (``call_of``).
        sends: Our direction.
    """

    def __init__(self, root: bytes, call: str, sends: Direction) -> None:
        self._call = call
        self._sends: Direction = sends
        self._takes: Direction = "P>C" if sends == "C>P" else "C>P"
        self._out = AESGCM(expand(root, f"carena/waiting/{self._sends}", KEY_BYTES))
        self._in = AESGCM(expand(root, f"carena/waiting/{self._takes}", KEY_BYTES))
        self._sent = self._taken = 0

    def seal(self, content: Line | Received) -> tuple[int, str]:
        """Return the number and the ciphertext of a content."""
        self._sent += 1
        n = self._sent
        return n, b64(self._out.encrypt(_nonce(n), _encoder.encode(content), self._context(self._sends, n)))

    def open(self, sealed: Sealed) -> Line | Received:
        """Return what was sealed; raise AgreementError for what was touched, comes late, or is no content."""
        if sealed.n <= self._taken:
            raise AgreementError("not the next")
        try:
            data = _bytes(sealed.c)
            plain = self._in.decrypt(_nonce(sealed.n), data, self._context(self._takes, sealed.n))
        except InvalidTag:
            raise AgreementError("sealed line") from None
        self._taken = sealed.n
        try:
            return _contents.decode(plain)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise AgreementError("no content") from None

    def _context(self, direction: Direction, n: int) -> bytes:
        return f"{self._call}|{direction}|{n}".encode()


def _nonce(n: int) -> bytes:
    return n.to_bytes(12, "big")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise AgreementError("not base64") from None
