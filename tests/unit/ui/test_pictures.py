"""The patient's two pictures on the visit's screen, as a person has them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from carena_desktop.call.model import CallState
from carena_desktop.call.ports import Stream
from carena_desktop.ui.pages.call.pictures import Pictures
from carena_desktop.ui.widgets.video_view import VideoView
from tests.unit.ui.conftest import Scene, activate, settle
from tests.unit.ui.test_call_page import connect, solid

RED, GREEN, BLUE = 0xFF0000, 0x00FF00, 0x0000FF


def middle(view: QWidget) -> int:
    """The colour in the middle of what is painted."""
    image = view.grab().toImage()
    return image.pixel(image.width() // 2, image.height() // 2) & 0xFFFFFF


def spoken(widget: QWidget) -> str:
    """The accessible name."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def large(pictures: Pictures) -> VideoView:
    """The one that fills the stage."""
    return next(view for view in (pictures.camera, pictures.shared) if view.size() == pictures.size())


@pytest.fixture
def pictures(scene: Scene) -> Pictures:
    """A visit in which the patient's camera is seen, and its screen is said to come."""
    connect(scene)
    scene.call.picture(Stream.REMOTE, solid(1, RED))
    scene.call.push(peer_screen=True)
    settle()
    return scene.window.call.stage.pictures


def test_a_shared_screen_is_large_from_its_first_picture_on(scene: Scene, pictures: Pictures) -> None:
    """Until it comes the face stays large; then the screen fills the stage and the face lies small over it."""
    assert large(pictures) is pictures.camera
    assert not pictures.swap.isVisible()
    scene.call.picture(Stream.REMOTE_SCREEN, solid(1, GREEN))
    settle()
    assert large(pictures) is pictures.shared
    assert middle(pictures.shared) == GREEN
    assert middle(pictures.camera) == RED
    assert pictures.rect().contains(pictures.camera.geometry())
    assert not pictures.camera.geometry().intersects(scene.window.call.stage.self_view.geometry())


def test_mouse_and_key_change_the_two(scene: Scene, pictures: Pictures, qtbot: QtBot) -> None:
    """A press on the small one, X, or Space on the button: each says what it does."""
    scene.call.picture(Stream.REMOTE_SCREEN, solid(1, GREEN))
    settle()
    page = scene.window.call
    assert spoken(pictures.swap) == "Show the patient large"
    qtbot.mouseClick(pictures.swap, Qt.MouseButton.LeftButton)
    assert large(pictures) is pictures.camera
    assert spoken(pictures.swap) == "Show the screen large"
    activate(scene.window)
    page.mute.setFocus()
    settle()
    qtbot.keyClick(page.mute, Qt.Key.Key_X)
    assert large(pictures) is pictures.shared
    pictures.swap.setFocus()
    qtbot.keyClick(pictures.swap, Qt.Key.Key_Space)
    assert large(pictures) is pictures.camera
    assert (spoken(pictures.camera), spoken(pictures.shared)) == ("Patient's video", "Patient's screen")


def test_the_end_of_a_share_brings_the_face_back(scene: Scene, pictures: Pictures) -> None:
    """Its picture is gone at once, and the next share begins with nothing of it."""
    scene.call.picture(Stream.REMOTE_SCREEN, solid(1, GREEN))
    settle()
    scene.call.push(peer_screen=False)
    settle()
    assert large(pictures) is pictures.camera
    assert not pictures.shared.isVisible()
    scene.call.picture(Stream.REMOTE_SCREEN, solid(2, BLUE))  # late
    settle()
    assert not pictures.has_screen
    scene.call.push(peer_screen=True)
    settle()
    assert not pictures.has_screen
    assert pictures.shared.frame_number == -1
    scene.call.picture(Stream.REMOTE_SCREEN, solid(3, GREEN))
    settle()
    assert pictures.has_screen
    assert middle(pictures.shared) == GREEN


def test_a_screen_without_a_face_has_nothing_to_change_with(scene: Scene, pictures: Pictures) -> None:
    """The patient's camera is off: the screen is large, no words lie over it, and the key does nothing."""
    scene.call.picture(Stream.REMOTE_SCREEN, solid(1, GREEN))
    scene.call.push(peer_camera=False)
    settle()
    assert large(pictures) is pictures.shared
    assert not pictures.camera.isVisible()
    assert not pictures.swap.isVisible()
    assert not scene.window.call.stage.centre.isVisible()
    pictures.flip()
    assert large(pictures) is pictures.shared


def test_a_small_stage_has_room_for_both(scene: Scene, pictures: Pictures) -> None:
    """Where there is little room the small picture is smaller, and covers neither the self view nor the button."""
    scene.call.picture(Stream.REMOTE_SCREEN, solid(1, GREEN))
    settle()
    stage = scene.window.call.stage
    for size in ((480, 320), (700, 330), (1400, 900)):
        pictures.resize(*size)
        tile = pictures.camera.geometry()
        assert pictures.rect().contains(tile)
        assert tile.width() >= 100
        stage.self_view.fit(pictures.size())
        own = stage.self_view.rect()
        own.moveBottomRight(pictures.rect().bottomRight())
        assert not tile.intersects(own.translated(-14, -14))


def test_the_visits_end_lets_go_of_both(scene: Scene, pictures: Pictures) -> None:
    """Nothing of either is left."""
    scene.call.picture(Stream.REMOTE_SCREEN, solid(1, GREEN))
    settle()
    scene.call.push(state=CallState.ENDED, peer_screen=False, peer_camera=False)
    settle()
    assert not pictures.has_screen
    assert (pictures.camera.frame_number, pictures.shared.frame_number) == (-1, -1)
