"""What every endpoint has in common: who asks, what was sent, and one Problem for every refusal.

Tokens are read from the Authorization header or the visit cookie and never from a URL.
"""

import logging
import math
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final, TypeVar

import msgspec
from msgspec import UNSET, Struct
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from carena_protocol.errors import RETRYABLE, ErrorCode, RefusalReason
from carena_protocol.permissions import Permission, may
from carena_protocol.rest import Problem
from carena_server.logs import failure
from carena_server.sign_in import FamilyRevokedError, RefusedError, SignIn
from carena_server.tokens import Grant
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
Handler = Callable[[Request], Awaitable[Response]]


class Gate:
    """Stands before the endpoints under /api/v1."""

    def __init__(self, sign_in: SignIn, origins: Origins, end_family: Callable[[str], None]) -> None:
        self._sign_in = sign_in
        self._origins = origins
        self._end_family = end_family

    def routes(self, table: list[tuple[str, str, Handler]]) -> list[Route]:
        """Return routes of (method, path, handler), with one place for refusals."""
        return [Route(f"/api/v1{path}", self._guarded(handler), methods=[method]) for method, path, handler in table]

    async def bearer(self, request: Request, *, enrolling: bool = False) -> Grant:
        """Return who an access token speaks for. Raises RefusedError.

        ``enrolling``: also somebody whose required second factor is not set up yet.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not 0 < len(token) <= _MAX_SECRET_CHARS:
            raise RefusedError(ErrorCode.UNAUTHENTICATED)
        grant = await self._sign_in.authorise(token)
        if grant.enrolment_required and not enrolling:
            raise RefusedError(ErrorCode.ENROLMENT_REQUIRED, reason=RefusalReason.POLICY)
        return grant

    async def permitted(self, request: Request, what: Permission) -> Grant:
        """Return who asks, if their role may. Raises RefusedError."""
        grant = await self.bearer(request)
        if not may(grant.principal.role, what):
            raise RefusedError(ErrorCode.FORBIDDEN, reason=RefusalReason.ROLE)
        return grant

    def _guarded(self, handler: Handler) -> Handler:
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


async def not_found(request: Request, _error: Exception) -> Response:
    """Answer for paths and methods that don't exist.

    Who opens such a path in a browser is a patient whose link was cut or typed: the portal's page says what to do, and
    what stands after the ``#`` goes there with them.
    """
    if request.method == "GET" and "text/html" in request.headers.get("accept", "") and not _is_for_programs(request):
        return RedirectResponse("/visit", HTTPStatus.TEMPORARY_REDIRECT)
    return problem(ErrorCode.NOT_FOUND)


def _is_for_programs(request: Request) -> bool:
    return request.url.path.startswith(("/api/", "/assets/"))


async def read_body(request: Request, kind: type[_T]) -> _T:
    """Return the request's body. Raises RefusedError: malformed, too_large, invalid."""
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


def json_answer(body: Struct) -> Response:
    """Return an answer with a body."""
    return Response(msgspec.json.encode(body), media_type="application/json")


def visit_cookie(request: Request) -> str | None:
    """Return the value of the patient's cookie, if the request has one."""
    value = request.cookies.get(COOKIE)
    return value if value and len(value) <= _MAX_SECRET_CHARS else None


def address_of(request: Request) -> str:
    """Return the address the request comes from."""
    return request.client.host if request.client is not None else "unknown"
