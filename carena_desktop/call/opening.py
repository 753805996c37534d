"""Whether frames are sealed and opened, and for how long they have not been. Sans-IO.

Keys that were not renewed for two minutes seal nothing more; frames that can't be opened are never shown. Both are said
("securing the connection"), another leg is made for both, and when that takes too long the call ends.
"""

from carena_desktop.call import recovery
from carena_desktop.call.model import CallFigures


class Opening:
    """Of the leg in use. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._stale_since: float | None = None
        self._blind_since: float | None = None
        self._unopened = 0
        self._asked = False

    def measured(self, figures: CallFigures, now: float) -> None:
        """Take a second's figures: nothing came that could be opened, though something came, or not."""
        grew = figures.unopened > self._unopened
        self._unopened = figures.unopened
        if figures.remote_fps > 0 or figures.remote_audio_frames_per_s > 0:
            self._blind_since = None
        elif grew and self._blind_since is None:
            self._blind_since = now

    def stale(self, now: float) -> None:
        """The keys are too old."""
        if self._stale_since is None:
            self._stale_since = now
            self._asked = False

    def put_right(self) -> None:
        """Another leg is safe."""
        self._stale_since = self._blind_since = None
        self._asked = False
        self._unopened = 0

    def is_told(self, now: float) -> bool:
        """Whether the person is to be told."""
        return self._stale_since is not None or _for(self._blind_since, now, recovery.BLIND_S)

    def wants_leg(self, now: float) -> bool:
        """Whether another leg has to be made; once for each trouble."""
        wanted = self._stale_since is not None or _for(self._blind_since, now, recovery.BLIND_LIMIT_S)
        if not wanted or self._asked:
            return False
        self._asked = True
        return True

    def is_given_up(self, now: float) -> bool:
        """Whether it took too long."""
        return _for(self._stale_since, now, recovery.SECURING_LIMIT_S)

    def deadline(self, now: float) -> float | None:
        """When something of this changes, later than ``now``."""
        blind, stale = self._blind_since, self._stale_since
        moments = [blind + after for after in (recovery.BLIND_S, recovery.BLIND_LIMIT_S)] if blind is not None else []
        if stale is not None:
            moments.append(stale + recovery.SECURING_LIMIT_S)
        return min((at for at in moments if at > now), default=None)


def _for(since: float | None, now: float, seconds: float) -> bool:
    return since is not None and now >= since + seconds
