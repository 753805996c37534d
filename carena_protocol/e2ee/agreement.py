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

import hmac
import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from carena_protocol.e2ee import post_quantum
from carena_protocol.e2ee.key_schedule import Agreed, LinkUse, Role
from carena_protocol.e2ee.link_secret import HINT_BYTES, hint_of
from carena_protocol.e2ee.primitives import AgreementError, b64, expand, extract, parts, unb64

__all__ = [
    "Agreed",
    "AgreementError",
    "Clinician",
    "LinkUse",
    "Patient",
    "PeerHello",
    "Role",
    "SignedHello",
    "b64",
    "check_hello",
    "commitment",
    "expand",
    "extract",
    "fingerprint_of",
    "make_hello",
    "parts",
    "short_name",
    "unb64",
]

VERSION: Final = 2
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 32
MAX_HELLO_CHARS: Final = 4096
_FINGERPRINT: Final = re.compile(r"^a=fingerprint:(\S+) (\S+)\s*$", re.MULTILINE)
_HEX: Final = re.compile(r"[0-9A-F]{2}(:[0-9A-F]{2}){31}")


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
    post_quantum: bool = False
    """Whether it can do ML-KEM-768."""
    kem: bytes = field(default=b"", repr=False)
    """The patient's ML-KEM public key for this leg, b"" without it."""
    link_hint: bytes = field(default=b"", repr=False)
    """Names the visit link's secret that the patient's page has, b"" when it has none."""


def make_hello(
    role: Role,
    call: str,
    device: Ed25519PrivateKey,
    exchange: X25519PrivateKey,
    mark: str,
    *,
    can_kem: bool = False,
    kem: bytes = b"",
    link: bytes = b"",
) -> SignedHello:
    """Return our hello for a call.

    Args:
        role: Ours.
        call: Names visit and leg.
        device: Our device key.
        exchange: Our key for this leg.
        mark: Our own fingerprint.
        can_kem: Whether we can do ML-KEM-768.
        kem: The patient's public key for it.
        link: The secret of the patient's visit link; only its hint is said.
    """
    said: dict[str, Any] = {
        "v": VERSION,
        "role": role,
        "call": call,
        "dev": b64(device.public_key().public_bytes_raw()),
        "x": b64(exchange.public_key().public_bytes_raw()),
        "n": b64(secrets.token_bytes(NONCE_BYTES)),
        "fp": mark,
        "pq": can_kem,
    }
    if kem:
        said["kem"] = b64(kem)
    if link:
        said["link"] = b64(hint_of(link))
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
    can_kem = said.get("pq")
    if not isinstance(can_kem, bool) or ("kem" in said) != (can_kem and role == "P"):
        raise AgreementError("not a hello")
    return PeerHello(
        device,
        unb64(_text(said, "x"), KEY_BYTES),
        can_kem,
        unb64(_text(said, "kem"), post_quantum.PUBLIC_BYTES) if "kem" in said else b"",
        unb64(_text(said, "link"), HINT_BYTES) if "link" in said else b"",
    )


def _signed(text: str) -> bytes:
    try:
        return b"carena/hello/v1" + text.encode()
    except UnicodeEncodeError:  # half a pair of surrogates
        raise AgreementError("not text") from None


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


def short_name(device: bytes) -> str:
    """Return a device key in four groups of four hex digits, for whoever has to compare two; "" for none."""
    digits = sha256(b"carena/device/v1" + device).hexdigest()[:16].upper()
    return " ".join(digits[at : at + 4] for at in range(0, 16, 4)) if device else ""


class Clinician:
    """The desktop's side. ``begin`` is done by making it; give ``commit`` with the offer.

    Args:
        device: Our device key.
        call: Names visit and leg.
        mark: The fingerprint in our offer.
        link_of: Returns the secret of a visit link made here by its hint, b"" for one that is not known.
        can_kem: Whether to use ML-KEM with a patient who can; None for whether this computer can.
    """

    def __init__(
        self,
        device: Ed25519PrivateKey,
        call: str,
        mark: str,
        link_of: Callable[[bytes], bytes] = lambda _hint: b"",
        *,
        can_kem: bool | None = None,
    ) -> None:
        self._call = call
        self._link_of = link_of
        self._can_kem = post_quantum.is_available() if can_kem is None else can_kem
        self._exchange = X25519PrivateKey.generate()
        self.hello = make_hello("C", call, device, self._exchange, mark, can_kem=self._can_kem)
        self.commit = commitment(self.hello.text)
        self.peer: PeerHello | None = None
        self.ciphertext = b""
        """To be sent beside our hello, when there is one."""
        self.link = LinkUse.ABSENT

    def answered(self, hello: SignedHello, mark: str) -> Agreed:
        """Take the patient's hello, that came with an answer with the fingerprint ``mark``; raises AgreementError."""
        self.peer = check_hello(hello, "P", self._call, mark)
        shared = _exchange(self._exchange, self.peer.exchange)
        quantum = b""
        if self._can_kem and self.peer.kem:
            quantum, self.ciphertext = post_quantum.encapsulate(self.peer.kem)
        link = self._link_of(self.peer.link_hint) if self.peer.link_hint else b""
        if self.peer.link_hint:
            self.link = LinkUse.USED if link else LinkUse.UNKNOWN_TO_DESKTOP
        return Agreed(self.hello.text, hello.text, shared, ciphertext=self.ciphertext, quantum=quantum, link=link)


class Patient:
    """The patient's side, in Python for tests and demonstrations; the portal's is in JavaScript.

    Args:
        device: Our device key.
        call: Names visit and leg.
        commit: What came with the offer.
        mark: The fingerprint in our answer.
        theirs: The fingerprint in the offer that was applied.
        link: The visit link's secret, b"" without one.
        can_kem: Whether to offer ML-KEM; None for whether this computer can.
    """

    def __init__(
        self,
        device: Ed25519PrivateKey,
        call: str,
        commit: str,
        mark: str,
        theirs: str,
        *,
        link: bytes = b"",
        can_kem: bool | None = None,
    ) -> None:
        self._call = call
        self._commit = commit
        self._theirs = theirs
        self._link = link
        wanted = post_quantum.is_available() if can_kem is None else can_kem
        self._kem = post_quantum.Receiver() if wanted else None
        self._exchange = X25519PrivateKey.generate()
        public = self._kem.public if self._kem is not None else b""
        self.hello = make_hello("P", call, device, self._exchange, mark, can_kem=wanted, kem=public, link=link)
        self.peer: PeerHello | None = None

    def revealed(self, hello: SignedHello, ciphertext: bytes = b"", *, uses_link: bool = False) -> Agreed:
        """Take the desktop's hello and what came beside it; raises AgreementError."""
        if not hmac.compare_digest(commitment(hello.text), self._commit):
            raise AgreementError("commitment")
        self.peer = check_hello(hello, "C", self._call, self._theirs)
        shared = _exchange(self._exchange, self.peer.exchange)
        if bool(ciphertext) != (self.peer.post_quantum and self._kem is not None):
            raise AgreementError("post-quantum downgrade")
        quantum = self._kem.decapsulate(ciphertext) if self._kem is not None and ciphertext else b""
        if uses_link and not self._link:
            raise AgreementError("link")
        link = self._link if uses_link else b""
        return Agreed(hello.text, self.hello.text, shared, ciphertext=ciphertext, quantum=quantum, link=link)


def _exchange(ours: X25519PrivateKey, theirs: bytes) -> bytes:
    try:
        return ours.exchange(X25519PublicKey.from_public_bytes(theirs))
    except ValueError:  # RFC 7748 section 6.1: all zero, a point of small order
        raise AgreementError("weak key") from None
