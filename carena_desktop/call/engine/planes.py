"""PyAV's frames as numpy arrays without a copy."""

import numpy as np
from av import AudioFrame, VideoFrame
from numpy.typing import NDArray


def luma(frame: VideoFrame) -> NDArray[np.uint8]:
    """Return the first plane of a planar frame as (height, width); valid as long as the frame."""
    return plane_bytes(frame, 0)[:, : frame.width]


def plane_bytes(frame: VideoFrame, index: int) -> NDArray[np.uint8]:
    """Return a plane as (height, line size) bytes, padding included; writable while nobody else holds the frame."""
    plane = frame.planes[index]
    return np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)


def samples(frame: AudioFrame) -> NDArray[np.int16]:
    """Return a packed 16-bit frame as (samples, channels)."""
    channels = len(frame.layout.channels)
    return np.frombuffer(memoryview(frame.planes[0]), np.int16, frame.samples * channels).reshape(-1, channels)
