"""What every part of the key agreement is made of: HKDF, lists of bytes without doubt, base64 of a known size."""

import base64
import binascii
import hmac
from hashlib import sha256


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
