"""Run the tests that ``make test`` promises, in three rows beside each other.

Most tests wait for something: a browser, a handshake, a second of sound. Two halves, each in a desktop session of its
own (display, bus, keyring), keep two cores busy; within a half tests run one after the other, because windows on one
display take the keyboard from each other. The second half's output is shown as it comes, the others' after it.

The third row builds the Debian packages with what the halves leave of the processors, and, once the shorter half is
over, installs them in a minimal Debian and uses them there (``installers.linux.row``). It needs root and says so.

    python -m scripts.run_tests [--all] [PYTEST ARGUMENTS]

With ``--all`` the tests in namespaces and of all packages follow the halves, one after the other. With arguments the
third row is left out, and a path among them is run alone, in one session.
"""

import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Final

ROOT: Final = Path(__file__).resolve().parent.parent
SELECTED: Final = ("-m", "not netlab and not packages")
LONG: Final = ("-m", "netlab or packages")
HALVES: Final = {
    "first": (
        ("tests/unit", "tests/scenarios", "tests/architecture", "tests/fuzz"),
        ("tests/integration/server",),
        ("tests/gui", "tests/adversary", "tests/integration/portal"),
    ),
    "second": (
        ("tests/e2e", "tests/integration", "--ignore=tests/integration/portal", "--ignore=tests/integration/server"),
    ),
}
"""Each half is a row of runs, one process each: what has to do with Qt, and what has not, share none. The collector may
meet a window's remains on any thread, and the stress tests of the server give it much to do on theirs."""
ELSEWHERE: Final = ("a11y", "fakes", "netlab", "packages", "portal")
"""Folders of ``tests`` without tests for pytest, or with marked ones that need ``make test-all``."""


def command(name: str, paths: tuple[str, ...], arguments: list[str], selected: tuple[str, ...] = SELECTED) -> list[str]:
    """Return the command line of a run in a session of its own."""
    session = [sys.executable, "-m", "demo.private_session", "--"]
    cache = f"cache_dir=.pytest_cache/{name}"
    return [*session, sys.executable, "-m", "pytest", *selected, "-o", cache, *paths, *arguments]


def run_half(name: str, arguments: list[str], output: IO[bytes] | None) -> int:
    """Run one half's processes one after the other; return 1 when one failed."""
    codes = [
        subprocess.run(
            command(f"{name}-{number}", paths, arguments),
            check=False,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=None if output is None else subprocess.STDOUT,
        ).returncode
        for number, paths in enumerate(HALVES[name])
    ]
    return 1 if any(codes) else 0


def run_packages(free: threading.Event, output: IO[bytes]) -> int:
    """Build the Debian packages; when ``free`` is set, use them. Return 1 when something failed."""
    row = [sys.executable, "-m", "installers.linux.row"]
    for part in ("build", "check"):
        if part == "check":
            free.wait()
        done = subprocess.run(
            [*row, part], check=False, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        if done.returncode != 0:
            return 1
    return 0


def run_rows(arguments: list[str], *, packages: bool) -> int:
    """Run both halves, and the packages' row beside them; return 1 when something failed."""
    free = threading.Event()
    with tempfile.TemporaryFile() as kept, tempfile.TemporaryFile() as third_kept, ThreadPoolExecutor(2) as beside:
        first = beside.submit(run_half, "first", arguments, kept)
        first.add_done_callback(lambda _: free.set())
        third = beside.submit(run_packages, free, third_kept) if packages else None
        try:
            code = run_half("second", arguments, None)
        finally:
            free.set()
        code = first.result() or code
        code = (third.result() if third is not None else 0) or code
        for output in (kept, third_kept):
            output.seek(0)
            sys.stdout.flush()
            sys.stdout.buffer.write(output.read())
            sys.stdout.flush()
    return code


def main() -> int:
    """Run everything, or what a path names; return 1 when something failed."""
    everything = sys.argv[1:2] == ["--all"]
    arguments = sys.argv[2 if everything else 1 :]
    if any((ROOT / argument.split("::")[0]).exists() for argument in arguments):
        selected = () if everything else SELECTED
        return subprocess.run(command("some", (), arguments, selected), check=False, cwd=ROOT).returncode
    code = run_rows(arguments, packages=not arguments and not everything)
    if everything:
        code = subprocess.run(command("long", ("tests",), arguments, LONG), check=False, cwd=ROOT).returncode or code
    return code


if __name__ == "__main__":
    sys.exit(main())
