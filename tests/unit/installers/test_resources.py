"""Every kind of resource that the program reads is in every package."""

import ast
from pathlib import Path

import pytest

from installers.freeze import ROOT

KINDS = sorted(path.name for path in (ROOT / "resources").iterdir() if path.is_dir())


@pytest.mark.parametrize("spec", ["installers/desktop.spec", "installers/macos/desktop.spec"])
def test_no_folder_of_resources_is_left_out(spec: str) -> None:
    """A window without its translations, icons or sounds is the known failure of a packager; each folder is named."""
    named = {
        node.value
        for node in ast.walk(ast.parse(Path(ROOT / spec).read_text("utf-8")))
        if isinstance(node, ast.Constant)
    }
    assert set(KINDS) <= named
