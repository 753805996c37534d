"""The HTTPS interface of ``carena_protocol.rest``: bodies in, bodies out, one Problem for every refusal. Thin.

Tokens are read from the Authorization header or the visit cookie and never from a URL.
"""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from carena_protocol.errors import ErrorCode
from carena_protocol.rest import (
    ArrivalRequest,
    CheckInRequest,
    CheckResponse,
    LinkRequest,
    LoginRequest,
    PortalInfo,
    RefreshRequest,
    TicketResponse,
)
from carena_server.clock import Clock
from carena_server.gate import COOKIE, Gate, Handler, address_of, json_answer, read_body, visit_cookie
from carena_server.reception import Reception
from carena_server.sign_in import RefusedError, SignIn
from carena_server.site_facts import SiteFacts
from carena_server.tokens import TicketBook


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
        gate: Gate,
        end_family: Callable[[str], None],
        facts: SiteFacts,
    ) -> None:
        self._sign_in = sign_in
        self._reception = reception
        self._tickets = tickets
        self._clock = clock
        self._info = info
        self._authority = authority
        self._gate = gate
        self._end_family = end_family
        self._facts = facts

    def routes(self) -> list[Route]:
        """Return the routes, with one place for refusals."""
        table: list[tuple[str, str, Handler]] = [
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
        return self._gate.routes(table)

    async def _login(self, request: Request) -> Response:
        body = await read_body(request, LoginRequest)
        return json_answer(await self._sign_in.login(body, address_of(request)))

    async def _refresh(self, request: Request) -> Response:
        body = await read_body(request, RefreshRequest)
        return json_answer(await self._sign_in.refresh(body.refresh_token))

    async def _logout(self, request: Request) -> Response:
        body = await read_body(request, RefreshRequest)
        family = await self._sign_in.sign_out(body.refresh_token)
        if family is not None:
            self._end_family(family)
        return Response(status_code=204)

    async def _ticket(self, request: Request) -> Response:
        cookie = visit_cookie(request)
        if "authorization" not in request.headers and cookie is not None:
            grant = await self._reception.grant(cookie)
        else:
            grant = await self._gate.bearer(request)
        ticket = self._tickets.issue(grant, self._clock.monotonic())
        return json_answer(TicketResponse(ticket=ticket, expires_in_s=int(self._tickets.ttl_s)))

    async def _create_link(self, request: Request) -> Response:
        grant = await self._gate.bearer(request)
        body = await read_body(request, LinkRequest)
        return json_answer(await self._reception.create_link(grant.principal, body))

    async def _portal(self, _request: Request) -> Response:
        return json_answer(self._info)

    async def _arrival(self, request: Request) -> Response:
        body = await read_body(request, ArrivalRequest)
        return json_answer(await self._reception.arrival_info(body.secret, visit_cookie(request), address_of(request)))

    async def _check_in(self, request: Request) -> Response:
        body = await read_body(request, CheckInRequest)
        arrived = await self._reception.check_in(body, visit_cookie(request), address_of(request))
        response = json_answer(arrived.response)
        response.set_cookie(COOKIE, arrived.session, path="/", secure=True, httponly=True, samesite="strict")
        return response

    async def _visit(self, request: Request) -> Response:
        cookie = visit_cookie(request)
        if cookie is None:
            raise RefusedError(ErrorCode.NOT_FOUND)
        return json_answer(await self._reception.resume(cookie))

    async def _authority_pem(self, _request: Request) -> Response:
        if self._authority is None:
            raise RefusedError(ErrorCode.NOT_FOUND)
        return Response(self._authority, media_type="application/x-pem-file")

    async def _version(self, request: Request) -> Response:
        await self._gate.bearer(request)
        return json_answer(self._facts.version)

    async def _policies(self, request: Request) -> Response:
        await self._gate.bearer(request)
        return json_answer(self._facts.policies)

    async def _check(self, _request: Request) -> Response:
        return json_answer(CheckResponse(now_ms=self._clock.wall_ms(), relays=self._facts.relays))
