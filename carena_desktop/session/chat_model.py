"""What a waiting chat looks like at one moment."""

from dataclasses import dataclass, field
from enum import StrEnum

from carena_protocol.e2ee.key_schedule import LinkUse


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
class ChatSecurity:
    """What is true of the keys of the opening that is on."""

    symbols: tuple[str, ...] = field(repr=False)
    """The four pictures of the safety code, to be compared by another way (a telephone)."""
    names: tuple[str, ...] = field(repr=False)
    """Of the pictures, in English, as keys for translations."""
    digits: str = field(repr=False)
    is_post_quantum: bool = False
    link: LinkUse = LinkUse.ABSENT
    verified_at_ms: int | None = None
    """When the patient's device was verified in a visit, where it was."""
    changed: bool = False
    """Another device than earlier in this chat."""


@dataclass(frozen=True, slots=True)
class ChatView:
    """One patient's chat."""

    visit: str
    state: ChatState = ChatState.CLOSED
    present: bool = False
    """Whether the patient's page is connected."""
    lines: tuple[ChatLine, ...] = field(default=(), repr=False)
    unread: int = 0
    security: ChatSecurity | None = None
    """Of the opening that is on; None before it is proved."""
