"""What a session may ask for, and the answers. Permission first, then one change in the store, then the reply.

Deny by default: a role without a line in ``carena_protocol.visit``'s tables gets ``forbidden``. Replies are numbered
messages of the session's stream and remembered, so that a repeated command gets the same answer and runs once.
"""

import logging
from typing import Final

import msgspec

from carena_protocol.codec import ProtocolError, encode
from carena_protocol.errors import RETRYABLE, CloseCode, ErrorCode
from carena_protocol.messages import (
    Ack,
    Admit,
    AnyClientMessage,
    Error,
    Finish,
    Hello,
    Leave,
    Ok,
    Ping,
    Pong,
    QueueSubscribe,
    Relay,
    Relayed,
    Renew,
    Role,
    ServerMessage,
    TurnRequest,
    TurnServers,
    VisitState,
)
from carena_protocol.visit import OPEN_STATES, SEES_QUEUE, VisitAction, may
from carena_server import turn
from carena_server.clock import Clock
from carena_server.live_queue import LiveQueue
from carena_server.logs import failure, tag
from carena_server.repository import Change, Refused, Visit, VisitStore
from carena_server.sessions import Hub, Session
from carena_server.settings import TokenSettings, TurnSettings
from carena_server.tokens import TicketBook
from carena_server.waiting_room import to_entry

_log = logging.getLogger(__name__)
_MAX_REFUSED_FRAMES: Final = 200


class Commands:
    """Carries out the commands of established sessions."""

    def __init__(
        self,
        *,
        store: VisitStore,
        queue: LiveQueue,
        hub: Hub,
        tickets: TicketBook,
        clock: Clock,
        turn_settings: TurnSettings,
        turn_secret: bytes | None,
        tokens: TokenSettings,
    ) -> None:
        self._store = store
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
            reply = _error(ErrorCode.INTERNAL)
        finally:
            session.answering = False
        self._answer(session, message.id, reply)
        if session.end_due is not None:
            self._hub.end(session, session.end_due)

    def rate_limited(self, session: Session, message: AnyClientMessage) -> bool:
        """Whether this frame is one too many; it was refused then."""
        if session.bucket.take(self._clock.monotonic()):
            session.refused_frames = 0
            return False
        session.refused_frames += 1
        if session.refused_frames > _MAX_REFUSED_FRAMES and session.connection is not None:
            session.connection.close(CloseCode.RATE_LIMITED)
            return True
        wait_ms = int(session.bucket.wait() * 1000) + 1
        refusal = Error(code=ErrorCode.RATE_LIMITED, re=message.id, retryable=True, retry_after_ms=wait_ms)
        self._direct(session, refusal)
        return True

    async def _carry_out(  # noqa: PLR0911 - one arm per command
        self, session: Session, message: AnyClientMessage
    ) -> Ok | Error | TurnServers:
        match message:
            case QueueSubscribe():
                return await self._subscribe(session, message)
            case Admit():
                return await self._change(session, message, VisitAction.ADMIT, message.version)
            case Finish():
                return await self._change(session, message, VisitAction.FINISH, message.version)
            case Leave():
                return await self._change(session, message, VisitAction.LEAVE, None)
            case Relay():
                return self._relay(session, message)
            case TurnRequest():
                return self._turn_servers(session, message)
            case Renew():
                return self._renew(session, message)
            case Hello() | Ping() | Ack():
                return _error(ErrorCode.WRONG_STATE)
            case _:
                return _error(ErrorCode.FORBIDDEN)  # the queue's other verbs follow

    async def _subscribe(self, session: Session, message: QueueSubscribe) -> Ok | Error:
        if session.principal.role not in SEES_QUEUE:
            return _error(ErrorCode.FORBIDDEN)
        await self._queue.subscribe(session, message.since if isinstance(message.since, int) else None)
        return Ok()

    async def _change(
        self, session: Session, message: Admit | Finish | Leave, action: VisitAction, version: int | None
    ) -> Ok | Error:
        principal = session.principal
        if not may(principal.role, action) or session.grant.visit not in {None, message.visit}:
            return _error(ErrorCode.FORBIDDEN)
        wish = Change(
            action=action,
            visit=message.visit,
            actor=principal.id,
            key=message.id,
            version=version,
            actor_name=principal.display_name,
            actor_key=session.grant.key,
        )
        outcome = await self._store.change(wish, self._clock.wall_ms())
        # Everyone sees the change, this session included, before its maker is told that it is done.
        await self._queue.refresh()
        if isinstance(outcome, Refused):
            return _refusal(outcome, principal.role)
        _log.info("visit %s %s", tag(message.visit), action.value)
        return Ok(version=outcome.version)

    def _relay(self, session: Session, message: Relay) -> Ok | Error:
        visit = self._party_of(session, message.visit)
        if visit is None:
            return _error(ErrorCode.FORBIDDEN)
        other = self._queue.other_party(session, visit)
        if other is None or not other.connected:
            return _error(ErrorCode.PEER_UNREACHABLE)
        other.send(Relayed(visit=visit.id, id=message.id, data=message.data))
        return Ok()

    def _turn_servers(self, session: Session, message: TurnRequest) -> TurnServers | Error:
        visit = self._party_of(session, message.visit)
        if visit is None:
            return _error(ErrorCode.FORBIDDEN)
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
            return _error(ErrorCode.UNAUTHENTICATED)
        session.grant = grant
        session.authorised_until = now + (
            self._tokens.access_ttl_s if grant.visit is None else self._tokens.visit_ttl_s
        )
        return Ok()

    def _party_of(self, session: Session, visit_id: str) -> Visit | None:
        """Return the visit if it is in progress and this session is one of its two parties."""
        visit = self._queue.room.get(visit_id)
        if visit is None or visit.state is not VisitState.IN_VISIT:
            return None
        if session.grant.visit is not None:
            return visit if session.grant.visit == visit.id else None
        return visit if self._queue.clinician_session(visit) is session else None

    def _answer(self, session: Session, message_id: str, reply: Ok | Error | TurnServers) -> None:
        reply = _addressed(reply, message_id)
        frame = session.send(reply)
        if not (isinstance(reply, Error) and reply.retryable):
            session.stream.remember(message_id, frame)

    @staticmethod
    def _direct(session: Session, message: ServerMessage) -> None:
        if session.connection is not None:
            session.connection.send(encode(message))


def _addressed(reply: Ok | Error | TurnServers, message_id: str) -> Ok | Error | TurnServers:
    return msgspec.structs.replace(reply, re=message_id)


def _error(code: ErrorCode) -> Error:
    return Error(code=code, retryable=code in RETRYABLE)


def _refusal(outcome: Refused, role: Role) -> Error:
    visit = outcome.visit
    if visit is None or visit.state not in OPEN_STATES or role not in SEES_QUEUE:
        return _error(outcome.code)
    return Error(code=outcome.code, retryable=outcome.code in RETRYABLE, entry=to_entry(visit))
