"""New keys every half minute: an X25519 ratchet over the data channel, written by the desktop alone, so without races.

    C -> P  rekey n, X_C
    P -> C  ack n, X_P, the patient's new keys, wrapped
    C -> P  fin n, the desktop's new keys, wrapped
    P -> C  done n, a hash of both

Each side draws the keys that it sends with, takes the other's for receiving first, and sends with its own when the
other has them. An answer that is late is asked for in the same words, and a question that comes twice gets the same
answer: on a channel that was silent for a while both copies arrive.

Roots, ephemeral keys and drawn keys are overwritten or dropped as soon as they are of no use, as well as Python lets
us: copies that the interpreter or a library made are not reached, and nothing is claimed of them.
"""

import hmac
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Literal, TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from carena_protocol.e2ee.agreement import AgreementError, b64, expand, extract, unb64
from carena_protocol.e2ee.sframe import KEY_BYTES, Direction
from carena_protocol.peer import Rekey, RekeyAck, RekeyDone, RekeyFin

PERIOD_S: Final = 30.0
SPREAD: Final = 0.1
RETRY_S: Final = 5.0
EXPIRES_S: Final = 120.0
"""Keys older than this seal nothing more."""
_IV: Final = 12
_WRAPPED: Final = _IV + 2 * KEY_BYTES + 16
_PAIR: Final = 2 * KEY_BYTES

Use: TypeAlias = Literal["send", "receive"]


@dataclass(frozen=True, slots=True)
class EpochKeys:
    """Keys to install: 16 bytes each for sound, pictures, a shared screen and files (``carena_protocol.files``)."""

    use: Use
    epoch: int
    audio: bytes = field(repr=False)
    video: bytes = field(repr=False)
    files: bytes = field(repr=False)
    screen: bytes = field(repr=False)


def next_root(root: bytes, shared: bytes) -> bytearray:
    """Return the next root, 32 bytes."""
    return bytearray(expand(extract(bytes(32), root + shared), "carena/root", 32))


def wrap(root: bytes, direction: Direction, epoch: int, keys: bytes, iv: bytes) -> str:
    """Return a sender's keys sealed for the other side."""
    box = AESGCM(expand(root, f"carena/wrap/{direction}", 16))
    return b64(iv + box.encrypt(iv, keys, _context(direction, epoch)))


def unwrap(root: bytes, direction: Direction, epoch: int, wrapped: str) -> bytes:
    """Return the other side's keys; raises AgreementError."""
    data = unb64(wrapped, _WRAPPED)
    box = AESGCM(expand(root, f"carena/wrap/{direction}", 16))
    try:
        return box.decrypt(data[:_IV], data[_IV:], _context(direction, epoch))
    except InvalidTag:
        raise AgreementError("wrapped keys") from None


def digest(patient: bytes, clinician: bytes) -> str:
    """Return the hash by which the patient says that it has both."""
    return b64(sha256(b"carena/epoch" + patient + clinician).digest())


def _context(direction: Direction, epoch: int) -> bytes:
    return f"{direction}{epoch}".encode()


def files_key(root: bytes, direction: Direction) -> bytes:
    """Return the key of an epoch for one direction's files: both sides draw it from the root they share."""
    return expand(root, f"carena/files/{direction}", KEY_BYTES)


def screen_key(root: bytes, direction: Direction) -> bytes:
    """Return the key of an epoch for one direction's shared screen, drawn as that of files."""
    return expand(root, f"carena/screen/{direction}", KEY_BYTES)


def _installed(use: Use, epoch: int, pair: bytes, root: bytes, direction: Direction) -> EpochKeys:
    files, screen = files_key(root, direction), screen_key(root, direction)
    return EpochKeys(use, epoch, pair[:KEY_BYTES], pair[KEY_BYTES:], files, screen)


def _shared(ours: X25519PrivateKey, theirs: str) -> bytes:
    try:
        return ours.exchange(X25519PublicKey.from_public_bytes(unb64(theirs, 32)))
    except AgreementError:
        raise
    except ValueError:
        raise AgreementError("weak key") from None


class ClinicianRenewal:
    """The desktop's side.

    Args:
        root: The first root; it is overwritten.
    """

    def __init__(self, root: bytearray) -> None:
        self._root = root
        self.epoch = 0
        """The newest that both sides have."""
        self._exchange: X25519PrivateKey | None = None
        self._said: Rekey | RekeyFin | None = None
        self._patient = bytearray()
        self._clinician = bytearray()

    @property
    def is_running(self) -> bool:
        """Whether an exchange waits for the other side."""
        return self._said is not None

    def begin(self) -> Rekey | RekeyFin:
        """Begin the next epoch; while one is under way, say again what was said last."""
        if self._said is None:
            self._exchange = X25519PrivateKey.generate()
            self._said = Rekey(n=self.epoch + 1, x=b64(self._exchange.public_key().public_bytes_raw()))
        return self._said

    def ack(self, message: RekeyAck) -> tuple[RekeyFin, EpochKeys] | None:
        """Take the patient's keys: return ours for it and what to install; None when it answers nothing of ours."""
        if self._exchange is None or message.n != self.epoch + 1:
            return None
        root = next_root(bytes(self._root), _shared(self._exchange, message.x))
        self._patient[:] = unwrap(bytes(root), "P>C", message.n, message.k)
        self._clinician[:] = secrets.token_bytes(_PAIR)
        sealed = wrap(bytes(root), "C>P", message.n, bytes(self._clinician), secrets.token_bytes(_IV))
        self._root[:] = root
        _wipe(root)
        self._exchange = None
        self._said = fin = RekeyFin(n=message.n, k=sealed)
        return fin, _installed("receive", message.n, bytes(self._patient), bytes(self._root), "P>C")

    def done(self, message: RekeyDone) -> EpochKeys | None:
        """The patient has our keys: return them to be installed; None when it answers nothing of ours."""
        if not isinstance(self._said, RekeyFin) or message.n != self.epoch + 1:
            return None
        if not hmac.compare_digest(message.h, digest(bytes(self._patient), bytes(self._clinician))):
            raise AgreementError("epoch")
        self.epoch = message.n
        self._said = None
        keys = _installed("send", message.n, bytes(self._clinician), bytes(self._root), "C>P")
        _wipe(self._patient)
        _wipe(self._clinician)
        return keys

    def wipe(self) -> None:
        """The leg is over."""
        self._exchange = self._said = None
        for secret in (self._root, self._patient, self._clinician):
            _wipe(secret)


class PatientRenewal:
    """The patient's side, in Python for tests and demonstrations.

    Args:
        root: The first root; it is overwritten.
    """

    def __init__(self, root: bytearray) -> None:
        self._root = root
        self._next = bytearray()
        self.epoch = 0
        self._patient = bytearray()
        self._asked = ""
        self._ack: RekeyAck | None = None
        self._done: RekeyDone | None = None

    def rekey(self, message: Rekey) -> RekeyAck | None:
        """Answer the beginning of the next epoch; the same question has the same answer."""
        if message.n != self.epoch + 1:
            return None
        if self._ack is None or message.x != self._asked:
            exchange = X25519PrivateKey.generate()
            self._next[:] = next_root(bytes(self._root), _shared(exchange, message.x))
            self._patient[:] = secrets.token_bytes(_PAIR)
            sealed = wrap(bytes(self._next), "P>C", message.n, bytes(self._patient), secrets.token_bytes(_IV))
            self._asked = message.x
            self._ack = RekeyAck(n=message.n, x=b64(exchange.public_key().public_bytes_raw()), k=sealed)
        return self._ack

    def fin(self, message: RekeyFin) -> tuple[RekeyDone, tuple[EpochKeys, ...]] | None:
        """Take the desktop's keys: return the answer and what to install, receiving first; nothing the second time."""
        if self._done is not None and message.n == self.epoch:
            return self._done, ()
        if self._ack is None or message.n != self.epoch + 1:
            return None
        clinician = unwrap(bytes(self._next), "C>P", message.n, message.k)
        self._root[:] = self._next
        self.epoch = message.n
        self._ack = None
        self._done = RekeyDone(n=message.n, h=digest(bytes(self._patient), clinician))
        root = bytes(self._root)
        keys = (
            _installed("receive", message.n, clinician, root, "C>P"),
            _installed("send", message.n, bytes(self._patient), root, "P>C"),
        )
        _wipe(self._next)
        _wipe(self._patient)
        return self._done, keys


def _wipe(secret: bytearray) -> None:
    secret[:] = bytes(len(secret))
