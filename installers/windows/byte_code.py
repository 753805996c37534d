"""Compiles the modules of the Windows packages; without byte code every start is slow, for nobody may write it there.

Byte code is the same in every patch level of a release and on every system (``importlib.util.MAGIC_NUMBER``), so any
Python of the release will do: one of this machine, else Debian 13's in a minimal system, which needs root. The byte
code is not compared with the source's time: both come and go with the package.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from installers.freeze import ROOT, BuildError
from installers.linux.root import Root, make_base

SUITE: Final = "trixie"
"""Debian 13, whose Python is 3.13."""
PACKAGES: Final = ("python3",)
_INSIDE: Final = "/srv/site"
_VERSION: Final = ("-c", "import sys; print(*sys.version_info[:2], sep='.')")


def compile_modules(site: Path, release: str, run: Callable[[list[str]], str]) -> bool:
    """Compile everything below ``site``; return whether there was a Python to do it, and say where there was none.

    Args:
        site: The folder.
        release: Of the interpreter in the packages, "3.13".
        run: Runs a command of this machine and returns what it printed; raises BuildError.
    """
    if python := _here(release, run):
        run([python, *_words(str(site))])
        return True
    try:
        _in_debian(site, release)
    except BuildError as error:
        print(f"no byte code: no Python {release} here (CARENA_WINDOWS_PYTHON names one), none of Debian's: {error}")
        print("the program will start slowly")
        return False
    return True


def _here(release: str, run: Callable[[list[str]], str]) -> str:
    python = os.environ.get("CARENA_WINDOWS_PYTHON") or shutil.which(f"python{release}")
    try:
        return python if python and run([python, *_VERSION]).strip() == release else ""
    except BuildError:
        return ""


def _in_debian(site: Path, release: str) -> None:
    archive = ROOT / "build" / f"debian-{SUITE}-python.tar"
    make_base(archive, SUITE, PACKAGES)
    with tempfile.TemporaryDirectory(prefix="carena-byte-code-", dir="/var/tmp") as temporary:
        root = Root(Path(temporary) / "root", archive)
        if (told := root.run("python3", *_VERSION).strip()) != release:
            raise BuildError(f"Debian's is {told}")
        inside = root.folder / _INSIDE.lstrip("/")
        shutil.copytree(site, inside)
        root.run("python3", *_words(_INSIDE))
        for compiled in inside.rglob("*.pyc"):
            target = site / compiled.relative_to(inside)
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(compiled, target)


def _words(site: str) -> list[str]:
    return ["-I", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", "-s", site, site]
