"""The live queue between the store and the sessions: reads what changed, tells everyone concerned.

Telling is idempotent: what a session was told is compared with what it should know, so a missed hint, a restart or a
reconnect needs no case of its own. It may not change a visit; that is ``commands``.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from carena_protocol import limits
from carena_protocol.errors import CloseCode
from carena_protocol.messages import PeerPresence, ServerMessage, VisitState, VisitStatus
from carena_protocol.news import Rooms, Staff
from carena_protocol.visit import OPEN_STATES, PARTY_STATES
from carena_server.backplane import QUEUE_CHANGED, Backplane
from carena_server.estimates import Estimates
from carena_server.gone import GoneList
from carena_server.on_duty import OnDuty, at_work, best
from carena_server.repository import VisitStore
from carena_server.sessions import Hub, Session
from carena_server.visits import Visit
from carena_server.waiting_room import GapError, Outlook, WaitingRoom, status

_TICK_S: Final = 1.0
_VISITS_TO_ESTIMATE: Final = 20
_PACE: Final = 64
"""Messages of a large snapshot between two pauses for a slow connection."""


class LiveQueue:
    """Keeps ``room`` and every session's view of it up to date."""

    def __init__(
        self, store: VisitStore, hub: Hub, backplane: Backplane, *, room: WaitingRoom, on_duty: OnDuty, gone: GoneList
    ) -> None:
        self.room = room
        self._gone = gone
        self.on_duty = on_duty
        self._store = store
        self._hub = hub
        self._lock = asyncio.Lock()
        self._hint = asyncio.Event()
        self._on_closed: list[Callable[[], None]] = []
        self._on_changed: list[Callable[[Sequence[Visit]], None]] = []
        self._estimates = Estimates()
        self._told: tuple[object, ...] = ()
        backplane.subscribe(QUEUE_CHANGED, self._hint.set)

    def on_closed(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` after visits were closed: there is patient text to scrub."""
        self._on_closed.append(callback)

    def on_changed(self, callback: Callable[[Sequence[Visit]], None]) -> None:
        """Call ``callback`` with the rows that changed, closed ones too."""
        self._on_changed.append(callback)

    async def load(self) -> None:
        """Read everything; before the first session."""
        await self.on_duty.refresh()
        self._estimates = Estimates(await self._store.durations(_VISITS_TO_ESTIMATE))
        self.room.load(await self._store.whole_queue(limits.QUEUE_DELTAS_PER_RESUME))
        await self._gone.load()

    async def follow(self) -> None:
        """Refresh at every hint, and now and then without one."""
        while True:
            try:
                async with asyncio.timeout(_TICK_S):
                    await self._hint.wait()
            except TimeoutError:
                pass
            self._hint.clear()
            await self.refresh()

    async def refresh(self) -> None:
        """Read what was committed since the last time and tell everyone. Afterwards the room shows it."""
        async with self._lock:
            page = await self._store.queue_since(self.room.version)
            if page.complete and not page.events:
                await self._gone.refresh()
                return
            try:
                changed = self.room.apply(page)
            except GapError:
                before = {visit.id for visit in self.room.visits()}
                self.room.load(await self._store.whole_queue(limits.QUEUE_DELTAS_PER_RESUME))
                gone = before - {visit.id for visit in self.room.visits()}
                changed = [row for row in [await self._store.visit(v) for v in gone] if row is not None]
            self._tell(changed)
            await self._gone.refresh(changed)

    async def subscribe(self, session: Session, since: int | None) -> None:
        """Bring a member of staff up to date; from then on ``refresh`` keeps the session so."""
        visible = self.on_duty.visible(session)
        deltas = None if since is None or session.visible_sent != visible else self.room.deltas(since, visible)
        session.visible_sent = visible
        if deltas is not None:
            for delta in deltas:
                session.send(delta)
            session.queue_cursor = self.room.version
            self.tell_surroundings(session)
            return
        session.syncing = True
        session.queue_cursor = self.room.version
        try:
            # Built at once, sent in pieces: the connection's buffer is bounded, and this client is not slow.
            for count, message in enumerate(list(self.room.snapshot(visible)), 1):
                session.send(message)
                if count % _PACE == 0 and session.connection is not None:
                    await session.connection.flushed()
        finally:
            session.syncing = False
        self._tell_staff(session)
        self.tell_surroundings(session)

    async def look_around(self) -> None:
        """Rooms, colleagues and opening hours may have changed: tell everyone for whom that changes something."""
        await self.on_duty.refresh()
        for session in self._hub:
            if session.queue_cursor is not None and session.connected and not session.syncing:
                self._tell_staff(session)
                self.tell_surroundings(session)
        if self._surroundings() != self._told:
            self._tell_patients()

    def tell_surroundings(self, session: Session) -> None:
        """Tell a member of staff the rooms and colleagues as they are, unless known."""
        rooms, staff = self.on_duty.rooms_for(session), self.on_duty.members(self.room.visits())
        if session.rooms_sent != rooms:
            session.rooms_sent = rooms
            session.send(Rooms(rooms=rooms))
        if session.staff_sent != staff:
            session.staff_sent = staff
            session.send(Staff(staff=staff))
        self._gone.tell(session)

    def tell_presence(self) -> None:
        """Somebody connected or went: tell the other party of each visit in progress."""
        for visit in self.room.visits():
            if visit.state in PARTY_STATES:
                self._tell_parties(visit)

    def catch_up(self, session: Session) -> None:
        """Tell a session that has just connected what it does not know."""
        self._tell_staff(session)
        if session.grant.visit is not None:
            self._tell_patients(session.grant.visit)
        self.tell_presence()

    def clinician_session(self, visit: Visit) -> Session | None:
        """Return the session that speaks for the visit's clinician.

        The desktop that admitted, while it is connected; else another of the same person (who signed in again).
        """
        if visit.clinician_id is None:
            return None
        admitted = None if visit.clinician_key is None else self._hub.get(visit.clinician_key)
        if admitted is not None and admitted.connected:
            return admitted
        others = self._hub.of_user(visit.clinician_id)
        return others[-1] if others else admitted

    def other_party(self, session: Session, visit: Visit) -> Session | None:
        """Return whom ``session``, one party of a visit in progress, talks to."""
        return self._hub.get(visit.id) if session.grant.visit is None else self.clinician_session(visit)

    def _tell(self, changed: Sequence[Visit]) -> None:
        for session in self._hub:
            if session.queue_cursor is not None and session.connected:
                self._tell_staff(session)
        self._learn(changed)
        self._tell_patients()
        for visit in changed:
            if visit.state not in PARTY_STATES:
                self._forget_parties(visit)
        self.tell_presence()
        for callback in self._on_changed:
            callback(changed)
        self._see_off([visit for visit in changed if visit.state not in OPEN_STATES])

    def _learn(self, changed: Sequence[Visit]) -> None:
        for visit in changed:
            if visit.state is VisitState.FINISHED and visit.admitted_at is not None and visit.closed_at is not None:
                self._estimates.finished(visit.room, visit.closed_at - visit.admitted_at)

    def _tell_patients(self, only: str | None = None) -> None:
        if only is None:
            self._told = self._surroundings()
        serving = self.on_duty.serving()
        outlook = Outlook(
            names={room.id: room.name for room in self.on_duty.directory.rooms.values()},
            staff={room: best(presences) for room, presences in serving.items()},
            wait_s=lambda room, place: self._estimates.wait_s(room, place, at_work(serving.get(room, []))),
        )
        for message in self.room.statuses(outlook):
            session = self._hub.get(message.visit) if only in {None, message.visit} else None
            if session is not None:
                self._tell_patient(session, message)

    def _surroundings(self) -> tuple[object, ...]:
        """What patients are told beside the rows; unchanged, nobody has to be told anything."""
        names = tuple((room.id, room.name) for room in self.on_duty.directory.rooms.values())
        return names, tuple((room, tuple(presences)) for room, presences in self.on_duty.serving().items())

    def _see_off(self, closed: Sequence[Visit]) -> None:
        for visit in closed:
            patient = self._hub.get(visit.id)
            if patient is not None:
                self._tell_patient(patient, status(visit))
                self._hub.end_after_reply(patient, CloseCode.VISIT_OVER)
        if closed:
            for callback in self._on_closed:
                callback()

    def _tell_staff(self, session: Session) -> None:
        if session.syncing or session.queue_cursor is None:
            return
        visible = self.on_duty.visible(session)
        messages: Sequence[ServerMessage] | None = None
        if visible == session.visible_sent:
            messages = self.room.deltas(session.queue_cursor, visible)
        for message in messages if messages is not None else list(self.room.snapshot(visible)):
            session.send(message)
        session.visible_sent = visible
        session.queue_cursor = self.room.version

    @staticmethod
    def _tell_patient(session: Session, message: VisitStatus) -> None:
        if session.connected and session.status_sent != message:
            session.status_sent = message
            session.send(message)

    def _tell_parties(self, visit: Visit) -> None:
        patient, clinician = self._hub.get(visit.id), self.clinician_session(visit)
        for session, other in ((patient, clinician), (clinician, patient)):
            present = other is not None and other.connected
            if session is not None and session.connected and session.peer_sent.get(visit.id) != present:
                session.peer_sent[visit.id] = present
                session.send(PeerPresence(visit=visit.id, present=present))

    def _forget_parties(self, visit: Visit) -> None:
        for session in self._hub:
            session.peer_sent.pop(visit.id, None)
