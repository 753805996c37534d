"""The call service with a fake engine and a fake relay: who is told what, what ends when."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable

import pytest

from carena_desktop.call.model import Allowed, CallFigures, CallSnapshot, CallState, CameraLamp, EndReason, Path
from carena_desktop.call.mute import DeviceChoice
from carena_desktop.call.ports import CloseLeg, FiguresMeasured, OpenLeg, SetCapture, Stream
from carena_desktop.call.service import CallService
from carena_protocol import limits
from carena_protocol.errors import ErrorCode
from carena_protocol.peer import Answer, Chat, ChatReceived, Goodbye, Offer, Ready, Sealed
from tests.fakes.engine import FakeEngine
from tests.fakes.guard import HELLO, FakeGuard
from tests.fakes.page_chain import PageChain
from tests.fakes.session import FakeSignaling
from tests.unit.call.playbook import LONG


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop turn until ``condition`` holds."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - several sources; a poll is the simplest of them
            await asyncio.sleep(0.005)


@pytest.fixture
def engine() -> FakeEngine:
    """An engine that answers by itself."""
    return FakeEngine()


@pytest.fixture
def relay() -> FakeSignaling:
    """A relay whose patient is driven by the test."""
    return FakeSignaling()


@pytest.fixture
async def call(engine: FakeEngine) -> AsyncIterator[CallService]:
    """The service."""
    service = CallService(engine, DeviceChoice("cam", "mic"), guard=FakeGuard)
    yield service
    await service.aclose()


async def begin(call: CallService, relay: FakeSignaling) -> None:
    """As far as active."""
    await call.start("v1", relay)
    relay.peer(present=True)
    call.allow(Allowed.CAMERA_AND_MICROPHONE)
    relay.receive(Ready(instance="p1"))
    await until(lambda: bool(relay.sent))
    offer = relay.sent[-1]
    assert isinstance(offer, Offer)
    relay.receive(Answer(leg=offer.leg, sdp="a", hello=HELLO))
    await until(lambda: call.snapshot.state is CallState.ACTIVE)


async def test_a_call_becomes_active(call: CallService, engine: FakeEngine, relay: FakeSignaling) -> None:
    """Start, answer, offer, answer: the snapshots tell each step once, and the devices chosen are opened."""
    seen: list[CallSnapshot] = []
    call.on_change(seen.append)
    await begin(call, relay)
    states = [snapshot.state for snapshot in seen]
    assert list(dict.fromkeys(states)) == [
        CallState.ASKING,
        CallState.WAITING_FOR_PEER,
        CallState.CONNECTING,
        CallState.ACTIVE,
    ]
    await until(lambda: call.snapshot.camera is CameraLamp.LIVE)
    wishes = [command for command in engine.commands if isinstance(command, SetCapture)]
    assert (wishes[-1].camera_device, wishes[-1].microphone_device) == ("cam", "mic")
    assert all(a != b for a, b in itertools.pairwise(seen))


async def test_a_prepared_engine_is_not_started_twice(
    call: CallService, engine: FakeEngine, relay: FakeSignaling
) -> None:
    """Warmed up before the visit, the engine is used as it is."""
    await call.prepare()
    await begin(call, relay)
    assert engine.starts == 1


async def test_frames_are_announced_past_the_machine(call: CallService, engine: FakeEngine) -> None:
    """A picture's arrival reaches the window's callback, which takes it from the slot."""
    streams: list[Stream] = []
    unsubscribe = call.on_frame(streams.append)
    engine.picture(Stream.REMOTE)
    assert streams == [Stream.REMOTE]
    picture = call.frames(Stream.REMOTE).take()
    assert picture is not None
    assert (picture.width, picture.height) == (4, 4)
    unsubscribe()
    engine.picture(Stream.REMOTE)
    assert len(streams) == 1


async def test_chat_has_limits(call: CallService, engine: FakeEngine, relay: FakeSignaling) -> None:
    """Empty and oversize lines are refused; a proper one gets a random id of its own."""
    await begin(call, relay)
    for text in ("", "  \n", "x" * (limits.MAX_CHAT_CHARS + 1)):
        with pytest.raises(ValueError, match="characters"):
            call.send_chat(text)
    call.send_chat("one")
    call.send_chat("one")
    first, second = (message for message in engine.said() if isinstance(message, Chat))
    assert first.id != second.id
    engine.control(1, ChatReceived(id=first.id))
    assert [line.delivery for line in call.snapshot.chat] == ["delivered", "sending"]


async def test_a_refusing_service_is_asked_again(call: CallService, relay: FakeSignaling) -> None:
    """A relay that refuses the offer costs a retry, not the call."""
    await call.start("v1", relay)
    relay.peer(present=True)
    call.allow(Allowed.NOTHING)
    relay.refusal = ErrorCode.INTERNAL
    relay.receive(Ready(instance="p1"))
    await until(lambda: relay.refused == 1)
    relay.refusal = None
    await until(lambda: bool(relay.sent))
    assert call.snapshot.leg == 2


async def test_an_engine_that_can_not_start_ends_the_call(
    call: CallService, engine: FakeEngine, relay: FakeSignaling
) -> None:
    """Four failed starts: ended with the engine as the reason."""
    engine.start_error = "internals"
    await call.start("v1", relay)
    await until(lambda: call.snapshot.state is CallState.ENDED)
    assert call.snapshot.end_reason is EndReason.ENGINE_LOST
    assert engine.starts == 4


async def test_a_crash_is_survived(call: CallService, engine: FakeEngine, relay: FakeSignaling) -> None:
    """The engine dies in a call: it is started again, told what to capture, and a new leg is offered."""
    await begin(call, relay)
    engine.crash()
    assert call.snapshot.state is CallState.RECONNECTING
    await until(lambda: isinstance(relay.sent[-1], Sealed))  # the leg before vouches for it, though its engine is gone
    page = PageChain()
    page.safe(1)
    offer = page.read(relay.sent[-1])
    assert isinstance(offer, Offer)
    assert offer.leg == 2
    assert engine.starts == 2
    assert any(isinstance(command, SetCapture) and command.camera for command in engine.commands)


async def test_ending_stops_the_engine_and_warms_another(
    call: CallService, engine: FakeEngine, relay: FakeSignaling
) -> None:
    """After ``end`` the old engine is gone; a new one is made, and the next visit begins from nothing."""
    await begin(call, relay)
    call.send_chat("private")
    await call.end()
    assert Goodbye() in engine.said()
    assert call.snapshot.state is CallState.ENDED
    assert call.snapshot.camera is CameraLamp.OFF
    await until(lambda: engine.starts == 2 and engine.running)
    await call.start("v2", FakeSignaling())
    assert (call.snapshot.visit, call.snapshot.state, call.snapshot.chat) == ("v2", CallState.ASKING, ())
    assert call.snapshot.intent.allowed is Allowed.NOTHING


async def test_starting_again_ends_what_is_on(call: CallService, relay: FakeSignaling) -> None:
    """A second visit while one is on: the first is said goodbye to and its engine stopped before the question."""
    await begin(call, relay)
    states: list[tuple[str, CallState]] = []
    call.on_change(lambda snapshot: states.append((snapshot.visit, snapshot.state)))
    await call.start("v2", FakeSignaling())
    assert ("v1", CallState.ENDED) in states
    assert states[-1] == ("v2", CallState.ASKING)
    relay.receive(Ready(instance="late"))
    assert call.snapshot.peer_present is False


async def test_closing_ends_everything(engine: FakeEngine, relay: FakeSignaling) -> None:
    """``aclose`` says goodbye, closes the engine for good, and may be repeated; nothing runs on."""
    service = CallService(engine, guard=FakeGuard)
    await begin(service, relay)
    before = asyncio.all_tasks()
    await service.aclose()
    await service.aclose()
    assert engine.closed
    assert Goodbye() in engine.said()
    assert {task for task in asyncio.all_tasks() if task not in before and not task.done()} == set()
    relay.receive(Ready(instance="p9"))
    service.allow(Allowed.NOTHING)
    assert service.snapshot.state is CallState.ENDED


async def test_a_rule_that_forbids_direct_paths_is_followed_in_mid_call_make_before_break(
    engine: FakeEngine, relay: FakeSignaling
) -> None:
    """The next leg is made at once by the relay alone, and the direct one carries the call until it has taken over."""
    forbidden: list[bool] = []
    call = CallService(
        engine, DeviceChoice("cam", "mic"), guard=FakeGuard, relay_only=lambda: bool(forbidden), periods=lambda: LONG
    )
    try:
        await begin(call, relay)
        engine.emit(FiguresMeasured(CallFigures(remote_fps=30, path=Path.DIRECT)))
        await asyncio.sleep(0)
        assert [command.leg for command in engine.history if isinstance(command, OpenLeg)] == [1]
        forbidden.append(True)
        relay.relay_only = True
        engine.emit(FiguresMeasured(CallFigures(remote_fps=30, path=Path.DIRECT)))
        await until(lambda: len([command for command in engine.history if isinstance(command, OpenLeg)]) == 2)
        [_, second] = [command for command in engine.history if isinstance(command, OpenLeg)]
        assert second.relay_only
        assert CloseLeg(1) not in engine.history
        assert call.snapshot.state is CallState.ACTIVE
    finally:
        await call.aclose()
