"""What is kept of keys: the workstation's own in the keyring, hashes of verified ones in a file, no name in either."""

from pathlib import Path

import pytest

from carena_desktop.call.device_key import DeviceKey
from carena_desktop.call.pin_store import MAX_PINS, PinStore


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
