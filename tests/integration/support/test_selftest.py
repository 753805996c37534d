"""The self-test's way to a server, with a real server, a real relay and real trouble."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from carena_desktop.call.relay_probe import Probe, probe
from carena_desktop.clock import SYSTEM_CLOCK
from carena_desktop.network.choice import parse_choice
from carena_desktop.network.route import DIRECT, Route
from carena_desktop.network.router import Router
from carena_desktop.session.address import parse_address
from carena_desktop.session.credentials import KeyringCredentials
from carena_desktop.session.model import KeyringState
from carena_desktop.session.rules import SiteRules
from carena_desktop.session.server_check import ServerReport, Step, check_server
from carena_desktop.session.trust_store import FileTrustStore
from carena_desktop.support.findings import Verdict, finding, works
from carena_desktop.support.selftest import as_json, as_text, keyring_finding, relay_finding, server_findings
from demo.relay import Relay, relay
from tests.connect_proxy import connect_proxy
from tests.fakes.certificates import Authority
from tests.fakes.clock import FakeClock
from tests.fakes.keyring import MemoryKeyring
from tests.integration.server.harness import Server

ROOT = Path(__file__).resolve().parents[3]
DIRECT_ROUTER = Router(parse_choice("direct"))


@pytest.fixture(scope="module")
def coturn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    """A relay on UDP, TCP and TLS, under a certificate that this system trusts."""
    folder, authority = tmp_path_factory.mktemp("relay"), Authority()
    (folder / "authority.pem").write_bytes(authority.pem)
    with pytest.MonkeyPatch.context() as patch, relay(folder, authority.issue(folder)) as running:
        patch.setenv("SSL_CERT_FILE", str(folder / "authority.pem"))
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, coturn: Relay) -> Iterator[Server]:
    """A server that names that relay's three addresses."""
    folder = tmp_path_factory.mktemp("server")
    urls = [coturn.url, coturn.url.replace("udp", "tcp"), f"turns:localhost:{coturn.tls_port}"]
    settings = f'[turn]\nurls = {json.dumps(urls)}\nsecret_file = "{coturn.secret_file}"\n'
    made = Server(folder, settings)
    made.set_up().start()
    yield made
    made.stop()


def steps(report: ServerReport) -> dict[str, bool]:
    """What worked, by name."""
    return {step.name: step.ok for step in report.steps}


async def test_a_server_that_is_pinned_passes_every_step(server: Server, coturn: Relay, tmp_path: Path) -> None:
    """Address, way, certificate, live connection and clock are good, and every address of the relay answers."""
    address = parse_address(server.url)
    authority = (server.data / "tls" / "authority.pem").read_bytes()
    FileTrustStore(tmp_path / "authorities").save(address, authority)
    report = await check_server(server.url, SiteRules(), DIRECT_ROUTER, tmp_path)
    assert steps(report) == {"server": True, "proxy": True, "certificate": True, "signaling": True}
    found = server_findings(report)
    assert works(found)
    assert report.skew_ms is not None
    assert abs(report.skew_ms) < 5000
    assert len(report.relays) == 3
    probes = [await probe(url, DIRECT_ROUTER.known) for url in report.relays]
    assert [one.ok for one in probes] == [True, True, True], probes
    assert all("credentials" in one.detail for one in probes)
    assert coturn.allocations == 0


async def test_a_server_that_is_new_is_told_and_not_trusted(server: Server, tmp_path: Path) -> None:
    """At first contact the fingerprint is in the detail, the further steps are tried, and nothing is pinned."""
    report = await check_server(server.url, SiteRules(), DIRECT_ROUTER, tmp_path)
    assert steps(report) == {"server": True, "proxy": True, "certificate": False, "signaling": True}
    (certificate,) = [one for one in server_findings(report) if one.name == "certificate"]
    assert certificate.verdict is Verdict.NOTE
    assert server.fingerprint.replace(":", "").lower() in certificate.detail
    assert certificate.advice
    assert not (tmp_path / "authorities").exists()


async def test_other_pins_and_other_servers_fail(server: Server, tmp_path: Path) -> None:
    """A policy that names another authority, or another server, fails at its step and goes no further."""
    report = await check_server(server.url, SiteRules(authorities=("ab" * 32,)), DIRECT_ROUTER, tmp_path)
    assert steps(report) == {"server": True, "proxy": True, "certificate": False}
    assert not works(server_findings(report))
    report = await check_server(server.url, SiteRules(servers=("https://a.test",)), DIRECT_ROUTER, tmp_path)
    assert steps(report) == {"server": False}
    for typed, optional in (("", True), ("ftp://x", False)):
        report = await check_server(typed, SiteRules(), DIRECT_ROUTER, tmp_path)
        assert [(step.ok, step.optional) for step in report.steps] == [(False, optional)]


async def test_nobody_there_and_a_proxy_in_the_way_are_told_apart(tmp_path: Path) -> None:
    """A dead address fails at the connection, a proxy that wants a login or is gone at the proxy."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        dead = listening.getsockname()[1]
    report = await check_server(f"127.0.0.1:{dead}", SiteRules(), DIRECT_ROUTER, tmp_path)
    assert steps(report) == {"server": True, "proxy": True, "connection": False}
    async with connect_proxy("casey:word") as proxy:
        for address in (proxy.address, "http://127.0.0.1:1"):
            report = await check_server("visits.test", SiteRules(), Router(parse_choice(address)), tmp_path)
            assert steps(report) == {"server": True, "proxy": False}
            (failed,) = [one for one in server_findings(report) if one.name == "proxy"]
            assert (failed.verdict, bool(failed.advice)) == (Verdict.FAIL, True)


@pytest.mark.parametrize(("ahead_s", "verdict"), [(0, "ok"), (60, "note"), (-3600, "fail")])
async def test_a_wrong_clock_is_told(server: Server, tmp_path: Path, ahead_s: int, verdict: str) -> None:
    """Half a minute is nothing, a minute is noted, an hour is a failure; the sign says who is ahead."""
    now_ms = SYSTEM_CLOCK.wall_ms()
    clock = FakeClock(wall_ms=now_ms - ahead_s * 1000)
    report = await check_server(server.url, SiteRules(), DIRECT_ROUTER, tmp_path, clock)
    (found,) = [one for one in server_findings(report) if one.name == "clock"]
    assert found.verdict == verdict
    assert report.skew_ms is not None
    assert abs(report.skew_ms / 1000 - ahead_s) < 20


async def test_a_relay_through_a_proxy_answers(coturn: Relay) -> None:
    """TLS goes through the proxy that the route names."""
    async with connect_proxy(names={"localhost": "127.0.0.1"}) as proxy:
        choice = parse_choice(proxy.address).proxy
        url = f"turns:localhost:{coturn.tls_port}?transport=tcp"
        found = await probe(url, lambda _host, _port: Route(choice))
        assert found.ok
        assert proxy.asked == [f"localhost:{coturn.tls_port}"]


@pytest.mark.parametrize("kind", ["silent udp", "silent tcp", "closed tcp", "not a relay", "not tls", "nonsense"])
async def test_relays_that_do_not_answer_are_named(kind: str) -> None:
    """Each trouble ends within the limit and says what it is."""

    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.transport.abort()

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.create_server(("127.0.0.1", 0)) as tcp:
        udp.bind(("127.0.0.1", 0))
        async with await asyncio.start_server(talk, "127.0.0.1", 0) as other:
            port = other.sockets[0].getsockname()[1]
            url = {
                "silent udp": f"turn:127.0.0.1:{udp.getsockname()[1]}",
                "silent tcp": f"turn:127.0.0.1:{tcp.getsockname()[1]}?transport=tcp",
                "closed tcp": "turn:127.0.0.1:1?transport=tcp",
                "not a relay": f"turn:127.0.0.1:{port}?transport=tcp",
                "not tls": f"turns:127.0.0.1:{port}",
                "nonsense": "turn:a:b:c",
            }[kind]
            found = await probe(url, lambda _host, _port: DIRECT, limit_s=0.8)
    assert (found.url, found.ok) == (url, False)
    assert found.detail


async def test_the_keyrings_entry_is_taken_back() -> None:
    """A keyring that works is good and has nothing in it afterwards; one that is missing is noted."""
    keyring = MemoryKeyring()
    found = await keyring_finding(KeyringCredentials(backend=lambda: keyring))
    assert (found.verdict, keyring.secrets) == (Verdict.OK, {})
    found = await keyring_finding(KeyringCredentials(backend=lambda: None))
    assert (found.verdict, found.detail, bool(found.advice)) == (Verdict.NOTE, KeyringState.ABSENT, True)


def test_every_line_that_is_not_good_has_advice() -> None:
    """Whatever a step is called by those that try it, its trouble comes with one line that says what to do."""
    sources = [
        ROOT / "carena_desktop" / name
        for name in ("session/server_check.py", "call/selftest.py", "support/selftest.py")
    ]
    called = {
        name
        for path in sources
        for name in re.findall(r'(?:SelfTestItem|finding|then)\(\s*"([a-z ]+)"', path.read_text("utf-8"))
    }
    assert {"server", "facts", "clock", "no relay", "media process", "keyring"} <= called
    assert [name for name in sorted(called) if not finding(name, Verdict.FAIL, "").advice] == []


def test_the_result_reads_well_for_both() -> None:
    """People get one line of advice below each line that is not good; programs get the same and a verdict."""
    found = [
        finding("media process", Verdict.OK, "process 1"),
        *server_findings(ServerReport(steps=(Step("signaling", ok=False, detail="busy"),))),
        relay_finding(Probe("turn:a", ok=False, detail="no answer")),
    ]
    text = as_text(found).splitlines()
    assert text[0] == "ok    media process: process 1"
    assert text[1] == "FAIL  signaling: busy"
    assert "wss" in text[2]
    assert text[3] == "note  relay turn:a: no answer"
    assert text[-1] == "A visit can't work on this computer as it is."
    said = json.loads(as_json(found))
    assert (said["ok"], [item["ok"] for item in said["items"]]) == (False, [True, False, False])
    assert all(item["advice"] for item in said["items"] if not item["ok"])


@pytest.mark.slow
def test_the_command_tests_the_server_too(server: Server, tmp_path: Path) -> None:
    """``--self-test --json --server`` goes all the way, and its exit code is the verdict."""
    environment = {**os.environ, "CARENA_HOME": str(tmp_path), "CARENA_PROXY": "direct"}
    done = subprocess.run(
        [sys.executable, "-m", "carena_desktop", "--self-test", "--json", "--server", server.url],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    said = json.loads(done.stdout)
    items = {item["name"]: item["verdict"] for item in said["items"]}
    assert (done.returncode, said["ok"]) == (0, True), said
    assert items["certificate"] == "note"
    assert items["signaling"] == "ok"
    assert [name for name, verdict in items.items() if name.startswith("relay ") and verdict != "ok"] == []
    assert {"encoder speed", "clock", "keyring", "devices"} <= set(items)
