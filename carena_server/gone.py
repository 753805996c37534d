"""Patients who are gone and may be called back: what staff are told of them. No text of theirs: that is deleted.

The list is read from the store when a visit ends, is called back or comes back, and when the oldest one's time is over.
"""

from collections.abc import Sequence

from carena_protocol.news import Gone
from carena_protocol.rows import GoneVisit, VisitState
from carena_protocol.visit import CLOSED_STATES
from carena_server.clock import Clock
from carena_server.on_duty import OnDuty
from carena_server.repository import VisitStore
from carena_server.sessions import Hub, Session
from carena_server.visits import Visit


class GoneList:
    """The visits that ended a short while ago.

    Args:
        hub: Whose sessions are told.
        on_duty: Says which rooms a session sees.
    """

    def __init__(self, store: VisitStore, hub: Hub, on_duty: OnDuty, clock: Clock) -> None:
        self._store = store
        self._hub = hub
        self._on_duty = on_duty
        self._clock = clock
        self._gone: tuple[GoneVisit, ...] = ()
        self._stale_at: int | None = None

    async def refresh(self, changed: Sequence[Visit] = ()) -> None:
        """Read the list anew where ``changed`` or the time calls for it, and tell everyone for whom it is another."""
        now = self._clock.wall_ms()
        over = self._stale_at is not None and now >= self._stale_at
        if not over and not any(_matters(visit) for visit in changed):
            return
        await self.load()
        for session in self._hub:
            if session.queue_cursor is not None and session.connected and not session.syncing:
                self.tell(session)

    async def load(self) -> None:
        """Read the list."""
        found = await self._store.gone(self._clock.wall_ms())
        self._gone = tuple(visit for visit, _ in found)
        self._stale_at = min((until for _, until in found), default=None)

    def tell(self, session: Session) -> None:
        """Tell a member of staff, unless known."""
        rooms = self._on_duty.visible(session)
        gone = tuple(visit for visit in self._gone if rooms is None or visit.room in rooms)
        if session.gone_sent != gone:
            session.gone_sent = gone
            session.send(Gone(gone=gone))


def _matters(visit: Visit) -> bool:
    """Whether a row that changed may have joined or left the list; who returns by the same link is a new row."""
    return visit.state in CLOSED_STATES or (visit.state is VisitState.RETURNED and visit.version == 1)
