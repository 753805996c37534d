"""How video is received: frames on their marker, NACK with a budget, PLI at a pace, and nothing stale.

What it repairs in aiortc 1.16 (each measured): a frame waits for the next one's first packet, 33 ms; one NACK per hole
and the whole list each time; up to ten seconds of waiting for a packet that never comes; a PLI for every undecodable
frame; one frame at most per packet, so that a stream of one-packet frames never makes up for a delay; a decoder queue
without a bound.

The receiver goes on to do RTP, RTX and statistics; this object stands where its jitter buffer and its NACK generator
were, and puts frames into its decoder queue.
"""

import asyncio
from queue import Empty
from typing import Final

from aiortc import RTCRtpReceiver
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtp import RtpPacket

from carena_desktop.call.engine.video_assembly import NackList, VideoAssembler, VideoPacket, WholeFrame
from carena_desktop.clock import Clock

CHECK_PERIOD_S: Final = 0.02
MAX_WAITING_FRAMES: Final = 15
"""Half a second before the decoder: what waits there is dropped and the next key frame shown."""


class VideoReception:
    """Stands in one video receiver that has received nothing yet. Methods are called on the loop.

    Args:
        receiver: Of video.
        clock: The time.
    """

    def __init__(self, receiver: RTCRtpReceiver, clock: Clock) -> None:
        self._receiver = receiver
        self._clock = clock
        self._assembler = VideoAssembler()
        self._nacks = NackList()
        self._ssrc: int | None = None
        self._payload_type = 0
        self._due: list[int] = []
        self.packets = 0
        self.bytes = 0
        self.key_requests = 0
        """PLIs sent."""
        self.dropped = 0
        """Frames that were not decoded because the decoder was behind."""
        receiver._RTCRtpReceiver__jitter_buffer = self  # type: ignore[attr-defined]  # noqa: SLF001 - the repair
        receiver._RTCRtpReceiver__nack_generator = _Nacks(self)  # type: ignore[attr-defined]  # noqa: SLF001 - the repair
        self._send_pli = receiver._send_rtcp_pli  # noqa: SLF001 - the repair
        receiver._send_rtcp_pli = self._decoder_failed  # type: ignore[method-assign]  # noqa: SLF001 - the repair

    @property
    def asked(self) -> int:
        """Packets asked for again so far."""
        return self._nacks.asked

    @property
    def given_up(self) -> int:
        """Holes that were not filled in time."""
        return self._assembler.given_up

    @property
    def missed(self) -> int:
        """Packets that did not arrive in their turn."""
        return self._nacks.missed

    async def run(self) -> None:
        """Ask again, give up and request key frames while nothing arrives; until cancelled."""
        while True:
            await asyncio.sleep(CHECK_PERIOD_S)
            if self._ssrc is None:
                continue
            now = self._clock.monotonic()
            self._assembler.adapt(self._nacks.round_trip)
            for frame in self._bounded(self._assembler.check(now)):
                self._decode(frame)
            if due := self.due():
                await self._receiver._send_rtcp_nack(self._ssrc, due)  # noqa: SLF001 - as the receiver does
            if self._assembler.wants_key(now):
                self.key_requests += 1
                await self._send_pli(self._ssrc)

    # -- what the receiver calls --------------------------------------------------------------------------------------

    def add(self, packet: RtpPacket) -> tuple[bool, JitterFrame | None]:
        """Take a packet as the jitter buffer did: return (False, the last frame that is complete now or None)."""
        self._ssrc, self._payload_type = packet.ssrc, packet.payload_type
        data: bytes = packet._data  # type: ignore[attr-defined]  # noqa: SLF001 - set by the receiver before
        entry = VideoPacket(
            number=packet.sequence_number,
            timestamp=packet.timestamp,
            marker=bool(packet.marker),
            starts_key_frame=_starts_key_frame(packet.payload, data),
            data=data,
        )
        frames = self._bounded(self._assembler.add(entry, self._clock.monotonic()))
        for frame in frames[:-1]:
            self._decode(frame)
        return False, JitterFrame(frames[-1].data, frames[-1].timestamp) if frames else None

    def arrived(self, packet: RtpPacket) -> bool:
        """Note a packet as the NACK generator did; return whether something is to be asked for."""
        now = self._clock.monotonic()
        self.packets += 1
        self.bytes += len(packet.payload)
        self._nacks.arrived(packet.sequence_number, now)
        self._due = self.due()
        return bool(self._due)

    def take_due(self) -> list[int]:
        """Return what ``arrived`` found."""
        due, self._due = self._due, []
        return due

    def due(self) -> list[int]:
        """Return the packets to ask for now."""
        first = self._assembler.first_wanted
        if first is not None:
            self._nacks.forget_before(first)
        return self._nacks.due(self._clock.monotonic())

    async def _decoder_failed(self, media_ssrc: int) -> None:
        """The receiver wants a PLI for each frame that failed; one is sent when its time has come."""
        self._ssrc = media_ssrc
        self._assembler.lose()

    # -- the decoder's queue ------------------------------------------------------------------------------------------

    def _bounded(self, frames: list[WholeFrame]) -> list[WholeFrame]:
        queue = self._receiver._RTCRtpReceiver__decoder_queue  # type: ignore[attr-defined]  # noqa: SLF001 - the repair
        if not frames or queue.qsize() <= MAX_WAITING_FRAMES:
            return frames
        try:
            while True:
                if queue.get_nowait() is None:  # the end was waiting there
                    queue.put(None)
                    break
                self.dropped += 1
        except Empty:
            pass
        self.dropped += len(frames)
        self._assembler.lose()
        return []

    def _decode(self, frame: WholeFrame) -> None:
        receiver = self._receiver
        codec = receiver._RTCRtpReceiver__codecs.get(self._payload_type)  # type: ignore[attr-defined]  # noqa: SLF001 - as the receiver does
        mapped = receiver._RTCRtpReceiver__timestamp_mapper.map(frame.timestamp)  # type: ignore[attr-defined]  # noqa: SLF001 - as the receiver does
        queue = receiver._RTCRtpReceiver__decoder_queue  # type: ignore[attr-defined]  # noqa: SLF001 - as the receiver does
        if codec is not None and receiver._RTCRtpReceiver__decoder_thread is not None:  # type: ignore[attr-defined]  # noqa: SLF001 - as the receiver does
            queue.put((codec, JitterFrame(frame.data, mapped)))


class _Nacks:
    """What the receiver needs of its NACK generator."""

    def __init__(self, reception: VideoReception) -> None:
        self._reception = reception

    def add(self, packet: RtpPacket) -> bool:
        """Note a packet; return whether to send a NACK for ``missing``."""
        return self._reception.arrived(packet)

    @property
    def missing(self) -> list[int]:
        """What to ask for, each once."""
        return self._reception.take_due()


def _starts_key_frame(payload: bytes, data: bytes) -> bool:
    """RFC 7741 section 4.2: S set, partition 0; RFC 6386 section 9.1: the frame's first bit is clear."""
    return bool(payload) and bool(data) and payload[0] & 0x17 == 0x10 and data[0] & 1 == 0  # noqa: PLR2004 - S and PID
