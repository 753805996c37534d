"""The other party is told to show pictures as they come while its reports say that the path is steady."""

import pytest
from aiortc import RTCPeerConnection, RTCRtpSender
from aiortc.codecs import HEADER_EXTENSIONS
from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters, RTCRtpSendParameters
from aiortc.rtp import RtcpReceiverInfo, RtcpRrPacket, unpack_header_extensions

from carena_desktop.call.engine.repairs import playout_delay
from carena_desktop.call.engine.repairs.playout_delay import EXTENSION_ID, URI, PlayoutDelay
from carena_desktop.call.engine.steadiness import REPORTS, Steadiness

AT_ONCE, AS_IT_LIKES = b"\x00\x00\x32", b"\x00\x03\xe8"


def report(sender: RTCRtpSender, jitter_ms: float, lost: int = 0) -> RtcpRrPacket:
    """What the other party says of our video."""
    info = RtcpReceiverInfo(
        ssrc=sender._ssrc,
        fraction_lost=lost,
        packets_lost=0,
        highest_sequence=1,
        jitter=int(jitter_ms * 90),
        lsr=0,
        dlsr=0,
    )
    return RtcpRrPacket(ssrc=1, reports=[info])


def wanted(delay: PlayoutDelay, *uris: str) -> None:
    """Negotiate these extensions."""
    extensions = [RTCRtpHeaderExtensionParameters(id=EXTENSION_ID, uri=uri) for uri in uris]
    delay.configure(RTCRtpSendParameters(headerExtensions=extensions))


async def test_a_steady_path_needs_no_smoothing() -> None:
    """After three steady reports packets say "at once"; one report of jitter returns the choice to the browser."""
    connection = RTCPeerConnection()
    sender = connection.addTransceiver("video").sender
    delay = PlayoutDelay(sender)
    wanted(delay, URI)
    assert unpack_header_extensions(*delay.added(0, b"")) == [(EXTENSION_ID, AS_IT_LIKES)]
    for _ in range(REPORTS):
        await sender._handle_rtcp_packet(report(sender, 2))
    assert unpack_header_extensions(*delay.added(0xBEDE, b"\x10\x61\x00\x00")) == [(EXTENSION_ID, AT_ONCE), (1, b"a")]
    await sender._handle_rtcp_packet(report(sender, 20))
    assert unpack_header_extensions(*delay.added(0, b"")) == [(EXTENSION_ID, AS_IT_LIKES)]
    await connection.close()


async def test_reports_of_other_streams_say_nothing() -> None:
    """Only what is said of this sender's own packets counts."""
    connection = RTCPeerConnection()
    sender = connection.addTransceiver("video").sender
    delay = PlayoutDelay(sender)
    wanted(delay, URI)
    foreign = report(sender, 2)
    foreign.reports[0].ssrc ^= 1
    for _ in range(REPORTS):
        await sender._handle_rtcp_packet(foreign)
    assert unpack_header_extensions(*delay.added(0, b"")) == [(EXTENSION_ID, AS_IT_LIKES)]
    await connection.close()


async def test_who_does_not_want_it_is_told_nothing() -> None:
    """Without the extension in the answer packets stay as they are, and so does a header of the two-byte form."""
    connection = RTCPeerConnection()
    delay = PlayoutDelay(connection.addTransceiver("video").sender)
    wanted(delay, "urn:ietf:params:rtp-hdrext:sdes:mid")
    assert delay.added(0xBEDE, b"\x10\x61\x00\x00") == (0xBEDE, b"\x10\x61\x00\x00")
    wanted(delay, URI)
    assert delay.added(0x1000, b"\x01\x01\x61\x00") == (0x1000, b"\x01\x01\x61\x00")
    await connection.close()


def test_firefox_is_told_nothing() -> None:
    """Its pictures freeze when "at once" is taken back: the extension is taken out of its answer, and of no other's."""
    lines = [
        "v=0",
        "o={} 4 0 IN IP4 0.0.0.0",
        "m=video 9 UDP/TLS/RTP/SAVPF 97",
        f"a=extmap:{EXTENSION_ID} {URI}",
        "a=x",
        "",
    ]
    of_firefox, of_chromium = ("\r\n".join(lines).format(who) for who in ("mozilla...THIS_IS_SDPARTA-99.0", "-"))
    assert playout_delay.understood(of_chromium) == of_chromium
    assert playout_delay.understood(of_firefox) == of_firefox.replace(f"a=extmap:{EXTENSION_ID} {URI}\r\n", "")


async def test_it_is_in_the_offer_once() -> None:
    """Installed twice, an offer has the extension once, for video only."""
    playout_delay.install()
    playout_delay.install()
    connection = RTCPeerConnection()
    connection.addTransceiver("audio")
    connection.addTransceiver("video")
    offer = (await connection.createOffer()).sdp
    assert offer.count(URI) == 1
    assert offer.index(URI) > offer.index("m=video")
    assert sum(extension.uri == URI for extension in HEADER_EXTENSIONS["video"]) == 1
    await connection.close()


@pytest.mark.parametrize(
    ("reports", "steady"),
    [
        ([(0.002, 0.0)] * 2, False),
        ([(0.002, 0.0)] * 3, True),
        ([(0.002, 0.0)] * 3 + [(0.009, 0.0)] * 9, True),
        ([(0.009, 0.0)] * 9, False),
        ([(0.002, 0.0)] * 3 + [(0.013, 0.0)], False),
        ([(0.002, 0.0)] * 3 + [(0.002, 0.03)], False),
        ([(0.002, 0.01)] * 9, False),
        ([(0.002, 0.0)] * 2 + [(0.009, 0.0)] + [(0.002, 0.0)] * 2, False),
    ],
)
def test_a_path_is_steady_when_its_reports_are(reports: list[tuple[float, float]], steady: bool) -> None:
    """Three good reports in a row make it steady, a middling one keeps it, a bad one ends it."""
    steadiness = Steadiness()
    for jitter_s, lost in reports:
        steadiness.report(jitter_s, lost)
    assert steadiness.steady is steady
