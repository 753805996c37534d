"""Decode video on one thread, by FFmpeg's own VP8 decoder, and hand over what was decoded in one step.

PyAV's frame-threaded decoders may deadlock when they are dropped while they work, and threads of their own only add a
frame of delay to a stream that must be shown at once. WORKAROUND for aiortc 1.16, which leaves the number to FFmpeg.
FFmpeg's decoder takes 7 % less than libvpx behind it and hands out its pictures without copying them (measured).

aiortc makes a coroutine, a task and two futures for each decoded frame, 80 a second, to put it into a queue without a
bound.
"""

import asyncio
import queue
import threading
from contextlib import suppress
from typing import Any

import aiortc.rtcrtpreceiver
from aiortc.codecs import get_decoder
from aiortc.codecs.base import Decoder
from aiortc.codecs.vpx import Vp8Decoder
from av import CodecContext, FFmpegError

Encoded = queue.Queue[Any]
"""Each with its codec, and None at the end."""
Decoded = asyncio.Queue[Any]
"""Frames, and None at the end."""


class SingleThreadVp8Decoder(Vp8Decoder):
    """aiortc's decoder with one thread and another codec behind it."""

    def __init__(self) -> None:
        self.codec = CodecContext.create("vp8", "r")
        self.codec.thread_count = 1


def work(loop: asyncio.AbstractEventLoop, input_q: Encoded, output_q: Decoded, decode_error: threading.Event) -> None:
    """Decode what comes until None does, as ``aiortc.rtcrtpreceiver.decoder_worker``; runs on a thread of its own."""
    name, decoder = "", None
    with suppress(RuntimeError):  # the loop has ended meanwhile: nobody waits
        while (task := input_q.get()) is not None:
            codec, frame = task
            if decoder is None or codec.name != name:
                name, decoder = codec.name, get_decoder(codec)
            for each in _decoded(decoder, frame, decode_error):
                loop.call_soon_threadsafe(output_q.put_nowait, each)
        loop.call_soon_threadsafe(output_q.put_nowait, None)


def _decoded(decoder: Decoder, frame: Any, failed: threading.Event) -> list[Any]:
    try:
        return decoder.decode(frame)
    except FFmpegError:
        failed.set()  # the receiver asks for a key frame; the decoder's state is of use until then
        return []


def install() -> None:
    """Decode so in every receiver from now on; may be called again."""
    Vp8Decoder.__init__ = SingleThreadVp8Decoder.__init__  # type: ignore[method-assign, assignment]  # a repair
    aiortc.rtcrtpreceiver.decoder_worker = work
