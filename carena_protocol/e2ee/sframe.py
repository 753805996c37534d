"""SFrame (RFC 9605) with AES_128_GCM_SHA256_128: every frame sealed, and opened once.

A key id says which epoch and which kind a key is of. The counter is part of the nonce and starts at 0 with each key;
a key is never used for two kinds or two directions. A frame is accepted once: a counter counts as seen only after the
frame was authentic (section 9.3).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

Kind: TypeAlias = Literal["audio", "video", "screen"]
"""Sound, the camera's picture, a shared screen's."""
Direction: TypeAlias = Literal["C>P", "P>C"]

SUITE: Final = 4
"""AES_128_GCM_SHA256_128, section 4.5."""
KEY_BYTES: Final = 16
TAG_BYTES: Final = 16
REPLAY_WINDOW: Final = 1024
KEEP_S: Final = 10.0
"""For how long a replaced key still opens frames: a stalled machine may be seconds behind."""
WAIT_S: Final = 0.5
"""For how long a frame may be held back that came before the next epoch's key: once for each key, whatever comes."""
MAX_FRAMES: Final = 1 << 20
"""With one key; at fifty a second that is six hours, and keys are renewed each half minute."""
_NONCE_BYTES: Final = 12
_SHORT: Final = 8
_LONG_KID: Final = 0x80
_LONG_CTR: Final = 0x08
SCREEN_KEYS: Final = 1 << 32
"""The ids of keys of shared screens begin here: no epoch of a leg comes near."""


PAD_TO: Final = 64
"""Sound is padded to a multiple of this many bytes: not every browser keeps to one size when it is asked to."""


class SealError(ValueError):
    """A frame can't be sealed or opened; ``reason`` names the rule, never what was in the frame."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def encode_header(key_id: int, counter: int) -> bytes:
    """Return the header (section 4.3)."""
    first, long_key, long_counter = 0, b"", b""
    if key_id < _SHORT:
        first |= key_id << 4
    else:
        long_key = _shortest(key_id)
        first |= _LONG_KID | (len(long_key) - 1) << 4
    if counter < _SHORT:
        first |= counter
    else:
        long_counter = _shortest(counter)
        first |= _LONG_CTR | (len(long_counter) - 1)
    return bytes([first]) + long_key + long_counter


def decode_header(data: bytes) -> tuple[int, int, int]:
    """Return key id, counter and the header's length; raise SealError when it is cut off."""
    if not data:
        raise SealError("empty")
    key_id, counter, at = data[0] >> 4 & 7, data[0] & 7, 1
    if data[0] & _LONG_KID:
        size = key_id + 1
        key_id, at = int.from_bytes(data[at : at + size], "big"), at + size
    if data[0] & _LONG_CTR:
        size = counter + 1
        counter, at = int.from_bytes(data[at : at + size], "big"), at + size
    if at > len(data):
        raise SealError("cut off")
    return key_id, counter, at


def derive(key_id: int, base_key: bytes) -> tuple[bytes, bytes]:
    """Return the key (16 bytes) and salt (12 bytes) of a base key (section 4.4.2)."""
    suffix = key_id.to_bytes(8, "big") + SUITE.to_bytes(2, "big")
    key = HKDF(hashes.SHA256(), KEY_BYTES, b"", b"SFrame 1.0 Secret key " + suffix).derive(base_key)
    salt = HKDF(hashes.SHA256(), _NONCE_BYTES, b"", b"SFrame 1.0 Secret salt " + suffix).derive(base_key)
    return key, salt


def key_id(epoch: int, kind: Kind) -> int:
    """Return the id of an epoch's key; those of screens lie above all others, whatever the epoch."""
    return SCREEN_KEYS + epoch if kind == "screen" else 2 * epoch + (kind == "video")


def _shortest(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def pad(sound: bytes) -> bytes:
    """Return a packet of sound with padding (ISO/IEC 7816-4) that hides its size."""
    return sound + b"\x80" + bytes(-(len(sound) + 1) % PAD_TO)


def unpad(data: bytes) -> bytes:
    """Return what ``pad`` was given; raise SealError for what is not padded."""
    kept = data.rstrip(b"\0")
    if not kept.endswith(b"\x80") or len(data) % PAD_TO:
        raise SealError("padding")
    return kept[:-1]


@dataclass(slots=True)
class _Key:
    id: int
    cipher: AESGCM = field(repr=False)
    salt: int = field(repr=False)
    counter: int = 0
    newest: int = -1
    seen: int = field(default=0, repr=False)
    """Bit n: counter ``newest - n`` was opened."""
    until: float = float("inf")

    @classmethod
    def make(cls, number: int, base_key: bytes) -> "_Key":
        if len(base_key) != KEY_BYTES:
            raise SealError("not a key")
        key, salt = derive(number, base_key)
        return cls(number, AESGCM(key), int.from_bytes(salt, "big"))

    def nonce(self, counter: int) -> bytes:
        """Section 4.4.3."""
        return (self.salt ^ counter).to_bytes(_NONCE_BYTES, "big")

    def is_fresh(self, counter: int) -> bool:
        behind = self.newest - counter
        return behind < 0 or (behind < REPLAY_WINDOW and not self.seen >> behind & 1)

    def note(self, counter: int) -> None:
        behind = self.newest - counter
        if behind < 0:
            self.seen = (self.seen << -behind | 1) & ((1 << REPLAY_WINDOW) - 1)
            self.newest = counter
        else:
            self.seen |= 1 << behind


class Sealer:
    """Seals the frames of one kind in one direction. Without a key nothing is sealed, so nothing leaves."""

    def __init__(self, direction: Direction, kind: Kind) -> None:
        self._kind = kind
        self._context = f"{direction}/{kind}".encode()
        self._key: _Key | None = None

    def install(self, epoch: int, base_key: bytes) -> None:
        """Use the key of an epoch from now on; an older one is never taken up again."""
        number = key_id(epoch, self._kind)
        if self._key is None or number > self._key.id:
            self._key = _Key.make(number, base_key)

    def seal(self, frame: bytes, clear: bytes = b"") -> bytes:
        """Return ``clear``, which is authenticated, and the sealed frame behind it; raise SealError without a key."""
        key = self._key
        if key is None or key.counter >= MAX_FRAMES:
            raise SealError("no key")
        counter, key.counter = key.counter, key.counter + 1
        header = encode_header(key.id, counter)
        plain = pad(frame) if self._kind == "audio" else frame
        sealed = key.cipher.encrypt(key.nonce(counter), plain, header + clear + self._context)
        return clear + header + sealed


class Opener:
    """Opens the frames of one kind in one direction.

    Args:
        direction: Of the frames.
        kind: Of the frames.
        now: Monotonic seconds.
    """

    def __init__(self, direction: Direction, kind: Kind, now: Callable[[], float]) -> None:
        self._kind = kind
        self._context = f"{direction}/{kind}".encode()
        self._now = now
        self._keys: dict[int, _Key] = {}
        self._next = key_id(1, kind)
        self._awaited = 0, 0.0
        self.epoch = 0
        """The newest whose key opened a frame."""

    def install(self, epoch: int, base_key: bytes) -> None:
        """Take another key; those before it open frames for ``KEEP_S`` more."""
        number, now = key_id(epoch, self._kind), self._now()
        if number in self._keys:
            return
        self._next = max(self._next, key_id(epoch + 1, self._kind))
        for key in self._keys.values():
            key.until = min(key.until, now + KEEP_S)
        self._keys = {old: key for old, key in self._keys.items() if key.until > now}
        self._keys[number] = _Key.make(number, base_key)

    def patience(self, data: bytes, clear: int = 0) -> float:
        """Return for how many seconds a frame is worth holding back: its key is the next one, and may come any moment.

        Of all unknown keys only the next one is waited for, from the first frame that asks for it: whoever sends others
        can't make anybody wait, and what is held back is half a second of frames at most.
        """
        try:
            number = decode_header(data[clear:])[0]
        except SealError:
            return 0.0
        if number != self._next or number in self._keys:
            return 0.0
        if self._awaited[0] != number:
            self._awaited = number, self._now() + WAIT_S
        return max(0.0, self._awaited[1] - self._now())

    def open(self, data: bytes, clear: int = 0) -> bytes:
        """Return the frame behind ``clear`` bytes that were only authenticated; raise SealError for any other."""
        number, counter, size = decode_header(data[clear:])
        key = self._keys.get(number)
        if key is None or key.until <= self._now():
            raise SealError("unknown key")
        if not key.is_fresh(counter):
            raise SealError("seen before")
        header = data[clear : clear + size]
        try:
            frame = key.cipher.decrypt(key.nonce(counter), data[clear + size :], header + data[:clear] + self._context)
        except InvalidTag:
            raise SealError("not authentic") from None
        key.note(counter)
        self.epoch = max(self.epoch, number - SCREEN_KEYS if self._kind == "screen" else number // 2)
        return unpad(frame) if self._kind == "audio" else frame


KEY_FRAME_SHIM: Final = bytes((0x10, 0, 0, 0x9D, 1, 0x2A, 0x10, 0, 0x10, 0))
"""Looks to a depacketizer like the header of a 16 by 16 key frame (RFC 6386 section 9.1)."""
DELTA_SHIM: Final = b"\x31"


def shim(frame: bytes) -> bytes:
    """Return what stands in clear before a sealed VP8 frame: whether it is a key frame, and nothing else of it."""
    return DELTA_SHIM if frame[:1] and frame[0] & 1 else KEY_FRAME_SHIM


def shim_size(data: bytes) -> int:
    """Return the length of the shim that ``data`` begins with; raise SealError when it is none."""
    for known in (DELTA_SHIM, KEY_FRAME_SHIM):
        if data.startswith(known):
            return len(known)
    raise SealError("not sealed")
