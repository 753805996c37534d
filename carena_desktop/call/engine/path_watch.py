"""Notices that the way to the other party is gone long before ICE gives it up (RFC 7675: thirty seconds).

Three signs: packets came and for a second none has; this machine's addresses changed; sending fails. Each costs no more
than another leg beside the one in use, so they may be wrong now and then; what is done about them is the machine's.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

import ifaddr

from carena_desktop.call.path_events import NetworkChanged, PathSilent
from carena_desktop.call.ports import EngineEvent
from carena_desktop.clock import Clock

LOOK_S: Final = 0.1
ADDRESSES_EVERY: Final = 5
"""Looks, between two at the addresses: half a second."""
SILENT_S: Final = 1.0
LIVELY: Final = 10
"""Packets in the second before: less, and a silence says nothing (camera off, muted, nobody sends)."""
FAILED: Final = 10
"""Sends that failed between two looks at the addresses."""
QUIET_S: Final = 3.0
"""Signs of a change within this are one change."""


class SilenceJudge:
    """Whether a leg fell silent. Pure."""

    def __init__(self) -> None:
        self._leg = 0
        self._arrivals: deque[tuple[float, int]] = deque()
        """When packets were seen to have come, and how many in all; of the second before the newest."""
        self._told = False

    def feed(self, leg: int, packets: int, now: float) -> bool:
        """Return whether the leg in front has just fallen silent; once for each silence.

        Args:
            leg: In front, 0 for none.
            packets: That came over it so far.
            now: Monotonic seconds.
        """
        if leg != self._leg:
            self._leg = leg
            self._arrivals.clear()
        if not self._arrivals or packets != self._arrivals[-1][1]:
            self._told = False
            self._arrivals.append((now, packets))
            while now - self._arrivals[0][0] > SILENT_S:
                self._arrivals.popleft()
            return False
        (_, before), (last, count) = self._arrivals[0], self._arrivals[-1]
        if leg == 0 or self._told or now - last < SILENT_S or count - before < LIVELY:
            return False
        self._told = True
        return True


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
        if not changed and (more < FAILED or now - self._told_at < QUIET_S):
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


class PathWatch:
    """Looks at the leg in front ten times a second.

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
        if self._silence.feed(number, packets, now):
            self._emit(PathSilent(number))
        if with_addresses and front is not None and self._change.feed(self._addresses(), front[1].failed_sends, now):
            self._emit(NetworkChanged())
