"""Which SRTP profiles a leg may use: AES-GCM (RFC 7714) first, AES-128 in counter mode with HMAC-SHA1-80 as the floor.

aiortc offers what its transport's list names, in its order; as the desktop offers and browsers answer as DTLS clients,
the desktop picks. Nothing below the floor exists in the list, and a site can shorten it.
"""

from typing import Final

from aiortc import RTCPeerConnection
from aiortc.rtcdtlstransport import (
    SRTP_AEAD_AES_128_GCM,
    SRTP_AEAD_AES_256_GCM,
    SRTP_AES128_CM_SHA1_80,
    SRTP_PROFILES,
    SRTPProtectionProfile,
)

PROFILES: Final = {
    "AEAD_AES_256_GCM": SRTP_AEAD_AES_256_GCM,
    "AEAD_AES_128_GCM": SRTP_AEAD_AES_128_GCM,
    "SRTP_AES128_CM_SHA1_80": SRTP_AES128_CM_SHA1_80,
}
"""By the names of the policy ``SrtpProfiles``, the most wanted first."""


def chosen(names: tuple[str, ...] | None) -> list[SRTPProtectionProfile]:
    """Return the profiles that a leg offers, the most wanted first.

    Args:
        names: Those that are allowed, None for all.

    Raises:
        ValueError: None of them can be used here.
    """
    allowed = [profile for name, profile in PROFILES.items() if names is None or name in names]
    found = [profile for profile in allowed if profile in SRTP_PROFILES]
    if not found:
        raise ValueError("no SRTP profile")
    return found


def restrict(pc: RTCPeerConnection, profiles: list[SRTPProtectionProfile]) -> None:
    """Let a connection that has its transceivers and has not begun use these profiles alone."""
    for transceiver in pc.getTransceivers():
        transceiver.sender.transport._srtp_profiles = profiles  # noqa: SLF001 - aiortc takes none; see internals
