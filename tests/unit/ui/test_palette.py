"""Everything that can be done is found by typing, with its key; letters are no traps."""

from collections.abc import AsyncIterator, Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from carena_desktop.call.model import Allowed, CallState
from carena_desktop.ui.commands import Command, found
from carena_desktop.ui.letters import Letters
from carena_desktop.ui.workspace import Workspace
from tests.fakes.session import entry
from tests.unit.ui.conftest import LiveScene, activate, clear_away, furnish, settle


@pytest.fixture
async def desk(live_scene: LiveScene, qapp: QApplication) -> AsyncIterator[Workspace]:
    """A signed-in window with one patient and what stands around its pages."""
    scene = live_scene
    made = furnish(scene, qapp)
    activate(scene.window)
    scene.online(entry(1))
    yield made
    clear_away(made)


def press(scene: LiveScene, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key as it comes from the system."""
    QTest.keyClick(scene.window.windowHandle(), key, modifier)
    settle()


def listed(desk: Workspace) -> list[str]:
    """What the palette shows."""
    box = desk.palette.list
    return [box.item(row).text() for row in range(box.count())]


def test_the_search_finds_words_in_any_order() -> None:
    """Every word has to be there, what begins with the text comes first, what is not allowed is not shown."""
    ran: list[str] = []
    commands = [
        Command("Copy visit link", lambda: ran.append("link")),
        Command("Start visit", lambda: ran.append("start")),
        Command("Visit notes", lambda: ran.append("notes")),
        Command("End visit", lambda: ran.append("end"), allowed=lambda: False),
        Command("Visit escape", lambda: ran.append("escape"), listed=False),
    ]
    assert [one.words for one in found(commands, "visit")] == ["Visit notes", "Copy visit link", "Start visit"]
    assert [one.words for one in found(commands, "link copy")] == ["Copy visit link"]
    assert found(commands, "nothing of it") == ()


async def test_it_does_what_is_chosen(live_scene: LiveScene, desk: Workspace, qtbot: QtBot) -> None:
    """Ctrl+K, a few letters, Enter: the visit begins, and the palette is gone."""
    live_scene.window.waiting_room.table.setFocus()
    press(live_scene, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert desk.palette.isVisible()
    assert desk.palette.search.hasFocus()
    assert "Start visit" in listed(desk)
    qtbot.keyClicks(desk.palette.search, "start")
    assert listed(desk)[0] == "Start visit"
    qtbot.keyClick(desk.palette.search, Qt.Key.Key_Return)
    await live_scene.settled()
    assert not desk.palette.isVisible()
    assert ("admit", "visit-1") in live_scene.session.calls


async def test_escape_gives_the_keyboard_back(live_scene: LiveScene, desk: Workspace, qtbot: QtBot) -> None:
    """What had the keyboard before has it again."""
    table = live_scene.window.waiting_room.table
    table.setFocus()
    desk.palette.open()
    qtbot.keyClick(desk.palette.search, Qt.Key.Key_Escape)
    assert not desk.palette.isVisible()
    assert table.hasFocus()


async def test_arrows_walk_round_and_are_read_out(
    desk: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The focus stays in the field, so a screen reader hears each action with its key."""
    said: list[str] = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: said.append(event.message()))
    desk.palette.open()
    count = desk.palette.list.count()
    qtbot.keyClick(desk.palette.search, Qt.Key.Key_Up)
    assert desk.palette.list.currentRow() == count - 1
    qtbot.keyClick(desk.palette.search, Qt.Key.Key_Down)
    assert desk.palette.list.currentRow() == 0
    assert said[-1].startswith("Start visit, key ")


async def test_no_match_is_said(desk: Workspace, qtbot: QtBot) -> None:
    """Words that fit nothing get a sentence, and Enter does nothing."""
    desk.palette.open()
    qtbot.keyClicks(desk.palette.search, "qqqq")
    assert listed(desk) == []
    qtbot.keyClick(desk.palette.search, Qt.Key.Key_Return)
    assert not desk.palette.isVisible()


async def test_the_lock_has_no_palette(live_scene: LiveScene, desk: Workspace) -> None:
    """While locked Ctrl+K opens nothing, and a palette that was open is gone."""
    desk.palette.open()
    desk.lock.lock()
    settle()
    assert not desk.palette.isVisible()
    press(live_scene, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert not desk.palette.isVisible()
    assert desk.commands() == ()


def in_visit(scene: LiveScene) -> None:
    """A visit that runs, both devices allowed."""
    scene.call.push(state=CallState.ASKING, visit="visit-1")
    scene.call.allow(Allowed.CAMERA_AND_MICROPHONE)
    scene.call.push(state=CallState.ACTIVE)
    settle()


async def test_letters_work_in_a_visit_and_not_while_typing(live_scene: LiveScene, desk: Workspace) -> None:
    """M mutes; in the message field it is a letter."""
    assert desk.lock is not None
    in_visit(live_scene)
    page = live_scene.window.call
    page.mute.setFocus()
    press(live_scene, Qt.Key.Key_M)
    assert not live_scene.call.snapshot.intent.microphone_wanted
    page.chat.message.setFocus()
    press(live_scene, Qt.Key.Key_M)
    assert page.chat.message.text().lower() == "m"
    assert not live_scene.call.snapshot.intent.microphone_wanted


async def test_letters_can_be_switched_off(live_scene: LiveScene, desk: Workspace) -> None:
    """With the switch off M does nothing, Ctrl+Shift+E still does, and the palette still lists the action."""
    in_visit(live_scene)
    Letters.on = False
    page = live_scene.window.call
    page.camera.setFocus()
    page.mute.setFocus()
    press(live_scene, Qt.Key.Key_M)
    assert live_scene.call.snapshot.intent.microphone_wanted
    assert "Mute or unmute the microphone" in [one.words for one in desk.commands()]


async def test_every_listed_action_has_a_name_of_its_own(live_scene: LiveScene, desk: Workspace) -> None:
    """No two actions of a page read the same, and no two share a key."""
    steps: tuple[Callable[[], None], ...] = (lambda: None, lambda: in_visit(live_scene))
    for prepare in steps:
        prepare()
        commands = desk.commands()
        names = [one.words for one in commands if one.listed]
        keys = [one.keys for one in commands if one.keys]
        assert len(names) == len(set(names))
        assert len(keys) == len(set(keys))
