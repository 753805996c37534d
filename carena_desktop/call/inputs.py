"""What the call machine is told and what it asks for, besides the engine's own commands and events.

Events in the past tense, effects in the imperative; all are values, so that a test can write a whole call down.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from carena_desktop.call.model import Allowed
from carena_desktop.call.ports import DeviceChoice, EngineCommand, EngineEvent
from carena_protocol.files import FileKey
from carena_protocol.messages import IceServer
from carena_protocol.peer import AnySignal


@dataclass(frozen=True, slots=True)
class Moment:
    """When an event happened: seconds on a clock that never goes back, and milliseconds since the epoch."""

    monotonic: float
    wall_ms: int


# -- events -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Started:
    """A visit was admitted; the person is asked about devices."""

    visit: str


@dataclass(frozen=True, slots=True)
class PersonAllowed:
    """The answer to that question, or a later change of it."""

    allowed: Allowed


@dataclass(frozen=True, slots=True)
class CameraWanted:
    """The camera button."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class MicrophoneWanted:
    """The mute button."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class ShareWanted:
    """The person chose a screen or window for the other party to see beside the camera, by its id; "" ends it."""

    source: str


@dataclass(frozen=True, slots=True)
class CodesCompared:
    """The person compared the safety codes with the other party."""

    same: bool


@dataclass(frozen=True, slots=True)
class DevicesChosen:
    """The person chose other devices."""

    choice: DeviceChoice


@dataclass(frozen=True, slots=True)
class ChatWritten:
    """The person sent a line; ``id`` was drawn at random."""

    id: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PersonEnded:
    """The person ended the visit."""


@dataclass(frozen=True, slots=True)
class SignalArrived:
    """The other party's signal came through the relay."""

    signal: AnySignal


@dataclass(frozen=True, slots=True)
class PeerPresenceChanged:
    """The service says whether the other party is connected to it."""

    present: bool


@dataclass(frozen=True, slots=True)
class IceServersArrived:
    """The answer to ``FetchIceServers``."""

    attempt: int
    servers: tuple[IceServer, ...] = field(repr=False)
    relay_only: bool = False
    ttl_s: float | None = None
    """How long the relay's credentials live; None when it has none."""


@dataclass(frozen=True, slots=True)
class SignalingFailed:
    """The service, or the other party at it, could not be reached for attempt ``attempt``."""

    attempt: int


@dataclass(frozen=True, slots=True)
class EngineStarted:
    """The engine is there and has nothing open."""


@dataclass(frozen=True, slots=True)
class EngineStopped:
    """The engine could not be started, or crashed."""


@dataclass(frozen=True, slots=True)
class DirectForbidden:
    """The call goes directly, and the rules of the clinic allow the relay only from now on."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """The machine's ``deadline`` has come."""


PersonEvent: TypeAlias = (
    PersonAllowed
    | CameraWanted
    | MicrophoneWanted
    | ShareWanted
    | CodesCompared
    | DevicesChosen
    | ChatWritten
    | PersonEnded
)
WorldEvent: TypeAlias = (
    Started
    | SignalArrived
    | PeerPresenceChanged
    | IceServersArrived
    | SignalingFailed
    | EngineStarted
    | EngineStopped
    | DirectForbidden
    | Ticked
    | EngineEvent
)
CallEvent: TypeAlias = PersonEvent | WorldEvent


# -- effects ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Command:
    """Send a command to the engine."""

    command: EngineCommand


@dataclass(frozen=True, slots=True)
class FetchIceServers:
    """Ask the service for fresh ICE servers; answered by ``IceServersArrived`` or ``SignalingFailed``."""

    attempt: int


@dataclass(frozen=True, slots=True)
class SendSignal:
    """Hand a signal to the relay, in order; a refusal is ``SignalingFailed``."""

    attempt: int
    signal: AnySignal


@dataclass(frozen=True, slots=True)
class StartEngine:
    """Start the engine anew; answered by ``EngineStarted`` or ``EngineStopped``."""


@dataclass(frozen=True, slots=True)
class InstallFileKey:
    """A key for the files channel of a leg; it never goes to the engine."""

    key: FileKey


@dataclass(frozen=True, slots=True)
class HoldFiles:
    """No file passes until the codes are compared, or files pass again."""

    held: bool


@dataclass(frozen=True, slots=True)
class ProbeSignaling:
    """The call has lost its path: find out whether the service is reachable, and come back to it at once if not."""

    is_stale: bool = False
    """The network changed: the connection to the service is made anew without asking."""


CallEffect: TypeAlias = (
    Command | FetchIceServers | SendSignal | StartEngine | InstallFileKey | HoldFiles | ProbeSignaling
)
