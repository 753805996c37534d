"""Devices that the organization does not name are not there."""

import pytest

from carena_desktop.call.engine.devices import DeviceError, DeviceProblem
from carena_desktop.call.engine.permitted_devices import PermittedDevices
from carena_desktop.call.ports import DeviceName, DevicesListed
from tests.fakes.devices import FakeDevices

LISTED = DevicesListed(
    cameras=(DeviceName("c1", "Phone camera"), DeviceName("c2", "Integrated Camera: HD")),
    microphones=(DeviceName("m1", "Built-in"), DeviceName("m2", "Jabra Evolve [2]")),
    speakers=(DeviceName("s1", "Television"),),
)


class Plugged(FakeDevices):
    """Devices with names."""

    async def found(self) -> DevicesListed:
        """Two of each."""
        return LISTED


def permitted(*names: str, screens: bool = True) -> tuple[PermittedDevices, Plugged]:
    """Return devices restricted to names, and what is behind them."""
    inner = Plugged()
    return PermittedDevices(inner, names or None, screens=screens), inner


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


@pytest.mark.parametrize(("device", "problem"), [("c1", "denied"), ("c9", "no_device")])
async def test_other_devices_are_refused_by_id(device: str, problem: str) -> None:
    """An id that was remembered from before the policy opens nothing."""
    devices, inner = permitted("Integrated*")
    with pytest.raises(DeviceError) as caught:
        await devices.open_camera(device, lambda _frame: None)
    assert (caught.value.problem, inner.opened) == (DeviceProblem(problem), [])


async def test_where_nothing_is_permitted_the_default_is_denied() -> None:
    """There is a microphone, but not for this program."""
    devices, _ = permitted("Nothing like it")
    with pytest.raises(DeviceError) as caught:
        await devices.open_microphone("", lambda _samples: None)
    assert caught.value.problem is DeviceProblem.DENIED


async def test_screens_can_be_kept_from_being_shared() -> None:
    """Without the policy's leave no screen is listed and none is captured."""
    devices, inner = permitted(screens=False)
    assert (await devices.shareable()).found == ()
    with pytest.raises(DeviceError):
        await devices.open_shared("screen:1", lambda _frame: None)
    assert inner.opened == []


async def test_rules_that_change_hold_from_the_next_opening_on() -> None:
    """A server that locks devices after the sign-in is heard: the list is told anew, and others are refused."""
    devices, inner = permitted()
    told: list[bool] = []
    devices.on_change(lambda: told.append(True))
    devices.permit(("Jabra*",), False)
    assert told == [True]
    assert [one.id for one in (await devices.found()).microphones] == ["m2"]
    assert (await devices.shareable()).found == ()
    with pytest.raises(DeviceError):
        await devices.open_microphone("m1", lambda _samples: None)
    devices.permit(None, True)
    await devices.open_microphone("m1", lambda _samples: None)
    assert inner.opened == ["microphone m1"]
