"""The one object that opens capture devices: devices follow the wish, the lamps follow the devices."""

import ast
import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import carena_desktop
from carena_desktop.call.engine.capture_guard import CaptureGuard
from carena_desktop.call.engine.devices import DeviceProblem, Samples
from carena_desktop.call.model import CameraLamp, MicrophoneLamp
from carena_desktop.call.ports import PORTAL, CaptureChanged, SetCapture
from tests.fakes.clock import FakeClock
from tests.fakes.devices import FakeDevices

if TYPE_CHECKING:
    from av import VideoFrame

BOTH = SetCapture(camera=True, microphone=True, muted=False)
MUTED = SetCapture(camera=True, microphone=True, muted=True)
NONE = SetCapture(camera=False, microphone=False, muted=False)


class Bench:
    """A guard, its devices, its clock, and what came out."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.devices = FakeDevices()
        self.reports: list[CaptureChanged] = []
        self.frames: list[VideoFrame] = []
        self.screens: list[VideoFrame] = []
        self.samples: list[Samples] = []
        self.guard = CaptureGuard(
            self.devices,
            on_frame=self.frames.append,
            on_screen=self.screens.append,
            on_samples=self.samples.append,
            on_change=self.reports.append,
            clock=self.clock,
        )

    @property
    def lamps(self) -> tuple[CameraLamp, MicrophoneLamp]:
        """The last report's."""
        return self.reports[-1].camera, self.reports[-1].microphone

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for the guard's loop to get there; the guard looks ten times a second."""
        async with asyncio.timeout(5):
            while not condition():  # noqa: ASYNC110 - the guard has no event to wait on
                await asyncio.sleep(0.01)


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    """A bench, cleaned up."""
    bench = Bench()
    yield bench
    for capture in bench.devices.cameras + bench.devices.microphones + bench.devices.shared:
        capture.stuck = False
    await bench.guard.aclose()


async def test_devices_follow_the_wish(bench: Bench) -> None:
    """Wanted devices are opened once, the others stay closed, and what they give is handed on."""
    bench.guard.set(SetCapture(camera=False, microphone=True, muted=False, microphone_device="mic-7"))
    await bench.until(lambda: bench.devices.opened == ["microphone mic-7"])
    bench.guard.set(BOTH)
    await bench.until(lambda: len(bench.devices.cameras) == 1)
    bench.devices.cameras[-1].give()
    bench.devices.microphones[-1].give()
    await bench.until(lambda: len(bench.frames) == 1 and len(bench.samples) == 1)
    assert bench.lamps == (CameraLamp.LIVE, MicrophoneLamp.LIVE)


async def test_a_microphone_that_gives_only_zeros_is_named(bench: Bench) -> None:
    """Five seconds of zeros are a switch on the device; muted by us it is left alone, and a sound ends it."""
    bench.guard.set(BOTH)
    await bench.until(lambda: bool(bench.devices.microphones))
    microphone = bench.devices.microphones[-1]
    microphone.silent_s = 5.1
    await bench.until(lambda: bench.reports[-1].microphone_problem == "silent")
    assert bench.lamps[1] is MicrophoneLamp.LIVE
    bench.guard.set(MUTED)
    await bench.until(lambda: bench.reports[-1].microphone_problem is None)
    bench.guard.set(BOTH)
    await bench.until(lambda: bench.reports[-1].microphone_problem == "silent")
    microphone.silent_s = 0.0
    await bench.until(lambda: bench.reports[-1].microphone_problem is None)


async def test_a_microphone_that_hears_the_speaker_is_named(bench: Bench) -> None:
    """A loud echo is said while it lasts and while anybody could hear it."""
    bench.guard.set(BOTH)
    await bench.until(lambda: bool(bench.devices.microphones))
    bench.devices.microphones[-1].echoes = True
    await bench.until(lambda: bench.reports[-1].microphone_problem == "echo")
    bench.guard.set(MUTED)
    await bench.until(lambda: bench.reports[-1].microphone_problem is None)


async def test_the_lamp_goes_out_half_a_second_after_the_last_bytes(bench: Bench) -> None:
    """Closed handle, but bytes 0.3 s ago: still live; 0.6 s ago: off."""
    bench.guard.set(BOTH)
    await bench.until(lambda: bool(bench.devices.microphones))
    bench.devices.cameras[-1].give()
    bench.devices.microphones[-1].give()
    await bench.until(lambda: len(bench.frames) == 1 and len(bench.samples) == 1)
    bench.guard.set(NONE)
    await bench.until(lambda: not bench.devices.cameras[-1].is_open and not bench.devices.microphones[-1].is_open)
    bench.clock.advance(0.3)
    await asyncio.sleep(0.25)
    assert bench.lamps == (CameraLamp.LIVE, MicrophoneLamp.LIVE)
    bench.clock.advance(0.3)
    await bench.until(lambda: bench.lamps == (CameraLamp.OFF, MicrophoneLamp.OFF))


async def test_a_device_that_does_not_close_stays_lit(bench: Bench) -> None:
    """Unknown is shown as live, closing is tried again, and nothing of it is handed on meanwhile."""
    bench.guard.set(BOTH)
    await bench.until(lambda: bool(bench.devices.cameras))
    camera = bench.devices.cameras[-1]
    camera.stuck = True
    bench.guard.set(NONE)
    bench.clock.advance(60)
    camera.give()
    await asyncio.sleep(0.3)
    assert bench.lamps[0] is CameraLamp.LIVE
    assert bench.frames == []
    bench.clock.advance(60)
    camera.stuck = False
    await bench.until(lambda: bench.lamps[0] is CameraLamp.OFF)


async def test_muted_is_open(bench: Bench) -> None:
    """A muted microphone is shown as muted, never as off, as it is still open."""
    bench.guard.set(MUTED)
    await bench.until(lambda: bool(bench.devices.microphones))
    await bench.until(lambda: bool(bench.reports) and bench.lamps[1] is MicrophoneLamp.MUTED)
    assert bench.devices.microphones[-1].is_open


async def test_a_missing_device_is_a_problem_and_tried_again(bench: Bench) -> None:
    """No device: the problem is named, the lamp is off, and two seconds later the plugged-in one is found."""
    bench.devices.refuse = DeviceProblem.NO_DEVICE
    bench.guard.set(BOTH)
    await bench.until(lambda: bool(bench.reports) and bench.reports[-1].camera_problem == "no_device")
    assert bench.reports[-1].microphone_problem == "no_device"
    assert bench.lamps == (CameraLamp.OFF, MicrophoneLamp.OFF)
    bench.devices.refuse = None
    assert bench.devices.cameras == []
    bench.clock.advance(2.1)
    await bench.until(lambda: bench.reports[-1].camera_problem is None and bool(bench.devices.cameras))


async def test_a_silent_device_is_reopened(bench: Bench) -> None:
    """An open camera that gives nothing for three seconds is closed, named as failed, and opened again."""
    bench.guard.set(SetCapture(camera=True, microphone=False, muted=False))
    await bench.until(lambda: len(bench.devices.cameras) == 1)
    bench.clock.advance(3.1)
    await bench.until(lambda: not bench.devices.cameras[0].is_open)
    await bench.until(lambda: bench.reports[-1].camera_problem == "failed")
    bench.clock.advance(2.1)
    await bench.until(lambda: len(bench.devices.cameras) == 2)


async def test_changing_the_device_closes_the_old_one_first(bench: Bench) -> None:
    """Another id: the first camera is closed before the second is opened."""
    bench.guard.set(SetCapture(camera=True, microphone=False, muted=False, camera_device="a"))
    await bench.until(lambda: bench.devices.opened == ["camera a"])
    bench.guard.set(SetCapture(camera=True, microphone=False, muted=False, camera_device="b"))
    await bench.until(lambda: bench.devices.opened == ["camera a", "camera b"])
    assert not bench.devices.cameras[0].is_open


def test_nothing_else_creates_a_capture_device() -> None:
    """In the whole desktop only the adapters name Qt's capture classes, and only the guard asks them to open."""
    calls: dict[str, set[str]] = {}
    root = Path(carena_desktop.__file__).parent
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                calls.setdefault(name, set()).add(path.name)
    assert calls["QCamera"] == {"qt_camera.py"}
    assert calls["QAudioSource"] == {"qt_audio.py"}
    assert calls["QtCamera"] == {"qt_devices.py"}
    assert calls["QtMicrophone"] == {"qt_devices.py"}
    # the guard, and what it asks hands on
    chain = {"capture_guard.py", "permitted_devices.py", "system_devices.py", "virtual_devices.py"}
    assert calls["open_camera"] == calls["open_microphone"] == chain
    assert calls["open_shared"] == chain - {"virtual_devices.py"}
    assert calls["QtShared"] == {"qt_devices.py"}
    assert calls["QScreenCapture"] == calls["QWindowCapture"] == {"qt_shared.py"}
    forbidden = {"QAudioInput", "QMediaRecorder", "QImageCapture", "VideoCapture"}
    assert not forbidden & calls.keys()


async def test_an_unplugged_default_is_not_replaced_by_another(bench: Bench) -> None:
    """The default microphone vanishes: that is said, only the same one is tried again, and the lamp goes out."""
    bench.devices.default = "headset"
    bench.guard.set(SetCapture(camera=False, microphone=True, muted=False))
    await bench.until(lambda: bool(bench.devices.microphones))
    bench.devices.default = "built-in"
    bench.devices.refuse = DeviceProblem.NO_DEVICE
    bench.devices.microphones[0].problem = DeviceProblem.GONE
    bench.devices.microphones[0].is_open = False
    await bench.until(lambda: bench.reports[-1].microphone_problem == "gone")
    bench.clock.advance(2.1)
    await bench.until(lambda: bench.devices.opened == ["microphone ", "microphone headset"])
    assert bench.reports[-1].microphone_problem == "gone"
    assert bench.lamps[1] is MicrophoneLamp.OFF
    bench.devices.refuse = None
    bench.clock.advance(2.1)
    await bench.until(lambda: bench.reports[-1].microphone_problem is None)
    assert bench.devices.opened[-1] == "microphone headset"


async def test_another_choice_frees_the_vanished_one(bench: Bench) -> None:
    """After the person chose another microphone, that one is opened at once and the problem is over."""
    bench.guard.set(SetCapture(camera=False, microphone=True, muted=False, microphone_device="a"))
    await bench.until(lambda: bool(bench.devices.microphones))
    bench.devices.microphones[0].problem = DeviceProblem.GONE
    await bench.until(lambda: bench.reports[-1].microphone_problem == "gone")
    bench.guard.set(SetCapture(camera=False, microphone=True, muted=False, microphone_device="b"))
    await bench.until(lambda: bench.devices.opened[-1] == "microphone b")
    await bench.until(lambda: bench.reports[-1].microphone_problem is None)


async def test_a_microphone_that_falls_silent_is_noticed_within_a_second(bench: Bench) -> None:
    """A handle that says it is open but gives no bytes for 0.9 s is a failed microphone."""
    bench.guard.set(SetCapture(camera=False, microphone=True, muted=False))
    await bench.until(lambda: bool(bench.devices.microphones))
    bench.devices.microphones[0].give()
    await bench.until(lambda: bool(bench.samples))
    bench.clock.advance(0.9)
    await bench.until(lambda: bench.reports[-1].microphone_problem == "failed")


async def test_what_is_shared_is_captured_while_it_is_wished(bench: Bench) -> None:
    """A screen is opened for sharing, its pictures are handed on, and it is released when sharing ends."""
    bench.guard.set(SetCapture(camera=False, microphone=False, muted=True, shared="screen:1"))
    await bench.until(lambda: bench.devices.opened == ["shared screen:1"])
    bench.devices.shared[0].give()
    await bench.until(lambda: len(bench.screens) == 1)
    assert bench.frames == []
    assert bench.reports[-1].sharing
    assert bench.lamps == (CameraLamp.OFF, MicrophoneLamp.OFF)
    bench.clock.advance(60)
    await asyncio.sleep(0.25)  # two rounds of the watch: a picture that stands still is no stall
    assert len(bench.devices.shared) == 1
    bench.guard.set(NONE)
    await bench.until(lambda: not bench.devices.shared[0].is_open)
    bench.clock.advance(1)
    await bench.until(lambda: not bench.reports[-1].sharing)
    bench.devices.shared[0].give()
    await asyncio.sleep(0)
    assert len(bench.screens) == 1


async def test_camera_and_screen_are_two_captures(bench: Bench) -> None:
    """Each has a lamp of its own and hands its pictures on by itself; one ends, the other goes on."""
    bench.guard.set(SetCapture(camera=True, microphone=False, muted=True, shared="screen:1"))
    await bench.until(lambda: bool(bench.devices.cameras) and bool(bench.devices.shared))
    bench.devices.cameras[0].give()
    bench.devices.shared[0].give()
    await bench.until(lambda: (len(bench.frames), len(bench.screens)) == (1, 1))
    assert (bench.reports[-1].camera, bench.reports[-1].sharing) == (CameraLamp.LIVE, True)
    bench.guard.set(SetCapture(camera=False, microphone=False, muted=True, shared="screen:1"))
    bench.clock.advance(1)
    await bench.until(lambda: (bench.reports[-1].camera, bench.reports[-1].sharing) == (CameraLamp.OFF, True))
    assert not bench.devices.cameras[0].is_open
    assert bench.devices.shared[0].is_open


async def test_the_systems_question_may_stand_for_a_while(bench: Bench) -> None:
    """What is shared by the portal begins when the person has answered; a screen that is open begins in seconds."""
    bench.guard.set(SetCapture(camera=False, microphone=False, muted=True, shared=PORTAL))
    await bench.until(lambda: bool(bench.devices.shared))
    bench.clock.advance(60)
    await asyncio.sleep(0.25)  # two rounds of the watch
    assert len(bench.devices.shared) == 1
    bench.clock.advance(61)
    await bench.until(lambda: bench.reports[-1].share_problem is not None)


async def test_a_shared_window_that_is_gone_is_named(bench: Bench) -> None:
    """A window that closes is reported as gone."""
    bench.guard.set(SetCapture(camera=False, microphone=False, muted=True, shared="window:1"))
    await bench.until(lambda: bool(bench.devices.shared))
    bench.devices.refuse = DeviceProblem.NO_DEVICE
    bench.devices.shared[0].problem = DeviceProblem.GONE
    bench.devices.shared[0].is_open = False
    await bench.until(lambda: bench.reports[-1].share_problem == "gone")
