"""The network goes and comes back: the desktop says so, loses nothing, and does nothing twice."""

import asyncio

import pytest

from carena_desktop.session.model import LocalProblem, SessionProblem, SessionState
from carena_desktop.session.ports import CommandRefusedError
from carena_desktop.session.timing import Timing
from carena_protocol import peer
from carena_protocol.errors import CloseCode, ErrorCode
from carena_protocol.messages import Drain, Presence, VisitState
from carena_protocol.peer import AnySignal, Ready
from tests.fakes.transport import FakeService
from tests.scenarios.conftest import Desktop


async def test_nothing_is_lost_while_away(desktop: Desktop, backend: FakeService) -> None:
    """Patients who arrive and leave during an outage are right afterwards, and the state was said honestly."""
    first = backend.arrive("First")
    await desktop.sign_in()
    backend.unreachable = True
    backend.drop()
    gone = await desktop.until(lambda s: s.state is SessionState.RECONNECTING and s.retry_in_s is not None)
    assert gone.problem == SessionProblem(LocalProblem.SERVER_UNREACHABLE)
    assert [entry.visit for entry in gone.waiting_room.entries] == [first]
    backend.leave(first)
    second = backend.arrive("Second")
    backend.unreachable = False
    await desktop.back_online()
    await desktop.until(lambda s: [entry.visit for entry in s.waiting_room.entries] == [second])
    assert desktop.snapshot.problem is None
    assert desktop.snapshot.retry_in_s is None


async def test_a_resumed_stream_has_every_signal_once(desktop: Desktop, backend: FakeService) -> None:
    """Signals sent into a dead connection arrive after the resume, once and in order."""
    visit = backend.arrive("Test Patient")
    await desktop.sign_in()
    await desktop.service.admit(visit)
    heard: list[AnySignal] = []
    last = asyncio.Event()

    def listen(signal: AnySignal) -> None:
        heard.append(signal)
        if signal == Ready(instance="page-9"):
            last.set()

    desktop.service.signaling(visit).on_signal(listen)
    for number in range(5):
        backend.patient_says(visit, f"m{number}", peer.encode(Ready(instance=f"page-{number}")))
    for connection in backend.connections:
        connection.blackhole = True
    for number in range(5, 10):
        backend.patient_says(visit, f"m{number}", peer.encode(Ready(instance=f"page-{number}")))
    backend.drop()
    await desktop.back_online()
    async with asyncio.timeout(2):
        await last.wait()
    assert heard == [Ready(instance=f"page-{number}") for number in range(10)]


async def test_an_admit_whose_answer_was_lost_counts_once(desktop: Desktop, backend: FakeService) -> None:
    """The command is sent again after the resume with the same id and gets the first answer."""
    visit = backend.arrive("Test Patient")
    await desktop.sign_in()
    backend.lose_next_reply = True
    admitting = asyncio.get_running_loop().create_task(desktop.service.admit(visit))
    await desktop.back_online()
    await admitting
    assert backend.queue[visit].version == 2


async def test_an_admit_across_a_server_restart_counts_once(desktop: Desktop, backend: FakeService) -> None:
    """A new process without our stream still knows the command's id from its database."""
    visit = backend.arrive("Test Patient")
    await desktop.sign_in()
    backend.lose_next_reply = True
    admitting = asyncio.get_running_loop().create_task(desktop.service.admit(visit))
    await desktop.until(lambda s: s.state is SessionState.RECONNECTING)
    backend.restart()
    await desktop.back_online()
    await admitting
    assert backend.queue[visit].version == 2
    await desktop.until(lambda s: s.waiting_room.entries[0].state is VisitState.IN_VISIT)


async def test_a_server_without_an_answer_gives_a_refusal(backend: FakeService) -> None:
    """A command is given up after its limit with "busy", and is not carried out later behind the person's back."""
    desktop = Desktop(backend, timing=Timing(tick_s=0.002, command_limit_s=0.05))
    visit = backend.arrive("Test Patient")
    await desktop.sign_in()
    backend.unreachable = True
    backend.drop()
    await desktop.until(lambda s: s.state is SessionState.RECONNECTING)
    with pytest.raises(CommandRefusedError) as caught:
        await desktop.service.admit(visit)
    assert caught.value.code is ErrorCode.BUSY
    backend.unreachable = False
    await desktop.back_online()
    assert backend.queue[visit].state is VisitState.ARRIVED
    await desktop.service.aclose()


async def test_silence_is_noticed(desktop: Desktop, backend: FakeService) -> None:
    """A server that stops talking is asked after 20 s and given up 10 s later."""
    await desktop.sign_in()
    for connection in backend.connections:
        connection.blackhole = True
    await desktop.pass_time(19)
    assert desktop.snapshot.state is SessionState.ONLINE
    await desktop.pass_time(12)
    await desktop.back_online()
    assert SessionState.RECONNECTING in desktop.states


async def test_a_talking_server_is_left_alone(desktop: Desktop, backend: FakeService) -> None:
    """Pings that are answered keep the session up for minutes."""
    await desktop.sign_in()
    await desktop.pass_time(100, step_s=4)
    assert desktop.snapshot.state is SessionState.ONLINE
    assert backend.close_codes == []


async def test_waking_up_retries_at_once(desktop: Desktop, backend: FakeService) -> None:
    """A laptop that wakes while it waits for the next attempt does not wait any longer."""
    await desktop.sign_in()
    backend.unreachable = True
    backend.drop()
    await desktop.until(lambda s: s.retry_in_s is not None)
    backend.unreachable = False
    desktop.clock.set_wall_ms(desktop.clock.wall_ms() + 3_600_000)  # Linux: only the wall clock counts sleep
    await desktop.until(lambda s: s.state is SessionState.ONLINE)


async def test_waking_up_online_probes_the_connection(desktop: Desktop, backend: FakeService) -> None:
    """After sleep a dead connection is found in seconds, and an old access token is not trusted."""
    await desktop.sign_in()
    for connection in backend.connections:
        connection.blackhole = True
    refreshes = backend.calls.count("refresh")
    desktop.clock.set_wall_ms(desktop.clock.wall_ms() + 3_600_000)
    await desktop.pass_time(4)
    await desktop.back_online()
    assert backend.calls.count("refresh") == refreshes + 1


async def test_a_poisoned_stream_is_left_behind(desktop: Desktop, backend: FakeService) -> None:
    """A frame that breaks the protocol is not replayed for ever: the session goes on with a new stream."""
    visit = backend.arrive("Test Patient")
    await desktop.sign_in()
    await desktop.service.admit(visit)
    desktop.history.clear()
    backend.patient_says(visit, "m1", b"no JSON")
    gone = await desktop.until(lambda s: s.state is SessionState.RECONNECTING)
    assert gone.problem == SessionProblem(LocalProblem.PROTOCOL)
    await desktop.back_online()
    assert desktop.states.count(SessionState.RECONNECTING) == 1
    assert 4400 in backend.close_codes
    await desktop.service.finish(visit)
    await desktop.until(lambda s: s.waiting_room.entries == ())


async def test_a_drain_is_followed(desktop: Desktop, backend: FakeService) -> None:
    """The server announces its stop; the desktop leaves at its time and comes back."""
    await desktop.sign_in()
    backend.broadcast(Drain(after_ms=2000))
    await desktop.pass_time(1)
    assert desktop.snapshot.state is SessionState.ONLINE
    await desktop.pass_time(2)
    await desktop.back_online()


async def test_a_drain_with_a_close_says_when_to_return(desktop: Desktop, backend: FakeService) -> None:
    """A server that stops at once and says "in ten seconds" is not asked before."""
    await desktop.sign_in()
    backend.broadcast(Drain(after_ms=10_000))
    backend.drop(CloseCode.DRAIN)
    snapshot = await desktop.until(lambda s: s.state is SessionState.RECONNECTING)
    assert snapshot.problem is None
    assert snapshot.retry_in_s is not None
    assert 10.0 <= snapshot.retry_in_s < 11.0


async def test_a_snapshot_in_pieces_is_not_taken_for_whole(desktop: Desktop, backend: FakeService) -> None:
    """A connection lost between the pieces of a large waiting room costs a new snapshot, never a patient."""
    visits = [backend.arrive(f"Patient {number}") for number in range(6)]
    await desktop.sign_in()
    for _ in range(6):
        backend.flicker(visits[0], Presence.CONNECTED)  # the last changes are not about the missing rows
    await desktop.until(lambda s: s.waiting_room.version == 12)
    backend.snapshot_rows, backend.lose_after_pieces = 2, 1
    backend.send_snapshots()
    await desktop.until(lambda s: len(s.waiting_room.entries) == 2)
    backend.snapshot_rows, backend.lose_after_pieces = 1000, None
    backend.restart()
    await desktop.back_online()
    await desktop.until(lambda s: [entry.visit for entry in s.waiting_room.entries] == visits)


async def test_the_countdown_is_told(desktop: Desktop, backend: FakeService) -> None:
    """While waiting for a far attempt the remaining seconds go down in the snapshot."""
    await desktop.sign_in()
    backend.unreachable = True
    backend.drop()
    for _ in range(4):
        await desktop.pass_time(1)
    waits = [s.retry_in_s for s in desktop.history if s.state is SessionState.RECONNECTING]
    assert None in waits  # an attempt was under way
    assert any(wait is not None for wait in waits)


@pytest.mark.parametrize(
    ("close", "code", "kept"),
    [
        (CloseCode.FORBIDDEN, ErrorCode.FORBIDDEN, False),
        (CloseCode.SUPERSEDED, LocalProblem.SUPERSEDED, True),
        (CloseCode.VERSION, ErrorCode.UNSUPPORTED_VERSION, True),
    ],
)
async def test_terminal_closes_end_the_session(
    desktop: Desktop, backend: FakeService, close: CloseCode, code: ErrorCode | LocalProblem, *, kept: bool
) -> None:
    """Where the server says not to come back the desktop signs out and says why; a token that may be good stays."""
    await desktop.sign_in()
    backend.drop(close)
    snapshot = await desktop.until(lambda s: s.state is SessionState.SIGNED_OUT)
    assert snapshot.problem == SessionProblem(code)
    await desktop.service.aclose()
    assert bool(desktop.keyring.secrets) is kept


async def test_an_authorisation_that_ran_out_is_renewed(desktop: Desktop, backend: FakeService) -> None:
    """Close code 4501 once, as after a sleep, costs a refresh and a reconnect."""
    await desktop.sign_in()
    backend.expire_access_tokens()
    backend.drop(CloseCode.AUTHENTICATION)
    await desktop.back_online()


async def test_an_authorisation_refused_twice_ends_the_session(desktop: Desktop, backend: FakeService) -> None:
    """A server that refuses a fresh ticket means it."""
    await desktop.sign_in()
    backend.closes_hello_with = CloseCode.AUTHENTICATION
    backend.drop(CloseCode.AUTHENTICATION)
    await desktop.until(lambda s: s.state is SessionState.RECONNECTING)
    await desktop.pass_time(3)
    snapshot = await desktop.until(lambda s: s.state is SessionState.SIGNED_OUT)
    assert snapshot.problem == SessionProblem(ErrorCode.UNAUTHENTICATED)


async def test_a_foreign_certificate_while_away_is_no_way_in(desktop: Desktop, backend: FakeService) -> None:
    """On a captive network the session waits and sends nothing; back home it goes on."""
    await desktop.sign_in()
    backend.foreign_certificate = True
    calls = len(backend.calls)
    backend.drop()
    await desktop.until(
        lambda s: s.problem == SessionProblem(LocalProblem.CERTIFICATE_REFUSED) or s.retry_in_s is not None
    )
    await desktop.pass_time(2)
    assert len(backend.calls) == calls
    backend.foreign_certificate = False
    await desktop.back_online()


async def test_a_call_that_lost_its_path_waits_for_no_countdown(desktop: Desktop, backend: FakeService) -> None:
    """With a countdown running, a call in a hurry has the next attempt made at once."""
    visit = backend.arrive("Test Patient")
    await desktop.sign_in()
    await desktop.service.admit(visit)
    channel = desktop.service.signaling(visit)
    backend.unreachable = True
    backend.drop()
    await desktop.until(lambda s: s.state is SessionState.RECONNECTING and s.retry_in_s is not None)
    backend.unreachable = False
    channel.hurry()
    await desktop.until(lambda s: s.state is SessionState.ONLINE)


@pytest.mark.parametrize("is_stale", [True, False], ids=["another network", "no answer"])
async def test_a_call_in_a_hurry_finds_out_that_a_connection_is_dead(
    desktop: Desktop, backend: FakeService, *, is_stale: bool
) -> None:
    """A connection that swallows everything is given up at once, or when it does not answer, and made anew."""
    visit = backend.arrive("Test Patient")
    await desktop.sign_in()
    await desktop.service.admit(visit)
    channel = desktop.service.signaling(visit)
    for connection in backend.connections:
        connection.blackhole = True
    channel.hurry(is_stale=is_stale)
    if not is_stale:
        await desktop.pass_time(2)
    await desktop.back_online()
    assert desktop.snapshot.state is SessionState.ONLINE
