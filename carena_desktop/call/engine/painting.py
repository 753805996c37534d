"""From a frame to the bytes that a window shows: by swscale directly, or through PyAV where that can't be."""

import logging
from typing import Final

import numpy as np
from av import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter

from carena_desktop.call.engine.frames import whole
from carena_desktop.call.engine.libswscale import BgraScaler, SwscaleError
from carena_desktop.call.engine.planes import plane_bytes

_log = logging.getLogger(__name__)

_EXACT: Final = Interpolation.BILINEAR | Interpolation.ACCURATE_RND
"""Slower, and paints every column: swscale's vector code leaves out the last ones where eight does not divide them."""


class FramePaint:
    """Paints the frames of one stream as BGRA, in rows of ``whole(width)`` pixels; on one thread at a time."""

    def __init__(self) -> None:
        self._direct: BgraScaler | None
        try:
            self._direct = BgraScaler()
        except SwscaleError as error:
            _log.warning("swscale can't be called directly (%s): pictures are painted through PyAV", error)
            self._direct = None
        self._warned = False
        self._reformatter = VideoReformatter()

    def paint(self, frame: VideoFrame, width: int, height: int, target: memoryview) -> None:
        """Paint the frame, ``width`` by ``height``, into at least ``whole(width) * height * 4`` bytes.

        Raises:
            av.FFmpegError: Neither way can: a strip of a hundred times the height, say.
        """
        if self._direct is not None and self._direct.can_paint(frame):
            try:
                self._direct.paint(frame, width, height, target)
            except SwscaleError as error:
                self._warn(error)
            else:
                return
        picture = self._reformatter.reformat(
            frame, width=width, height=height, format="bgra", interpolation=_EXACT, threads=1
        )
        out = np.frombuffer(target, np.uint32, whole(width) * height).reshape(height, whole(width))
        np.copyto(out[:, :width], plane_bytes(picture, 0).view(np.uint32)[:, :width])

    def _warn(self, error: SwscaleError) -> None:
        if not self._warned:
            self._warned = True
            _log.warning("swscale refused a picture (%s): it is painted through PyAV", error)

    def close(self) -> None:
        """Give back what swscale holds."""
        if self._direct is not None:
            self._direct.close()
