"""Whether the patient's picture is still that of now. A face that stands still looks as live as one that moves."""

from typing import Final

OLD_AFTER_MS: Final = 2000
"""Later than this after the last one a picture must not pass for a live one."""


class Freshness:
    """Counts from the last picture; knows nothing of why none comes. Times are ms of one clock, which may be set."""

    def __init__(self) -> None:
        self._since: int | None = None

    def forget(self) -> None:
        """Another visit: there is no picture yet, and none that could be old."""
        self._since = None

    def came(self, now_ms: int) -> None:
        """A picture has come, or nobody could have seen one until now."""
        self._since = now_ms

    def is_old(self, now_ms: int) -> bool:
        """Whether what is shown is too old to be taken for live."""
        if self._since is None:
            return False
        self._since = min(self._since, now_ms)
        return now_ms - self._since > OLD_AFTER_MS
