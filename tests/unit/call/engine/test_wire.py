"""What crosses between the processes: every command and event there and back, and nothing else."""

import pickle

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.call.engine import wire
from carena_desktop.call.files.channel import FilesOpened, FilesReceived, SendFileRecord
from carena_desktop.call.model import CallFigures, CameraLamp, MicrophoneLamp, Path
from carena_desktop.call.path_events import KeysTaken, LegPlays, NetworkChanged, PathHeard, PathQuiet, PathSilent
from carena_desktop.call.ports import (
    AddCandidate,
    ApplyAnswer,
    CaptureChanged,
    CloseLeg,
    ControlOpened,
    ControlReceived,
    DeviceName,
    DevicesListed,
    EngineCommand,
    EngineEvent,
    EngineFailed,
    FiguresMeasured,
    FrameReady,
    InstallKeys,
    LegChanged,
    LegState,
    LevelMeasured,
    ListDevices,
    ListShareable,
    OfferMade,
    OpenLeg,
    PlayTestSound,
    SendControl,
    SetCapture,
    Shareable,
    ShareableListed,
    Stream,
)
from carena_protocol.messages import IceServer

SERVER = IceServer(urls=["turn:relay.test:3478"], username="1:visit", credential="secret")
COMMANDS: list[EngineCommand] = [
    OpenLeg(3, (SERVER, IceServer(urls=["stun:relay.test"])), relay_only=True),
    ApplyAnswer(3, "v=0"),
    AddCandidate(3, "candidate:1", "0", 0),
    AddCandidate(3, ""),
    CloseLeg(3),
    InstallKeys(3, "send", 7, b"a" * 16, b"v" * 16, b"s" * 16),
    SetCapture(camera=True, microphone=True, muted=False, camera_device="generator"),
    SendControl(3, b"\x00\xff"),
    SendFileRecord(3, b"\x00\xff"),
    ListDevices(),
    PlayTestSound("speaker"),
    ListShareable(),
]
EVENTS: list[EngineEvent] = [
    OfferMade(3, "v=0"),
    LegChanged(3, LegState.CONNECTED),
    ControlOpened(3),
    ControlReceived(3, b"{}"),
    LegPlays(3, "video"),
    KeysTaken(3, 7),
    PathQuiet(3, 0.25),
    PathHeard(3),
    PathSilent(3),
    NetworkChanged(),
    FilesOpened(3),
    FilesReceived(3, b"\x00"),
    CaptureChanged(CameraLamp.LIVE, MicrophoneLamp.MUTED, None, "busy", "no_device"),
    FrameReady(Stream.SELF),
    FiguresMeasured(CallFigures(remote_fps=29.5, round_trip_ms=12.0, path=Path.RELAYED, first_remote_frame_at_ms=1)),
    DevicesListed(cameras=(DeviceName("id", "Camera"),)),
    ShareableListed((Shareable("screen:1", "Screen 1", is_screen=True),)),
    LevelMeasured(0.5),
    EngineFailed("engine_lost"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda value: type(value).__name__)
def test_commands_cross(command: EngineCommand) -> None:
    """Each command arrives as it was sent."""
    assert wire.decode_command(wire.encode(command)) == command


@pytest.mark.parametrize("event", EVENTS, ids=lambda value: type(value).__name__)
def test_events_cross(event: EngineEvent) -> None:
    """Each event arrives as it was sent."""
    assert wire.decode_event(wire.encode(event)) == event


def test_the_lists_above_are_complete() -> None:
    """Every kind of command and event is tried, so that a new one can't be forgotten."""
    from typing import get_args  # noqa: PLC0415 - only here

    assert {type(command) for command in COMMANDS} == set(get_args(EngineCommand))
    assert {type(event) for event in EVENTS} == set(get_args(EngineEvent))


@pytest.mark.parametrize("value", [*COMMANDS, *EVENTS], ids=lambda value: type(value).__name__)
def test_commands_and_events_can_be_pickled(value: EngineCommand | EngineEvent) -> None:
    """The port promises picklable values, whatever host is chosen."""
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own bytes


@pytest.mark.parametrize("value", [*COMMANDS, *EVENTS], ids=lambda value: type(value).__name__)
def test_what_is_secret_is_not_printed(value: EngineCommand | EngineEvent) -> None:
    """SDP, candidates, credentials and chat never stand in a repr."""
    printed = repr(value)
    for secret in ("v=0", "candidate:1", "secret", "\\xff", "{}"):
        assert secret not in printed


@pytest.mark.parametrize("event", EVENTS, ids=lambda value: type(value).__name__)
def test_an_event_is_no_command(event: EngineEvent) -> None:
    """A media process that was taken over can't send itself or us the other direction's messages."""
    with pytest.raises(wire.WireError):
        wire.decode_command(wire.encode(event))


@given(st.binary(max_size=200))
def test_garbage_is_refused(data: bytes) -> None:
    """Any bytes give WireError or a message, never another exception."""
    for decode in (wire.decode_command, wire.decode_event):
        try:
            decode(data)
        except wire.WireError:
            continue


@pytest.mark.parametrize(
    "body",
    [
        ("OfferMade", {"leg": "x", "sdp": 3}),
        ("OfferMade", {}),
        ("os.system", {"command": "true"}),
        ("EngineFailed", None),
        ("LegChanged", {"leg": 1, "state": "?"}),
    ],
)
def test_wrong_fields_are_refused(body: tuple[str, object]) -> None:
    """Types are checked on arrival."""
    with pytest.raises(wire.WireError):
        wire.decode_event(msgspec.msgpack.encode(body))
