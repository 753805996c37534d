"""The relay of each admitted visit: the other party's signals, checked, in order, each once.

Nothing from a peer is trusted: what is no valid signal is counted and dropped. A signal may arrive before the call
listens (the patient's page says ready as soon as it is admitted), so a bounded backlog waits for the first listener.
"""

import logging
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from msgspec import Raw

from carena_desktop.network.relays import tls_relays
from carena_desktop.network.router import Router
from carena_desktop.session.commands import Reply, new_id
from carena_desktop.session.listeners import Listeners
from carena_desktop.session.ports import CommandRefusedError, Unsubscribe
from carena_protocol import peer
from carena_protocol.errors import ErrorCode
from carena_protocol.messages import (
    ClientMessage,
    Error,
    IceServer,
    PeerPresence,
    Relay,
    Relayed,
    TurnRequest,
    TurnServers,
)
from carena_protocol.peer import AnySignal, PeerMessageError

_log = logging.getLogger(__name__)

RELAY_LIMIT_S: Final = 10.0
MAX_BACKLOG: Final = 64
MAX_REMEMBERED_IDS: Final = 512
MAX_CHANNELS: Final = 32


class Ask(Protocol):
    """Sends a command and returns its reply; raises CommandRefusedError."""

    def __call__(self, message: ClientMessage, *, limit_s: float) -> Awaitable[Reply]:
        """See ``CommandDesk.ask``."""
        ...


class Hurry(Protocol):
    """Looks after the connection to the service at once."""

    def __call__(self, *, is_stale: bool) -> None:
        """See ``VisitSignaling.hurry``."""
        ...


class VisitChannel:
    """Implements ``ports.VisitSignaling`` for one visit.

    Args:
        visit: Which.
        ask: Sends a command.
        relay_only: Answers whether only relayed paths are allowed, whatever the server says.
        router: Asked how the relays are reached.
        hurry: Looks after the connection to the service at once.
    """

    def __init__(
        self,
        visit: str,
        ask: Ask,
        *,
        relay_only: Callable[[], bool] = lambda: False,
        router: Router | None = None,
        hurry: Hurry | None = None,
    ) -> None:
        self._visit = visit
        self._ask = ask
        self._router = router
        self._relay_only = relay_only
        self._hurry = hurry
        self._signals: Listeners[AnySignal] = Listeners("signal")
        self._peers: Listeners[bool] = Listeners("peer presence")
        self._backlog: deque[AnySignal] = deque(maxlen=MAX_BACKLOG)
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._present: bool | None = None
        self.dropped = 0
        """Messages of the other party that were no valid signals."""

    @property
    def idle(self) -> bool:
        """Whether nobody listens."""
        return not self._signals and not self._peers

    async def send(self, signal: AnySignal) -> None:
        """Hand a signal to the other party; raises CommandRefusedError."""
        message = Relay(id=new_id(), visit=self._visit, data=Raw(peer.encode(signal)))
        _raise_refusal(await self._ask(message, limit_s=RELAY_LIMIT_S))

    def on_signal(self, callback: Callable[[AnySignal], None]) -> Unsubscribe:
        """Call ``callback`` with every signal, first with those that waited for a listener."""
        unsubscribe = self._signals.add(callback)
        backlog, self._backlog = self._backlog, deque(maxlen=MAX_BACKLOG)
        for signal in backlog:
            self._signals.tell(signal)
        return unsubscribe

    def on_peer(self, callback: Callable[[bool], None]) -> Unsubscribe:
        """Call ``callback`` when the other party comes and goes, first with what is known now."""
        unsubscribe = self._peers.add(callback)
        if self._present is not None:
            callback(self._present)
        return unsubscribe

    async def ice_servers(self) -> tuple[list[IceServer], bool, float]:
        """Return fresh ICE servers, whether only relayed paths are allowed, and how many seconds they are good for.

        Raises:
            CommandRefusedError: They could not be had.
        """
        reply = await self._ask(TurnRequest(id=new_id(), visit=self._visit), limit_s=RELAY_LIMIT_S)
        _raise_refusal(reply)
        if not isinstance(reply, TurnServers):
            raise CommandRefusedError(ErrorCode.INTERNAL)
        if self._router is not None:  # the call asks for what is known, and can't wait for it then
            for host, port in tls_relays(url for server in reply.servers for url in server.urls):
                await self._router.route(host, port)
        return list(reply.servers), reply.relay_only or self._relay_only(), float(reply.ttl_s)

    def hurry(self, *, is_stale: bool = False) -> None:
        """The call has lost its path: look after the connection now."""
        if self._hurry is not None:
            self._hurry(is_stale=is_stale)

    def relayed(self, message: Relayed) -> None:
        """A message of the other party arrived."""
        if message.id in self._seen:
            return
        self._seen[message.id] = None
        while len(self._seen) > MAX_REMEMBERED_IDS:
            self._seen.popitem(last=False)
        try:
            signal = peer.decode_signal(bytes(message.data))
        except PeerMessageError as error:
            self.dropped += 1
            if self.dropped == 1:
                _log.warning("a peer sent what is no signal: %s", error.code)
            return
        if self._signals:
            self._signals.tell(signal)
        else:
            self._backlog.append(signal)

    def presence(self, *, present: bool) -> None:
        """The service says whether the other party is connected."""
        if present is not self._present:
            self._present = present
            self._peers.tell(present)


class SignalingHub:
    """The channels of one signed-in session."""

    def __init__(
        self,
        ask: Ask,
        *,
        relay_only: Callable[[], bool] = lambda: False,
        router: Router | None = None,
        hurry: Hurry | None = None,
    ) -> None:
        self._ask = ask
        self._relay_only = relay_only
        self._router = router
        self._hurry = hurry
        self._channels: OrderedDict[str, VisitChannel] = OrderedDict()

    def channel(self, visit: str) -> VisitChannel:
        """Return the channel of ``visit``, the same one each time."""
        channel = self._channels.get(visit)
        if channel is None:
            channel = VisitChannel(
                visit, self._ask, relay_only=self._relay_only, router=self._router, hurry=self._hurry
            )
            self._channels[visit] = channel
            self._drop_idle()
        return channel

    def deliver(self, message: Relayed | PeerPresence) -> None:
        """Hand a message of the stream to its visit."""
        match message:
            case Relayed():
                self.channel(message.visit).relayed(message)
            case PeerPresence():
                self.channel(message.visit).presence(present=message.present)

    def _drop_idle(self) -> None:
        """Bounded: a server can't make us keep channels that nobody asked for."""
        for visit in [visit for visit, channel in self._channels.items() if channel.idle][:-1]:
            if len(self._channels) <= MAX_CHANNELS:
                return
            del self._channels[visit]


def _raise_refusal(reply: Reply) -> None:
    if isinstance(reply, Error):
        raise CommandRefusedError(reply.code)
