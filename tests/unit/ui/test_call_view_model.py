"""What the visit's screen shows for a snapshot."""

from dataclasses import replace

import pytest

from carena_desktop.call.model import (
    Allowed,
    CallFigures,
    CallSnapshot,
    CallState,
    CameraLamp,
    ChatLine,
    Delivery,
    EndReason,
    MediaIntent,
    MicrophoneLamp,
    Path,
)
from carena_desktop.session.model import SessionSnapshot, SessionState, WaitingRoom
from carena_desktop.ui.navigation import Page, page_for, patient_of
from carena_desktop.ui.pages.call.readings import quality
from carena_desktop.ui.pages.call.view_model import Patient, view, window_title
from tests.fakes.session import ACCOUNT, entry

PATIENT = Patient("v", "Test Patient", "46 y", listed=True)
LIVE = CallSnapshot(
    state=CallState.ACTIVE,
    visit="v",
    intent=MediaIntent(allowed=Allowed.CAMERA_AND_MICROPHONE),
    peer_camera=True,
    figures=CallFigures(
        remote_frames=5, remote_height=720, remote_width=1280, remote_fps=30, round_trip_ms=40, srtp_profile="X"
    ),
)


def changed(**changes: object) -> CallSnapshot:
    """The live call with changes."""
    return replace(LIVE, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize("lamp", list(CameraLamp))
def test_the_camera_lamp_is_the_capture(lamp: CameraLamp, wanted: bool) -> None:  # noqa: FBT001
    """The lamp says what the device does, whatever was pressed."""
    intent = MediaIntent(Allowed.CAMERA_AND_MICROPHONE, camera_wanted=wanted)
    state = view(changed(camera=lamp, intent=intent), PATIENT)
    assert state.camera.words == {CameraLamp.LIVE: "Camera live", CameraLamp.OFF: "Camera off"}[lamp]
    assert state.camera.live is (lamp is CameraLamp.LIVE)


@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize("lamp", list(MicrophoneLamp))
def test_the_microphone_lamp_is_the_capture(lamp: MicrophoneLamp, wanted: bool) -> None:  # noqa: FBT001
    """The lamp says what the device does, whatever was pressed."""
    intent = MediaIntent(Allowed.CAMERA_AND_MICROPHONE, microphone_wanted=wanted)
    state = view(changed(microphone=lamp, intent=intent), PATIENT)
    words = {"live": "Microphone live", "muted": "Microphone muted", "off": "Microphone off"}
    assert state.microphone.words == words[lamp.value]


def test_buttons_say_what_a_press_does() -> None:
    """Buttons follow what is wanted and allowed, and change their name with it."""
    on = view(LIVE, PATIENT)
    assert (on.mute.name, on.camera_control.name) == ("Mute microphone", "Stop camera")
    off = view(changed(intent=MediaIntent(Allowed.CAMERA_AND_MICROPHONE, False, False)), PATIENT)  # noqa: FBT003
    assert (off.mute.name, off.camera_control.name) == ("Unmute microphone", "Start camera")
    only = view(changed(intent=MediaIntent(Allowed.MICROPHONE_ONLY)), PATIENT)
    assert (only.mute.name, only.camera_control.name) == ("Mute microphone", "Start camera")


@pytest.mark.parametrize(
    ("call", "picture", "title"),
    [
        (LIVE, True, ""),
        (changed(peer_camera=False), False, "The patient's camera is off"),
        (changed(figures=CallFigures()), False, "The picture is on its way"),
        (changed(state=CallState.RECONNECTING), True, "Reconnecting…"),
        (changed(state=CallState.CONNECTING), False, "Connecting to \u2068Test Patient\u2069"),
        (changed(state=CallState.WAITING_FOR_PEER), False, "Waiting for \u2068Test Patient\u2069"),
        (changed(state=CallState.ASKING), False, ""),
        (
            changed(state=CallState.ENDED, end_reason=EndReason.REMOTE),
            False,
            "\u2068Test Patient\u2069 has left the visit",
        ),
    ],
)
def test_the_stage_never_shows_a_stale_face(call: CallSnapshot, picture: bool, title: str) -> None:  # noqa: FBT001
    """A picture is shown only while one can be true; otherwise the stage says why there is none."""
    state = view(call, PATIENT)
    assert (state.remote_picture, state.message.title) == (picture, title)


def test_encryption_is_claimed_only_with_keys() -> None:
    """The statement appears when media keys exist, and says nothing about verification."""
    said = view(LIVE, PATIENT).encryption
    assert said == "Encrypted between you and the patient (DTLS-SRTP)"
    assert view(changed(figures=CallFigures()), PATIENT).encryption == ""
    assert view(changed(state=CallState.ENDED), PATIENT).encryption == ""


@pytest.mark.parametrize(
    ("round_trip", "fps", "word"),
    [
        (None, 30, "Measuring"),
        (40, 30, "Good"),
        (40, 12, "Fair"),
        (40, 3, "Poor"),
        (200, 30, "Fair"),
        (900, 30, "Poor"),
    ],
)
def test_quality_is_round_trip_and_pictures(round_trip: float | None, fps: float, word: str) -> None:
    """The word comes from the numbers that stand beside it."""
    figures = CallFigures(
        remote_fps=fps, remote_height=720, remote_width=1280, round_trip_ms=round_trip, path=Path.RELAYED
    )
    judged = quality(figures, peer_camera=True, running=True)
    assert judged.word == word
    assert "relayed" in judged.figures
    assert f"{fps} fps" in judged.figures


def test_no_pictures_are_no_fault_when_their_camera_is_off() -> None:
    """With the other camera off only the round trip counts."""
    assert quality(CallFigures(round_trip_ms=40), peer_camera=False, running=True).word == "Good"


def test_device_problems_are_sentences() -> None:
    """Each device's code becomes a sentence; a call that is over shows none."""
    broken = changed(camera_problem="no_device", microphone_problem="busy", speaker_problem="failed")
    assert view(broken, PATIENT).problems == (
        "The camera was not found.",
        "The microphone is in use by another program.",
        "The speaker could not be opened, or gives nothing.",
    )

    assert view(replace(broken, state=CallState.ENDED), PATIENT).problems == ()


@pytest.mark.parametrize("delivery", list(Delivery))
def test_chat_says_what_became_of_a_line(delivery: Delivery) -> None:
    """Every delivery state is in the caption, a failure is marked."""
    line = ChatLine("1", "hello", 0, mine=delivery is not Delivery.RECEIVED, delivery=delivery)
    bubble = view(changed(chat=(line,)), PATIENT).chat[0]
    assert bubble.failed is (delivery is Delivery.FAILED)
    assert ("delivered" in bubble.caption) is (delivery in {Delivery.DELIVERED, Delivery.FAILED})


@pytest.mark.parametrize(
    ("reason", "rejoin"),
    [(EndReason.FAILED, True), (EndReason.ENGINE_LOST, True), (EndReason.REMOTE, False)],
)
def test_a_lost_call_can_be_rejoined(reason: EndReason, rejoin: bool) -> None:  # noqa: FBT001
    """What broke can be made again while the patient is listed; who left can't be called back."""
    over = changed(state=CallState.ENDED, end_reason=reason)
    assert view(over, PATIENT).may_rejoin is rejoin
    assert not view(over, Patient("v", "Test Patient")).may_rejoin


def test_the_title_carries_the_lamps_and_no_name() -> None:
    """The window's title says what the capture does during a visit and nothing of whom."""
    assert window_title(CallSnapshot()) == "Carena"
    assert window_title(changed(camera=CameraLamp.LIVE)) == "Camera live · Microphone off · Carena"
    forgotten = CallSnapshot(state=CallState.ENDED, microphone=MicrophoneLamp.LIVE)
    assert "Microphone live" in window_title(forgotten)


def test_a_visit_comes_before_a_lost_session() -> None:
    """A running call keeps its page when the session ends; without one the sign-in returns."""
    gone = SessionSnapshot(state=SessionState.SIGNED_OUT)
    assert page_for(gone, LIVE, "") is Page.CALL
    assert page_for(gone, CallSnapshot(), "") is Page.SIGN_IN
    online = SessionSnapshot(state=SessionState.ONLINE, account=ACCOUNT)
    assert page_for(online, CallSnapshot(), "") is Page.WAITING_ROOM


def test_an_ended_call_is_told_until_it_is_put_away() -> None:
    """Who didn't hang up reads why it ended; own hang-ups go straight back."""
    online = SessionSnapshot(state=SessionState.ONLINE, account=ACCOUNT)
    lost = changed(state=CallState.ENDED, end_reason=EndReason.FAILED)
    assert page_for(online, lost, "") is Page.CALL
    assert page_for(online, lost, "v") is Page.WAITING_ROOM
    assert page_for(online, changed(state=CallState.ENDED, end_reason=EndReason.LOCAL), "") is Page.WAITING_ROOM


def test_who_left_the_list_keeps_the_name_for_this_visit_only() -> None:
    """The name stays on the screen of the visit and goes with it."""
    room = WaitingRoom(entries=(entry(1),))
    here = patient_of(SessionSnapshot(waiting_room=room, account=ACCOUNT), "visit-1", Patient())
    assert (here.name, here.listed) == ("Test Patient 1", True)
    gone = patient_of(SessionSnapshot(), "visit-1", here)
    assert (gone.name, gone.listed) == ("Test Patient 1", False)
    assert patient_of(SessionSnapshot(), "visit-2", gone).name == ""
