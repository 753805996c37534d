"""Ask every STUN and TURN server at once, and wait for the silent ones no longer than a second.

aiortc 1.16 hands aioice the first STUN and the first TURN address of the list, and a server that does not answer costs
five seconds of every set-up. Where UDP is blocked that is the difference between a call and none (measured). Here all
rungs of the ladder are raced: direct, TURN over UDP, over TCP, over TLS; what answers becomes a candidate, and earlier
rungs have the higher priority (RFC 8445 section 5.1.2.1), so that a call takes the best that works.
"""

import asyncio
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from aioice.candidate import Candidate, candidate_priority
from aioice.ice import Connection, StunProtocol, TransportPolicy, relayed_candidate, server_reflexive_candidate
from aiortc import RTCPeerConnection
from aiortc.rtcicetransport import parse_stun_turn_uri

from carena_desktop.call.engine.repairs.tunnelled_relay import tunnelled_candidate
from carena_desktop.call.ports import Tunnel
from carena_protocol.messages import IceServer

PATIENCE_S: Final = 1.0
"""What silent servers may cost while there is any other candidate."""
LIMIT_S: Final = 5.0
"""What they may cost when there is none."""
ENOUGH_S: Final = 0.25
"""How long further rungs are waited for once one relay has answered."""
MAX_RUNGS: Final = 8
_used: Final[weakref.WeakKeyDictionary[StunProtocol, "Rung"]] = weakref.WeakKeyDictionary()
_TRANSPORTS: Final = {"turn": ("udp", "tcp"), "turns": ("tcp",)}


@dataclass(frozen=True, slots=True)
class Rung:
    """One TURN address; ``username`` and ``password`` are the server's for this visit."""

    host: str
    port: int
    transport: str
    is_tls: bool
    username: str = field(repr=False)
    password: str = field(repr=False)
    tunnel: Tunnel | None = field(default=None, repr=False)
    """The proxy on the way, where there is one."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """What may be asked, the best first."""

    stun: tuple[tuple[str, int], ...]
    rungs: tuple[Rung, ...]


def read(servers: Sequence[IceServer], tunnels: Sequence[Tunnel] = ()) -> Ladder:
    """Return the ladder of a server list; raises ValueError for an address that can't be read.

    Args:
        servers: Whom to ask.
        tunnels: Which relays over TLS are reached through a proxy.
    """
    ways = {(tunnel.host, tunnel.port): tunnel for tunnel in tunnels}
    stun: list[tuple[str, int]] = []
    rungs: list[Rung] = []
    for server in servers:
        for url in server.urls:
            parsed = parse_stun_turn_uri(url)
            address = (parsed["host"], parsed["port"])
            if parsed["scheme"] == "stun":
                stun.append(address)
            elif parsed["transport"] in _TRANSPORTS.get(parsed["scheme"], ()):
                username = server.username if isinstance(server.username, str) else ""
                password = server.credential if isinstance(server.credential, str) else ""
                is_tls = parsed["scheme"] == "turns"
                way = ways.get(address) if is_tls else None
                rungs.append(Rung(*address, parsed["transport"], is_tls, username, password, way))
    rungs.sort(key=lambda rung: (rung.is_tls, rung.transport != "udp"))
    return Ladder(tuple(dict.fromkeys(stun))[:2], tuple(dict.fromkeys(rungs))[:MAX_RUNGS])


class Gatherer:
    """Stands in one ICE connection that has gathered nothing yet.

    Args:
        connection: Made without servers.
        ladder: Whom to ask.
    """

    def __init__(self, connection: Connection, ladder: Ladder) -> None:
        self._connection = connection
        self._ladder = ladder
        self._hosts = connection.get_component_candidates
        connection.get_component_candidates = self._gather  # type: ignore[method-assign]  # the repair

    async def _gather(self, component: int, addresses: list[str], timeout: int = 5) -> list[Candidate]:  # noqa: ASYNC109 - aioice's
        candidates: list[Candidate] = await self._hosts(component, addresses, timeout)
        hosts = list(self._connection._protocols)  # noqa: SLF001 - the repair
        loop = asyncio.get_running_loop()
        asked: dict[asyncio.Task[tuple[Candidate, StunProtocol | None]], int] = {}
        for server in self._ladder.stun:
            for protocol in hosts:
                if "." in protocol.local_candidate.host:  # IPv4: others have no address translation to discover
                    asked[loop.create_task(server_reflexive_candidate(protocol, server))] = -1
        for index, rung in enumerate(self._ladder.rungs):
            asked[loop.create_task(self._relay(component, rung))] = index
        answered = await _first_answers(asked, anything=bool(candidates))
        seen: set[tuple[str, int]] = set()
        for task in answered:
            candidate, relay = task.result()
            index = asked[task]
            if index >= 0 and relay is not None:
                candidate.priority = candidate_priority(component, "relay", 65_535 - index)
                self._connection._protocols.append(relay)  # noqa: SLF001 - the repair
                _used[relay] = self._ladder.rungs[index]
            elif (candidate.host, candidate.port) in seen:
                continue  # two STUN servers saw the same address
            seen.add((candidate.host, candidate.port))
            candidates.append(candidate)
        return candidates

    async def _relay(self, component: int, rung: Rung) -> tuple[Candidate, StunProtocol | None]:
        if rung.tunnel is not None:
            return await tunnelled_candidate(
                self._connection, component, rung.tunnel, username=rung.username, password=rung.password
            )
        return await relayed_candidate(
            component=component,
            hide_related_address=self._connection._transport_policy == TransportPolicy.RELAY,  # noqa: SLF001 - the repair
            protocol_factory=lambda: StunProtocol(self._connection),
            turn_server=(rung.host, rung.port),
            turn_username=rung.username,
            turn_password=rung.password,
            turn_ssl=rung.is_tls,
            turn_transport=rung.transport,
        )


_Asked = asyncio.Task[tuple[Candidate, StunProtocol | None]]


async def _first_answers(asked: dict[_Asked, int], *, anything: bool) -> list[_Asked]:
    """Return the tasks that succeeded within the limits of this module, in the order of ``asked``; end the others."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    pending: set[_Asked] = set(asked)
    relayed_at: float | None = None
    try:
        while pending:
            good = [task for task in asked if task.done() and task.exception() is None]
            if relayed_at is None and any(asked[task] >= 0 for task in good):
                relayed_at = loop.time()
            until = start + (PATIENCE_S if anything or good else LIMIT_S)
            if relayed_at is not None:
                until = min(until, relayed_at + ENOUGH_S)
            left = until - loop.time()
            if left <= 0:
                break
            _, pending = await asyncio.wait(pending, timeout=left, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
    return [task for task in asked if not task.cancelled() and task.exception() is None]


def rung_of(protocol: StunProtocol) -> Rung | None:
    """Return the relay that a protocol sends through, None for one that sends by itself."""
    return _used.get(protocol)


def install(connection: RTCPeerConnection, ladder: Ladder) -> None:
    """Use it in a peer connection that was made without servers and has its media."""
    found = {transceiver.sender.transport.transport for transceiver in connection.getTransceivers()}
    for transport in found:
        Gatherer(transport.iceGatherer._connection, ladder)  # noqa: SLF001 - the repair
