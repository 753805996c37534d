"""Asks a process of its own for each picture, and waits no longer than a picture takes."""

import asyncio
import logging
import multiprocessing
from contextlib import suppress
from typing import Final

from PySide6.QtGui import QImage

from carena_desktop.ui.preview import decoder

_log = logging.getLogger(__name__)

LIMIT_S: Final = 15.0
"""For the process to start and to decode."""


class Previewer:
    """Decodes pictures; every method is called on the event loop's thread."""

    async def decode(self, content: bytes, picture_format: str) -> QImage | None:
        """Return the picture, at most ``decoder.MAX_SIDE`` wide and high; None when it can't be shown."""
        if len(content) > decoder.MAX_BYTES or picture_format not in decoder.FORMATS:
            return None
        pixels = await asyncio.get_running_loop().run_in_executor(None, ask, content, picture_format)
        if pixels is None:
            return None
        width, height, data = pixels.width, pixels.height, pixels.data
        return QImage(data, width, height, width * 4, QImage.Format.Format_RGB32).copy()


def ask(content: bytes, picture_format: str, limit_s: float = LIMIT_S) -> decoder.Pixels | None:
    """Have another process decode a picture; whatever becomes of that process, this one goes on."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=decoder.run, args=(theirs,), name="carena-picture", daemon=True)
    process.start()
    theirs.close()
    try:
        ours.send_bytes(picture_format.encode())
        ours.send_bytes(content)
        if not ours.poll(limit_s):
            _log.warning("a picture took too long")
            return None
        head = ours.recv_bytes(8)
        width, height = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:], "big")
        data = ours.recv_bytes(decoder.MAX_SIDE * decoder.MAX_SIDE * 4)
        if not 0 < width <= decoder.MAX_SIDE or not 0 < height <= decoder.MAX_SIDE or len(data) != width * height * 4:
            return None
        return decoder.Pixels(width, height, data)
    except (EOFError, OSError):
        return None  # it is no picture, or it was too much for the decoder
    finally:
        ours.close()
        with suppress(OSError):
            process.kill()
        process.join()
        process.close()
