"""Pictures painted by the swscale inside PyAV's wheel, called directly, into memory that is given.

PyAV scales into a picture of its own that then has to be copied, and hands swscale rows that are too short for its
vector code, which writes eight pixels at a time: of a width that eight does not divide, the last columns are not
painted at all and show what was in that memory before (seen with FFmpeg 8; a test holds that ours are painted). Here
rows have room for whole steps, a thumbnail is made from every fourth line, and nothing is copied.

``sws_getContext`` and ``sws_scale`` have been as they are since 2006. A library that is not found or refuses is
``SwscaleError`` and the caller paints through PyAV.

Source: FFmpeg 8, ``libswscale/swscale.h``, ``libswscale/x86/yuv2rgb.c``.
"""

import ctypes as c
import functools
from typing import Final

import numpy as np
from av import VideoFrame

from carena_desktop.call.engine import bundled
from carena_desktop.call.engine.frames import row_bytes, whole

THUMBNAIL: Final = 5
THINNED: Final = 4
_BILINEAR: Final = 2
_SPARE_BYTES: Final = 256
_ALIGNMENT: Final = 64
_PATTERNS: Final = ("av.libs/libswscale-*.so*", "av.libs/swscale-*.dll", "av/.dylibs/libswscale*.dylib")
_FORMATS: Final = ("av.libs/libavutil-*.so*", "av.libs/avutil-*.dll", "av/.dylibs/libavutil*.dylib")
_PLAIN_RANGES: Final = (0, 1)
"""AVCOL_RANGE_UNSPECIFIED and _MPEG: what swscale takes yuv420p for when it is told nothing."""

_Pointers = c.c_void_p * 4
_Strides = c.c_int * 4


class SwscaleError(RuntimeError):
    """swscale is not here, not the expected one, or refused; the text names the call."""


@functools.cache
def _library() -> tuple[c.CDLL, int, int]:
    """Return the library and its numbers for yuv420p and bgra."""
    try:
        formats, library = bundled.load(_FORMATS), bundled.load(_PATTERNS)
        formats.av_get_pix_fmt.argtypes = (c.c_char_p,)
        library.sws_getContext.argtypes = (*(c.c_int,) * 7, *(c.c_void_p,) * 3)
        library.sws_getContext.restype = c.c_void_p
        library.sws_scale.argtypes = (
            c.c_void_p, c.POINTER(_Pointers), c.POINTER(_Strides), c.c_int, c.c_int, c.POINTER(_Pointers),
            c.POINTER(_Strides),
        )  # fmt: skip
        library.sws_freeContext.argtypes = (c.c_void_p,)
        library.sws_freeContext.restype = None
    except (OSError, AttributeError):
        raise SwscaleError("library") from None
    planar, painted = (formats.av_get_pix_fmt(name) for name in (b"yuv420p", b"bgra"))
    if planar < 0 or painted < 0:
        raise SwscaleError("formats")
    return library, planar, painted


class BgraScaler:
    """Paints yuv420p pictures in another size; for one stream, on one thread at a time.

    Raises:
        SwscaleError: swscale can't be used.
    """

    def __init__(self) -> None:
        self._library, self._planar, self._painted = _library()
        self._shape: tuple[int, ...] = ()
        self._scaling: int | None = None
        self._painting: int | None = None
        self._room = np.empty(0, np.uint8)
        self._between = _Pointers()
        self._between_strides = _Strides()

    @staticmethod
    def can_paint(frame: VideoFrame) -> bool:
        """Whether the picture is of the one kind that is painted here: yuv420p in broadcast range."""
        return frame.format.name == "yuv420p" and frame.color_range in _PLAIN_RANGES

    def paint(self, frame: VideoFrame, width: int, height: int, target: memoryview) -> None:
        """Paint the picture, ``width`` by ``height``, as BGRA into ``target``: rows of ``whole(width)`` pixels.

        Args:
            frame: One that ``can_paint``.
            width: Pixels.
            height: Pixels.
            target: At least ``row_bytes(width) * height`` writable bytes; all of them are written.
        """
        if not self.can_paint(frame) or len(target) < row_bytes(width) * height:
            raise ValueError("not a picture that is painted here, or no room for it")
        skip = lines_apart(frame.height, height)
        lines = frame.height if skip == 1 else frame.height // (2 * skip) * 2
        strides = [plane.line_size for plane in frame.planes]
        fits = strides[0] >= whole(width) and min(strides[1:]) >= whole(width) // 2
        scaled = (frame.width, lines) != (width, height) or not fits
        self._prepare((frame.width, lines, width, height, scaled))
        planes = _Pointers(*(plane.buffer_ptr + skip // 2 * plane.line_size for plane in frame.planes))
        rows = _Strides(*(stride * skip for stride in strides))
        if scaled:
            self._scale(self._scaling, (planes, rows), lines, (self._between, self._between_strides), height)
            planes, rows = self._between, self._between_strides
        painted = _Pointers(c.addressof(c.c_char.from_buffer(target)))
        self._scale(self._painting, (planes, rows), height, (painted, _Strides(row_bytes(width))), height)

    def close(self) -> None:
        """Give back the contexts; may be called twice."""
        for context in (self._scaling, self._painting):
            if context is not None:
                self._library.sws_freeContext(context)
        self._scaling = self._painting = None
        self._shape = ()

    def __del__(self) -> None:
        """A scaler that nobody closed."""
        if getattr(self, "_room", None) is not None:
            self.close()

    def _prepare(self, shape: tuple[int, int, int, int, bool]) -> None:
        if shape == self._shape:
            return
        self.close()
        from_width, from_height, width, height, scaled = shape
        if scaled:
            self._scaling = self._context((from_width, from_height, self._planar), (width, height, self._planar))
            self._make_room(width, height)
        self._painting = self._context((whole(width), height, self._planar), (whole(width), height, self._painted))
        self._shape = shape  # what was refused is asked for again

    def _make_room(self, width: int, height: int) -> None:
        """For the picture between the two steps: planes whose rows have room for whole steps."""
        stride, half = -(-whole(width) // _ALIGNMENT) * _ALIGNMENT, (height + 1) // 2
        self._room = np.full(stride * (height + 2 * half) + _ALIGNMENT + _SPARE_BYTES, 128, np.uint8)
        start = -(-self._room.ctypes.data // _ALIGNMENT) * _ALIGNMENT
        self._between = _Pointers(start, start + stride * height, start + stride * (height + half))
        self._between_strides = _Strides(stride, stride, stride)

    def _context(self, source: tuple[int, int, int], target: tuple[int, int, int]) -> int:
        context: int | None = self._library.sws_getContext(*source, *target, _BILINEAR, None, None, None)
        if not context:
            raise SwscaleError("context")
        return context

    def _scale(
        self,
        context: int | None,
        source: tuple[c.Array[c.c_void_p], c.Array[c.c_int]],
        lines: int,
        target: tuple[c.Array[c.c_void_p], c.Array[c.c_int]],
        height: int,
    ) -> None:
        if context is None:
            raise SwscaleError("context")
        done = self._library.sws_scale(
            context, c.byref(source[0]), c.byref(source[1]), 0, lines, c.byref(target[0]), c.byref(target[1])
        )
        if done != height:
            raise SwscaleError("scale")


def lines_apart(lines: int, height: int) -> int:
    """Return which lines of a picture are looked at for one of ``height``: each, or for a thumbnail each fourth.

    One of a fifth of the height or less takes a third less time so, and differs at 47 dB (measured for the self view).
    Every second line gains nothing: reading memory with gaps costs as much as the lines that are left out.
    """
    return THINNED if 0 < height * THUMBNAIL <= lines else 1
