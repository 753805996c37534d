"""The import contracts are only worth something if they break when someone breaks them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("carena_protocol", "carena_desktop", "carena_server")

MUTATIONS = [
    ("carena_protocol/messages.py", "import asyncio"),
    ("carena_protocol/codec.py", "import carena_server"),
    ("carena_desktop/session/machine.py", "import time"),
    ("carena_desktop/session/model.py", "import PySide6.QtCore"),
    ("carena_desktop/call/model.py", "import carena_desktop.session.model"),
    ("carena_desktop/call/machine.py", "import asyncio"),
    ("carena_desktop/call/service.py", "import aiortc"),
    ("carena_desktop/call/service.py", "import PySide6.QtMultimedia"),
    ("carena_desktop/call/engine/leg.py", "import PySide6.QtCore"),
    ("carena_desktop/session/ports.py", "import websockets"),
    ("carena_desktop/session/ports.py", "import aiohttp"),
    ("carena_desktop/session/ports.py", "import keyring"),
    ("carena_desktop/ui/bridge.py", "import qasync"),
    ("carena_desktop/ui/bridge.py", "import carena_desktop.session.credentials"),
    ("carena_desktop/ui/bridge.py", "import carena_desktop.call.engine.host_process"),
    ("carena_desktop/ui/main_window.py", "import carena_desktop.app"),
    ("carena_desktop/clock.py", "import carena_desktop.ui.aio"),
    ("carena_desktop/ui/bridge.py", "import carena_desktop.support.desk"),
    ("carena_desktop/network/router.py", "import carena_desktop.session.address"),
    ("carena_desktop/network/router.py", "import pacparser"),
    ("carena_server/waiting_room.py", "import time"),
    ("carena_server/__init__.py", "import carena_desktop.clock"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the packages that may be spoiled."""
    target = tmp_path_factory.mktemp("tree")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("*.pyc", "node_modules", "portal"))
    shutil.copy(ROOT / "pyproject.toml", target)
    return target


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a tree."""
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_tree_keeps_every_contract(copy: Path) -> None:
    """The code as it is points in the directions the design allows."""
    result = lint_imports(copy)

    assert result.returncode == 0, result.stdout
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(("path", "line"), MUTATIONS)
def test_a_forbidden_import_breaks_a_contract(copy: Path, path: str, line: str) -> None:
    """One import in a forbidden direction is enough to fail the lint."""
    module = copy / path
    original = module.read_text(encoding="utf-8")
    module.write_text(f"{original}\n{line}\n", encoding="utf-8")
    try:
        result = lint_imports(copy)
    finally:
        module.write_text(original, encoding="utf-8")

    assert result.returncode == 1, result.stdout
    assert " BROKEN" in result.stdout
