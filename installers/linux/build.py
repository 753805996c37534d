"""Builds the Debian packages into ``dist``: ``python -m installers.linux.build [desktop] [server] [--twice]``.

Prints what the packages weigh and how long the desktop takes to its window, and fails where a limit is passed.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from carena_desktop import __version__
from installers import frozen_lists, signing, stand_ins
from installers.freeze import ROOT, BuildError, check_size, freeze, source_time
from installers.linux.compare import difference, source_state
from installers.linux.deb import build_deb
from installers.linux.packages import PACKAGES

MAX_START_S: Final = 1.0
STARTS: Final = 5
_START_LIMIT_S: Final = 30.0


def main() -> int:
    """Build, measure, compare; return the exit code."""
    parser = argparse.ArgumentParser(description="Build the Debian packages.")
    parser.add_argument("packages", nargs="*", choices=[[], *PACKAGES], help="which; both without a name")
    parser.add_argument("--twice", action="store_true", help="build a second time elsewhere and compare every byte")
    parser.add_argument("--xz", action="store_true", help="smaller and slower; for releases")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR")
    options = parser.parse_args()
    began_with = source_state() if options.twice else ""
    try:
        made = [
            build(name, ROOT / "build" / "deb", options.out, compression="xz" if options.xz else "zstd", measure=True)
            for name in options.packages or PACKAGES
        ]
        if options.twice:
            _compare(made, began_with, xz=options.xz)
        listed = signing.write_sums(options.out)
        signing.sign_sums(listed, os.environ)
    except BuildError as error:
        print(f"build: {error}", file=sys.stderr)
        return 1
    print(listed.read_text("ascii"), end="")
    return 0


def build(name: str, work: Path, out: Path, *, compression: str, measure: bool) -> Path:
    """Return one package, built from nothing; raises BuildError."""
    package = PACKAGES[name]
    folder = work / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    began = time.monotonic()
    frozen = freeze(package.name, folder)
    if name == "desktop":
        stand_ins.replace_encoders(frozen / "_internal", folder / "build")
        stand_ins.replace_quick(frozen / "_internal", folder / "build")
        stand_ins.shrink_icu(frozen / "_internal", folder / "build")
    listed = frozen_lists.write_lists(frozen, package.name, __version__, source_time())
    target = build_deb(package, frozen, __version__, source_time(), out, compression=compression)
    counted = frozen_lists.counts(listed)
    mib = _installed_mib(frozen)
    seconds = time.monotonic() - began
    print(f"{target.name}: {target.stat().st_size / 2**20:.0f} MiB, {mib:.0f} MiB installed, made in {seconds:.0f} s")
    print(f"  parts: {counted['Python']} Python distributions, {counted['native']} native parts and crates")
    check_size(package.name, mib)
    if measure and name == "desktop":
        _measure_start(frozen / package.name)
    return target


def _measure_start(program: Path) -> None:
    """Print the time from the program's start to its window; a slow machine is told of, not failed."""
    starts = [_start(program) for _ in range(STARTS)]
    times, worked = sorted(wall for wall, _ in starts), statistics.median(cpu for _, cpu in starts)
    median = statistics.median(times)
    verdict = "" if median <= MAX_START_S else f": more than {MAX_START_S:.1f} s; is the machine busy?"
    spread = f"median of {STARTS}; {times[0]:.2f} to {times[-1]:.2f}; {worked:.2f} s of processor time"
    print(f"  start to sign-in window: {median:.2f} s ({spread}){verdict}")


def _start(program: Path) -> tuple[float, float]:
    """Return the seconds until the window is there, by the clock and of the processor, which others' work changes less.

    Raises:
        BuildError: There is no window.
    """
    with tempfile.TemporaryDirectory(prefix="carena-start-") as home:
        environment = {**os.environ, "CARENA_HOME": home, "QT_QPA_PLATFORM": "offscreen", "CARENA_CAMERA": "generator"}
        log = Path(home) / "logs" / "carena-desktop.log"
        began = time.monotonic()
        running = subprocess.Popen(
            [program], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=home
        )
        try:
            while not (log.exists() and "window shown" in log.read_text("utf-8")):
                if running.poll() is not None or time.monotonic() - began > _START_LIMIT_S:
                    raise BuildError("the frozen desktop shows no window")
                time.sleep(0.005)
            seconds = time.monotonic() - began
            worked = _processor_s(running.pid)
            running.terminate()
            running.wait(_START_LIMIT_S)
        finally:
            running.kill()
            running.wait()
    return seconds, worked


def _processor_s(pid: int) -> float:
    """Return what a process has used so far, without its children (proc(5), ``utime`` and ``stime``)."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _compare(made: list[Path], began_with: str, *, xz: bool) -> None:
    """Build again in another folder; raises BuildError where the bytes differ, or the source did."""
    with tempfile.TemporaryDirectory(prefix="carena-again-") as other:
        for path in made:
            name = path.name.partition("_")[0].removeprefix("carena-")
            again = build(name, Path(other), Path(other) / "out", compression="xz" if xz else "zstd", measure=False)
            if source_state() != began_with:
                raise BuildError("the source was changed meanwhile: the builds can't be compared")
            if found := difference(path, again):
                raise BuildError(f"{path.name}: a second build of the same source differs in {found}")
            print(f"{path.name}: the second build is equal, byte for byte")


def _installed_mib(folder: Path) -> float:
    return sum(path.lstat().st_blocks * 512 for path in folder.rglob("*")) / 2**20


if __name__ == "__main__":
    sys.exit(main())
