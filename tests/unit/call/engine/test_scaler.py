"""Pictures in another size or format."""

from pathlib import Path

import pytest
from av import VideoFrame

from carena_desktop.call.engine.scaler import Scaler


def threads() -> int:
    """Native threads of this process."""
    return len(list(Path("/proc/self/task").iterdir()))


def test_what_fits_is_not_copied() -> None:
    """A picture that is like what is wanted is handed on as it is."""
    frame = VideoFrame(640, 360, "yuv420p")
    assert Scaler().convert(frame, 640, 360, "yuv420p") is frame


@pytest.mark.parametrize(
    ("size", "limit", "expected"),
    [
        ((1920, 1080), (1280, 720), (1280, 720)),
        ((641, 361), (1280, 720), (640, 360)),
        ((720, 1280), (1280, 720), (404, 720)),
        ((2, 1000), (100, 100), (2, 100)),
    ],
)
def test_limits_keep_the_shape(size: tuple[int, int], limit: tuple[int, int], expected: tuple[int, int]) -> None:
    """The result has even sides within the limit and the proportions of the source, and is never larger than it."""
    made = Scaler().planar(VideoFrame(*size, "nv12"), limit)
    assert (made.width, made.height, made.format.name) == (*expected, "yuv420p")


def test_times_are_kept() -> None:
    """A converted picture is of the same moment."""
    frame = VideoFrame(64, 64, "nv12")
    frame.pts = 1234
    assert Scaler().convert(frame, 32, 32, "yuv420p").pts == 1234


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts threads as Linux shows them")
def test_no_thread_comes_with_a_picture() -> None:
    """Converting starts no threads, however many pictures are held."""
    scaler = Scaler()
    before = threads()
    held = [scaler.planar(VideoFrame(1280, 720, "nv12"), (640, 360)) for _ in range(8)]
    assert threads() == before
    assert len(held) == 8
