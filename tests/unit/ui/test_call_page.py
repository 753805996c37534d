"""The visit's screen as a person uses it."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from carena_desktop.call.model import (
    Allowed,
    CallFigures,
    CallState,
    CameraLamp,
    ChatLine,
    Delivery,
    EndReason,
    MediaIntent,
    MicrophoneLamp,
)
from carena_desktop.call.ports import Picture, Stream
from carena_desktop.session.model import SessionState
from carena_desktop.ui.navigation import Page
from carena_protocol.messages import VisitState
from tests.fakes.session import ACCOUNT, entry
from tests.unit.ui.conftest import Scene, settle

ADMITTED = entry(
    1, state=VisitState.IN_VISIT, admitted_at_ms=1_800_000_060_000, clinician_id=ACCOUNT.id, clinician_name="me"
)
FIGURES = CallFigures(
    remote_frames=9, remote_fps=30, remote_width=640, remote_height=360, round_trip_ms=20, srtp_profile="X"
)


def ask(scene: Scene, **changes: Any) -> None:
    """Admit a patient and begin the visit with the question."""
    scene.online(replace(ADMITTED, **changes))
    scene.call.push(state=CallState.ASKING, visit="visit-1")
    settle()


def connect(scene: Scene) -> None:
    """Go on to a visit in which both see each other."""
    ask(scene)
    scene.call.allow(Allowed.CAMERA_AND_MICROPHONE)
    scene.call.push(state=CallState.ACTIVE, peer_camera=True, peer_microphone=True, figures=FIGURES)
    settle()


def accessible_names(widget: QWidget) -> set[str]:
    """Names of everything visible inside ``widget``."""
    inside = [w for w in widget.findChildren(QWidget) if w.isVisible()]
    return {QAccessible.queryAccessibleInterface(w).text(QAccessible.Text.Name) for w in inside}


def solid(number: int, color: int, width: int = 64, height: int = 36) -> Picture:
    """A picture of one colour."""
    data = color.to_bytes(4, "little") * (width * height)
    return Picture(number, width, height, width * 4, memoryview(data))


def middle(widget: QWidget) -> int:
    """The colour painted in the middle of ``widget``, without alpha."""
    image = widget.grab().toImage()
    return int(image.pixel(image.width() // 2, image.height() // 2)) & 0xFFFFFF


def striped(number: int) -> Picture:
    """A picture of black and white stripes, eight pixels wide each."""
    row = (bytes(32) + b"\xff" * 32) * 40
    return Picture(number, 640, 360, 2560, memoryview(row * 360))


def contrast(widget: QWidget) -> int:
    """The largest step of brightness from one pixel to the next within the middle half of a widget's middle line."""
    image = widget.grab().toImage()
    line = [
        image.pixelColor(x, image.height() // 2).lightness() for x in range(image.width() // 4, image.width() * 3 // 4)
    ]
    return max(abs(later - before) for before, later in pairwise(line))


def test_a_picture_that_stands_still_is_not_shown_as_live(scene: Scene) -> None:
    """Within three seconds of the last picture it is blurred under a sentence, and sharp again with the next one."""
    connect(scene)
    page = scene.window.call
    scene.call.picture(Stream.REMOTE, striped(1))
    settle()
    for _ in range(4):
        scene.clock.advance(0.5)
        page.tick()
    settle()
    assert contrast(page.stage.video) > 60, "two seconds without a picture happen"
    scene.clock.advance(0.5)
    page.tick()
    settle()
    assert contrast(page.stage.video) < 20
    assert page.stage.centre.title_label.text() == "This picture is not live"
    assert page.stage.centre.isVisible()
    scene.call.picture(Stream.REMOTE, striped(2))
    settle()
    assert contrast(page.stage.video) > 60
    assert page.stage.centre.isHidden()


def test_a_lost_path_leaves_no_sharp_face(scene: Scene) -> None:
    """While another connection is made the last picture is blurred, at once."""
    connect(scene)
    video = scene.window.call.stage.video
    scene.call.picture(Stream.REMOTE, striped(1))
    settle()
    scene.call.push(state=CallState.RECONNECTING)
    settle()
    assert contrast(video) < 20
    scene.call.push(state=CallState.ACTIVE)
    settle()
    assert contrast(video) > 60


def test_a_window_that_nobody_sees_makes_no_picture_old(scene: Scene) -> None:
    """Pictures come only as they are painted: who comes back to the visit finds what it was, not a veil."""
    connect(scene)
    page = scene.window.call
    scene.call.picture(Stream.REMOTE, striped(1))
    settle()
    page.stage.hide()
    for _ in range(8):
        scene.clock.advance(0.5)
        page.tick()
    page.stage.show()
    page.tick()
    settle()
    assert contrast(page.stage.video) > 60


def test_what_can_not_be_secured_is_blurred(scene: Scene) -> None:
    """While nothing can be opened the last picture is unrecognizable under a sentence; then it is clear again."""
    connect(scene)
    video = scene.window.call.stage.video
    scene.call.picture(Stream.REMOTE, striped(1))
    settle()
    assert contrast(video) > 60
    scene.call.push(is_securing=True)
    settle()
    assert contrast(video) < 20
    scene.call.push(is_securing=False)
    settle()
    assert contrast(video) > 60


def test_the_question_comes_before_everything(scene: Scene) -> None:
    """A new visit asks, names patient and devices, and both lamps are off."""
    ask(scene)
    page = scene.window.call
    assert scene.window.page is Page.CALL
    names = accessible_names(page)
    assert {"Allow camera and microphone", "Microphone only", "Not now", "Camera off", "Microphone off"} <= names
    card = page.stage.consent
    assert "Test Patient 1" in card.accessibleName()
    assert "Test Camera" in card._camera.text()
    assert "Test Microphone" in card._microphone.text()
    assert not page.mute.isEnabled()


def test_a_stray_enter_allows_nothing(scene: Scene, qtbot: QtBot) -> None:
    """The question has the keyboard, not its buttons: an Enter that comes late opens no device."""
    ask(scene)
    page = scene.window.call
    assert scene.window.focusWidget() is page.stage.consent
    with qtbot.assertNotEmitted(page.allowed):
        qtbot.keyClick(page.stage.consent, Qt.Key.Key_Return)
    qtbot.keyClick(page.stage.consent, Qt.Key.Key_Tab)
    assert scene.window.focusWidget() is page.stage.consent.allow_both


@pytest.mark.parametrize(
    ("button", "allowed"),
    [
        ("allow_both", Allowed.CAMERA_AND_MICROPHONE),
        ("allow_microphone", Allowed.MICROPHONE_ONLY),
        ("not_now", Allowed.NOTHING),
    ],
)
def test_each_answer_is_passed_on(scene: Scene, qtbot: QtBot, button: str, allowed: Allowed) -> None:
    """Every button of the question emits its own answer."""
    ask(scene)
    page = scene.window.call
    with qtbot.waitSignal(page.allowed) as answered:
        getattr(page.stage.consent, button).click()
    assert answered.args == [allowed]


def test_lamps_follow_the_capture_not_the_buttons(scene: Scene) -> None:
    """A device that ignores the button keeps its lamp lit, and the title with it."""
    connect(scene)
    scene.call.obeys = False
    page = scene.window.call
    scene.call.set_camera(wanted=False)
    scene.call.set_microphone(wanted=False)
    assert page.camera.accessibleName() == "Start camera"
    assert page.mute.accessibleName() == "Unmute microphone"
    assert {"Camera live", "Microphone live"} <= accessible_names(page.stage)
    assert scene.window.windowTitle().startswith("Camera live · Microphone live")
    scene.call.push(camera=CameraLamp.OFF, microphone=MicrophoneLamp.MUTED)
    assert {"Camera off", "Microphone muted"} <= accessible_names(page.stage)
    assert scene.window.windowTitle().startswith("Camera off · Microphone muted")


def test_controls_have_the_agreed_names(scene: Scene) -> None:
    """Controls, chat and lamps are found by their agreed names."""
    connect(scene)
    wanted = {"Mute microphone", "Stop camera", "End visit", "Message", "Send", "Camera live", "Microphone live"}
    assert wanted <= accessible_names(scene.window.call)


def test_keys_work_but_not_while_writing(scene: Scene, qtbot: QtBot) -> None:
    """Single letters mute and stop the camera, except while a text field has the keyboard (WCAG 2.1.4)."""
    connect(scene)
    page = scene.window.call
    page.mute.setFocus()
    with qtbot.waitSignal(page.microphone_requested) as asked:
        qtbot.keyClick(page, Qt.Key.Key_M)
    assert asked.args == [False]
    with qtbot.waitSignal(page.camera_requested):
        qtbot.keyClick(page, Qt.Key.Key_V)
    page.chat.message.setFocus()
    with qtbot.assertNotEmitted(page.microphone_requested):
        qtbot.keyClicks(page.chat.message, "my mother")
    assert page.chat.message.text() == "my mother"


def test_the_visit_ends_with_one_press(scene: Scene, qtbot: QtBot) -> None:
    """The button and Ctrl+Shift+E both end at once, from anywhere on the page."""
    connect(scene)
    page = scene.window.call
    with qtbot.waitSignal(page.end_requested) as ended:
        page.end.click()
    assert ended.args == ["visit-1"]
    page.chat.message.setFocus()
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    with qtbot.waitSignal(page.end_requested):
        qtbot.keyClick(page.chat.message, Qt.Key.Key_E, modifiers)


def test_starting_what_was_not_allowed_asks_again(scene: Scene, qtbot: QtBot) -> None:
    """With the microphone only, Start camera brings the question back and opens nothing."""
    ask(scene)
    scene.call.allow(Allowed.MICROPHONE_ONLY)
    settle()
    page = scene.window.call
    assert not page.stage.consent.isVisible()
    with qtbot.assertNotEmitted(page.camera_requested):
        page.camera.click()
    assert page.stage.consent.isVisible()
    with qtbot.waitSignal(page.allowed):
        page.stage.consent.allow_both.click()
    assert not page.stage.consent.isVisible()


def test_pictures_are_painted_from_the_slot(scene: Scene) -> None:
    """The newest picture of each stream is on the screen, and the engine is told how large."""
    connect(scene)
    stage = scene.window.call.stage
    scene.call.picture(Stream.REMOTE, solid(1, 0xFF0000))
    scene.call.picture(Stream.REMOTE, solid(2, 0x00FF00))
    scene.call.picture(Stream.SELF, solid(3, 0x0000FF))
    settle()
    assert middle(stage.video) == 0x00FF00
    assert middle(stage.self_view.video) == 0x0000FF
    assert stage.video.frames_painted == 1
    assert scene.call.readers[Stream.REMOTE].size == (stage.video.width(), stage.video.height())


def test_a_camera_that_is_off_leaves_no_picture(scene: Scene) -> None:
    """When their camera goes off the last picture is gone and the stage says so."""
    connect(scene)
    stage = scene.window.call.stage
    scene.call.picture(Stream.REMOTE, solid(1, 0xFF0000))
    settle()
    scene.call.push(peer_camera=False)
    settle()
    assert middle(stage.video) != 0xFF0000
    assert stage.centre.title_label.text() == "The patient's camera is off"


def test_pictures_of_one_patient_never_reach_the_next_visit(scene: Scene) -> None:
    """A new visit begins with an empty stage and an empty chat."""
    connect(scene)
    scene.call.push(chat=(ChatLine("1", "secret", 0, mine=False, delivery=Delivery.RECEIVED),))
    scene.call.picture(Stream.REMOTE, solid(1, 0xFF0000))
    settle()
    scene.call.push(state=CallState.ENDED, end_reason=EndReason.REMOTE)
    scene.session.show(ADMITTED, replace(ADMITTED, visit="visit-2", name="Next Patient"))
    scene.call.push(state=CallState.ACTIVE, visit="visit-2", chat=(), end_reason=None)
    settle()
    page = scene.window.call
    assert page.stage.video.frame_number == -1
    assert middle(page.stage.video) != 0xFF0000
    assert page.chat.bubbles() == ()
    assert "Next Patient" in page.stage.identity._name.full_text()


def test_chat_shows_text_as_text(scene: Scene) -> None:
    """Lines are plain text with who, when and what became of them; an update changes the line, not the list."""
    connect(scene)
    line = ChatLine("1", "<b>not bold</b>\nsecond", 0, mine=True, delivery=Delivery.SENDING)
    scene.call.push(chat=(line,))
    bubble = scene.window.call.chat.bubbles()[0]
    assert bubble.words == "<b>not bold</b>\nsecond"
    assert bubble._words.textFormat() is Qt.TextFormat.PlainText
    assert "sending" in bubble.caption
    scene.call.push(chat=(replace(line, delivery=Delivery.DELIVERED),))
    assert scene.window.call.chat.bubbles() == (bubble,)
    assert "delivered" in bubble.caption


def test_chat_is_sent_by_enter_and_button(scene: Scene, qtbot: QtBot) -> None:
    """Both send the trimmed line once and empty the field; nothing is sent from an empty one."""
    connect(scene)
    chat = scene.window.call.chat
    chat.message.setText("  hello  ")
    with qtbot.waitSignal(chat.send_requested) as sent:
        qtbot.keyClick(chat.message, Qt.Key.Key_Return)
    assert sent.args == ["hello"]
    assert chat.message.text() == ""
    with qtbot.assertNotEmitted(chat.send_requested):
        chat.send.click()


def test_the_timer_counts_from_the_first_media(scene: Scene) -> None:
    """The timer stands still until media flows, then runs with the clock."""
    connect(scene)
    page = scene.window.call
    assert not page.timer.isVisible()
    scene.call.push(started_at_ms=scene.clock.wall_ms())
    scene.clock.advance(65)
    page.tick()
    assert page.timer.text_label.text() == "01:05"


def test_problems_are_said_on_the_stage(scene: Scene) -> None:
    """A missing camera is a sentence over the picture, not a dead end."""
    connect(scene)
    scene.call.push(camera_problem="no_device", camera=CameraLamp.OFF)
    page = scene.window.call
    assert page.stage.problem.isVisible()
    assert page.stage.problem.text == "The camera was not found."


@pytest.mark.parametrize("reason", [EndReason.FAILED, EndReason.ENGINE_LOST, EndReason.REMOTE])
def test_an_end_that_was_not_ours_is_explained(scene: Scene, qtbot: QtBot, reason: EndReason) -> None:
    """The page stays with the reason until it is put away, then the waiting room is back."""
    connect(scene)
    scene.call.push(state=CallState.ENDED, end_reason=reason, camera=CameraLamp.OFF, microphone=MicrophoneLamp.OFF)
    page = scene.window.call
    assert scene.window.page is Page.CALL
    assert page.stage.centre.rejoin.isVisible() is (reason is not EndReason.REMOTE)
    assert scene.window.windowTitle() == "Carena"
    with qtbot.waitSignal(page.leave_requested):
        page.stage.centre.back.click()
    assert scene.window.page is Page.WAITING_ROOM


def test_our_own_end_goes_straight_back(scene: Scene) -> None:
    """Hanging up leads to the waiting room without another question."""
    connect(scene)
    scene.call.push(state=CallState.ENDED, end_reason=EndReason.LOCAL)
    assert scene.window.page is Page.WAITING_ROOM


def test_the_call_outlives_the_session(scene: Scene) -> None:
    """When the server is away or signs us out, the visit stays on the screen with the patient's name."""
    connect(scene)
    scene.session.publish(state=SessionState.RECONNECTING)
    assert scene.window.page is Page.CALL
    scene.session.publish(state=SessionState.SIGNED_OUT, account=None)
    assert scene.window.page is Page.CALL
    assert "Test Patient 1" in scene.window.call.stage.identity._name.full_text()


def test_a_long_name_does_not_push_anything(scene: Scene) -> None:
    """A name of 120 wide letters stays in its strip."""
    ask(scene, name="W" * 120)
    scene.call.allow(Allowed.NOTHING)
    settle()
    stage = scene.window.call.stage
    assert stage.identity.width() <= scene.theme.px(320)
    assert scene.window.width() == 1440


def test_muted_and_off_are_told_apart(scene: Scene) -> None:
    """Muted means open without sound leaving; off means closed."""
    connect(scene)
    names = scene.window.call.stage
    scene.call.push(microphone=MicrophoneLamp.MUTED)
    assert "Microphone muted" in accessible_names(names)
    scene.call.push(microphone=MicrophoneLamp.OFF, intent=MediaIntent(Allowed.NOTHING))
    assert "Microphone off" in accessible_names(names)


def test_after_the_answer_the_keyboard_is_at_the_controls(scene: Scene) -> None:
    """While the question is there they are off; as soon as they can be used, the first of them has the keyboard."""
    ask(scene)
    page = scene.window.call
    page.stage.consent.answered.emit(Allowed.CAMERA_AND_MICROPHONE)
    scene.call.allow(Allowed.CAMERA_AND_MICROPHONE)
    scene.call.push(state=CallState.CONNECTING)
    settle()
    assert scene.window.focusWidget() is page.mute


def test_enter_presses_the_controls(scene: Scene, qtbot: QtBot) -> None:
    """Enter does what Space does on every control of the bar: it never falls through to another one."""
    connect(scene)
    page = scene.window.call
    page.mute.setFocus()
    with qtbot.waitSignal(page.microphone_requested) as asked:
        qtbot.keyClick(page.mute, Qt.Key.Key_Return)
    assert asked.args == [False]
