"""Run the tests that ``make test`` promises, in two halves beside each other.

Most tests wait for something: a browser, a handshake, a second of sound. Two halves, each in a desktop session of its
own (display, bus, keyring), keep two cores busy; within a half tests run one after the other, because windows on one
display take the keyboard from each other. The second half's output is shown as it comes, the first one's after it.

    python -m scripts.run_tests [PYTEST ARGUMENTS]      a path among the arguments is run alone, in one session
"""

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Final

ROOT: Final = Path(__file__).resolve().parent.parent
SELECTED: Final = ("-m", "not netlab and not packages")
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


def command(name: str, paths: tuple[str, ...], arguments: list[str]) -> list[str]:
    """Return the command line of one half."""
    session = [sys.executable, "-m", "demo.private_session", "--"]
    cache = f"cache_dir=.pytest_cache/{name}"
    return [*session, sys.executable, "-m", "pytest", *SELECTED, "-o", cache, *paths, *arguments]


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


def main() -> int:
    """Run both halves; return 1 when one failed."""
    arguments = sys.argv[1:]
    if any((ROOT / argument.split("::")[0]).exists() for argument in arguments):
        return subprocess.run(command("some", (), arguments), check=False, cwd=ROOT).returncode
    with tempfile.TemporaryFile() as kept, ThreadPoolExecutor(1) as beside:
        first = beside.submit(run_half, "first", arguments, kept)
        code = run_half("second", arguments, None)
        code = first.result() or code
        kept.seek(0)
        sys.stdout.flush()
        sys.stdout.buffer.write(kept.read())
        sys.stdout.flush()
    return code


if __name__ == "__main__":
    sys.exit(main())
