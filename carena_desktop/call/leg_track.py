"""Where the newest leg stands, which older ones are still open, and when the next attempt is due. Sans-IO.

none --search.begin--> searching --open--> offering --> offered --> answered --> connected
any --failed--> none, and the next search after a delay
connected --search.begin_at--> connected, searching beside it: the leg stays until a new one is begun
"""

from enum import StrEnum

from carena_desktop.call import recovery
from carena_desktop.call.ports import OpenLeg
from carena_protocol.messages import IceServer


class LegPhase(StrEnum):
    """Where the newest leg stands; the drawing is the module's docstring."""

    NONE = "none"
    OFFERING = "offering"
    OFFERED = "offered"
    ANSWERED = "answered"
    CONNECTED = "connected"


class LegSearch:
    """When the next leg is looked for, and how long that may take. Times are monotonic seconds."""

    def __init__(self) -> None:
        self.attempt = 0
        """Of the newest search; answers to older ones are stale."""
        self.failures = 0
        """In a row."""
        self.active = False
        """Whether the ICE servers are awaited."""
        self._at: float | None = 0.0
        self.limit: float | None = None
        """When the search, or the handshake that follows it, has taken too long."""

    @property
    def at(self) -> float | None:
        """When the next search may begin; None while none is wanted."""
        return None if self.active else self._at

    def waits_for(self, attempt: int) -> bool:
        """Whether ``attempt`` is the newest and its ICE servers have not come."""
        return attempt == self.attempt and self.active

    def expired(self, now: float) -> bool:
        """Whether the search or the handshake has taken too long."""
        return self.limit is not None and now >= self.limit

    def begin(self, now: float) -> int | None:
        """Return the number of a new attempt when one is due, else None."""
        if self.active or self._at is None or now < self._at:
            return None
        self.attempt += 1
        self.active = True
        self._at = None
        self.limit = now + recovery.HANDSHAKE_LIMIT_S
        return self.attempt

    def found(self, now: float) -> None:
        """The servers came: the handshake has its time."""
        self.active = False
        self.limit = now + recovery.HANDSHAKE_LIMIT_S

    def begin_at(self, at: float) -> None:
        """Look for a leg then, also beside a connected one that has fallen silent."""
        self._at = at

    def stop(self) -> None:
        """No leg is looked for."""
        self.active = False
        self._at = None
        self.limit = None

    def succeeded(self) -> None:
        """A leg works: the handshake is over."""
        self.limit = None
        self.failures = 0

    def failed(self, now: float) -> None:
        """Nobody answered, or the leg broke; the next search follows after a delay."""
        self.stop()
        self.failures += 1
        self._at = now + recovery.retry_delay(self.failures)


class LegTrack:
    """The legs of one call, and the search for the next."""

    def __init__(self) -> None:
        self.search = LegSearch()
        self.number = 0
        """Of the newest leg, 0 before the first."""
        self.phase = LegPhase.NONE
        self._older: tuple[int, ...] = ()
        self._offer: str | None = None

    @property
    def all_numbers(self) -> tuple[int, ...]:
        """Every leg that is open, the newest last."""
        return (*self._older, *((self.number,) if self.phase is not LegPhase.NONE else ()))

    @property
    def offer_in_flight(self) -> str | None:
        """The newest leg's offer while it has no answer."""
        return self._offer if self.phase is LegPhase.OFFERED else None

    def is_current(self, leg: int) -> bool:
        """Whether ``leg`` is the newest and not given up."""
        return leg == self.number and self.phase is not LegPhase.NONE

    def is_offering(self, attempt: int) -> bool:
        """Whether ``attempt`` is the newest and its leg's offer has no answer."""
        return attempt == self.search.attempt and not self.search.active and self.phase is LegPhase.OFFERED

    def open(self, attempt: int, servers: tuple[IceServer, ...], *, relay_only: bool, now: float) -> OpenLeg | None:
        """Begin the next leg with the servers that came for ``attempt``; None when they came too late."""
        if not self.search.waits_for(attempt):
            return None
        self._older = self.all_numbers
        self.search.found(now)
        self.number += 1
        self.phase = LegPhase.OFFERING
        return OpenLeg(self.number, servers, relay_only)

    def offered(self, leg: int, sdp: str) -> bool:
        """Take the offer; False when it is stale."""
        if leg != self.number or self.phase is not LegPhase.OFFERING:
            return False
        self.phase = LegPhase.OFFERED
        self._offer = sdp
        return True

    def answered(self, leg: int) -> bool:
        """Take the answer; False when it is stale or a second one."""
        if leg != self.number or self.phase is not LegPhase.OFFERED:
            return False
        self.phase = LegPhase.ANSWERED
        self._offer = None
        return True

    def connected(self) -> None:
        """The newest leg's transport is up."""
        if self.phase is not LegPhase.NONE:
            self.phase = LegPhase.CONNECTED

    def take_older(self) -> tuple[int, ...]:
        """Return the legs that the newest one replaces, and forget them."""
        older, self._older = self._older, ()
        return older

    def failed(self, now: float) -> tuple[int, ...]:
        """Give up the newest leg; return the legs to close. A search under way goes on, else one follows later."""
        closing = self._forget_all()
        if not self.search.active:
            self.search.failed(now)
        return closing

    def drop_all(self) -> tuple[int, ...]:
        """Return every open leg and forget them; the next search may begin at once."""
        self.search.stop()
        self.search.begin_at(0.0)
        return self._forget_all()

    def _forget_all(self) -> tuple[int, ...]:
        closing = self.all_numbers
        self._older = ()
        self.phase = LegPhase.NONE
        self._offer = None
        return closing
