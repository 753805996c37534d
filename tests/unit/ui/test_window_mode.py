"""A visit over the whole screen, or small on top of other programs, and back."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from carena_desktop.call.model import (
    Allowed,
    CallFigures,
    CallState,
    CameraLamp,
    EndReason,
    MediaIntent,
    MicrophoneLamp,
)
from carena_desktop.session.model import SessionState
from carena_desktop.ui.window_mode import WindowMode
from carena_protocol.messages import VisitState
from tests.fakes.session import ACCOUNT, entry
from tests.unit.ui.conftest import Scene, settle


@pytest.fixture
def visit(scene: Scene) -> Iterator[Scene]:
    """A running visit."""
    admitted = entry(1, state=VisitState.IN_VISIT, clinician_id=ACCOUNT.id, clinician_name="me")
    scene.online(admitted)
    scene.call.push(
        state=CallState.ACTIVE,
        visit="visit-1",
        intent=MediaIntent(Allowed.CAMERA_AND_MICROPHONE),
        camera=CameraLamp.LIVE,
        microphone=MicrophoneLamp.LIVE,
        peer_camera=True,
    )
    settle()
    scene.window.call.mute.setFocus()
    yield scene
    scene.window.modes.set(WindowMode.NORMAL)
    settle()


def test_full_screen_by_one_key_and_back_by_escape(visit: Scene, qtbot: QtBot) -> None:
    """F covers the screen with everything in place; Escape gives the window back as it was."""
    window, before = visit.window, visit.window.geometry()
    qtbot.keyClick(window.call.mute, Qt.Key.Key_F)
    settle()
    assert window.isFullScreen()
    assert window.call.mute.isVisible()
    assert window.call.view_menu.full_screen.isChecked()
    qtbot.keyClick(window.call.mute, Qt.Key.Key_Escape)
    settle()
    assert not window.isFullScreen()
    assert window.geometry() == before


def test_the_small_window_is_the_picture_alone_on_top(visit: Scene) -> None:
    """Small: on top, only the stage with the way back; the title still carries the lamps; then all as before."""
    window, page, before = visit.window, visit.window.call, visit.window.geometry()
    page.view_menu.flip(WindowMode.SMALL)
    settle()
    assert window.windowHandle().flags() & Qt.WindowType.WindowStaysOnTopHint
    assert window.width() < before.width() / 2
    assert [part.isVisible() for part in (page.chat, page.mute, page.stage.self_view, page.timer)] == [False] * 4
    assert page.stage.view.isVisible()
    assert "Camera live" in window.windowTitle()
    page.view_menu.flip(WindowMode.SMALL)
    settle()
    assert not window.windowHandle().flags() & Qt.WindowType.WindowStaysOnTopHint
    assert window.isVisible()
    assert window.geometry() == before
    assert page.chat.isVisible()
    assert page.mute.isVisible()
    assert page.stage.self_view.isVisible()


def test_a_chat_that_was_hidden_stays_hidden(visit: Scene) -> None:
    """Coming back from small does not open what the person had closed."""
    visit.window.call.flip_chat()
    for mode in (WindowMode.SMALL, WindowMode.FULL_SCREEN, WindowMode.SMALL, WindowMode.NORMAL):
        visit.window.modes.set(mode)
        settle()
    assert visit.window.call.chat.isHidden()
    assert visit.window.call.mute.isVisible()


@pytest.mark.parametrize("mode", [WindowMode.SMALL, WindowMode.FULL_SCREEN])
def test_the_end_of_a_visit_gives_the_window_back(visit: Scene, mode: WindowMode) -> None:
    """What is to be read and decided at the end needs room: small or full screen ends with the visit."""
    visit.window.modes.set(mode)
    visit.call.push(state=CallState.ENDED, end_reason=EndReason.REMOTE)
    settle()
    assert visit.window.modes.mode is WindowMode.NORMAL
    assert visit.window.call.stage.centre.back.isVisible()


def test_signing_out_gives_the_window_back(visit: Scene) -> None:
    """A small window never shows a sign-in form."""
    visit.window.modes.set(WindowMode.SMALL)
    visit.call.push(state=CallState.IDLE)
    visit.session.publish(state=SessionState.SIGNED_OUT, account=None)
    settle()
    assert visit.window.modes.mode is WindowMode.NORMAL


def test_fit_and_fill(visit: Scene, qtbot: QtBot) -> None:
    """Z fills the room with the picture, and shows all of it again."""
    page = visit.window.call
    assert not page.stage.video.fills
    qtbot.keyClick(page.mute, Qt.Key.Key_Z)
    assert page.stage.video.fills
    assert page.view_menu.fill.isChecked()
    page.view_menu.fill.trigger()
    assert not page.stage.video.fills


def test_the_numbers_are_shown_on_request_and_renewed(visit: Scene, qtbot: QtBot) -> None:
    """I shows both directions in numbers, a new measurement renews them, the small window leaves them out."""
    page = visit.window.call
    assert not page.stage.details.isVisible()
    visit.call.push(figures=CallFigures(received_kbps=900, remote_width=640, remote_height=360, sent_kbps=2400))
    qtbot.keyClick(page.mute, Qt.Key.Key_I)
    settle()
    assert page.stage.details.isVisible()
    assert ("Video", "900 kbit/s", "2,400 kbit/s") in page.stage.details.lines
    visit.call.push(figures=CallFigures(sent_kbps=1200))
    assert ("Video", "", "1,200 kbit/s") in page.stage.details.lines
    assert "1,200 kbit/s from you" in page.stage.details.accessibleName()
    visit.window.modes.set(WindowMode.SMALL)
    assert not page.stage.details.isVisible()
    visit.window.modes.set(WindowMode.NORMAL)
    settle()
    assert page.stage.details.isVisible()
    page.mute.setFocus()
    qtbot.keyClick(page.mute, Qt.Key.Key_I)
    assert not page.stage.details.isVisible()


def test_a_reconnecting_visit_stays_small(visit: Scene) -> None:
    """A lost path changes nothing about the window, and the small one says it."""
    visit.window.modes.set(WindowMode.SMALL)
    visit.call.push(state=CallState.RECONNECTING)
    settle()
    assert visit.window.modes.mode is WindowMode.SMALL
    assert visit.window.call.stage.centre.title_label.text() == "Reconnecting…"


def test_talking_while_muted_is_said_in_every_mode(visit: Scene) -> None:
    """The notice is on the stage, which the small window keeps."""
    visit.window.modes.set(WindowMode.SMALL)
    snapshot = replace(visit.call.snapshot, talking_while_muted=True)
    visit.window.render_call(snapshot)
    settle()
    assert visit.window.call.stage.problem.isVisible()
    assert "does not hear you" in visit.window.call.stage.problem.text
