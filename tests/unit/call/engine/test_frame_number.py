"""The number in the picture: drawn and read at any size, and refused when it can't be read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.call.engine import frame_number
from carena_desktop.call.engine.generator import Scene


@given(number=st.integers(0, 65535), width=st.integers(64, 1280), height=st.integers(48, 720))
def test_it_survives_any_size(number: int, width: int, height: int) -> None:
    """What is drawn is read, in grey and in colour."""
    luma = np.full((height, width), 128, np.uint8)
    frame_number.draw(luma, number)
    assert frame_number.read(luma) == number
    assert frame_number.read(np.repeat(luma[..., None], 4, axis=2)) == number


def test_a_picture_without_a_number_has_none() -> None:
    """Grey is neither 0 nor 1."""
    assert frame_number.read(np.full((90, 160), 128, np.uint8)) is None


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (640, 360), (320, 180), (213, 120)])
def test_it_survives_scaling(width: int, height: int) -> None:
    """A generated frame, scaled and turned into BGRA as for the window, still says which it is."""
    frame = Scene().frame(43_690).reformat(width=width, height=height, format="bgra")
    assert frame_number.read(frame.to_ndarray().astype(np.uint8, copy=False)) == 43_690


def test_it_stands_where_the_patients_file_has_it() -> None:
    """The demonstration's patient uses the same code: 16 blocks, most significant bit first, 20/360 of the height."""
    luma = np.full((360, 640), 128, np.uint8)
    frame_number.draw(luma, 0b1000_0000_0000_0001)
    assert luma[19, 0] > 200
    assert luma[19, 639] > 200
    assert luma[0, 40] < 50
    assert luma[20, 0] == 128
