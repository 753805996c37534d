"""How fast anybody may try: passwords, link secrets, frames. Pure; the caller says what time it is.

An account is slowed down, never locked: whoever knows only a username must not be able to keep its owner out. So
every delay is per source address (IPv6: per /64), at most ``MAX_DELAY_S``, and attempts made during a delay do not
prolong it. When an account is attacked from many addresses, each address gets one free attempt instead of ten, except
those its owner has signed in from; a shared counter never delays anybody.
"""

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

MAX_DELAY_S: Final = 25.0
WINDOW_S: Final = 30 * 60.0
FREE_FAILURES: Final = 10
SUSPICIOUS_FAILURES: Final = 100
"""Failures on one account, from anywhere, after which unknown addresses get a single free attempt."""
_MAX_KEYS: Final = 20_000


def source(address: str) -> str:
    """Return the throttling unit of an address: the IPv4 address itself, the /64 of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.IPv6Network((parsed, 64), strict=False).network_address) + "/64"
    return str(parsed)


@dataclass(slots=True)
class _Failures:
    count: int = 0
    last: float = 0.0
    not_before: float = 0.0


@dataclass(slots=True)
class _Counter:
    """Failures by key, the least recently touched forgotten first, so that memory is bounded."""

    entries: OrderedDict[tuple[str, ...], _Failures] = field(default_factory=OrderedDict)

    def get(self, key: tuple[str, ...], now: float) -> _Failures | None:
        entry = self.entries.get(key)
        if entry is not None and now - entry.last > WINDOW_S:
            del self.entries[key]
            return None
        return entry

    def add(self, key: tuple[str, ...], now: float) -> _Failures:
        entry = self.get(key, now) or _Failures()
        entry.count += 1
        entry.last = now
        self.entries[key] = entry
        self.entries.move_to_end(key)
        while len(self.entries) > _MAX_KEYS:
            self.entries.popitem(last=False)
        return entry


class LoginThrottle:
    """Delays password attempts per account and source."""

    def __init__(self) -> None:
        self._pairs = _Counter()
        self._accounts = _Counter()
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()

    def delay(self, account: str, address: str, now: float) -> float:
        """Return the seconds to wait before the next attempt; 0 when it may be made now."""
        entry = self._pairs.get((account, address), now)
        if entry is None:
            return 0.0
        return min(MAX_DELAY_S, max(0.0, entry.not_before - now))  # the sum may have been rounded up

    def failed(self, account: str, address: str, now: float) -> None:
        """A wrong password was checked."""
        entry = self._pairs.add((account, address), now)
        total = self._accounts.add((account,), now).count
        attacked = total > SUSPICIOUS_FAILURES and (account, address) not in self._known
        excess = entry.count - (1 if attacked else FREE_FAILURES)
        if excess >= 0:
            entry.not_before = now + min(MAX_DELAY_S, 2.0 ** min(excess, 10))

    def succeeded(self, account: str, address: str) -> None:
        """The right password came from ``address``: its failures are forgiven and it is known from now on."""
        self._pairs.entries.pop((account, address), None)
        self._known[account, address] = None
        self._known.move_to_end((account, address))
        while len(self._known) > _MAX_KEYS:
            self._known.popitem(last=False)


class AttemptThrottle:
    """At most ``limit`` failures per source and window; used for visit link secrets."""

    def __init__(self, limit: int, window_s: float) -> None:
        self._limit = limit
        self._window_s = window_s
        self._sources: OrderedDict[str, list[float]] = OrderedDict()

    def delay(self, address: str, now: float) -> float:
        """Return the seconds until the next attempt is allowed; 0 when it is now."""
        recent = [t for t in self._sources.get(address, ()) if now - t < self._window_s]
        return 0.0 if len(recent) < self._limit else max(0.0, recent[-self._limit] + self._window_s - now)

    def failed(self, address: str, now: float) -> None:
        """A wrong secret came from ``address``."""
        recent = [t for t in self._sources.get(address, ()) if now - t < self._window_s]
        self._sources[address] = [*recent, now][-self._limit :]
        self._sources.move_to_end(address)
        while len(self._sources) > _MAX_KEYS:
            self._sources.popitem(last=False)


@dataclass(slots=True)
class TokenBucket:
    """Frames per second of one session: ``rate`` in the long run, ``burst`` at once."""

    rate: float
    burst: float
    _level: float = field(default=-1.0)
    _at: float = 0.0

    def take(self, now: float) -> bool:
        """Use one unit; False when there is none."""
        if self._level < 0:
            self._level, self._at = self.burst, now
        self._level = min(self.burst, self._level + max(0.0, now - self._at) * self.rate)
        self._at = now
        if self._level < 1:
            return False
        self._level -= 1
        return True

    def wait(self) -> float:
        """Seconds until one unit is there again, after a failed ``take``."""
        return max(0.0, (1 - self._level) / self.rate)
