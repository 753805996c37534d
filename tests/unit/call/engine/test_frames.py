"""The slot of the latest picture: newest wins, nothing torn, at most one announcement pending."""

import multiprocessing
import threading
from multiprocessing.synchronize import Event, Lock

import numpy as np
import pytest

from carena_desktop.call.engine.frames import FrameWriter, SharedSlot, SlotReader, SlotSize, row_bytes

SIZE = SlotSize(64, 48)


def pair(size: SlotSize = SIZE) -> tuple[FrameWriter, SlotReader]:
    """A writer and a reader on the same memory."""
    memory, lock = memoryview(bytearray(size.total_bytes)), threading.Lock()
    reader = SlotReader(memory, size, lock)
    return FrameWriter(memory, size, lock), reader


def fill(value: int) -> object:
    """Return a painter that fills with one byte."""

    def paint(target: memoryview) -> None:
        target[:] = bytes([value]) * len(target)

    return paint


def put(writer: FrameWriter, value: int, width: int = 4, height: int = 2, now_ms: int = 0) -> bool:
    """Write a one-coloured picture."""
    return writer.put(width, height, fill(value), now_ms)  # type: ignore[arg-type]  # see fill


def test_the_newest_wins() -> None:
    """Of three pictures the last is taken, once, with its own number and size."""
    writer, reader = pair()
    assert reader.take() is None
    for value in (1, 2, 3):
        put(writer, value, width=value)
    picture = reader.take()
    assert picture is not None
    assert (picture.number, picture.width, picture.height, picture.stride) == (3, 3, 2, row_bytes(3))
    assert bytes(picture.data) == bytes([3]) * row_bytes(3) * 2
    assert picture.data.readonly
    assert reader.take() is None


def test_a_held_picture_is_not_overwritten() -> None:
    """Whatever is written meanwhile, the picture taken stays as it was until the next take."""
    writer, reader = pair()
    put(writer, 1)
    picture = reader.take()
    assert picture is not None
    for value in range(2, 20):
        put(writer, value)
        assert set(picture.data) == {1}
    latest = reader.take()
    assert latest is not None
    assert set(latest.data) == {19}


def test_one_announcement_until_it_is_answered() -> None:
    """The first picture is announced, the following ones are not, until the reader has taken; a lost answer heals."""
    writer, reader = pair()
    assert [put(writer, 1, now_ms=ms) for ms in (0, 30, 60)] == [True, False, False]
    reader.take()
    assert [put(writer, 1, now_ms=ms) for ms in (90, 120)] == [True, False]
    assert put(writer, 1, now_ms=1200)


def test_the_reader_says_how_large() -> None:
    """The wanted size reaches the writer, and outlives a reset."""
    writer, reader = pair()
    assert writer.wanted_size() == (0, 0)
    reader.request_size(320, 180)
    assert writer.wanted_size() == (320, 180)
    reader.reset(threading.Lock())
    assert writer.wanted_size() == (320, 180)


def test_a_reset_leaves_no_picture_behind() -> None:
    """Between two visits the bytes of the last patient's pictures are gone, not only their index."""
    memory, lock = memoryview(bytearray(SIZE.total_bytes)), threading.Lock()
    reader = SlotReader(memory, SIZE, lock)
    writer = FrameWriter(memory, SIZE, lock)
    for value in (7, 8, 9):
        put(writer, value, 64, 48)
    reader.reset(threading.Lock())
    assert reader.take() is None
    pixels = bytes(memory[64:])
    assert not any(pixels)


def test_a_picture_too_large_is_refused() -> None:
    """The writer checks before it writes beyond its buffer."""
    writer, _ = pair()
    with pytest.raises(ValueError, match="larger"):
        put(writer, 1, 65, 48)


def test_a_lying_writer_is_not_believed() -> None:
    """A media process that was taken over writes nonsense sizes: the reader returns nothing instead of reading on."""
    memory, lock = memoryview(bytearray(SIZE.total_bytes)), threading.Lock()
    reader = SlotReader(memory, SIZE, lock)
    words = memory[:64].cast("I")
    for width, height in ((65, 48), (0, 0), (2**32 - 1, 2**32 - 1)):
        words[0], words[7], words[8], words[9] = 0, words[7] + 1, width, height
        assert reader.take() is None
    words[0] = 17
    assert reader.take() is None


def test_a_lock_that_is_never_given_back_blocks_nobody() -> None:
    """A process that dies with the lock costs the other 20 ms and a picture, not the window."""
    memory, lock = memoryview(bytearray(SIZE.total_bytes)), threading.Lock()
    reader, writer = SlotReader(memory, SIZE, lock), FrameWriter(memory, SIZE, lock)
    lock.acquire()
    assert reader.take() is None
    assert put(writer, 1) is False


def write_for_ever(name: str, lock: Lock, stop: Event) -> None:
    """The other process: one-coloured pictures of changing sizes as fast as it can."""
    memory = SharedSlot(name)
    writer = FrameWriter(memory.view, SlotSize(320, 240), lock)
    number = 0
    while not stop.is_set():
        number += 1
        width, height = 320 - number % 251, 240 - number % 32
        shade = np.uint8(320 - width)

        def paint(target: memoryview, shade: np.uint8 = shade) -> None:
            np.frombuffer(target, np.uint8)[:] = shade

        writer.put(width, height, paint, number)
    writer.close()
    memory.close()


def test_no_picture_is_torn_between_processes() -> None:
    """300 pictures from a process that writes as fast as it can: each of one colour, numbers rising."""
    size = SlotSize(320, 240)
    context = multiprocessing.get_context("spawn")
    memory = SharedSlot(create=True, size=size.total_bytes)
    lock, stop = context.Lock(), context.Event()
    reader = SlotReader(memory.view, size, lock)
    process = context.Process(target=write_for_ever, args=(memory.name, lock, stop))
    process.start()
    seen: list[int] = []
    try:
        while len(seen) < 300 and process.is_alive():
            picture = reader.take()
            if picture is None:
                continue
            pixels = np.frombuffer(picture.data, np.uint8)
            first = pixels[0]
            assert (pixels == first).all()
            assert (pixels == first).all()  # and it stays so while it is held
            assert first == 320 - picture.width  # size and pixels are of the same picture
            seen.append(picture.number)
            del pixels
            picture.data.release()
    finally:
        stop.set()
        process.join(10)
        process.close()
        reader.close()
        memory.close()
        memory.unlink()
    assert len(seen) == 300
    assert seen == sorted(set(seen))
