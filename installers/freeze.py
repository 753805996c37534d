"""Freezes a program into a folder that needs no Python of the machine it runs on.

The same commit gives the same bytes: time, hash seed and the order of files are fixed here, and nothing of the
building machine but its interpreter goes in.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
MAX_INSTALLED_MIB: Final = 260
_LIMIT_S: Final = 900


class BuildError(RuntimeError):
    """The package can't be made; the text says why."""


def check_size(name: str, mib: float) -> None:
    """Hold that a package is not too large; raises BuildError."""
    if mib > MAX_INSTALLED_MIB:
        raise BuildError(f"{name} takes {mib:.0f} MiB installed, more than {MAX_INSTALLED_MIB}")


def source_time() -> int:
    """Return the commit's time in seconds since the epoch: ``SOURCE_DATE_EPOCH`` where it is set."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given:
        return int(given)
    # Also where the checkout belongs to somebody else than who builds, as in a container.
    command = ["git", "-c", "safe.directory=*", "log", "-1", "--format=%ct"]
    shown = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return int(shown.stdout)


def freeze(name: str, work: Path) -> Path:
    """Return the folder of the frozen program ``name`` ("carena-desktop" or "carena-server"), made below ``work``.

    Raises:
        BuildError: PyInstaller failed; its output is in the text.
    """
    spec = ROOT / "installers" / f"{name.removeprefix('carena-')}.spec"
    environment = {
        **os.environ,
        "SOURCE_DATE_EPOCH": str(source_time()),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYINSTALLER_CONFIG_DIR": str(work / "cache"),
        "QT_QPA_PLATFORM": "offscreen",
    }
    command = [
        sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN",
        "--distpath", str(work / "dist"), "--workpath", str(work / "build"), str(spec),
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=_LIMIT_S, check=False
    )
    if done.returncode != 0:
        raise BuildError(f"PyInstaller failed:\n{done.stdout}\n{done.stderr[-6000:]}")
    folder = work / "dist" / name
    for path in folder.rglob("*"):
        if path.is_symlink() and not path.exists():  # to a library that was left out
            path.unlink()
    _strip(folder)
    return folder


def _strip(folder: Path) -> None:
    """Take the debug symbols out of the interpreter and the extension modules: 60 MB that only developers need.

    Libraries of other libraries (``av.libs``, ``numpy.libs``, Qt's) stay as they are: what auditwheel repaired does not
    survive being stripped, and the extension modules it repaired (numpy's) stay with them.
    """
    internal = folder / "_internal"
    paths = [path for path in internal.rglob("*") if path.is_file() and not path.is_symlink() and strippable(path)]
    tool = shutil.which("strip")
    if tool is None:
        raise BuildError("strip is missing (apt-get install binutils)")
    subprocess.run([tool, "--strip-unneeded", *sorted(paths)], check=True, timeout=120)


def strippable(path: Path) -> bool:
    """Whether a file of a frozen program may lose its symbols."""
    if ".so" not in path.suffixes or any(part.endswith(".libs") for part in path.parts):
        return False
    return not any(part in {"PySide6", "shiboken6", "numpy", "google_crc32c", "livekit"} for part in path.parts)
