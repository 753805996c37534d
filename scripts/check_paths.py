"""Find absolute paths of one machine in tracked text files: they work for one person and say who that is."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SKIPPED_SUFFIXES = (".png", ".svg", ".ttf", ".woff2", ".wav", ".qm", ".lock", ".ico")
PATTERN = re.compile(
    rb"(?<![\w.])/(?:home|Users)/[A-Za-z0-9_.-]+/|(?<![\w.])/root/|[A-Za-z]:\\\\?Users\\|"
    + re.escape(str(ROOT).encode())
    + rb"/"
)


def main() -> int:
    """Print every hit; return the exit code."""
    names = subprocess.run(["git", "ls-files", "-z"], check=True, capture_output=True, text=True, cwd=ROOT).stdout
    hits = 0
    for name in filter(None, names.split("\0")):
        path = ROOT / name
        if name.endswith(SKIPPED_SUFFIXES) or not path.is_file() or path == Path(__file__).resolve():
            continue
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            if found := PATTERN.search(line):
                print(f"{name}:{number}: {found.group().decode(errors='replace')}")
                hits += 1
    return 1 if hits else 0


if __name__ == "__main__":
    sys.exit(main())
