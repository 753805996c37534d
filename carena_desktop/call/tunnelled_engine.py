"""Tells the engine which relays it reaches through a proxy: stands before it and adds that to every ``OpenLeg``.

Who fetched the relays' addresses has asked the router for them, so that the answer is known when a leg opens and no
command has to wait.
"""

from collections.abc import Callable
from dataclasses import replace

from carena_desktop.call.ports import (
    EngineCommand,
    EngineEvent,
    FrameReader,
    MediaEngine,
    OpenLeg,
    Stream,
    Tunnel,
    Unsubscribe,
)
from carena_desktop.network.relays import tls_relays
from carena_desktop.network.route import Route

Known = Callable[[str, int], Route]


class TunnelledEngine:
    """Implements ``ports.MediaEngine``.

    Args:
        inner: The engine.
        known: Returns the route to a host and port, as it was last found.
    """

    def __init__(self, inner: MediaEngine, known: Known) -> None:
        self._inner = inner
        self._known = known

    async def start(self) -> None:
        """Start the host."""
        await self._inner.start()

    def send(self, command: EngineCommand) -> None:
        """Hand over a command; a leg's with the ways to its relays."""
        if isinstance(command, OpenLeg):
            command = replace(command, tunnels=tuple(self._tunnels(command)))
        self._inner.send(command)

    def on_event(self, callback: Callable[[EngineEvent], None]) -> Unsubscribe:
        """Call ``callback`` with every event."""
        return self._inner.on_event(callback)

    def frames(self, stream: Stream) -> FrameReader:
        """Return the reader of a stream's slot."""
        return self._inner.frames(stream)

    async def stop(self) -> None:
        """Stop the host."""
        await self._inner.stop()

    async def aclose(self) -> None:
        """End."""
        await self._inner.aclose()

    def _tunnels(self, command: OpenLeg) -> list[Tunnel]:
        found = []
        for host, port in tls_relays(url for server in command.ice_servers for url in server.urls):
            route = self._known(host, port)
            if route.proxy is not None:
                found.append(Tunnel(host, port, route.proxy.host, route.proxy.port, route.authorization))
        return found
