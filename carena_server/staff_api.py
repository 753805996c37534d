"""The endpoints of ``carena_protocol.staff_rest``. Thin."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from carena_protocol.staff_rest import (
    CodeProof,
    EmergencyWish,
    FullProof,
    PasswordChange,
    PasswordProof,
    SessionChoice,
)
from carena_server.gate import Gate, address_of, json_answer, read_body
from carena_server.own_account import OwnAccount


class StaffApi:
    """One's own account over HTTPS."""

    def __init__(self, gate: Gate, own: OwnAccount) -> None:
        self._gate = gate
        self._own = own

    def routes(self) -> list[Route]:
        """Return the routes."""
        return self._gate.routes(
            [
                ("POST", "/password", self._password),
                ("POST", "/unlock", self._unlock),
                ("GET", "/second-factor", self._factor),
                ("POST", "/second-factor/enrol", self._enrol),
                ("POST", "/second-factor/confirm", self._confirm),
                ("POST", "/second-factor/recovery-codes", self._codes),
                ("POST", "/second-factor/disable", self._disable),
                ("GET", "/sessions", self._sessions),
                ("POST", "/sessions/revoke", self._revoke),
                ("POST", "/sessions/revoke-others", self._revoke_others),
                ("GET", "/emergency", self._emergency),
                ("POST", "/emergency", self._begin_emergency),
                ("POST", "/emergency/end", self._end_emergency),
            ]
        )

    async def _password(self, request: Request) -> Response:
        grant = await self._gate.bearer(request, enrolling=True)
        await self._own.change_password(grant, await read_body(request, PasswordChange), address_of(request))
        return _done()

    async def _unlock(self, request: Request) -> Response:
        grant = await self._gate.bearer(request)
        body = await read_body(request, PasswordProof)
        await self._own.unlock(grant, body.password, address_of(request))
        return _done()

    async def _factor(self, request: Request) -> Response:
        return json_answer(await self._own.second_factor(await self._gate.bearer(request, enrolling=True)))

    async def _enrol(self, request: Request) -> Response:
        grant = await self._gate.bearer(request, enrolling=True)
        body = await read_body(request, PasswordProof)
        return json_answer(await self._own.enrol(grant, body.password, address_of(request)))

    async def _confirm(self, request: Request) -> Response:
        grant = await self._gate.bearer(request, enrolling=True)
        return json_answer(await self._own.confirm(grant, (await read_body(request, CodeProof)).code))

    async def _codes(self, request: Request) -> Response:
        grant = await self._gate.bearer(request)
        proof = await read_body(request, FullProof)
        return json_answer(await self._own.new_recovery_codes(grant, proof, address_of(request)))

    async def _disable(self, request: Request) -> Response:
        grant = await self._gate.bearer(request)
        await self._own.disable(grant, await read_body(request, FullProof), address_of(request))
        return _done()

    async def _sessions(self, request: Request) -> Response:
        return json_answer(await self._own.sessions(await self._gate.bearer(request)))

    async def _revoke(self, request: Request) -> Response:
        grant = await self._gate.bearer(request)
        await self._own.revoke(grant, (await read_body(request, SessionChoice)).session)
        return _done()

    async def _revoke_others(self, request: Request) -> Response:
        await self._own.revoke_others(await self._gate.bearer(request))
        return _done()

    async def _emergency(self, request: Request) -> Response:
        return json_answer(await self._own.emergency(await self._gate.bearer(request)))

    async def _begin_emergency(self, request: Request) -> Response:
        grant = await self._gate.bearer(request)
        return json_answer(await self._own.begin_emergency(grant, await read_body(request, EmergencyWish)))

    async def _end_emergency(self, request: Request) -> Response:
        await self._own.end_emergency(await self._gate.bearer(request))
        return _done()


def _done() -> Response:
    return Response(status_code=204)
