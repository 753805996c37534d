"""Notices that the way to the other party is gone long before ICE gives it up (RFC 7675: thirty seconds).

Four signs: packets came and none does any more, in two steps; packets leave and are not reported any more
(``report_watch``); this machine's addresses changed; sending fails. Each costs no more than another leg beside the one
in use, so they may be wrong now and then; what is done is the machine's.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

import ifaddr

from carena_desktop.call.engine.report_watch import BothWays, DeafJudge
from carena_desktop.call.path_events import NetworkChanged, PathHeard, PathQuiet, PathSilent
from carena_desktop.call.ports import EngineEvent
from carena_desktop.clock import Clock

LOOK_S: Final = 0.025
ADDRESSES_EVERY: Final = 20
"""Looks, between two at the addresses: half a second."""
QUIET_S: Final = 0.15
"""Sound alone is a packet each 20 ms."""
ODD_S: Final = 0.25
"""No path is thought to be gone sooner."""
ODD_FACTOR: Final = 2.0
"""Nor before it is quiet for so many times the longest pause of late: packets that get lost in bursts leave pauses."""
LATE_S: Final = 30.0
SILENT_S: Final = 0.6
MISSED: Final = 80
"""Packets that would have come in a silence; of fewer it has to last for a second."""
LONGEST_S: Final = 1.0
LIVELY: Final = 10
"""Packets in the second before: less, and a silence says nothing (camera off, muted, nobody sends)."""
FAILED: Final = 10
"""Sends that failed between two looks at the addresses."""
QUIET_CHANGE_S: Final = 3.0
"""Signs of a change within this are one change."""


class SilenceJudge:
    """Whether a leg fell silent, in two steps. Pure."""

    def __init__(self) -> None:
        self._leg = 0
        self._arrivals: deque[tuple[float, int]] = deque()
        """When packets were seen to have come, and how many in all; of the second before the newest."""
        self._pauses: deque[tuple[float, float]] = deque()
        """When pauses that could be noticed ended, and how long they were."""
        self._is_quiet = False
        self._is_silent = False

    def feed(self, leg: int, packets: int, now: float) -> PathQuiet | PathHeard | PathSilent | None:
        """Return what is new of the leg in front; each step of a silence once.

        Args:
            leg: In front, 0 for none.
            packets: That came over it so far.
            now: Monotonic seconds.
        """
        if leg != self._leg:
            self._leg = leg
            self._arrivals.clear()
            self._is_quiet = self._is_silent = False
        if not self._arrivals or packets != self._arrivals[-1][1]:
            return self._arrived(packets, now)
        (began, before), (last, count) = self._arrivals[0], self._arrivals[-1]
        if leg == 0 or count - before < LIVELY:
            return None
        silence = now - last
        if not self._is_quiet and silence >= QUIET_S:
            self._is_quiet = True
            return PathQuiet(leg, max(0.0, self._odd() - silence))
        missed = silence * (count - before) / max(last - began, LOOK_S)
        if not self._is_silent and (silence >= LONGEST_S or (silence >= SILENT_S and missed >= MISSED)):
            self._is_silent = True
            return PathSilent(leg)
        return None

    def _arrived(self, packets: int, now: float) -> PathHeard | None:
        if self._arrivals and now - self._arrivals[-1][0] >= QUIET_S:
            self._pauses.append((now, now - self._arrivals[-1][0]))
        while self._pauses and now - self._pauses[0][0] > LATE_S:
            self._pauses.popleft()
        self._arrivals.append((now, packets))
        while now - self._arrivals[0][0] > 1.0:
            self._arrivals.popleft()
        was_quiet, self._is_quiet, self._is_silent = self._is_quiet, False, False
        return PathHeard(self._leg) if was_quiet else None

    def _odd(self) -> float:
        """How long this path has not been quiet of late."""
        return max(ODD_S, ODD_FACTOR * max((pause for _, pause in self._pauses), default=0.0))


class ChangeJudge:
    """Whether this machine's network changed. Pure."""

    def __init__(self) -> None:
        self._addresses: frozenset[str] | None = None
        self._failed = 0
        self._told_at = float("-inf")

    def feed(self, addresses: frozenset[str], failed: int, now: float) -> bool:
        """Return whether it has just changed.

        Args:
            addresses: Of this machine.
            failed: Sends that failed so far, all legs together.
            now: Monotonic seconds.
        """
        before, self._addresses = self._addresses, addresses
        more, self._failed = failed - self._failed, failed
        changed = before is not None and addresses != before
        if not changed and (more < FAILED or now - self._told_at < QUIET_CHANGE_S):
            return False
        self._told_at = now
        return True


def own_addresses() -> frozenset[str]:
    """Return the addresses under which this machine can be reached, without loopback and link-local ones."""
    found = set()
    for adapter in ifaddr.get_adapters():
        for entry in adapter.ips:
            address = entry.ip if isinstance(entry.ip, str) else entry.ip[0]
            if not address.startswith(("127.", "169.254.", "fe80")) and address != "::1":
                found.add(address)
    return frozenset(found)


class Watched(Protocol):
    """What is watched of a leg."""

    @property
    def received_packets(self) -> int:
        """That came over its transport."""
        ...

    @property
    def failed_sends(self) -> int:
        """Packets that could not be sent."""
        ...

    @property
    def reports(self) -> tuple[int, float | None]:
        """How many of what we sent came, and since when one is owed, monotonic seconds; None: all is told of."""
        ...


class PathWatch:
    """Looks at the leg in front forty times a second.

    Args:
        front: Returns the number of the leg in front and the leg, None when there is none.
        emit: Takes events.
        clock: The time.
        addresses: Returns this machine's addresses.
    """

    def __init__(
        self,
        front: Callable[[], tuple[int, Watched] | None],
        emit: Callable[[EngineEvent], None],
        clock: Clock,
        addresses: Callable[[], frozenset[str]] = own_addresses,
    ) -> None:
        self._front = front
        self._emit = emit
        self._clock = clock
        self._addresses = addresses
        self._silence = SilenceJudge()
        self._deafness = DeafJudge()
        self._both = BothWays()
        self._change = ChangeJudge()

    async def run(self) -> None:
        """Watch until cancelled."""
        count = 0
        while True:
            await asyncio.sleep(LOOK_S)
            self.look(with_addresses=count % ADDRESSES_EVERY == 0)
            count += 1

    def look(self, *, with_addresses: bool) -> None:
        """Look once."""
        now, front = self._clock.monotonic(), self._front()
        number, packets = (front[0], front[1].received_packets) if front is not None else (0, 0)
        reports, owed = front[1].reports if front is not None else (0, None)
        found = (
            ("in", self._silence.feed(number, packets, now)),
            ("out", self._deafness.feed(number, reports, owed, now)),
        )
        for direction, news in found:
            if (told := self._both.take(direction, news, number)) is not None:
                self._emit(told)
        if with_addresses and front is not None and self._change.feed(self._addresses(), front[1].failed_sends, now):
            self._emit(NetworkChanged())
