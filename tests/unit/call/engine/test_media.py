"""The small parts between a device, a codec and the window."""

import asyncio
import threading
import wave
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, VideoFrame

from carena_desktop.call.engine import file_device, frame_number, generator
from carena_desktop.call.engine.counters import Counters, FigureMaker, LegFacts, MediaFacts
from carena_desktop.call.engine.devices import FRAME_SAMPLES, DeviceError, DeviceProblem, Samples
from carena_desktop.call.engine.feeds import MAX_WAITING_AUDIO, AudioFeed, VideoFeed
from carena_desktop.call.engine.flood import BURST, MessageBudget
from carena_desktop.call.engine.front import STEADY_FRAMES, Claim, Front
from carena_desktop.call.engine.generator import Scene
from carena_desktop.call.engine.null_speaker import NullSpeaker
from carena_desktop.call.engine.painter import fit
from carena_desktop.call.engine.planes import samples
from carena_desktop.call.engine.playout import Playout
from carena_desktop.call.engine.screen_feed import REPEAT_S, ScreenFeed
from carena_desktop.call.engine.virtual_devices import VirtualDevices
from carena_desktop.call.model import Path as NetworkPath
from carena_desktop.clock import SYSTEM_CLOCK
from carena_desktop.tasks import TaskScope
from tests.fakes.clock import FakeClock
from tests.fakes.devices import FakeDevices

BLOCK: Samples = np.full(FRAME_SAMPLES, 1000, np.int16)


def wait_for(condition: Callable[[], bool], within: float = 5.0) -> None:
    """Wait for another thread."""
    gate = threading.Event()
    for _ in range(int(within / 0.01)):
        if condition():
            return
        gate.wait(0.01)
    raise AssertionError("it did not happen")


def time_of(frame: object) -> int:
    """When a frame stands on its track, in the track's units."""
    assert isinstance(frame, AudioFrame | VideoFrame)
    assert frame.pts is not None
    return frame.pts


# -- feeds ------------------------------------------------------------------------------------------------------------


async def test_muted_means_zeros() -> None:
    """Muted, what reaches the encoder is silence; time goes on, so that unmuting has no gap."""
    clock = FakeClock()
    feed = AudioFeed(clock)
    track = feed.subscribe()
    feed.push(BLOCK)
    feed.muted = False
    feed.push(BLOCK)
    silent, heard = await track.recv(), await track.recv()
    assert isinstance(silent, AudioFrame)
    assert isinstance(heard, AudioFrame)
    assert not samples(silent).any()
    assert (samples(heard) == 1000).all()
    assert time_of(heard) - time_of(silent) == FRAME_SAMPLES


async def test_a_still_screen_is_repeated_and_an_ended_one_never() -> None:
    """A picture each second while nothing moves, at once for a leg that comes later; nothing of it after the end."""
    clock = FakeClock()
    feed = ScreenFeed(clock)
    scope = TaskScope("test")
    scope.spawn(feed.run(), name="repeat")
    first = feed.subscribe()
    feed.push(Scene(64, 36).frame(1))
    original = await first.recv()
    clock.advance(REPEAT_S)
    again = await asyncio.wait_for(first.recv(), 5)
    assert again is not original
    assert time_of(again) > time_of(original)
    late = feed.subscribe()
    assert isinstance(await asyncio.wait_for(late.recv(), 5), VideoFrame)
    feed.clear()
    clock.advance(10 * REPEAT_S)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(late.recv(), 0.35)  # three rounds of the loop that repeats
    await scope.aclose()


async def test_a_feed_serves_every_leg_until_it_is_closed() -> None:
    """Two legs get the same sound; a stopped one gets nothing and stops waiting."""
    feed = AudioFeed(FakeClock())
    first, second = feed.subscribe(), feed.subscribe()
    scope = TaskScope("test")
    waiting = scope.spawn(first.recv(), name="recv")
    await asyncio.sleep(0)
    first.stop()
    with pytest.raises(MediaStreamError):
        await waiting
    feed.push(BLOCK)
    assert isinstance(await second.recv(), AudioFrame)


async def test_an_encoder_that_is_late_gets_the_newest() -> None:
    """Of many pictures the last one waits, of much sound the last 200 ms."""
    clock = FakeClock()
    video, audio = VideoFeed(clock), AudioFeed(clock)
    pictures, sound = video.subscribe(), audio.subscribe()
    for number in range(100):
        clock.advance(0.02)
        video.push(VideoFrame(16, 16, "yuv420p"))
        audio.push(np.full(FRAME_SAMPLES, number, np.int16))
    picture = await pictures.recv()
    assert picture.pts == pytest.approx(2 * 90_000, abs=1)
    stamps = [(await sound.recv()).pts for _ in range(MAX_WAITING_AUDIO)]
    assert stamps == [n * FRAME_SAMPLES for n in range(90, 100)]


async def test_the_time_while_a_device_was_closed_is_not_lost() -> None:
    """After ten seconds without a microphone the timestamps have gone on by ten seconds."""
    clock = FakeClock()
    feed = AudioFeed(clock)
    track = feed.subscribe()
    feed.push(BLOCK)
    clock.advance(10)
    feed.push(BLOCK)
    first, second = await track.recv(), await track.recv()
    assert time_of(second) - time_of(first) == 480_000


# -- devices without hardware -----------------------------------------------------------------------------------------


async def test_the_generated_camera_counts_at_thirty_a_second() -> None:
    """Frames carry rising numbers, move, and come about 30 times a second."""
    frames: list[VideoFrame] = []
    camera = await VirtualDevices(SYSTEM_CLOCK).open_camera("generator", frames.append)
    start = SYSTEM_CLOCK.monotonic()
    await asyncio.to_thread(wait_for, lambda: len(frames) >= 30)
    elapsed = SYSTEM_CLOCK.monotonic() - start
    await camera.close()
    assert not camera.is_open
    numbers = [frame_number.read(frame.to_ndarray(format="bgra").astype(np.uint8, copy=False)) for frame in frames]
    assert numbers == list(range(len(frames)))
    assert 0.7 < elapsed < 3
    assert (frames[0].to_ndarray()[40:] != frames[20].to_ndarray()[40:]).any()


def test_the_tone_has_no_seams() -> None:
    """Blocks join into one 440 Hz tone."""
    sound = np.concatenate([generator.tone(n) for n in range(50)]).astype(np.float64)
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    assert int(np.argmax(spectrum)) == 440
    assert np.abs(np.diff(sound)).max() < 32767 * 0.25 * 2 * np.pi * 440 / 48_000 * 1.1


async def test_a_file_is_a_camera_and_a_microphone(tmp_path: Path) -> None:
    """A film's pictures and a recording's sound are played in a loop, in the formats that the feeds want."""
    film, sound = tmp_path / "film.mp4", tmp_path / "sound.wav"
    with av.open(str(film), "w") as container:
        stream = container.add_stream("mpeg4", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(10):
            container.mux(stream.encode(VideoFrame(64, 48, "yuv420p")))
        container.mux(stream.encode(None))
    with wave.open(str(sound), "wb") as recording:
        recording.setnchannels(2)
        recording.setsampwidth(2)
        recording.setframerate(16_000)
        recording.writeframes(np.full(2 * 1600, 2000, np.int16).tobytes())
    frames: list[VideoFrame] = []
    blocks: list[Samples] = []
    devices = VirtualDevices(SYSTEM_CLOCK)
    camera = await devices.open_camera(f"file:{film}", frames.append)
    microphone = await devices.open_microphone(f"file:{sound}", blocks.append)
    await asyncio.to_thread(wait_for, lambda: len(frames) > 15 and len(blocks) > 15)
    await camera.close()
    await microphone.close()
    assert (frames[0].width, frames[0].format.name) == (64, "yuv420p")
    assert {len(block) for block in blocks} == {FRAME_SAMPLES}
    assert abs(int(blocks[3].mean()) - 2000) < 100


@pytest.mark.parametrize("device", ["", "nothing", "file:/does/not/exist", f"file:{__file__}"])
async def test_what_is_no_device_is_said_so(device: str) -> None:
    """No such device, no such file, no film in it: "no device", not a crash."""
    devices = VirtualDevices(SYSTEM_CLOCK)
    for opening in (devices.open_camera(device, lambda _f: None), devices.open_microphone(device, lambda _s: None)):
        with pytest.raises(DeviceError) as refused:
            await opening
        assert refused.value.problem is DeviceProblem.NO_DEVICE


def test_a_file_that_ends_badly_is_a_problem(tmp_path: Path) -> None:
    """A device whose source stops is not open any more and says why."""
    thread = generator.PacedThread("t", 0.001, lambda number: number < 3, SYSTEM_CLOCK)
    wait_for(lambda: not thread.is_open)
    assert thread.problem is DeviceProblem.FAILED
    assert tmp_path.exists()
    with pytest.raises(DeviceError):
        file_device.open_camera(str(tmp_path), lambda _frame: None, SYSTEM_CLOCK)


# -- sound out --------------------------------------------------------------------------------------------------------


def test_the_null_speaker_takes_its_time() -> None:
    """It consumes a second of sound in a second, and drops what comes faster than it could be heard."""
    clock = FakeClock()
    speaker = NullSpeaker(clock)
    for _ in range(50):
        speaker.write(bytes(FRAME_SAMPLES * 4))
        clock.advance(0.02)
    assert speaker.played == pytest.approx(0.98)
    assert speaker.dropped == 0
    for _ in range(50):
        speaker.write(bytes(FRAME_SAMPLES * 4))
    assert speaker.dropped == pytest.approx(0.84, abs=0.03)


async def test_playout_opens_with_the_first_sound_and_converts() -> None:
    """The speaker is opened once sound comes; mono at another rate arrives as stereo at 48 kHz."""
    devices, problems = FakeDevices(), list[DeviceProblem | None]()
    scope = TaskScope("test")
    playout = Playout(devices, scope, problems.append)
    frame = AudioFrame.from_ndarray(np.full((1, 320), 500, np.int16), format="s16", layout="mono")
    frame.sample_rate = 16_000
    playout.play(frame)
    async with asyncio.timeout(5):
        while not problems:  # noqa: ASYNC110 - the speaker opens in a task of its own
            await asyncio.sleep(0.01)
    for _ in range(10):
        playout.play(frame)
    assert len(devices.speaker.played) > 8 * 960 * 4
    devices.speaker.problem = DeviceProblem.FAILED
    playout.play(frame)
    assert problems == [None, DeviceProblem.FAILED]
    await playout.aclose()
    assert devices.speaker.closed
    await scope.aclose()


# -- pictures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "wanted", "shown"),
    [
        ((1280, 720), (0, 0), (1280, 720)),
        ((1280, 720), (640, 640), (640, 360)),
        ((640, 360), (1920, 1080), (640, 360)),
        ((3840, 2160), (0, 0), (1920, 1080)),
        ((720, 1280), (400, 400), (225, 400)),
        ((0, 0), (10, 10), (0, 0)),
        ((4000, 1), (100, 100), (100, 1)),
    ],
)
def test_pictures_fit(size: tuple[int, int], wanted: tuple[int, int], shown: tuple[int, int]) -> None:
    """Scaled down to what is shown and to what the slot holds, never up, in their own proportions."""
    assert fit(*size, wanted, (1920, 1080)) == shown


# -- small rules ------------------------------------------------------------------------------------------------------


def test_the_newest_leg_is_in_front() -> None:
    """A new leg takes over with its first picture, and with its sound when that is steady; the old one never again."""
    front = Front()
    assert [front.claim("video", leg) for leg in (1, 1, 2, 1, 2)] == [
        Claim.FIRST,
        Claim.YES,
        Claim.FIRST,
        Claim.NO,
        Claim.YES,
    ]
    assert front.claim("audio", 1) is Claim.FIRST
    assert [front.claim("audio", 2) for _ in range(STEADY_FRAMES)] == [Claim.NO] * STEADY_FRAMES
    assert front.claim("audio", 1) is Claim.YES
    assert front.claim("audio", 2) is Claim.FIRST
    assert front.claim("audio", 1) is Claim.NO
    assert front.leg == 2
    front.leave(2)
    assert front.claim("video", 1) is Claim.FIRST
    assert front.claim("audio", 1) is Claim.FIRST  # nothing plays that it would have to wait for


def test_a_person_may_chat_and_a_flood_may_not() -> None:
    """400 messages at once and 100 a second after that; more is refused."""
    clock = FakeClock()
    budget = MessageBudget(clock)
    assert all(budget.spend() for _ in range(int(BURST)))
    assert not budget.spend()
    clock.advance(1)
    assert sum(budget.spend() for _ in range(300)) == 100


def test_figures_are_rates_of_counts() -> None:
    """30 frames and 48 000 samples in a second are 30 and 50; a new leg's count of sent frames starts from nothing."""
    counters = Counters()
    maker = FigureMaker(counters, 10.0)
    counters.video_frames, counters.audio_samples, counters.video_width = 30, 48_000, 640
    facts = LegFacts(path=NetworkPath.RELAYED, media=MediaFacts(frames_sent=25))
    first = maker.make(1, facts, 11.0, frame_samples=FRAME_SAMPLES)
    assert (first.remote_fps, first.remote_audio_frames_per_s, first.sent_fps) == (30, 50, 25)
    assert (first.remote_frames, first.path) == (30, NetworkPath.RELAYED)
    second = maker.make(2, LegFacts(media=MediaFacts(frames_sent=5)), 12.0, frame_samples=FRAME_SAMPLES)
    assert (second.remote_fps, second.sent_fps) == (0, 5)
