"""A signed-in session: its signaling, its waiting room, its commands.

Made when the tokens are there, dropped when the session ends; lives across reconnects. What it learns goes to the
session machine as events; what it refuses is a CommandRefusedError.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from msgspec import UNSET

from carena_desktop.identity import CLIENT_INFO
from carena_desktop.session import events, waiting_room
from carena_desktop.session.backoff import Backoff
from carena_desktop.session.chat_desk import ChatDesk
from carena_desktop.session.commands import Reply, new_id
from carena_desktop.session.failures import SessionError
from carena_desktop.session.gone import GoneNames
from carena_desktop.session.link import Link, Lost, Over
from carena_desktop.session.model import EmergencyTold, SiteWord, StaffAccount, WaitingRoom
from carena_desktop.session.ports import CommandRefusedError
from carena_desktop.session.queue_desk import QueueDesk
from carena_desktop.session.token_keeper import Site, TokenKeeper
from carena_desktop.session.visit_signaling import SignalingHub, VisitChannel
from carena_desktop.session.wiring import World
from carena_desktop.tasks import TaskScope
from carena_protocol.client import ClientMachine
from carena_protocol.errors import ErrorCode
from carena_protocol.limits import FIRST_ROOM
from carena_protocol.messages import (
    ClientMessage,
    Error,
    PeerPresence,
    QueueDelta,
    QueueSnapshot,
    QueueSubscribe,
    Relayed,
    ServerMessage,
    Welcome,
)
from carena_protocol.news import ChatPeer, ChatRelayed, Gone, Notice, Rooms, Staff

_log = logging.getLogger(__name__)
_CLOSE_S: Final = 0.2
_SUBSCRIBE_AGAIN_S: Final = 2.0
_MIN_RETRY_S: Final = 0.05
_MAX_RETRY_S: Final = 60.0


class ActiveSession:
    """The session of one signed-in account.

    Args:
        site: The server, verified.
        account: Who is signed in.
        tokens: The session's tokens.
        world: The adapters.
        on_event: Takes what happens, as events of the session machine.
        attempt: The number those events carry.
    """

    def __init__(
        self,
        *,
        site: Site,
        account: StaffAccount,
        tokens: TokenKeeper,
        world: World,
        on_event: Callable[[events.SessionEvent], None],
        attempt: int,
    ) -> None:
        self._site = site
        self._tokens = tokens
        self._world = world
        self._on_event = on_event
        self._attempt = attempt
        self._room = WaitingRoom()
        self._gone = GoneNames()
        self._complete = False
        self._scope = TaskScope("waiting-room")
        self._subscribing: asyncio.Task[None] | None = None
        self._link = Link(
            site=site,
            machine=ClientMachine(CLIENT_INFO),
            tokens=tokens,
            api=world.api,
            transport=world.transport,
            clock=world.clock,
            timing=world.timing,
            listener=self,
        )
        self._hub = SignalingHub(
            self._link.desk.ask, relay_only=world.live.relay_only, router=world.router, hurry=self._hurry
        )
        self.chats = ChatDesk(world.keys, self._ask, world.clock, self._chats_changed)
        self.queue = QueueDesk(account, lambda: self._room, self._ask)

    async def run_connection(self) -> Lost | Over:
        """Bring one connection up and serve it to its end."""
        return await self._link.run()

    def end(self, code: ErrorCode) -> None:
        """The session is over: commands are refused with ``code`` from now on."""
        self.chats.end()
        self._link.desk.end(code)
        self._scope.cancel()

    async def aclose(self) -> None:
        """End every task, after ``end``."""
        await self._scope.aclose(_CLOSE_S)
        await self.chats.aclose(_CLOSE_S)

    def signaling(self, visit: str) -> VisitChannel:
        """Return the relay of one visit."""
        return self._hub.channel(visit)

    async def site_word(self) -> SiteWord:
        """Return what the site says about versions and policies; raises SessionError."""
        token = await self._tokens.access_token()
        server, context = self._site.address, self._site.context
        version = await self._world.api.version(server, context, token)
        policies = await self._world.api.policies(server, context, token)
        return SiteWord(version.server, version.desktop, policies.locked, policies.default)

    async def ask_rest(self, method: str, path: str, body: bytes) -> bytes:
        """Ask the HTTPS interface with this session's token; a token that died meanwhile is renewed once."""
        server, context = self._site.address, self._site.context
        try:
            return await self._world.api.ask(server, context, method, path, body, await self._tokens.access_token())
        except SessionError as error:
            if error.code is not ErrorCode.TOKEN_EXPIRED:
                raise
        token = await self._tokens.access_token(fresh=True)
        return await self._world.api.ask(server, context, method, path, body, token)

    def look_again(self) -> None:
        """What this account may see has grown: a queue that was refused before may be there now."""
        self._subscribe(anew=True)

    async def create_visit_link(self, *, reusable: bool, room: str = FIRST_ROOM) -> str:
        """Return the URL of a new visit link: its secret is in the fragment, which no server sees."""
        try:
            token = await self._tokens.access_token()
            link = await self._world.api.visit_link(
                self._site.address, self._site.context, token, reusable=reusable, room=room
            )
        except SessionError as error:
            code = error.code if isinstance(error.code, ErrorCode) else ErrorCode.BUSY
            raise CommandRefusedError(code) from None
        return f"{self._site.address.origin}/visit#{link.secret}"

    def welcomed(self, welcome: Welcome) -> None:
        """Signaling is up; see ``LinkListener``."""
        backoff = Backoff(
            base_s=max(welcome.retry.base_ms / 1000, _MIN_RETRY_S), cap_s=min(welcome.retry.cap_ms / 1000, _MAX_RETRY_S)
        )
        offset_ms = welcome.server_time - self._world.clock.wall_ms()
        self._on_event(events.Welcomed(self._attempt, offset_ms, backoff))
        if not welcome.resumed:
            self._subscribe(anew=True)
            self.chats.restarted()

    def steady(self) -> None:
        """Signaling has been up for a while; see ``LinkListener``."""
        self._on_event(events.ConnectionSteady(self._attempt))

    def delivered(self, message: ServerMessage) -> None:
        """The next message of the stream; see ``LinkListener``."""
        match message:
            case QueueSnapshot():
                # A large room comes as a snapshot of its first rows and deltas that add the rest: until the
                # subscription is answered nobody may ask for "what changed since" its version.
                self._complete = False
                self._show(waiting_room.from_snapshot(message, self._room))
            case QueueDelta():
                self._note_end(message)
                room = waiting_room.apply_delta(self._room, message)
                if room is waiting_room.GAP:
                    self._subscribe(anew=False)
                else:
                    self._show(room)
            case Gone(gone=gone):
                self._show(replace(self._room, gone=self._gone.listed(gone)))
            case Rooms(rooms=rooms):
                self._show(replace(self._room, rooms=rooms))
            case Staff(staff=staff):
                self._show(replace(self._room, staff=staff))
            case ChatPeer() | ChatRelayed():
                self.chats.deliver(message)
            case Notice(who=who, who_name=name, at=at, until=until):
                self._on_event(events.EmergencyCame(self._attempt, EmergencyTold(who, name, at, until)))
            case Relayed() | PeerPresence():
                self._hub.deliver(message)
            case _:
                pass  # additive messages of newer servers, and those for patients

    def _note_end(self, delta: QueueDelta) -> None:
        entry = waiting_room.find(self._room, delta.visit) if delta.entry is UNSET else None
        if entry is not None:
            self._gone.vanished(entry.visit, entry.name)

    def _hurry(self, *, is_stale: bool) -> None:
        """A call has lost its path: be sure of the connection, or try for one now instead of waiting."""
        if not self._link.hurry(is_stale=is_stale):
            self._on_event(events.RetryDue(self._attempt))

    def _show(self, room: WaitingRoom) -> None:
        if room != self._room:
            self._room = room
            self._on_event(events.RoomChanged(self._attempt, room))
            self.chats.follow(room)

    def _chats_changed(self) -> None:
        self._on_event(events.ChatsChanged(self._attempt, self.chats.views))

    def _subscribe(self, *, anew: bool) -> None:
        """Ask for the queue, from the version we have where that is complete.

        ``anew``: the stream started anew, an older question is void.
        """
        if self._subscribing is not None and not self._subscribing.done():
            if not anew:
                return  # the answer under way fills the gap
            self._subscribing.cancel()
        self._subscribing = self._scope.spawn(self._subscribe_until_answered(), name="subscribe")

    async def _subscribe_until_answered(self) -> None:
        while True:
            try:
                since = self._room.version if self._complete else UNSET
                reply = await self._ask(QueueSubscribe(id=new_id(), since=since))
            except CommandRefusedError as refused:
                if refused.code is not ErrorCode.BUSY:
                    return  # the session ended
                continue  # no answer in time: ask again
            if not isinstance(reply, Error):
                self._complete = True
                return
            _log.warning("the waiting room was refused: %s", reply.code)
            if not reply.retryable:
                return
            await asyncio.sleep(_SUBSCRIBE_AGAIN_S)

    async def _ask(self, message: ClientMessage) -> Reply:
        return await self._link.desk.ask(message, limit_s=self._world.timing.command_limit_s)
