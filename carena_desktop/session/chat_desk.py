"""The waiting chats of one signed-in session: brings the machines' messages to the relay, in order, and back.

A message that can't be delivered now waits for the patient's page; one that belongs to an opening given up is dropped.
"""

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from msgspec import UNSET, Raw

from carena_desktop.clock import Clock
from carena_desktop.session.chat_machine import ChatMachine
from carena_desktop.session.chat_model import ChatState, ChatView
from carena_desktop.session.chat_trust import ChatTrust
from carena_desktop.session.commands import Reply, new_id
from carena_desktop.session.model import WaitingRoom
from carena_desktop.session.ports import CommandRefusedError
from carena_desktop.tasks import TaskScope
from carena_protocol import waiting_chat
from carena_protocol.errors import ErrorCode
from carena_protocol.messages import ClientMessage, Error
from carena_protocol.news import ChatPeer, ChatRelayed
from carena_protocol.peer import PeerMessageError
from carena_protocol.verbs import ChatClose, ChatOpen, ChatRelay
from carena_protocol.visit import CHAT_STATES
from carena_protocol.waiting_chat import AnyChatMessage

_log = logging.getLogger(__name__)

MAX_CHATS: Final = 64
MAX_SEEN: Final = 1024
MAX_WAITING: Final = 600
_PAUSE_S: Final = 0.25
_TRIES: Final = 8


class Ask(Protocol):
    """Sends a command and returns its reply; raises CommandRefusedError."""

    def __call__(self, message: ClientMessage) -> Awaitable[Reply]:
        """See ``CommandDesk.ask``."""
        ...


class _Chat:
    """One machine with what waits to be sent."""

    def __init__(self, machine: ChatMachine, outbox: deque[AnyChatMessage]) -> None:
        self.machine = machine
        self.outbox = outbox
        self.seen: OrderedDict[str, None] = OrderedDict()
        self.sender: asyncio.Task[None] | None = None


class ChatDesk:
    """Implements ``ports.ChatPort``.

    Args:
        trust: This workstation's device key, and whom it knows.
        ask: Sends a command.
        clock: What time it is.
        on_change: Is called when a view changed.
    """

    def __init__(self, trust: ChatTrust, ask: Ask, clock: Clock, on_change: Callable[[], None]) -> None:
        self._trust = trust
        self._ask = ask
        self._clock = clock
        self._on_change = on_change
        self._chats: OrderedDict[str, _Chat] = OrderedDict()
        self._scope = TaskScope("waiting-chats")

    @property
    def views(self) -> tuple[ChatView, ...]:
        """Every chat there is."""
        return tuple(chat.machine.view for chat in self._chats.values())

    async def open(self, visit: str) -> None:
        """Open the chat with a patient, in place of a colleague's; raises CommandRefusedError."""
        await self._trust.prepare()
        reply = await self._ask(ChatOpen(id=new_id(), visit=visit))
        if isinstance(reply, Error):
            raise CommandRefusedError(reply.code, reason=None if reply.reason is UNSET else reply.reason)
        chat = self._chats.get(visit) or self._make(visit)
        chat.machine.open_asked()
        self._changed(chat)

    async def close(self, visit: str) -> None:
        """Close a chat; raises CommandRefusedError."""
        chat = self._chats.get(visit)
        if chat is None or chat.machine.view.state not in {ChatState.OPENING, ChatState.OPEN}:
            return
        chat.machine.close_asked()
        self._changed(chat)
        await self._ask(ChatClose(id=new_id(), visit=visit))

    def say(self, visit: str, text: str) -> None:
        """Write a line to a patient whose chat was opened."""
        chat = self._chats.get(visit)
        if chat is not None:
            chat.machine.say(text)
            self._changed(chat)

    async def compared(self, visit: str, *, same: bool) -> None:
        """The codes of an open chat were compared; other ones end it. Raises CommandRefusedError."""
        chat = self._chats.get(visit)
        if chat is None:
            return
        chat.machine.compared(same=same)
        self._changed(chat)
        if chat.machine.view.state is ChatState.UNSAFE:
            await self._ask(ChatClose(id=new_id(), visit=visit))

    def read(self, visit: str) -> None:
        """The lines of a chat are looked at."""
        chat = self._chats.get(visit)
        if chat is not None and chat.machine.view.unread:
            chat.machine.read()
            self._on_change()

    def deliver(self, message: ChatPeer | ChatRelayed) -> None:
        """Hand a message of the stream to its chat; one that nobody here opened is dropped."""
        chat = self._chats.get(message.visit)
        if chat is None:
            return
        match message:
            case ChatPeer(present=present, taken_over=taken_over):
                chat.machine.peer(present=present, taken_over=taken_over)
                if taken_over:
                    chat.outbox.clear()
            case ChatRelayed(id=message_id, data=data):
                self._relayed(chat, message_id, bytes(data))
        self._changed(chat)

    def follow(self, room: WaitingRoom) -> None:
        """Forget the chats of patients who are gone, and end those of visits that began."""
        if not self._chats:
            return
        states = {entry.visit: entry.state for entry in room.entries if entry.visit in self._chats}
        for visit, chat in tuple(self._chats.items()):
            state = states.get(visit)
            if state is None:
                self._forget(visit)
            elif state not in CHAT_STATES and chat.machine.view.state in {ChatState.OPENING, ChatState.OPEN}:
                chat.machine.over()
                chat.outbox.clear()
                self._on_change()

    def restarted(self) -> None:
        """The server has lost what it knew: open again what was open."""
        for visit, chat in self._chats.items():
            if chat.machine.view.state in {ChatState.OPENING, ChatState.OPEN}:
                chat.outbox.clear()
                chat.machine.over()
                self._scope.spawn(self._open_again(visit), name="chat-again")

    def end(self) -> None:
        """The session is over: forget everything."""
        self._scope.cancel()
        self._chats.clear()

    async def aclose(self, limit_s: float) -> None:
        """End every task, after ``end``."""
        await self._scope.aclose(limit_s)

    async def _open_again(self, visit: str) -> None:
        try:
            await self.open(visit)
        except CommandRefusedError as error:
            _log.info("a waiting chat could not be opened again: %s", error.code)

    def _relayed(self, chat: _Chat, message_id: str, data: bytes) -> None:
        if message_id in chat.seen:
            return
        chat.seen[message_id] = None
        while len(chat.seen) > MAX_SEEN:
            chat.seen.popitem(last=False)
        try:
            message = waiting_chat.decode(data)
        except PeerMessageError as error:
            chat.machine.dropped += 1
            if chat.machine.dropped == 1:
                _log.warning("a patient's page sent what is no chat message: %s", error.code)
            return
        chat.machine.take(message)

    def _make(self, visit: str) -> _Chat:
        outbox: deque[AnyChatMessage] = deque(maxlen=MAX_WAITING)
        machine = ChatMachine(visit, self._trust, new_id, outbox.append, self._clock.wall_ms)
        chat = self._chats[visit] = _Chat(machine, outbox)
        if len(self._chats) > MAX_CHATS:
            idle = (one for one, other in self._chats.items() if other.machine.view.state is not ChatState.OPEN)
            self._forget(next(idle, next(iter(self._chats))))
        return chat

    def _forget(self, visit: str) -> None:
        chat = self._chats.pop(visit)
        if chat.sender is not None:
            chat.sender.cancel()
        self._on_change()

    def _changed(self, chat: _Chat) -> None:
        if chat.outbox and (chat.sender is None or chat.sender.done()):
            chat.sender = self._scope.spawn(self._send(chat), name="waiting-chat")
        self._on_change()

    async def _send(self, chat: _Chat) -> None:
        """Send what waits, in order; what the other side can't take now is tried again, some times."""
        tries = 0
        while chat.outbox:
            message = chat.outbox[0]
            data = Raw(waiting_chat.encode(message))
            try:
                reply = await self._ask(ChatRelay(id=new_id(), visit=chat.machine.view.visit, data=data))
            except CommandRefusedError:
                return  # not connected for long, or signed out
            if isinstance(reply, Error) and reply.retryable and tries < _TRIES:
                tries += 1
                wait_ms = reply.retry_after_ms if isinstance(reply.retry_after_ms, int) else 0
                await asyncio.sleep(max(wait_ms / 1000, _PAUSE_S))
                continue
            tries = 0
            if chat.outbox and chat.outbox[0] is message:
                chat.outbox.popleft()
            if isinstance(reply, Error) and reply.code is not ErrorCode.PEER_UNREACHABLE:
                _log.info("a waiting chat's message was refused: %s", reply.code)
