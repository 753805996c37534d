"""Devices that the organization does not name are not there."""

import asyncio
import gc
import weakref
from collections.abc import Callable

import pytest

from carena_desktop.call.engine.capture_guard import CaptureGuard
from carena_desktop.call.engine.device_rules import DeviceRules
from carena_desktop.call.engine.devices import Capture, DeliverFrame, DeviceError, DeviceProblem
from carena_desktop.call.engine.permitted_devices import PermittedDevices
from carena_desktop.call.model import CameraLamp, MicrophoneLamp
from carena_desktop.call.ports import CaptureChanged, DeviceName, DevicesListed, SetCapture
from tests.fakes.clock import FakeClock
from tests.fakes.devices import FakeDevices

LISTED = DevicesListed(
    cameras=(DeviceName("c1", "Phone camera"), DeviceName("c2", "Integrated Camera: HD")),
    microphones=(DeviceName("m1", "Built-in"), DeviceName("m2", "Jabra Evolve [2]")),
    speakers=(DeviceName("s1", "Television"),),
)


class Plugged(FakeDevices):
    """Devices with names; ``unlisted`` makes listing them fail."""

    unlisted = False

    async def found(self) -> DevicesListed:
        """Two of each."""
        if self.unlisted:
            raise OSError("the sound server is gone")
        return LISTED

    async def open_camera(self, device: str, deliver: DeliverFrame) -> Capture:
        """The default is the second."""
        opened = await super().open_camera(device, deliver)
        self.cameras[-1].device = device or "c2"
        return opened


def permitted(*names: str, camera: bool = True, screens: bool = True) -> tuple[PermittedDevices, Plugged]:
    """Return devices restricted to names, and what is behind them."""
    inner = Plugged()
    return PermittedDevices(inner, DeviceRules(names or None, camera=camera, screens=screens)), inner


async def change(devices: PermittedDevices, rules: DeviceRules) -> None:
    """Change the rules as the media process does."""
    devices.permit(rules)
    await devices.take_back()


async def open_all(devices: PermittedDevices) -> tuple[Capture, Capture, Capture]:
    """Open the default camera, the second microphone and a screen."""
    return (
        await devices.open_camera("", lambda _frame: None),
        await devices.open_microphone("m2", lambda _samples: None),
        await devices.open_shared("screen:1", lambda _frame: None),
    )


def problems(opened: tuple[Capture, ...]) -> list[str]:
    """Return what each handle says."""
    return [one.problem.value if one.problem else "" for one in opened]


async def test_without_a_policy_everything_is_there() -> None:
    """Nothing is filtered and the default stays the system's."""
    devices, inner = permitted()
    assert await devices.found() == LISTED
    await devices.open_camera("", lambda _frame: None)
    assert inner.opened == ["camera "]


async def test_only_named_devices_are_listed_and_opened() -> None:
    """Names match without regard to case and with ``*``; the default becomes the first that is permitted."""
    devices, inner = permitted("integrated*", "Jabra Evolve [2]")
    found = await devices.found()
    assert [[one.id for one in kind] for kind in (found.cameras, found.microphones, found.speakers)] == [
        ["c2"], ["m2"], ["s1"],
    ]  # fmt: skip
    await devices.open_camera("", lambda _frame: None)
    await devices.open_microphone("m2", lambda _samples: None)
    assert inner.opened == ["camera c2", "microphone m2"]


@pytest.mark.parametrize(("device", "problem"), [("c1", "forbidden"), ("c9", "no_device")])
async def test_other_devices_are_refused_by_id(device: str, problem: str) -> None:
    """An id that was remembered from before the policy opens nothing."""
    devices, inner = permitted("Integrated*")
    with pytest.raises(DeviceError) as caught:
        await devices.open_camera(device, lambda _frame: None)
    assert (caught.value.problem, inner.opened) == (DeviceProblem(problem), [])


async def test_where_nothing_is_permitted_the_default_is_forbidden() -> None:
    """There is a microphone, but not for this program."""
    devices, _ = permitted("Nothing like it")
    with pytest.raises(DeviceError) as caught:
        await devices.open_microphone("", lambda _samples: None)
    assert caught.value.problem is DeviceProblem.FORBIDDEN


async def test_screens_can_be_kept_from_being_shared() -> None:
    """Without the policy's leave no screen is listed and none is captured."""
    devices, inner = permitted(screens=False)
    assert (await devices.shareable()).found == ()
    with pytest.raises(DeviceError):
        await devices.open_shared("screen:1", lambda _frame: None)
    assert inner.opened == []


async def test_without_leave_no_camera_is_there() -> None:
    """None is listed and none opened, not even a virtual one; the microphone is not concerned."""
    devices, inner = permitted(camera=False)
    assert (await devices.found()).cameras == ()
    for device in ("", "c1", "generator"):
        with pytest.raises(DeviceError) as caught:
            await devices.open_camera(device, lambda _frame: None)
        assert caught.value.problem is DeviceProblem.FORBIDDEN
    await devices.open_microphone("", lambda _samples: None)
    assert inner.opened == ["microphone "]


async def test_rules_that_change_hold_for_the_next_opening() -> None:
    """A server that locks devices after the sign-in is heard: the list is told anew, and others are refused."""
    devices, inner = permitted()
    told: list[bool] = []
    devices.on_change(lambda: told.append(True))
    await change(devices, DeviceRules(("Jabra*",), screens=False))
    assert told == [True]
    assert [one.id for one in (await devices.found()).microphones] == ["m2"]
    assert (await devices.shareable()).found == ()
    with pytest.raises(DeviceError):
        await devices.open_microphone("m1", lambda _samples: None)
    await change(devices, DeviceRules())
    await devices.open_microphone("m1", lambda _samples: None)
    assert inner.opened == ["microphone m1"]


@pytest.mark.parametrize(
    ("rules", "taken"),
    [
        (DeviceRules(("Integrated*", "Jabra*")), ["", "", ""]),
        (DeviceRules(("Jabra*",)), ["forbidden", "", ""]),
        (DeviceRules(("Phone*",)), ["forbidden", "forbidden", ""]),
        (DeviceRules(camera=False), ["forbidden", "", ""]),
        (DeviceRules(screens=False), ["", "", "forbidden"]),
    ],
)
async def test_what_is_open_and_no_longer_permitted_is_taken_back(rules: DeviceRules, taken: list[str]) -> None:
    """By the name of what is really open, also where the default was asked for; what may stay does not notice."""
    devices, _ = permitted()
    opened = await open_all(devices)
    await change(devices, rules)
    assert problems(opened) == taken
    await change(devices, DeviceRules())
    assert problems(opened) == taken  # whoever holds it closes it: nothing is given back silently


async def test_without_a_list_nothing_named_may_stay() -> None:
    """When the names can't be had, what is open by name is taken back; a screen is not."""
    devices, inner = permitted()
    opened = await open_all(devices)
    inner.unlisted = True
    await change(devices, DeviceRules(("*",)))
    assert problems(opened) == ["forbidden", "forbidden", ""]


async def test_rules_that_come_while_a_device_opens_hold_for_it() -> None:
    """A camera whose opening began under looser rules comes back as one that must be closed."""
    devices, inner = permitted()
    opening = asyncio.Event()
    original = inner.open_camera

    async def slow(device: str, deliver: DeliverFrame) -> Capture:
        opening.set()
        await asyncio.sleep(0)
        return await original(device, deliver)

    inner.open_camera = slow  # type: ignore[method-assign]
    async with asyncio.TaskGroup() as tasks:
        opened = tasks.create_task(devices.open_camera("", lambda _frame: None))
        await opening.wait()
        await change(devices, DeviceRules(camera=False))
    assert opened.result().problem is DeviceProblem.FORBIDDEN


async def test_the_guard_closes_what_is_taken_back_and_the_lamps_go_out() -> None:
    """Within the guard's next looks camera and microphone are closed, and reported as closed by the organization."""
    devices, inner = permitted()
    clock = FakeClock()
    reports: list[CaptureChanged] = []
    guard = CaptureGuard(
        devices,
        on_frame=lambda _frame: None,
        on_screen=lambda _frame: None,
        on_samples=lambda _samples: None,
        on_change=reports.append,
        clock=clock,
    )

    async def until(condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not condition():  # noqa: ASYNC110 - the guard has no event to wait on
                await asyncio.sleep(0.01)

    guard.set(SetCapture(camera=True, microphone=True, muted=False, microphone_device="m2"))
    await until(lambda: bool(reports) and reports[-1].microphone is MicrophoneLamp.LIVE)
    await change(devices, DeviceRules(("Phone camera",)))
    await until(lambda: reports[-1].camera is CameraLamp.OFF and reports[-1].microphone is MicrophoneLamp.OFF)
    assert (reports[-1].camera_problem, reports[-1].microphone_problem) == ("forbidden", "forbidden")
    assert not inner.cameras[-1].is_open
    assert not inner.microphones[-1].is_open
    clock.advance(5)
    await until(lambda: len(reports) > 1)
    assert inner.opened == ["camera ", "microphone m2"]  # and no other camera in its place
    await guard.aclose()


async def test_what_was_closed_is_forgotten() -> None:
    """A day of switching the camera off and on leaves no handle of what was closed, whatever closing came to."""
    devices, inner = permitted()
    opened = [weakref.ref(await devices.open_camera("", lambda _frame: None)) for _ in range(3)]
    for one in opened:
        handle = one()
        assert handle is not None
        await handle.close()
        del handle
    inner.opened.clear()
    inner.cameras.clear()
    gc.collect()
    assert [one() for one in opened] == [None, None, None]
