"""A minimal Debian in a folder: made once by mmdebstrap, copied for each check, entered in namespaces of its own.

Everything mounted is private to the command that runs inside and gone with it, and so is every process it started.
"""

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from installers.freeze import BuildError

SUITE: Final = "bookworm"
_MAKE_LIMIT_S: Final = 600
_TRIES: Final = 3
_RETRIES: Final = 'Acquire::Retries "5";\n'
"""Apt's own, for each file; mirrors hiccup."""
_RUN_LIMIT_S: Final = 400
_HOST_FILES: Final = ("etc/resolv.conf", "etc/hosts", "etc/apt/apt.conf.d", "etc/apt/auth.conf.d")
_ENTER: Final = """
set -e
mount -t proc proc "$1/proc"
mount --rbind /sys "$1/sys"
mount --bind /dev "$1/dev"
mkdir -p "$1/dev/shm" "$1/tmp"
mount -t tmpfs -o mode=1777 tmpfs "$1/dev/shm"
mount --bind /tmp "$1/tmp"
root=$1
shift
exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \\
    DEBIAN_FRONTEND=noninteractive "$@"
"""


def make_base(archive: Path, suite: str = SUITE, packages: Sequence[str] = ()) -> None:
    """Make the archive of a minimal system with ``packages``, unless it is there; raises BuildError."""
    if archive.exists():
        return
    if shutil.which("mmdebstrap") is None:
        raise BuildError("mmdebstrap is missing (apt-get install mmdebstrap)")
    if os.geteuid() != 0:
        raise BuildError("root is needed to enter a root directory")
    archive.parent.mkdir(parents=True, exist_ok=True)
    include = [f"--include={','.join(packages)}"] if packages else []
    said = ""
    for _ in range(_TRIES):
        # Under its own name only when it is whole: what a broken download leaves is no archive.
        partial = archive.with_name(f"{archive.stem}.{os.getpid()}.partial.tar")
        command = ["mmdebstrap", "--quiet", "--variant=minbase", f"--aptopt={_RETRIES.strip()}", *include]
        done = subprocess.run(
            [*command, suite, str(partial)], capture_output=True, text=True, timeout=_MAKE_LIMIT_S, check=False
        )
        if done.returncode == 0:
            partial.replace(archive)
            return
        partial.unlink(missing_ok=True)
        said = done.stderr[-1500:]
    raise BuildError(f"mmdebstrap failed {_TRIES} times: {said}")


@cache
def propagation() -> str:
    """Return how unshare(1) is told to keep mounts to itself; raises BuildError where this system can't.

    Inside a chroot, as some CI systems are, the root is no mount and can't be made private. It may be so already: that
    is tried with a mount, which must not be seen from here. What is seen would be deleted by the cleaning-up.
    """
    if _unshare("private", "true").returncode == 0:
        return "private"
    with tempfile.TemporaryDirectory(prefix="carena-mount-") as folder:
        mark = Path(folder) / "seen"
        script = f"mount -t tmpfs none {folder} && touch {mark} && echo mounted && read -r _"
        probe = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "unchanged", "sh", "-c", script],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert probe.stdout is not None  # noqa: S101 - stdout=PIPE
        mounted, seen = probe.stdout.readline() == "mounted\n", mark.exists()
        probe.communicate("\n")
        if seen:
            subprocess.run(["umount", folder], check=False)
        if mounted and not seen:
            return "unchanged"
    raise BuildError("this system lets nobody mount")


def _unshare(kept: str, *words: str) -> subprocess.CompletedProcess[bytes]:
    command = ["unshare", "--mount", "--pid", "--fork", "--propagation", kept, *words]
    return subprocess.run(command, capture_output=True, check=False)


class Root:
    """One system in a folder."""

    def __init__(self, folder: Path, archive: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        unpack = ["tar", "--extract", "--file", str(archive), "--directory", str(folder), "--exclude=./dev/*"]
        subprocess.run(unpack, check=True, timeout=120)
        for name in _HOST_FILES:  # names and proxies of the network that this machine is in
            source, target = Path("/") / name, folder / name
            if source.is_dir():
                shutil.copytree(source, target, dirs_exist_ok=True)
            elif source.exists():
                shutil.copyfile(source, target)
        (folder / "etc/apt/apt.conf.d/99carena-check").write_text(_RETRIES, "ascii")

    def command(self, *words: str) -> list[str]:
        """Return the command line that runs a program inside."""
        enter = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", propagation()]
        return [*enter, "sh", "-c", _ENTER, "enter", str(self.folder), *words]

    def run(self, *words: str, code: int = 0) -> str:
        """Run a program inside and return what it printed; raises BuildError for another exit code."""
        done = subprocess.run(self.command(*words), capture_output=True, text=True, timeout=_RUN_LIMIT_S, check=False)
        if done.returncode != code:
            tail = f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
            raise BuildError(f"{' '.join(words[:6])}: exit code {done.returncode}, not {code}\n{tail}")
        return done.stdout

    def write_entrance(self, path: Path, *words: str) -> None:
        """Write a script that runs a program inside, with the script's own arguments after ``words``."""
        path.write_text(f'#!/bin/sh\nexec {shlex.join(self.command(*words))} "$@"\n', "utf-8")
        path.chmod(0o755)

    def exists(self, path: str) -> bool:
        """Whether there is something at an absolute path inside."""
        return os.path.lexists(self.folder / path.lstrip("/"))
