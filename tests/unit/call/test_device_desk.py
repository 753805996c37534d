"""The devices between visits: what is asked of the engine, and what is believed of its answers."""

import math

import pytest

from carena_desktop.call.device_desk import DeviceDesk
from carena_desktop.call.ports import (
    DeviceChoice,
    DeviceName,
    DevicesListed,
    DevicesView,
    LevelMeasured,
    ListDevices,
    ListShareable,
    PlayTestSound,
    SetCapture,
    Shareable,
    ShareableListed,
)
from tests.fakes.engine import FakeEngine


class Desk:
    """A desk on a fake engine, outside a visit."""

    def __init__(self) -> None:
        self.engine = FakeEngine(auto=False)
        self.chosen: list[DeviceChoice] = []
        self.free = True
        self.desk = DeviceDesk(self.engine, DeviceChoice(), on_choice=self.chosen.append, may_check=lambda: self.free)
        self.desk.engine_started()


def test_a_check_opens_muted_and_only_outside_a_visit() -> None:
    """What a check opens is muted; during a visit it opens nothing."""
    bench = Desk()
    bench.desk.check(camera=True, microphone=True)
    assert bench.engine.commands == [SetCapture(camera=True, microphone=True, muted=True)]
    bench.free = False
    bench.desk.check(camera=True, microphone=True)
    assert len(bench.engine.commands) == 1


def test_nothing_is_asked_of_an_engine_that_is_not_there() -> None:
    """Before the engine has started no command is sent; then the list that was asked for is asked."""
    engine = FakeEngine(auto=False)
    desk = DeviceDesk(engine, DeviceChoice(), on_choice=lambda _: None, may_check=lambda: True)
    desk.list()
    desk.check(camera=True, microphone=True)
    desk.play_test_sound()
    assert engine.commands == []
    desk.engine_started()
    assert engine.commands == [ListDevices()]


def test_another_choice_moves_a_running_check_and_is_told() -> None:
    """The open check changes over to the chosen microphone, and the visit's machine hears of it."""
    bench = Desk()
    bench.desk.check(camera=False, microphone=True)
    choice = DeviceChoice(microphone="headset")
    bench.desk.choose(choice)
    assert bench.engine.commands[-1] == SetCapture(
        camera=False, microphone=True, muted=True, microphone_device="headset"
    )
    assert bench.chosen == [choice]


def test_a_beginning_visit_closes_what_the_check_opened() -> None:
    """Both devices are closed, once."""
    bench = Desk()
    bench.desk.check(camera=True, microphone=True)
    bench.desk.check_over()
    bench.desk.check_over()
    assert bench.engine.commands[1:] == [SetCapture(camera=False, microphone=False, muted=True)]


def test_the_view_follows_the_engine() -> None:
    """A new list and a new level are published once each."""
    bench = Desk()
    views: list[DevicesView] = []
    bench.desk.on_change(views.append)
    listed = DevicesListed(microphones=(DeviceName("mic", "Built-in"),))
    for event in (listed, listed, LevelMeasured(0.5)):
        bench.engine.emit(event)
    assert [(view.listed, view.level) for view in views] == [(listed, 0.0), (listed, 0.5)]


@pytest.mark.parametrize("level", [math.nan, -0.5, 1.5, math.inf])
def test_a_nonsense_level_is_silence(level: float) -> None:
    """What is no number between 0 and 1 shows as nothing heard."""
    bench = Desk()
    bench.engine.emit(LevelMeasured(level))
    assert bench.desk.view.level == 0.0


def test_the_test_sound_comes_from_the_chosen_speaker() -> None:
    """The speaker that was chosen is named in the command."""
    bench = Desk()
    bench.desk.choose(DeviceChoice(speaker="spk"))
    bench.desk.play_test_sound()
    assert bench.engine.commands[-1] == PlayTestSound("spk")


def test_what_can_be_shared_is_asked_anew_each_time() -> None:
    """Windows come and go: the old list is void as soon as it is asked for again."""
    bench = Desk()
    found = (Shareable("screen:1", "Screen 1", is_screen=True),)
    bench.desk.list_shareable()
    assert bench.engine.commands == [ListShareable()]
    bench.engine.emit(ShareableListed(found))
    assert bench.desk.view.shareable == found
    bench.desk.list_shareable()
    assert bench.desk.view.shareable is None
