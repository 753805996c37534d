"""Pictures decoded in a process of their own."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from carena_desktop.ui.preview import decoder
from carena_desktop.ui.preview.previewer import Previewer, ask


def encoded(picture_format: str, width: int = 60, height: int = 40) -> bytes:
    """Return a picture of one colour."""
    out = BytesIO()
    Image.new("RGB", (width, height), (10, 200, 30)).save(out, picture_format)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """Return a small PNG that says it is large, and is, in zeros."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width + 1) * min(height, 2000)), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("picture_format", ["jpeg", "png", "bmp"])
def test_pictures_are_decoded(picture_format: str) -> None:
    """Each of the formats gives its pixels."""
    pixels = decoder.decode(encoded(picture_format), picture_format)
    assert pixels is not None
    assert (pixels.width, pixels.height) == (60, 40)
    assert abs(pixels.data[1] - 200) < 6


def test_a_large_picture_is_made_smaller() -> None:
    """What is given back is bounded, whatever is sent."""
    pixels = decoder.decode(encoded("jpeg", 5000, 1000), "jpeg")
    assert pixels is not None
    assert (pixels.width, len(pixels.data)) == (decoder.MAX_SIDE, pixels.width * pixels.height * 4)


@pytest.mark.parametrize(
    ("content", "picture_format"),
    [
        (b"", "png"),
        (b"\xff\xd8\xff\xe0 no picture", "jpeg"),
        (encoded("png"), "jpeg"),
        (encoded("png"), "svg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "png"),
        (bomb(60_000, 60_000), "png"),
        (encoded("jpeg")[:200], "png"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused(content: bytes, picture_format: str) -> None:
    """Broken files, other formats than were said and bombs give nothing."""
    assert decoder.decode(content, picture_format) is None


async def test_another_process_decodes() -> None:
    """The picture comes back from a process that is gone afterwards."""
    image = await Previewer().decode(encoded("jpeg"), "jpeg")
    assert image is not None
    assert (image.width(), image.height()) == (60, 40)


def test_a_process_that_gives_no_answer_costs_nothing() -> None:
    """A picture on which the decoder ends, or hangs, is no picture; this process goes on."""
    assert ask(b"no picture", "png") is None
    assert ask(encoded("png"), "png", limit_s=0.0) is None


async def test_what_is_too_large_is_not_even_tried() -> None:
    """More bytes than a photo has are not handed to any process."""
    assert await Previewer().decode(bytes(decoder.MAX_BYTES + 1), "png") is None
    assert await Previewer().decode(b"x", "svg") is None
