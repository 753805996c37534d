"""Notices that the other party gets nothing from us any more, although what it sends still comes. Pure.

Whoever gets video packets reports them several times a second (``transport_feedback``). When packets leave and no
report comes, a firewall has closed the path in that direction, or the reports' way back is gone; either way another leg
is needed. A party that reports nothing (no camera, no screen, or another program) is judged by its heartbeats alone.
"""

from collections import deque
from typing import Final

from carena_desktop.call.path_events import PathHeard, PathQuiet, PathSilent

BEFORE: Final = 10
"""Reports of a leg before their absence means something."""
QUIET_S: Final = 0.3
"""Browsers report each 0.05 to 0.25 s."""
ODD_S: Final = 0.6
"""Nobody is thought to be deaf sooner: a few reports in a row get lost on a bad link."""
ODD_FACTOR: Final = 3.0
"""Nor before so many times the longest wait of late."""
NOTED_S: Final = 0.15
"""Of a wait that is remembered."""
LATE_S: Final = 30.0
SILENT_S: Final = 1.0


class DeafJudge:
    """Whether the other party of the leg in front hears us, in the steps of ``path_watch.SilenceJudge``."""

    def __init__(self) -> None:
        self._leg = 0
        self._reports = -1
        self._heard = 0
        """Reports of this leg since it is in front."""
        self._owed_since: float | None = None
        self._waits: deque[tuple[float, float]] = deque()
        """When waits that could be noticed ended, and how long they were."""
        self._is_quiet = False
        self._is_silent = False

    def feed(
        self, leg: int, reports: int, owed_since: float | None, now: float
    ) -> PathQuiet | PathHeard | PathSilent | None:
        """Return what is new; each step of a silence once.

        Args:
            leg: In front, 0 for none.
            reports: That came over it so far.
            owed_since: When the first packet left that none of them can have told of; None when all were told of.
            now: Monotonic seconds.
        """
        if leg != self._leg:
            self._leg, self._reports, self._heard = leg, reports, 0
            self._is_quiet = self._is_silent = False
        if reports != self._reports:
            return self._reported(reports, now)
        self._owed_since = owed_since
        if leg == 0 or owed_since is None or self._heard < BEFORE:
            return None
        waited = now - owed_since
        if not self._is_quiet and waited >= QUIET_S:
            self._is_quiet = True
            return PathQuiet(leg, max(0.0, self._odd() - waited))
        if not self._is_silent and waited >= max(SILENT_S, self._odd()):
            self._is_silent = True
            return PathSilent(leg)
        return None

    def _reported(self, reports: int, now: float) -> PathHeard | None:
        self._heard += reports - self._reports
        self._reports = reports
        if self._owed_since is not None and now - self._owed_since >= NOTED_S:
            self._waits.append((now, now - self._owed_since))
        while self._waits and now - self._waits[0][0] > LATE_S:
            self._waits.popleft()
        was_quiet, self._is_quiet, self._is_silent = self._is_quiet, False, False
        self._owed_since = None
        return PathHeard(self._leg) if was_quiet else None

    def _odd(self) -> float:
        return max(ODD_S, ODD_FACTOR * max((wait for _, wait in self._waits), default=0.0))


class BothWays:
    """Two judges of one leg: it is heard again when both say so."""

    def __init__(self) -> None:
        self._quiet: set[str] = set()
        self._leg = 0

    def take(
        self, direction: str, news: PathQuiet | PathHeard | PathSilent | None, leg: int
    ) -> PathQuiet | PathHeard | PathSilent | None:
        """Return what to tell of a judge's news about the leg in front."""
        if leg != self._leg:
            self._leg = leg
            self._quiet.clear()
        if isinstance(news, PathHeard):
            self._quiet.discard(direction)
            return None if self._quiet else news
        if isinstance(news, PathQuiet):
            was_quiet = bool(self._quiet)
            self._quiet.add(direction)
            return None if was_quiet else news
        return news
