"""Every part of a package has a name, a version and a licence, or there is no package."""

import email.message
import json
import re
from pathlib import Path
from typing import cast

import jsonschema
import pytest

from installers.freeze import BuildError
from installers.frozen_lists import strangers, write_lists
from installers.parts import (
    Part,
    distributions,
    licence_of,
    native_parts,
    present,
    to_cyclonedx,
    unexplained,
)

OPUS = Part("Opus", "", "BSD-3-Clause", "https://opus-codec.org/", ("av.libs/libopus-*.so.*",))


def test_a_library_without_an_entry_is_found() -> None:
    """A shared library that neither the list nor a record knows is named, so that the build can fail."""
    libraries = ["av.libs/libopus-1a.so.0.9", "av.libs/libnew-1a.so.1", "msgspec/_core.so"]
    assert unexplained(libraries, [OPUS], {"msgspec/_core.so"}) == ["av.libs/libnew-1a.so.1"]


def test_a_wheels_record_does_not_vouch_for_foreign_libraries() -> None:
    """A wheel's record names the libraries that were put into it as well; whose they are must be in the list."""
    foreign = ["av.libs/libnew-1a.so.1", "PySide6/Qt/lib/libnew.so.1"]
    assert unexplained(foreign, [OPUS], set(foreign)) == foreign


@pytest.mark.parametrize(
    "stray",
    ["libstray.so", "libstray.so.1.2", "av.libs/libstray-1a.so.1", "PySide6/Qt/lib/libstray.so.6", "a/_m.abi3.so"],
)
def test_a_stray_library_ends_the_build(tmp_path: Path, stray: str) -> None:
    """The build itself fails, names the file and writes no list, wherever in the program the library stands."""
    library = tmp_path / "carena-desktop" / "_internal" / stray
    library.parent.mkdir(parents=True)
    library.write_bytes(b"\x7fELF")
    with pytest.raises(BuildError, match=re.escape(stray)):
        write_lists(tmp_path / "carena-desktop", "carena-desktop", "1", 0)
    assert not (tmp_path / "carena-desktop" / "_internal" / "licences").exists()


def test_versions_are_read_from_files() -> None:
    """A part without a version has the one of its file's name, and one without files is left out."""
    other = Part("Other", "1", "MIT", "", ("nothing/*",))
    (found,) = present([OPUS, other], ["av.libs/libopus-1a.so.0.9"])
    assert (found.version, found.files) == ("so 0.9", ("av.libs/libopus-1a.so.0.9",))


@pytest.mark.parametrize(
    ("headers", "licence"),
    [
        ({"License-Expression": "MIT OR Apache-2.0"}, "MIT OR Apache-2.0"),
        ({"Classifier": "License :: OSI Approved :: BSD License"}, "BSD-3-Clause"),
        ({"License": "Apache-2.0"}, "Apache-2.0"),
        ({"License": "Copyright (c) somebody, see the file"}, ""),
        ({}, ""),
    ],
)
def test_licences_come_from_metadata(headers: dict[str, str], licence: str) -> None:
    """The expression wins over classifiers, and free text is no licence."""
    message = email.message.Message()
    for key, value in headers.items():
        message[key] = value
    assert licence_of("something", message) == licence


@pytest.mark.parametrize("extra", ["desktop", "server"])
def test_every_locked_distribution_has_a_licence(extra: str) -> None:
    """No distribution of the lock is without a licence that somebody looked at."""
    for distribution in distributions(extra):
        name = distribution.metadata["Name"].lower()
        assert licence_of(name, cast("email.message.Message", distribution.metadata)), name


def test_the_list_is_valid_and_always_the_same() -> None:
    """CycloneDX 1.6 comes out, with files, licences and package URLs, and twice the same."""
    python = Part("qasync", "0.28.0", "BSD-2-Clause", "", (), "pkg:pypi/qasync@0.28.0")
    text = to_cyclonedx("carena-desktop", "0.1.0", [python, *native_parts()], 1_795_000_000)
    assert text == to_cyclonedx("carena-desktop", "0.1.0", [*native_parts(), python], 1_795_000_000)
    found = json.loads(text)
    jsonschema.validate(found, {"required": ["bomFormat", "specVersion", "components", "serialNumber"]})
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    assert any(component.get("purl") == "pkg:pypi/qasync@0.28.0" for component in found["components"])
    assert all(component["licenses"] for component in found["components"])


def test_what_was_only_installed_beside_is_found() -> None:
    """A module of a distribution that the program does not depend on is named; the standard library's are not."""
    assert strangers(["json.decoder", "msgspec", "pytest", "carena_desktop.app"], distributions("desktop")) == [
        "pytest"
    ]


def test_a_part_inside_another_distribution_has_no_version_made_up(tmp_path: Path) -> None:
    """OpenSSL in cryptography's module doesn't count as cryptography does: the list says in which one it is."""
    entry = '[[part]]\nname = "{}"\nlicence = "MIT"\nurl = ""\nfiles = ["x"]\n{} = "pytest"\n'
    listed = tmp_path / "parts.toml"
    listed.write_text(entry.format("inside", "carried_by") + entry.format("itself", "distribution"), "ascii")
    inside, itself = native_parts(listed)
    assert (inside.version, itself.version) == (f"as in pytest {pytest.__version__}", pytest.__version__)
