"""The client's side of signaling as a machine: frames in, events out, commands remembered until answered.

    (new) --hello--> greeting --welcome--> up --connection_lost--> down --hello--> greeting ...

One machine lives as long as the signed-in session and survives reconnects: it keeps the resume claim, the last ``seq``
seen and every command without a reply, which is sent again unchanged after the next welcome (its id is the
idempotency key). It has no clock and no socket; deadlines are the adapter's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TypeAlias

import msgspec

from carena_protocol import codec, limits
from carena_protocol.codec import ProtocolError
from carena_protocol.errors import CloseCode, ErrorCode
from carena_protocol.messages import (
    Ack,
    AnyServerMessage,
    ClientInfo,
    ClientMessage,
    Drain,
    Error,
    Hello,
    Ok,
    Ping,
    Pong,
    ResumeClaim,
    ServerMessage,
    TurnServers,
    Welcome,
)
from carena_protocol.news import VisitDetails

_WS_NORMAL_RETRY = frozenset({None, 1000, 1001, 1005, 1006, 1011, 1012, 1013})


class ClientState(Enum):
    """Where the connection stands; the drawing is the module's docstring."""

    NEW = auto()
    GREETING = auto()
    UP = auto()
    DOWN = auto()


@dataclass(frozen=True, slots=True)
class Welcomed:
    """The session is up; ``resend`` are the frames of commands still unanswered, oldest first.

    When ``welcome.resumed`` is false the old stream is gone: subscribe to the queue again.
    """

    welcome: Welcome
    resend: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Replied:
    """The answer to the command ``id``; it is forgotten now."""

    id: str
    reply: Ok | Error | TurnServers | VisitDetails


@dataclass(frozen=True, slots=True)
class Delivered:
    """The next message of the session stream, each exactly once and in order."""

    message: ServerMessage


@dataclass(frozen=True, slots=True)
class PongReceived:
    """The server is alive."""


@dataclass(frozen=True, slots=True)
class DrainAnnounced:
    """Reconnect after so many milliseconds."""

    after_ms: int


@dataclass(frozen=True, slots=True)
class Violation:
    """The server broke the protocol (or refused the hello): close with ``close``."""

    code: ErrorCode
    close: CloseCode = CloseCode.PROTOCOL_ERROR


ClientEvent: TypeAlias = Welcomed | Replied | Delivered | PongReceived | DrainAnnounced | Violation


class ClientMachine:
    """Signaling of one signed-in session, across connections."""

    def __init__(self, info: ClientInfo) -> None:
        self._info = info
        self._state = ClientState.NEW
        self._claim: tuple[str, str] | None = None
        self._seq = 0
        self._acked = 0
        self._pending: dict[str, ClientMessage] = {}
        self._hello_id = ""

    @property
    def state(self) -> ClientState:
        """Where the connection stands."""
        return self._state

    @property
    def ack(self) -> int:
        """The cumulative acknowledgement: the last ``seq`` received without a gap."""
        return self._seq

    @property
    def ack_due(self) -> bool:
        """Whether so much is unacknowledged that a bare ack is worth sending now."""
        return self._seq - self._acked >= limits.ACK_EVERY_MESSAGES

    @property
    def pending(self) -> tuple[str, ...]:
        """Ids of the commands without a reply, oldest first."""
        return tuple(self._pending)

    def hello(self, message_id: str, ticket: str) -> bytes:
        """Open a connection: return the hello frame. Legal in every state but up."""
        if self._state is ClientState.UP:
            raise ProtocolError(ErrorCode.WRONG_STATE)
        self._state = ClientState.GREETING
        self._hello_id = message_id
        hello = Hello(id=message_id, ticket=ticket, client=self._info)
        if self._claim is not None:
            sid, token = self._claim
            hello = Hello(
                id=message_id,
                ticket=ticket,
                client=self._info,
                resume=ResumeClaim(sid=sid, token=token, last_seq=self._seq),
            )
        return codec.encode(hello)

    def submit(self, message: ClientMessage) -> bytes | None:
        """Remember a command until its reply and return its frame; None when it has to wait for the welcome.

        Raises ProtocolError(wrong_state) for a second command with the id of an unanswered one.
        """
        if message.id in self._pending:
            raise ProtocolError(ErrorCode.WRONG_STATE, message.id)
        if not isinstance(message, Ping | Ack):
            self._pending[message.id] = message
        if self._state is not ClientState.UP:
            return None
        return self._frame(message)

    def forget(self, message_id: str) -> None:
        """Give up on a command: it is not sent again and its late reply is ignored."""
        self._pending.pop(message_id, None)

    def acknowledge(self, message_id: str) -> bytes | None:
        """Return a bare ack frame, or None when nothing is unacknowledged."""
        if self._state is not ClientState.UP or self._seq == self._acked:
            return None
        return self._frame(Ack(id=message_id))

    def abandon_stream(self) -> None:
        """Do not resume the stream after the next hello: a frame in it is broken, and would be replayed for ever."""
        self._claim = None

    def connection_lost(self, close_code: int | None) -> bool:
        """The connection is gone; return whether the client should come back by itself."""
        self._state = ClientState.DOWN
        if close_code in _WS_NORMAL_RETRY:
            return True
        try:
            return CloseCode(close_code or 0).may_reconnect
        except ValueError:
            return False

    def receive(self, frame: str | bytes) -> Sequence[ClientEvent]:
        """Take a frame from the server and return what it means, in order."""
        try:
            message = codec.decode_server(frame)
        except ProtocolError as error:
            return [Violation(error.code)]
        match self._state:
            case ClientState.GREETING:
                return self._receive_greeting(message)
            case ClientState.UP:
                return self._receive_up(message)
            case ClientState.NEW | ClientState.DOWN:
                return [Violation(ErrorCode.WRONG_STATE)]

    def _receive_greeting(self, message: AnyServerMessage) -> list[ClientEvent]:
        if isinstance(message, Error) and message.re in {self._hello_id, ""}:
            return [Violation(message.code, CloseCode.AUTHENTICATION)]
        if not isinstance(message, Welcome) or message.re != self._hello_id:
            return [Violation(ErrorCode.WRONG_STATE)]
        if message.resumed and self._claim is None:
            return [Violation(ErrorCode.OUT_OF_ORDER)]
        if not message.resumed:
            self._seq = 0
        self._acked = self._seq
        self._claim = (message.sid, message.resume_token)
        self._state = ClientState.UP
        return [Welcomed(message, tuple(self._frame(m) for m in self._pending.values()))]

    def _receive_up(self, message: AnyServerMessage) -> list[ClientEvent]:
        match message:
            case Welcome():
                return [Violation(ErrorCode.WRONG_STATE)]
            case Pong():
                return [PongReceived()]
            case Drain():
                return [DrainAnnounced(message.after_ms)]
            case _:
                return self._receive_stream(message)

    def _receive_stream(self, message: AnyServerMessage) -> list[ClientEvent]:
        if message.seq == 0:
            # Only errors may stand outside the stream once it runs: the server could not read the frame.
            return self._reply(message) if isinstance(message, Error) else [Violation(ErrorCode.OUT_OF_ORDER)]
        if message.seq <= self._seq:
            return []  # a replay overlapped with what had arrived
        if message.seq != self._seq + 1:
            return [Violation(ErrorCode.OUT_OF_ORDER)]
        self._seq = message.seq
        if isinstance(message, Ok | Error | TurnServers | VisitDetails):
            return self._reply(message)
        return [Delivered(message)]

    def _reply(self, reply: Ok | Error | TurnServers | VisitDetails) -> list[ClientEvent]:
        if self._pending.pop(reply.re, None) is None:
            return []  # answered before (the replay overlapped), or given up
        return [Replied(reply.re, reply)]

    def _frame(self, message: ClientMessage) -> bytes:
        self._acked = self._seq
        return codec.encode(msgspec.structs.replace(message, ack=self._seq))
