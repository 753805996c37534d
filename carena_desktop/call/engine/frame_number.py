"""A number that survives a video codec: 16 black or white blocks along the top edge of a picture.

Most significant bit first, white is 1; a block is a sixteenth of the width wide and 20/360 of the height high. Whoever
reads the number out of a received picture knows which frame it was: live, moving, not a still, and how late.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from carena_desktop.call.ports import Picture

BITS: Final = 16
MODULUS: Final = 1 << BITS
_DARK: Final = 90
_LIGHT: Final = 165
_LUMA_BLACK: Final = 16
_LUMA_WHITE: Final = 235


def band_height(height: int) -> int:
    """Return the height of the code in a picture of this height, in pixels."""
    return max(1, round(height * 20 / 360))


def draw(luma: NDArray[np.uint8], number: int) -> None:
    """Paint the low 16 bits of ``number`` along the top of a (height, width) luma plane, in video range."""
    height, width = luma.shape
    for bit in range(BITS):
        left, right = bit * width // BITS, (bit + 1) * width // BITS
        luma[: band_height(height), left:right] = _LUMA_WHITE if number >> (BITS - 1 - bit) & 1 else _LUMA_BLACK


def read(picture: NDArray[np.uint8]) -> int | None:
    """Return the number in a (height, width) or (height, width, channels) picture of any size, None if unreadable."""
    height, width = picture.shape[:2]
    row = band_height(height) // 2
    number = 0
    for bit in range(BITS):
        column = int((bit + 0.5) * width / BITS)
        around = picture[max(0, row - 1) : row + 2, max(0, column - 2) : column + 3]
        level = float(around[..., :3].mean() if picture.ndim > 2 else around.mean())  # noqa: PLR2004 - has channels
        if _DARK < level < _LIGHT:
            return None
        number = number << 1 | int(level >= _LIGHT)
    return number


def as_array(picture: Picture) -> NDArray[np.uint8]:
    """Return a slot's picture as (height, width, 4) BGRA without copying; valid until the next ``take``."""
    rows = np.frombuffer(picture.data, np.uint8, picture.height * picture.stride).reshape(
        picture.height, picture.stride
    )
    return rows[:, : picture.width * 4].reshape(picture.height, picture.width, 4)


def read_picture(picture: Picture) -> int | None:
    """Return the number in a picture taken from a slot."""
    return read(as_array(picture))
