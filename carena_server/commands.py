"""What a session may ask for, and the answers. Permission first, then one change in the store, then the reply.

Deny by default: a role that ``carena_protocol.permissions`` does not name gets ``forbidden``. Replies are numbered
messages of the session's stream and remembered, so that a repeated command gets the same answer and runs once.
"""

import logging
from typing import Final, TypeAlias

import msgspec

from carena_protocol.codec import ProtocolError, encode
from carena_protocol.errors import CloseCode, ErrorCode, RefusalReason
from carena_protocol.messages import (
    Ack,
    AnyClientMessage,
    Error,
    Hello,
    Ok,
    Ping,
    Pong,
    Relay,
    Relayed,
    Renew,
    ServerMessage,
    TurnRequest,
    TurnServers,
)
from carena_protocol.news import VisitDetails
from carena_protocol.verbs import ChatClose, ChatOpen, ChatRelay, ChatRequest
from carena_protocol.visit import PARTY_STATES
from carena_server import turn
from carena_server.clock import Clock
from carena_server.live_queue import LiveQueue
from carena_server.logs import failure
from carena_server.queue_commands import QueueCommands
from carena_server.refusals import refusal
from carena_server.sessions import Hub, Session
from carena_server.settings import TokenSettings, TurnSettings
from carena_server.tokens import TicketBook
from carena_server.visits import Visit
from carena_server.waiting_chat import WaitingChats

_log = logging.getLogger(__name__)
_MAX_REFUSED_FRAMES: Final = 200
_FORGIVEN_AFTER_S: Final = 5.0
"""Without a refusal for so long, a client has understood."""

Reply: TypeAlias = Ok | Error | TurnServers | VisitDetails


class Commands:
    """Carries out the commands of established sessions."""

    def __init__(
        self,
        *,
        verbs: QueueCommands,
        chats: WaitingChats,
        queue: LiveQueue,
        hub: Hub,
        tickets: TicketBook,
        clock: Clock,
        turn_settings: TurnSettings,
        turn_secret: bytes | None,
        tokens: TokenSettings,
    ) -> None:
        self._verbs = verbs
        self._chats = chats
        self._queue = queue
        self._hub = hub
        self._tickets = tickets
        self._clock = clock
        self._turn = turn_settings
        self._turn_secret = turn_secret
        self._tokens = tokens

    async def handle(self, session: Session, message: AnyClientMessage) -> None:
        """Carry out one command and answer it. Never raises for anything a client did."""
        try:
            session.stream.acked(message.ack)
        except ProtocolError as error:
            self._direct(session, Error(code=error.code, re=message.id))
            return
        if isinstance(message, Ack):
            return
        if isinstance(message, Ping):
            self._direct(session, Pong(re=message.id))
            return
        remembered = session.stream.remembered(message.id)
        if remembered is not None:
            if session.connection is not None:
                session.connection.send(remembered)
            return
        session.answering = True
        try:
            reply = await self._carry_out(session, message)
        except Exception as error:  # noqa: BLE001 - one command's failure is not the session's
            _log.error("command %s failed: %s", message.__struct_config__.tag, failure(error))
            reply = refusal(ErrorCode.INTERNAL)
        finally:
            session.answering = False
        self._answer(session, message.id, reply)
        if session.end_due is not None:
            self._hub.end(session, session.end_due)

    def rate_limited(self, session: Session, message: AnyClientMessage) -> bool:
        """Whether this frame is one too many; it was refused then."""
        now = self._clock.monotonic()
        if session.bucket.take(now):
            return False
        if now - session.refused_at > _FORGIVEN_AFTER_S:
            session.refused_frames = 0
        session.refused_at = now
        session.refused_frames += 1
        if session.refused_frames > _MAX_REFUSED_FRAMES and session.connection is not None:
            session.connection.close(CloseCode.RATE_LIMITED)
            return True
        wait_ms = int(session.bucket.wait() * 1000) + 1
        refusal = Error(code=ErrorCode.RATE_LIMITED, re=message.id, retryable=True, retry_after_ms=wait_ms)
        self._direct(session, refusal)
        return True

    async def _carry_out(self, session: Session, message: AnyClientMessage) -> Reply:
        match message:
            case ChatOpen() | ChatClose() | ChatRequest() | ChatRelay():
                return await self._chat(session, message)
            case Relay():
                return self._relay(session, message)
            case TurnRequest():
                return self._turn_servers(session, message)
            case Renew():
                return self._renew(session, message)
            case Hello() | Ping() | Ack():
                return refusal(ErrorCode.WRONG_STATE)
            case _:
                return await self._verbs.carry_out(session, message)

    async def _chat(self, session: Session, message: ChatOpen | ChatClose | ChatRequest | ChatRelay) -> Reply:
        match message:
            case ChatOpen():
                return await self._chats.open(session, message)
            case ChatClose():
                return await self._chats.close(session, message)
            case ChatRequest():
                return await self._chats.request(session, message)
            case ChatRelay():
                return self._chats.relay(session, message)

    def _relay(self, session: Session, message: Relay) -> Ok | Error:
        visit = self._party_of(session, message.visit)
        if visit is None:
            return refusal(ErrorCode.FORBIDDEN, RefusalReason.NOT_YOURS)
        other = self._queue.other_party(session, visit)
        if other is None or not other.connected:
            return refusal(ErrorCode.PEER_UNREACHABLE)
        other.send(Relayed(visit=visit.id, id=message.id, data=message.data))
        return Ok()

    def _turn_servers(self, session: Session, message: TurnRequest) -> TurnServers | Error:
        visit = self._party_of(session, message.visit)
        if visit is None:
            return refusal(ErrorCode.FORBIDDEN, RefusalReason.NOT_YOURS)
        servers = turn.ice_servers(
            stun=self._turn.stun,
            turn=self._turn.urls,
            secret=self._turn_secret,
            visit=visit.id,
            now_ms=self._clock.wall_ms(),
            ttl_s=self._turn.ttl_s,
        )
        return TurnServers(visit=visit.id, servers=servers, ttl_s=self._turn.ttl_s, relay_only=self._turn.relay_only)

    def _renew(self, session: Session, message: Renew) -> Ok | Error:
        now = self._clock.monotonic()
        grant = self._tickets.redeem(message.ticket, now)
        if grant is None or grant.key != session.grant.key or grant.principal.id != session.principal.id:
            return refusal(ErrorCode.UNAUTHENTICATED)
        session.grant = grant
        session.authorised_until = now + (
            self._tokens.access_ttl_s if grant.visit is None else self._tokens.visit_ttl_s
        )
        return Ok()

    def _party_of(self, session: Session, visit_id: str) -> Visit | None:
        """Return the visit if it is in progress and this session is one of its two parties."""
        visit = self._queue.room.get(visit_id)
        if visit is None or visit.state not in PARTY_STATES:
            return None
        if session.grant.visit is not None:
            return visit if session.grant.visit == visit.id else None
        return visit if self._queue.clinician_session(visit) is session else None

    def _answer(self, session: Session, message_id: str, reply: Reply) -> None:
        reply = _addressed(reply, message_id)
        frame = session.send(reply)
        if not (isinstance(reply, Error) and reply.retryable):
            session.stream.remember(message_id, frame)

    @staticmethod
    def _direct(session: Session, message: ServerMessage) -> None:
        if session.connection is not None:
            session.connection.send(encode(message))


def _addressed(reply: Reply, message_id: str) -> Reply:
    return msgspec.structs.replace(reply, re=message_id)
