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
from carena_protocol.visit import OPEN_STATES
from carena_server.backplane import QUEUE_CHANGED, Backplane
from carena_server.repository import Visit, VisitStore
from carena_server.sessions import Hub, Session
from carena_server.waiting_room import GapError, WaitingRoom, status

_TICK_S: Final = 1.0
_PACE: Final = 64
"""Messages of a large snapshot between two pauses for a slow connection."""


class LiveQueue:
    """Keeps ``room`` and every session's view of it up to date."""

    def __init__(self, store: VisitStore, hub: Hub, backplane: Backplane, room: WaitingRoom) -> None:
        self.room = room
        self._store = store
        self._hub = hub
        self._lock = asyncio.Lock()
        self._hint = asyncio.Event()
        self._on_closed: list[Callable[[], None]] = []
        backplane.subscribe(QUEUE_CHANGED, self._hint.set)

    def on_closed(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` after visits were closed: there is patient text to scrub."""
        self._on_closed.append(callback)

    async def load(self) -> None:
        """Read everything; before the first session."""
        self.room.load(await self._store.whole_queue(limits.QUEUE_DELTAS_PER_RESUME))

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
                return
            try:
                changed = self.room.apply(page)
            except GapError:
                before = {visit.id for visit in self.room.visits()}
                self.room.load(await self._store.whole_queue(limits.QUEUE_DELTAS_PER_RESUME))
                gone = before - {visit.id for visit in self.room.visits()}
                changed = [row for row in [await self._store.visit(v) for v in gone] if row is not None]
            self._tell(changed)

    async def subscribe(self, session: Session, since: int | None) -> None:
        """Bring a member of staff up to date; from then on ``refresh`` keeps the session so."""
        deltas = None if since is None else self.room.deltas(since)
        if deltas is not None:
            for delta in deltas:
                session.send(delta)
            session.queue_cursor = self.room.version
            return
        session.syncing = True
        session.queue_cursor = self.room.version
        try:
            # Built at once, sent in pieces: the connection's buffer is bounded, and this client is not slow.
            for count, message in enumerate(list(self.room.snapshot()), 1):
                session.send(message)
                if count % _PACE == 0 and session.connection is not None:
                    await session.connection.flushed()
        finally:
            session.syncing = False
        self._tell_staff(session)

    def tell_presence(self) -> None:
        """Somebody connected or went: tell the other party of each visit in progress."""
        for visit in self.room.visits():
            if visit.state is VisitState.IN_VISIT:
                self._tell_parties(visit)

    def catch_up(self, session: Session) -> None:
        """Tell a session that has just connected what it does not know."""
        self._tell_staff(session)
        for message in self.room.statuses():
            if message.visit == session.grant.visit:
                self._tell_patient(session, message)
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
        for message in self.room.statuses():
            session_or_none = self._hub.get(message.visit)
            if session_or_none is not None:
                self._tell_patient(session_or_none, message)
        for visit in changed:
            if visit.state is not VisitState.IN_VISIT:
                self._forget_parties(visit)
        self.tell_presence()
        self._see_off([visit for visit in changed if visit.state not in OPEN_STATES])

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
        if session.syncing or session.queue_cursor is None or session.queue_cursor == self.room.version:
            return
        messages: Sequence[ServerMessage] | None = self.room.deltas(session.queue_cursor)
        for message in messages if messages is not None else list(self.room.snapshot()):
            session.send(message)
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
