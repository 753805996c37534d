"""Starting with the person's desktop session, by the policy ``StartAtLogin``: one entry of the user's own, or none.

Linux: an XDG autostart file. macOS: a launch agent. Windows: a value below ``Run``. Written only where it differs.
"""

import importlib
import os
import plistlib
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from carena_desktop.own_command import own_command

DESKTOP_FILE: Final = "org.carena.desktop.desktop"
AGENT_FILE: Final = "org.carena.desktop.plist"
RUN_KEY: Final = r"Software\Microsoft\Windows\CurrentVersion\Run"
_NAME: Final = "Carena Desktop"


def command() -> list[str]:
    """Return how this program is started without showing its window at once."""
    return [*own_command(), "--minimized"]


def apply(
    *,
    wanted: bool,
    platform: str = sys.platform,
    environ: Mapping[str, str] = os.environ,
    home: Path | None = None,
    run_key: "Callable[[str | None], None] | None" = None,
) -> None:
    """Make the entry, or take it away; a place that can't be written is left as it is.

    Args:
        wanted: Whether the program starts with the session.
        platform: ``sys.platform``.
        environ: For ``XDG_CONFIG_HOME``.
        home: The user's home.
        run_key: Sets or deletes (None) the value below ``Run``.
    """
    home = home if home is not None else Path.home()
    if platform == "win32":
        (run_key or _set_run_value)(subprocess_line(command()) if wanted else None)
    elif platform == "darwin":
        agent = {"Label": "org.carena.desktop", "ProgramArguments": command(), "RunAtLoad": True}
        _file(home / "Library" / "LaunchAgents" / AGENT_FILE, plistlib.dumps(agent) if wanted else None)
    else:
        folder = Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "autostart"
        _file(folder / DESKTOP_FILE, _desktop_entry().encode() if wanted else None)


def subprocess_line(words: Sequence[str]) -> str:
    """Return a command line as Windows reads it."""
    return " ".join(f'"{word}"' if " " in word else word for word in words)


def _desktop_entry() -> str:
    return (
        f"[Desktop Entry]\nType=Application\nName={_NAME}\nExec={shlex.join(command())}\n"
        "Icon=carena-desktop\nX-GNOME-Autostart-enabled=true\nNoDisplay=true\n"
    )


def _file(path: Path, content: bytes | None) -> None:
    try:
        if content is None:
            path.unlink(missing_ok=True)
        elif not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError:
        return


def _set_run_value(value: str | None) -> None:
    winreg: Any = importlib.import_module("winreg")  # exists on Windows only
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, RUN_KEY, 0, winreg.KEY_SET_VALUE) as key:
            if value is None:
                winreg.DeleteValue(key, _NAME)
            else:
                winreg.SetValueEx(key, _NAME, 0, winreg.REG_SZ, value)
    except OSError:
        return
