"""Which leg carries the call, which is being made, which is on its way out, and when the next is looked for. Sans-IO.

    coming:  none --open--> offering --> offered --> answered --> connected --safe--> serving
    serving: the one before is leaving, and closed when both sides show the new one

A leg is made beside the one that serves (make before break); if it fails, nothing has happened.
"""

from enum import Enum, StrEnum, auto

from carena_desktop.call import recovery
from carena_desktop.call.ports import OpenLeg
from carena_protocol.messages import IceServer


class LegPhase(StrEnum):
    """Where the coming leg stands; the drawing is the module's docstring."""

    NONE = "none"
    OFFERING = "offering"
    OFFERED = "offered"
    ANSWERED = "answered"
    CONNECTED = "connected"


class Suspicion(Enum):
    """Why the leg in use is not relied on, although it may be well."""

    SILENCE = auto()
    """Nothing comes; when something does, all is well."""
    PATH = auto()
    """The network changed, or the other party says that it hears nothing: only another leg settles it."""


class LegSearch:
    """When the next leg is looked for, and how long that may take. Times are monotonic seconds."""

    def __init__(self) -> None:
        self.attempt = 0
        """Of the newest search; answers to older ones are stale."""
        self.failures = 0
        """In a row."""
        self.active = False
        """Whether the ICE servers are awaited."""
        self.planned = False
        """Whether the leg in use is well, so that this may take its time."""
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

    def answered(self, now: float) -> None:
        """The other party answered: what is left takes a second or two, or fails."""
        self.limit = min(self.limit or now, now) + recovery.CONNECT_LIMIT_S

    def begin_at(self, at: float, *, planned: bool = False) -> None:
        """Look for a leg then; an urgent search is not put off by a planned one."""
        if planned and (self.active or self._at is not None):
            return
        self._at = at
        self.planned = planned

    def stop(self) -> None:
        """No leg is looked for."""
        self.active = False
        self._at = None
        self.limit = None

    def succeeded(self) -> None:
        """A leg works: the handshake is over."""
        self.stop()
        self.failures = 0

    def failed(self, now: float) -> None:
        """Nobody answered, or the leg broke; the next search follows after a delay."""
        self.stop()
        self.failures += 1
        delay = recovery.planned_delay(self.failures) if self.planned else recovery.retry_delay(self.failures)
        self._at = now + delay


class LegTrack:
    """The legs of one call, and the search for the next."""

    def __init__(self) -> None:
        self.search = LegSearch()
        self.number = 0
        """Of the newest leg, 0 before the first."""
        self.serving = 0
        """The leg that carries the call, 0 while there is none."""
        self.coming = 0
        """The leg that is being made, 0 while there is none."""
        self.phase = LegPhase.NONE
        """Of the coming leg."""
        self.spare = 0
        """A leg that is safe and carries nothing, 0 for none; see ``spare``."""
        self.leaving: dict[int, float] = {}
        """Legs that were replaced, and when they are closed at the latest."""
        self.began_at = 0.0
        """When the coming leg was begun."""
        self.offer: str | None = None
        """The coming leg's, while it has no answer."""

    @property
    def all_numbers(self) -> tuple[int, ...]:
        """Every leg that is open, the newest last."""
        return (*self.leaving, *(leg for leg in (self.serving, self.spare, self.coming) if leg))

    def open(
        self, attempt: int, servers: tuple[IceServer, ...], *, relay_only: bool, now: float
    ) -> tuple[tuple[int, ...], OpenLeg] | None:
        """Begin the next leg with the servers that came for ``attempt``; None when they came too late.

        Returns:
            The legs to close before, so that no more than two are open, and the command. The spare is one of them: the
            page knows one leg beside the one in use.
        """
        if not self.search.waits_for(attempt):
            return None
        closing = (*self.leaving, *self.drop_spare(), *self._forget_coming())
        self.leaving.clear()
        self.search.found(now)
        self.began_at = now
        self.number += 1
        self.coming = self.number
        self.phase = LegPhase.OFFERING
        return closing, OpenLeg(self.number, servers, relay_only)

    def offered(self, leg: int, sdp: str) -> bool:
        """Take the offer; False when it is stale."""
        if leg != self.coming or self.phase is not LegPhase.OFFERING:
            return False
        self.phase = LegPhase.OFFERED
        self.offer = sdp
        return True

    def answered(self, leg: int, now: float) -> bool:
        """Take the answer; False when it is stale or a second one."""
        if leg != self.coming or self.phase is not LegPhase.OFFERED:
            return False
        self.phase = LegPhase.ANSWERED
        self.offer = None
        if self.serving or self.number > 1:
            self.search.answered(now)
        return True

    def connected(self, leg: int) -> None:
        """A leg's transport is up."""
        if leg == self.coming:
            self.phase = LegPhase.CONNECTED

    def took_over(self, now: float) -> int:
        """The coming leg is safe and serves now; return the one that leaves, 0 if there is none."""
        before, self.serving, self.coming = self.serving, self.coming, 0
        self.phase = LegPhase.NONE
        self.search.succeeded()
        if before:
            self.leaving[before] = now + recovery.SWAP_LIMIT_S
        return before

    def parked(self) -> None:
        """The coming leg is safe and carries nothing for now."""
        self.spare, self.coming = self.coming, 0
        self.phase = LegPhase.NONE
        self.search.succeeded()

    def use_spare(self) -> None:
        """The spare is the coming leg, which is safe already."""
        self.coming, self.spare = self.spare, 0

    def drop_spare(self) -> tuple[int, ...]:
        """Give the spare up; return what to close."""
        closing = (self.spare,) if self.spare else ()
        self.spare = 0
        return closing

    def coming_failed(self, now: float) -> tuple[int, ...]:
        """Give up the coming leg; return what to close. Another is looked for after a delay."""
        closing = self._forget_coming()
        if not self.search.active:
            self.search.failed(now)
        return closing

    def serving_failed(self, now: float) -> tuple[int, ...]:
        """The leg in use is broken; return what to close. One that is coming goes on, else one is looked for."""
        closing = (*self.leaving, *((self.serving,) if self.serving else ()))
        self.leaving.clear()
        self.serving = 0
        if not self.coming and not self.search.active:
            self.search.failed(now)
        self.search.planned = False
        return closing

    def leave_by(self, at: float) -> None:
        """Legs that were replaced are closed then, if not before."""
        self.leaving = {leg: min(before, at) for leg, before in self.leaving.items()}

    def left(self, leg: int) -> None:
        """A leaving leg is closed."""
        self.leaving.pop(leg, None)

    def drop_coming(self) -> tuple[int, ...]:
        """Give up the coming leg for a better one at once; return what to close."""
        self.search.limit = None
        return self._forget_coming()

    def drop_all(self) -> tuple[int, ...]:
        """Return every open leg and forget them; the next search may begin at once."""
        closing = self.all_numbers
        self.leaving.clear()
        self.serving = self.spare = 0
        self._forget_coming()
        self.search.stop()
        self.search.begin_at(0.0)
        return closing

    def _forget_coming(self) -> tuple[int, ...]:
        closing = (self.coming,) if self.coming else ()
        self.coming = 0
        self.phase = LegPhase.NONE
        self.offer = None
        return closing
