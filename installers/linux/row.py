"""The packages' row of ``make test``: ``python -m installers.linux.row build``, then ``... row check``.

The same build and the same check as ``make deb check-packages`` in Debian 12, without what takes longest and changes
least: compression, lintian, the second build that is compared, Debian 13. ``make test-all`` has those, and demands what
is only said here: that the unit lived under a systemd that boots, for inside a chroot none does. The build takes what
others leave of the processors; the check, which holds calls, is for when they are free.

Both need root, mmdebstrap and a system that may mount. Where that is missing nothing was checked, and this says so; in
CI (``CI`` is set) it is a failure.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from installers.freeze import ROOT, BuildError
from installers.linux import check_packages
from installers.linux.build import build
from installers.linux.check_packages import Boot
from installers.linux.packages import PACKAGES
from installers.linux.root import SUITE, make_base, propagation

WORK: Final = ROOT / "build" / "row"
_DIST: Final = WORK / "dist"
_NICE: Final = 19


def missing() -> str:
    """Return what the row lacks here, "" for nothing."""
    if sys.platform != "linux" or shutil.which("dpkg-deb") is None:
        return "a Debian"
    if os.geteuid() != 0:
        return "root"
    if tools := [name for name in ("mmdebstrap", "gcc", "strip", "icupkg") if shutil.which(name) is None]:
        return f"{', '.join(tools)} (scripts/setup --package-check)"
    try:
        propagation()
    except BuildError:
        return "the right to mount"
    return ""


def verdict(lacking: str, environ: Mapping[str, str]) -> int:
    """Say that nothing was checked; return the exit code: 1 in CI, which promises the check."""
    print(f"packages: NOT CHECKED: this needs {lacking} (make check-packages does it later)", flush=True)
    return 1 if environ.get("CI", "") not in {"", "0", "false"} else 0


def build_all() -> None:
    """Build both packages, and the minimal system beside them; raises BuildError."""
    os.nice(_NICE)
    shutil.rmtree(WORK, ignore_errors=True)
    with ThreadPoolExecutor(1) as beside:
        system = beside.submit(make_base, check_packages.base_archive(SUITE), SUITE)
        for name in PACKAGES:
            build(name, WORK / "deb", _DIST, compression="none", measure=False)
        system.result()


def check_all() -> None:
    """Take the packages through their life and put them away; raises BuildError."""
    with tempfile.TemporaryDirectory(prefix="carena-check-", dir="/var/tmp") as temporary:
        check_packages.check(Path(temporary), _DIST, SUITE, lint=False, boot=Boot.WHERE_IT_CAN, visit=True)
    shutil.rmtree(WORK)


def main() -> int:
    """Build or check; return the exit code."""
    parser = argparse.ArgumentParser(description="The packages' row of make test.")
    parser.add_argument("part", choices=("build", "check"))
    part = parser.parse_args().part
    if lacking := missing():
        return verdict(lacking, os.environ) if part == "build" else 0
    began = time.monotonic()
    try:
        if part == "build":
            build_all()
        else:
            check_all()
    except BuildError as error:
        print(f"packages: FAILED: {error}", file=sys.stderr)
        return 1
    done = "built" if part == "build" else "installed, called, visited, upgraded, removed and purged in Debian 12"
    print(f"packages: {done} ({time.monotonic() - began:.0f} s)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
