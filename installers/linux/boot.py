"""Boots systemd in a root directory, so that a unit runs with everything that its file asks for.

Process ids, network (loopback only), control groups and mounts are the booted system's own; what it starts ends with
it. Its kernel is this machine's, so the services that would set that up are masked.
"""

import subprocess
from pathlib import Path
from typing import Final

from installers.freeze import BuildError
from installers.linux.root import Root

_LIMIT_S: Final = 120
_MASKED: Final = (
    "systemd-binfmt.service", "systemd-modules-load.service", "systemd-pstore.service", "systemd-random-seed.service",
    "systemd-remount-fs.service", "systemd-sysctl.service", "systemd-timesyncd.service", "systemd-udev-trigger.service",
    "systemd-udevd.service", "proc-sys-fs-binfmt_misc.automount",
)  # fmt: skip
_TARGET: Final = "[Unit]\nDescription=Check\nWants=carena-check.service\n"
_SERVICE: Final = "[Service]\nType=oneshot\nExecStart=/bin/sh /srv/check.sh\n"
_SCRIPT: Final = """exec >/srv/result 2>&1
{script}
sync
systemctl --force --force poweroff
"""
_OUTSIDE: Final = """
set -e
mount -t cgroup2 cgroup2 /mnt
mkdir -p "/mnt/carena-check-$$"
(
  # Of the shell inside the parentheses; the new control group is what the booted system takes for the whole tree.
  sh -c 'echo $PPID' >"/mnt/carena-check-$$/cgroup.procs"
  exec unshare --mount --pid --fork --kill-child --net --ipc --uts --cgroup --propagation private \\
    sh -c "umount /mnt; $1" inside "$2"
) || true
find "/mnt/carena-check-$$" -depth -type d -exec rmdir {} +
"""
# The root is exchanged, not entered by chroot: the kernel allows no user namespace (PrivateUsers=) inside of that.
_INSIDE: Final = """
set -e
root=$1
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for name in full null random tty urandom zero; do
  touch "$root/dev/$name"
  mount --bind "/dev/$name" "$root/dev/$name"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
ip link set lo up
mkdir -p "$root/before"
cd "$root"
pivot_root . before
exec /usr/bin/env -i container=carena-check PATH=/usr/sbin:/usr/bin:/sbin:/bin /bin/sh -c \\
  "umount -l /before && exec /lib/systemd/systemd --unit=carena-check.target --show-status=no"
"""


class CannotBootError(BuildError):
    """This system lets nobody boot another inside of it, as CI in a chroot: nothing was shown, good or bad."""


def run_booted(root: Root, script: str) -> str:
    """Boot the system, run a shell script in it as root, and return what that printed.

    Raises:
        CannotBootError: The script was never begun.
        BuildError: It did not come to its end.

    Args:
        root: With systemd.
        script: Its errors do not end it.
    """
    # Inside a chroot systemd starts and a unit with PrivateUsers= can't: the kernel makes no user namespace there.
    if subprocess.run(["unshare", "--user", "true"], capture_output=True, check=False).returncode != 0:
        raise CannotBootError("no user namespace can be made here, as inside a chroot")
    units = root.folder / "etc/systemd/system"
    for name in _MASKED:
        _mask(units / name)
    (units / "carena-check.target").write_text(_TARGET, "ascii")
    (units / "carena-check.service").write_text(_SERVICE, "ascii")
    (root.folder / "srv/check.sh").write_text(_SCRIPT.format(script=script), "utf-8")
    result = root.folder / "srv/result"
    result.unlink(missing_ok=True)
    command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", _OUTSIDE, "outside", _INSIDE]
    try:
        done = subprocess.run(
            [*command, str(root.folder)], capture_output=True, text=True, timeout=_LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired:
        if not result.exists():
            raise CannotBootError(f"systemd did not start within {_LIMIT_S} s") from None
        raise BuildError(f"the system did not come to its end within {_LIMIT_S} s") from None
    if not result.exists():
        raise CannotBootError(f"systemd did not start: {done.stdout[-800:]}{done.stderr[-800:]}")
    return result.read_text("utf-8", errors="replace")


def _mask(unit: Path) -> None:
    if not unit.is_symlink():
        unit.symlink_to("/dev/null")
