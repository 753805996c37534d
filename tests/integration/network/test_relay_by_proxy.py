"""TURN over TLS through a proxy, with a real coturn: the last rung that a locked-down network leaves."""

from collections.abc import AsyncIterator, Iterator

import pytest
from aiortc import RTCConfiguration, RTCIceTransportPolicy, RTCPeerConnection

from carena_desktop.call.engine.repairs import ice_ladder
from carena_desktop.call.ports import OpenLeg, SendControl, Tunnel
from carena_desktop.call.tunnelled_engine import TunnelledEngine
from carena_desktop.clock import SYSTEM_CLOCK
from carena_desktop.network.choice import Proxy
from carena_desktop.network.route import DIRECT, ProxyLogin, Route
from carena_protocol.messages import IceServer
from carena_server.turn import credentials
from demo.relay import Relay, relay
from tests.connect_proxy import connect_proxy
from tests.fakes.certificates import Authority
from tests.fakes.engine import FakeEngine

HOST = "relay.test"
LOGIN = ProxyLogin("casey", "word").header


@pytest.fixture(scope="module")
def coturn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    """A relay with a certificate of an authority that this system trusts."""
    folder, authority = tmp_path_factory.mktemp("relay"), Authority()
    (folder / "authority.pem").write_bytes(authority.pem)
    with pytest.MonkeyPatch.context() as patch, relay(folder, authority.issue(folder, host=HOST)) as running:
        patch.setenv("SSL_CERT_FILE", str(folder / "authority.pem"))
        yield running


def servers(coturn: Relay, host: str = HOST) -> list[IceServer]:
    """The relay with credentials of a visit."""
    secret = coturn.secret_file.read_bytes()
    username, password = credentials(secret, "visit", now_ms=SYSTEM_CLOCK.wall_ms(), ttl_s=60)
    return [IceServer(urls=[f"turns:{host}:{coturn.tls_port}"], username=username, credential=password)]


@pytest.fixture
async def connection() -> AsyncIterator[RTCPeerConnection]:
    """A connection that may use relays only."""
    made = RTCPeerConnection(RTCConfiguration(iceServers=[], iceTransportPolicy=RTCIceTransportPolicy.RELAY))
    made.addTransceiver("audio")
    yield made
    await made.close()


async def gathered(connection: RTCPeerConnection, ladder: ice_ladder.Ladder) -> list[str]:
    """Gather and return the candidates."""
    ice_ladder.install(connection, ladder)
    await connection.setLocalDescription(await connection.createOffer())
    return [line for line in connection.localDescription.sdp.splitlines() if line.startswith("a=candidate:")]


async def test_a_relay_is_reached_through_the_proxy(connection: RTCPeerConnection, coturn: Relay) -> None:
    """The allocation goes through CONNECT with the proxy's login; the candidate names the relay and nobody else."""
    before = coturn.allocations
    async with connect_proxy("casey:word", {HOST: "127.0.0.1"}) as proxy:
        way = Tunnel(HOST, coturn.tls_port, "127.0.0.1", proxy.port, LOGIN)
        (candidate,) = await gathered(connection, ice_ladder.read(servers(coturn), [way]))
        assert " typ relay raddr 0.0.0.0 rport 9" in candidate
        assert proxy.asked == [f"{HOST}:{coturn.tls_port}"]
        assert coturn.allocations == before + 1
        await connection.close()


@pytest.mark.parametrize("wrong", ["login", "certificate"])
async def test_a_wrong_login_or_certificate_is_no_candidate(
    connection: RTCPeerConnection, coturn: Relay, wrong: str
) -> None:
    """Neither a proxy that refuses nor a relay under another name gives a candidate; the offer is made all the same."""
    host = HOST if wrong == "login" else "other.test"
    async with connect_proxy("casey:word", {HOST: "127.0.0.1", "other.test": "127.0.0.1"}) as proxy:
        way = Tunnel(host, coturn.tls_port, "127.0.0.1", proxy.port, "" if wrong == "login" else LOGIN)
        assert await gathered(connection, ice_ladder.read(servers(coturn, host), [way])) == []


async def test_a_leg_is_told_its_tunnels(coturn: Relay) -> None:
    """The engine gets, with a leg, the proxy of each relay over TLS that has one; other commands pass unchanged."""
    engine = FakeEngine()
    route = Route(Proxy("proxy.test", 3128), LOGIN)
    tunnelled = TunnelledEngine(engine, lambda host, _port: route if host == HOST else DIRECT)
    plain = IceServer(urls=["turns:direct.test:443", "turn:relay.test:3478"])
    tunnelled.send(OpenLeg(1, (*servers(coturn), plain)))
    tunnelled.send(SendControl(1, b"x"))
    opened, other = engine.history[-2:]
    assert isinstance(opened, OpenLeg)
    assert opened.tunnels == (Tunnel(HOST, coturn.tls_port, "proxy.test", 3128, LOGIN),)
    assert other == SendControl(1, b"x")
    assert LOGIN not in repr(opened)
