"""A clinic behind a corporate proxy and certificate authority: everything of a session goes through both."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from carena_desktop.network.choice import parse_choice
from carena_desktop.network.route import ProxyLogin
from carena_desktop.network.router import Router
from carena_desktop.session.credentials import KeyringCredentials
from carena_desktop.session.model import LocalProblem, SessionSnapshot, SessionState
from carena_desktop.session.proxy_logins import ProxyLogins
from carena_desktop.session.rules import SiteRules
from carena_desktop.session.server_check import check_server
from carena_desktop.session.service import SessionService
from carena_desktop.session.wiring import real_world
from tests.connect_proxy import ConnectProxy, connect_proxy
from tests.fakes.certificates import Authority
from tests.fakes.keyring import MemoryKeyring
from tests.integration.server.harness import PASSWORD, Server
from tests.sessions import until

HOST = "visits.test"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server with a certificate of the organization's own authority, which this system trusts."""
    authority, folder = Authority(), tmp_path / "server"
    folder.mkdir()
    certificate, key = authority.issue(folder, host=HOST)
    (tmp_path / "corporate.pem").write_bytes(authority.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "corporate.pem"))
    settings = f'[tls]\ncertificate = "{certificate}"\nkey = "{key}"\n'
    made = Server(folder, f'{settings}[turn]\nurls = ["turns:relay.test:443"]\nsecret_file = "s"\n')
    (folder / "s").write_text("secret")
    made.set_up().start()
    yield made
    made.stop()


@pytest.fixture
async def proxy() -> AsyncIterator[ConnectProxy]:
    """A proxy that wants a login and alone knows the server's name."""
    async with connect_proxy("casey:pass word", {HOST: "127.0.0.1"}) as running:
        yield running


MakeSession = Callable[[], tuple[SessionService, ProxyLogins, Router]]


@pytest.fixture
async def make_session(tmp_path: Path, proxy: ConnectProxy) -> AsyncIterator[MakeSession]:
    """Make desktops whose policy names the proxy."""
    made: list[SessionService] = []
    stores: list[KeyringCredentials] = []

    def make() -> tuple[SessionService, ProxyLogins, Router]:
        keyring = MemoryKeyring()
        stores.append(KeyringCredentials(backend=lambda: keyring))
        logins = ProxyLogins(stores[-1])
        router = Router(parse_choice(proxy.address), login=logins.find)
        made.append(SessionService(real_world(tmp_path / "config", tmp_path / "state", router=router)))
        return made[-1], logins, router

    yield make
    for one in made:
        await one.aclose()
    for store in stores:
        store.close()


async def _complete(service: SessionService) -> SessionSnapshot:
    return await until(service, lambda snapshot: snapshot.waiting_room.clinic != "", limit_s=20)


async def test_a_session_goes_through_the_proxy(server: Server, proxy: ConnectProxy, make_session: MakeSession) -> None:
    """First the proxy wants a login; with it sign-in, tickets and signaling all pass it, and nobody is asked to trust.

    The server's name is known to the proxy alone, so nothing could have gone round it.
    """
    service, logins, router = make_session()
    address = f"https://{HOST}:{server.port}"
    await service.sign_in(address, "ann", PASSWORD)
    assert service.snapshot.problem is not None
    assert service.snapshot.problem.code is LocalProblem.PROXY_LOGIN
    way = (await router.route(HOST, server.port)).proxy
    assert way is not None
    with pytest.raises(ValueError, match="no login"):
        await logins.keep(way, ProxyLogin("a:b", "x"))
    await logins.keep(way, ProxyLogin("casey", "pass word"))
    router.forget()
    await service.sign_in(address, "ann", PASSWORD)
    assert service.snapshot.state is SessionState.ONLINE
    snapshot = await _complete(service)
    assert snapshot.authority is None
    assert set(proxy.asked) == {f"{HOST}:{server.port}"}
    assert proxy.bytes_down > 1000
    assert all(b"ann" not in head and PASSWORD.encode() not in head for head in proxy.heads)
    word = await service.site_word()
    assert word is not None
    assert router.known("relay.test", 443).proxy is None


async def test_a_proxy_that_wants_no_password_is_sent_none(
    server: Server, proxy: ConnectProxy, make_session: MakeSession, tmp_path: Path
) -> None:
    """Where only Negotiate and NTLM are offered nobody is asked for a password; sign-in and self-test say why."""
    proxy.challenges = ["Negotiate", 'NTLM, Digest realm="Basic", nonce="a"']
    service, _, router = make_session()
    address = f"https://{HOST}:{server.port}"
    await service.sign_in(address, "ann", PASSWORD)
    assert service.snapshot.problem is not None
    assert service.snapshot.problem.code is LocalProblem.PROXY_SCHEME
    report = await check_server(address, SiteRules(), router, tmp_path)
    assert (report.steps[-1].name, report.steps[-1].ok) == ("proxy", False)
    assert report.steps[-1].detail.endswith(": proxy_scheme")
    assert all(b"proxy-authorization" not in head.lower() for head in proxy.heads)


async def test_a_proxy_that_refuses_or_is_gone_is_named(
    server: Server, proxy: ConnectProxy, make_session: MakeSession
) -> None:
    """What the person reads tells the proxy's refusal from a server that is away."""
    service, logins, router = make_session()
    address = f"https://{HOST}:{server.port}"
    way = (await router.route(HOST, server.port)).proxy
    assert way is not None
    await logins.keep(way, ProxyLogin("casey", "pass word"))
    router.forget()
    proxy.refuse = True
    await service.sign_in(address, "ann", PASSWORD)
    assert service.snapshot.problem is not None
    assert service.snapshot.problem.code is LocalProblem.PROXY_REFUSED
    gone = Router(parse_choice("http://127.0.0.1:1"))
    other = SessionService(real_world(server.folder / "c", server.folder / "s2", router=gone))
    await other.sign_in(address, "ann", PASSWORD)
    assert other.snapshot.problem is not None
    assert other.snapshot.problem.code is LocalProblem.PROXY_UNREACHABLE
    await other.aclose()
