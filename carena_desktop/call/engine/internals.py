"""Which parts of aiortc 1.16 we rely on that it does not promise, checked before the engine starts.

The version is pinned, but a pin can be overridden: an engine whose repairs silently do nothing, or whose path display
reads a field that moved, must not start.
"""

import importlib.metadata
from typing import Final

import aioice.ice
import aiortc.codecs
import aiortc.codecs.opus
import aiortc.codecs.vpx
import aiortc.rtcdtlstransport
import aiortc.rtcrtpreceiver
import aiortc.rtcrtpsender
import aiortc.rtp

VERSION: Final = "1.16."
AUDIO_LEVEL_URI: Final = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"


CONNECTION_NAMES: Final = (
    "_nominated",
    "_protocols",
    "_queue",
    "_transport_policy",
    "data_received",
    "get_component_candidates",
)
VOICE_PARAMETERS: Final = {"cbr": 1, "usedtx": 0, "useinbandfec": 1, "stereo": 0, "maxaveragebitrate": 40_000}
"""Of the Opus that we want to get: no size and no pause says anything of what is said."""


class InternalsError(RuntimeError):
    """Something that we rely on is not as expected; the text names it."""


def check() -> None:
    """Raise InternalsError unless aiortc and aioice look as this engine expects."""
    version = importlib.metadata.version("aiortc")
    if not version.startswith(VERSION):
        raise InternalsError(f"aiortc {version}")
    if not hasattr(aiortc.rtcrtpsender, "RTP_HISTORY_SIZE"):
        raise InternalsError("RTP_HISTORY_SIZE")
    if not {"CONSENT_INTERVAL", "CONSENT_FAILURES"} <= vars(aioice.ice).keys():
        raise InternalsError("CONSENT_INTERVAL")
    if not any(codec.mimeType == "audio/opus" for codec in aiortc.codecs.CODECS["audio"]):
        raise InternalsError("CODECS")
    if not aiortc.rtcdtlstransport.SRTP_PROFILES:
        raise InternalsError("SRTP_PROFILES")
    for owner, names in _expected():
        for name in names:
            if not _has(owner, name):
                raise InternalsError(f"{owner.__name__}.{name}")
    _check_looked_up()


def _check_looked_up() -> None:
    """Raise InternalsError unless names are looked up or set where the repairs expect it."""
    for function, name in (
        (aiortc.rtcrtpreceiver.RTCRtpReceiver.receive, "decoder_worker"),
        (aiortc.codecs.get_decoder, "OpusDecoder"),
        (aioice.ice.StunProtocol.connection_made, "transport"),
    ):
        if name not in function.__code__.co_names:
            raise InternalsError(name)


def _expected() -> list[tuple[type, tuple[str, ...]]]:
    return [
        (
            aiortc.rtcrtpreceiver.RTCRtpReceiver,
            (
                "_RTCRtpReceiver__jitter_buffer",
                "_RTCRtpReceiver__nack_generator",
                "_RTCRtpReceiver__decoder_queue",
                "_RTCRtpReceiver__decoder_thread",
                "_RTCRtpReceiver__decoder_error",
                "_RTCRtpReceiver__codecs",
                "_RTCRtpReceiver__timestamp_mapper",
                "_handle_rtp_packet",
                "_send_rtcp_nack",
                "_send_rtcp_pli",
            ),
        ),
        (
            aiortc.rtcrtpsender.RTCRtpSender,
            (
                "_RTCRtpSender__encoder",
                "_RTCRtpSender__packet_count",
                "_RTCRtpSender__rtp_header_extensions_map",
                "_rtx_ssrc",
                "_retransmit",
                "_handle_rtcp_packet",
                "_next_encoded_frame",
                "_enabled",
                "_ssrc",
            ),
        ),
        (aiortc.rtcrtpreceiver.RemoteStreamTrack, ("_queue",)),
        (aiortc.codecs.vpx.Vp8Decoder, ("codec", "decode")),
        (aiortc.codecs.vpx.Vp8Encoder, ("_packetize",)),
        (aiortc.codecs.opus.OpusEncoder, ("codec", "resampler", "first_packet_pts")),
        (
            aiortc.rtcdtlstransport.RTCDtlsTransport,
            (
                "_ssl",
                "_srtp_profiles",
                "_rx_srtp",
                "_tx_srtp",
                "_state",
                "_send_rtp",
                "_handle_rtp_data",
                "_handle_rtcp_data",
                "_register_rtp_receiver",
                "_rtp_router",
                "_RTCDtlsTransport__rx_packets",
                "_RTCDtlsTransport__rx_bytes",
                "_RTCDtlsTransport__tx_packets",
                "_RTCDtlsTransport__tx_bytes",
            ),
        ),
        (aiortc.rtp.HeaderExtensions, ("transport_sequence_number", "abs_send_time")),
        (aioice.ice.StunProtocol, ("error_received", "receiver", "send_data")),
        (aioice.ice.Connection, CONNECTION_NAMES),
    ]


def _has(owner: type, name: str) -> bool:
    """Whether the class has the attribute, or its constructor sets it."""
    return hasattr(owner, name) or name in owner.__init__.__code__.co_names  # type: ignore[misc]  # a plain function


def restrict_media() -> None:
    """Let nothing in the packets tell whoever relays who speaks when, and how loud.

    The audio level (RFC 6464) is taken out of the offers, and the other side is asked for sound in packets of one size
    (RFC 6562 section 3; RFC 7587 section 6.1).
    """
    extensions = aiortc.codecs.HEADER_EXTENSIONS["audio"]
    extensions[:] = [extension for extension in extensions if extension.uri != AUDIO_LEVEL_URI]
    for codec in aiortc.codecs.CODECS["audio"]:
        if codec.mimeType.lower() == "audio/opus":
            codec.parameters = dict(VOICE_PARAMETERS)
