"""From a press to a service and back, on fakes."""

import asyncio

import pytest
from PySide6.QtGui import QGuiApplication

from carena_desktop.call.model import Allowed, CallState, EndReason
from carena_desktop.session.model import SessionState, WaitingEntry
from carena_desktop.session.ports import CommandRefusedError
from carena_desktop.ui.navigation import Page
from carena_protocol.errors import ErrorCode
from carena_protocol.messages import VisitState
from carena_protocol.rows import AwayBy
from tests.fakes.session import ACCOUNT, entry
from tests.unit.ui.conftest import LiveScene


async def test_signing_in_leads_to_the_waiting_room(live_scene: LiveScene) -> None:
    """What was typed reaches the session, and its snapshot turns the page."""
    page = live_scene.window.sign_in
    page.server.setText("clinic.test")
    page.username.setText("alex")
    page.password.setText("correct horse")
    page.sign_in.click()
    await live_scene.settled()
    assert ("sign_in", "clinic.test", "alex", "correct horse") in live_scene.session.calls
    assert live_scene.window.page is Page.WAITING_ROOM


async def test_starting_a_visit_admits_and_asks(live_scene: LiveScene) -> None:
    """Start visit admits the patient, then begins the call with the question."""
    live_scene.online(entry(1))
    live_scene.window.waiting_room.drawer.start.click()
    await live_scene.settled()
    assert ("admit", "visit-1") in live_scene.session.calls
    assert live_scene.call.asked == [("start", "visit-1")]
    assert live_scene.window.page is Page.CALL


async def test_chats_are_forgotten_with_their_visits(live_scene: LiveScene) -> None:
    """What was said stays while the visit is ours, on hold as well, and through a lost connection; not longer."""
    chats, mine = live_scene.call.chats, ACCOUNT.id

    def lines() -> int:
        log = chats.of("visit-1")
        count = len(log.lines)
        log.end()
        return count

    async def after(*entries: WaitingEntry, link: SessionState = SessionState.ONLINE) -> int:
        live_scene.session.publish(state=link, account=ACCOUNT)
        live_scene.session.show(*entries)
        await live_scene.settled()
        return lines()

    await after()
    chats.of("visit-1").write("a", "words", 1)
    assert await after(entry(1, state=VisitState.IN_VISIT, clinician_id=mine)) == 1  # its call is on
    for state in (VisitState.IN_VISIT, VisitState.ON_HOLD, VisitState.STEPPED_AWAY):
        assert await after(entry(1, state=state, clinician_id=mine)) == 1
    assert await after(link=SessionState.RECONNECTING) == 1
    live_scene.session.show(entry(1, state=VisitState.IN_VISIT, clinician_id=mine))
    assert await after(entry(1, state=VisitState.IN_VISIT, clinician_id="other")) == 0
    chats.of("visit-1").write("b", "words", 1)
    assert lines() == 1
    assert await after() == 0


async def test_two_presses_start_one_visit(live_scene: LiveScene) -> None:
    """An impatient second press changes nothing."""
    live_scene.online(entry(1))
    live_scene.intents.start_visit("visit-1")
    assert live_scene.window.waiting_room.drawer.start.words == "Starting…"
    live_scene.intents.start_visit("visit-1")
    await live_scene.settled()
    assert [call for call in live_scene.session.calls if call[0] == "admit"] == [("admit", "visit-1")]


async def test_a_lost_race_names_the_winner(live_scene: LiveScene) -> None:
    """When someone else was faster the page stays and says who; no call begins."""
    live_scene.online(entry(1))
    live_scene.session.refusal = CommandRefusedError(ErrorCode.CONFLICT, "Dr Other")
    live_scene.window.waiting_room.drawer.start.click()
    await live_scene.settled()
    page = live_scene.window.waiting_room
    assert live_scene.window.page is Page.WAITING_ROOM
    assert "Dr Other" in page.message.text
    assert page.drawer.start.isEnabled()
    assert live_scene.call.asked == []


async def test_rejoining_does_not_admit_again(live_scene: LiveScene) -> None:
    """A visit that is mine already is only called."""
    live_scene.online(entry(1, state=VisitState.IN_VISIT, clinician_id=ACCOUNT.id, clinician_name="me"))
    live_scene.window.waiting_room.drawer.start.click()
    await live_scene.settled()
    assert not any(call[0] == "admit" for call in live_scene.session.calls)
    assert live_scene.call.asked == [("start", "visit-1")]


@pytest.mark.parametrize("state", [VisitState.CLAIMED, VisitState.ON_HOLD, VisitState.STEPPED_AWAY])
async def test_a_visit_of_ours_that_waits_is_taken_up_first(live_scene: LiveScene, state: VisitState) -> None:
    """Claimed, on hold or stepped away from: the server is told before the call, or the page would not come."""
    live_scene.online(entry(1, state=state, clinician_id=ACCOUNT.id, clinician_name="me", away_by=AwayBy.STAFF))
    live_scene.window.waiting_room.drawer.start.click()
    await live_scene.settled()
    assert ("admit", "visit-1") in live_scene.session.calls
    assert live_scene.call.asked == [("start", "visit-1")]


async def test_an_engine_that_does_not_start_is_said(live_scene: LiveScene) -> None:
    """Without an engine there is no call, and the waiting room says why."""
    live_scene.online(entry(1))
    live_scene.call.start_fails = True
    live_scene.window.waiting_room.drawer.start.click()
    await live_scene.settled()
    assert "could not be started" in live_scene.window.waiting_room.message.text


async def test_ending_hangs_up_and_finishes(live_scene: LiveScene) -> None:
    """End visit closes the call first, then finishes the visit, and the list is back."""
    live_scene.online(entry(1))
    live_scene.intents.start_visit("visit-1")
    await live_scene.settled()
    live_scene.intents.allow(Allowed.NOTHING)
    await live_scene.settled()
    live_scene.window.call.end.click()
    await live_scene.settled()
    assert live_scene.call.asked[-1] == ("end", "visit-1")
    assert live_scene.session.calls[-1] == ("finish", "visit-1")
    assert live_scene.window.page is Page.WAITING_ROOM
    assert live_scene.window.waiting_room.model.rowCount() == 0


async def test_a_visit_finished_elsewhere_is_no_problem(live_scene: LiveScene) -> None:
    """Finishing what is gone already is silent; other refusals are said."""
    live_scene.online(entry(1))
    live_scene.session.refusal = CommandRefusedError(ErrorCode.NOT_FOUND)
    live_scene.intents.finish_visit("visit-1")
    await live_scene.settled()
    assert live_scene.window.waiting_room.message.text == ""
    live_scene.session.refusal = CommandRefusedError(ErrorCode.BUSY)
    live_scene.intents.finish_visit("visit-1")
    await live_scene.settled()
    assert "not finished" in live_scene.window.waiting_room.message.text


async def test_the_system_may_refuse_a_device(live_scene: LiveScene) -> None:
    """When the operating system says no, nothing is allowed, whatever the person answered."""
    live_scene.permissions.granted = False
    live_scene.intents.allow(Allowed.CAMERA_AND_MICROPHONE)
    await live_scene.settled()
    assert live_scene.call.asked == [("allow", Allowed.NOTHING)]


async def test_signing_out_ends_the_call_first(live_scene: LiveScene) -> None:
    """No call goes on behind a signed-out window."""
    live_scene.online(entry(1))
    live_scene.call.push(state=CallState.ACTIVE, visit="visit-1")
    live_scene.intents.sign_out()
    await live_scene.settled()
    assert live_scene.call.snapshot.end_reason is EndReason.LOCAL
    assert live_scene.session.snapshot.state is SessionState.SIGNED_OUT
    assert live_scene.window.page is Page.SIGN_IN


async def test_a_visit_link_is_for_one_patient(live_scene: LiveScene) -> None:
    """The link asked for is not reusable and ends on the clipboard, with a part that the session never had."""
    live_scene.online()
    live_scene.window.waiting_room.title.link.click()
    await live_scene.settled()
    assert ("create_visit_link", "False", "main") in live_scene.session.calls
    assert QGuiApplication.clipboard().text() == f"{live_scene.session.link}.ours"


async def test_nothing_begins_while_the_program_ends(live_scene: LiveScene) -> None:
    """After the scope is closed an intent is dropped without a trace."""
    await live_scene.scope.aclose()
    live_scene.intents.create_link("main")
    await asyncio.sleep(0)
    assert live_scene.session.calls == []
