"""Every kind of resource that the program reads is in every package."""

import ast

import pytest

from installers.freeze import ROOT

KINDS = sorted(path.name for path in (ROOT / "resources").iterdir())


def constants(spec: str) -> set[str]:
    """The strings that stand in a spec file."""
    tree = ast.parse((ROOT / spec).read_text("utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@pytest.mark.parametrize("spec", ["installers/desktop.spec", "installers/macos/desktop.spec"])
def test_nothing_of_the_resources_is_left_out(spec: str) -> None:
    """A window without its translations, icons or lists is the known failure of a packager; each is named."""
    assert set(KINDS) <= constants(spec)


def test_no_file_that_the_server_reads_is_left_out() -> None:
    """What stands beside the server's modules and is no code, as the list of passwords, is named in its spec."""
    beside = {path.name for path in (ROOT / "carena_server").iterdir() if path.is_file() and path.suffix != ".py"}
    assert "common_passwords.txt.gz" in beside
    assert beside <= constants("installers/server.spec")
