"""The relay's configuration in the guide, started as it stands there but for addresses, ports and files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from carena_desktop.call.engine.repairs import ice_ladder
from carena_desktop.call.relay_probe import probe
from carena_desktop.clock import SYSTEM_CLOCK
from carena_desktop.network.route import DIRECT
from carena_protocol.messages import IceServer
from carena_server.settings import load
from carena_server.turn import credentials
from demo.processes import program, running, wait_until
from demo.relay import _accepts, free_port
from tests.fakes.certificates import Authority

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "admin" / "turn.md"
SECRET = "a-secret-of-this-test"


def block(language: str) -> str:
    """The first block of the guide in a language."""
    found = re.search(rf"```{language}\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found.group(1)


@dataclass
class Documented:
    """A relay that runs by the guide."""

    port: int
    tls_port: int
    log: Path


@pytest.fixture(scope="module")
def documented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Documented]:
    """Every line of the guide's configuration stands; addresses, ports, files and the secret are this machine's."""
    folder, authority = tmp_path_factory.mktemp("coturn"), Authority()
    (folder / "authority.pem").write_bytes(authority.pem)
    certificate, key = authority.issue(folder)
    port, tls_port = free_port(), free_port()
    changes = {
        "listening-ip": "127.0.0.1", "relay-ip": "127.0.0.1", "listening-port": str(port),
        "tls-listening-port": str(tls_port), "cert": str(certificate), "pkey": str(key),
        "static-auth-secret": SECRET,
    }  # fmt: skip
    lines = []
    for line in block("ini").splitlines():
        name = line.partition("=")[0]
        lines.append(f"{name}={changes[name]}" if name in changes else line)
    assert set(changes) <= {line.partition("=")[0] for line in lines}
    config, log = folder / "turnserver.conf", folder / "log"
    config.write_text("\n".join([*lines, f"userdb={folder}/db", f"pidfile={folder}/pid", "log-file=stdout", "verbose"]))
    with pytest.MonkeyPatch.context() as patch, running([program("turnserver"), "-c", config], log=log) as process:
        patch.setenv("SSL_CERT_FILE", str(folder / "authority.pem"))
        wait_until(lambda: _accepts(port) and _accepts(tls_port), 15, "coturn", process)
        yield Documented(port, tls_port, log)


async def test_every_address_of_the_guide_answers(documented: Documented) -> None:
    """UDP, TCP and TLS, as the server's part of the guide names them."""
    for url in (
        f"turn:127.0.0.1:{documented.port}?transport=udp",
        f"turn:127.0.0.1:{documented.port}?transport=tcp",
        f"turns:localhost:{documented.tls_port}?transport=tcp",
        f"stun:127.0.0.1:{documented.port}",
    ):
        found = await probe(url, lambda _host, _port: DIRECT)
        assert found.ok, found


async def test_credentials_of_the_server_get_an_allocation(documented: Documented) -> None:
    """What the server makes of the shared secret is accepted, and a made-up one is not."""
    from aiortc import RTCConfiguration, RTCIceTransportPolicy, RTCPeerConnection  # noqa: PLC0415 - takes a moment

    good = credentials(SECRET.encode(), "visit", now_ms=SYSTEM_CLOCK.wall_ms(), ttl_s=60)
    for (username, password), count in ((good, 1), ((good[0], "wrong"), 0)):
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[], iceTransportPolicy=RTCIceTransportPolicy.RELAY))
        connection.addTransceiver("audio")
        server = IceServer(urls=[f"turn:127.0.0.1:{documented.port}"], username=username, credential=password)
        ice_ladder.install(connection, ice_ladder.read([server]))
        await connection.setLocalDescription(await connection.createOffer())
        assert connection.localDescription.sdp.count("a=candidate:") == count
        await connection.close()


def test_coturn_understands_every_line(documented: Documented) -> None:
    """No option of the guide is unknown or obsolete to the coturn that is installed."""
    said = documented.log.read_text("utf-8", "replace")
    assert [line for line in said.splitlines() if "Bad configuration" in line or "unknown option" in line.lower()] == []


def test_the_servers_part_is_valid(tmp_path: Path) -> None:
    """The TOML of the guide is read by the server's own settings."""
    path = tmp_path / "server.toml"
    path.write_text(block("toml"))
    settings = load(path)
    assert [url.partition(":")[0] for url in settings.turn.urls] == ["turn", "turn", "turns"]
