"""Where received files wait."""

import base64
import hashlib
from pathlib import Path

import pytest

from carena_desktop.call.files.sniff import Kind
from carena_desktop.call.files.vault import PREFIX, Vault, VaultError

CANARY = b"canary-of-a-patient" * 100


def test_a_file_comes_back_as_it_was(tmp_path: Path) -> None:
    """Pieces of any size are kept, hashed, recognised and read back in order."""
    vault, data = Vault(tmp_path), b"%PDF-1.7" + CANARY
    for at in range(0, len(data), 333):
        vault.append("a", data[at : at + 333])
    assert vault.read("a") == data
    assert vault.is_whole("a", base64.b64encode(hashlib.sha256(data).digest()).decode())
    assert not vault.is_whole("a", "x" * 44)
    assert vault.kind("a") is Kind.PDF
    vault.clear()


def test_the_disk_sees_neither_a_byte_nor_a_name(tmp_path: Path) -> None:
    """While a file is kept, no file under its folder holds a plain byte of it, open ones without a name included."""
    vault = Vault(tmp_path)
    vault.append("a", CANARY)
    named = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    opened = [
        path.read_bytes() for path in Path("/proc/self/fd").iterdir() if str(tmp_path) in str(_target(path)) if path
    ]
    assert opened, "the encrypted file itself was not looked at"
    assert not [content for content in named + opened if b"canary" in content]
    vault.clear()
    assert list(tmp_path.iterdir()) == []


def test_a_changed_file_is_not_given_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who can write to the temporary file can break it and not change it."""
    vault = Vault(tmp_path)
    vault.append("a", CANARY)
    file = vault._kept["a"]._file
    file.seek(20)
    file.write(b"\0\0\0\0")
    with pytest.raises(VaultError):
        vault.read("a")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(VaultError):
        vault.save("a", tmp_path / "out")
    assert list(tmp_path.iterdir()) == [], "half a file was left"
    vault.clear()


def test_saving_replaces_whole_files_only(tmp_path: Path) -> None:
    """A saved file is all there; a place that can't be written to leaves nothing behind."""
    vault = Vault(None)
    vault.append("a", CANARY)
    target = tmp_path / "scan.pdf"
    target.write_bytes(b"old")
    vault.save("a", target)
    assert target.read_bytes() == CANARY
    with pytest.raises(OSError, match="No such file"):
        vault.save("a", tmp_path / "missing" / "scan.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["scan.pdf"]
    vault.clear()


def test_what_an_earlier_run_left_is_swept_away(tmp_path: Path) -> None:
    """Leftovers of ours go at the start, and nothing else does."""
    (tmp_path / f"{PREFIX}x").write_bytes(b"sealed")
    (tmp_path / "devices.json").write_bytes(b"{}")
    Vault(tmp_path).sweep()
    assert [path.name for path in tmp_path.iterdir()] == ["devices.json"]


def test_a_forgotten_file_is_gone(tmp_path: Path) -> None:
    """After drop there is neither key nor byte."""
    vault = Vault(tmp_path)
    vault.append("a", CANARY)
    vault.drop("a")
    with pytest.raises(VaultError):
        vault.read("a")
    vault.drop("a")


def _target(path: Path) -> Path:
    try:
        return path.readlink()
    except OSError:
        return Path()
