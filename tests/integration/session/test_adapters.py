"""The HTTPS, websocket and trust adapters against servers that misbehave, over real TLS on loopback."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from aiohttp import web
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from carena_desktop.session import tls
from carena_desktop.session.address import ServerAddress
from carena_desktop.session.failures import CertificateRefusedError, SessionError
from carena_desktop.session.http import HttpsApi
from carena_desktop.session.model import LocalProblem
from carena_desktop.session.transport import WebsocketTransport
from carena_desktop.session.trust import Changed, Offered, TlsHandshake, TrustAgent, Trusted, fingerprint
from carena_desktop.session.trust_store import FileTrustStore
from carena_desktop.session.world import ConnectionEndedError
from carena_protocol.errors import CloseCode, ErrorCode
from carena_protocol.messages import Role
from carena_protocol.rest import Problem, StaffUser, TokenResponse
from carena_protocol.version import SUBPROTOCOL
from tests.fakes.certificates import Authority

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
TOKENS = TokenResponse(
    access_token="access-access-access",
    access_expires_in_s=300,
    refresh_token="refresh-refresh-refresh",
    user=StaffUser(id="u1", username="alex", display_name="Dr Alex", role=Role.CLINICIAN),
)


@pytest.fixture
def authority() -> Authority:
    """The authority behind the servers of a test."""
    return Authority()


@pytest.fixture
async def api() -> AsyncIterator[HttpsApi]:
    """The HTTPS adapter."""
    api = HttpsApi()
    yield api
    await api.aclose()


def _server_context(authority: Authority, folder: Path, **options: object) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue(folder, **options))  # type: ignore[arg-type]  # options of issue
    return context


@asynccontextmanager
async def https(handler: Handler, context: ssl.SSLContext) -> AsyncIterator[ServerAddress]:
    """Serve every request by ``handler``."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    try:
        yield ServerAddress("localhost", runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _answer(status: int, body: object = None, headers: dict[str, str] | None = None) -> Handler:
    async def handler(_request: web.Request) -> web.Response:
        content = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return web.Response(status=status, body=content, headers=headers)

    return handler


async def test_tokens_travel_in_body_and_header(api: HttpsApi, authority: Authority, tmp_path: Path) -> None:
    """The password is in the body, the access token in the Authorization header, nothing in a URL, no cookie kept."""
    seen: list[tuple[str, str | None, str | None, str]] = []

    async def handler(request: web.Request) -> web.Response:
        text = await request.text()
        seen.append((request.raw_path, request.headers.get("Authorization"), request.headers.get("Cookie"), text))
        response = web.Response(body=msgspec.json.encode(TOKENS))
        response.set_cookie("track", "me")
        return response

    context = tls.pinned_context(authority.pem)
    async with https(handler, _server_context(authority, tmp_path)) as server:
        assert await api.login(server, context, "alex", "correct horse") == TOKENS
        await api.logout(server, context, "refresh-refresh-refresh")
        with pytest.raises(SessionError) as caught:
            await api.ticket(server, context, "access-access-access")
    assert caught.value.code is LocalProblem.PROTOCOL  # the answer was no ticket
    assert [path for path, *_ in seen] == ["/api/v1/login", "/api/v1/logout", "/api/v1/ws-ticket"]
    assert seen[2][1] == "Bearer access-access-access"
    assert [cookie for _, _, cookie, _ in seen] == [None, None, None]
    assert "correct horse" in seen[0][3]


@pytest.mark.parametrize(
    ("answer", "code", "retry_after"),
    [
        (_answer(401, Problem(code=ErrorCode.WRONG_CREDENTIALS)), ErrorCode.WRONG_CREDENTIALS, None),
        (_answer(429, Problem(code=ErrorCode.THROTTLED, retry_after_s=7)), ErrorCode.THROTTLED, 7.0),
        (_answer(503, b"<html>", {"Retry-After": "12"}), ErrorCode.BUSY, 12.0),
        (_answer(502, b""), ErrorCode.BUSY, None),
        (_answer(404, b"not here"), LocalProblem.PROTOCOL, None),
        (_answer(302, b"", {"Location": "https://localhost/elsewhere"}), LocalProblem.PROTOCOL, None),
        (_answer(200, b"{}"), LocalProblem.PROTOCOL, None),
        (_answer(200, b"\xff\xfe"), LocalProblem.PROTOCOL, None),
        (_answer(200, b"x" * 200_000), LocalProblem.PROTOCOL, None),
    ],
)
async def test_every_refusal_has_a_code(  # noqa: PLR0917 - fixtures and parameters
    api: HttpsApi,
    authority: Authority,
    tmp_path: Path,
    answer: Handler,
    code: ErrorCode | LocalProblem,
    retry_after: float | None,
) -> None:
    """A problem of the service, a proxy's page, a redirect, nonsense, too much: a code each, redirects not followed."""
    async with https(answer, _server_context(authority, tmp_path)) as server:
        with pytest.raises(SessionError) as caught:
            await api.login(server, tls.pinned_context(authority.pem), "alex", "password")
    assert (caught.value.code, caught.value.retry_after_s) == (code, retry_after)


async def test_what_can_not_be_an_account_is_not_sent(api: HttpsApi) -> None:
    """A username that the server's rules exclude is refused here, without a connection."""
    nowhere = ServerAddress("localhost", 1)
    with pytest.raises(SessionError) as caught:
        await api.login(nowhere, tls.system_context(), "alex smith", "password")
    assert caught.value.code is ErrorCode.WRONG_CREDENTIALS


async def test_a_stranger_gets_no_credential(api: HttpsApi, authority: Authority, tmp_path: Path) -> None:
    """Against another authority's server neither HTTPS nor the websocket gets past the handshake."""
    requests: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        requests.append(request.path)
        return web.Response()

    pinned = tls.pinned_context(authority.pem)
    async with https(handler, _server_context(Authority(), tmp_path)) as server:
        with pytest.raises(CertificateRefusedError) as caught:
            await api.login(server, pinned, "alex", "password")
        assert caught.value.unknown_issuer
        with pytest.raises(CertificateRefusedError):
            await WebsocketTransport().connect(server, pinned)
        with pytest.raises(CertificateRefusedError):
            await TlsHandshake().verify(server, pinned)
    assert requests == []


@pytest.mark.parametrize("options", [{"expired": True}, {"host": "other.test"}])
async def test_our_authority_with_a_wrong_certificate(
    authority: Authority, tmp_path: Path, options: dict[str, object]
) -> None:
    """Expired, or for another host: refused, and told apart from a foreign authority."""
    async with https(_answer(200), _server_context(authority, tmp_path, **options)) as server:
        with pytest.raises(CertificateRefusedError) as caught:
            await TlsHandshake().verify(server, tls.pinned_context(authority.pem))
    assert not caught.value.unknown_issuer


async def test_old_tls_is_refused(authority: Authority, tmp_path: Path) -> None:
    """A server that speaks at most TLS 1.1 is no server for us, verified or not."""
    old = _server_context(authority, tmp_path)
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="deprecated"):
        old.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="deprecated"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    async with https(_answer(200), old) as server:
        for context in (tls.pinned_context(authority.pem), tls.unverified_context(), tls.system_context()):
            with pytest.raises(SessionError) as caught:
                await TlsHandshake().verify(server, context)
            assert caught.value.code in {LocalProblem.PROTOCOL, LocalProblem.SERVER_UNREACHABLE}


# -- first contact --


def _agent(api: HttpsApi, folder: Path) -> TrustAgent:
    return TrustAgent(api, TlsHandshake(), FileTrustStore(folder / "authorities"))


async def test_first_contact_and_pin(api: HttpsApi, authority: Authority, tmp_path: Path) -> None:
    """The server's own authority is fetched without credentials, proved, offered, pinned, and then enough."""
    requests: list[tuple[str, dict[str, str]]] = []

    async def handler(request: web.Request) -> web.Response:
        requests.append((request.path, dict(request.headers)))
        return web.Response(body=authority.pem)

    agent = _agent(api, tmp_path)
    async with https(handler, _server_context(authority, tmp_path)) as server:
        found = await agent.establish(server)
        assert isinstance(found, Offered)
        assert found.offer.fingerprint == fingerprint(authority.pem)
        assert agent.accept(server, found).pinned
        again = await agent.establish(server)
    assert isinstance(again, Trusted)
    assert again.pinned
    assert [path for path, _ in requests] == ["/api/v1/authority.pem"]
    assert not {"Authorization", "Cookie"} & set(requests[0][1])


async def test_an_authority_that_did_not_sign_is_not_offered(
    api: HttpsApi, authority: Authority, tmp_path: Path
) -> None:
    """A server that shows somebody else's authority is refused: what is pinned must vouch for what is spoken to."""
    async with https(_answer(200, Authority().pem), _server_context(authority, tmp_path)) as server:
        with pytest.raises(SessionError) as caught:
            await _agent(api, tmp_path).establish(server)
    assert caught.value.code is LocalProblem.CERTIFICATE_REFUSED


async def test_the_wrong_host_is_not_offered(api: HttpsApi, authority: Authority, tmp_path: Path) -> None:
    """The host name is checked in the proof too."""
    async with https(_answer(200, authority.pem), _server_context(authority, tmp_path, host="other.test")) as server:
        with pytest.raises(SessionError) as caught:
            await _agent(api, tmp_path).establish(server)
    assert caught.value.code is LocalProblem.CERTIFICATE_REFUSED


async def test_under_a_pin_another_authority_is_changed(api: HttpsApi, authority: Authority, tmp_path: Path) -> None:
    """Both fingerprints are told; an expired certificate of the pinned authority is another matter."""
    agent = _agent(api, tmp_path)
    pinned = Authority("Pinned")
    async with https(_answer(200, authority.pem), _server_context(authority, tmp_path)) as server:
        FileTrustStore(tmp_path / "authorities").save(server, pinned.pem)
        found = await agent.establish(server)
        assert isinstance(found, Changed)
        assert (found.offer.fingerprint, found.offer.expected) == (fingerprint(authority.pem), fingerprint(pinned.pem))
    async with https(_answer(200), _server_context(authority, tmp_path, expired=True)) as server:
        FileTrustStore(tmp_path / "authorities").save(server, authority.pem)
        with pytest.raises(CertificateRefusedError):
            await agent.establish(server)


# -- websocket --


@asynccontextmanager
async def websocket(
    handler: Callable[[ServerConnection], Awaitable[None]], context: ssl.SSLContext, **options: object
) -> AsyncIterator[ServerAddress]:
    """Serve websockets."""
    settings: dict[str, object] = {"subprotocols": [SUBPROTOCOL], "compression": None, **options}
    serving: AbstractAsyncContextManager[object] = serve(handler, "127.0.0.1", 0, ssl=context, **settings)  # type: ignore[arg-type]  # options of serve
    async with serving as server:
        yield ServerAddress("localhost", next(iter(server.sockets)).getsockname()[1])  # type: ignore[attr-defined]  # a Server


async def test_frames_go_both_ways_as_text(authority: Authority, tmp_path: Path) -> None:
    """Frames are text, the order is kept, the handshake has no Origin and no query, closing has its code."""
    seen: list[object] = []

    async def echo(connection: ServerConnection) -> None:
        assert connection.request is not None
        seen.append((connection.request.path, connection.request.headers.get("Origin")))
        async for frame in connection:
            seen.append(frame)
            await connection.send(frame)
            if frame == "last":
                await connection.close(CloseCode.DRAIN)

    async with websocket(echo, _server_context(authority, tmp_path)) as server:
        connection = await WebsocketTransport().connect(server, tls.pinned_context(authority.pem))
        for frame in (b"first", b"last"):
            await connection.send(frame)
        assert [await connection.receive(), await connection.receive()] == ["first", "last"]
        with pytest.raises(ConnectionEndedError) as caught:
            await connection.receive()
        assert caught.value.code == CloseCode.DRAIN
        with pytest.raises(ConnectionEndedError):
            await connection.send(b"late")
        await connection.close()
    assert seen == [("/ws", None), "first", "last"]


async def test_another_protocol_is_refused(authority: Authority, tmp_path: Path) -> None:
    """A server that does not choose carena.v1 is too old or too new."""
    async with websocket(_wait, _server_context(authority, tmp_path), subprotocols=["carena.v9"]) as server:
        with pytest.raises(SessionError) as caught:
            await WebsocketTransport().connect(server, tls.pinned_context(authority.pem))
    assert caught.value.code in {ErrorCode.UNSUPPORTED_VERSION, LocalProblem.PROTOCOL}


async def _wait(connection: ServerConnection) -> None:
    await connection.wait_closed()


@pytest.mark.parametrize(
    ("status", "code"), [(503, ErrorCode.BUSY), (403, LocalProblem.PROTOCOL), (302, LocalProblem.PROTOCOL)]
)
async def test_refused_upgrades_have_codes(
    authority: Authority, tmp_path: Path, status: int, code: ErrorCode | LocalProblem
) -> None:
    """Overload passes, anything else is no service of ours, and a redirect is not followed."""
    paths: list[str] = []

    def refuse(connection: ServerConnection, request: Request) -> Response:
        paths.append(request.path)
        response = connection.respond(status, "no")
        response.headers["Location"] = "/elsewhere"
        return response

    async with websocket(_wait, _server_context(authority, tmp_path), process_request=refuse) as server:
        with pytest.raises(SessionError) as caught:
            await WebsocketTransport().connect(server, tls.pinned_context(authority.pem))
    assert caught.value.code is code
    assert paths == ["/ws"]


async def test_an_oversized_frame_ends_the_connection(authority: Authority, tmp_path: Path) -> None:
    """More than the protocol's limit is not taken into memory."""

    async def flood(connection: ServerConnection) -> None:
        await connection.send("x" * 70_000)
        await connection.wait_closed()

    async with websocket(flood, _server_context(authority, tmp_path)) as server:
        connection = await WebsocketTransport().connect(server, tls.pinned_context(authority.pem))
        with pytest.raises(ConnectionEndedError):
            await connection.receive()


async def test_a_dead_peer_does_not_hold_up_closing(authority: Authority, tmp_path: Path) -> None:
    """Closing towards a server that reads nothing takes about a second."""
    hold = asyncio.Event()

    async def deaf(connection: ServerConnection) -> None:
        connection.transport.pause_reading()
        await hold.wait()

    async with websocket(deaf, _server_context(authority, tmp_path), close_timeout=0.1) as server:
        connection = await WebsocketTransport().connect(server, tls.pinned_context(authority.pem))
        async with asyncio.timeout(5):
            await connection.close()
        hold.set()
