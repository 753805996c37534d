"""Our offer as the other party gets it: with one fingerprint, the one that the signed hello names.

aiortc writes three hashes of its certificate, and a browser applies the strongest that it knows (RFC 8122 section 5).
Whoever relays the offer could leave the SHA-256 that both ends sign alone and change another line: the certificate that
the browser then accepts would be bound to nothing.
"""

from typing import Final

_FINGERPRINT: Final = "a=fingerprint:"
_SIGNED: Final = "a=fingerprint:sha-256 "


def with_one_fingerprint(sdp: str) -> str:
    """Return the SDP without fingerprints of other hashes than SHA-256."""
    lines = sdp.split("\r\n")
    return "\r\n".join(line for line in lines if not line.startswith(_FINGERPRINT) or line.startswith(_SIGNED))
