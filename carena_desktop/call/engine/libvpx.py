"""VP8 encoding by the libvpx inside PyAV's wheel, called directly.

PyAV can't change the rate of a running encoder, so aiortc makes a new one at each change of the estimate: four to six
key frames a run, each a burst of twenty kilobytes (measured). libvpx itself changes it without a key frame. Planes are
read where PyAV has them; ctypes lets other threads run meanwhile.

The binding trusts nothing: the library must be the one in the wheel, of the ABI that the structures below were written
for, and a first picture must encode; else ``LibvpxError`` and the caller encodes through PyAV.

Source: libvpx 1.15/1.16, ``vpx/vpx_encoder.h``, ``vpx/vpx_image.h``, ``vpx/vp8cx.h``.
"""

import ctypes as c
import functools
from typing import Final

from av import VideoFrame

from carena_desktop.call.engine import bundled

ENCODER_ABI: Final = 39
"""VPX_ENCODER_ABI_VERSION of the library in PyAV 18's wheels."""

_REALTIME: Final = 1  # VPX_DL_REALTIME
_CBR: Final = 1
_FORCE_KEY_FRAME: Final = 1
_IMG_FMT_I420: Final = 0x102
_FRAME_PACKET: Final = 0
_IS_KEY: Final = 1
_CPUUSED, _NOISE_SENSITIVITY, _STATIC_THRESHOLD, _TOKEN_PARTITIONS, _MAX_INTRA_PCT = 13, 15, 17, 18, 26
_SCREEN_CONTENT: Final = 31
_PATTERNS: Final = (
    "av.libs/libvpx-*.so*",
    "av.libs/*vpx*.dll",
    "av/.dylibs/libvpx*.dylib",
)


class LibvpxError(RuntimeError):
    """libvpx is not here, not the expected one, or refused; the text names the call."""


class _Buffer(c.Structure):
    _fields_ = (("data", c.c_void_p), ("size", c.c_size_t))


class _Config(c.Structure):
    """The part of ``vpx_codec_enc_cfg`` that is set here; the rest is the library's and only has its room."""

    _fields_ = (
        *(
            (name, c.c_uint)
            for name in (
                "usage", "threads", "profile", "width", "height", "bit_depth", "input_bit_depth", "timebase_num",
                "timebase_den", "error_resilient", "passes", "lag_in_frames", "dropframe_thresh", "resize_allowed",
                "scaled_width", "scaled_height", "resize_up_thresh", "resize_down_thresh", "end_usage",
            )
        ),
        ("twopass_stats_in", _Buffer),
        ("firstpass_mb_stats_in", _Buffer),
        *(
            (name, c.c_uint)
            for name in (
                "target_bitrate", "min_quantizer", "max_quantizer", "undershoot_pct", "overshoot_pct", "buffer_ms",
                "buffer_initial_ms", "buffer_optimal_ms", "vbr_bias_pct", "vbr_minsection_pct", "vbr_maxsection_pct",
                "vbr_corpus_complexity", "kf_mode", "kf_min_dist", "kf_max_dist",
            )
        ),
        ("rest", c.c_ubyte * 4096),
    )  # fmt: skip


class _Image(c.Structure):
    _fields_ = (
        *(
            (name, c.c_uint)
            for name in (
                "format", "color_space", "range", "width", "height", "bit_depth", "shown_width", "shown_height",
                "render_width", "render_height", "chroma_shift_x", "chroma_shift_y",
            )
        ),
        ("planes", c.c_void_p * 4),
        ("strides", c.c_int * 4),
        ("rest", c.c_ubyte * 256),
    )  # fmt: skip


class _Packet(c.Structure):
    _fields_ = (
        ("kind", c.c_int),
        ("data", c.c_void_p),
        ("size", c.c_size_t),
        ("pts", c.c_int64),
        ("duration", c.c_ulong),
        ("flags", c.c_uint32),
    )


@functools.cache
def _library() -> c.CDLL:
    try:
        library = bundled.load(_PATTERNS)
        library.vpx_codec_vp8_cx.restype = c.c_void_p
        library.vpx_codec_enc_config_default.argtypes = (c.c_void_p, c.c_void_p, c.c_uint)
        library.vpx_codec_enc_init_ver.argtypes = (c.c_void_p, c.c_void_p, c.c_void_p, c.c_long, c.c_int)
        library.vpx_codec_enc_config_set.argtypes = (c.c_void_p, c.c_void_p)
        library.vpx_codec_encode.argtypes = (c.c_void_p, c.c_void_p, c.c_int64, c.c_ulong, c.c_long, c.c_ulong)
        library.vpx_codec_get_cx_data.argtypes = (c.c_void_p, c.POINTER(c.c_void_p))
        library.vpx_codec_get_cx_data.restype = c.POINTER(_Packet)
        library.vpx_codec_destroy.argtypes = (c.c_void_p,)
        library.vpx_codec_control_.argtypes = (c.c_void_p, c.c_int)  # and what is set: variadic
    except (OSError, AttributeError):
        raise LibvpxError("library") from None
    return library


class Vp8Encoder:
    """One encoder of one picture size. Not for two threads at once.

    Args:
        width: Pixels.
        height: Pixels.
        kbps: Target, kbit/s.
        speed: 1 (best) to 16 (fastest); ``cpu-used`` of the command line tools is its negative.
        is_screen: Whether text and lines are coded rather than faces (``VP8E_SET_SCREEN_CONTENT_MODE``).

    Raises:
        LibvpxError: libvpx can't be used.
    """

    def __init__(self, width: int, height: int, kbps: int, *, speed: int, is_screen: bool = False) -> None:
        self.width = width
        self.height = height
        self.kbps = kbps
        self._library = _library()
        self._open = False
        self._context = c.create_string_buffer(512)
        self._config = _Config()
        codec = self._library.vpx_codec_vp8_cx()
        self._check("default", self._library.vpx_codec_enc_config_default(codec, c.byref(self._config), 0))
        self._configure()
        status = self._library.vpx_codec_enc_init_ver(
            c.byref(self._context), codec, c.byref(self._config), 0, ENCODER_ABI
        )
        self._check("init", status)
        self._open = True
        for control, value in (
            (_CPUUSED, -speed),
            (_NOISE_SENSITIVITY, 0),  # the temporal denoiser costs 0.6 ms and 0.7 dB at 720p (measured)
            # A macroblock that differs by less than 0.4 squared per pixel (52 dB) from the last picture's is skipped:
            # 6 % less time for a clean picture at the same PSNR, none for one with a sensor's noise (measured).
            (_STATIC_THRESHOLD, 100),
            (_TOKEN_PARTITIONS, 0),
            (_MAX_INTRA_PCT, 300),  # a key frame is at most three frames' worth of rate
            (_SCREEN_CONTENT, int(is_screen)),
        ):
            self._check(f"control {control}", self._library.vpx_codec_control_(
                c.byref(self._context), control, c.c_int(value)
            ))  # fmt: skip
        self._image = _Image(
            format=_IMG_FMT_I420, width=width, height=height, shown_width=width, shown_height=height,
            bit_depth=8, chroma_shift_x=1, chroma_shift_y=1,
        )  # fmt: skip

    def set_rate(self, kbps: int) -> None:
        """Change the target, kbit/s, from the next picture on; no key frame."""
        self._config.target_bitrate = self.kbps = kbps
        self._check("rate", self._library.vpx_codec_enc_config_set(c.byref(self._context), c.byref(self._config)))

    def encode(self, frame: VideoFrame, at: int, duration: int, *, key: bool) -> tuple[bytes, bool]:
        """Encode a picture.

        Args:
            frame: yuv420p of this encoder's size.
            at: When, in 1/90000 s; must grow.
            duration: In 1/90000 s.
            key: Whether it must be a key frame.

        Returns:
            The encoded picture and whether it is a key frame; empty when the rate control skipped it.
        """
        if (frame.format.name, frame.width, frame.height) != ("yuv420p", self.width, self.height):
            raise ValueError("another picture was agreed on")
        for index, plane in enumerate(frame.planes):
            self._image.planes[index] = plane.buffer_ptr
            self._image.strides[index] = plane.line_size
        flags = _FORCE_KEY_FRAME if key else 0
        self._check("encode", self._library.vpx_codec_encode(
            c.byref(self._context), c.byref(self._image), at, duration, flags, _REALTIME
        ))  # fmt: skip
        data, is_key, cursor = b"", False, c.c_void_p()
        while packet := self._library.vpx_codec_get_cx_data(c.byref(self._context), c.byref(cursor)):
            if packet.contents.kind == _FRAME_PACKET:
                data += c.string_at(packet.contents.data, packet.contents.size)
                is_key = bool(packet.contents.flags & _IS_KEY)
        return data, is_key

    def close(self) -> None:
        """Give back its memory; may be called twice."""
        if self._open:
            self._open = False
            self._library.vpx_codec_destroy(c.byref(self._context))

    def __del__(self) -> None:
        """An encoder that nobody closed."""
        if getattr(self, "_open", False):
            self.close()

    def _configure(self) -> None:
        config = self._config
        config.width, config.height = self.width, self.height
        config.timebase_num, config.timebase_den = 1, 90_000
        config.threads = 1  # two threads on two cores cost more than they give, and spin under load (measured)
        config.lag_in_frames = 0
        config.end_usage = _CBR
        config.target_bitrate = self.kbps
        config.min_quantizer, config.max_quantizer = 2, 56
        config.undershoot_pct, config.overshoot_pct = 100, 15
        config.buffer_ms, config.buffer_initial_ms, config.buffer_optimal_ms = 1000, 500, 600
        config.dropframe_thresh = 30
        config.kf_mode, config.kf_max_dist = 1, 3000

    @staticmethod
    def _check(call: str, status: int) -> None:
        if status:
            raise LibvpxError(f"{call}: {status}")
