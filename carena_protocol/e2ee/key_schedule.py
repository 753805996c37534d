"""From what was exchanged to what is used: the safety code, the confirmations, the first root.

    safety code  <- Extract(H(hello C, hello P), X25519)
    the rest     <- Extract(H(hello C, hello P, H(ciphertext), link used), X25519, ML-KEM, link secret)

The safety code hangs on nothing that is said after both hellos are fixed. The ciphertext and the choice whether to use
the link's secret come later: could they move the code, somebody in between would try ciphertexts until its two codes
are equal (2^24 of them take minutes), and the commitment would be worth nothing. The confirmations cover both.

Sources: RFC 5869 (HKDF), RFC 6189 section 4.4.1.1 (what a commitment is for).
"""

import hmac
from enum import StrEnum
from hashlib import sha256
from typing import Literal, TypeAlias

from carena_protocol.e2ee.primitives import AgreementError, expand, extract, parts
from carena_protocol.e2ee.safety_code import SafetyCode

Role: TypeAlias = Literal["C", "P"]


class LinkUse(StrEnum):
    """What became of the visit link's secret."""

    USED = "used"
    UNKNOWN_TO_DESKTOP = "unknown_to_desktop"
    """The page has one, this workstation does not know it: the link was made elsewhere."""
    ABSENT = "absent"
    """The page has none."""


class Agreed:
    """What both parties know after the agreement. Nothing of it can be printed.

    Args:
        clinician: The text of the desktop's hello.
        patient: The text of the patient's.
        shared: What X25519 gave.
        ciphertext: Of ML-KEM, b"" without it.
        quantum: What ML-KEM gave, b"" without it.
        link: The visit link's secret, b"" when it is not used.
    """

    def __init__(
        self,
        clinician: str,
        patient: str,
        shared: bytes,
        *,
        ciphertext: bytes = b"",
        quantum: bytes = b"",
        link: bytes = b"",
    ) -> None:
        hellos = (clinician.encode(), patient.encode())
        early = extract(sha256(parts(b"carena/transcript/v2/hellos", *hellos)).digest(), parts(shared))
        self._code = SafetyCode.of(expand(early, "carena/sas/v1", 8))
        used = b"link" if link else b""
        words = parts(b"carena/transcript/v2", *hellos, sha256(ciphertext).digest(), used)
        self._transcript = sha256(words).digest()
        self._secret = bytearray(extract(self._transcript, parts(shared, quantum, link)))
        self.is_post_quantum = bool(ciphertext)
        """Whether ML-KEM took part."""

    @property
    def safety_code(self) -> SafetyCode:
        """What the two read to each other."""
        return self._code

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

    def resume(self) -> bytes:
        """Return what lets this leg vouch for the next (``chain``), 32 bytes."""
        return expand(bytes(self._secret), "carena/resume", 32)

    def wipe(self) -> None:
        """Overwrite the secret, as well as Python lets us: copies that were made of it are not reached."""
        self._secret[:] = bytes(len(self._secret))
