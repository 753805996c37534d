"""The HTTPS calls of ``carena_protocol.rest``, by aiohttp. The only module that imports it.

Follows no redirect, keeps no cookie, uses the proxy that the router names and no other, and reads at most
``MAX_BODY_BYTES`` of an answer. Tokens travel in bodies and the Authorization header; nothing of a request or an answer
is logged.
"""

import ssl
from typing import Final, TypedDict, TypeVar

import aiohttp
import msgspec

from carena_desktop.identity import USER_AGENT, computer_name
from carena_desktop.network.challenge import wants_password
from carena_desktop.network.route import DIRECT
from carena_desktop.network.router import Router
from carena_desktop.session import tls
from carena_desktop.session.address import ServerAddress
from carena_desktop.session.failures import SessionError
from carena_desktop.session.model import LocalProblem
from carena_protocol.errors import RETRYABLE, ErrorCode
from carena_protocol.rest import (
    CheckResponse,
    LinkRequest,
    LinkResponse,
    LoginRequest,
    PoliciesResponse,
    Problem,
    RefreshRequest,
    TicketResponse,
    TokenResponse,
    VersionResponse,
)

MAX_BODY_BYTES: Final = 64 * 1024
MAX_LIST_BYTES: Final = 64 * 1024 * 1024
"""Of lists that administrators ask for: an exported audit log is long."""
_MAX_AUTHORITY_BYTES: Final = 16 * 1024
_TIMEOUT: Final = aiohttp.ClientTimeout(total=20, connect=10)
_T = TypeVar("_T")


class _Way(TypedDict, total=False):
    """aiohttp's words for a proxy."""

    proxy: str
    proxy_headers: dict[str, str]


class HttpsApi:
    """Implements ``world.AuthApi``.

    Args:
        router: Says how a server is reached; without one it is directly.
    """

    def __init__(self, router: Router | None = None) -> None:
        self._router = router
        self._session: aiohttp.ClientSession | None = None

    async def login(
        self, server: ServerAddress, context: ssl.SSLContext, username: str, password: str, code: str = ""
    ) -> TokenResponse:
        """Trade username and password for tokens."""
        fields = {"username": username, "password": password, "device": computer_name()}
        if code:
            fields["code"] = code
        body = _checked(LoginRequest, **fields)
        return await self._post(server, context, "/api/v1/login", TokenResponse, body=body)

    async def refresh(self, server: ServerAddress, context: ssl.SSLContext, refresh_token: str) -> TokenResponse:
        """Trade a refresh token for the next pair."""
        body = _checked(RefreshRequest, refresh_token=refresh_token)
        return await self._post(server, context, "/api/v1/token/refresh", TokenResponse, body=body)

    async def logout(self, server: ServerAddress, context: ssl.SSLContext, refresh_token: str) -> None:
        """End the token's family."""
        body = _checked(RefreshRequest, refresh_token=refresh_token)
        await self._call("POST", server, context, "/api/v1/logout", body=body)

    async def ticket(self, server: ServerAddress, context: ssl.SSLContext, access_token: str) -> TicketResponse:
        """Return a ticket for the websocket."""
        return await self._post(server, context, "/api/v1/ws-ticket", TicketResponse, bearer=access_token)

    async def visit_link(
        self, server: ServerAddress, context: ssl.SSLContext, access_token: str, *, reusable: bool, room: str
    ) -> LinkResponse:
        """Make a visit link into a room."""
        body = msgspec.json.encode(LinkRequest(reusable=reusable, room=room))
        return await self._post(server, context, "/api/v1/visit-links", LinkResponse, body=body, bearer=access_token)

    async def version(self, server: ServerAddress, context: ssl.SSLContext, access_token: str) -> VersionResponse:
        """Return which version of the desktop the site wants."""
        content = await self._call("GET", server, context, "/api/v1/version", bearer=access_token)
        return _decoded(content, VersionResponse)

    async def policies(self, server: ServerAddress, context: ssl.SSLContext, access_token: str) -> PoliciesResponse:
        """Return the policies that the site sets."""
        content = await self._call("GET", server, context, "/api/v1/policies", bearer=access_token)
        return _decoded(content, PoliciesResponse)

    async def check(self, server: ServerAddress, context: ssl.SSLContext) -> CheckResponse:
        """Return the server's time and its relays' addresses, for the self-test."""
        return _decoded(await self._call("GET", server, context, "/api/v1/check"), CheckResponse)

    async def ask(  # noqa: PLR0917 - positional, like the parts of an HTTP request
        self, server: ServerAddress, context: ssl.SSLContext, method: str, path: str, body: bytes, access_token: str
    ) -> bytes:
        """Send a JSON body and return the answer's; see ``world.AuthApi``."""
        limit = MAX_LIST_BYTES if path.startswith("/api/v1/admin/") else MAX_BODY_BYTES
        return await self._call(method, server, context, path, body=body, bearer=access_token, limit=limit)

    async def authority_unverified(self, server: ServerAddress) -> bytes | None:
        """Return what the server gives out as its authority; see ``world.AuthApi``."""
        try:
            # A session of its own: this connection is used for nothing else, before or after, and is waited for.
            async with (
                aiohttp.ClientSession(
                    cookie_jar=aiohttp.DummyCookieJar(),
                    timeout=_TIMEOUT,
                    trust_env=False,
                ) as session,
                session.get(
                    f"{server.origin}/api/v1/authority.pem",
                    ssl=tls.unverified_context(),
                    allow_redirects=False,
                    **await self._way(server),
                ) as response,
            ):
                if response.status != 200:  # noqa: PLR2004 - HTTP's OK
                    return None
                return await _read(response, _MAX_AUTHORITY_BYTES)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise _failure(error) from None

    async def aclose(self) -> None:
        """Close every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _post(
        self,
        server: ServerAddress,
        context: ssl.SSLContext,
        path: str,
        answer: type[_T],
        *,
        body: bytes = b"",
        bearer: str | None = None,
    ) -> _T:
        return _decoded(await self._call("POST", server, context, path, body=body, bearer=bearer), answer)

    async def _call(
        self,
        method: str,
        server: ServerAddress,
        context: ssl.SSLContext,
        path: str,
        *,
        body: bytes = b"",
        bearer: str | None = None,
        limit: int = MAX_BODY_BYTES,
    ) -> bytes:
        headers = {"Content-Type": "application/json"} if body else {}
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer}"
        try:
            async with self._open().request(
                method,
                f"{server.origin}{path}",
                data=body,
                headers=headers,
                ssl=context,
                allow_redirects=False,
                **await self._way(server),
            ) as response:
                content = await _read(response, limit)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise _failure(error) from None
        if 200 <= response.status < 300:  # noqa: PLR2004 - HTTP's success
            return content
        raise _refusal(response.status, response.headers.get("Retry-After"), content)

    async def _way(self, server: ServerAddress) -> _Way:
        route = DIRECT if self._router is None else await self._router.route(server.host, server.port)
        if route.proxy is None:
            return {}
        headers = {"Proxy-Authorization": route.authorization} if route.authorization else {}
        return {"proxy": f"http://{route.proxy.authority}", "proxy_headers": headers}

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=8, keepalive_timeout=10),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": USER_AGENT, "Accept": "application/json"},
                timeout=_TIMEOUT,
                trust_env=False,
            )
        return self._session


def _failure(error: BaseException) -> SessionError:
    """Return what a failed request means."""
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return SessionError(_proxy_problem(error), retryable=True)
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return SessionError(LocalProblem.PROXY_UNREACHABLE, retryable=True)
    return tls.failure_of(error)


def _proxy_problem(error: aiohttp.ClientHttpProxyError) -> LocalProblem:
    if error.status != 407:  # noqa: PLR2004 - HTTP's "proxy authentication required"
        return LocalProblem.PROXY_REFUSED
    offered = [] if error.headers is None else error.headers.getall("Proxy-Authenticate", [])
    return LocalProblem.PROXY_LOGIN if wants_password(offered) else LocalProblem.PROXY_SCHEME


def _checked(kind: type[LoginRequest] | type[RefreshRequest], **fields: str) -> bytes:
    """The JSON of a request that the server's own rules accept; what can't be right is not sent."""
    body = msgspec.json.encode(fields)
    try:
        msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError:
        raise SessionError(ErrorCode.WRONG_CODE if "code" in fields else ErrorCode.WRONG_CREDENTIALS) from None
    return body


def _decoded(content: bytes, answer: type[_T]) -> _T:
    try:
        return msgspec.json.decode(content, type=answer)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise SessionError(LocalProblem.PROTOCOL) from None


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_chunked(8192):
        content += chunk
        if len(content) > limit:
            raise SessionError(LocalProblem.PROTOCOL)
    return bytes(content)


def _refusal(status: int, retry_after: str | None, content: bytes) -> SessionError:
    header_s = float(retry_after) if retry_after is not None and retry_after.isdecimal() else None
    try:
        problem = msgspec.json.decode(content, type=Problem)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        # Not from the service: a proxy's page. Gateway errors and overload pass; anything else is a wrong address.
        if status == 429 or status >= 500:  # noqa: PLR2004 - HTTP's classes
            return SessionError(ErrorCode.BUSY, retryable=True, retry_after_s=header_s)
        return SessionError(LocalProblem.PROTOCOL)
    asked = header_s if problem.retry_after_s is msgspec.UNSET else float(problem.retry_after_s)
    return SessionError(
        problem.code,
        retryable=problem.retryable or problem.code in RETRYABLE,
        retry_after_s=asked,
        reason=None if problem.reason is msgspec.UNSET else problem.reason,
    )
