"""Frames painted for a window: every column, in any size, by swscale directly or through PyAV."""

import threading

import numpy as np
import pytest
from av import ArgumentError, VideoFrame
from av.video.reformatter import VideoReformatter
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from carena_desktop.call.engine import bundled, libswscale
from carena_desktop.call.engine.frames import FrameWriter, SlotReader, SlotSize, row_bytes
from carena_desktop.call.engine.libswscale import BgraScaler, SwscaleError, lines_apart
from carena_desktop.call.engine.painter import Painter
from carena_desktop.call.engine.painting import FramePaint
from carena_desktop.call.engine.planes import plane_bytes
from carena_desktop.clock import SYSTEM_CLOCK

GUARD = b"\xab" * 4096
ROUNDING = 3
"""Vector code, plain code and dithering come to 212, 214 or 215 for the same grey."""
FULL_RANGE = 2
"""AVCOL_RANGE_JPEG."""


def grey(width: int, height: int, luma: int = 200) -> VideoFrame:
    """A picture of one grey."""
    frame = VideoFrame(width, height, "yuv420p")
    for plane, value in zip(frame.planes, (luma, 128, 128), strict=True):
        plane.update(bytes([value]) * plane.buffer_size)
    return frame


def waves(width: int, height: int) -> VideoFrame:
    """A picture with something everywhere, and nothing sharp."""
    frame = VideoFrame(width, height, "yuv420p")
    for number, plane in enumerate(frame.planes):
        y, x = np.mgrid[0 : plane.height, 0 : plane.line_size]
        plane.update((128 + 60 * np.sin(x / (40 + number)) + 50 * np.cos(y / (50 + number))).astype(np.uint8).tobytes())
    return frame


def painted(paint: FramePaint | BgraScaler, frame: VideoFrame, width: int, height: int) -> NDArray[np.uint8]:
    """Paint into memory that is guarded behind; return blue, green and red as (height, width, 3)."""
    memory = bytearray(row_bytes(width) * height) + GUARD
    paint.paint(frame, width, height, memoryview(memory)[: row_bytes(width) * height])
    assert memory[-len(GUARD) :] == GUARD
    rows = np.frombuffer(memory, np.uint8, row_bytes(width) * height).reshape(height, row_bytes(width))
    return rows[:, : width * 4].reshape(height, width, 4)[:, :, :3]


def shades_off(picture: NDArray[np.uint8], shade: int) -> int:
    """How far the pixel that differs most is from the shade that all should have."""
    return int(np.abs(picture.astype(int) - shade).max())


@pytest.fixture(params=["direct", "PyAV"])
def paint(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> FramePaint:
    """Both ways of painting: the second where swscale can't be called."""
    if request.param == "direct":
        return FramePaint()

    def missing() -> None:
        raise SwscaleError("library")

    monkeypatch.setattr(libswscale, "_library", missing)
    return FramePaint()


@pytest.mark.parametrize("size", [(162, 186), (163, 81), (418, 200), (1020, 574), (7, 3), (1, 1), (1280, 720)])
def test_every_column_is_painted(paint: FramePaint, size: tuple[int, int]) -> None:
    """Of a picture in one grey no pixel is another one, also where the vector code's eight columns do not fit."""
    assert shades_off(painted(paint, grey(1280, 720), *size), 214) <= ROUNDING


@pytest.mark.parametrize("size", [(322, 180), (330, 181), (1275, 719)])
def test_what_is_not_scaled_is_painted_whole(paint: FramePaint, size: tuple[int, int]) -> None:
    """The same for a picture in its own size, whatever room its rows have."""
    assert shades_off(painted(paint, grey(*size), *size), 214) <= ROUNDING


def test_full_range_is_painted_as_it_is_meant(paint: FramePaint) -> None:
    """A camera's picture in full range is not brightened as if it were in broadcast range."""
    frame = grey(640, 360)
    frame.color_range = FULL_RANGE
    assert shades_off(painted(paint, frame, 322, 180), 200) <= ROUNDING


@given(
    source=st.tuples(st.integers(2, 700), st.integers(2, 500)),
    width=st.integers(1, 80).map(lambda eights: eights * 8),
    height=st.integers(1, 300),
)
@settings(max_examples=60, deadline=None)
def test_it_is_the_same_picture(source: tuple[int, int], width: int, height: int) -> None:
    """Where PyAV's two steps paint every column, ours are equal; a thumbnail may be a little different."""
    frame = waves(*source)
    try:
        ours = painted(BgraScaler(), frame, width, height)
    except SwscaleError:
        reject()  # of some shapes, which PyAV paints in one step
    between = VideoReformatter().reformat(frame, width=width, height=height, format="yuv420p", threads=1)
    picture = VideoReformatter().reformat(between, width=width, height=height, format="bgra", threads=1)
    rows = plane_bytes(picture, 0)
    expected = rows[:, : width * 4].reshape(height, width, 4)[:, :, :3].astype(int)
    difference = np.abs(ours - expected)
    assert difference.max() == 0 or (lines_apart(source[1], height) > 1 and difference.mean() < 8)


def test_a_thumbnail_is_made_from_every_fourth_line() -> None:
    """From a fifth of the height on; never for a picture that one looks at."""
    assert [lines_apart(720, height) for height in (720, 360, 145, 144, 126, 1, 0)] == [1, 1, 1, 4, 4, 4, 1]


def test_one_scaler_takes_what_comes() -> None:
    """Sizes of source and target change from picture to picture, as when a window is drawn larger."""
    paint = FramePaint()
    for size in ((640, 360), (320, 180), (1280, 720)):
        for target in ((224, 126), (320, 180), (501, 281)):
            assert shades_off(painted(paint, grey(*size), *target), 214) <= ROUNDING
    paint.close()
    paint.close()
    assert shades_off(painted(paint, grey(640, 360), 320, 180), 214) <= ROUNDING


def test_what_does_not_fit_is_refused() -> None:
    """A target that is too small and a picture of another kind are errors, not writes beyond the end."""
    with pytest.raises(ValueError, match="no room"):
        BgraScaler().paint(grey(640, 360), 320, 180, memoryview(bytearray(320 * 180 * 4 - 1)))
    with pytest.raises(ValueError, match="not a picture"):
        BgraScaler().paint(VideoFrame(64, 64, "nv12"), 64, 64, memoryview(bytearray(64 * 64 * 4)))


def test_a_refusal_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """When swscale refuses a picture, this one and the next ones are painted through PyAV."""
    paint = FramePaint()

    def refuse(*_: object) -> int:
        raise SwscaleError("context")

    monkeypatch.setattr(BgraScaler, "_context", refuse)
    for _ in range(2):
        assert shades_off(painted(paint, grey(640, 360), 320, 180), 214) <= ROUNDING


def test_a_picture_that_can_not_be_painted_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever FFmpeg has against a picture of the other party's, it is not shown and the next one is."""
    size = SlotSize(320, 240)
    memory, lock = memoryview(bytearray(size.total_bytes)), threading.Lock()
    reader, announced = SlotReader(memory, size, lock), threading.Event()
    reader.request_size(72, 40)
    painter = Painter(FrameWriter(memory, size, lock), announced.set, SYSTEM_CLOCK, name="painter-under-test")

    def refuse(*_: object) -> None:
        raise ArgumentError(22, "Invalid argument")

    try:
        with monkeypatch.context() as patched:
            patched.setattr(painter._paint_with, "paint", refuse)
            painter._paint(grey(640, 360))
        assert reader.take() is None
        painter.show(grey(640, 360))
        assert announced.wait(10)
        picture = reader.take()
        assert picture is not None
        assert (picture.width, picture.height) == (71, 40)
    finally:
        painter.close()


def test_a_wheel_without_swscale_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that is not where it should be is an error of ours that names what is missing."""

    def nothing(_: object) -> None:
        raise OSError("not in the wheel")

    monkeypatch.setattr(bundled, "load", nothing)
    monkeypatch.setattr(libswscale, "_library", libswscale._library.__wrapped__)
    with pytest.raises(SwscaleError, match="library"):
        BgraScaler()
