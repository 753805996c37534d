"""What runs in the process that decodes one picture: bounded memory, time and files; it ends with the picture.

It gets bytes and the format that they begin with, and gives back rows of pixels of a bounded size. Whatever is done to
it through a decoder, it holds no token and no other file, can write none, and can start nothing.
"""

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final

MAX_BYTES: Final = 32 * 1024 * 1024
MAX_SIDE: Final = 2048
"""Of what is given back; larger pictures are made smaller while they are decoded."""
MAX_PIXELS: Final = 120_000_000
"""Of what is decoded: more than any phone's camera makes."""
MEMORY_MIB: Final = 512
"""For the decoder, by Qt's own limit."""
ADDRESS_SPACE: Final = 3 * 1024 * 1024 * 1024
CPU_S: Final = 10
FORMATS: Final = frozenset({"jpeg", "png", "bmp"})


@dataclass(frozen=True, slots=True)
class Pixels:
    """A decoded picture: 32 bits a pixel, Qt's RGB32, no gap between rows."""

    width: int
    height: int
    data: bytes


def run(connection: Connection) -> None:
    """Entry point of the process: one picture in, one out; silence where it can't be decoded."""
    from PySide6.QtGui import QImageReader  # noqa: PLC0415 - loaded before the limits are set

    QImageReader.supportedImageFormats()  # loads the plug-ins while files may still be opened
    _limit()
    with suppress(EOFError, OSError, ValueError):
        picture_format = connection.recv_bytes(16).decode()
        pixels = decode(connection.recv_bytes(MAX_BYTES), picture_format)
        if pixels is not None:
            connection.send_bytes(pixels.width.to_bytes(4, "big") + pixels.height.to_bytes(4, "big"))
            connection.send_bytes(pixels.data)
    connection.close()
    os._exit(0)  # Qt's own end may do things that the limits forbid


def decode(content: bytes, picture_format: str) -> Pixels | None:
    """Decode ``content`` as ``picture_format`` and nothing else; None for what is no picture or too large."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt  # noqa: PLC0415 - the process' own
    from PySide6.QtGui import QImage, QImageReader  # noqa: PLC0415 - the process' own

    if picture_format not in FORMATS:
        return None
    kept = QByteArray(content)
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    QImageReader.setAllocationLimit(MEMORY_MIB)
    reader = QImageReader(buffer, QByteArray(picture_format.encode()))
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.isEmpty() or size.width() * size.height() > MAX_PIXELS:
        return None
    if max(size.width(), size.height()) > MAX_SIDE:
        wanted = QSize(size).scaled(MAX_SIDE, MAX_SIDE, Qt.AspectRatioMode.KeepAspectRatio)
        reader.setScaledSize(wanted.expandedTo(QSize(1, 1)))
    image = reader.read()
    if image.isNull():
        return None
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return Pixels(image.width(), image.height(), bytes(image.constBits()))


def _limit() -> None:
    """Take from this process what a picture does not need; as far as the system can."""
    if sys.platform == "win32":
        return  # the job of the parent ends it; its time is bounded there
    import resource  # noqa: PLC0415 - not on Windows

    for what, most in (
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_AS, ADDRESS_SPACE),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
