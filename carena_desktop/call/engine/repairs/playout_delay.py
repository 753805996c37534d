"""Let the other party show pictures as they come while the path is steady: no smoothing of jitter that is not there.

Chromium's jitter buffer holds every picture for some 5 ms more than it must even on a cable. The playout-delay
extension is how a sender says that none is needed; "at least 0 and at most 500 ms" is what makes Chromium render
without delay, any larger limit returns the decision to it. We say the first while the reported jitter is small, and
the second when it grows.

Source: https://webrtc.googlesource.com/src/+/main/docs/native-code/rtp-hdrext/playout-delay/README.md
"""

from typing import Final

from aiortc import RTCRtpSender
from aiortc.codecs import HEADER_EXTENSIONS
from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters, RTCRtpParameters
from aiortc.rtp import AnyRtcpPacket, RtcpRrPacket, RtcpSrPacket

from carena_desktop.call.engine.steadiness import Steadiness

URI: Final = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"
EXTENSION_ID: Final = 6
AT_ONCE_MS: Final = (0, 500)
AS_IT_LIKES_MS: Final = (0, 10_000)
_UNIT_MS: Final = 10
_VIDEO_HZ: Final = 90_000
_ONE_BYTE_HEADERS: Final = 0xBEDE


def install() -> None:
    """Offer the extension for video from now on; may be called again."""
    extensions = HEADER_EXTENSIONS["video"]
    if all(extension.uri != URI for extension in extensions):
        extensions.append(RTCRtpHeaderExtensionParameters(id=EXTENSION_ID, uri=URI))


def understood(answer: str) -> str:
    """Return an answer without the extension where it would do harm.

    Firefox 153 takes it, and freezes for one to three seconds when it is told to render as it likes after "at once";
    each change of the leg, whose traffic is uneven for a moment, did that. Firefox names itself in the origin line.
    """
    if "\no=mozilla" not in answer:
        return answer
    return "".join(
        line for line in answer.splitlines(keepends=True) if not (line.startswith("a=extmap:") and URI in line)
    )


def limits(identity: int, least_ms: int, most_ms: int) -> bytes:
    """Return the extension's element in RFC 8285's one-byte form: two times 12 bits, in units of 10 ms."""
    value = (least_ms // _UNIT_MS) << 12 | most_ms // _UNIT_MS
    return bytes((identity << 4 | 2,)) + value.to_bytes(3, "big")


class PlayoutDelay:
    """What one video sender says; reads the reports that reach it.

    Args:
        sender: Has sent nothing yet.
    """

    def __init__(self, sender: RTCRtpSender) -> None:
        self._steadiness = Steadiness()
        self._ssrc = sender._ssrc  # noqa: SLF001 - the repair
        self._handle = sender._handle_rtcp_packet  # noqa: SLF001 - the repair
        self._at_once = self._as_it_likes = b""
        sender._handle_rtcp_packet = self._noted  # type: ignore[method-assign]  # noqa: SLF001 - the repair

    def configure(self, parameters: RTCRtpParameters) -> None:
        """Take what was negotiated; a party that does not want it is told nothing."""
        for extension in parameters.headerExtensions:
            if extension.uri == URI:
                self._at_once = limits(extension.id, *AT_ONCE_MS)
                self._as_it_likes = limits(extension.id, *AS_IT_LIKES_MS)

    def added(self, profile: int, elements: bytes) -> tuple[int, bytes]:
        """Return a packet's header extension with ours in front of the others."""
        ours = self._at_once if self._steadiness.steady else self._as_it_likes
        if not ours or (elements and profile != _ONE_BYTE_HEADERS):
            return profile, elements
        return _ONE_BYTE_HEADERS, ours + elements

    async def _noted(self, packet: AnyRtcpPacket) -> None:
        if isinstance(packet, (RtcpRrPacket, RtcpSrPacket)):
            for report in packet.reports:
                if report.ssrc == self._ssrc:
                    self._steadiness.report(report.jitter / _VIDEO_HZ, report.fraction_lost / 256)
        await self._handle(packet)
