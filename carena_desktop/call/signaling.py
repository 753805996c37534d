"""What a call needs of the service: the relay to the other party of one admitted visit."""

from collections.abc import Callable
from typing import Protocol

from carena_protocol.messages import IceServer
from carena_protocol.peer import AnySignal

Unsubscribe = Callable[[], None]


class SignalingChannel(Protocol):
    """The relay of one admitted visit."""

    async def send(self, signal: AnySignal) -> None:
        """Hand a signal to the other party; may raise when the service or the party is away."""
        ...

    def on_signal(self, callback: Callable[[AnySignal], None]) -> Unsubscribe:
        """Call ``callback`` with every valid signal of the other party, in order."""
        ...

    def on_peer(self, callback: Callable[[bool], None]) -> Unsubscribe:
        """Call ``callback`` when the other party's presence at the service changes."""
        ...

    async def ice_servers(self) -> tuple[list[IceServer], bool, float]:
        """Return fresh ICE servers, whether only relayed paths are allowed, and how many seconds they are good for."""
        ...

    def hurry(self, *, is_stale: bool = False) -> None:
        """Find out at once whether the service is reachable, and if not, come back to it as soon as it is.

        ``is_stale`` says that the network changed: a connection over it is made anew without asking.
        """
        ...
