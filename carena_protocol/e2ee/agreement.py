"""The key agreement of one leg: commit, hello and reveal through the relay, then one proof each way past it.

    desktop (C)                                  patient (P)
      offer, H(hello_C)            ------------>
                                   <------------ answer, hello_P
      hello_C                      ------------>          checks the commitment
      ===================== data channel =====================
      HMAC(confirm C)              <----------->          HMAC(confirm P)

A hello is signed by the party's device key and names the fingerprint of its DTLS certificate: whoever stands in between
must change one of them, and is found. The commitment makes the safety code one guess per call (RFC 6189 section
4.4.1.1). Every failure is an ``AgreementError``; there is no way around one.

Sources: RFC 7748 (X25519), RFC 8032 (Ed25519), RFC 5869 (HKDF), RFC 8122 (fingerprints).
"""

import base64
import binascii
import hmac
import json
import re
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, Literal, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from carena_protocol.e2ee.safety_code import SafetyCode

Role: TypeAlias = Literal["C", "P"]

VERSION: Final = 1
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 32
MAX_HELLO_CHARS: Final = 2048
_FINGERPRINT: Final = re.compile(r"^a=fingerprint:(\S+) (\S+)\s*$", re.MULTILINE)
_HEX: Final = re.compile(r"[0-9A-F]{2}(:[0-9A-F]{2}){31}")


class AgreementError(ValueError):
    """The other side is not who it should be, or somebody stands in between; ``reason`` names the rule."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parts(*values: bytes) -> bytes:
    """Return the values, each behind its length in 32 bits: no two lists of values give the same bytes."""
    return b"".join(len(value).to_bytes(4, "big") + value for value in values)


def extract(salt: bytes, secret: bytes) -> bytes:
    """HKDF-Extract with SHA-256 (RFC 5869 section 2.2)."""
    return hmac.digest(salt, secret, "sha256")


def expand(key: bytes, label: str, size: int) -> bytes:
    """HKDF-Expand with SHA-256 for up to 32 bytes (RFC 5869 section 2.3)."""
    if size > sha256().digest_size:
        raise ValueError("at most 32 bytes")
    return hmac.digest(key, label.encode() + b"\x01", "sha256")[:size]


def b64(value: bytes) -> str:
    """Return base64 with padding, as both sides write it."""
    return base64.b64encode(value).decode()


def unb64(value: str, size: int) -> bytes:
    """Return the ``size`` bytes of a base64 text; raise AgreementError for anything else."""
    try:
        found = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise AgreementError("not base64") from None
    if len(found) != size:
        raise AgreementError("wrong size")
    return found


def fingerprint_of(sdp: str) -> str:
    """Return the one SHA-256 fingerprint that an SDP would have applied, in capitals; raises AgreementError."""
    found = {(name.lower(), value.upper()) for name, value in _FINGERPRINT.findall(sdp.replace("\r", ""))}
    strong: list[str] = [value for name, value in found if name == "sha-256"]
    if len(strong) != 1 or not _HEX.fullmatch(strong[0]):
        raise AgreementError("not one fingerprint")
    return strong[0]


@dataclass(frozen=True, slots=True)
class SignedHello:
    """``text`` is JSON and is signed, hashed and sent as it is; ``signature`` is base64."""

    text: str = field(repr=False)
    signature: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PeerHello:
    """What a checked hello says."""

    device: bytes = field(repr=False)
    """The other party's Ed25519 public key, 32 bytes."""
    exchange: bytes = field(repr=False)
    """Its X25519 public key for this leg, 32 bytes."""


def make_hello(role: Role, call: str, device: Ed25519PrivateKey, exchange: X25519PrivateKey, mark: str) -> SignedHello:
    """Return our hello for a call; ``mark`` is our own fingerprint."""
    said = {
        "v": VERSION,
        "role": role,
        "call": call,
        "dev": b64(device.public_key().public_bytes_raw()),
        "x": b64(exchange.public_key().public_bytes_raw()),
        "n": b64(secrets.token_bytes(NONCE_BYTES)),
        "fp": mark,
        "pq": False,
    }
    text = json.dumps(said, separators=(",", ":"), sort_keys=True)
    return SignedHello(text, b64(device.sign(_signed(text))))


def check_hello(hello: SignedHello, role: Role, call: str, mark: str) -> PeerHello:
    """Return what the other party's hello says; raise AgreementError unless it is for this call and certificate."""
    said = _read(hello.text)
    device = unb64(_text(said, "dev"), KEY_BYTES)
    try:
        Ed25519PublicKey.from_public_bytes(device).verify(unb64(hello.signature, 64), _signed(hello.text))
    except InvalidSignature:
        raise AgreementError("signature") from None
    if said.get("v") != VERSION:
        raise AgreementError("version")
    if said.get("role") != role:
        raise AgreementError("role")
    if said.get("call") != call:
        raise AgreementError("call")
    if said.get("fp") != mark:
        raise AgreementError("fingerprint")
    unb64(_text(said, "n"), NONCE_BYTES)
    return PeerHello(device, unb64(_text(said, "x"), KEY_BYTES))


def _signed(text: str) -> bytes:
    return b"carena/hello/v1" + text.encode()


def _read(text: str) -> dict[str, Any]:
    if len(text) > MAX_HELLO_CHARS:
        raise AgreementError("too long")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise AgreementError("not JSON") from None
    if not isinstance(said, dict):
        raise AgreementError("not a hello")
    return said


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str):
        raise AgreementError("not a hello")
    return value


def commitment(text: str) -> str:
    """Return the commitment to a hello."""
    return b64(sha256(parts(b"carena/commit/v1", text.encode())).digest())


class Agreed:
    """What both parties know after the agreement. Nothing of it can be printed.

    Args:
        clinician: The text of the desktop's hello.
        patient: The text of the patient's.
        shared: What X25519 gave.
        post_quantum: What ML-KEM gave, empty without it.
        link: A secret that only the two know, empty without it.
    """

    def __init__(
        self, clinician: str, patient: str, shared: bytes, post_quantum: bytes = b"", link: bytes = b""
    ) -> None:
        none = sha256(b"").digest()
        words = parts(b"carena/transcript/v1", clinician.encode(), patient.encode(), none)
        self._transcript = sha256(words).digest()
        self._secret = bytearray(extract(self._transcript, parts(shared, post_quantum, link)))

    @property
    def safety_code(self) -> SafetyCode:
        """What the two read to each other."""
        return SafetyCode.of(expand(bytes(self._secret), "carena/sas/v1", 8))

    def confirmation(self, role: Role) -> bytes:
        """Return what ``role`` sends over the data channel, 32 bytes."""
        return hmac.digest(expand(bytes(self._secret), f"carena/confirm/{role}", 32), self._transcript, "sha256")

    def check(self, role: Role, confirmation: bytes) -> None:
        """Raise AgreementError unless the other party, which is ``role``, agreed on the same."""
        if not hmac.compare_digest(self.confirmation(role), confirmation):
            raise AgreementError("confirmation")

    def root(self) -> bytearray:
        """Return the first root of the renewal, 32 bytes."""
        return bytearray(expand(bytes(self._secret), "carena/root", 32))

    def wipe(self) -> None:
        """Overwrite the secret, as well as Python lets us: copies that were made of it are not reached."""
        self._secret[:] = bytes(len(self._secret))


class Clinician:
    """The desktop's side. ``begin`` is done by making it; give ``commit`` with the offer.

    Args:
        device: Our device key.
        call: Names visit and leg.
        mark: The fingerprint in our offer.
    """

    def __init__(self, device: Ed25519PrivateKey, call: str, mark: str) -> None:
        self._call = call
        self._exchange = X25519PrivateKey.generate()
        self.hello = make_hello("C", call, device, self._exchange, mark)
        self.commit = commitment(self.hello.text)
        self.peer: PeerHello | None = None

    def answered(self, hello: SignedHello, mark: str) -> Agreed:
        """Take the patient's hello, that came with an answer with the fingerprint ``mark``; raises AgreementError."""
        self.peer = check_hello(hello, "P", self._call, mark)
        return Agreed(self.hello.text, hello.text, _exchange(self._exchange, self.peer.exchange))


class Patient:
    """The patient's side, in Python for tests and demonstrations; the portal's is in JavaScript.

    Args:
        device: Our device key.
        call: Names visit and leg.
        commit: What came with the offer.
        mark: The fingerprint in our answer.
        theirs: The fingerprint in the offer that was applied.
    """

    def __init__(self, device: Ed25519PrivateKey, call: str, commit: str, mark: str, theirs: str) -> None:
        self._call = call
        self._commit = commit
        self._theirs = theirs
        self._exchange = X25519PrivateKey.generate()
        self.hello = make_hello("P", call, device, self._exchange, mark)
        self.peer: PeerHello | None = None

    def revealed(self, hello: SignedHello) -> Agreed:
        """Take the desktop's hello; raises AgreementError."""
        if not hmac.compare_digest(commitment(hello.text), self._commit):
            raise AgreementError("commitment")
        self.peer = check_hello(hello, "C", self._call, self._theirs)
        return Agreed(hello.text, self.hello.text, _exchange(self._exchange, self.peer.exchange))


def _exchange(ours: X25519PrivateKey, theirs: bytes) -> bytes:
    try:
        return ours.exchange(X25519PublicKey.from_public_bytes(theirs))
    except ValueError:  # RFC 7748 section 6.1: all zero, a point of small order
        raise AgreementError("weak key") from None
