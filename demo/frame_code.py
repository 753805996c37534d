"""A number that survives a video codec: 16 black or white blocks along the top edge of a picture.

Most significant bit first, white is 1; a block is a sixteenth of the width wide and 20/360 of the height high. Whoever
reads the number out of a received picture knows which frame it was, and so that it is live, moving and not a still.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

BITS: Final = 16
_DARK: Final = 90
_LIGHT: Final = 165


def band_height(height: int) -> int:
    """Return the height of the code in a picture of this height, in pixels."""
    return max(1, round(height * 20 / 360))


def write_number(picture: NDArray[np.uint8], number: int) -> None:
    """Paint the low 16 bits of ``number`` into a (height, width, channels) picture."""
    height, width = picture.shape[:2]
    for bit in range(BITS):
        left, right = bit * width // BITS, (bit + 1) * width // BITS
        picture[: band_height(height), left:right] = 255 if number >> (BITS - 1 - bit) & 1 else 0


def read_number(picture: NDArray[np.uint8]) -> int | None:
    """Return the number in a (height, width, channels) picture of any size, or None when it can't be read."""
    height, width = picture.shape[:2]
    row = max(0, band_height(height) // 2)
    number = 0
    for bit in range(BITS):
        column = int((bit + 0.5) * width / BITS)
        around = picture[max(0, row - 1) : row + 2, max(0, column - 2) : column + 3, :3]
        level = float(around.mean())
        if _DARK < level < _LIGHT:
            return None
        number = number << 1 | int(level >= _LIGHT)
    return number
