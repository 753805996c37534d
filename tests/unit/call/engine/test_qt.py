"""Qt's frames and bytes as the engine's: conversions that need no device."""

import numpy as np
import pytest
from av import VideoFrame
from PySide6.QtCore import QSize
from PySide6.QtMultimedia import QAudioFormat, QVideoFrame, QVideoFrameFormat

from carena_desktop.call.engine import frame_number
from carena_desktop.call.engine.generator import Scene
from carena_desktop.call.engine.qt_audio import BlockMaker, audio_format
from carena_desktop.call.engine.qt_camera import FORMATS, convert
from carena_desktop.call.engine.scaler import Scaler

NUMBER = 0b1010_0110_1100_0101
_Pixels = QVideoFrameFormat.PixelFormat


def qt_frame(pixels: QVideoFrameFormat.PixelFormat, name: str, width: int, height: int) -> QVideoFrame:
    """A numbered picture as Qt would deliver it."""
    picture = Scene(width, height).frame(NUMBER).reformat(format=name)
    frame = QVideoFrame(QVideoFrameFormat(QSize(width, height), pixels))
    assert frame.map(QVideoFrame.MapMode.WriteOnly)
    for index, plane in enumerate(picture.planes):
        stride = frame.bytesPerLine(index)
        target = np.frombuffer(frame.bits(index), np.uint8, frame.mappedBytes(index))
        target = target[: plane.height * stride].reshape(plane.height, stride)
        source = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
        columns = min(stride, plane.line_size)
        target[:, :columns] = source[:, :columns]
    frame.unmap()
    return frame


def number_in(frame: VideoFrame) -> int | None:
    """The number that the picture shows."""
    return frame_number.read(frame.to_ndarray(format="bgra").astype(np.uint8, copy=False))


@pytest.mark.parametrize(("pixels", "name"), FORMATS.items(), ids=str)
def test_camera_formats_are_understood(pixels: QVideoFrameFormat.PixelFormat, name: str) -> None:
    """A numbered picture in each format becomes yuv420p with the number still readable."""
    converted = convert(qt_frame(pixels, name, 640, 360), Scaler())
    assert converted is not None
    assert (converted.format.name, converted.width, converted.height) == ("yuv420p", 640, 360)
    assert number_in(converted) == NUMBER


@pytest.mark.parametrize(
    ("width", "height", "shown"), [(1920, 1080, (1280, 720)), (640, 480, (640, 480)), (90, 50, (90, 50))]
)
def test_cameras_are_scaled_to_720p(width: int, height: int, shown: tuple[int, int]) -> None:
    """Larger pictures are scaled down in their proportions, smaller ones are left."""
    converted = convert(qt_frame(_Pixels.Format_YUYV, "yuyv422", width, height), Scaler())
    assert converted is not None
    assert (converted.width, converted.height) == shown
    assert number_in(converted) == NUMBER


def test_a_rare_format_takes_the_long_way() -> None:
    """A format that is not copied plane by plane is decoded by Qt."""
    pixels = _Pixels.Format_ARGB8888
    assert pixels not in FORMATS
    converted = convert(qt_frame(pixels, "argb", 320, 180), Scaler())
    assert converted is not None
    assert number_in(converted) == NUMBER


def test_an_invalid_frame_is_no_frame() -> None:
    """What Qt sends when a camera stops is not a picture."""
    assert convert(QVideoFrame(), Scaler()) is None


def test_bytes_become_blocks_of_20_ms() -> None:
    """Whatever chunks the sound server delivers, odd ones included, blocks of 960 samples come out and none is lost."""
    maker = BlockMaker(audio_format(1))
    sound = np.arange(4800, dtype=np.int16)
    data, out, at = sound.tobytes(), [], 0
    for size in (1, 7, 512, 1023, 3, 4000, 10_000):
        out += maker.feed(data[at : at + size])
        at += size
    assert np.concatenate(out).tolist() == sound.tolist()
    assert {len(block) for block in out} == {960}


def test_other_rates_and_channels_are_converted() -> None:
    """A 44.1 kHz stereo microphone gives 48 kHz mono at the same pitch."""
    given = QAudioFormat()
    given.setSampleRate(44_100)
    given.setChannelCount(2)
    given.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    maker = BlockMaker(given)
    tone = (8000 * np.sin(2 * np.pi * 1000 * np.arange(44_100) / 44_100)).astype(np.int16)
    heard = np.concatenate(maker.feed(np.repeat(tone, 2).tobytes())).astype(np.float64)[:48_000]
    spectrum = np.abs(np.fft.rfft(heard))
    assert abs(np.argmax(spectrum) * 48_000 / len(heard) - 1000) < 3
    assert len(heard) > 46_000
