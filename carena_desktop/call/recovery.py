"""How long to wait before the next leg, how long a leg may take, and which TURN server it tries: policies as values."""

from typing import Final

from carena_protocol.messages import IceServer

HANDSHAKE_LIMIT_S: Final = 20.0
"""From the command to make a leg to its open data channel; aiortc itself may stay "connecting" for ever."""
RETRY_DELAYS_S: Final = (0.25, 1.0, 2.0, 4.0, 8.0)
MAX_CRASHES: Final = 3
CRASH_WINDOW_S: Final = 60.0


def retry_delay(failures: int) -> float:
    """Return the seconds to wait after the ``failures``-th failure in a row, counted from 1."""
    return RETRY_DELAYS_S[min(max(failures, 1), len(RETRY_DELAYS_S)) - 1]


def order_servers(servers: tuple[IceServer, ...], failures: int) -> tuple[IceServer, ...]:
    """Return one server per address, with another TURN address first after each failure.

    aiortc uses the first TURN address of the list and no other: where UDP is blocked, the next leg tries the next one.
    """
    single = [
        IceServer(urls=[url], username=server.username, credential=server.credential)
        for server in servers
        for url in server.urls
    ]
    turn = [server for server in single if server.urls[0].startswith("turn")]
    other = [server for server in single if not server.urls[0].startswith("turn")]
    first = failures % len(turn) if turn else 0
    return (*other, *turn[first:], *turn[:first])
