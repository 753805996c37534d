"""What the visit's screen shows for a snapshot."""

from dataclasses import replace
from typing import Any

import pytest

from carena_desktop.call.model import (
    Allowed,
    CallFigures,
    CallSnapshot,
    CallState,
    CameraLamp,
    Cause,
    ChatLine,
    Delivery,
    EndReason,
    Level,
    MediaIntent,
    MicrophoneLamp,
    Path,
    Reading,
    SecurityView,
    Verification,
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


def changed(**changes: Any) -> CallSnapshot:
    """The live call with changes."""
    return replace(LIVE, **changes)


@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize("lamp", list(CameraLamp))
def test_the_camera_lamp_is_the_capture(lamp: CameraLamp, wanted: bool) -> None:
    """The lamp says what the device does, whatever was pressed."""
    intent = MediaIntent(Allowed.CAMERA_AND_MICROPHONE, camera_wanted=wanted)
    state = view(changed(camera=lamp, intent=intent), PATIENT)
    assert state.camera.words == {CameraLamp.LIVE: "Camera live", CameraLamp.OFF: "Camera off"}[lamp]
    assert state.camera.live is (lamp is CameraLamp.LIVE)


@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize("lamp", list(MicrophoneLamp))
def test_the_microphone_lamp_is_the_capture(lamp: MicrophoneLamp, wanted: bool) -> None:
    """The lamp says what the device does, whatever was pressed."""
    intent = MediaIntent(Allowed.CAMERA_AND_MICROPHONE, microphone_wanted=wanted)
    state = view(changed(microphone=lamp, intent=intent), PATIENT)
    words = {"live": "Microphone live", "muted": "Microphone muted", "off": "Microphone off"}
    assert state.microphone.words == words[lamp.value]


def test_buttons_say_what_a_press_does() -> None:
    """Buttons follow what is wanted and allowed, and change their name with it."""
    on = view(LIVE, PATIENT)
    assert (on.mute.name, on.camera_control.name) == ("Mute microphone", "Stop camera")
    off = view(changed(intent=MediaIntent(Allowed.CAMERA_AND_MICROPHONE, False, False)), PATIENT)
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
def test_the_stage_never_shows_a_stale_face(call: CallSnapshot, picture: bool, title: str) -> None:
    """A picture is shown only while one can be true; otherwise the stage says why there is none."""
    state = view(call, PATIENT)
    assert (state.remote_picture, state.message.title) == (picture, title)


def test_a_picture_is_veiled_while_nothing_can_be_opened() -> None:
    """Then it is an old one: it is blurred, and a sentence says why."""
    assert not view(LIVE, PATIENT).veiled
    state = view(changed(is_securing=True), PATIENT)
    assert state.veiled
    assert state.message.title == "Securing the connection…"


def test_a_lost_path_veils_everything_and_a_stand_only_the_camera() -> None:
    """A shared screen may stand still for long; under it no sentence says what its small veil says."""
    lost = view(changed(state=CallState.RECONNECTING), PATIENT)
    assert (lost.veiled, lost.camera_old, lost.message.title) == (True, False, "Reconnecting…")
    old = view(LIVE, PATIENT, camera_old=True)
    assert (old.veiled, old.camera_old, old.message.title) == (False, True, "This picture is not live")
    beside = view(changed(peer_screen=True), PATIENT, camera_old=True)
    assert (beside.camera_old, beside.message.title) == (True, "")
    for without in (changed(peer_camera=False), changed(figures=CallFigures()), changed(state=CallState.ENDED)):
        assert not view(without, PATIENT, camera_old=True).camera_old


def test_encryption_is_claimed_only_with_keys() -> None:
    """The statement appears when both sides have keys, and says whether the codes were compared."""
    safe = SecurityView(Verification.UNVERIFIED)
    assert view(LIVE, PATIENT).encryption == ""
    assert view(changed(security=safe), PATIENT).encryption == "Encrypted end to end, not verified"
    verified = replace(safe, verification=Verification.VERIFIED)
    assert view(changed(security=verified), PATIENT).encryption == "Encrypted end to end, verified"
    assert view(changed(security=safe, state=CallState.ENDED), PATIENT).encryption == ""


def test_an_unsafe_call_offers_no_way_on() -> None:
    """The stop says what may have happened, and there is no way to rejoin."""
    state = view(changed(state=CallState.ENDED, end_reason=EndReason.UNSAFE), replace(PATIENT, listed=True))
    assert "stopped" in state.message.title
    assert not state.may_rejoin
    assert state.may_finish


@pytest.mark.parametrize(
    ("level", "cause", "word"),
    [
        (Level.UNKNOWN, Cause.NONE, "Measuring"),
        (Level.GOOD, Cause.NONE, "Good"),
        (Level.FAIR, Cause.RELAY, "Fair"),
        (Level.POOR, Cause.OUR_UPLINK, "Poor"),
    ],
)
def test_quality_is_a_word_its_numbers_and_what_helps(level: Level, cause: Cause, word: str) -> None:
    """The word is the call's own reading; the numbers stand beside it, and advice where there is a cause."""
    figures = CallFigures(remote_fps=24, remote_height=720, remote_width=1280, round_trip_ms=42, path=Path.RELAYED)
    told = quality(changed(figures=figures, quality=Reading(level, cause), peer_camera=True), running=True)
    assert told.word == word
    assert told.figures == "relayed \u00b7 42 ms \u00b7 1280 \u00d7 720 \u00b7 24 fps"
    assert bool(told.advice) == (cause is not Cause.NONE)


def test_every_cause_and_level_has_words() -> None:
    """No reading is without a word, and no trouble without one sentence of advice."""
    for level in Level:
        for cause in Cause:
            told = quality(changed(quality=Reading(level, cause)), running=True)
            assert told.word
            assert told.advice.endswith(".") or cause is Cause.NONE


def test_nobody_is_told_to_stop_a_camera_that_is_off() -> None:
    """On a slow uplink the camera is the first thing to save, unless it is off already."""
    slow = Reading(Level.POOR, Cause.OUR_UPLINK)
    assert "Stop your camera" in quality(changed(quality=slow, camera=CameraLamp.LIVE), running=True).advice
    assert "camera" not in quality(changed(quality=slow, camera=CameraLamp.OFF), running=True).advice


def test_both_directions_are_told_in_numbers() -> None:
    """What is sent and what is received stand in the details, and nothing where nothing was measured."""
    figures = CallFigures(
        remote_width=640, remote_height=360, remote_fps=30, received_kbps=900, received_loss=0.021,
        sent_width=1280, sent_height=720, sent_fps=29.6, sent_kbps=2400, sent_loss=0.0, path_kbps=2500,
    )  # fmt: skip
    lines = {line.name: (line.here, line.there) for line in quality(changed(figures=figures), running=True).details}
    assert lines["Picture"] == ("640 \u00d7 360", "1280 \u00d7 720")
    assert lines["Frames"] == ("30 per s", "30 per s")
    assert lines["Video"] == ("900 kbit/s", "2,400 kbit/s")
    assert lines["Lost at first"] == ("2.1%", "0.0%")
    assert lines["The path carries"] == ("", "2,500 kbit/s")
    nothing = quality(changed(figures=CallFigures()), running=True).details
    assert [line.name for line in nothing] == ["Sound"]


def test_what_the_organization_closed_is_said_to_be_its() -> None:
    """Camera, microphone and a shared screen that a policy closed name the organization, not a fault."""
    closed = changed(camera_problem="forbidden", microphone_problem="forbidden", share_problem="forbidden")
    assert view(closed, PATIENT).problems == (
        "The camera is closed: your organization does not allow it.",
        "The microphone is closed: your organization does not allow it.",
        "Your organization does not allow sharing a screen. Sharing has ended.",
    )


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
def test_a_lost_call_can_be_rejoined(reason: EndReason, rejoin: bool) -> None:
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


@pytest.mark.parametrize(("problem", "says"), [("denied", "Nothing was chosen"), ("gone", "can't be captured")])
def test_why_nothing_is_shared_any_more_is_said(problem: str, says: str) -> None:
    """A closed question of the system's is another thing than a window that went away."""
    (only,) = view(changed(share_problem=problem), PATIENT).problems
    assert says in only


def test_with_another_device_nothing_can_be_written_sent_or_shared_and_the_reason_stands_there() -> None:
    """Until the codes match the entry is closed, lines wait, and the window says why and what to do."""
    mine = ChatLine("a", "Hello", 0, mine=True, delivery=Delivery.SENDING)
    state = view(changed(security=SecurityView(Verification.CHANGED), chat=(mine,)), PATIENT)
    assert (state.chat_open, state.share_control.enabled) == (False, False)
    assert "another device than before" in state.held
    assert state.chat[0].caption.endswith("waits for the codes")
    after = view(changed(security=SecurityView(Verification.VERIFIED), chat=(mine,)), PATIENT)
    assert (after.chat_open, after.share_control.enabled, after.held) == (True, True, "")
