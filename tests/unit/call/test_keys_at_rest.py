"""What is kept of keys: the workstation's own in the keyring, hashes of verified ones in a file, no name in either."""

from pathlib import Path

import pytest

from carena_desktop.call.device_key import DeviceKey
from carena_desktop.call.link_secrets import KEEP_MS, LinkSecrets
from carena_desktop.call.pin_store import MAX_PINS, PinStore
from carena_desktop.call.service import CallService
from carena_protocol.e2ee import link_secret
from tests.fakes.engine import FakeEngine


class Keyring:
    """One secret, or none; ``works`` off refuses to keep."""

    def __init__(self, kept: str | None = None, *, works: bool = True) -> None:
        self.kept = kept
        self.works = works

    async def load(self) -> str | None:
        """Return it."""
        return self.kept

    async def save(self, secret: str) -> bool:
        """Keep it."""
        if self.works:
            self.kept = secret
        return self.works


async def test_the_device_key_is_the_same_the_next_time() -> None:
    """Made once, kept, and found again by the next start of the program."""
    ring = Keyring()
    first, second = DeviceKey(ring.load, ring.save), DeviceKey(ring.load, ring.save)
    await first.restore()
    await second.restore()
    assert first.is_kept
    assert second.is_kept
    assert first.private.private_bytes_raw() == second.private.private_bytes_raw()
    before = second.private
    await second.restore()
    assert second.private is before


@pytest.mark.parametrize("kept", ["", "no key", "A" * 44])
async def test_what_is_no_key_is_replaced(kept: str) -> None:
    """A keyring with something else under our name does not stop a visit."""
    ring = Keyring(kept)
    key = DeviceKey(ring.load, ring.save)
    await key.restore()
    assert key.is_kept
    assert ring.kept not in {None, kept}


async def test_without_a_keyring_there_is_a_key_for_this_run() -> None:
    """Nothing is written anywhere else, and the key works."""
    ring = Keyring(works=False)
    key = DeviceKey(ring.load, ring.save)
    await key.restore()
    assert not key.is_kept
    assert ring.kept is None
    assert len(key.private.sign(b"hello")) == 64


def test_verified_keys_are_remembered_as_hashes(tmp_path: Path) -> None:
    """The date comes back after a restart; the file holds no key."""
    path = tmp_path / "verified.json"
    device = bytes(range(32))
    PinStore(path).remember(device, 1234)
    assert PinStore(path).known(device) == 1234
    assert PinStore(path).known(bytes(32)) is None
    assert device.hex() not in path.read_text()


@pytest.mark.parametrize("content", [b"", b"[]", b'{"short": 1}', b"\xff\xff", b'{"' + b"a" * 64 + b'": "x"}'])
def test_a_broken_file_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    """Nothing is believed of it, and it can be replaced."""
    path = tmp_path / "verified.json"
    path.write_bytes(content)
    store = PinStore(path)
    assert store.known(bytes(32)) is None
    store.remember(bytes(32), 1)
    assert PinStore(path).known(bytes(32)) == 1


def test_the_oldest_pins_are_forgotten() -> None:
    """The file has a bound."""
    store = PinStore(None)
    for number in range(MAX_PINS + 1):
        store.remember(number.to_bytes(32, "big"), number)
    assert store.known(bytes(32)) is None
    assert store.known(MAX_PINS.to_bytes(32, "big")) == MAX_PINS


class Now:
    """A wall clock."""

    def __init__(self) -> None:
        self.ms = 1_000

    def __call__(self) -> int:
        """Return the time."""
        return self.ms


def _ours(url: str) -> bytes:
    secret = link_secret.split(url.partition("#")[2])[1]
    assert len(secret) == 16
    return secret


async def test_a_links_secret_is_found_again_by_its_hint(tmp_path: Path) -> None:
    """Also by the next start of the program; the file shows nothing of it without the keyring's key."""
    ring, now, path = Keyring(), Now(), tmp_path / "links"
    url = await LinkSecrets(path, DeviceKey(ring.load, ring.save), now).secure(
        "https://clinic.example/visit#" + "s" * 22
    )
    secret = _ours(url)
    assert url.startswith("https://clinic.example/visit#" + "s" * 22 + ".")
    assert secret not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    key = DeviceKey(ring.load, ring.save)
    await key.restore()
    again = LinkSecrets(path, key, now)
    assert again.of(link_secret.hint_of(secret)) == secret
    assert again.of(bytes(9)) == b""
    now.ms += KEEP_MS
    assert again.of(link_secret.hint_of(secret)) == b""
    other = DeviceKey(Keyring().load, Keyring().save)
    await other.restore()
    assert LinkSecrets(path, other, Now()).of(link_secret.hint_of(secret)) == b""


async def test_without_a_keyring_no_links_secret_is_written(tmp_path: Path) -> None:
    """It is known for this run, and nothing of it is on the disk."""
    ring, path = Keyring(works=False), tmp_path / "links"
    links = LinkSecrets(path, DeviceKey(ring.load, ring.save), Now())
    secret = _ours(await links.secure("https://clinic.example/visit#" + "s" * 22))
    assert links.of(link_secret.hint_of(secret)) == secret
    assert not path.exists()


async def test_a_broken_file_of_links_is_as_good_as_none(tmp_path: Path) -> None:
    """A new link is made and kept all the same."""
    ring, path = Keyring(), tmp_path / "links"
    path.write_bytes(b"nothing of ours")
    links = LinkSecrets(path, DeviceKey(ring.load, ring.save), Now())
    secret = _ours(await links.secure("https://clinic.example/visit#" + "s" * 22))
    assert links.of(link_secret.hint_of(secret)) == secret


@pytest.mark.parametrize(
    "url", ["", "https://clinic.example/visit", "https://clinic.example/visit#", "https://c/v#a.b"]
)
async def test_only_a_visit_link_gets_a_secret(url: str) -> None:
    """What has no fragment, or two parts already, is refused."""
    with pytest.raises(ValueError, match="visit link"):
        await LinkSecrets(None, DeviceKey(), Now()).secure(url)


async def test_what_was_verified_is_both_keys() -> None:
    """A workstation with another key has verified nobody, whoever the patient is."""
    pins = PinStore(None)
    first = CallService(FakeEngine(), device_key=DeviceKey(), pins=pins)
    second = CallService(FakeEngine(), device_key=DeviceKey(), pins=pins)
    pins.remember(first._pair_with(bytes(32)), 7)
    assert (first._known(bytes(32)), second._known(bytes(32)), first._known(b"")) == (7, None, None)
    await first.aclose()
    await second.aclose()
