"""An encoder for aiortc's sender whose rate, size and key frames follow the call.

What it repairs in aiortc 1.16: a new encoder (and so a key frame) at each change of rate, a floor of 250 kbit/s that a
narrow link can't carry, a ceiling of 1.5 Mbit/s, a denoiser that costs time and quality, key frames as often as
anybody asks, and one picture size whatever the link. Where libvpx can't be called directly it encodes through PyAV as
aiortc does, and changes the rate only in large steps.
"""

import logging
import random
import threading
from collections import deque
from typing import Any, Final

from aiortc import RTCRtpSender
from aiortc.codecs.base import Encoder
from aiortc.codecs.vpx import Vp8Encoder as StockEncoder
from aiortc.mediastreams import VIDEO_CLOCK_RATE, VIDEO_TIME_BASE, convert_timebase
from av import VideoFrame
from av.frame import Frame
from av.packet import Packet  # noqa: TC002 - aiortc's signature at run time as well
from av.video.frame import PictureType

from carena_desktop.call.engine.even_times import EvenTimes
from carena_desktop.call.engine.libvpx import LibvpxError, Vp8Encoder
from carena_desktop.call.engine.scaler import Scaler
from carena_desktop.call.engine.video_ladder import DETAILED, LADDER, VideoLadder
from carena_desktop.clock import Clock

_log = logging.getLogger(__name__)

START_KBPS: Final = 800
MIN_KBPS: Final = 50
MAX_KBPS: Final = 2560
KEY_FRAME_PERIOD_S: Final = 0.5
"""At most two key frames a second, however many are asked for; each is a burst."""
SPEED: Final = 14
"""3.8 ms a frame at 720p and 2.5 Mbit/s where aiortc's settings take 8.1, and 0.5 dB better. 12 takes 4.3 for 0.2 dB
more, 15 takes 3.5 and loses 0.7 dB (measured)."""
IDLE_S: Final = 2.5
"""An encoder that got no picture for this long is idle; a shared screen that stands still gives one each second."""
SHORT_S: Final = 2.0
"""A picture that the rate had no room for asks for more for so long."""
_FULL: Final = 0.75
_MIN_STEP: Final = 0.03
_FREE: Final = 1.2
"""A REMB of this many times what is sent says that the path is not full."""
_STOCK_STEP: Final = 0.15
_PACKET_BYTES: Final = 1200
_DESCRIPTOR_BYTES: Final = 4


class OutputRate:
    """What left in the last second; from one thread, read from another."""

    def __init__(self) -> None:
        self._sizes: deque[tuple[float, int]] = deque(maxlen=256)

    def add(self, size: int, now: float) -> None:
        """Note a picture of ``size`` bytes."""
        self._sizes.append((now, size))

    def kbps(self, now: float) -> float:
        """Return kbit/s."""
        return sum(size for at, size in tuple(self._sizes) if now - at <= 1.0) * 8 / 1000


class LiveVp8Encoder(Encoder):
    """Implements aiortc's encoder. ``encode`` is called on one thread at a time, the rest on the loop.

    Args:
        clock: For the pace of key frames and for what encoding costs.
        is_screen: Whether the picture has to be read, as a screen, or to move, as a face.
    """

    def __init__(self, clock: Clock, *, is_screen: bool = False) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._scaler = Scaler()
        self._kbps = START_KBPS
        self._is_screen = is_screen
        self._rungs = DETAILED if is_screen else LADDER
        self._ladder = VideoLadder(START_KBPS, clock.monotonic(), self._rungs)
        self._times = EvenTimes(VIDEO_CLOCK_RATE // self._ladder.rung.fps)
        self._is_paused = False
        self._used_at = float("-inf")
        self._short_at = float("-inf")
        self._spared_by: LiveVp8Encoder | None = None
        self._gives_way_to: LiveVp8Encoder | None = None
        self._codec: Vp8Encoder | _StockCodec | None = None
        self._followed = False
        self._output = OutputRate()
        self._wants_key = True
        self._key_at = float("-inf")
        self._picture_id = random.getrandbits(15)
        self.sent = 0
        """Pictures that left."""
        self.key_frames = 0
        """How many of them were key frames."""
        self.skipped = 0
        """Pictures that were not encoded: above the frame rate, or the rate control had no room."""
        self.size = (0, 0)
        """Of the newest picture sent."""
        self.encode_ms = 0.0
        """Smoothed."""

    @property
    def target_bitrate(self) -> int:
        """Bits per second."""
        return 0 if self._is_paused else self._kbps * 1000

    @target_bitrate.setter
    def target_bitrate(self, bits_per_s: int) -> None:
        """What the other party's REMB says; aiortc's sender sets it.

        Receivers say at most one and a half times what reaches them, so of a sender that has little to send they say
        little: below what was known it counts only when it is near what is sent.
        """
        if self._followed:
            return
        kbps = bits_per_s // 1000
        is_free = kbps >= _FREE * self._output.kbps(self._clock.monotonic())
        self._set(max(kbps, self._kbps) if is_free else kbps)

    def take_share(self, kbps: int, *, is_known: bool) -> None:
        """Send so much from now on, 0 for nothing.

        Args:
            kbps: Of both pictures' rate.
            is_known: Whether it comes of an estimate: REMB is not listened to any more then.
        """
        self._followed = self._followed or is_known
        self._is_paused = kbps <= 0
        if kbps > 0:
            self._set(kbps)

    def spare(self, camera: "LiveVp8Encoder") -> None:
        """Where the computer is too busy for both, let the camera's picture become smaller first."""
        self._spared_by = camera
        camera._gives_way_to = self  # noqa: SLF001 - the same class

    def begin_at(self, kbps: int) -> None:
        """Begin with a rate that is known to be carried; before the first picture."""
        with self._lock:
            self._set(kbps)
            self._ladder = VideoLadder(self._kbps, self._clock.monotonic(), self._rungs)

    def _set(self, kbps: int) -> None:
        self._kbps = max(MIN_KBPS, min(kbps, MAX_KBPS))

    @property
    def output_kbps(self) -> float:
        """What left in the last second."""
        return self._output.kbps(self._clock.monotonic())

    @property
    def wanted_kbps(self) -> float:
        """What the pictures ask for: what left in the last second, or no end where the rate was too small for them."""
        now = self._clock.monotonic()
        output = self._output.kbps(now)
        is_short = now - self._short_at < SHORT_S or output > _FULL * self._kbps
        return float("inf") if is_short else output

    @property
    def is_cpu_limited(self) -> bool:
        """Whether this computer is too busy for a larger picture."""
        return self._ladder.is_cpu_limited

    def busy(self, now: float) -> float:
        """Share of a frame's time that encoding takes, 0 while nothing comes."""
        return self._ladder.busy if now - self._used_at < IDLE_S else 0.0

    def can_give(self, now: float) -> bool:
        """Whether this picture is sent and could be smaller."""
        return now - self._used_at < IDLE_S and not self._is_paused and not self._ladder.is_lowest

    def encode(self, frame: Frame, force_keyframe: bool = False) -> tuple[list[bytes], int]:  # noqa: FBT001, FBT002 - aiortc's
        """Return the picture's RTP payloads (RFC 7741) and its time in 1/90000 s; no payloads when it is skipped."""
        if not isinstance(frame, VideoFrame) or frame.pts is None or frame.time_base is None:
            raise ValueError("not a picture with a time")
        with self._lock:
            at: int = convert_timebase(frame.pts, frame.time_base, VIDEO_TIME_BASE)
            return self._encode(frame, at, key=force_keyframe), at

    def pack(self, packet: "Packet[Any]") -> tuple[list[bytes], int]:
        """Nothing here is encoded elsewhere."""
        raise TypeError(f"{type(packet).__name__} is no picture")

    def _encode(self, frame: VideoFrame, at: int, *, key: bool) -> list[bytes]:
        now = self._clock.monotonic()
        self._used_at = now
        self._wants_key = self._wants_key or key
        above, below = self._gives_way_to, self._spared_by
        self._ladder.step(
            self._kbps,
            now,
            beside=above.busy(now) if above is not None else 0.0,
            spared=below is not None and below.can_give(now),
        )
        if self._is_paused or not self._ladder.takes(now):
            self.skipped += 1
            return []
        picture = _fitted(frame, self._ladder.rung.height, self._scaler)
        codec = self._fitting_codec(picture)
        wants_key = self._wants_key and now - self._key_at >= KEY_FRAME_PERIOD_S
        even, duration = self._times.next(at), VIDEO_CLOCK_RATE // self._ladder.rung.fps
        data, is_key = codec.encode(picture, even, duration, key=wants_key)
        seconds = self._clock.monotonic() - now
        self._ladder.encoded(seconds)
        self.encode_ms += 0.1 * (seconds * 1000 - self.encode_ms)
        if not data:
            self.skipped += 1
            self._short_at = now
            return []
        if is_key:
            self._wants_key, self._key_at = False, now
            self.key_frames += 1
        self.sent += 1
        self._output.add(len(data), now)
        self.size = (picture.width, picture.height)
        self._picture_id = (self._picture_id + 1) & 0x7FFF
        return packetize(data, self._picture_id)

    def _fitting_codec(self, picture: VideoFrame) -> "Vp8Encoder | _StockCodec":
        codec = self._codec
        if codec is None or (codec.width, codec.height) != (picture.width, picture.height):
            if codec is not None:
                codec.close()
            self._codec = codec = _make(picture.width, picture.height, self._kbps, is_screen=self._is_screen)
            self._key_at = float("-inf")  # a new encoder begins with a key frame whatever was asked
            self._wants_key = True
        elif abs(self._kbps - codec.kbps) > _MIN_STEP * codec.kbps:
            codec.set_rate(self._kbps)
        return codec


def _make(width: int, height: int, kbps: int, *, is_screen: bool) -> "Vp8Encoder | _StockCodec":
    try:
        return Vp8Encoder(width, height, kbps, speed=SPEED, is_screen=is_screen)
    except LibvpxError as error:
        _log.warning("libvpx can't be called directly (%s): the rate changes in steps", error)
        return _StockCodec(width, height, kbps)


class _StockCodec:
    """aiortc's own encoder behind the same methods."""

    def __init__(self, width: int, height: int, kbps: int) -> None:
        self.width = width
        self.height = height
        self.kbps = kbps
        self._encoder = StockEncoder()
        self._encoder.target_bitrate = kbps * 1000

    def set_rate(self, kbps: int) -> None:
        """Change the rate, which costs a key frame: only when it is worth one."""
        if abs(kbps - self.kbps) > _STOCK_STEP * self.kbps:
            self.kbps = kbps
            self._encoder.target_bitrate = kbps * 1000

    def encode(self, frame: VideoFrame, at: int, duration: int, *, key: bool) -> tuple[bytes, bool]:  # noqa: ARG002 - one shape
        """Encode a picture."""
        frame.pts, frame.time_base = at, VIDEO_TIME_BASE
        frame.pict_type = PictureType.NONE  # another leg's encoder may have marked it
        payloads, _ = self._encoder.encode(frame, key)
        data = b"".join(payload[_DESCRIPTOR_BYTES:] for payload in payloads)
        return data, bool(data) and data[0] & 1 == 0  # RFC 6386 section 9.1: bit 0 is clear in a key frame

    def close(self) -> None:
        """PyAV's own memory goes with it."""


def packetize(data: bytes, picture_id: int) -> list[bytes]:
    """Return RTP payloads of about equal size, each with a VP8 payload descriptor (RFC 7741 section 4.2)."""
    count = -(-len(data) // (_PACKET_BYTES - _DESCRIPTOR_BYTES))
    size = -(-len(data) // count)
    number = (0x8000 | picture_id).to_bytes(2, "big")
    return [
        (b"\x90\x80" if at == 0 else b"\x80\x80") + number + data[at : at + size] for at in range(0, len(data), size)
    ]


def _fitted(frame: VideoFrame, lines: int, scaler: Scaler) -> VideoFrame:
    """Return the picture in yuv420p with at most ``lines`` lines, of even width and height."""
    height = min(frame.height, lines) // 2 * 2
    width = (
        max(2, round(frame.width * height / frame.height / 2) * 2) if height != frame.height else frame.width // 2 * 2
    )
    return scaler.convert(frame, width, height, "yuv420p")


def install(sender: RTCRtpSender, clock: Clock, *, is_screen: bool = False) -> LiveVp8Encoder:
    """Use it in a video sender that has sent nothing yet; return it."""
    encoder = LiveVp8Encoder(clock, is_screen=is_screen)
    sender._RTCRtpSender__encoder = encoder  # type: ignore[attr-defined]  # noqa: SLF001 - the repair
    return encoder
