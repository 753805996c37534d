"""What the session keeps on disk: pins and the last account. Private, atomic, no secret, never a guess."""

import stat
from pathlib import Path

import pytest

from carena_desktop.session.address import parse_address
from carena_desktop.session.failures import SessionError
from carena_desktop.session.memory import FileMemory
from carena_desktop.session.model import LocalProblem
from carena_desktop.session.trust_store import MAX_PEM_BYTES, FileTrustStore
from carena_desktop.session.world import Remembered
from tests.fakes.certificates import Authority

CLINIC = parse_address("clinic.test")
OTHER = parse_address("clinic.test:8443")
SIX = parse_address("[2001:db8::1]")


def test_a_pin_is_kept_per_server(tmp_path: Path) -> None:
    """Host and port make the server; without a pin there is none."""
    store = FileTrustStore(tmp_path / "authorities")
    pem = Authority().pem
    assert store.load(CLINIC) is None
    store.save(CLINIC, pem)
    store.save(SIX, pem)
    assert FileTrustStore(tmp_path / "authorities").load(CLINIC) == pem
    assert store.load(SIX) == pem
    assert store.load(OTHER) is None


def test_pins_are_the_users_alone(tmp_path: Path) -> None:
    """Files are 0600 in a directory of 0700, and nothing is left beside them."""
    store = FileTrustStore(tmp_path / "authorities")
    store.save(CLINIC, b"first")
    store.save(CLINIC, b"second")
    assert [path.name for path in (tmp_path / "authorities").iterdir()] == ["clinic.test_443.pem"]
    assert stat.S_IMODE(store.path(CLINIC).stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path(CLINIC).parent.stat().st_mode) == 0o700
    assert store.load(CLINIC) == b"second"


@pytest.mark.parametrize("damage", ["empty", "huge", "directory"])
def test_a_damaged_pin_is_not_no_pin(tmp_path: Path, damage: str) -> None:
    """Whatever is wrong with the file, the server is refused rather than met anew."""
    store = FileTrustStore(tmp_path)
    path = store.path(CLINIC)
    match damage:
        case "empty":
            path.write_bytes(b"")
        case "huge":
            path.write_bytes(b"x" * (MAX_PEM_BYTES + 1))
        case _:
            path.mkdir()
    with pytest.raises(SessionError) as caught:
        store.load(CLINIC)
    assert caught.value.code is LocalProblem.CERTIFICATE_REFUSED


def test_what_can_not_be_pinned_is_not_trusted(tmp_path: Path) -> None:
    """A directory that can't be made is an error, and leaves nothing."""
    (tmp_path / "authorities").write_text("in the way")
    with pytest.raises(SessionError):
        FileTrustStore(tmp_path / "authorities").save(CLINIC, b"pem")


def test_the_last_account_is_remembered_and_forgotten(tmp_path: Path) -> None:
    """Server and username survive a restart, None removes them, and both directions may be repeated."""
    memory = FileMemory(tmp_path / "state" / "session.json")
    assert memory.load() is None
    memory.save(Remembered("https://clinic.test", "alex"))
    assert FileMemory(tmp_path / "state" / "session.json").load() == Remembered("https://clinic.test", "alex")
    memory.save(None)
    memory.save(None)
    assert memory.load() is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"server": 1}', b"\xff"])
def test_a_damaged_memory_costs_a_convenience(tmp_path: Path, content: bytes) -> None:
    """An unreadable file means that nothing is remembered; one that can't be written is no error."""
    path = tmp_path / "session.json"
    path.write_bytes(content)
    assert FileMemory(path).load() is None
    (tmp_path / "blocked").write_text("in the way")
    FileMemory(tmp_path / "blocked" / "session.json").save(Remembered("https://clinic.test", "alex"))
