"""Whether the screen that the other party shares is really to be seen. Sans-IO.

It says when it begins and ends to share; that it goes on is judged by pictures. A still screen gives one each second
(``engine.screen_feed``; browsers do the same), so one that has stopped coming is not shown any more: what is on it may
be long past.
"""

from typing import Final

STILL_S: Final = 6.0


class ScreenWatch:
    """Of one visit. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._is_shared = False
        self._came_at = 0.0
        self._now = 0.0

    @property
    def is_shared(self) -> bool:
        """Whether the other party says that it shares."""
        return self._is_shared

    @property
    def shows(self) -> bool:
        """Whether what comes may be shown."""
        return self._is_shared and self._now - self._came_at < STILL_S

    def said(self, *, shared: bool, now: float) -> None:
        """The other party says whether it shares a screen."""
        if shared and not self._is_shared:
            self._came_at = now  # it is on its way
        self._is_shared = shared
        self._now = max(self._now, now)

    def measured(self, fps: float, now: float) -> None:
        """Take how many of its pictures came in the last second."""
        if fps > 0:
            self._came_at = now
        self._now = max(self._now, now)
