"""What the two parties of a visit say to each other: signals through the relay, control over the data channel.

The server hands signals on unread (``Relay.data``); control messages never touch it. The desktop always offers, so
there is no glare. A leg is one peer connection; its number grows with every new one, and a message about another leg
than the current one is stale and dropped.

    patient                          desktop
      | ready(instance)  ------------> |        the page is loaded and has its devices (or none)
      | <------------ offer(leg, sdp)  |
      | answer(leg, sdp) ------------> |
      | <---- candidate(leg) --------> |
      | ========= data channel "carena": control messages =========

A reload of the page sends ``ready`` with a new instance; the desktop answers with the next leg.

The sections of an offer are sound, the camera's picture, a shared screen's picture (for a page that said ``screens``)
and data. All are there from the first offer: starting and stopping a share changes what is sent, never what was
agreed on.
"""

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from carena_protocol import limits
from carena_protocol.errors import ErrorCode
from carena_protocol.messages import Count, EpochMilliseconds, Identifier, Unprintable, Version

DATA_CHANNEL_LABEL = "carena"

Sdp: TypeAlias = Annotated[str, Meta(min_length=1, max_length=limits.MAX_SDP_BYTES)]


class Signal(Unprintable, frozen=True, kw_only=True, tag_field="t", forbid_unknown_fields=True):
    """A message through the relay."""


Key32: TypeAlias = Annotated[str, Meta(min_length=44, max_length=44)]
"""32 bytes in base64."""


class KeyHello(Unprintable, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A party's part of the key agreement (``e2ee.agreement``): JSON as it was signed, and the signature in base64.

    The desktop answers what it learned from the patient's hello in two fields more; the confirmations cover them.
    """

    h: Annotated[str, Meta(min_length=1, max_length=4096)]
    s: Annotated[str, Meta(min_length=88, max_length=88)]
    ct: Annotated[str, Meta(min_length=1452, max_length=1452)] | None = None
    """ML-KEM-768's ciphertext in base64, when both can (``e2ee.post_quantum``)."""
    link: bool = False
    """Whether the visit link's secret is part of the keys (``e2ee.link_secret``)."""


class Ready(Signal, frozen=True, kw_only=True, tag="ready", omit_defaults=True):
    """The patient's page can take an offer. ``instance`` is random per page load."""

    instance: Identifier
    screens: bool = False
    """Whether it takes offers with a second video section, for a shared screen. An older desktop refuses the member:
    a page that gets no offer says ready without it every second time."""


class Offer(Signal, frozen=True, kw_only=True, tag="offer"):
    """SDP offer of a leg, for the page instance that said ready."""

    leg: Version
    instance: Identifier
    sdp: Sdp
    commit: Key32
    """To the desktop's hello, which comes in ``Reveal``."""


class Answer(Signal, frozen=True, kw_only=True, tag="answer"):
    """SDP answer to the offer of the same leg."""

    leg: Version
    sdp: Sdp
    hello: KeyHello


class Reveal(Signal, frozen=True, kw_only=True, tag="reveal"):
    """The desktop's hello, after the patient's: neither could choose knowing the other's."""

    leg: Version
    hello: KeyHello


class Unsafe(Signal, frozen=True, kw_only=True, tag="unsafe"):
    """The key agreement of a leg failed: this side has stopped, and goes on with nothing."""

    leg: Version


class Candidate(Signal, frozen=True, kw_only=True, tag="candidate"):
    """One trickled ICE candidate (RFC 8838); an empty ``candidate`` means no more will follow."""

    leg: Version
    candidate: Annotated[str, Meta(max_length=limits.MAX_CANDIDATE_BYTES)]
    mid: Annotated[str, Meta(max_length=32)] | None = None
    line: Annotated[int, Meta(ge=0, le=64)] | None = None


class LegFailed(Signal, frozen=True, kw_only=True, tag="leg-failed"):
    """This side gave up on a leg; the desktop makes the next one."""

    leg: Version


SealedBody: TypeAlias = Annotated[str, Meta(min_length=1, max_length=limits.MAX_SDP_BYTES + 8192)]


class Sealed(Signal, frozen=True, kw_only=True, tag="sealed"):
    """A signal under the secrets of an earlier leg (``e2ee.chain``): whoever relays it can lose it, not change it."""

    leg: Version
    """Whose secrets."""
    n: Version
    """Counts per direction; each is taken once."""
    body: SealedBody
    """JSON of the signal."""
    mac: Key32


AnySignal: TypeAlias = Ready | Offer | Answer | Reveal | Unsafe | Candidate | LegFailed | Sealed


class Control(Unprintable, frozen=True, kw_only=True, tag_field="t", forbid_unknown_fields=True):
    """A message over the data channel."""


class Chat(Control, frozen=True, kw_only=True, tag="chat"):
    """One line of chat; ``id`` is random and makes delivery idempotent."""

    id: Identifier
    text: Annotated[str, Meta(min_length=1, max_length=limits.MAX_CHAT_CHARS)]
    sent_at: EpochMilliseconds


class ChatReceived(Control, frozen=True, kw_only=True, tag="chat-received"):
    """The line reached the other party's screen."""

    id: Identifier


class Heartbeat(Control, frozen=True, kw_only=True, tag="heartbeat"):
    """Once a second; three missed in a row mean the path is dead."""

    n: Count


class HeartbeatSeen(Control, frozen=True, kw_only=True, tag="heartbeat-seen"):
    """Echo of a heartbeat, for the round-trip time."""

    n: Count


class MediaState(Control, frozen=True, kw_only=True, tag="media-state", omit_defaults=True):
    """What this side sends now, so that the other can say "camera off" instead of showing a frozen picture."""

    camera: bool
    """Whether the camera's picture is sent."""
    microphone: Literal["live", "muted", "off"]
    sharing: bool = False
    """Whether a screen or window is sent beside it, in the second video section."""


class Goodbye(Control, frozen=True, kw_only=True, tag="goodbye"):
    """This side ends the visit on purpose."""


class Confirm(Control, frozen=True, kw_only=True, tag="confirm"):
    """The first message of a leg, both ways: proof of the same agreement. Nothing else counts before it."""

    mac: Key32


class Rekey(Control, frozen=True, kw_only=True, tag="rekey"):
    """The desktop begins epoch ``n`` (``e2ee.renewal``)."""

    n: Version
    x: Key32


class RekeyAck(Control, frozen=True, kw_only=True, tag="rekey-ack"):
    """The patient's part of it, with its keys wrapped."""

    n: Version
    x: Key32
    k: Annotated[str, Meta(min_length=80, max_length=80)]


class RekeyFin(Control, frozen=True, kw_only=True, tag="rekey-fin"):
    """The desktop's keys, wrapped."""

    n: Version
    k: Annotated[str, Meta(min_length=80, max_length=80)]


class RekeyDone(Control, frozen=True, kw_only=True, tag="rekey-done"):
    """The patient has them: ``h`` is a hash of both sides' keys."""

    n: Version
    h: Key32


class SealedOver(Control, frozen=True, kw_only=True, tag="sealed"):
    """A signal about the next leg over the data channel of this one; the same as ``Sealed``."""

    leg: Version
    n: Version
    body: SealedBody
    mac: Key32


class LegShown(Control, frozen=True, kw_only=True, tag="leg-shown"):
    """The patient's page shows and plays this leg now: the one before has done its work."""

    leg: Version


class LegOver(Control, frozen=True, kw_only=True, tag="leg-over"):
    """The desktop closes a leg that another one replaced."""

    leg: Version


class RenewWanted(Control, frozen=True, kw_only=True, tag="renew-wanted"):
    """Something changed at the patient's (another device, say): new keys, please. The desktop sets the pace."""


class Standing(Control, frozen=True, kw_only=True, tag="standing", omit_defaults=True):
    """How the visit's keys stand as the desktop sees it, for the patient's eyes; said anew with every change.

    A page made before this message ignores it. From a page it means nothing.
    """

    held: bool = False
    """The patient's device is another one than it was: but for picture and sound all waits for the comparison."""
    verified_at: EpochMilliseconds | None = None
    """When the two codes were compared and matched."""
    keys_in: Count | None = None
    """Milliseconds from now until the keys are renewed: the two clocks may differ."""
    leg_in: Count | None = None
    """The same of the connection."""


AnyControl: TypeAlias = (
    Chat
    | ChatReceived
    | Heartbeat
    | HeartbeatSeen
    | MediaState
    | Goodbye
    | Confirm
    | Rekey
    | RekeyAck
    | RekeyFin
    | RekeyDone
    | SealedOver
    | LegShown
    | LegOver
    | RenewWanted
    | Standing
)

_signal_decoder: msgspec.json.Decoder[AnySignal] = msgspec.json.Decoder(AnySignal)
_control_decoder: msgspec.json.Decoder[AnyControl] = msgspec.json.Decoder(AnyControl)
_encoder = msgspec.json.Encoder()


class PeerMessageError(ValueError):
    """A peer's message is not one of ours; ``code`` says why. Its text is never kept."""

    def __init__(self, code: ErrorCode) -> None:
        super().__init__(code.value)
        self.code = code


def encode(message: AnySignal | AnyControl) -> bytes:
    """Return the JSON of a signal or control message."""
    return _encoder.encode(message)


def decode_signal(data: bytes) -> AnySignal:
    """Decode a relayed payload; raise PeerMessageError on anything else than a valid signal."""
    if len(data) > limits.MAX_MESSAGE_BYTES:
        raise PeerMessageError(ErrorCode.TOO_LARGE)
    try:
        return _signal_decoder.decode(data)
    except msgspec.ValidationError:
        raise PeerMessageError(ErrorCode.INVALID) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise PeerMessageError(ErrorCode.MALFORMED) from None


def decode_control(data: bytes) -> AnyControl:
    """Decode a data channel message; raise PeerMessageError on anything else than a valid control message."""
    if len(data) > limits.MAX_CONTROL_BYTES:
        raise PeerMessageError(ErrorCode.TOO_LARGE)
    try:
        return _control_decoder.decode(data)
    except msgspec.ValidationError:
        raise PeerMessageError(ErrorCode.INVALID) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise PeerMessageError(ErrorCode.MALFORMED) from None
