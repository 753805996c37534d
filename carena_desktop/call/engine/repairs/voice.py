"""Speech that survives loss: Opus with in-band FEC to send, and its use, and concealment, on what is received.

aiortc 1.16 sends 96 kbit/s stereo without FEC and plays nothing for a lost packet: each one is a click. Here 40 kbit/s
mono carry a rough copy of the packet before; a hole of one packet is filled from the next one, a longer one with what
the decoder guesses, and after ``MAX_CONCEALED`` packets with nothing: a guess of half a second is noise. Every packet
has the same size: from sizes at a variable rate whoever relays them could guess what is said (RFC 6562 section 3).

20 ms are encoded in 0.2 ms: that is done on the loop. aiortc hands each to another thread and back, which costs as much
again, and adds up 960 squares in Python for a level that is sent to nobody.
"""

import fractions
import logging
from typing import Any, Final, TypeGuard

import aiortc.codecs
import numpy as np
from aiortc import RTCRtpSender
from aiortc.codecs.opus import OpusDecoder as StockDecoder
from aiortc.codecs.opus import OpusEncoder as StockEncoder
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.rtcrtpsender import RTCEncodedFrame
from av import AudioFrame, AudioResampler, CodecContext
from av.frame import Frame
from numpy.typing import NDArray

from carena_desktop.call.engine.libopus import FRAME_SAMPLES, RATE, LibopusError, OpusDecoder, OpusEncoder

_log = logging.getLogger(__name__)

BITS_PER_S: Final = 40_000
PACKET_BYTES: Final = 100
"""Each, at this rate."""
EXPECTED_LOSS_PERCENT: Final = 10
"""How strong the copies are made."""
MAX_CONCEALED: Final = 5
NO_LEVEL: Final[Any] = None
"""No frame carries how loud it is."""
TIME_BASE: Final = fractions.Fraction(1, RATE)


class VoiceEncoder(StockEncoder):
    """aiortc's encoder with settings for speech on a path that loses packets."""

    def __init__(self) -> None:
        self.codec = CodecContext.create("libopus", "w")
        self.codec.bit_rate = BITS_PER_S
        self.codec.format = "s16"
        self.codec.layout = "mono"
        self.codec.sample_rate = RATE
        self.codec.time_base = TIME_BASE
        self.codec.options = {
            "application": "voip",
            "vbr": "off",  # OPUS_SET_VBR(0)
            "fec": "1",
            "packet_loss": str(EXPECTED_LOSS_PERCENT),
        }
        self.resampler = AudioResampler(format="s16", layout="mono", rate=RATE, frame_size=FRAME_SAMPLES)
        self.first_packet_pts: int | None = None
        self._first_at: int | None = None
        self._opus: OpusEncoder | None
        try:
            self._opus = OpusEncoder(BITS_PER_S, EXPECTED_LOSS_PERCENT)
        except LibopusError as error:
            _log.warning("libopus can't be called directly (%s): speech is encoded through PyAV", error)
            self._opus = None

    def encode(self, frame: Frame, force_keyframe: bool = False) -> tuple[list[bytes], int]:  # noqa: FBT001, FBT002 - as aiortc's
        """Return the packets of a frame and when they begin, in samples since the first frame.

        Args:
            frame: 20 ms as a feed gives them; every other kind goes through PyAV, which cuts and converts it.
            force_keyframe: Of video.
        """
        if self._opus is None or not _is_one_packet(frame) or frame.pts is None:
            return super().encode(frame, force_keyframe)
        if self._first_at is None:
            self._first_at = frame.pts
        return [self._opus.encode(frame.planes[0].buffer_ptr)], frame.pts - self._first_at


class ConcealingDecoder(StockDecoder):
    """aiortc's decoder that also gives something for packets that are missing between two."""

    def __init__(self) -> None:
        super().__init__()
        self._expected: int | None = None
        self._opus: OpusDecoder | None
        try:
            self._opus = OpusDecoder()
        except LibopusError as error:
            _log.warning("libopus can't be called directly (%s): lost sound is silent", error)
            self._opus = None
        self.concealed = 0
        """Packets' worth of sound that was made up."""

    def decode(self, encoded_frame: JitterFrame) -> list[Frame]:
        """Return the packet's sound, and before it that of the packets missing since the last one."""
        if self._opus is None:
            return super().decode(encoded_frame)
        at = encoded_frame.timestamp
        missing = 0 if self._expected is None else (at - self._expected) // FRAME_SAMPLES
        pieces: list[NDArray[np.int16]] = []
        try:
            if 0 < missing <= MAX_CONCEALED:
                pieces += [self._opus.conceal(None) for _ in range(missing - 1)]
                pieces.append(self._opus.conceal(encoded_frame.data))
                self.concealed += missing
            sound = self._opus.decode(encoded_frame.data)
        except LibopusError:
            return []  # not Opus: as if it had been lost
        self._expected = at + len(sound)
        pieces.append(sound)
        start = self._expected - sum(map(len, pieces))
        frames: list[Frame] = []
        for piece in pieces:
            frames.append(_frame(piece, start))
            start += len(piece)
        return frames


def _is_one_packet(frame: Frame) -> TypeGuard[AudioFrame]:
    return (
        isinstance(frame, AudioFrame)
        and frame.samples == FRAME_SAMPLES
        and frame.sample_rate == RATE
        and (frame.format.name, frame.layout.name) == ("s16", "mono")
    )


def _frame(sound: NDArray[np.int16], at: int) -> AudioFrame:
    frame = AudioFrame.from_ndarray(sound.reshape(1, -1), format="s16", layout="stereo")
    frame.sample_rate = RATE
    frame.pts = at
    frame.time_base = TIME_BASE
    return frame


def install() -> None:
    """Use the decoder in every receiver from now on; may be called again."""
    aiortc.codecs.OpusDecoder = ConcealingDecoder  # type: ignore[attr-defined]  # the name that get_decoder looks up


def install_encoder(sender: RTCRtpSender) -> None:
    """Use the encoder in an audio sender that has sent nothing yet, on the loop that sends."""
    encoder = VoiceEncoder()

    async def encoded(codec: RTCRtpCodecParameters) -> RTCEncodedFrame | None:  # noqa: ARG001 - aiortc's
        frame = await sender.track.recv()
        if not sender._enabled or not isinstance(frame, Frame):  # noqa: SLF001 - as aiortc's own
            return None
        payloads, at = encoder.encode(frame)
        return RTCEncodedFrame(payloads, at, NO_LEVEL) if payloads else None

    sender._next_encoded_frame = encoded  # type: ignore[method-assign]  # noqa: SLF001 - the repair
