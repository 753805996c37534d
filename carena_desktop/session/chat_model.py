"""What a waiting chat looks like at one moment."""

from dataclasses import dataclass, field
from enum import StrEnum


class ChatState(StrEnum):
    """Where a chat stands; drawn in ``chat_machine``."""

    CLOSED = "closed"
    OPENING = "opening"
    OPEN = "open"
    TAKEN_OVER = "taken_over"
    UNSAFE = "unsafe"


class LineState(StrEnum):
    """What became of a line."""

    SENDING = "sending"
    DELIVERED = "delivered"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class ChatLine:
    """One line; kept in memory only."""

    id: str
    text: str = field(repr=False)
    at_ms: int
    mine: bool
    state: LineState


@dataclass(frozen=True, slots=True)
class ChatView:
    """One patient's chat."""

    visit: str
    state: ChatState = ChatState.CLOSED
    present: bool = False
    """Whether the patient's page is connected."""
    lines: tuple[ChatLine, ...] = field(default=(), repr=False)
    unread: int = 0
