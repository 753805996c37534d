"""The waiting chat's relay: who writes with which patient, and ciphertext handed on unread. Nothing is kept.

One member of staff at a time per patient, and only while the patient is in ``CHAT_STATES``: in a visit the visit's own
chat, peer to peer, takes over. Where the two stand is in memory; that a chat is asked for or open is a flag of the row.
"""

from collections.abc import Sequence

from carena_protocol.errors import ErrorCode, RefusalReason
from carena_protocol.messages import Error, Ok
from carena_protocol.news import ChatPeer, ChatRelayed
from carena_protocol.permissions import Permission
from carena_protocol.rows import WaitingChat
from carena_protocol.verbs import ChatClose, ChatOpen, ChatRelay, ChatRequest
from carena_protocol.visit import CHAT_STATES
from carena_server.clock import Clock
from carena_server.live_queue import LiveQueue
from carena_server.refusals import refusal
from carena_server.repository import VisitStore
from carena_server.sessions import Hub, Session
from carena_server.visits import Visit


class WaitingChats:
    """Every open waiting chat."""

    def __init__(self, store: VisitStore, queue: LiveQueue, hub: Hub, clock: Clock) -> None:
        self._store = store
        self._queue = queue
        self._hub = hub
        self._clock = clock
        self._writers: dict[str, str] = {}
        """Visit to the key of the staff session that writes with its patient."""
        queue.on_changed(self._visits_changed)

    async def open(self, session: Session, message: ChatOpen) -> Ok | Error:
        """A member of staff opens the chat, in place of a colleague where there is one."""
        visit = self._visible(session, message.visit)
        if isinstance(visit, Error):
            return visit
        before = self._writer(visit.id)
        at = self._clock.wall_ms()
        await self._store.note_read(session.principal.id, "chat.open", visit.id, "", at)
        self._writers[visit.id] = session.grant.key
        if before is not None and before is not session:
            before.send(ChatPeer(visit=visit.id, present=False, taken_over=True))
        await self._store.set_chat(visit.id, WaitingChat.OPEN, at)
        await self._queue.refresh()
        self._tell(visit.id)
        return Ok()

    async def close(self, session: Session, message: ChatClose) -> Ok | Error:
        """The member of staff ends the chat."""
        if self._writers.get(message.visit) != session.grant.key:
            return refusal(ErrorCode.CONFLICT, RefusalReason.NOT_OPEN)
        self._end(message.visit)
        await self._store.set_chat(message.visit, WaitingChat.NONE, self._clock.wall_ms())
        await self._queue.refresh()
        return Ok()

    async def request(self, session: Session, message: ChatRequest) -> Ok | Error:
        """The patient asks for a chat; whether one is open already, the page knows from ``chat.peer``."""
        visit = self._own(session, message.visit)
        if isinstance(visit, Error):
            return visit
        if visit.id not in self._writers:
            await self._store.set_chat(visit.id, WaitingChat.REQUESTED, self._clock.wall_ms())
            await self._queue.refresh()
        return Ok()

    def relay(self, session: Session, message: ChatRelay) -> Ok | Error:
        """Hand one message to the other end."""
        staff = session.grant.visit is None
        visit = self._visible(session, message.visit) if staff else self._own(session, message.visit)
        if isinstance(visit, Error):
            return visit
        writer = self._writers.get(visit.id)
        if staff and writer != session.grant.key:
            return refusal(ErrorCode.FORBIDDEN, RefusalReason.NOT_OPEN)
        if not session.chat_bucket.take(self._clock.monotonic()):
            wait_ms = int(session.chat_bucket.wait() * 1000) + 1
            return Error(code=ErrorCode.RATE_LIMITED, retryable=True, retry_after_ms=wait_ms)
        other = self._hub.get(visit.id) if staff else self._writer(visit.id)
        if other is None or not other.connected:
            return refusal(ErrorCode.PEER_UNREACHABLE)
        other.send(ChatRelayed(visit=visit.id, id=message.id, data=message.data))
        return Ok()

    def presence_changed(self, session: Session) -> None:
        """Somebody connected or went: both ends of their chats learn it."""
        for visit, writer in list(self._writers.items()):
            if session.grant.key in {visit, writer}:
                self._tell(visit)

    def _visible(self, session: Session, visit_id: str) -> Visit | Error:
        at, who = self._clock.wall_ms(), session.principal
        directory = self._queue.on_duty.directory
        if session.grant.visit is not None or not directory.may(who.id, who.role, Permission.WAITING_CHAT, at):
            return refusal(ErrorCode.FORBIDDEN, RefusalReason.ROLE)
        visit = self._queue.room.get(visit_id)
        rooms = directory.rooms_of(who.id, at, reading=False)
        if visit is not None and rooms is not None and visit.room not in rooms:
            return refusal(ErrorCode.FORBIDDEN, RefusalReason.OTHER_ROOM)
        return _writable(visit)

    def _own(self, session: Session, visit_id: str) -> Visit | Error:
        if session.grant.visit != visit_id:
            return refusal(ErrorCode.FORBIDDEN, RefusalReason.ROLE)
        return _writable(self._queue.room.get(visit_id))

    def _writer(self, visit: str) -> Session | None:
        key = self._writers.get(visit)
        return None if key is None else self._hub.get(key)

    def _tell(self, visit: str) -> None:
        patient, staff = self._hub.get(visit), self._writer(visit)
        if patient is not None and patient.connected:
            present = staff is not None and staff.connected
            name = staff.principal.display_name if staff is not None and present else None
            patient.send(ChatPeer(visit=visit, present=present, name=name))
        if staff is not None and staff.connected:
            staff.send(ChatPeer(visit=visit, present=patient is not None and patient.connected))

    def _end(self, visit: str) -> None:
        staff = self._writer(visit)
        self._writers.pop(visit, None)
        for session in (self._hub.get(visit), staff):
            if session is not None and session.connected:
                session.send(ChatPeer(visit=visit, present=False))

    def _visits_changed(self, changed: Sequence[Visit]) -> None:
        for visit in changed:
            if visit.id in self._writers and visit.state not in CHAT_STATES:
                self._end(visit.id)


def _writable(visit: Visit | None) -> Visit | Error:
    if visit is None:
        return refusal(ErrorCode.NOT_FOUND)
    return visit if visit.state in CHAT_STATES else refusal(ErrorCode.CONFLICT, RefusalReason.STATE)
