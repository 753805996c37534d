"""Repeated packets find the receiver of the stream they repeat, beside a second section of video."""

from collections.abc import Iterator

import pytest
from aiortc import RTCPeerConnection
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcrtpparameters import (
    RTCRtpCodecParameters,
    RTCRtpDecodingParameters,
    RTCRtpReceiveParameters,
    RTCRtpRtxParameters,
)
from aiortc.rtp import RtpPacket

from carena_desktop.call.engine.repairs import repetition_route

VIDEO, REPEATED = 97, 98


@pytest.fixture
def stock() -> Iterator[None]:
    """Leave aiortc as it was."""
    kept = RTCDtlsTransport._register_rtp_receiver
    yield
    RTCDtlsTransport._register_rtp_receiver = kept  # type: ignore[method-assign]  # aiortc's own again


def parameters(ssrc: int) -> RTCRtpReceiveParameters:
    """Of a section of video, as an answer describes it: every section has the same payload types."""
    codecs = [RTCRtpCodecParameters(f"video/{name}", 90_000, payloadType=kind) for name, kind in KINDS.items()]
    rtx = RTCRtpRtxParameters(ssrc=ssrc + 1)
    return RTCRtpReceiveParameters(codecs=codecs, encodings=[RTCRtpDecodingParameters(ssrc, VIDEO, rtx=rtx)])


KINDS = {"VP8": VIDEO, "rtx": REPEATED}


@pytest.mark.usefixtures("stock")
async def test_repetitions_of_two_pictures_go_to_their_own() -> None:
    """Camera and screen each get what was repeated for them; aiortc alone gives it to neither."""
    connection = RTCPeerConnection()
    receivers = [connection.addTransceiver("video").receiver for _ in range(2)]
    transport = receivers[0].transport
    for receiver, ssrc in zip(receivers, (1000, 2000), strict=True):
        RTCDtlsTransport._register_rtp_receiver(transport, receiver, parameters(ssrc))
    route = transport._rtp_router.route_rtp
    repeated = [RtpPacket(payload_type=REPEATED, ssrc=ssrc + 1) for ssrc in (1000, 2000)]
    before = [route(packet) for packet in repeated]

    repetition_route.install()
    for receiver, ssrc in zip(receivers, (1000, 2000), strict=True):
        transport._register_rtp_receiver(receiver, parameters(ssrc))
    assert [route(packet) for packet in repeated] == receivers
    assert [route(RtpPacket(payload_type=VIDEO, ssrc=ssrc)) for ssrc in (1000, 2000)] == receivers
    assert before in ([None, None], receivers)  # the second where another test has installed the repair
    await connection.close()
