"""Build the documentation: screenshots by the project's own script, then Sphinx with warnings as errors.

    python -m scripts.docs [FOLDER] [--no-screens]

Every page is whole without a network: what would be loaded from elsewhere fails the build.
"""

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "docs"
SCREENS = SOURCE / "images" / "screens"
SCENES = ("sign_in", "check_computer", "waiting", "asking", "live", "two_pictures", "safety", "devices_on")
LOOK = "light-100"
_LOADS = r"(?:<(?:script|img|iframe|source|video|audio|embed)\b[^>]*?\bsrc|<link\b[^>]*?\bhref)"
_REMOTE = re.compile(_LOADS + r"""\s*=\s*["']?(?:https?:)?//""")
_REMOTE_CSS = re.compile(r"""(?:@import|url\()\s*["']?(?:https?:)?//""")


def take_screens() -> None:
    """Render the scenes that pages show."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "scripts.screenshots", str(SCREENS), "--exactly", ",".join(SCENES)]
    quiet = {"QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "*=false"}
    done = subprocess.run(
        [*command, "--looks", LOOK, "--size", "1280x800"],
        check=False,
        cwd=ROOT,
        env={**os.environ, **quiet},
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        sys.exit(f"the screenshots failed:\n{done.stderr[-3000:]}")
    for scene in SCENES:
        (SCREENS / f"{scene}-{LOOK}.png").replace(SCREENS / f"{scene}.png")


def build(target: Path) -> int:
    """Return Sphinx's exit code; a warning is an error."""
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    trees = str(target.parent / "doctrees")
    return subprocess.run([*command, "-d", trees, str(SOURCE), str(target)], check=False, cwd=ROOT).returncode


def remote_assets(target: Path) -> list[str]:
    """Return the files that would load something from elsewhere; a link to follow is none."""
    found = []
    for path in sorted(target.rglob("*")):
        if path.suffix in {".html", ".css"}:
            text = path.read_text("utf-8")
            if (path.suffix == ".html" and _REMOTE.search(text)) or _REMOTE_CSS.search(text):
                found.append(str(path.relative_to(target)))
    return found


def main() -> int:
    """Build, and look through what was made."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "docs" / "html")
    parser.add_argument("--no-screens", action="store_true", help="keep the screenshots there are")
    options = parser.parse_args()
    if not options.no_screens or not all((SCREENS / f"{scene}.png").exists() for scene in SCENES):
        take_screens()
    if code := build(options.folder.resolve()):
        return code
    if remote := remote_assets(options.folder):
        print("loaded from elsewhere: " + ", ".join(remote))
        return 1
    print(f"documentation: {options.folder / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
