"""Bytes to messages and back, with a defined error for everything that is not a valid message.

Frames are JSON text (RFC 8259) of at most ``limits.MAX_MESSAGE_BYTES``. The envelope's version and type are read
first, so that a newer peer gets ``unsupported_version`` and not a complaint about some field. Errors carry a code and
the frame's id, never a part of its content.
"""

from typing import TypeVar

import msgspec
from msgspec import UNSET

from carena_protocol import limits
from carena_protocol.errors import ErrorCode
from carena_protocol.messages import (
    CLIENT_TYPES,
    SERVER_TYPES,
    AnyClientMessage,
    AnyServerMessage,
    ClientMessage,
    Header,
    Relay,
    ServerMessage,
)
from carena_protocol.verbs import ChatRelay
from carena_protocol.version import PROTOCOL_VERSION

_AnyMessage = TypeVar("_AnyMessage")

_encoder = msgspec.json.Encoder()
_header = msgspec.json.Decoder(Header)
_client: msgspec.json.Decoder[AnyClientMessage] = msgspec.json.Decoder(AnyClientMessage)
_server: msgspec.json.Decoder[AnyServerMessage] = msgspec.json.Decoder(AnyServerMessage)


class ProtocolError(ValueError):
    """A frame that is no valid message.

    Attributes:
        code: what is wrong with it.
        re: the frame's id where that could be read, so that the error can be matched to a command; else "".
    """

    def __init__(self, code: ErrorCode, re: str = "") -> None:
        super().__init__(code.value)
        self.code = code
        self.re = re


def encode(message: ClientMessage | ServerMessage) -> bytes:
    """Return the JSON of a message, UTF-8."""
    return _encoder.encode(message)


def decode_client(data: str | bytes) -> AnyClientMessage:
    """Decode a frame from a client.

    Raises:
        ProtocolError: malformed, unsupported_version, unknown_type, invalid or too_large.
    """
    message = _decode(data, frozenset(CLIENT_TYPES), _client)
    if isinstance(message, Relay) and len(bytes(message.data)) > limits.MAX_SDP_BYTES + limits.MAX_CANDIDATE_BYTES:
        raise ProtocolError(ErrorCode.TOO_LARGE, message.id)
    if isinstance(message, ChatRelay) and len(bytes(message.data)) > limits.MAX_WAITING_CHAT_BYTES:
        raise ProtocolError(ErrorCode.TOO_LARGE, message.id)
    return message


def decode_server(data: str | bytes) -> AnyServerMessage:
    """Decode a frame from the server.

    Raises:
        ProtocolError: malformed, unsupported_version, unknown_type, invalid or too_large.
    """
    return _decode(data, frozenset(SERVER_TYPES), _server)


def _decode(data: str | bytes, types: frozenset[str], decoder: msgspec.json.Decoder[_AnyMessage]) -> _AnyMessage:
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(raw) > limits.MAX_MESSAGE_BYTES:
        raise ProtocolError(ErrorCode.TOO_LARGE)
    header = _decode_header(raw)
    re = header.id if header.id is not UNSET and _is_identifier(header.id) else ""
    if header.v != PROTOCOL_VERSION:
        raise ProtocolError(ErrorCode.UNSUPPORTED_VERSION, re)
    if header.type not in types:
        raise ProtocolError(ErrorCode.UNKNOWN_TYPE, re)
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError:
        raise ProtocolError(ErrorCode.INVALID, re) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ProtocolError(ErrorCode.MALFORMED, re) from None


def _decode_header(raw: bytes) -> Header:
    try:
        return _header.decode(raw)
    except msgspec.ValidationError:
        # JSON, but not an envelope: a missing or mistyped v, type or id.
        raise ProtocolError(ErrorCode.INVALID) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ProtocolError(ErrorCode.MALFORMED) from None


def _is_identifier(value: str) -> bool:
    return 0 < len(value) <= limits.MAX_ID_CHARS and all(c.isascii() and (c.isalnum() or c in "_-") for c in value)
