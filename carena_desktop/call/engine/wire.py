"""How commands and events cross from one process to the other: MessagePack of the ports' own types.

Not pickle: the media process parses what strangers send, and whoever takes it over must not be able to run code in the
process that holds the tokens. Anything but one of our messages is a ``WireError``, and the other side is given up.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias, cast, get_args

import msgspec

from carena_desktop.call.engine.device_rules import DeviceRules
from carena_desktop.call.ports import EngineCommand, EngineEvent

MAX_WIRE_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class HostReady:
    """The child is up and its engine has checked itself."""


@dataclass(frozen=True, slots=True)
class HostRefused:
    """The child's engine will not start; ``code`` says why."""

    code: str


@dataclass(frozen=True, slots=True)
class HostClose:
    """Close everything and end."""


@dataclass(frozen=True, slots=True)
class HostPermit:
    """What may be opened from now on."""

    rules: DeviceRules


ToChild: TypeAlias = EngineCommand | HostClose | HostPermit
ToParent: TypeAlias = EngineEvent | HostReady | HostRefused


class WireError(ValueError):
    """Bytes that are no message of ours."""


_KINDS: Final = {kind.__name__: kind for kind in (*get_args(ToChild), *get_args(ToParent))}
_TO_CHILD: Final = frozenset(kind.__name__ for kind in get_args(ToChild))
_encoder: Final = msgspec.msgpack.Encoder()
_envelope: Final = msgspec.msgpack.Decoder(tuple[str, msgspec.Raw])


def encode(message: ToChild | ToParent) -> bytes:
    """Return the bytes of a command or event."""
    return _encoder.encode((type(message).__name__, message))


def decode_command(data: bytes) -> ToChild:
    """Return the command in ``data``; raises WireError."""
    name, raw = _open(data)
    if name not in _TO_CHILD:
        raise WireError("not a command")
    return cast("ToChild", _decode(raw, _KINDS[name]))


def decode_event(data: bytes) -> ToParent:
    """Return the event in ``data``; raises WireError."""
    name, raw = _open(data)
    if name in _TO_CHILD or name not in _KINDS:
        raise WireError("not an event")
    return cast("ToParent", _decode(raw, _KINDS[name]))


def _open(data: bytes) -> tuple[str, msgspec.Raw]:
    try:
        return _envelope.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise WireError("not a message") from None


def _decode(raw: msgspec.Raw, kind: type) -> object:
    try:
        return msgspec.msgpack.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise WireError("not a valid message") from None
