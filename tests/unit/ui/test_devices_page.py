"""The device check, the visit's device menu and the lamp outside the window."""

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtGui import QAction

from carena_desktop.call.model import CallState, CameraLamp, MicrophoneLamp
from carena_desktop.call.ports import DeviceChoice, DeviceName, DevicesListed
from carena_desktop.ui.lamp_tray import lamp_words
from carena_desktop.ui.navigation import Page
from carena_desktop.ui.pages.devices.view_model import Kind
from tests.fakes.session import entry
from tests.unit.ui.conftest import LiveScene, settle

LISTED = DevicesListed(
    cameras=(DeviceName("cam", "Desk camera"),),
    microphones=(DeviceName("mic", "Built-in"), DeviceName("headset", "Headset & co")),
    speakers=(DeviceName("spk", "Built-in"),),
)


async def _open(scene: LiveScene) -> None:
    scene.online()
    scene.window.waiting_room.rail.devices.click()
    await scene.settled()


def _menu_lines(scene: LiveScene) -> dict[str, QAction]:
    menu = scene.window.call.device_menu
    menu.aboutToShow.emit()
    return {action.text(): action for action in menu.actions() if action.isCheckable()}


async def test_opening_the_check_opens_no_device(live_scene: LiveScene) -> None:
    """The page asks for the list of devices and for nothing else."""
    await _open(live_scene)
    assert live_scene.window.page is Page.DEVICES
    assert live_scene.call.asked == [("list", None)]
    assert live_scene.window.devices.lamp.text_label.text() == "Nothing is open"


async def test_turning_on_and_leaving(live_scene: LiveScene) -> None:
    """The button opens both devices and says so; leaving the page closes them."""
    await _open(live_scene)
    page = live_scene.window.devices
    page.turn.click()
    await live_scene.settled()
    assert live_scene.call.asked[-1] == ("check", (True, True))
    assert "only you see and hear this" in page.lamp.text_label.text()
    page.done.click()
    await live_scene.settled()
    assert live_scene.call.asked[-1] == ("check", (False, False))
    assert live_scene.window.page is Page.WAITING_ROOM


async def test_what_the_system_refuses_is_not_opened(live_scene: LiveScene) -> None:
    """Without the system's leave the check asks for neither device."""
    live_scene.permissions.granted = False
    await _open(live_scene)
    live_scene.window.devices.turn.click()
    await live_scene.settled()
    assert live_scene.call.asked[-1] == ("check", (False, False))


async def test_an_answer_that_comes_after_leaving_opens_nothing(live_scene: LiveScene) -> None:
    """The system's question is answered when the page is gone: nothing opens."""
    answered = asyncio.Event()

    async def slow() -> bool:
        await answered.wait()
        return True

    live_scene.permissions.microphone = slow  # type: ignore[method-assign]  # the person takes their time
    await _open(live_scene)
    live_scene.window.devices.turn.click()
    live_scene.window.devices.done.click()
    answered.set()
    await live_scene.settled()
    assert ("check", (True, True)) not in live_scene.call.asked


async def test_choosing_keeps_the_other_choices(live_scene: LiveScene) -> None:
    """Another microphone changes the microphone alone."""
    await _open(live_scene)
    live_scene.call.devices.push(listed=LISTED, choice=DeviceChoice(camera="cam"))
    box = live_scene.window.devices.fields[Kind.MICROPHONE].box
    assert [box.itemText(at) for at in range(box.count())] == ["System default", "Built-in", "Headset & co"]
    box.activated.emit(2)
    assert live_scene.call.asked[-1] == ("choose", DeviceChoice(camera="cam", microphone="headset"))
    assert box.currentIndex() == 2


async def test_a_chosen_device_that_is_gone_stays_chosen_and_says_so(live_scene: LiveScene) -> None:
    """A pulled headset is not replaced in the list by something nobody chose."""
    await _open(live_scene)
    live_scene.call.devices.push(listed=LISTED, choice=DeviceChoice(microphone="pulled"))
    box = live_scene.window.devices.fields[Kind.MICROPHONE].box
    assert box.currentText() == "Not plugged in"


async def test_the_microphone_works_when_it_was_heard(live_scene: LiveScene) -> None:
    """An open microphone is not called working before something was loud enough; closing forgets it."""
    await _open(live_scene)
    page = live_scene.window.devices
    page.turn.click()
    await live_scene.settled()
    finding = page.cards[1]
    assert "Nothing heard yet" in finding.accessibleName()
    live_scene.call.devices.push(level=0.6)
    assert "Microphone works" in finding.accessibleName()
    page.turn.click()
    await live_scene.settled()
    assert "Microphone is off" in finding.accessibleName()


@pytest.mark.parametrize(("heard", "words"), [(True, "Speaker works"), (False, "The test sound was not heard")])
async def test_only_the_person_can_say_that_the_speaker_works(
    live_scene: LiveScene, *, heard: bool, words: str
) -> None:
    """The sound is played, the page asks, and the answer is what it shows."""
    await _open(live_scene)
    page = live_scene.window.devices
    page.test_sound.click()
    assert live_scene.call.asked[-1] == ("test sound", None)
    assert page.heard.isVisibleTo(page)
    (page.heard if heard else page.not_heard).click()
    assert words in page.cards[2].accessibleName()
    assert not page.heard.isVisibleTo(page)


async def test_a_visit_that_begins_ends_the_check(live_scene: LiveScene) -> None:
    """Whatever a check has opened is closed when a visit comes: it asks anew."""
    await _open(live_scene)
    live_scene.online(entry(1))
    live_scene.window.devices.turn.click()
    await live_scene.settled()
    live_scene.intents.start_visit("visit-1")
    await live_scene.settled()
    assert live_scene.window.page is Page.CALL
    assert live_scene.call.asked[-1] == ("check", (False, False))


async def test_devices_are_changed_within_a_visit(live_scene: LiveScene) -> None:
    """The menu ticks what is chosen, greys out what is missing and asks for what is picked."""
    live_scene.online()
    live_scene.call.push(state=CallState.ACTIVE, visit="visit-1")
    live_scene.call.devices.push(listed=LISTED, choice=DeviceChoice(camera="pulled", microphone="mic"))
    settle()
    lines = _menu_lines(live_scene)
    by_device = {action.property("device"): action for action in lines.values()}
    assert not by_device["pulled"].isEnabled()
    assert by_device["pulled"].isChecked()
    headset = next(action for action in live_scene.window.call.device_menu.actions() if "Headset" in action.text())
    headset.trigger()
    assert live_scene.call.asked[-1] == ("choose", DeviceChoice(camera="pulled", microphone="headset"))


async def test_the_lamp_outside_the_window_says_what_is_open(live_scene: LiveScene) -> None:
    """Nothing without an open device; a muted microphone is still open and is named."""
    off = live_scene.call.snapshot
    assert lamp_words(off) == ""
    muted = lamp_words(replace(off, microphone=MicrophoneLamp.MUTED))
    both = lamp_words(replace(off, camera=CameraLamp.LIVE, microphone=MicrophoneLamp.LIVE))
    assert muted
    assert muted != both
    live_scene.call.push(camera=CameraLamp.LIVE, microphone=MicrophoneLamp.LIVE)
    assert live_scene.window.lamps.words == both
    live_scene.call.push(camera=CameraLamp.OFF, microphone=MicrophoneLamp.OFF)
    assert live_scene.window.lamps.words == ""
