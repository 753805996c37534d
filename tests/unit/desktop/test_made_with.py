"""What About tells of the parts: the package's own list where there is one."""

import json
from pathlib import Path

import pytest

from carena_desktop.made_with import LIST, TEXTS, PartOf, made_with
from installers.freeze import ROOT
from installers.parts import Part, to_cyclonedx

OWN = ROOT / "resources" / "licences.json"


def test_a_packages_own_list_is_told(tmp_path: Path) -> None:
    """Native parts and distributions with version, licence and home, the package's licence, and where the texts are."""
    listed = [
        Part("Opus", "1.6.1", "BSD-3-Clause", "https://opus-codec.org/", ("av.libs/libopus-*.so.*",)),
        Part("qasync", "0.28.0", "BSD-2-Clause", "https://pypi.org/project/qasync/", (), "pkg:pypi/qasync@0.28.0"),
        Part("a crate", "1", "MIT OR Apache-2.0", ""),
    ]
    (tmp_path / LIST).write_text(to_cyclonedx("carena-desktop", "0.1.0", listed, 0), "utf-8")
    (tmp_path / TEXTS).write_text("the texts", "utf-8")
    made = made_with(OWN, tmp_path)
    assert (made.licence, made.texts) == ("GPL-3.0-or-later", str(tmp_path / TEXTS))
    assert made.parts == (
        PartOf("a crate 1", "MIT OR Apache-2.0", ""),
        PartOf("Opus 1.6.1", "BSD-3-Clause", "https://opus-codec.org/"),
        PartOf("qasync 0.28.0", "BSD-2-Clause", "https://pypi.org/project/qasync/"),
    )


@pytest.mark.parametrize("content", [None, "", "{", "[]", "{}", json.dumps({"components": [{"name": "x"}]})])
def test_without_a_readable_list_the_source_trees_is_told(tmp_path: Path, content: str | None) -> None:
    """No package, or one whose list is broken: the program's own licence, and what it depends on."""
    if content is not None:
        (tmp_path / LIST).write_text(content, "utf-8")
    made = made_with(OWN, tmp_path)
    assert (made.licence, made.texts) == ("Apache-2.0", "")
    assert any(part.name == "PySide6" for part in made.parts)
