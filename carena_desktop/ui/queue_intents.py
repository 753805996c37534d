"""From what the person wants in the waiting room to what the session does; see ``intents``.

Every wish runs as a task of the window's scope. A refusal becomes words, and the row goes back to what the server says.
"""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal

from carena_desktop.session.orders import Order
from carena_desktop.session.ports import CommandRefusedError, OwnPresence, SessionPort
from carena_desktop.tasks import ScopeClosedError, TaskScope
from carena_desktop.ui import text
from carena_desktop.ui.i18n import tr


class QueueIntents(QObject):
    """Slots for the signals of the waiting room and of triage."""

    order_done = Signal(object, int)
    """An order, and the row's version after it (0: the row is gone)."""
    order_refused = Signal(object, str)
    """An order, and why, in words."""
    details_found = Signal(object)
    details_refused = Signal(str, str)
    """A visit, and why its details can't be had, in words."""
    chat_refused = Signal(str)
    said = Signal(str, str)

    def __init__(self, session: SessionPort, scope: TaskScope, end_call: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self._end_call = end_call
        self._session = session
        self._scope = scope

    def order(self, order: Order) -> None:
        """Carry out an order."""
        self._spawn(self._order(order), f"order-{order.verb}")

    def part(self, order: Order) -> None:
        """Pause the visit that is under way, hand it over or finish it; then the call ends here."""
        self._spawn(self._part(order), "part")

    def details(self, visit: str) -> None:
        """Fetch what is known about a visit."""
        self._spawn(self._details(visit), "details")

    def set_presence(self, presence: OwnPresence) -> None:
        """Say whether one can be reached."""
        self._spawn(self._set_presence(presence), "presence")

    def open_chat(self, visit: str) -> None:
        """Open the chat with a patient who waits."""
        self._spawn(self._open_chat(visit), "chat-open")

    def close_chat(self, visit: str) -> None:
        """Close it."""
        self._spawn(self._close_chat(visit), "chat-close")

    def compare_chat(self, visit: str, same: bool) -> None:  # noqa: FBT001 - a slot
        """The codes of a chat were compared."""
        self._spawn(self._compare_chat(visit, same=same), "chat-compared")

    def say(self, visit: str, words: str) -> None:
        """Write a line to a patient who waits."""
        try:
            self._session.chats.say(visit, words)
        except CommandRefusedError as error:
            self.said.emit(text.refusal(error), "danger")

    def read_chat(self, visit: str) -> None:
        """The lines of a chat are looked at."""
        try:
            self._session.chats.read(visit)
        except CommandRefusedError:
            return  # signed out: there is no line any more

    async def _open_chat(self, visit: str) -> None:
        try:
            await self._session.chats.open(visit)
        except CommandRefusedError as error:
            words = tr("Writing to this patient is not possible now. {why}")
            self.chat_refused.emit(visit)
            self.said.emit(words.format(why=text.refusal(error)), "danger")

    async def _close_chat(self, visit: str) -> None:
        try:
            await self._session.chats.close(visit)
        except CommandRefusedError:
            return  # it is closed here; the server closes it when the session goes

    async def _compare_chat(self, visit: str, *, same: bool) -> None:
        try:
            await self._session.chats.compared(visit, same=same)
        except CommandRefusedError:
            return  # what it says about the keys stands here, and the chat is closed here

    async def _order(self, order: Order) -> None:
        try:
            version = await self._session.order(order)
        except CommandRefusedError as error:
            self.order_refused.emit(order, text.refusal(error))
        else:
            self.order_done.emit(order, version)

    async def _part(self, order: Order) -> None:
        """The server first: the patient's page must know what the call's end means."""
        try:
            await self._session.order(order)
        except CommandRefusedError as error:
            self.order_refused.emit(order, text.refusal(error))
        else:
            await self._end_call()

    async def _details(self, visit: str) -> None:
        try:
            self.details_found.emit(await self._session.details(visit))
        except CommandRefusedError as error:
            self.details_refused.emit(visit, text.refusal(error))

    async def _set_presence(self, presence: OwnPresence) -> None:
        try:
            await self._session.set_presence(presence)
        except CommandRefusedError as error:
            self.said.emit(text.refusal(error), "danger")

    def _spawn(self, coro: Coroutine[Any, Any, None], name: str) -> None:
        try:
            self._scope.spawn(coro, name=name)
        except ScopeClosedError:
            return  # the program is ending: nothing new begins
