"""Camera, microphone and eyes of the Python patient: generated tracks out, counted frames in."""

import asyncio
import fractions
import time
from dataclasses import dataclass
from typing import Final

import av
import numpy as np
from aiortc import AudioStreamTrack, MediaStreamTrack, VideoStreamTrack
from aiortc.mediastreams import MediaStreamError

from demo import media
from demo.frame_code import read_number, write_number

_FPS: Final = 15
_PICTURES: Final = 30
_AUDIO_SAMPLES: Final = 960
_VIDEO_CLOCK: Final = 90_000


class NumberedVideo(VideoStreamTrack):
    """The moving patient at 15 frames/s, each picture with its own number."""

    def __init__(self) -> None:
        super().__init__()
        room = media.background()
        step = media.FPS * media.SECONDS // _PICTURES
        self._pictures = [media.patient_frame(n * step, room) for n in range(_PICTURES)]
        self._number = 0
        self._started = 0.0

    async def recv(self) -> av.VideoFrame:
        """Return the next picture when it is due."""
        if not self._started:
            self._started = time.monotonic()
        self._number += 1
        await asyncio.sleep(max(0.0, self._started + self._number / _FPS - time.monotonic()))
        picture = self._pictures[self._number % _PICTURES].copy()
        write_number(picture, self._number)
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts = self._number * _VIDEO_CLOCK // _FPS
        frame.time_base = fractions.Fraction(1, _VIDEO_CLOCK)
        return frame


class SpeechAudio(AudioStreamTrack):
    """The patient's generated speech, 50 frames/s."""

    def __init__(self) -> None:
        super().__init__()
        self._samples = media.speech()
        self._position = 0
        self._started = 0.0

    async def recv(self) -> av.AudioFrame:
        """Return the next 20 ms when they are due."""
        if not self._started:
            self._started = time.monotonic()
        due = self._started + self._position / media.SAMPLE_RATE
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        start = self._position % (len(self._samples) - _AUDIO_SAMPLES)
        part = self._samples[start : start + _AUDIO_SAMPLES].reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(part), format="s16", layout="mono")
        frame.sample_rate = media.SAMPLE_RATE
        frame.pts = self._position
        frame.time_base = fractions.Fraction(1, media.SAMPLE_RATE)
        self._position += _AUDIO_SAMPLES
        return frame


@dataclass(slots=True)
class Received:
    """What arrived from the clinician so far."""

    video_frames: int = 0
    audio_frames: int = 0
    number: int | None = None
    distinct_numbers: int = 0


async def watch(track: MediaStreamTrack, received: Received) -> None:
    """Consume a track until it ends, and count."""
    while True:
        try:
            frame = await track.recv()
        except MediaStreamError:
            return
        if isinstance(frame, av.VideoFrame):
            received.video_frames += 1
            number = read_number(frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False))
            received.distinct_numbers += number is not None and number != received.number
            received.number = number
        else:
            received.audio_frames += 1
