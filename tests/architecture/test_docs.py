"""The documentation builds without a warning, needs no network, and says what is so."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from carena_desktop.config import _parser as desktop_options
from carena_desktop.policy.table import POLICIES
from carena_server.cli import _parser as server_options
from scripts import docs

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_the_documentation_builds(tmp_path: Path) -> None:
    """Every page, with the screenshots of today; a warning, or anything loaded from elsewhere, fails."""
    done = subprocess.run(
        [sys.executable, "-m", "scripts.docs", str(tmp_path / "html")],
        cwd=ROOT, capture_output=True, text=True, timeout=220, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    page = (tmp_path / "html" / "guide" / "clinician.html").read_text("utf-8")
    pictures = re.findall(r'src="([^"]+\.png)"', page)
    assert len(pictures) >= 4
    assert all((tmp_path / "html" / "guide" / picture).resolve().exists() for picture in pictures)


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("a.html", '<script src="https://cdn.example/x.js"></script>', True),
        ("a.html", '<link rel="stylesheet" href="//fonts.example/x.css">', True),
        ("a.html", '<a href="https://example.org">a link to follow</a><img src="x.png">', False),
        ("a.css", "@import url(https://fonts.example/x.css)", True),
        ("a.css", 'body { background: url("x.png") }', False),
    ],
)
def test_what_is_loaded_from_elsewhere_is_found(tmp_path: Path, name: str, text: str, found: bool) -> None:
    """Scripts, styles, pictures and fonts of other hosts are; links that a person follows are not."""
    (tmp_path / name).write_text(text)
    assert docs.remote_assets(tmp_path) == ([name] if found else [])


def test_every_option_and_policy_is_documented() -> None:
    """The guide names each option of the desktop, and the reference each policy."""
    guide = "".join(path.read_text("utf-8") for path in (ROOT / "docs").rglob("*.md"))
    options = {word for action in desktop_options()._actions for word in action.option_strings if word.startswith("--")}
    assert [option for option in sorted(options - {"--help", "--version"}) if f"`{option}" not in guide] == []
    reference = (ROOT / "docs" / "admin" / "policies.md").read_text("utf-8")
    assert [policy.name for policy in POLICIES if f"## {policy.name}\n" not in reference] == []


def test_documented_commands_exist() -> None:
    """Each ``carena-server`` command of the guide is one that the program has."""
    text = "".join(path.read_text("utf-8") for path in (ROOT / "docs").rglob("*.md"))
    named = set(re.findall(r"carena-server (init|serve|user|audit|backup|link|[a-z]+) ", text))
    known = next(action for action in server_options()._actions if action.choices).choices
    assert known is not None
    commands = {name for name in named if name in {"init", "serve", "user", "audit", "backup", "link"}}
    assert commands <= set(known)
    assert {"init", "serve", "audit", "backup"} <= commands
