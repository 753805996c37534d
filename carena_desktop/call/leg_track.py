"""Where the newest leg stands, which older ones are still open, and when the next attempt is due. Sans-IO.

none --search--> searching --open--> offering --> offered --> answered --> connected
any --failed--> none, and the next search after a delay
connected --search_later--> connected, searching beside it: the leg stays until a new one is begun
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


class LegTrack:
    """The legs of one call. Times are monotonic seconds."""

    def __init__(self) -> None:
        self.number = 0
        """Of the newest leg, 0 before the first."""
        self.attempt = 0
        """Of the newest search; answers to older ones are stale."""
        self.phase = LegPhase.NONE
        self._older: tuple[int, ...] = ()
        self._offer: str | None = None
        self._failures = 0
        self._searching = False
        self._search_at: float | None = 0.0
        self._limit: float | None = None

    @property
    def limit(self) -> float | None:
        """When the search or the handshake has taken too long."""
        return self._limit

    @property
    def search_at(self) -> float | None:
        """When the next search may begin; None while none is wanted."""
        return None if self._searching else self._search_at

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

    def is_searching(self, attempt: int) -> bool:
        """Whether ``attempt`` is the newest and its ICE servers have not come."""
        return attempt == self.attempt and self._searching

    def is_offering(self, attempt: int) -> bool:
        """Whether ``attempt`` is the newest and its leg's offer has no answer."""
        return attempt == self.attempt and not self._searching and self.phase is LegPhase.OFFERED

    def search(self, now: float) -> int | None:
        """Return the number of a new attempt when one is due, else None."""
        if self._searching or self._search_at is None or now < self._search_at:
            return None
        self.attempt += 1
        self._searching = True
        self._search_at = None
        self._limit = now + recovery.HANDSHAKE_LIMIT_S
        return self.attempt

    def search_later(self, now: float) -> None:
        """Look for a new leg beside the connected one, which has fallen silent."""
        self._search_at = now

    def stop_searching(self) -> None:
        """The connected leg is well again."""
        self._searching = False
        self._search_at = None
        self._limit = None

    def open(self, attempt: int, servers: tuple[IceServer, ...], *, relay_only: bool, now: float) -> OpenLeg | None:
        """Begin the next leg with the servers that came for ``attempt``; None when they came too late."""
        if not self.is_searching(attempt):
            return None
        self._older = self.all_numbers
        self._searching = False
        self.number += 1
        self.phase = LegPhase.OFFERING
        self._limit = now + recovery.HANDSHAKE_LIMIT_S
        return OpenLeg(self.number, recovery.order_servers(servers, self._failures), relay_only)

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

    def settled(self) -> None:
        """The newest leg's data channel is open: the handshake is over."""
        self._limit = None
        self._failures = 0

    def take_older(self) -> tuple[int, ...]:
        """Return the legs that the newest one replaces, and forget them."""
        older, self._older = self._older, ()
        return older

    def expired(self, now: float) -> bool:
        """Whether the search or the handshake has taken too long."""
        return self._limit is not None and now >= self._limit

    def search_failed(self, now: float) -> None:
        """Nobody answered; the next search follows after a delay. A connected leg stays: it may speak again."""
        self._failures += 1
        self._searching = False
        self._limit = None
        self._search_at = now + recovery.retry_delay(self._failures)

    def failed(self, now: float) -> tuple[int, ...]:
        """Give up the newest leg; return the legs to close. A search under way goes on, else one follows later."""
        searching, limit = self._searching, self._limit
        closing = self.drop_all()
        if searching:
            self._searching, self._limit = searching, limit
            self._search_at = None
        else:
            self._failures += 1
            self._search_at = now + recovery.retry_delay(self._failures)
        return closing

    def drop_all(self) -> tuple[int, ...]:
        """Return every open leg and forget them; the next search may begin at once."""
        closing = self.all_numbers
        self._older = ()
        self.phase = LegPhase.NONE
        self._offer = None
        self._searching = False
        self._limit = None
        self._search_at = 0.0
        return closing

    def forgive(self) -> None:
        """A new page has no history of failures."""
        self._failures = 0
