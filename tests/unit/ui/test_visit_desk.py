"""Identity, and pausing or handing over a visit, from the page of the call."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from carena_desktop.call.files.model import FileState
from carena_desktop.call.model import CallState, EndReason
from carena_desktop.session.orders import Checked, Order, Verb
from carena_desktop.session.ports import CommandRefusedError
from carena_desktop.ui.navigation import Page
from carena_desktop.ui.pages.call.visit_desk import PAUSES
from carena_protocol.errors import ErrorCode
from carena_protocol.messages import Role, VisitState
from carena_protocol.rows import Room, StaffMember, StaffPresence
from tests.fakes.session import ACCOUNT, entry
from tests.unit.ui.conftest import LiveScene, Scene, settle
from tests.unit.ui.test_files_panel import PHOTO
from tests.unit.ui.test_triage import details

MINE = {
    "state": VisitState.IN_VISIT,
    "clinician_id": ACCOUNT.id,
    "clinician_name": ACCOUNT.display_name,
    "admitted_at_ms": 1_800_000_000_000,
}
STAFF = (
    StaffMember(id=ACCOUNT.id, name="me", role=Role.CLINICIAN, presence=StaffPresence.AVAILABLE),
    StaffMember(id="c2", name="Dr Away", role=Role.CLINICIAN, presence=StaffPresence.AWAY),
    StaffMember(id="c3", name="Dr Free", role=Role.CLINICIAN, presence=StaffPresence.AVAILABLE),
)


def begin(scene: Scene, **changes: object) -> None:
    """Be in a visit with a patient."""
    scene.online(entry(1, **{**MINE, **changes}))
    room = scene.session.snapshot.waiting_room
    rooms = (Room(id="main", name="Main"), Room(id="two", name="Follow-up"))
    scene.session.publish(waiting_room=type(room)(room.version + 1, "Clinic", room.entries, rooms, STAFF))
    scene.call.push(state=CallState.ACTIVE, visit="visit-1", peer_present=True)
    settle()


def test_identity_is_ticked_by_a_person_and_noted(scene: Scene, qtbot: QtBot) -> None:
    """Nothing is ticked beforehand; what was ticked goes to the server, and the call goes on."""
    begin(scene)
    desk = scene.window.call.visit_desk
    with qtbot.waitSignal(desk.details_requested):
        scene.window.call.identity.click()
    desk.show_details(details(1))
    card = desk.card
    assert not any(box.isChecked() for box in card.boxes.values())
    assert not card.confirm.isEnabled()
    assert card.said["location"].text() == "12 Example Street"
    for name in ("name", "birth_date"):
        card.boxes[name].setChecked(True)
    with qtbot.waitSignal(desk.order_requested) as asked:
        card.confirm.click()
    assert asked.args == [Order(Verb.IDENTITY, "visit-1", 1, checked=Checked(name=True, birth_date=True))]


def test_what_the_patient_says_is_written_down(scene: Scene, qtbot: QtBot) -> None:
    """Another place and a number that was missing go with the confirmation; what agrees is not sent again."""
    begin(scene)
    desk = scene.window.call.visit_desk
    scene.window.call.identity.click()
    card = desk.card
    qtbot.keyClicks(card.said["call_back"], "55")
    desk.show_details(details(1))
    assert card.said["call_back"].text() == "55"
    assert card.boxes["call_back"].isChecked()
    with qtbot.assertNotEmitted(desk.order_requested):
        card.confirm.click()
    qtbot.keyClicks(card.said["call_back"], "5-0199")
    card.said["location"].selectAll()
    qtbot.keyClicks(card.said["location"], "Ferry, car deck")
    with qtbot.waitSignal(desk.order_requested) as asked:
        card.confirm.click()
    checked = asked.args[0].checked
    assert (checked.location, checked.call_back, checked.name) == (True, True, False)
    assert (checked.said_location, checked.said_call_back) == ("Ferry, car deck", "555-0199")
    assert "Ferry" not in repr(checked)


def test_escape_confirms_nothing(scene: Scene, qtbot: QtBot) -> None:
    """Escape puts the card away without an order."""
    begin(scene)
    desk = scene.window.call.visit_desk
    scene.window.call.identity.click()
    with qtbot.assertNotEmitted(desk.order_requested):
        qtbot.keyClick(desk.card, Qt.Key.Key_Escape)
    assert not desk.card.isVisible()


def test_a_confirmed_identity_is_said(scene: Scene) -> None:
    """Once the server has it, the button says when."""
    begin(scene, identity_confirmed_at_ms=1_800_000_000_000)
    assert scene.window.call.identity.words.startswith("Identity confirmed ")


@pytest.mark.parametrize("verb", PAUSES)
def test_every_way_to_part_asks_first(scene: Scene, qtbot: QtBot, verb: Verb) -> None:
    """Each entry of the menu asks, and the answer is one order of that verb for the visit."""
    begin(scene)
    desk = scene.window.call.visit_desk
    desk.action(verb).trigger()
    assert desk.sheet.isVisible()
    with qtbot.waitSignal(desk.parting_requested) as asked:
        desk.sheet.confirm.click()
    assert (asked.args[0].verb, asked.args[0].visit) == (verb, "visit-1")


def test_unsaved_files_are_asked_about_before_a_hold(scene: Scene, qtbot: QtBot) -> None:
    """A hold ends the call and its files with it: what is not saved is asked about first, and going back keeps all."""
    begin(scene)
    page = scene.window.call
    scene.call.files.push(files=(PHOTO,))
    page.visit_desk.action(Verb.HOLD).trigger()
    with qtbot.assertNotEmitted(page.visit_desk.parting_requested):
        page.visit_desk.sheet.confirm.click()
    assert page.files_desk.unsaved.isVisible()
    page.files_desk.unsaved.cancel.click()
    page.visit_desk.action(Verb.HOLD).trigger()
    page.visit_desk.sheet.confirm.click()
    with qtbot.waitSignal(page.visit_desk.parting_requested) as asked:
        page.files_desk.unsaved.delete.click()
    assert asked.args[0].verb is Verb.HOLD


@pytest.mark.parametrize("state", [FileState.OFFERED, FileState.MOVING])
def test_files_on_their_way_are_asked_about_before_a_hold(scene: Scene, qtbot: QtBot, state: FileState) -> None:
    """What the patient has not got is not lost without a word: going back keeps it going."""
    begin(scene)
    page = scene.window.call
    scene.call.push(state=CallState.ACTIVE)
    scene.call.files.push(files=(replace(PHOTO, mine=True, state=state),))
    page.visit_desk.action(Verb.HOLD).trigger()
    with qtbot.assertNotEmitted(page.visit_desk.parting_requested):
        page.visit_desk.sheet.confirm.click()
    card = page.files_desk.unsaved
    assert card.accessibleName() == "1 file not delivered yet"
    assert card.delete.words == "Stop sending"
    with qtbot.waitSignal(page.visit_desk.parting_requested):
        card.delete.click()
    scene.call.push(state=CallState.ENDED, end_reason=EndReason.LOCAL)
    left: list[str] = []
    page.files_desk.parting(lambda: left.append("left"))
    assert left == ["left"]  # what has stopped already is nothing to decide


def test_a_transfer_offers_colleagues_who_can_be_reached_first(scene: Scene) -> None:
    """Colleagues by presence, then the other rooms; never oneself, never the room one is in."""
    begin(scene)
    desk = scene.window.call.visit_desk
    desk.action(Verb.TRANSFER).trigger()
    words = [desk.sheet.list.item(at).text().replace("\u2068", "").replace("\u2069", "") for at in range(3)]
    assert words == ["Dr Free  ·  Available", "Dr Away  ·  Away", "Room Follow-up"]
    assert desk.sheet.list.count() == 3


def test_what_is_not_possible_says_why(scene: Scene) -> None:
    """On hold already: the entry is disabled and says why; transfer is still possible."""
    begin(scene, state=VisitState.ON_HOLD)
    desk = scene.window.call.visit_desk
    assert not desk.action(Verb.HOLD).isEnabled()
    assert "(" in desk.action(Verb.HOLD).text()
    assert desk.action(Verb.TRANSFER).isEnabled()


async def test_hold_tells_the_server_before_the_call_ends(live_scene: LiveScene) -> None:
    """The patient's page must know what the end means: first the order, then goodbye, then the waiting room."""
    begin(live_scene)
    desk = live_scene.window.call.visit_desk
    desk.action(Verb.HOLD).trigger()
    desk.sheet.note.setText("Waiting for the lab")
    desk.sheet.confirm.click()
    await live_scene.settled()
    assert [(one.verb, one.note) for one in live_scene.session.orders] == [(Verb.HOLD, "Waiting for the lab")]
    assert live_scene.window.page is Page.WAITING_ROOM


async def test_a_refused_hold_leaves_the_call_as_it_is(live_scene: LiveScene) -> None:
    """When the server says no, the call goes on and the page says why."""
    begin(live_scene)
    live_scene.session.refusal = CommandRefusedError(ErrorCode.WRONG_STATE)
    desk = live_scene.window.call.visit_desk
    desk.action(Verb.HOLD).trigger()
    desk.sheet.confirm.click()
    await live_scene.settled()
    assert live_scene.window.page is Page.CALL
    assert desk.problem.isVisible()
    assert "moved on" in desk.problem.text
