"""A TURN allocation over TLS through an HTTP proxy, which aioice can't make: it opens its connections itself.

Everything of TURN is aioice's; only the socket below it comes from a tunnel (``carena_desktop.network.tunnel``).
"""

import asyncio
import ssl

import truststore
from aioice import turn
from aioice.candidate import Candidate, candidate_foundation, candidate_priority
from aioice.ice import Connection, StunProtocol, TransportPolicy

from carena_desktop.call.ports import Tunnel
from carena_desktop.network import tunnel as network
from carena_desktop.network.choice import Proxy


async def tunnelled_candidate(
    connection: Connection, component: int, tunnel: Tunnel, *, username: str, password: str
) -> tuple[Candidate, StunProtocol]:
    """Allocate at the relay behind a proxy; return what ``aioice.ice.relayed_candidate`` returns.

    Raises:
        OSError: The proxy or the relay can't be reached, or the relay's certificate is refused.
        aioice.stun.TransactionError: The relay refuses.
    """
    protocol = await _allocate(connection, tunnel, username, password)
    host, port = protocol.transport.get_extra_info("sockname")
    related = protocol.transport.get_extra_info("related_address")
    if connection._transport_policy == TransportPolicy.RELAY:  # noqa: SLF001 - the repair
        related = ("0.0.0.0" if "." in host else "::", 9)  # RFC 9429 section 3.5.3: it would name the proxy's side
    protocol.local_candidate = Candidate(
        foundation=candidate_foundation("relay", "udp", host),
        component=component,
        transport="udp",
        priority=candidate_priority(component, "relay"),
        host=host,
        port=port,
        type="relay",
        related_address=related[0],
        related_port=related[1],
    )
    return protocol.local_candidate, protocol


async def _allocate(connection: Connection, tunnel: Tunnel, username: str, password: str) -> StunProtocol:
    sock = await network.connect(
        tunnel.host, tunnel.port, Proxy(tunnel.proxy_host, tunnel.proxy_port), tunnel.authorization
    )
    try:
        transport, inner = await asyncio.get_running_loop().create_connection(
            lambda: turn.TurnClientTcpProtocol(
                (tunnel.host, tunnel.port),
                username=username,
                password=password,
                lifetime=turn.DEFAULT_ALLOCATION_LIFETIME,
                channel_refresh_time=turn.DEFAULT_CHANNEL_REFRESH_TIME,
            ),
            sock=sock,
            ssl=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            server_hostname=tunnel.host,
        )
    except BaseException:
        sock.close()
        raise
    try:
        protocol = StunProtocol(connection)
        await turn.TurnTransport(inner)._connect(protocol)  # noqa: SLF001 - as aioice's create_turn_endpoint
    except BaseException:
        transport.close()
        raise
    return protocol
