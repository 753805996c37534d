"""ML-KEM-768 (FIPS 203) beside X25519: whoever records a visit today can't open it with a quantum computer later.

The patient's page makes a key pair for each leg and puts the public key into its signed hello; the desktop
encapsulates. Where either side has no ML-KEM, both say so in their signed hellos, and X25519 stands alone.
"""

import functools
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import mlkem

from carena_protocol.e2ee.primitives import AgreementError

PUBLIC_BYTES: Final = 1184
CIPHERTEXT_BYTES: Final = 1088


@functools.cache
def is_available() -> bool:
    """Whether the cryptographic library beneath has ML-KEM (OpenSSL 3.5 or later)."""
    try:
        mlkem.MLKEM768PrivateKey.generate()
    except UnsupportedAlgorithm:
        return False
    return True


def encapsulate(public: bytes) -> tuple[bytes, bytes]:
    """Return a shared secret (32 bytes) and the ciphertext that brings it to the key's owner; raises AgreementError."""
    try:
        return mlkem.MLKEM768PublicKey.from_public_bytes(public).encapsulate()
    except ValueError:  # FIPS 203 section 7.2: no encoding of a public key
        raise AgreementError("post-quantum key") from None


class Receiver:
    """A key pair for one leg, in Python for tests and demonstrations; the portal's is WebCrypto's."""

    def __init__(self) -> None:
        self._private = mlkem.MLKEM768PrivateKey.generate()
        self.public = self._private.public_key().public_bytes_raw()

    def decapsulate(self, ciphertext: bytes) -> bytes:
        """Return the shared secret; a forged ciphertext gives another one, as FIPS 203 wants it."""
        return self._private.decapsulate(ciphertext)
