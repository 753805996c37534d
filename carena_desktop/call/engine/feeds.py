"""What the devices capture, handed to every leg.

A feed outlives the legs: closing a peer connection stops its senders' tracks, and the next leg subscribes anew. With
the device closed a feed is silent: tracks wait and no packet leaves. Muted, the samples are replaced by zeros here, at
one place, before any encoder sees them.
"""

import asyncio
import fractions
from collections import deque
from typing import Final

import numpy as np
from aiortc import MediaStreamTrack
from aiortc.mediastreams import VIDEO_CLOCK_RATE, VIDEO_TIME_BASE, MediaStreamError
from av import AudioFrame, VideoFrame

from carena_desktop.call.engine.devices import FRAME_SAMPLES, SAMPLE_RATE, Samples
from carena_desktop.clock import Clock

AUDIO_TIME_BASE: Final = fractions.Fraction(1, SAMPLE_RATE)
MAX_WAITING_AUDIO: Final = 10
_RESYNC_SAMPLES: Final = 5 * FRAME_SAMPLES


class _FeedTrack(MediaStreamTrack):
    """A leg's share of a feed; keeps ``depth`` frames at most, the newest."""

    def __init__(self, depth: int) -> None:
        super().__init__()
        self._frames: deque[AudioFrame | VideoFrame] = deque(maxlen=depth)
        self._arrived = asyncio.Event()

    def push(self, frame: AudioFrame | VideoFrame) -> None:
        self._frames.append(frame)
        self._arrived.set()

    def flush(self) -> None:
        """Forget what waits but the newest: a leg that was being made has no use for what is past."""
        while len(self._frames) > 1:
            self._frames.popleft()

    def forget(self) -> None:
        """Forget all that waits."""
        self._frames.clear()

    async def recv(self) -> AudioFrame | VideoFrame:
        """Return the next frame; raises MediaStreamError once stopped."""
        while not self._frames:
            if self.readyState != "live":
                raise MediaStreamError
            self._arrived.clear()
            await self._arrived.wait()
        return self._frames.popleft()

    def stop(self) -> None:
        """Stop; a waiting ``recv`` ends."""
        super().stop()
        self._frames.clear()
        self._arrived.set()


class VideoTrack(_FeedTrack):
    """Newest picture only: an encoder that is late skips."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__(1)


class AudioTrack(_FeedTrack):
    """20 ms frames in order, 200 ms at most."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__(MAX_WAITING_AUDIO)


class VideoFeed:
    """The camera's frames. Methods are called on the engine's loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._start = clock.monotonic()
        self._tracks: list[VideoTrack] = []

    def push(self, frame: VideoFrame) -> None:
        """Hand a frame to every leg, stamped with the time of capture."""
        frame.pts = int((self._clock.monotonic() - self._start) * VIDEO_CLOCK_RATE)
        frame.time_base = VIDEO_TIME_BASE
        self._tracks = [track for track in self._tracks if track.readyState == "live"]
        for track in self._tracks:
            track.push(frame)

    def subscribe(self) -> VideoTrack:
        """Return a new track for a leg."""
        track = VideoTrack()
        self._tracks.append(track)
        return track


class AudioFeed:
    """The microphone's samples. Methods are called on the engine's loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._start = clock.monotonic()
        self._pts = 0
        self._tracks: list[AudioTrack] = []
        self.muted = True
        """Whether zeros leave instead of what the microphone hears."""

    def push(self, samples: Samples) -> None:
        """Hand 20 ms to every leg."""
        now = int((self._clock.monotonic() - self._start) * SAMPLE_RATE)
        if abs(now - self._pts) > _RESYNC_SAMPLES:  # the device was closed meanwhile: its time went on
            self._pts = now
        self._tracks = [track for track in self._tracks if track.readyState == "live"]
        heard = np.zeros_like(samples) if self.muted else samples
        for track in self._tracks:
            frame = AudioFrame(format="s16", layout="mono", samples=len(heard))
            frame.planes[0].update(heard)  # type: ignore[arg-type]  # any buffer
            frame.sample_rate = SAMPLE_RATE
            frame.pts = self._pts
            frame.time_base = AUDIO_TIME_BASE
            track.push(frame)
        self._pts += len(samples)

    def subscribe(self) -> AudioTrack:
        """Return a new track for a leg."""
        track = AudioTrack()
        self._tracks.append(track)
        return track
