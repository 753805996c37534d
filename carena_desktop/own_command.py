"""How this program is started once more: by the session, or for a test in a process of its own.

A package has one executable that knows what to run: PyInstaller's (``sys.frozen``), or the launcher of the Windows
packages (installers/windows/launcher.c), which is an interpreter that says of itself that it is none. A source tree has
the interpreter and a module.
"""

import sys
from pathlib import PureWindowsPath
from typing import Final

LAUNCHERS: Final = frozenset({"carena.exe", "carenaconsole.exe"})
_WINDOW: Final = "Carena.exe"
"""Of both launchers the one that opens no console."""


def is_packaged() -> bool:
    """Whether this program was installed from a package."""
    return bool(getattr(sys, "frozen", False)) or _launched()


def own_command() -> list[str]:
    """Return the command that starts this program, to which options may be added."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    if _launched():
        return [str(PureWindowsPath(sys.executable).with_name(_WINDOW))]
    return [sys.executable, "-m", "carena_desktop"]


def _launched() -> bool:
    return PureWindowsPath(sys.executable).name.lower() in LAUNCHERS
