"""Sharing a screen in a visit, as a person does it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from carena_desktop.call.ports import PORTAL, SCREEN_PREFIX, DevicesView, Picture, Shareable, Stream
from carena_desktop.ui.lamp_tray import lamp_words
from carena_desktop.ui.pages.call.page import CallPage
from tests.unit.ui.conftest import LiveScene, Scene, activate, settle
from tests.unit.ui.test_call_page import accessible_names, connect

WINDOW = Shareable("window:1", "Discharge letter", is_screen=False)


def screen() -> Shareable:
    """The screen that the window is on."""
    return Shareable(SCREEN_PREFIX + QGuiApplication.primaryScreen().name(), "Screen 1", is_screen=True)


def offer(page: CallPage, *found: Shareable) -> QListWidget:
    """Open the question and let the engine answer with what there is."""
    page.share.click()
    page.share_desk.render_devices(DevicesView(shareable=found))
    settle()
    return page.stage.share.list


def shared(live_scene: LiveScene) -> list[object]:
    """What was asked to be shared."""
    return [what for verb, what in live_scene.call.asked if verb == "share"]


async def test_what_is_shared_is_asked_every_time(live_scene: LiveScene, qtbot: QtBot) -> None:
    """The button asks first, nothing is chosen beforehand, a stray Enter shares nothing, a choice shares just that."""
    connect(live_scene)
    page = live_scene.window.call
    chosen = offer(page, screen(), WINDOW)
    card = page.stage.share
    assert [chosen.item(row).text() for row in range(chosen.count())][-1].strip("\u2068\u2069") == "Discharge letter"
    assert not card.share.isEnabled()
    qtbot.keyClick(card, Qt.Key.Key_Return)
    assert shared(live_scene) == []
    chosen.setCurrentRow(1)
    card.share.click()
    settle()
    assert shared(live_scene) == ["window:1"]
    assert card.isHidden()
    assert page.share.accessibleName() == "Stop sharing"
    page.share.click()
    assert shared(live_scene) == ["window:1", ""]


async def test_the_keyboard_alone_is_enough(live_scene: LiveScene, qtbot: QtBot) -> None:
    """S asks, Tab and Down choose, Enter shares; Escape puts the question away."""
    connect(live_scene)
    page = live_scene.window.call
    activate(live_scene.window)
    page.mute.setFocus()
    settle()
    qtbot.keyClick(page.mute, Qt.Key.Key_S)
    page.share_desk.render_devices(DevicesView(shareable=(screen(), WINDOW)))
    assert page.stage.share.isVisible()
    qtbot.keyClick(page.stage.share, Qt.Key.Key_Escape)
    assert page.stage.share.isHidden()
    chosen = offer(page, screen(), WINDOW)
    chosen.setFocus()
    qtbot.keyClick(chosen, Qt.Key.Key_Down)
    qtbot.keyClick(chosen, Qt.Key.Key_Down)
    qtbot.keyClick(chosen, Qt.Key.Key_Return)
    assert shared(live_scene) == [chosen.item(chosen.currentRow()).data(Qt.ItemDataRole.UserRole)]


async def test_while_sharing_everything_says_so(live_scene: LiveScene) -> None:
    """Notice, lamp, title, tray and a border around the screen; all of it goes with the end of the visit."""
    connect(live_scene)
    page = live_scene.window.call
    live_scene.call.share(screen().id)
    settle()
    border = page.share_desk._border
    assert page.sharing.isVisible()
    assert "sees everything" in page.sharing.text
    assert {"Screen shared", "Camera live"} <= accessible_names(page.stage)
    assert live_scene.window.windowTitle().startswith("Screen shared · Camera live ·")
    assert lamp_words(live_scene.call.snapshot).startswith("Screen shared · Camera live")
    assert border.isVisible()
    assert border.geometry() == QGuiApplication.primaryScreen().geometry()
    assert page.camera.isEnabled()
    assert page.sharing.action is not None
    page.sharing.action.click()
    settle()
    assert shared(live_scene)[-1] == ""
    assert not page.sharing.isVisible()
    assert not border.isVisible()
    assert live_scene.window.windowTitle().startswith("Camera live")


def test_a_window_that_is_shared_has_no_border_around_the_screen(scene: Scene) -> None:
    """Only a whole screen gets the border."""
    connect(scene)
    scene.call.share("window:1")
    settle()
    assert scene.window.call.sharing.isVisible()
    assert not scene.window.call.share_desk._border.isVisible()


def test_a_window_that_was_closed_is_named(scene: Scene) -> None:
    """What can't be captured any more ends the sharing with a sentence."""
    connect(scene)
    scene.call.push(share_problem="gone")
    settle()
    assert "Sharing has ended" in scene.window.call.stage.problem.text


@pytest.mark.parametrize("found", [(), None])
def test_nothing_to_share_is_said(scene: Scene, found: tuple[Shareable, ...] | None) -> None:
    """While it is looked for, and where the system gives nothing, the question says so and can't be answered."""
    connect(scene)
    page = scene.window.call
    page.share.click()
    page.share_desk.render_devices(DevicesView(shareable=found))
    card = page.stage.share
    assert card._none.isVisible()
    assert ("Looking" in card._none.text()) is (found is None)
    assert not card.share.isEnabled()
    assert card.list.isHidden()


def test_under_wayland_it_is_said_what_is_missing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the portal or PipeWire is missing the question names them; where they are, the system asks by itself."""
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    connect(scene)
    page = scene.window.call
    page.share.click()
    page.share_desk.render_devices(DevicesView(shareable=()))
    assert "PipeWire" in page.stage.share._none.text()
    page.share_desk.render_devices(DevicesView(shareable=(Shareable(PORTAL, "", is_screen=True),)))
    assert page.stage.share.list.item(0).text() == "What your system lets you choose"


def test_the_own_face_stays_in_its_tile_while_a_screen_is_shared(scene: Scene) -> None:
    """The self view is the camera's, as in a mirror, whatever else is sent."""
    connect(scene)
    row = b"\xff\xff\xff\xff" * 32 + b"\x00\x00\x00\xff" * 32
    view = scene.window.call.stage.self_view.video
    scene.call.share("window:1")
    settle()
    scene.call.picture(Stream.SELF, Picture(1, 64, 36, 256, memoryview(row * 36)))
    image = view.grab().toImage()
    assert image.pixelColor(image.width() // 4, image.height() // 2).lightness() < 128
    assert scene.window.call.stage.self_view.camera.isVisible()


def test_a_page_that_cannot_show_a_screen_is_said(scene: Scene) -> None:
    """The button can't be pressed and says why."""
    connect(scene)
    scene.call.push(may_share=False)
    settle()
    share = scene.window.call.share
    assert not share.isEnabled()
    assert "can't show a screen" in share.accessibleName()
    assert "can't show a screen" in share.toolTip()
