"""The encoder follows the call: rate without key frames, key frames at a pace, sizes by the ladder."""

from collections.abc import Iterable

import numpy as np
import pytest
from aiortc.codecs.vpx import vp8_depayload
from aiortc.mediastreams import VIDEO_TIME_BASE
from av import CodecContext, Packet, VideoFrame
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from carena_desktop.call.engine import frame_number, libvpx
from carena_desktop.call.engine.generator import Scene
from carena_desktop.call.engine.libvpx import LibvpxError, Vp8Encoder
from carena_desktop.call.engine.planes import luma
from carena_desktop.call.engine.repairs import live_vp8
from carena_desktop.call.engine.repairs.live_vp8 import LiveVp8Encoder, packetize
from carena_desktop.call.engine.video_ladder import DETAILED, LADDER, UP_AFTER_S, VideoLadder
from tests.fakes.clock import FakeClock

FRAME = 3000


def noisy(number: int, width: int = 640, height: int = 360) -> VideoFrame:
    """A picture that costs bits: the generated scene under noise."""
    picture = Scene(width, height).luma(number).astype(np.int16)
    rows = picture[height // 8 : height]
    rows += np.random.default_rng(number).integers(-20, 20, rows.shape, dtype=np.int16)
    frame = VideoFrame.from_ndarray(np.clip(picture, 0, 255).astype(np.uint8), format="yuv420p")
    frame.pts, frame.time_base = number * FRAME, VIDEO_TIME_BASE
    return frame


class Camera:
    """Feeds an encoder thirty pictures a second."""

    def __init__(self, clock: FakeClock, encoder: LiveVp8Encoder, width: int = 640, height: int = 360) -> None:
        self.clock = clock
        self.encoder = encoder
        self.pictures = [noisy(number, width, height) for number in range(10)]
        self.number = 0

    def show(self, count: int, *, key: bool = False) -> list[bytes]:
        """Return the pictures that were sent of ``count`` shown."""
        sent = []
        for _ in range(count):
            frame = self.pictures[self.number % len(self.pictures)]
            frame.pts = self.number * FRAME
            payloads, _ = self.encoder.encode(frame, key)
            if payloads:
                sent.append(b"".join(vp8_depayload(payload) for payload in payloads))
            self.number += 1
            self.clock.advance(1 / 30)
        return sent


def is_key(data: bytes) -> bool:
    """RFC 6386 section 9.1."""
    return data[0] & 1 == 0


@pytest.fixture
def camera() -> Camera:
    """A 360p camera before a new encoder."""
    clock = FakeClock()
    return Camera(clock, LiveVp8Encoder(clock))


def test_what_is_encoded_is_the_picture() -> None:
    """The number in each picture is read out of what FFmpeg's decoder makes of it."""
    encoder, decoder = Vp8Encoder(640, 360, 1000, speed=10), CodecContext.create("vp8", "r")
    scene, seen = Scene(640, 360), []
    for number in range(20):
        data, key = encoder.encode(scene.frame(number), number * FRAME, FRAME, key=number == 10)
        assert key == (number in {0, 10})
        seen += [frame_number.read(luma(frame)) for frame in decoder.decode(Packet(data))]
    encoder.close()
    encoder.close()
    assert seen == list(range(20))


def test_another_size_is_refused() -> None:
    """Planes are read by address: a picture that does not fit raises before libvpx sees it."""
    encoder = Vp8Encoder(640, 360, 1000, speed=10)
    for wrong in (VideoFrame(320, 180, "yuv420p"), VideoFrame(640, 360, "rgb24")):
        with pytest.raises(ValueError, match="another picture"):
            encoder.encode(wrong, 0, FRAME, key=False)


def test_another_abi_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library whose structures may differ is not used."""
    monkeypatch.setattr(libvpx, "ENCODER_ABI", libvpx.ENCODER_ABI + 1)
    with pytest.raises(LibvpxError, match="init"):
        Vp8Encoder(640, 360, 1000, speed=10)


def test_the_rate_changes_without_a_key_frame(camera: Camera) -> None:
    """Up and down within the rung: the sizes follow, and the only key frame is the first."""
    camera.encoder.take_share(550, is_known=True)
    high = camera.show(90)
    camera.encoder.take_share(310, is_known=True)
    low = camera.show(90)
    assert [is_key(one) for one in high + low].count(True) == 1
    assert sum(map(len, low[30:])) < 0.75 * sum(map(len, high[30:]))
    assert camera.encoder.key_frames == 1


def test_key_frames_are_at_most_two_a_second(camera: Camera) -> None:
    """Asked with every picture for two seconds there are four or five, and the last request is not forgotten."""
    keys = [is_key(one) for one in camera.show(60, key=True)]
    assert keys[0]
    assert 4 <= keys.count(True) <= 5
    assert any(is_key(one) for one in camera.show(16))
    assert not any(is_key(one) for one in camera.show(60))


def test_a_narrow_link_gets_a_smaller_picture(camera: Camera) -> None:
    """At 150 kbit/s the picture shrinks, the sum stays near the rate, and a later rise brings it back."""
    camera.show(30)
    assert camera.encoder.size == (640, 360)
    camera.encoder.take_share(150, is_known=True)
    sent = camera.show(300)
    assert camera.encoder.size[1] == 270
    assert sum(map(len, sent[20:])) * 8 / 10 < 150_000 * 1.15
    camera.encoder.take_share(2_000, is_known=True)
    camera.show(60 * 30)
    assert camera.encoder.size == (640, 360)


def test_rates_are_bounded(camera: Camera) -> None:
    """What the other party asks for is obeyed within what makes sense."""
    for asked, got in ((10**9, live_vp8.MAX_KBPS), (1, live_vp8.MIN_KBPS), (700, 700)):
        camera.encoder.take_share(asked, is_known=True)
        assert camera.encoder.target_bitrate == got * 1000


def test_a_receivers_limit_is_obeyed_when_the_path_is_full(camera: Camera) -> None:
    """REMB near what is sent brings the rate down to it."""
    limit = sum(map(len, camera.show(60)[30:])) * 8 * 3 // 4
    camera.encoder.target_bitrate = limit
    assert camera.encoder.target_bitrate == limit // 1000 * 1000 < live_vp8.START_KBPS * 1000


def test_a_receiver_that_gets_little_does_not_bring_the_rate_down(camera: Camera) -> None:
    """REMB far above what is sent says that the path is free, even where it is below the rate; above it is taken."""
    camera.encoder.target_bitrate = 300_000
    assert camera.encoder.target_bitrate == live_vp8.START_KBPS * 1000
    camera.encoder.target_bitrate = 1_700_000
    assert camera.encoder.target_bitrate == 1_700_000


def test_an_estimate_of_our_own_takes_precedence(camera: Camera) -> None:
    """Once there is one, REMB changes nothing."""
    camera.encoder.take_share(500, is_known=True)
    camera.encoder.target_bitrate = 2_000_000
    assert camera.encoder.target_bitrate == 500_000


def test_without_libvpx_it_encodes_as_aiortc_does(camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library can't be called PyAV encodes, and small changes of rate cost no key frame."""

    def refuse(*_arguments: object, **_options: object) -> Vp8Encoder:
        raise LibvpxError("library")

    monkeypatch.setattr(live_vp8, "Vp8Encoder", refuse)
    camera.encoder.take_share(600, is_known=True)
    sent = camera.show(30)
    camera.encoder.take_share(560, is_known=True)
    sent += camera.show(30)
    assert [is_key(one) for one in sent].count(True) == 1
    decoder = CodecContext.create("vp8", "r")
    assert sum(len(decoder.decode(Packet(one))) for one in sent) == len(sent) > 50


@given(size=st.integers(1, 60_000), picture=st.integers(0, 0x7FFF))
def test_payloads_fit_and_add_up(size: int, picture: int) -> None:
    """Any picture is cut into payloads within the limit that aiortc puts together again; one is the start."""
    data = bytes(n & 0xFF for n in range(size))
    payloads = packetize(data, picture)
    assert b"".join(vp8_depayload(payload) for payload in payloads) == data
    assert max(map(len, payloads)) <= 1200
    assert [payload[0] & 0x10 != 0 for payload in payloads] == [True] + [False] * (len(payloads) - 1)


@given(st.lists(st.tuples(st.integers(0, 4000), st.floats(0.01, 5), st.floats(0, 0.08)), max_size=200))
def test_the_ladder_never_outgrows_its_rate(moments: list[tuple[int, float, float]]) -> None:
    """Whatever happens, the rung's rate is there, it climbs one rung at a time and never twice within ten seconds."""
    now = 0.0
    ladder = VideoLadder(800, now)
    climbed = float("-inf")
    for kbps, pause, cost in moments:
        now += pause
        before = LADDER.index(ladder.rung)
        ladder.encoded(cost)
        ladder.step(kbps, now)
        after = LADDER.index(ladder.rung)
        assert ladder.rung.kbps <= max(kbps, 0)
        if after > before:
            assert after == before + 1
            assert now - climbed >= UP_AFTER_S
            climbed = now


def test_a_screen_keeps_its_resolution_and_a_face_its_frame_rate() -> None:
    """At the same low rate a shared screen is sent larger and less often than the camera's picture."""
    for kbps in (300, 600, 1200):
        face, read = VideoLadder(kbps, 0.0).rung, VideoLadder(kbps, 0.0, DETAILED).rung
        assert read.height > face.height
        assert read.fps < face.fps


def sent_size(encoder: LiveVp8Encoder, clock: FakeClock, numbers: Iterable[int]) -> tuple[int, int]:
    """What a 1080p source comes to."""
    for number in numbers:
        clock.advance(0.4)
        encoder.encode(noisy(number, 1920, 1080))
    return encoder.size


def test_a_screens_encoder_keeps_the_lines() -> None:
    """What is shared at 1080 lines is sent with them at a rate at which the camera's picture is small."""
    clock = FakeClock()
    camera, screen = LiveVp8Encoder(clock), LiveVp8Encoder(clock, is_screen=True)
    for encoder in (camera, screen):
        encoder.begin_at(300)
    assert sent_size(camera, clock, range(1, 4))[1] <= 360
    assert sent_size(screen, clock, range(4, 7))[1] == 1080


def test_a_screen_that_has_too_little_asks_for_more() -> None:
    """A page that stands still wants what it uses; one whose pictures find no room, or fill the rate, wants more."""
    clock = FakeClock()
    screen = Camera(clock, LiveVp8Encoder(clock, is_screen=True), 1280, 720)
    screen.encoder.begin_at(60)
    screen.show(210)  # seven seconds: the first pictures cost what the rate has saved for them
    assert screen.encoder.wanted_kbps == float("inf")
    page = VideoFrame.from_ndarray(written(1280, 720), format="yuv420p")
    for number in range(40):
        page.pts, page.time_base = (100 + number) * FRAME * 8, VIDEO_TIME_BASE
        screen.encoder.encode(page)
        clock.advance(0.25)
    assert screen.encoder.wanted_kbps < 150


def test_an_encoder_without_a_share_sends_nothing() -> None:
    """No rate, no picture; with a share again the next picture leaves, and nothing is counted as sent meanwhile."""
    clock = FakeClock()
    camera = Camera(clock, LiveVp8Encoder(clock))
    assert camera.show(10)
    camera.encoder.take_share(0, is_known=True)
    assert camera.show(30) == []
    assert camera.encoder.target_bitrate == 0
    camera.encoder.take_share(300, is_known=True)
    assert camera.show(10)


def test_a_busy_computer_takes_from_the_camera_first() -> None:
    """With a screen shared the camera's picture goes down to its lowest rung before the screen's gives anything."""
    camera, screen = VideoLadder(2500, 0.0), VideoLadder(1200, 0.0, DETAILED)
    top, lows = screen.rung, []
    for tick in range(3000):
        now = tick / 30
        camera.encoded(0.01)
        camera.step(2500, now, beside=screen.busy)
        if tick % 2 == 0:
            screen.encoded(0.07)
            screen.step(1200, now, spared=not camera.is_lowest)
        if screen.rung is not top:
            lows.append(camera.is_lowest)
    assert camera.is_lowest
    assert lows
    assert lows[0]


def test_the_two_encoders_of_a_leg_know_each_other() -> None:
    """The camera gives way while the screen is encoded and its own picture could be smaller, and not to an idle one."""
    clock = FakeClock()
    camera, screen = LiveVp8Encoder(clock), LiveVp8Encoder(clock, is_screen=True)
    screen.spare(camera)
    assert (screen.busy(clock.monotonic()), camera.can_give(clock.monotonic())) == (0.0, False)
    camera.encode(noisy(1))
    assert camera.can_give(clock.monotonic())
    camera.take_share(0, is_known=True)
    assert not camera.can_give(clock.monotonic())
    clock.advance(live_vp8.IDLE_S + 1)
    assert not camera.can_give(clock.monotonic())


def test_writing_is_sharper_as_screen_content() -> None:
    """The same page of writing at the same rate: with libvpx's mode for screens no worse, and as many pictures."""
    page = VideoFrame.from_ndarray(written(960, 540), format="yuv420p")
    errors = {}
    for is_screen in (False, True):
        codec, decoder = Vp8Encoder(960, 540, 400, speed=12, is_screen=is_screen), CodecContext.create("vp8", "r")
        newest: NDArray[np.uint8] | None = None
        for number in range(24):
            data, _ = codec.encode(page, number * 9000, 9000, key=False)
            for frame in decoder.decode(Packet(data)) if data else ():
                newest = frame.to_ndarray(format="yuv420p").astype(np.uint8, copy=False)
        codec.close()
        assert newest is not None
        difference = newest[:540].astype(int) - written(960, 540)[:540]
        errors[is_screen] = float((difference**2).mean())
    assert errors[True] <= errors[False] * 1.05, errors


def written(width: int, height: int) -> NDArray[np.uint8]:
    """A page of small strokes in I420: what letters are to an encoder."""
    page = np.full((height * 3 // 2, width), 128, np.uint8)
    page[:height] = 235
    strokes = np.random.default_rng(7).random((height // 12, width // 4)) < 0.4
    for row in range(height // 12):
        line = np.repeat(strokes[row], 4)[:width]
        page[row * 12 + 2 : row * 12 + 10, line] = 30
    return page


def test_a_busy_computer_sends_less() -> None:
    """Encoding that takes longer than the pictures last takes the ladder down; it does not climb while it is so."""
    ladder = VideoLadder(2500, 0.0)
    for tick in range(3000):
        ladder.encoded(0.002 * ladder.rung.height / 20)
        ladder.step(2500, tick / 30)
    assert ladder.rung.height <= 360
    assert ladder.is_cpu_limited


@pytest.mark.parametrize("fps", [12, 15, 24, 30])
def test_the_frame_rate_is_the_rungs(fps: int) -> None:
    """From a 30 fps camera with some jitter each rung takes its share, within five per cent."""
    rung = next(rung for rung in LADDER if rung.fps == fps)
    ladder = VideoLadder(rung.kbps, 0.0)
    jitter = np.random.default_rng(1).uniform(-0.005, 0.005, 3000)
    taken = sum(ladder.takes(n / 30 + float(jitter[n])) for n in range(3000))
    assert ladder.rung == rung
    assert abs(taken / 100 - fps) < 0.05 * fps
