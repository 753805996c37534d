"""The entry that starts the program with the session, on three systems."""

import plistlib
import sys
from pathlib import Path

from carena_desktop import autostart


def test_the_entry_comes_and_goes_on_linux(tmp_path: Path) -> None:
    """A desktop file that starts this program minimized; taken away it leaves nothing, and twice changes nothing."""
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    path = tmp_path / "config" / "autostart" / autostart.DESKTOP_FILE
    autostart.apply(wanted=False, platform="linux", environ=environ, home=tmp_path)
    assert not path.parent.exists()
    for _ in range(2):
        autostart.apply(wanted=True, platform="linux", environ=environ, home=tmp_path)
    text = path.read_text()
    assert f"Exec={sys.executable} -m carena_desktop --minimized" in text
    autostart.apply(wanted=False, platform="linux", environ=environ, home=tmp_path)
    assert not path.exists()


def test_the_entry_on_macos_and_windows(tmp_path: Path) -> None:
    """A launch agent that parses, and a quoted command line below Run."""
    autostart.apply(wanted=True, platform="darwin", environ={}, home=tmp_path)
    agent = plistlib.loads((tmp_path / "Library" / "LaunchAgents" / autostart.AGENT_FILE).read_bytes())
    assert agent["ProgramArguments"] == autostart.command()
    assert agent["RunAtLoad"] is True
    values: list[str | None] = []
    for wanted in (True, False):
        autostart.apply(wanted=wanted, platform="win32", environ={}, home=tmp_path, run_key=values.append)
    assert values == [autostart.subprocess_line(autostart.command()), None]
    assert autostart.subprocess_line(["C:\\Program Files\\Carena.exe", "--minimized"]).startswith('"C:')


def test_a_folder_that_cannot_be_written_is_left(tmp_path: Path) -> None:
    """The program starts all the same."""
    (tmp_path / "file").write_text("x")
    autostart.apply(wanted=True, platform="linux", environ={"XDG_CONFIG_HOME": str(tmp_path / "file")}, home=tmp_path)
