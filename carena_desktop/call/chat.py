"""The lines of a visit's chat: each arrives exactly once, and each of ours says whether it reached the other screen.

Sans-IO. Lines live in memory for the visit only, also while it is on hold; nothing here may write or log them.
"""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from carena_desktop.call.model import ChatLine, Delivery
from carena_desktop.call.pinned_device import PinnedDevice, PinnedDevices
from carena_protocol.peer import Chat

MAX_LINES: Final = 1000
MAX_REMEMBERED_IDS: Final = 5000


class ChatLog:
    """Both sides' lines, in the order in which they appeared here."""

    def __init__(self) -> None:
        self._lines: OrderedDict[tuple[bool, str], ChatLine] = OrderedDict()
        self._seen: OrderedDict[str, None] = OrderedDict()
        self.is_over = False
        """Whether the call is."""

    @property
    def lines(self) -> tuple[ChatLine, ...]:
        """The newest 1000; after a call only what the person must know, which of their lines never arrived."""
        if not self.is_over:
            return tuple(self._lines.values())
        lost = (line for line in self._lines.values() if line.mine and line.delivery is Delivery.SENDING)
        return tuple(replace(line, delivery=Delivery.FAILED) for line in lost)

    def begin(self) -> None:
        """A call of the visit begins: what was said before is still there, and what did not arrive is on its way."""
        self.is_over = False

    def write(self, line_id: str, text: str, at_ms: int) -> Chat:
        """Keep a line of ours and return the message to send; it stays ``sending`` until the other side confirms."""
        self._keep(ChatLine(line_id, text, at_ms, mine=True, delivery=Delivery.SENDING))
        return Chat(id=line_id, text=text, sent_at=at_ms)

    def unconfirmed(self) -> tuple[Chat, ...]:
        """The lines to send again on a new data channel, in order; the other side drops those that it has."""
        return tuple(
            Chat(id=line.id, text=line.text, sent_at=line.at_ms)
            for line in self._lines.values()
            if line.mine and line.delivery is Delivery.SENDING
        )

    def confirmed(self, line_id: str) -> None:
        """The other side shows the line; anything else than one of our lines is ignored."""
        line = self._lines.get((True, line_id))
        if line is not None:
            self._lines[True, line_id] = replace(line, delivery=Delivery.DELIVERED)

    def arrived(self, chat: Chat, at_ms: int) -> None:
        """Keep the other side's line, once by its id, with our own time: theirs may be wrong."""
        if chat.id in self._seen:
            return
        self._seen[chat.id] = None
        while len(self._seen) > MAX_REMEMBERED_IDS:
            self._seen.popitem(last=False)
        self._keep(ChatLine(chat.id, chat.text, at_ms, mine=False, delivery=Delivery.RECEIVED))

    def end(self) -> None:
        """The call is over; the visit may go on with another."""
        self.is_over = True

    def forget(self) -> None:
        """The visit is over: nothing of the talk stays but the person's own lines that never arrived."""
        for key, line in tuple(self._lines.items()):
            if not line.mine or line.delivery is not Delivery.SENDING:
                del self._lines[key]
        self._seen.clear()

    def _keep(self, line: ChatLine) -> None:
        self._lines[line.mine, line.id] = line
        while len(self._lines) > MAX_LINES:
            self._lines.popitem(last=False)


class ChatShelf:
    """Of visits that may go on: a hold, or a call that broke off, ends the call and not what was said, and to whom."""

    def __init__(self) -> None:
        self._logs: dict[str, ChatLog] = {}
        self._devices = PinnedDevices()

    def of(self, visit: str) -> ChatLog:
        """Return the chat of a visit whose call begins."""
        log = self._logs.setdefault(visit, ChatLog())
        log.begin()
        return log

    def device_of(self, visit: str) -> PinnedDevice:
        """Return whose device the visit is with."""
        return self._devices.of(visit)

    def keep(self, visits: Collection[str]) -> None:
        """Forget every chat but of these, and of the call that is on."""
        for visit in [visit for visit, log in self._logs.items() if visit not in visits and log.is_over]:
            self._logs.pop(visit).forget()
        self._devices.keep(self._logs.keys())
