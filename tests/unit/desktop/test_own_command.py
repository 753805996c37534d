"""A package starts itself by its executable, a source tree by the interpreter and a module."""

import sys

import pytest

from carena_desktop.autostart import command, subprocess_line
from carena_desktop.own_command import is_packaged, own_command
from carena_desktop.ui.support_dialogs import self_test_command


@pytest.mark.parametrize(
    ("executable", "frozen", "starts", "packaged"),
    [
        ("/srv/carena/.venv/bin/python", False, ["/srv/carena/.venv/bin/python", "-m", "carena_desktop"], False),
        ("/usr/lib/carena-desktop/carena-desktop", True, ["/usr/lib/carena-desktop/carena-desktop"], True),
        (r"C:\Program Files\Carena Desktop\Carena.exe", False, [r"C:\Program Files\Carena Desktop\Carena.exe"], True),
        (r"C:\Carena Desktop\CARENACONSOLE.EXE", False, [r"C:\Carena Desktop\Carena.exe"], True),
        (r"C:\Python313\python.exe", False, [r"C:\Python313\python.exe", "-m", "carena_desktop"], False),
    ],
)
def test_the_command_is_that_of_the_package(
    monkeypatch: pytest.MonkeyPatch, executable: str, frozen: bool, starts: list[str], packaged: bool
) -> None:
    """The check in the window and the start at login call the executable of the package with nothing between."""
    monkeypatch.setattr(sys, "executable", executable)
    if frozen:
        monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert (own_command(), is_packaged()) == (starts, packaged)
    assert self_test_command("") == [*starts, "--self-test", "--json"]
    assert command() == [*starts, "--minimized"]


def test_windows_reads_the_line_back() -> None:
    """A path with spaces stands in quotes."""
    assert subprocess_line([r"C:\Program Files\x.exe", "--minimized"]) == r'"C:\Program Files\x.exe" --minimized'
