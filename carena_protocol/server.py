"""The server's side of signaling as two machines: the stream of a session and the state of one connection.

    connection:  awaiting_hello --hello--> checking --welcomed--> up
    stream:      numbered messages in a bounded ring, replayed after a resume, dropped by cumulative acks

A stream outlives its connections; a connection has at most one stream. Neither has a clock or a socket.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TypeAlias

import msgspec

from carena_protocol import codec, limits
from carena_protocol.codec import ProtocolError
from carena_protocol.errors import RETRYABLE, CloseCode, ErrorCode
from carena_protocol.messages import AnyClientMessage, Error, Hello, ServerMessage


class SessionStream:
    """The numbered messages of one session, and its recent replies."""

    def __init__(self, sid: str) -> None:
        self.sid = sid
        self.overflowed = False
        """Set when unacknowledged messages no longer fit: this session can't be resumed."""
        self._seq = 0
        self._acked = 0
        self._ring: deque[tuple[int, bytes]] = deque()
        self._ring_bytes = 0
        self._replies: OrderedDict[str, bytes] = OrderedDict()

    @property
    def seq(self) -> int:
        """Number of the last message pushed."""
        return self._seq

    @property
    def unacknowledged(self) -> int:
        """Messages kept for replay."""
        return len(self._ring)

    def push(self, message: ServerMessage) -> bytes:
        """Give ``message`` the next number, keep it for replay and return its frame."""
        self._seq += 1
        frame = codec.encode(msgspec.structs.replace(message, seq=self._seq))
        self._ring.append((self._seq, frame))
        self._ring_bytes += len(frame)
        while len(self._ring) > limits.REPLAY_RING_MESSAGES or self._ring_bytes > limits.REPLAY_RING_BYTES:
            self._drop_oldest()
            self.overflowed = True
        return frame

    def acked(self, ack: int) -> None:
        """The client has everything up to ``ack``.

        Raises:
            ProtocolError: bad_ack, for a number that was never sent. A smaller one than before is a late frame.
        """
        if ack > self._seq:
            raise ProtocolError(ErrorCode.BAD_ACK)
        self._acked = max(self._acked, ack)
        while self._ring and self._ring[0][0] <= self._acked:
            self._drop_oldest()

    def replay(self, last_seq: int) -> list[bytes] | None:
        """Frames after ``last_seq``, or None when some of them are gone or were never sent."""
        if last_seq > self._seq or last_seq < self._acked:
            return None
        if last_seq < self._seq and (not self._ring or self._ring[0][0] > last_seq + 1):
            return None
        return [frame for seq, frame in self._ring if seq > last_seq]

    def remember(self, message_id: str, reply: bytes) -> None:
        """Keep the reply to a command, so that its duplicate gets the same answer and is not carried out twice."""
        self._replies[message_id] = reply
        while len(self._replies) > limits.REMEMBERED_REPLIES:
            self._replies.popitem(last=False)

    def remembered(self, message_id: str) -> bytes | None:
        """The reply to an earlier command of the same id, as it was sent."""
        return self._replies.get(message_id)

    def _drop_oldest(self) -> None:
        _, frame = self._ring.popleft()
        self._ring_bytes -= len(frame)


class ConnectionState(Enum):
    """Where a connection stands; the drawing is the module's docstring."""

    AWAITING_HELLO = auto()
    CHECKING = auto()
    UP = auto()
    CLOSED = auto()


@dataclass(frozen=True, slots=True)
class HelloReceived:
    """Check the ticket, then call ``welcomed`` or close."""

    hello: Hello


@dataclass(frozen=True, slots=True)
class CommandReceived:
    """A valid command of an established session."""

    message: AnyClientMessage


@dataclass(frozen=True, slots=True)
class Refused:
    """Send ``frame`` and, where ``close`` is set, close with that code."""

    frame: bytes = field(repr=False)
    close: CloseCode | None


ConnectionEvent: TypeAlias = HelloReceived | CommandReceived | Refused

_FATAL: dict[ErrorCode, CloseCode] = {
    ErrorCode.MALFORMED: CloseCode.PROTOCOL_ERROR,
    ErrorCode.TOO_LARGE: CloseCode.PROTOCOL_ERROR,
    ErrorCode.WRONG_STATE: CloseCode.PROTOCOL_ERROR,
    ErrorCode.UNSUPPORTED_VERSION: CloseCode.VERSION,
}
"""Errors after which nothing a peer says can be relied on. The others are answered and the connection goes on."""


class ServerConnection:
    """One websocket, before and after its hello."""

    def __init__(self) -> None:
        self._state = ConnectionState.AWAITING_HELLO

    @property
    def state(self) -> ConnectionState:
        """Where the connection stands."""
        return self._state

    def receive(self, frame: str | bytes) -> ConnectionEvent:
        """Take a frame from the client and return what to do about it."""
        if self._state is ConnectionState.CLOSED:
            return self._refuse(ErrorCode.WRONG_STATE, "")
        try:
            self._check_first_frame_size(frame)
            message = codec.decode_client(frame)
        except ProtocolError as error:
            return self._refuse(error.code, error.re)
        match self._state:
            case ConnectionState.AWAITING_HELLO if isinstance(message, Hello):
                self._state = ConnectionState.CHECKING
                return HelloReceived(message)
            case ConnectionState.UP if not isinstance(message, Hello):
                return CommandReceived(message)
            case _:
                return self._refuse(ErrorCode.WRONG_STATE, message.id)

    def welcomed(self) -> None:
        """The hello was accepted. Raises ProtocolError(wrong_state) when there was none."""
        if self._state is not ConnectionState.CHECKING:
            raise ProtocolError(ErrorCode.WRONG_STATE)
        self._state = ConnectionState.UP

    def closed(self) -> None:
        """Nothing more is expected from this connection."""
        self._state = ConnectionState.CLOSED

    def _check_first_frame_size(self, frame: str | bytes) -> None:
        if self._state is ConnectionState.AWAITING_HELLO and len(frame) > limits.MAX_HELLO_BYTES:
            raise ProtocolError(ErrorCode.TOO_LARGE)

    def _refuse(self, code: ErrorCode, re: str) -> Refused:
        close = _FATAL.get(code)
        if close is None and self._state is not ConnectionState.UP:
            close = CloseCode.PROTOCOL_ERROR  # before the welcome nobody gets a second try
        if close is not None:
            self._state = ConnectionState.CLOSED
        return Refused(codec.encode(Error(code=code, re=re, retryable=code in RETRYABLE)), close)
