"""Every rung of the path ladder is asked at once, with a real coturn and with servers that never answer."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit

import pytest
from aiortc import RTCConfiguration, RTCIceTransportPolicy, RTCPeerConnection

from carena_desktop.call.engine.repairs import ice_ladder
from carena_desktop.clock import SYSTEM_CLOCK
from carena_protocol.messages import IceServer
from carena_server.turn import credentials
from demo.relay import Relay, relay


@pytest.fixture(scope="module")
def coturn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    """A relay that answers over UDP and over TCP."""
    with relay(tmp_path_factory.mktemp("relay")) as running:
        yield running


@pytest.fixture
def silent() -> Iterator[tuple[int, int]]:
    """A UDP port and a TCP port where somebody listens and says nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.create_server(("127.0.0.1", 0)) as tcp:
        udp.bind(("127.0.0.1", 0))
        yield udp.getsockname()[1], tcp.getsockname()[1]


def server(coturn: Relay, *urls: str) -> IceServer:
    """An entry with credentials that the relay accepts."""
    secret = coturn.secret_file.read_bytes()
    username, password = credentials(secret, "visit", now_ms=SYSTEM_CLOCK.wall_ms(), ttl_s=60)
    return IceServer(urls=list(urls), username=username, credential=password)


@pytest.fixture
async def connection() -> AsyncIterator[RTCPeerConnection]:
    """A connection that may use relays only."""
    made = RTCPeerConnection(RTCConfiguration(iceServers=[], iceTransportPolicy=RTCIceTransportPolicy.RELAY))
    made.addTransceiver("audio")
    yield made
    await made.close()


async def gathered(connection: RTCPeerConnection, servers: list[IceServer]) -> tuple[list[list[str]], float]:
    """Gather; return the candidates' fields, and the seconds it took."""
    ice_ladder.install(connection, ice_ladder.read(servers))
    loop = asyncio.get_running_loop()
    start = loop.time()
    await connection.setLocalDescription(await connection.createOffer())
    lines = connection.localDescription.sdp.splitlines()
    return [line.split() for line in lines if line.startswith("a=candidate:")], loop.time() - start


async def test_a_working_rung_behind_dead_ones_is_found(
    connection: RTCPeerConnection, coturn: Relay, silent: tuple[int, int]
) -> None:
    """STUN and TURN over UDP say nothing, TURN over TCP answers: there is a relayed candidate, and soon."""
    udp, tcp = silent
    port = urlsplit(coturn.url.replace("turn:", "turn://")).port
    candidates, seconds = await gathered(
        connection,
        [
            IceServer(urls=[f"stun:127.0.0.1:{udp}"]),
            server(
                coturn,
                f"turn:127.0.0.1:{udp}?transport=udp",
                f"turn:127.0.0.1:{tcp}?transport=tcp",
                f"turn:127.0.0.1:{port}?transport=tcp",
            ),
        ],
    )
    assert [fields[7] for fields in candidates] == ["relay"]
    assert seconds < 4, "a silent server costs five seconds without the ladder"


async def test_better_rungs_have_the_higher_priority(connection: RTCPeerConnection, coturn: Relay) -> None:
    """UDP and TCP both answer, whatever their order in the list: two relays, and UDP's comes first."""
    over_tcp = coturn.url.replace("udp", "tcp")
    candidates, _ = await gathered(connection, [server(coturn, over_tcp, coturn.url)])
    priorities = [int(fields[3]) for fields in candidates]
    assert len(priorities) == 2
    assert priorities == sorted(priorities, reverse=True)
    assert priorities[0] - priorities[1] == 1 << 8


async def test_wrong_credentials_are_no_candidate(connection: RTCPeerConnection, coturn: Relay) -> None:
    """A server that refuses leaves no candidate, and the call is offered all the same."""
    refused = IceServer(urls=[coturn.url], username="1:visit", credential="wrong")
    candidates, _ = await gathered(connection, [refused])
    assert candidates == []


@pytest.mark.parametrize("url", ["http://127.0.0.1", "turn:", "stun:a:b", "turn:127.0.0.1:port"])
def test_an_address_that_cannot_be_read_is_an_error(url: str) -> None:
    """Nonsense from the service raises before anything is opened."""
    with pytest.raises(ValueError, match="malformed"):
        ice_ladder.read([IceServer(urls=[url])])


def test_the_order_of_the_rungs() -> None:
    """UDP before TCP before TLS, each once, unknown transports left out, a bounded number."""
    urls = [
        "turns:a:443",
        "turn:a:1?transport=tcp",
        "turn:a:1",
        "turn:a:1",
        "turns:a:5?transport=udp",
        "stun:a",
        "stun:a",
    ]
    ladder = ice_ladder.read([IceServer(urls=urls, username="u", credential="p")])
    assert [(rung.port, rung.transport, rung.is_tls) for rung in ladder.rungs] == [
        (1, "udp", False),
        (1, "tcp", False),
        (443, "tcp", True),
    ]
    assert ladder.stun == (("a", 3478),)
    many = IceServer(urls=[f"turn:a:{n}" for n in range(1, 100)], username="u", credential="p")
    assert len(ice_ladder.read([many]).rungs) == ice_ladder.MAX_RUNGS
    assert "p" not in repr(ladder.rungs).replace("port", "").replace("transport", "").replace("udp", "").replace(
        "tcp", ""
    )
