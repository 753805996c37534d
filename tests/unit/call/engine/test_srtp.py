"""Which SRTP profiles a leg offers: AES-GCM first, HMAC-SHA1-80 as the floor, fewer where a site says so."""

import pytest
from aiortc import RTCPeerConnection

from carena_desktop.call.engine import srtp
from carena_desktop.call.engine.offer_text import with_one_fingerprint
from carena_desktop.policy.table import BY_NAME

ALL = ["SRTP_AEAD_AES_256_GCM", "SRTP_AEAD_AES_128_GCM", "SRTP_AES128_CM_SHA1_80"]


def names(allowed: tuple[str, ...] | None) -> list[str]:
    """What would be offered."""
    return [profile.openssl_profile.decode() for profile in srtp.chosen(allowed)]


def test_the_strongest_comes_first_and_nothing_is_below_the_floor() -> None:
    """Whatever aiortc knows: these three, in this order (RFC 7714, RFC 5764 section 4.1.2)."""
    assert names(None) == ALL


@pytest.mark.parametrize(
    ("allowed", "offered"),
    [
        (("SRTP_AES128_CM_SHA1_80",), ALL[2:]),
        (("AEAD_AES_128_GCM", "AEAD_AES_256_GCM"), ALL[:2]),
        (("SRTP_AES128_CM_SHA1_80", "AEAD_AES_256_GCM"), [ALL[0], ALL[2]]),
    ],
)
def test_a_site_can_shorten_the_list_and_not_turn_it_round(allowed: tuple[str, ...], offered: list[str]) -> None:
    """The order stays: a list is what may be used, not what is preferred."""
    assert names(allowed) == offered


@pytest.mark.parametrize("allowed", [(), ("NULL",), ("SRTP_AES128_CM_SHA1_32",)])
def test_without_a_profile_there_is_no_leg(allowed: tuple[str, ...]) -> None:
    """Nothing below the floor can be named into the list."""
    with pytest.raises(ValueError, match="profile"):
        srtp.chosen(allowed)


def test_the_policy_knows_the_same_profiles() -> None:
    """Each choice of the policy is one that a leg can offer, and the other way round."""
    assert set(BY_NAME["SrtpProfiles"].choices) == set(srtp.PROFILES)


async def test_a_connection_uses_what_it_is_given() -> None:
    """Both sections, and the data channel with them, share the transport that is restricted."""
    pc = RTCPeerConnection()
    try:
        pc.addTransceiver("audio")
        pc.addTransceiver("video")
        srtp.restrict(pc, srtp.chosen(("AEAD_AES_128_GCM",)))
        for transceiver in pc.getTransceivers():
            assert [p.openssl_profile for p in transceiver.sender.transport._srtp_profiles] == [
                b"SRTP_AEAD_AES_128_GCM"
            ]
    finally:
        await pc.close()


def test_the_offer_has_the_signed_fingerprint_alone() -> None:
    """A browser would apply a stronger hash beside it, which nothing vouches for (RFC 8122 section 5)."""
    lines = [
        "v=0",
        "a=fingerprint:sha-256 AA",
        "a=fingerprint:sha-384 BB",
        "a=fingerprint:sha-512 CC",
        "a=setup:actpass",
    ]
    assert with_one_fingerprint("\r\n".join(lines)).split("\r\n") == [lines[0], lines[1], lines[4]]
