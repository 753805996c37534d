"""Secrets that must be read again, sealed with a key that is not in the database (AES-256-GCM, HKDF-SHA256)."""

import base64
import binascii
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES: Final = 12


class SealError(ValueError):
    """What was stored can't be opened with this key, for this purpose."""


class Seal:
    """Seals for one purpose; ``whose`` is bound to what is sealed, so that nobody can move it to another account."""

    def __init__(self, key: bytes, purpose: str) -> None:
        derived = HKDF(SHA256(), length=32, salt=None, info=f"carena {purpose} v1".encode()).derive(key)
        self._cipher = AESGCM(derived)

    def seal(self, secret: bytes, whose: str) -> str:
        """Return the sealed form, base64."""
        nonce = os.urandom(_NONCE_BYTES)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, secret, whose.encode())).decode()

    def open(self, sealed: str, whose: str) -> bytes:
        """Return the secret. Raises SealError."""
        try:
            raw = base64.b64decode(sealed, validate=True)
            return self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], whose.encode())
        except (binascii.Error, ValueError, InvalidTag):
            raise SealError from None
