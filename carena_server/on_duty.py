"""Who of the staff is here now: the directory, the connected sessions and what each person says of themselves."""

from collections.abc import Mapping
from typing import Final

import msgspec

from carena_protocol.permissions import Permission
from carena_protocol.rows import Room, StaffMember, StaffPresence
from carena_protocol.visit import STAFF_STATES
from carena_server import opening
from carena_server.clock import Clock
from carena_server.directory import Directory
from carena_server.repository import DirectoryStore
from carena_server.sessions import Hub, Session
from carena_server.visits import Visit

_LINGER_S: Final = 10.0
"""A desktop that reconnects within this was never away."""
_BEST_FIRST: Final = (StaffPresence.AVAILABLE, StaffPresence.BUSY, StaffPresence.AWAY)


class OnDuty:
    """Keeps the directory up to date, and presence in memory: after a restart everyone is as their desktop says."""

    def __init__(self, store: DirectoryStore, hub: Hub, clock: Clock) -> None:
        self.directory = Directory()
        self._store = store
        self._hub = hub
        self._clock = clock
        self._chosen: dict[str, tuple[str, StaffPresence]] = {}
        self._since: dict[str, tuple[StaffPresence, int]] = {}

    async def refresh(self) -> bool:
        """Read the directory if it has changed; whether it has."""
        if await self._store.version() == self.directory.version and self.directory.rooms:
            return False
        self.directory = await self._store.read(self._clock.wall_ms())
        return True

    def choose(self, session: Session, presence: StaffPresence) -> None:
        """Somebody says how they can be reached; it holds as long as the session they said it in."""
        self._chosen[session.principal.id] = (session.grant.key, presence)

    def presence(self, user: str) -> StaffPresence:
        """Return how somebody can be reached now."""
        if not self._here(user):
            return StaffPresence.OFFLINE
        key, chosen = self._chosen.get(user, ("", StaffPresence.AVAILABLE))
        return chosen if self._hub.get(key) is not None else StaffPresence.AVAILABLE

    def members(self, visits: list[Visit]) -> tuple[StaffMember, ...]:
        """Return every caring colleague, by name."""
        running: dict[str, int] = {}
        for visit in visits:
            if visit.state in STAFF_STATES and visit.clinician_id is not None and visit.admitted_at is not None:
                running[visit.clinician_id] = running.get(visit.clinician_id, 0) + 1
        return tuple(
            StaffMember(
                id=colleague.id,
                name=colleague.name,
                role=colleague.role,
                presence=self.presence(colleague.id),
                in_visit=running.get(colleague.id, 0),
                since=self._since_when(colleague.id),
            )
            for colleague in sorted(self.directory.caring(), key=lambda c: (c.name, c.id))
        )

    def serving(self) -> Mapping[str, list[StaffPresence]]:
        """Return how those who serve each room can be reached; nobody who is offline."""
        here = [(c, self.presence(c.id)) for c in self.directory.caring()]
        return {
            room: [presence for c, presence in here if presence is not StaffPresence.OFFLINE and c.serves(room)]
            for room in self.directory.rooms
        }

    def rooms_for(self, session: Session) -> tuple[Room, ...]:
        """Return the rooms a session sees, as they are now."""
        visible, now = self.visible(session), self._clock.wall_ms()
        return tuple(
            msgspec.structs.replace(room, is_open=opening.is_open(room, now))
            for room in sorted(self.directory.rooms.values(), key=lambda r: r.name)
            if visible is None or room.id in visible
        )

    def visible(self, session: Session) -> frozenset[str] | None:
        """Return the rooms whose patients a session may see; None: all.

        Asked again with everything that is sent: emergency access that is over shows nobody any more.
        """
        who, now = session.principal, self._clock.wall_ms()
        if not self.directory.may(who.id, who.role, Permission.SEE_QUEUE, now):
            return frozenset()
        return self.directory.rooms_of(who.id, now, reading=True)

    def _since_when(self, user: str) -> int | None:
        now = self.presence(user)
        before = self._since.get(user)
        if before is None or before[0] is not now:
            self._since[user] = (now, self._clock.wall_ms())
        return self._since[user][1]

    def _here(self, user: str) -> bool:
        return self._hub.is_here(user, self._clock.monotonic(), _LINGER_S)


def at_work(presences: list[StaffPresence]) -> int:
    """Return how many of those who are there take patients now: who is away for a while shortens nobody's wait."""
    return sum(presence is not StaffPresence.AWAY for presence in presences)


def best(presences: list[StaffPresence]) -> StaffPresence | None:
    """Return the best that can be said of several; None: nobody is there."""
    return next((presence for presence in _BEST_FIRST if presence in presences), None)
