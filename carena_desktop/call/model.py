"""What a visit looks like at one moment: immutable values that the call service publishes.

idle --start--> asking --answered--> waiting_for_peer --ready--> connecting --media--> active
active <--> reconnecting (heartbeats missed, leg replaced)
any --end, goodbye, failure--> ended
"""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from carena_protocol.e2ee.key_schedule import LinkUse


class CallState(StrEnum):
    """Where the visit's call stands; the drawing is the module's docstring."""

    IDLE = "idle"
    ASKING = "asking"
    """The person is asked which devices this visit may use; none is open."""
    WAITING_FOR_PEER = "waiting_for_peer"
    CONNECTING = "connecting"
    ACTIVE = "active"
    RECONNECTING = "reconnecting"
    ENDED = "ended"


class EndReason(StrEnum):
    """Why a call ended."""

    LOCAL = "local"
    REMOTE = "remote"
    FAILED = "failed"
    ENGINE_LOST = "engine_lost"
    UNSAFE = "unsafe"
    """The key agreement failed, or the safety codes differed: somebody may stand in between."""


class Allowed(StrEnum):
    """The answer to the question before any device opens, per visit."""

    CAMERA_AND_MICROPHONE = "camera_and_microphone"
    MICROPHONE_ONLY = "microphone_only"
    NOTHING = "nothing"


class CameraLamp(StrEnum):
    """What the capture of the camera really does. Unknown is shown as live."""

    LIVE = "live"
    OFF = "off"


class MicrophoneLamp(StrEnum):
    """What the capture of the microphone really does; muted means open but nothing leaves."""

    LIVE = "live"
    MUTED = "muted"
    OFF = "off"


class Path(StrEnum):
    """How the packets travel."""

    UNKNOWN = "unknown"
    DIRECT = "direct"
    RELAYED = "relayed"


class Delivery(StrEnum):
    """What became of a chat line."""

    SENDING = "sending"
    DELIVERED = "delivered"
    RECEIVED = "received"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ChatLine:
    """One line of chat; kept in memory for the visit only."""

    id: str
    text: str = field(repr=False)
    at_ms: int
    mine: bool
    delivery: Delivery


class Verification(StrEnum):
    """Whether the two have made sure that nobody stands in between."""

    NONE = "none"
    """No keys are agreed on yet."""
    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    CHANGED = "changed"
    """The patient's device key is another one than earlier in this visit."""


@dataclass(frozen=True, slots=True)
class SecurityView:
    """What is true of the keys of the leg in use."""

    verification: Verification = Verification.NONE
    pictures: tuple[str, ...] = field(default=(), repr=False)
    """The safety code's four pictures."""
    names: tuple[str, ...] = field(default=(), repr=False)
    digits: str = field(default="", repr=False)
    epoch: int = 0
    """How often the keys were renewed, 0 while there are none."""
    verified_at_ms: int | None = None
    renews_at_ms: int | None = None
    """When the keys are renewed next, ms since the epoch."""
    is_post_quantum: bool = False
    """Whether ML-KEM-768 took part in the agreement."""
    link: LinkUse = LinkUse.ABSENT
    """What became of the visit link's secret."""
    link_lost: bool = False
    """The link's secret was part of the keys earlier in this visit, and is not now."""
    device: str = field(default="", repr=False)
    """A short name of the other party's device key, for whoever has to compare two."""


@dataclass(frozen=True, slots=True)
class CallFigures:
    """Measured from frames and packets of the last second or so, never from states."""

    remote_fps: float = 0.0
    remote_width: int = 0
    remote_height: int = 0
    remote_audio_frames_per_s: float = 0.0
    sent_fps: float = 0.0
    round_trip_ms: float | None = None
    remote_frames: int = 0
    """Remote video frames decoded in this visit."""
    first_remote_frame_at_ms: int | None = None
    """Monotonic-to-wall-clock time of the first decoded remote frame, ms since the epoch."""
    path: Path = Path.UNKNOWN
    srtp_profile: str = ""
    dtls_version: str = ""
    dtls_cipher: str = ""
    relay: str = ""
    """Address of the relay that we send through; "" without one, also when it is the other party's."""
    relay_transport: str = ""
    """How we reach it: udp, tcp or tls."""
    sent_width: int = 0
    sent_height: int = 0
    sent_kbps: float = 0.0
    """Video only."""
    sent_loss: float = 0.0
    """Fraction of our video packets that did not arrive at first."""
    path_kbps: float | None = None
    """What the path carries from us, None without feedback."""
    received_kbps: float = 0.0
    """Video only."""
    received_loss: float = 0.0
    """Fraction of the other party's video packets that did not arrive at first."""
    encode_ms: float = 0.0
    is_cpu_limited: bool = False
    """Whether this computer is too busy for a larger picture."""
    unopened: int = 0
    """Frames that came and could not be opened; not one of them was shown."""
    screen_fps: float = 0.0
    """Of the other party's shared screen; the figures above are of its camera, rates and losses of both."""
    screen_width: int = 0
    screen_height: int = 0
    sent_screen_fps: float = 0.0
    """Of ours."""
    sent_screen_width: int = 0
    sent_screen_height: int = 0


class Level(IntEnum):
    """From what nobody notices to what nobody can talk through; comparable."""

    UNKNOWN = 0
    GOOD = 1
    FAIR = 2
    POOR = 3


class Cause(StrEnum):
    """Where the trouble is."""

    NONE = "none"
    OUR_UPLINK = "our_uplink"
    BUSY_COMPUTER = "busy_computer"
    THEIR_LINK = "their_link"
    RELAY = "relay"
    DISTANCE = "distance"


@dataclass(frozen=True, slots=True)
class Reading:
    """One judgement."""

    level: Level = Level.UNKNOWN
    cause: Cause = Cause.NONE


@dataclass(frozen=True, slots=True)
class MediaIntent:
    """Desired, allowed and actual are three things: this is desired and allowed; the lamps are actual."""

    allowed: Allowed = Allowed.NOTHING
    camera_wanted: bool = True
    microphone_wanted: bool = True
    shared: str = ""
    """The id of the screen or window that the other party shall see, beside the camera's picture."""


@dataclass(frozen=True, slots=True)
class CallSnapshot:
    """Everything a page needs to know about the visit."""

    state: CallState = CallState.IDLE
    visit: str = ""
    leg: int = 0
    intent: MediaIntent = MediaIntent()
    camera: CameraLamp = CameraLamp.OFF
    microphone: MicrophoneLamp = MicrophoneLamp.OFF
    camera_problem: str | None = None
    """A code from the engine ("no_device", "busy", "denied", "forbidden", "failed"), or None."""
    microphone_problem: str | None = None
    speaker_problem: str | None = None
    sharing: bool = False
    """Whether a screen or window is really being captured."""
    share_problem: str | None = None
    talking_while_muted: bool = False
    """The person speaks, and nobody hears it."""
    peer_present: bool = False
    peer_camera: bool = False
    peer_microphone: bool = False
    peer_screen: bool = False
    """Whether the other party shares a screen and its pictures come."""
    may_share: bool = True
    """Whether the other party's page can show a shared screen; yes until it is known."""
    chat: tuple[ChatLine, ...] = ()
    figures: CallFigures = CallFigures()
    quality: Reading = Reading()
    """How good the call is and why; steadier than the figures."""
    security: SecurityView = SecurityView()
    is_securing: bool = False
    """Whether nothing can be sealed or opened at the moment, which is being put right."""
    playing_leg: int = 0
    """The leg whose picture is shown, 0 before the first."""
    has_spare: bool = False
    """Whether a connection through the relay stands ready beside a direct one."""
    next_leg_at_ms: int | None = None
    """When the connection is replaced next, ms since the epoch; None while there is none."""
    started_at_ms: int | None = None
    """Wall-clock time of the first media, ms since the epoch; the timer counts from it."""
    end_reason: EndReason | None = None
