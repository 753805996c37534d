"""The packages' texts: control files, the unit, the desktop file, the manual pages."""

import configparser
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from carena_desktop import __version__
from carena_desktop.config import read_config
from carena_desktop.visit_address import SCHEME
from carena_server.settings import load
from installers.freeze import MAX_INSTALLED_MIB, BuildError, check_size, strippable
from installers.linux.compare import difference
from installers.linux.deb import depends_of, installed_kib
from installers.linux.packages import PACKAGES, SERVER, changelog, control, wrapped
from installers.signing import sign_sums

FILES = Path(__file__).resolve().parents[3] / "installers" / "linux" / "files"


def test_the_control_file_says_what_dpkg_needs() -> None:
    """Name, version, size and dependencies stand in it, a dependency with a version instead of the one without."""
    text = control(SERVER, "1.2.3", "amd64", 1000, ["libc6 (>= 2.35)", "adduser (>= 3)"])
    assert "Package: carena-server\nVersion: 1.2.3\nArchitecture: amd64\n" in text
    assert "Installed-Size: 1000\n" in text
    assert "Depends: adduser (>= 3), init-system-helpers (>= 1.54~), libc6 (>= 2.35)\n" in text
    assert all(len(line) <= 80 for line in text.splitlines() if line.startswith(" "))


def test_a_package_that_grew_too_large_is_not_made() -> None:
    """Up to the limit it is; above it the build fails and says by how much."""
    check_size("carena-desktop", MAX_INSTALLED_MIB)
    with pytest.raises(BuildError, match="carena-desktop takes 301 MiB installed, more than 260"):
        check_size("carena-desktop", 301.4)


def test_a_paragraph_keeps_its_words() -> None:
    """Wrapping moves words to the next line and loses none."""
    text = "one two three " * 20
    lines = wrapped(text, 30)
    assert " ".join(lines).split() == text.split()
    assert max(map(len, lines)) <= 30


def test_the_changelog_names_version_and_time() -> None:
    """Debian's form, with the time of the commit."""
    text = changelog(SERVER, "1.2.3", 0)
    assert text.startswith("carena-server (1.2.3) ")
    assert text.rstrip().endswith("Thu, 01 Jan 1970 00:00:00 +0000")


def test_dependencies_come_from_the_linker() -> None:
    """What dpkg-shlibdeps finds is taken; a library of no package fails the build."""
    answer = "shlibs:Depends=libc6 (>= 2.35), zlib1g (>= 1.1.4)\n"
    assert depends_of(answer, "") == ["libc6 (>= 2.35)", "zlib1g (>= 1.1.4)"]
    odd = "dpkg-shlibdeps: warning: no dependency information found for /lib/libbz2.so.1 (used by x)"
    assert depends_of(answer, odd)[-1] == "libbz2-1.0"
    with pytest.raises(BuildError, match=r"libnew\.so\.1"):
        depends_of(answer, odd.replace("libbz2", "libnew"))
    with pytest.raises(BuildError):
        depends_of("", "")


def test_sizes_are_counted_as_dpkg_counts(tmp_path: Path) -> None:
    """A file counts its KiB rounded up, a folder or a link one, the control files nothing."""
    (tmp_path / "DEBIAN").mkdir()
    (tmp_path / "DEBIAN" / "control").write_text("x" * 5000)
    (tmp_path / "usr").mkdir()
    (tmp_path / "usr" / "file").write_bytes(b"x" * 1025)
    (tmp_path / "usr" / "link").symlink_to("file")
    assert installed_kib(tmp_path) == 1 + 2 + 1


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("_internal/aiohttp/_http_parser.cpython-311-x86_64-linux-gnu.so", True),
        ("_internal/libpython3.11.so.1.0", True),
        ("_internal/av.libs/libvpx-1a.so.12", False),
        ("_internal/PySide6/QtCore.abi3.so", False),
        ("_internal/numpy/_core/_multiarray_umath.so", False),
        ("carena-desktop", False),
    ],
)
def test_only_what_survives_it_is_stripped(path: str, may: bool) -> None:
    """Extension modules lose their symbols; what auditwheel repaired, Qt and the program itself keep them."""
    assert strippable(Path(path)) is may


def test_every_file_of_a_package_is_there() -> None:
    """Each source exists, each maintainer script is a valid shell script that stops at errors."""
    root = FILES.parents[2]
    for package in PACKAGES.values():
        for source, _, _ in package.files:
            assert (root / source[1:] if source.startswith("/") else FILES / source).is_file(), source
        for script in package.scripts:
            path = FILES / f"{package.name}.{script}"
            assert "\nset -e\n" in path.read_text("utf-8")
            subprocess.run(["sh", "-n", path], check=True)


def test_the_desktop_file_takes_the_address_that_the_program_takes() -> None:
    """``carena:`` is claimed and handed to the program, which reads it; nothing else is claimed."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # as configparser's manual has it
    parser.read(FILES / "carena-desktop.desktop", "utf-8")
    entry = parser["Desktop Entry"]
    assert entry["MimeType"] == f"x-scheme-handler/{SCHEME};"
    assert entry["Exec"] == "carena-desktop %u"
    assert read_config([f"{SCHEME}://visit/v1"], {}, list).link == f"{SCHEME}://visit/v1"


def test_the_metadata_is_well_formed() -> None:
    """AppStream's file names the desktop file that it describes."""
    tree = ET.parse(FILES / "org.carena.desktop.metainfo.xml")  # noqa: S314 - our own file
    assert tree.findtext("launchable") == "carena-desktop.desktop"
    assert tree.findtext("project_license") == "GPL-3.0-or-later"


def test_the_packaged_configuration_is_the_default() -> None:
    """The server starts with the packaged configuration, on this machine alone."""
    assert load(FILES / "server.toml").listen == "127.0.0.1:8443"


def test_the_unit_gives_nothing_away() -> None:
    """No capability, no new privilege, a read-only system, its own user; the data folder is its own."""
    unit = (FILES / "carena-server.service").read_text("utf-8")
    wanted = (
        "User=carena-server", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n",
        "StateDirectory=carena-server", "MemoryDenyWriteExecute=yes", "SystemCallFilter=@system-service",
    )  # fmt: skip
    assert all(f"\n{line}" in unit for line in wanted)


def test_the_manual_names_the_options_there_are() -> None:
    """Each option of the manual page is one that the program knows, and each of the program's is in it."""
    page = (FILES / "carena-desktop.1").read_text("utf-8").replace("\\-", "-")
    source = (FILES.parents[2] / "carena_desktop" / "config.py").read_text("utf-8")
    for option in set(re.findall(r"--[a-z-]+", page)):
        assert f'"{option}"' in source, option
    assert [option for option in re.findall(r'"(--[a-z-]+)"', source) if option not in page] == []
    assert __version__


def test_without_a_key_nothing_is_signed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No key is made up: the sums stay as they are, and the build says so."""
    sums = tmp_path / "SHA256SUMS"
    sums.write_text("0  x\n")
    assert sign_sums(sums, {}) is None
    assert "not signed" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["SHA256SUMS"]


def packed(folder: Path, name: str, files: dict[str, str], *, seconds: int = 0) -> Path:
    """A package with these files."""
    tree = folder / f"tree-{name}"
    (tree / "DEBIAN").mkdir(parents=True)
    words = "Package: x\nVersion: 1\nArchitecture: all\nMaintainer: x <x@carena.invalid>\nDescription: nothing\n"
    (tree / "DEBIAN" / "control").write_text(words, "utf-8")
    for path, content in files.items():
        (tree / path).write_text(content, "utf-8")
    for entry in [tree, *tree.rglob("*")]:
        os.utime(entry, (seconds, seconds))
    target = folder / f"{name}.deb"
    build = ["dpkg-deb", "--root-owner-group", "-Znone", "--build", str(tree), str(target)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(seconds)}
    subprocess.run(build, check=True, capture_output=True, timeout=60, env=environment)
    return target


@pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="needs dpkg")
def test_the_files_in_which_two_builds_differ_are_named(tmp_path: Path) -> None:
    """Another content, another time or a file too many is named; what is the same is not."""
    one = packed(tmp_path, "one", {"same": "a", "other": "a"})
    assert difference(one, packed(tmp_path, "again", {"same": "a", "other": "a"})) == ""
    assert difference(one, packed(tmp_path, "changed", {"same": "a", "other": "b", "more": ""})) == "./more, ./other"
    assert "./same" in difference(one, packed(tmp_path, "later", {"same": "a", "other": "a"}, seconds=7))
