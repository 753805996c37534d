"""The chosen devices outlive the program; a damaged file costs nothing but the choice."""

import stat
from pathlib import Path

import pytest

from carena_desktop.call.choice_store import MAX_ID_CHARS, ChoiceStore
from carena_desktop.call.ports import DeviceChoice
from carena_desktop.call.service import CallService
from tests.fakes.engine import FakeEngine

CHOICE = DeviceChoice(camera="cam", microphone="Kopfhörer 7", speaker="")


def test_a_choice_is_found_at_the_next_start(tmp_path: Path) -> None:
    """What was chosen is read back by another store, and only the user may read the file."""
    path = tmp_path / "state" / "devices.json"
    assert ChoiceStore(path).load() == DeviceChoice()
    ChoiceStore(path).save(CHOICE)
    assert ChoiceStore(path).load() == CHOICE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff\xfe",
        b'{"camera": 7}',
        b'{"camera": "' + b"x" * (MAX_ID_CHARS + 1) + b'"}',
    ],
)
def test_a_damaged_file_means_the_defaults(tmp_path: Path, content: bytes) -> None:
    """Whatever stands in the file, the program starts, with the system's devices."""
    path = tmp_path / "devices.json"
    path.write_bytes(content)
    assert ChoiceStore(path).load() == DeviceChoice()


def test_a_disk_that_takes_nothing_keeps_nothing_and_breaks_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A folder that can't be made is a line in the log."""
    (tmp_path / "file").write_text("in the way")
    ChoiceStore(tmp_path / "file" / "devices.json").save(CHOICE)
    assert "not remembered" in caplog.text


async def test_the_call_service_remembers_every_choice() -> None:
    """Choosing tells whoever remembers, once each time."""
    remembered: list[DeviceChoice] = []
    service = CallService(FakeEngine(), remember=remembered.append)
    service.devices.choose(CHOICE)
    assert remembered == [CHOICE]
    assert service.devices.view.choice == CHOICE
    await service.aclose()
