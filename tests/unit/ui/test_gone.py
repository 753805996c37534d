"""Calling back a patient who is gone, from the window."""

from dataclasses import replace

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from carena_desktop.session.gone import GonePatient
from carena_desktop.session.model import SessionState
from carena_desktop.session.orders import Verb
from carena_desktop.session.ports import CommandRefusedError
from carena_desktop.ui.pages.waiting_room.commands import waiting_commands
from carena_desktop.ui.pages.waiting_room.gone_sheet import line
from carena_protocol.errors import ErrorCode
from carena_protocol.rows import LeaveReason, Room, VisitState
from tests.fakes.session import entry
from tests.unit.ui.conftest import LiveScene, settle

AT = 1_800_000_000_000
LEFT = GonePatient(
    visit="g1",
    version=4,
    state=VisitState.LEFT,
    room="main",
    checked_in_at_ms=AT,
    closed_at_ms=AT + 600_000,
    reason=LeaveReason.PATIENT,
    acuity=2,
    name="Gone Example",
)
FINISHED = replace(LEFT, visit="g2", version=9, state=VisitState.FINISHED, reason=None, name="", acuity=None)


def show(scene: LiveScene, *gone: GonePatient) -> None:
    """Have the server say who is gone."""
    scene.session.publish(waiting_room=replace(scene.session.snapshot.waiting_room, gone=gone))
    settle()


async def test_who_left_is_called_back_from_the_window(live_scene: LiveScene, qtbot: QtBot) -> None:
    """The button says how many are gone; Enter on one sends the recall for the version that was told."""
    live_scene.online(entry(1))
    page = live_scene.window.waiting_room
    assert not page.filters.gone.isVisible()
    show(live_scene, FINISHED, LEFT)
    assert page.filters.gone.isVisible()
    assert page.filters.gone.words == "2"
    assert any(one.run == page.filters.gone.click and one.allowed() for one in waiting_commands(page))
    page.filters.gone.click()
    settle()
    assert page.gone.isVisible()
    words = [page.gone.list.item(at).text().replace("\u2068", "").replace("\u2069", "") for at in range(2)]
    assert words[0].startswith("A patient (name deleted)")
    assert words[1].startswith("Gone Example · Acuity 2 of 5")
    qtbot.keyClick(page.gone.list, Qt.Key.Key_Down)
    qtbot.keyClick(page.gone.list, Qt.Key.Key_Return)
    await live_scene.settled()
    assert [(one.verb, one.visit, one.version) for one in live_scene.session.orders] == [(Verb.RECALL, "g1", 4)]
    assert not page.gone.isVisible()
    assert "Gone Example" in page.message.text


async def test_a_refused_recall_says_why(live_scene: LiveScene) -> None:
    """Too late, or somebody else was faster: the person reads it."""
    live_scene.online(entry(1))
    show(live_scene, LEFT)
    page = live_scene.window.waiting_room
    live_scene.session.refusal = CommandRefusedError(ErrorCode.GONE)
    page.filters.gone.click()
    page.gone.recall.click()
    await live_scene.settled()
    assert page.message.text == "That visit has ended."


async def test_nothing_can_be_called_back_without_a_server(live_scene: LiveScene, qtbot: QtBot) -> None:
    """While reconnecting the button is off and says why; Escape and the end of the list put the card away."""
    live_scene.online(entry(1))
    show(live_scene, LEFT)
    page = live_scene.window.waiting_room
    page.filters.gone.click()
    live_scene.session.publish(state=SessionState.RECONNECTING)
    settle()
    assert not page.gone.recall.isEnabled()
    assert page.gone.recall.toolTip()
    qtbot.keyClick(page.gone.list, Qt.Key.Key_Escape)
    assert not page.gone.isVisible()
    live_scene.session.publish(state=SessionState.ONLINE)
    page.filters.gone.click()
    assert page.gone.isVisible()
    show(live_scene)
    assert not page.gone.isVisible()
    assert not page.filters.gone.isVisible()


def test_how_somebody_went_is_said() -> None:
    """Left, lost, not here, finished: four sentences; the room only where there are several; recalled until when."""
    rooms = (Room(id="main", name="General"), Room(id="kids", name="Children"))
    ways = (
        LEFT,
        replace(LEFT, reason=LeaveReason.TIMEOUT),
        replace(LEFT, state=VisitState.NO_SHOW, reason=None),
        FINISHED,
    )
    said = [line(one, rooms[:1]) for one in ways]
    assert len({words.split("\n")[1] for words in said}) == len(ways)
    assert "General" not in said[0]
    assert "General" in line(LEFT, rooms)
    assert "called back" in line(replace(LEFT, recalled_until_ms=AT), rooms)
