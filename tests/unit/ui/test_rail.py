"""The rail: who is signed in, locking, and words that give way."""

from pytestqt.qtbot import QtBot

from carena_protocol.rows import StaffPresence
from tests.unit.ui.conftest import Scene, settle


def test_the_person_says_who_and_whether_they_can_be_reached(scene: Scene) -> None:
    """The name stands in the description, the presence in words; the menu ticks the one that is on."""
    scene.online()
    person = scene.window.waiting_room.rail.presence
    assert person.accessibleName() == "Your presence: Available"
    assert person.accessibleDescription() == "Dr Alex Example, Clinician"
    person.show_presence(StaffPresence.BUSY)
    assert person.accessibleName() == "Your presence: Busy"
    assert [action.text() for action in person._levels if action.isChecked()] == ["Busy"]


def test_the_menu_asks_for_a_presence(scene: Scene, qtbot: QtBot) -> None:
    """A line of the menu is one request for it."""
    scene.online()
    rail = scene.window.waiting_room.rail
    with qtbot.waitSignal(rail.presence_requested) as asked:
        rail.presence._levels[2].trigger()
    assert asked.args == ["away"]


def test_the_rail_folds_to_icons(scene: Scene) -> None:
    """Without words everything keeps its name, and the icons stand in the middle."""
    scene.online()
    rail = scene.window.waiting_room.rail
    rail.fold(folded=True)
    settle()
    assert rail.lock.text() == ""
    assert rail.lock.accessibleName() == rail.lock.toolTip() == "Lock"
    assert rail.lock.property("folded") == "true"
    rail.fold(folded=False)
    settle()
    assert rail.lock.words == "Lock"


def test_long_words_are_cut_and_told_in_full(scene: Scene) -> None:
    """A translation that does not fit ends in an ellipsis; name and tooltip have all of it."""
    scene.online()
    button = scene.window.waiting_room.rail.lock
    long = "Sperren und den Bildschirm gleich dazu"
    button.set_words(long, "lock")
    assert button.words.endswith("…")
    assert (button.accessibleName(), button.toolTip()) == (long, long)
