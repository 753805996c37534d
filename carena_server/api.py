"""The HTTPS interface of ``carena_protocol.rest``: bodies in, bodies out, one Problem for every refusal. Thin.

Tokens are read from the Authorization header or the visit cookie and never from a URL.
"""

import logging
import math
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import msgspec
from msgspec import UNSET, Struct
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from carena_protocol.errors import RETRYABLE, ErrorCode, RefusalReason
from carena_protocol.rest import (
    ArrivalRequest,
    CheckInRequest,
    CheckResponse,
    LinkRequest,
    LoginRequest,
    PortalInfo,
    Problem,
    RefreshRequest,
    TicketResponse,
)
from carena_server.clock import Clock
from carena_server.logs import failure
from carena_server.reception import Reception
from carena_server.sign_in import FamilyRevokedError, RefusedError, SignIn
from carena_server.site_facts import SiteFacts
from carena_server.tokens import Grant, TicketBook
from carena_server.websocket import Origins

_log = logging.getLogger(__name__)
COOKIE: Final = "__Host-carena-visit"
_MAX_BODY_BYTES: Final = 16 * 1024
_MAX_SECRET_CHARS: Final = 128
_STATUS: Final[dict[ErrorCode, int]] = {
    ErrorCode.MALFORMED: 400,
    ErrorCode.INVALID: 400,
    ErrorCode.TOO_LARGE: 413,
    ErrorCode.CONSENT_REQUIRED: 400,
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.WRONG_CREDENTIALS: 401,
    ErrorCode.TOKEN_EXPIRED: 401,
    ErrorCode.TOKEN_REUSED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.LINK_INVALID: 403,
    ErrorCode.ROOM_CLOSED: 403,
    ErrorCode.ENROLMENT_REQUIRED: 403,
    ErrorCode.SECOND_FACTOR_REQUIRED: 401,
    ErrorCode.WRONG_CODE: 401,
    ErrorCode.PASSWORD_TOO_SHORT: 400,
    ErrorCode.PASSWORD_BLOCKED: 400,
    ErrorCode.GONE: 410,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.CONFLICT: 409,
    ErrorCode.THROTTLED: 429,
    ErrorCode.BUSY: 503,
    ErrorCode.INTERNAL: 500,
}

_T = TypeVar("_T", bound=Struct)
_Handler = Callable[[Request], Awaitable[Response]]


class Api:
    """The endpoints under /api/v1."""

    def __init__(
        self,
        *,
        sign_in: SignIn,
        reception: Reception,
        tickets: TicketBook,
        clock: Clock,
        info: PortalInfo,
        authority: bytes | None,
        origins: Origins,
        end_family: Callable[[str], None],
        facts: SiteFacts,
    ) -> None:
        self._sign_in = sign_in
        self._reception = reception
        self._tickets = tickets
        self._clock = clock
        self._info = info
        self._authority = authority
        self._origins = origins
        self._end_family = end_family
        self._facts = facts

    def routes(self) -> list[Route]:
        """Return the routes, with one place for refusals."""
        table: list[tuple[str, str, _Handler]] = [
            ("POST", "/login", self._login),
            ("POST", "/token/refresh", self._refresh),
            ("POST", "/logout", self._logout),
            ("POST", "/ws-ticket", self._ticket),
            ("POST", "/visit-links", self._create_link),
            ("GET", "/portal", self._portal),
            ("POST", "/portal", self._arrival),
            ("POST", "/check-in", self._check_in),
            ("GET", "/visit", self._visit),
            ("GET", "/authority.pem", self._authority_pem),
            ("GET", "/version", self._version),
            ("GET", "/policies", self._policies),
            ("GET", "/check", self._check),
        ]
        return [Route(f"/api/v1{path}", self._guarded(handler), methods=[method]) for method, path, handler in table]

    def _guarded(self, handler: _Handler) -> _Handler:
        async def endpoint(request: Request) -> Response:
            if request.method == "POST" and not self._origins.allow(request):
                return problem(ErrorCode.FORBIDDEN)
            try:
                return await handler(request)
            except FamilyRevokedError as error:
                self._end_family(error.family)
                return problem(error.code)
            except RefusedError as error:
                return problem(error.code, error.retry_after_s, error.reason)
            except ClientDisconnect:
                return problem(ErrorCode.MALFORMED)  # nobody is there to read it
            except Exception as error:  # noqa: BLE001 - answered, and logged without what was sent
                _log.error("%s failed: %s", request.url.path, failure(error))
                return problem(ErrorCode.INTERNAL)

        return endpoint

    async def _login(self, request: Request) -> Response:
        body = await _body(request, LoginRequest)
        return _json(await self._sign_in.login(body, _address(request)))

    async def _refresh(self, request: Request) -> Response:
        body = await _body(request, RefreshRequest)
        return _json(await self._sign_in.refresh(body.refresh_token))

    async def _logout(self, request: Request) -> Response:
        body = await _body(request, RefreshRequest)
        family = await self._sign_in.sign_out(body.refresh_token)
        if family is not None:
            self._end_family(family)
        return Response(status_code=204)

    async def _ticket(self, request: Request) -> Response:
        cookie = _cookie(request)
        if "authorization" not in request.headers and cookie is not None:
            grant = await self._reception.grant(cookie)
        else:
            grant = await self._bearer(request)
        ticket = self._tickets.issue(grant, self._clock.monotonic())
        return _json(TicketResponse(ticket=ticket, expires_in_s=int(self._tickets.ttl_s)))

    async def _create_link(self, request: Request) -> Response:
        grant = await self._bearer(request)
        body = await _body(request, LinkRequest)
        return _json(await self._reception.create_link(grant.principal, body))

    async def _portal(self, _request: Request) -> Response:
        return _json(self._info)

    async def _arrival(self, request: Request) -> Response:
        body = await _body(request, ArrivalRequest)
        return _json(await self._reception.arrival_info(body.secret, _cookie(request), _address(request)))

    async def _check_in(self, request: Request) -> Response:
        body = await _body(request, CheckInRequest)
        arrived = await self._reception.check_in(body, _cookie(request), _address(request))
        response = _json(arrived.response)
        response.set_cookie(COOKIE, arrived.session, path="/", secure=True, httponly=True, samesite="strict")
        return response

    async def _visit(self, request: Request) -> Response:
        cookie = _cookie(request)
        if cookie is None:
            raise RefusedError(ErrorCode.NOT_FOUND)
        return _json(await self._reception.resume(cookie))

    async def _authority_pem(self, _request: Request) -> Response:
        if self._authority is None:
            raise RefusedError(ErrorCode.NOT_FOUND)
        return Response(self._authority, media_type="application/x-pem-file")

    async def _version(self, request: Request) -> Response:
        await self._bearer(request)
        return _json(self._facts.version)

    async def _policies(self, request: Request) -> Response:
        await self._bearer(request)
        return _json(self._facts.policies)

    async def _check(self, _request: Request) -> Response:
        return _json(CheckResponse(now_ms=self._clock.wall_ms(), relays=self._facts.relays))

    async def _bearer(self, request: Request) -> Grant:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not 0 < len(token) <= _MAX_SECRET_CHARS:
            raise RefusedError(ErrorCode.UNAUTHENTICATED)
        return await self._sign_in.authorise(token)


def problem(code: ErrorCode, retry_after_s: float | None = None, reason: RefusalReason | None = None) -> Response:
    """Return the answer to a refused request."""
    seconds = None if retry_after_s is None else max(1, math.ceil(retry_after_s))
    body = Problem(
        code=code,
        reason=UNSET if reason is None else reason,
        retryable=code in RETRYABLE,
        retry_after_s=UNSET if seconds is None else seconds,
    )
    headers = {} if seconds is None else {"Retry-After": str(seconds)}
    return Response(msgspec.json.encode(body), _STATUS.get(code, 400), headers, "application/json")


async def not_found(_request: Request, _error: Exception) -> Response:
    """Answer for paths and methods that don't exist."""
    return problem(ErrorCode.NOT_FOUND)


async def _body(request: Request, kind: type[_T]) -> _T:
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/json":  # a form of another site can't send this without asking first
        raise RefusedError(ErrorCode.MALFORMED)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY_BYTES:
            raise RefusedError(ErrorCode.TOO_LARGE)
    try:
        return msgspec.json.decode(bytes(body), type=kind)
    except msgspec.ValidationError:
        raise RefusedError(ErrorCode.INVALID) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RefusedError(ErrorCode.MALFORMED) from None


def _json(body: Struct) -> Response:
    return Response(msgspec.json.encode(body), media_type="application/json")


def _cookie(request: Request) -> str | None:
    value = request.cookies.get(COOKIE)
    return value if value and len(value) <= _MAX_SECRET_CHARS else None


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else "unknown"
