"""Opus decoding by the libopus inside PyAV's wheel, called directly, for what FFmpeg's wrapper does not offer.

A packet may carry a rough copy of the one before it (in-band FEC), and the decoder can guess what a lost one sounded
like (concealment). Both are arguments of ``opus_decode`` that PyAV does not reach. The interface has been stable since
2012; a library that is not found or refuses is ``LibopusError`` and the caller decodes through PyAV.

Source: RFC 6716 sections 2.1.7 and 4.4; ``opus.h``.
"""

import ctypes as c
import functools
from typing import Final

import numpy as np
from numpy.typing import NDArray

from carena_desktop.call.engine import bundled

RATE: Final = 48_000
CHANNELS: Final = 2
FRAME_SAMPLES: Final = 960
MAX_SAMPLES: Final = 5760
"""120 ms, the longest packet."""
_PATTERNS: Final = ("av.libs/libopus-*.so*", "av.libs/*opus*.dll", "av/.dylibs/libopus*.dylib")


class LibopusError(RuntimeError):
    """libopus is not here or refused; the text names the call."""


@functools.cache
def _library() -> c.CDLL:
    try:
        library = bundled.load(_PATTERNS)
        library.opus_decoder_create.argtypes = (c.c_int32, c.c_int, c.POINTER(c.c_int))
        library.opus_decoder_create.restype = c.c_void_p
        library.opus_decode.argtypes = (c.c_void_p, c.c_char_p, c.c_int32, c.c_void_p, c.c_int, c.c_int)
        library.opus_decoder_destroy.argtypes = (c.c_void_p,)
        library.opus_decoder_destroy.restype = None
    except (OSError, AttributeError):
        raise LibopusError("library") from None
    return library


class OpusDecoder:
    """48 kHz stereo. Not for two threads at once. Raises LibopusError when libopus can't be used."""

    def __init__(self) -> None:
        self._library = _library()
        error = c.c_int()
        self._decoder: int | None = self._library.opus_decoder_create(RATE, CHANNELS, c.byref(error))
        if error.value or not self._decoder:
            self._decoder = None
            raise LibopusError("create")
        self._room = np.empty((MAX_SAMPLES, CHANNELS), np.int16)

    def decode(self, packet: bytes) -> NDArray[np.int16]:
        """Return the packet's sound as (samples, 2); raises LibopusError for what is no Opus."""
        return self._call(packet, MAX_SAMPLES, before=False)

    def conceal(self, following: bytes | None) -> NDArray[np.int16]:
        """Return 20 ms for a lost packet: out of the one that follows it, when that is given, else a guess."""
        return self._call(following, FRAME_SAMPLES, before=following is not None)

    def close(self) -> None:
        """Give back its memory; may be called twice."""
        decoder, self._decoder = self._decoder, None
        if decoder is not None:
            self._library.opus_decoder_destroy(decoder)

    def __del__(self) -> None:
        """A decoder that nobody closed."""
        if getattr(self, "_decoder", None) is not None:
            self.close()

    def _call(self, packet: bytes | None, samples: int, *, before: bool) -> NDArray[np.int16]:
        if self._decoder is None:
            raise LibopusError("closed")
        size = 0 if packet is None else len(packet)
        count: int = self._library.opus_decode(
            self._decoder, packet, size, self._room.ctypes.data, samples, int(before)
        )
        if count < 0:
            raise LibopusError(f"decode: {count}")
        return self._room[:count].copy()
