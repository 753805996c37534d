"""The Windows packages' rules: what goes in, what the installer is told, how it is signed."""

import re
import struct
import subprocess
import sys
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from carena_desktop.policy.kinds import LISTS
from carena_desktop.policy.table import POLICIES
from installers import signing
from installers.freeze import ROOT, BuildError
from installers.parts import Part
from installers.windows import byte_code, contents, msi, nsis, pe, stage, stand_ins

WIX = "{http://schemas.microsoft.com/wix/2006/wi}"
FILES = ["Carena.exe", "site/PySide6/QtCore.pyd", "site/PySide6/plugins/platforms/qwindows.dll", "policies/Carena.admx"]


def test_of_qt_only_what_is_reached_stays() -> None:
    """A library of Qt's stays when a module or plug-in in use needs it, directly or through another."""
    names = [
        f"PySide6/{name}" for name in ("QtGui.pyd", "Qt6Gui.dll", "Qt6Core.dll", "Qt6Quick.dll", "Qt6WebEngineCore.dll")
    ]
    imports = {"PySide6/QtGui.pyd": ["QT6GUI.dll"], "PySide6/Qt6Gui.dll": ["Qt6Core.dll"], "PySide6/Qt6Quick.dll": []}
    kept = contents.needed([name for name in names if contents.is_kept(name)], imports)
    assert kept == ["PySide6/Qt6Core.dll", "PySide6/Qt6Gui.dll", "PySide6/QtGui.pyd"]


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        ("PySide6/QtWebEngineCore.pyd", False),
        ("PySide6/qml/QtQuick/x.dll", False),
        ("PySide6/designer.exe", False),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6/plugins/sqldrivers/qsqlite.dll", False),
        ("PySide6/QtCore.pyi", False),
        ("numpy/linalg/tests/test_linalg.py", False),
        ("keyring/backends/Windows.py", True),
        ("bin/uvicorn.exe", False),
    ],
)
def test_developers_things_stay_out(name: str, stays: bool) -> None:
    """Tools, stubs, tests and unused parts of Qt are no part of the package."""
    assert contents.is_kept(name) is stays


def test_modules_are_compiled_by_a_python_of_the_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The byte code names no folder of the building machine and is never compared with the source's time."""
    monkeypatch.setenv("CARENA_WINDOWS_PYTHON", sys.executable)
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "module.py").write_text("def one(): return 1\n")
    release = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert byte_code.compile_modules(tmp_path, release, stage.run)
    (compiled,) = tmp_path.rglob("*.pyc")
    content = compiled.read_bytes()
    assert (content[:4], content[4:8]) == (MAGIC_NUMBER, b"\x01\0\0\0")  # PEP 552: by hash, unchecked
    assert str(tmp_path).encode() not in content


def test_without_a_python_of_the_release_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither this machine's, which is of another release, nor Debian's can be had: the package is made and slow."""

    def nothing(*_args: object) -> None:
        raise BuildError("root is needed")

    monkeypatch.setenv("CARENA_WINDOWS_PYTHON", sys.executable)
    monkeypatch.setattr(byte_code, "make_base", nothing)
    assert not byte_code.compile_modules(tmp_path, "2.7", stage.run)
    assert "no byte code" in (said := capsys.readouterr().out)
    assert "root is needed" in said


def test_the_program_imports_no_part_of_qt_that_is_not_packed() -> None:
    """A module of Qt's that is left out ends the program on Windows before there is a window."""
    files = [path.read_text("utf-8") for path in (ROOT / "carena_desktop").rglob("*.py")]
    imported = {name for text in files for name in re.findall(r"^\s*from PySide6\.(Qt\w+)", text, re.MULTILINE)}
    assert len(imported) > 3
    assert imported <= set(contents.QT_MODULES)


def test_every_file_has_its_component_and_the_document_is_sound() -> None:
    """Wixl gets XML in which each file stands once, in its folder, and belongs to the one feature."""
    root = ET.fromstring(msi.wxs("1.2.3", FILES))  # noqa: S314 - our own
    sources = [file.get("Source") for file in root.iter(f"{WIX}File")]
    assert sorted(str(source) for source in sources) == sorted(f"Carena/{name}" for name in FILES)
    components = {component.get("Id") for component in root.iter(f"{WIX}Component")}
    referenced = [reference.get("Id") for reference in root.iter(f"{WIX}ComponentRef")]
    assert components == set(referenced)
    assert len(referenced) == len(set(referenced))
    guids = [component.get("Guid") for component in root.iter(f"{WIX}Component")]
    assert len(guids) == len(set(guids))


def test_the_same_version_has_the_same_codes_and_another_has_not() -> None:
    """An upgrade is found by its upgrade code; a product code belongs to one version."""
    assert msi.product_code("1.0.0") == msi.product_code("1.0.0") != msi.product_code("1.0.1")
    assert msi.UPGRADE_CODE in msi.wxs("1.0.0", FILES)
    assert 'Version="0.1.0"' in msi.wxs("0.1", FILES)


def test_each_policy_of_one_value_is_a_property() -> None:
    """A property that is given is written, one that is not is kept as it was, and neither writes an empty value."""
    statements = "\n".join(msi.statements())
    for policy in POLICIES:
        name = policy.name.upper()
        assert (f"'{name}_CHOSEN'" in statements) is (policy.kind not in LISTS)
    assert "VALUES ('TakeRelayOnly', 51, 'RELAYONLY_CHOSEN', '#[RELAYONLY]')" in statements
    assert "VALUES ('TakeServerUrl', 51, 'SERVERURL_CHOSEN', '[SERVERURL]')" in statements
    assert "UPDATE `Component` SET `Condition` = 'SERVERURL_CHOSEN' WHERE `Component` = 'PolicyServerUrl'" in statements
    assert "A;SERVERURL;" in msi.secure_properties("A")


def test_the_setup_program_writes_the_same_keys() -> None:
    """Both packages register the same links and the same policies' key."""
    script = nsis.script("1.2.3", "out.exe", 10)
    assert {tuple(words) for words in nsis.WORDS.values()} == {
        tuple(nsis.WORDS["ENGLISH"])
    }  # all words in all languages
    assert r'"Software\Policies\Carena\Desktop" "ServerUrl"' in script
    assert r'"Software\Classes\carena" "URL Protocol"' in script
    assert 'VIProductVersion "1.2.3.0"' in script


def test_a_library_without_an_entry_fails_and_a_module_of_a_wheel_does_not() -> None:
    """Whatever a wheel's record says, a .dll is somebody's whose licence has to be known."""
    known = [Part("Opus", "", "BSD-3-Clause", "", ("site/av.libs/libopus-0.dll",))]
    names = ["site/av.libs/libopus-0.dll", "site/av.libs/libnew.dll", "site/x.pyd", "site/y.pyd", "site/a.py"]
    found = stage.unexplained(names, known, {"av.libs/libnew.dll", "x.pyd"})
    assert found == ["site/av.libs/libnew.dll", "site/y.pyd"]


def library(folder: Path) -> Path:
    """Return a library that takes one name from another, made by hand."""
    data = bytearray(0x400)
    data[0:2], data[0x3C:0x40] = b"MZ", struct.pack("<I", 0x40)
    data[0x40:0x44] = b"PE\0\0"
    struct.pack_into("<HH", data, 0x44, 0x8664, 1)
    struct.pack_into("<H", data, 0x54, 240)
    struct.pack_into("<H", data, 0x58, 0x20B)
    struct.pack_into("<II", data, 0x58 + 112 + 8, 0x1000, 40)
    struct.pack_into("<IIII", data, 0x58 + 240 + 8, 0x200, 0x1000, 0x200, 0x200)
    struct.pack_into("<IIIII", data, 0x200, 0x1080, 0, 0, 0x10C0, 0x1080)
    struct.pack_into("<QQ", data, 0x280, 0x10A0, 0)
    data[0x2A2:0x2AC] = b"x264_open\0"
    data[0x2C0:0x2CC] = b"libx264.dll\0"
    path = folder / "a.dll"
    path.write_bytes(data)
    return path


def test_the_import_table_is_read(tmp_path: Path) -> None:
    """Names are found by library; what is cut off or something else is an error and no guess."""
    path = library(tmp_path)
    assert pe.imports(path.read_bytes()) == {"libx264.dll": ["x264_open"]}
    assert pe.exports(path.read_bytes()) == {}
    for broken in (b"", b"MZ", path.read_bytes()[:0x150], b"MZ" + bytes(0x200)):
        with pytest.raises(pe.PeError):
            pe.imports(broken)


def test_a_stand_in_has_every_name(tmp_path: Path) -> None:
    """Each function that is taken is there once; a folder without the encoder is not as expected."""
    text = stand_ins.source(["b", "a", "a"])
    assert text.count("long long a(void)") == text.count("long long b(void)") == 1
    with pytest.raises(BuildError):
        stand_ins.only(tmp_path, "libx264-*.dll")


@pytest.mark.packages
def test_files_are_signed_with_a_key_that_is_given(tmp_path: Path) -> None:
    """With a certificate, made here and thrown away, a program is signed and the signature holds; without, it stays."""
    program = tmp_path / "a.exe"
    source = tmp_path / "a.c"
    source.write_text("int main(void) { return 0; }", "ascii")
    try:
        subprocess.run(["x86_64-w64-mingw32-gcc", "-o", str(program), str(source)], check=True, timeout=60)
    except FileNotFoundError:
        pytest.fail("gcc-mingw-w64-x86-64 is missing (make package-tools installs it)")
    before = program.read_bytes()
    assert not signing.sign_windows(program, {})
    assert program.read_bytes() == before
    key, certificate, container = (tmp_path / name for name in ("key.pem", "cert.pem", "key.p12"))
    openssl = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test", "-days", "1"]
    subprocess.run(
        [*openssl, "-addext", "extendedKeyUsage=codeSigning", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    subprocess.run(
        ["openssl", "pkcs12", "-export", "-inkey", str(key), "-in", str(certificate), "-passout", "pass:", "-out",
         str(container)], check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    environment = {"CARENA_AUTHENTICODE_PKCS12": str(container), "CARENA_AUTHENTICODE_TIMESTAMP": "0"}
    assert signing.sign_windows(program, environment)
    checked = subprocess.run(
        ["osslsigncode", "verify", "-CAfile", str(certificate), "-in", str(program)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout


def test_the_sums_name_every_package_and_nothing_else(tmp_path: Path) -> None:
    """One list for all systems, whichever was built last."""
    for name in ("b.msi", "a.deb", "c.exe", "notes.txt"):
        (tmp_path / name).write_bytes(b"")
    lines = signing.write_sums(tmp_path).read_text("ascii").splitlines()
    assert [line.split()[1] for line in lines] == ["a.deb", "b.msi", "c.exe"]
    assert lines[0].startswith("e3b0c44298fc1c149afbf4c8996fb924")


@pytest.mark.packages
def test_the_sums_are_signed_with_a_key_that_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a GPG key (made here, thrown away after) the list of sums has a signature that holds."""
    home = tmp_path / "gpg"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    sums = tmp_path / "SHA256SUMS"
    sums.write_text("00  a.msi\n", "ascii")
    assert signing.sign_sums(sums, {}) is None
    gpg = ["gpg", "--batch", "--passphrase", ""]
    subprocess.run([*gpg, "--quick-generate-key", "test@carena.invalid", "ed25519"], check=True, capture_output=True)
    made = signing.sign_sums(sums, {"CARENA_GPG_KEY": "test@carena.invalid"})
    subprocess.run(["gpg", "--batch", "--verify", str(made), str(sums)], check=True, capture_output=True)
    subprocess.run(["gpgconf", "--kill", "all"], check=True)
