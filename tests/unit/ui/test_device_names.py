"""The question names what would really open."""

import pytest

from carena_desktop.call.ports import DeviceChoice, DevicesView
from carena_desktop.ui.devices import DeviceNames, Permissions, chosen_names


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        (DeviceChoice("generator", "generator"), DeviceNames("generated test picture", "generated test sound")),
        (DeviceChoice("file:/a.y4m", "generator"), DeviceNames("test picture from a file", "generated test sound")),
        (DeviceChoice("pulled", "pulled"), DeviceNames("chosen, but not plugged in", "chosen, but not plugged in")),
    ],
)
def test_names_follow_the_choice(qapp: object, choice: DeviceChoice, names: DeviceNames) -> None:
    """A generated device says that it is; a chosen one that is gone is not passed off as the default."""
    assert qapp is not None
    assert chosen_names(DevicesView(choice=choice)) == names


async def test_the_organization_can_forbid_the_camera(qapp: object) -> None:
    """Where the policy says no camera the system is not even asked; the microphone is another matter."""
    assert qapp
    permissions = Permissions(camera_allowed=False)
    assert not await permissions.camera()
    assert await Permissions().camera() == await Permissions().microphone()
