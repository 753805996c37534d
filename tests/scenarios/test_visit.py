"""Admitting, signaling and finishing: one visit, one clinician, nothing twice."""

import asyncio
import logging

import pytest

from carena_desktop.session.model import SessionState
from carena_desktop.session.ports import CommandRefusedError
from carena_protocol import peer
from carena_protocol.errors import ErrorCode
from carena_protocol.messages import Presence, VisitState
from carena_protocol.peer import Answer, AnySignal, Candidate, Offer, Ready
from tests.fakes.guard import COMMIT, HELLO
from tests.fakes.transport import FakeService
from tests.scenarios.conftest import PASSWORD, Desktop


async def _with_patient(desktop: Desktop, backend: FakeService) -> str:
    visit = backend.arrive("Test Patient")
    await desktop.sign_in()
    return visit


async def test_admit_signal_and_finish(desktop: Desktop, backend: FakeService) -> None:
    """The whole life of a visit: admitted by us, offer out, answer in, ICE servers, gone when finished."""
    visit = await _with_patient(desktop, backend)
    await desktop.service.admit(visit)
    snapshot = await desktop.until(lambda s: s.waiting_room.entries[0].state is VisitState.IN_VISIT)
    assert snapshot.waiting_room.entries[0].clinician_name == "Dr Alex"

    relay = desktop.service.signaling(visit)
    heard: list[AnySignal] = []
    answered = asyncio.Event()

    def hear(signal: AnySignal) -> None:
        heard.append(signal)
        answered.set()

    relay.on_signal(hear)
    offer = Offer(leg=1, instance="page-1", sdp="v=0 offer", commit=COMMIT)
    await relay.send(offer)
    assert [peer.decode_signal(bytes(message.data)) for message in backend.heard] == [offer]
    backend.patient_says(visit, "m1", peer.encode(Answer(leg=1, sdp="v=0 answer", hello=HELLO)))
    async with asyncio.timeout(2):
        await answered.wait()
    assert heard == [Answer(leg=1, sdp="v=0 answer", hello=HELLO)]
    servers, relay_only, _ = await relay.ice_servers()
    assert (servers[0].urls, relay_only) == (["turn:turn.test:3478"], True)

    await desktop.service.finish(visit)
    await desktop.until(lambda s: s.waiting_room.entries == ())
    await desktop.service.finish(visit)  # gone already: finished


async def test_two_clinicians_race(desktop: Desktop, other: Desktop, backend: FakeService) -> None:
    """Two who press "Start visit" at once get one visit and one "taken by"."""
    visit = await _with_patient(desktop, backend)
    await other.sign_in("robin")
    results = await asyncio.gather(desktop.service.admit(visit), other.service.admit(visit), return_exceptions=True)
    refused = [result for result in results if isinstance(result, CommandRefusedError)]
    assert len(refused) == 1
    assert results.count(None) == 1
    winner = backend.queue[visit].clinician_name
    assert (refused[0].code, refused[0].taken_by) == (ErrorCode.CONFLICT, winner)


async def test_a_patient_who_flickers_can_be_admitted(desktop: Desktop, backend: FakeService) -> None:
    """A row that changed its version while the patient still waits costs another try, not an error."""
    visit = await _with_patient(desktop, backend)
    backend.flicker(visit, Presence.RECONNECTING)  # its delta is on the way when admit reads the old version
    await desktop.service.admit(visit)
    assert backend.queue[visit].state is VisitState.IN_VISIT


async def test_a_visit_of_ours_is_taken_up_again(desktop: Desktop, backend: FakeService) -> None:
    """After a restart of the program "Start visit" on a visit of ours goes on with it."""
    visit = await _with_patient(desktop, backend)
    await desktop.service.admit(visit)
    await desktop.restart()
    await desktop.sign_in()
    await desktop.service.admit(visit)
    assert backend.queue[visit].version == 2


async def test_unknown_visits_are_refused(desktop: Desktop, backend: FakeService) -> None:
    """A visit that is not in the waiting room can't be admitted."""
    await _with_patient(desktop, backend)
    with pytest.raises(CommandRefusedError) as caught:
        await desktop.service.admit("nobody")
    assert caught.value.code is ErrorCode.NOT_FOUND


async def test_signed_out_commands_are_refused(desktop: Desktop) -> None:
    """Without a session every command says unauthenticated."""
    for command in (desktop.service.admit("v"), desktop.service.finish("v")):
        with pytest.raises(CommandRefusedError) as caught:
            await command
        assert caught.value.code is ErrorCode.UNAUTHENTICATED
    with pytest.raises(CommandRefusedError):
        desktop.service.signaling("v")


async def test_links_have_their_secret_in_the_fragment(desktop: Desktop, backend: FakeService) -> None:
    """A visit link is the portal's page with the secret where no server sees it."""
    await _with_patient(desktop, backend)
    link = await desktop.service.create_visit_link(reusable=False)
    assert link.startswith("https://clinic.test/visit#secret-")


async def test_early_signals_wait_for_the_call(desktop: Desktop, backend: FakeService) -> None:
    """A "ready" that arrives before anyone listens is delivered to the first listener, in order, and so is presence."""
    visit = await _with_patient(desktop, backend)
    await desktop.service.admit(visit)
    for number in range(3):
        backend.patient_says(visit, f"m{number}", peer.encode(Ready(instance=f"page-{number}")))
    backend.patient_present(visit, present=True)
    marker = backend.arrive("Second Patient")
    await desktop.until(lambda s: any(entry.visit == marker for entry in s.waiting_room.entries))
    heard: list[AnySignal] = []
    present: list[bool] = []
    relay = desktop.service.signaling(visit)
    relay.on_signal(heard.append)
    relay.on_peer(present.append)
    assert heard == [Ready(instance=f"page-{number}") for number in range(3)]
    assert present == [True]


async def test_a_peers_nonsense_and_duplicates_are_dropped(desktop: Desktop, backend: FakeService) -> None:
    """What is no signal is dropped, a repeated id is delivered once, and the rest keeps its order."""
    visit = await _with_patient(desktop, backend)
    await desktop.service.admit(visit)
    heard: list[AnySignal] = []
    desktop.service.signaling(visit).on_signal(heard.append)
    backend.patient_says(visit, "m1", b'{"t":"ready","instance":"page"}')
    backend.patient_says(visit, "m2", b'{"t":"hangup"}')
    backend.patient_says(visit, "m3", b'{"t":"ready","instance":"page","admin":true}')
    backend.patient_says(visit, "m1", b'{"t":"ready","instance":"again"}')
    backend.patient_says(visit, "m4", peer.encode(Candidate(leg=1, candidate="")))
    marker = backend.arrive("Second Patient")
    await desktop.until(lambda s: any(entry.visit == marker for entry in s.waiting_room.entries))
    assert heard == [Ready(instance="page"), Candidate(leg=1, candidate="")]


async def test_an_unreachable_peer_is_said(desktop: Desktop, backend: FakeService) -> None:
    """A relay that the service can't deliver raises with its code."""
    visit = await _with_patient(desktop, backend)
    await desktop.service.admit(visit)
    backend.relay_refusal = ErrorCode.PEER_UNREACHABLE
    with pytest.raises(CommandRefusedError) as caught:
        await desktop.service.signaling(visit).send(Ready(instance="x"))
    assert caught.value.code is ErrorCode.PEER_UNREACHABLE


async def test_a_listener_that_fails_hurts_nobody(desktop: Desktop, backend: FakeService) -> None:
    """A page whose callback raises does not end the session."""

    def bad(_: object) -> None:
        raise RuntimeError("a page's bug")

    desktop.service.on_change(bad)
    await _with_patient(desktop, backend)
    assert desktop.snapshot.state is SessionState.ONLINE


async def test_nothing_private_is_logged(
    desktop: Desktop, backend: FakeService, caplog: pytest.LogCaptureFixture
) -> None:
    """Through a visit, a reconnect and a peer's nonsense no record has a name, a token or a signal in it."""
    caplog.set_level(logging.DEBUG)
    visit = await _with_patient(desktop, backend)
    await desktop.service.admit(visit)
    backend.patient_says(visit, "m1", b'{"t":"ready","instance":"canary-instance"}')
    backend.patient_says(visit, "m2", b'{"t":"canary-nonsense"}')
    await desktop.refresh_now()
    await desktop.service.finish(visit)
    await desktop.service.sign_out()
    for text in ("Test Patient", "Test reason", "1980", "canary", "access-", "refresh-", "ticket-", "alex", PASSWORD):
        assert text not in caplog.text, text
