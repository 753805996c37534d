"""What a call needs from the world: the media engine, the relay to the other party, and the port the UI sees.

Every command and event of the engine is a frozen, picklable value, so that the engine may run inline (tests), in a
thread or in a process: that choice is one line in ``carena_desktop.app``. Frames never travel here: a ``FrameSlot`` in
shared memory holds the newest picture of each stream, and at most one ``FrameReady`` per stream is pending.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal, Protocol, TypeAlias

from carena_desktop.call.chat import ChatShelf
from carena_desktop.call.files.channel import FilesOpened, FilesReceived, SendFileRecord
from carena_desktop.call.files.port import FilesPort
from carena_desktop.call.model import (
    Allowed,
    CallFigures,
    CallSnapshot,
    CameraLamp,
    MicrophoneLamp,
)
from carena_desktop.call.path_events import KeysTaken, LegPlays, PathEvent
from carena_desktop.call.signaling import SignalingChannel
from carena_protocol.messages import IceServer

Unsubscribe = Callable[[], None]

SCREEN_PREFIX: Final = "screen:"
"""Of the id of a shareable screen, before its name; windows have other ids."""

PORTAL: Final = "portal"
"""Id of whatever the system lets the person choose by its own question; it has no name that we could know."""


class Stream(StrEnum):
    """The pictures of a visit that the window shows."""

    REMOTE = "remote"
    REMOTE_SCREEN = "remote_screen"
    """The screen that the other party shares, beside its camera's picture."""
    SELF = "self"


class LegState(StrEnum):
    """aiortc's connection states as ours."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    FAILED = "failed"
    CLOSED = "closed"


# -- commands, UI process to engine -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tunnel:
    """A relay over TLS that is reached through an HTTP proxy; ``authorization`` is for the proxy, "" for none."""

    host: str
    port: int
    proxy_host: str
    proxy_port: int
    authorization: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OpenLeg:
    """Make a peer connection and an offer for it; answered by ``OfferMade``."""

    leg: int
    ice_servers: tuple[IceServer, ...] = field(repr=False)
    relay_only: bool = False
    srtp_profiles: tuple[str, ...] | None = None
    """Those that are allowed (the policy ``SrtpProfiles``), None for all."""
    tunnels: tuple[Tunnel, ...] = field(default=(), repr=False)
    screen: bool = True
    """Whether the other party's page knows the section of a shared screen."""


@dataclass(frozen=True, slots=True)
class ApplyAnswer:
    """The other party's answer."""

    leg: int
    sdp: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AddCandidate:
    """The other party's trickled candidate; empty means no more."""

    leg: int
    candidate: str = field(repr=False)
    mid: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class CloseLeg:
    """Close one peer connection."""

    leg: int


@dataclass(frozen=True, slots=True)
class InstallKeys:
    """Keys of one epoch of a leg, 16 bytes each; without any a leg sends nothing and plays nothing."""

    leg: int
    use: Literal["send", "receive"]
    epoch: int
    audio: bytes = field(repr=False)
    video: bytes = field(repr=False)
    screen: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SetCapture:
    """Which devices shall be open now, and whether the open microphone is muted.

    Camera off closes the device. ``camera_device`` and ``microphone_device`` are ids from the device list, or "" for
    the default; "generator" is the moving test picture and tone, "file:PATH" a picture or sound file. A device that
    is gone is never replaced by another, not even the default: that takes a new ``SetCapture``. ``shared`` is the id of
    a screen or window whose picture is sent beside the camera's, "" for none.
    """

    camera: bool
    microphone: bool
    muted: bool
    camera_device: str = ""
    microphone_device: str = ""
    speaker_device: str = ""
    shared: str = ""


@dataclass(frozen=True, slots=True)
class PlayTestSound:
    """Let a speaker sound for a moment; "" is the default one."""

    speaker_device: str = ""


@dataclass(frozen=True, slots=True)
class SendControl:
    """Text for the data channel of a leg."""

    leg: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ListDevices:
    """Say what is plugged in; answered by ``DevicesListed``, now and whenever it changes. Opens nothing."""


@dataclass(frozen=True, slots=True)
class ListShareable:
    """Say which screens and windows there are now; answered once by ``ShareableListed``. Captures nothing."""


EngineCommand: TypeAlias = (
    OpenLeg
    | ApplyAnswer
    | AddCandidate
    | CloseLeg
    | InstallKeys
    | SetCapture
    | PlayTestSound
    | SendControl
    | SendFileRecord
    | ListDevices
    | ListShareable
)


# -- events, engine to UI process -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfferMade:
    """The offer of a leg, candidates inside (aiortc does not trickle out)."""

    leg: int
    sdp: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LegChanged:
    """A leg's connection state changed."""

    leg: int
    state: LegState


@dataclass(frozen=True, slots=True)
class ControlOpened:
    """The data channel of a leg is open."""

    leg: int


@dataclass(frozen=True, slots=True)
class ControlReceived:
    """Bytes from the data channel of a leg."""

    leg: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CaptureChanged:
    """What the devices really do, derived from bytes and open handles, not from buttons."""

    camera: CameraLamp
    microphone: MicrophoneLamp
    camera_problem: str | None = None
    microphone_problem: str | None = None
    speaker_problem: str | None = None
    sharing: bool = False
    """Whether a screen or window is being captured."""
    share_problem: str | None = None


@dataclass(frozen=True, slots=True)
class DeviceName:
    """A device: the id for ``SetCapture``, and what a person calls it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class DevicesListed:
    """What is plugged in now."""

    cameras: tuple[DeviceName, ...] = ()
    microphones: tuple[DeviceName, ...] = ()
    speakers: tuple[DeviceName, ...] = ()


@dataclass(frozen=True, slots=True)
class Shareable:
    """A screen or window: the id for ``SetCapture.shared``, and its name, which for a window is its title."""

    id: str
    name: str = field(repr=False)
    is_screen: bool


@dataclass(frozen=True, slots=True)
class ShareableListed:
    """What could be shared a moment ago; empty where the system does not let us."""

    found: tuple[Shareable, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceChoice:
    """Ids of the devices to use, "" for the default; see ``SetCapture``."""

    camera: str = ""
    microphone: str = ""
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class DevicesView:
    """What a page that lets the person choose devices needs to know."""

    listed: DevicesListed | None = None
    """None until the engine has said it."""
    choice: DeviceChoice = DeviceChoice()
    level: float = 0.0
    """See ``LevelMeasured``; 0 while no microphone is open."""
    shareable: tuple[Shareable, ...] | None = None
    """None until the engine has answered ``list_shareable``."""


@dataclass(frozen=True, slots=True)
class LevelMeasured:
    """How loud the open microphone is, 0 (silence) to 1 (full scale), on a scale of 60 dB; ten times a second."""

    level: float


@dataclass(frozen=True, slots=True)
class FrameReady:
    """A new picture is in the slot of ``stream``; no further event until the slot has been read."""

    stream: Stream


@dataclass(frozen=True, slots=True)
class FiguresMeasured:
    """About once a second."""

    figures: CallFigures


@dataclass(frozen=True, slots=True)
class EngineFailed:
    """The engine, or one leg of it (``leg`` > 0), can't go on; ``code`` is for the log and the UI's choice of words."""

    code: str
    leg: int = 0


EngineEvent: TypeAlias = (
    OfferMade
    | LegChanged
    | ControlOpened
    | ControlReceived
    | FilesOpened
    | FilesReceived
    | LegPlays
    | KeysTaken
    | PathEvent
    | CaptureChanged
    | FrameReady
    | FiguresMeasured
    | DevicesListed
    | ShareableListed
    | LevelMeasured
    | EngineFailed
)


class MediaEngine(Protocol):
    """The engine behind whatever host runs it. Methods are called, and events delivered, on the event loop's thread."""

    async def start(self) -> None:
        """Start the host, ending one that runs, and wait until the engine answers; raises EngineStartError."""
        ...

    def send(self, command: EngineCommand) -> None:
        """Hand over a command; never blocks."""
        ...

    def on_event(self, callback: Callable[[EngineEvent], None]) -> Unsubscribe:
        """Call ``callback`` with every event; return the function that stops it."""
        ...

    def frames(self, stream: Stream) -> "FrameReader":
        """Return the reader of a stream's slot."""
        ...

    async def stop(self) -> None:
        """Close every device and connection and end the host, by force after a grace time; it may be started again."""
        ...

    async def aclose(self) -> None:
        """Stop, and give back what outlives a host; the readers' pictures are void."""
        ...


@dataclass(frozen=True, slots=True)
class Picture:
    """One frame: ``data`` is BGRA (Qt's RGB32), ``stride`` bytes a row; valid until the next ``take``."""

    number: int
    width: int
    height: int
    stride: int
    data: memoryview = field(repr=False)


class FrameReader(Protocol):
    """The reading end of a newest-wins slot."""

    def take(self) -> Picture | None:
        """Return the newest picture not yet taken, or None."""
        ...

    def request_size(self, width: int, height: int) -> None:
        """Say how many device pixels are shown, so that the engine scales before it copies."""
        ...


class EngineStartError(RuntimeError):
    """The engine's host did not come up, or aiortc's internals are not the expected ones."""


# -- what the UI sees --------------------------------------------------------------------------------------------------


class DevicesPort(Protocol):
    """What the UI may ask of the devices, within a visit and without one."""

    @property
    def view(self) -> DevicesView:
        """What is plugged in, what is chosen, how loud the microphone is."""
        ...

    def on_change(self, callback: Callable[[DevicesView], None]) -> Unsubscribe:
        """Call ``callback`` with every new view."""
        ...

    def list(self) -> None:
        """Ask what is plugged in; from then on every change is told."""
        ...

    def list_shareable(self) -> None:
        """Ask which screens and windows there are now."""
        ...

    def choose(self, choice: DeviceChoice) -> None:
        """Use these devices from now on, also in a running visit, without a new connection."""
        ...

    def check(self, *, camera: bool, microphone: bool) -> None:
        """Open devices for the person's own eyes, or close them; during a visit it does nothing."""
        ...

    def play_test_sound(self) -> None:
        """Let the chosen speaker sound for a moment."""
        ...


class CallPort(Protocol):
    """The call as the UI uses it. Every method is called on the event loop's thread."""

    chats: ChatShelf
    """What was said in visits whose call is over and that may go on; whoever knows which may has to say so."""

    async def prepare(self) -> None:
        """Start the engine before it is needed: making it takes a second or two. Optional, never raises."""
        ...

    @property
    def snapshot(self) -> CallSnapshot:
        """The current snapshot."""
        ...

    def on_change(self, callback: Callable[[CallSnapshot], None]) -> Unsubscribe:
        """Call ``callback`` with every new snapshot."""
        ...

    def on_frame(self, callback: Callable[[Stream], None]) -> Unsubscribe:
        """Call ``callback`` when a stream has a new picture."""
        ...

    def frames(self, stream: Stream) -> FrameReader:
        """Return the reader of a stream's slot."""
        ...

    async def start(self, visit: str, channel: SignalingChannel) -> None:
        """Begin the call of an admitted visit in state ``asking``; no device opens before ``allow``."""
        ...

    def allow(self, allowed: Allowed) -> None:
        """The person's answer for this visit."""
        ...

    def set_camera(self, *, wanted: bool) -> None:
        """Start or stop the camera, within what is allowed."""
        ...

    def set_microphone(self, *, wanted: bool) -> None:
        """Unmute or mute, within what is allowed."""
        ...

    def share(self, source: str) -> None:
        """Send the picture of this screen or window beside the camera's; "" ends it."""
        ...

    def network_changed(self) -> None:
        """The system says that the network is another one, or is back: the connection is looked after at once."""
        ...

    def verify(self, *, same: bool) -> None:
        """The two compared their safety codes: they were the same, or the call is stopped."""
        ...

    async def secure_link(self, url: str) -> str:
        """Return a visit link with a secret behind the server's part that the server never sees."""
        ...

    def send_chat(self, text: str) -> None:
        """Send a line of chat; raises ValueError when empty or longer than ``limits.MAX_CHAT_CHARS``."""
        ...

    @property
    def devices(self) -> DevicesPort:
        """Which devices there are, and the choice among them."""
        ...

    @property
    def files(self) -> FilesPort:
        """What is sent and received besides picture, sound and words."""
        ...

    async def end(self) -> None:
        """Say goodbye, close the legs and every device."""
        ...

    async def aclose(self) -> None:
        """End the call and the engine."""
        ...
