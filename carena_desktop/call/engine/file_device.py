"""A camera or a microphone that plays a file in a loop: for demonstrations and tests with a picture of one's own."""

from collections.abc import Iterator
from typing import Final

import av
import numpy as np
from av import VideoFrame

from carena_desktop.call.engine.devices import (
    FRAME_SAMPLES,
    SAMPLE_RATE,
    DeliverFrame,
    DeliverSamples,
    DeviceError,
    DeviceProblem,
    Samples,
)
from carena_desktop.call.engine.generator import PacedThread
from carena_desktop.call.engine.planes import samples
from carena_desktop.call.engine.scaler import Scaler
from carena_desktop.clock import Clock

_DEFAULT_FPS: Final = 30.0
_MAX_FPS: Final = 60.0


def open_camera(path: str, deliver: DeliverFrame, clock: Clock) -> PacedThread:
    """Play the pictures of ``path``; raises DeviceError when it has none."""
    fps = _probe_fps(path)
    frames = _pictures(path)

    def step(_number: int) -> bool:
        frame = next(frames, None)
        if frame is not None:
            deliver(frame)
        return frame is not None

    return PacedThread("file-camera", 1 / fps, step, clock)


def open_microphone(path: str, deliver: DeliverSamples, clock: Clock) -> PacedThread:
    """Play the sound of ``path``; raises DeviceError when it has none."""
    _probe(path, "audio")
    blocks = _sounds(path)

    def step(_number: int) -> bool:
        block = next(blocks, None)
        if block is not None:
            deliver(block)
        return block is not None

    return PacedThread("file-microphone", FRAME_SAMPLES / SAMPLE_RATE, step, clock)


def _probe(path: str, kind: str) -> None:
    try:
        with av.open(path) as container:
            if not [stream for stream in container.streams if stream.type == kind]:
                raise DeviceError(DeviceProblem.NO_DEVICE)
    except (OSError, av.FFmpegError):
        raise DeviceError(DeviceProblem.NO_DEVICE) from None


def _probe_fps(path: str) -> float:
    _probe(path, "video")
    with av.open(path) as container:
        rate = container.streams.video[0].average_rate
    return min(_MAX_FPS, float(rate)) if rate else _DEFAULT_FPS


def _pictures(path: str) -> Iterator[VideoFrame]:
    """Frames in yuv420p for ever; ends when a round through the file gives none."""
    scaler = Scaler()
    while True:
        count = 0
        try:
            with av.open(path) as container:
                container.streams.video[0].thread_count = 1
                for frame in container.decode(video=0):
                    count += 1
                    yield scaler.convert(frame, frame.width, frame.height, "yuv420p")
        except (OSError, av.FFmpegError):
            return
        if count == 0:
            return


def _sounds(path: str) -> Iterator[Samples]:
    """Blocks of 960 mono samples at 48 kHz for ever; ends when a round through the file gives none."""
    rest = np.zeros(0, np.int16)
    while True:
        count = 0
        resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
        try:
            with av.open(path) as container:
                for frame in container.decode(audio=0):
                    for piece in resampler.resample(frame):
                        rest = np.concatenate([rest, samples(piece)[:, 0]])
                    while len(rest) >= FRAME_SAMPLES:
                        count += 1
                        yield rest[:FRAME_SAMPLES]
                        rest = rest[FRAME_SAMPLES:]
        except (OSError, av.FFmpegError):
            return
        if count == 0:
            return
