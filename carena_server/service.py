"""Signaling as a service: sessions come and go, deadlines pass. Everything that happens by itself happens here.

The truth is in the store; presence, deadlines and the hub's sessions are this process's view of who is connected.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import msgspec

from carena_protocol.actions import VisitAction
from carena_protocol.codec import encode
from carena_protocol.errors import CloseCode
from carena_protocol.messages import Drain, Hello, Presence, Principal, RetryPolicy, Welcome
from carena_protocol.news import Notice
from carena_protocol.permissions import Permission, may
from carena_protocol.staff_rest import SessionInfo
from carena_protocol.visit import OPEN_STATES
from carena_server.backplane import QUEUE_CHANGED, Backplane
from carena_server.clock import Clock
from carena_server.directory import Emergency
from carena_server.live_queue import LiveQueue
from carena_server.logs import failure, tag
from carena_server.presence import ClinicianAbsence, back_in_time, overdue
from carena_server.repository import AccountStore, Change, Changed, VisitStore
from carena_server.sessions import Hub, Outbox, Session
from carena_server.settings import Settings
from carena_server.tokens import TicketBook
from carena_server.waiting_chat import WaitingChats
from carena_server.waiting_room import status

_log = logging.getLogger(__name__)
_RETRY: Final = RetryPolicy(base_ms=500, cap_ms=20_000)
_TICK_S: Final = 0.5
_CHECK_FAMILIES_S: Final = 2.0
_LOOK_AROUND_S: Final = 1.0
FEATURES: Final = ("queue", "relay", "turn", "triage", "rooms", "waiting_chat")


class Service:
    """What stands behind the websocket."""

    def __init__(
        self,
        *,
        accounts: AccountStore,
        visits: VisitStore,
        queue: LiveQueue,
        hub: Hub,
        tickets: TicketBook,
        backplane: Backplane,
        clock: Clock,
        settings: Settings,
        chats: WaitingChats,
    ) -> None:
        self.hub = hub
        self._accounts = accounts
        self._visits = visits
        self._queue = queue
        self._tickets = tickets
        self._backplane = backplane
        self._clock = clock
        self._settings = settings
        self._chats = chats
        self._absence = ClinicianAbsence(settings.queue.clinician_grace_s)
        self._families_checked = 0.0
        self._looked_around = 0.0

    async def start(self) -> None:
        """Load the queue. Nobody is connected yet, so every patient gets a fresh grace."""
        now = self._clock.wall_ms()
        count = await self._visits.everyone_reconnects(now + self._grace_ms, now)
        await self._queue.load()
        if count:
            _log.info("%d open visits kept", count)

    async def run(self) -> None:
        """Follow the queue and the deadlines until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(_forever("queue", self._queue.follow), name="queue")
            group.create_task(_forever("deadlines", self._watch), name="deadlines")

    async def attach(self, hello: Hello, connection: Outbox) -> Session | None:
        """Check a hello and give the connection its session; None when the ticket is not good."""
        now = self._clock.monotonic()
        grant = self._tickets.redeem(hello.ticket, now)
        if grant is None:
            return None
        tokens = self._settings.tokens
        authorised_s = tokens.access_ttl_s if grant.visit is None else tokens.visit_ttl_s
        claim = None if not hello.resume else hello.resume
        attached = self.hub.attach(grant, claim, connection, now=now, authorised_until=now + authorised_s)
        session = attached.session
        welcome = Welcome(
            re=hello.id,
            sid=session.sid,
            resume_token=attached.resume_token,
            resumed=attached.replay is not None,
            principal=grant.principal,
            server_time=self._clock.wall_ms(),
            authorised_for_ms=int(authorised_s * 1000),
            retry=_RETRY,
            features=list(FEATURES),
        )
        connection.send(encode(welcome))
        for frame in attached.replay or ():
            connection.send(frame)
        _log.info("session %s %s", tag(session.sid), "resumed" if attached.replay is not None else "opened")
        if grant.visit is not None:
            await self._patient_is(Presence.CONNECTED, grant.visit, None)
            await self._tell_closed(session)
        self._queue.catch_up(session)
        self._chats.presence_changed(session)
        if grant.visit is None:
            await self._queue.look_around()  # colleagues and patients see that somebody is there
        return session

    async def gone(self, session: Session, connection: Outbox) -> None:
        """A connection ended. The place of a patient stays."""
        if not self.hub.detach(session, connection, self._clock.monotonic()):
            return
        _log.info("session %s disconnected", tag(session.sid))
        self._queue.tell_presence()
        self._chats.presence_changed(session)
        if session.grant.visit is not None:
            grace_until = self._clock.wall_ms() + self._grace_ms
            await self._patient_is(Presence.RECONNECTING, session.grant.visit, grace_until)

    def end_family(self, family: str) -> None:
        """Close the session of a token family that was revoked."""
        session = self.hub.get(family)
        if session is not None:
            self.hub.end(session, CloseCode.AUTHENTICATION)

    def seen(self, sessions: Sequence[SessionInfo], current: str) -> tuple[SessionInfo, ...]:
        """Return sessions with what only this process knows: which are connected, and which one asks."""

        def connected(family: str) -> bool:
            session = self.hub.get(family)
            return session is not None and session.connected

        return tuple(
            msgspec.structs.replace(found, connected=connected(found.id), current=found.id == current)
            for found in sessions
        )

    async def directory_changed(self) -> None:
        """Rooms, accounts or emergency access changed: everyone concerned sees it now."""
        await self._queue.look_around()

    async def emergency_begun(self, who: Principal, emergency: Emergency) -> None:
        """Somebody took emergency access: tell the administrators who are here, and widen the view."""
        notice = Notice(
            kind="emergency_access", who=who.id, who_name=who.display_name, at=emergency.at, until=emergency.until
        )
        for session in self.hub:
            if session.connected and may(session.principal.role, Permission.SEE_ALERTS):
                session.send(notice)
        _log.warning("emergency access begun: %s", tag(emergency.id))
        await self._queue.look_around()

    def drain(self, after_ms: Callable[[], int]) -> None:
        """Announce the stop to everyone, then close every connection so that clients come back later."""
        for session in self.hub:
            if session.connection is not None:
                session.connection.send(encode(Drain(after_ms=after_ms())))
                session.connection.close(CloseCode.DRAIN)

    async def tick(self) -> None:
        """Do what is due now."""
        now, wall = self._clock.monotonic(), self._clock.wall_ms()
        for session in self.hub.unauthorised(now):
            _log.info("session %s not renewed", tag(session.sid))
            self.hub.end(session, CloseCode.AUTHENTICATION)
        self.hub.forget_detached(now)
        if now - self._looked_around >= _LOOK_AROUND_S:
            self._looked_around = now
            await self._queue.look_around()
        visits = self._queue.room.visits()
        grace = wall + self._grace_ms
        for visit in back_in_time(visits, wall):
            await self._by_itself(
                Change(action=VisitAction.RETURN, visit=visit, actor="server", grace_until=grace), wall
            )
        for visit in overdue(visits, wall):
            await self._by_itself(Change(action=VisitAction.TIME_OUT, visit=visit, actor="server"), wall)
        for row in self._absence.due(visits, lambda user: bool(self.hub.of_user(user)), now):
            lapse = Change(
                action=VisitAction.LAPSE, visit=row.id, actor="server", version=row.version, grace_until=grace
            )
            await self._by_itself(lapse, wall)
        if now - self._families_checked >= _CHECK_FAMILIES_S:
            self._families_checked = now
            await self._check_families()

    @property
    def _grace_ms(self) -> int:
        return int(self._settings.queue.place_grace_s * 1000)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_TICK_S)
            await self.tick()

    async def _by_itself(self, wish: Change, at: int) -> None:
        if isinstance(await self._visits.change(wish, at), Changed):
            _log.info("visit %s %s", tag(wish.visit), wish.action.value)
            self._backplane.publish(QUEUE_CHANGED)
            await self._queue.refresh()

    async def _check_families(self) -> None:
        connected = [s for s in self.hub if s.grant.visit is None]
        if not connected:
            return
        active = await self._accounts.active_families([s.grant.key for s in connected])
        for session in connected:
            if session.grant.key not in active:
                _log.info("session %s revoked", tag(session.sid))
                self.hub.end(session, CloseCode.AUTHENTICATION)

    async def _patient_is(self, presence: Presence, visit: str, grace_until: int | None) -> None:
        if await self._visits.set_presence(visit, presence, grace_until, self._clock.wall_ms()):
            await self._queue.refresh()

    async def _tell_closed(self, session: Session) -> None:
        """A page that comes back after its visit is over learns that, and how it ended."""
        if session.grant.visit is None or self._queue.room.get(session.grant.visit) is not None:
            return
        await self._queue.refresh()
        row = await self._visits.visit(session.grant.visit)
        if row is None or row.state not in OPEN_STATES:
            if row is not None and session.connected:
                session.send(status(row))
            self.hub.end(session, CloseCode.VISIT_OVER)


async def _forever(name: str, job: Callable[[], Awaitable[None]]) -> None:
    """Run a job that should never end, and start it again when it fails: a full disk must not stop the clock."""
    while True:
        try:
            await job()
        except Exception as error:  # noqa: BLE001 - logged; the next round may succeed
            _log.error("%s failed: %s", name, failure(error))
        await asyncio.sleep(1.0)
