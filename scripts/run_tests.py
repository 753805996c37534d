"""Run the tests that ``make test`` promises, in two halves beside each other.

Most tests wait for something: a browser, a handshake, a second of sound. Two halves, each in a desktop session of its
own (display, bus, keyring), keep two cores busy; within a half tests run one after the other, because windows on one
display take the keyboard from each other. The second half's output is shown as it comes, the first one's after it.

    python -m scripts.run_tests [PYTEST ARGUMENTS]      a path among the arguments is run alone, in one session
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
SELECTED: Final = ("-m", "not netlab and not packages")
FIRST: Final = (
    "tests/unit",
    "tests/scenarios",
    "tests/architecture",
    "tests/fuzz",
    "tests/gui",
    "tests/adversary",
    "tests/integration/portal",
)
SECOND: Final = ("tests/e2e", "tests/integration", "--ignore=tests/integration/portal")
HALVES: Final = {"first": FIRST, "second": SECOND}
ELSEWHERE: Final = ("a11y", "fakes", "netlab", "packages", "portal")
"""Folders of ``tests`` without tests for pytest, or with marked ones that need ``make test-all``."""


def command(name: str, paths: tuple[str, ...], arguments: list[str]) -> list[str]:
    """Return the command line of one half."""
    session = [sys.executable, "-m", "demo.private_session", "--"]
    cache = f"cache_dir=.pytest_cache/{name}"
    return [*session, sys.executable, "-m", "pytest", *SELECTED, "-o", cache, *paths, *arguments]


def main() -> int:
    """Run both halves; return 1 when one failed."""
    arguments = sys.argv[1:]
    if any((ROOT / argument.split("::")[0]).exists() for argument in arguments):
        return subprocess.run(command("some", (), arguments), check=False, cwd=ROOT).returncode
    with tempfile.TemporaryFile() as kept:
        first = subprocess.Popen(
            command("first", FIRST, arguments),
            cwd=ROOT,
            stdout=kept,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        try:
            code = subprocess.run(command("second", SECOND, arguments), check=False, cwd=ROOT).returncode
            first.wait()
        finally:
            first.terminate()
        kept.seek(0)
        sys.stdout.flush()
        sys.stdout.buffer.write(kept.read())
        sys.stdout.flush()
    return 1 if code or first.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
