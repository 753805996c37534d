"""The shared screen's pictures, handed to every leg, the newest again each second.

Where nothing moves some systems give no new picture. The other party would not know a still screen from a lost one, and
a leg that is made meanwhile would have nothing to show.
"""

import asyncio
from typing import Final

from av import VideoFrame

from carena_desktop.call.engine.feeds import VideoFeed, VideoTrack
from carena_desktop.clock import Clock

REPEAT_S: Final = 1.0
_CHECK_S: Final = 0.1


class ScreenFeed(VideoFeed):
    """Methods are called on the engine's loop."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._newest: VideoFrame | None = None
        self._pushed_at = float("-inf")

    def push(self, frame: VideoFrame) -> None:
        """Hand a picture to every leg, and keep it."""
        self._newest = frame
        self._pushed_at = self._clock.monotonic()
        super().push(frame)

    def subscribe(self) -> VideoTrack:
        """Return a new track for a leg, with what there is to see now."""
        track = super().subscribe()
        self._pushed_at = float("-inf")  # it comes with the next look
        return track

    def clear(self) -> None:
        """Nothing is shared any more: forget the picture, so that it is never shown again."""
        self._newest = None
        for track in self._tracks:
            track.forget()

    async def run(self) -> None:
        """Repeat until cancelled."""
        while True:
            await asyncio.sleep(_CHECK_S)
            if self._newest is not None and self._clock.monotonic() - self._pushed_at >= REPEAT_S:
                self.push(_copied(self._newest))


def _copied(frame: VideoFrame) -> VideoFrame:
    """A picture with a time of its own: an encoder may be at work with the first."""
    return VideoFrame.from_ndarray(frame.to_ndarray(), format=frame.format.name)
