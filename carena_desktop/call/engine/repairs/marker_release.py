"""Give out a video frame on its marker packet.

aiortc 1.16 waits for the first packet of the next frame to know that this one is complete: 33 ms at 30 frames a second
(measured 45 ms against 11 ms from capture to decoded). RFC 7741 section 4.1: the marker bit is set on the last packet.
"""

from aiortc import RTCRtpReceiver
from aiortc.jitterbuffer import JitterBuffer, JitterFrame

CAPACITY = 512
"""As aiortc's own."""


class MarkerJitterBuffer(JitterBuffer):
    """aiortc's buffer, but a frame is complete with its marker packet, or with the next frame's first, as before."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        super().__init__(capacity, is_video=True)

    def _remove_frame(self, sequence_number: int) -> JitterFrame | None:  # noqa: ARG002 - aiortc's signature
        if self._origin is None:
            return None
        first = self._packets[self._origin % self._capacity]
        if first is None:
            return None
        data: list[bytes] = []
        for count in range(self._capacity):
            packet = self._packets[(self._origin + count) % self._capacity]
            if packet is None:
                return None
            if packet.timestamp != first.timestamp:  # a sender that sets no markers
                break
            data.append(packet._data)  # type: ignore[attr-defined]  # noqa: SLF001 - set by the receiver before add()
            if packet.marker:
                break
        self.remove(len(data))
        return JitterFrame(data=b"".join(data), timestamp=first.timestamp)


def install(receiver: RTCRtpReceiver) -> None:
    """Use it in a video receiver that has received nothing yet."""
    receiver._RTCRtpReceiver__jitter_buffer = MarkerJitterBuffer()  # type: ignore[attr-defined]  # noqa: SLF001 - the repair
