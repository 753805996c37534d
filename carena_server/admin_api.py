"""The endpoints of ``carena_protocol.admin_rest``: each names the permission it needs. Thin."""

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from carena_protocol.admin_rest import AuditQuery, RoomDraft, RoomUpdate, UserDraft, UserUpdate
from carena_protocol.permissions import Permission
from carena_protocol.staff_rest import SessionChoice
from carena_server.administration import Administration
from carena_server.gate import Gate, json_answer, read_body


class AdminApi:
    """Administration over HTTPS."""

    def __init__(self, gate: Gate, administration: Administration) -> None:
        self._gate = gate
        self._do = administration

    def routes(self) -> list[Route]:
        """Return the routes."""
        return self._gate.routes(
            [
                ("GET", "/admin/users", self._users),
                ("POST", "/admin/users", self._add_user),
                ("POST", "/admin/users/update", self._update_user),
                ("GET", "/admin/rooms", self._rooms),
                ("POST", "/admin/rooms", self._add_room),
                ("POST", "/admin/rooms/update", self._change_room),
                ("GET", "/admin/sessions", self._sessions),
                ("POST", "/admin/sessions/revoke", self._revoke),
                ("GET", "/admin/emergency", self._emergencies),
                ("POST", "/admin/audit/query", self._audit),
                ("POST", "/admin/audit/export", self._export),
                ("POST", "/admin/audit/verify", self._verify),
            ]
        )

    async def _users(self, request: Request) -> Response:
        await self._gate.permitted(request, Permission.MANAGE_USERS)
        return json_answer(await self._do.users())

    async def _add_user(self, request: Request) -> Response:
        grant = await self._gate.permitted(request, Permission.MANAGE_USERS)
        return json_answer(await self._do.add_user(grant.principal, await read_body(request, UserDraft)))

    async def _update_user(self, request: Request) -> Response:
        grant = await self._gate.permitted(request, Permission.MANAGE_USERS)
        return json_answer(await self._do.update_user(grant.principal, await read_body(request, UserUpdate)))

    async def _rooms(self, request: Request) -> Response:
        await self._gate.permitted(request, Permission.MANAGE_ROOMS)
        return json_answer(await self._do.rooms())

    async def _add_room(self, request: Request) -> Response:
        grant = await self._gate.permitted(request, Permission.MANAGE_ROOMS)
        return json_answer(await self._do.add_room(grant.principal, await read_body(request, RoomDraft)))

    async def _change_room(self, request: Request) -> Response:
        grant = await self._gate.permitted(request, Permission.MANAGE_ROOMS)
        return json_answer(await self._do.change_room(grant.principal, await read_body(request, RoomUpdate)))

    async def _sessions(self, request: Request) -> Response:
        grant = await self._gate.permitted(request, Permission.MANAGE_SESSIONS)
        return json_answer(await self._do.sessions(grant))

    async def _revoke(self, request: Request) -> Response:
        grant = await self._gate.permitted(request, Permission.MANAGE_SESSIONS)
        await self._do.revoke(grant.principal, (await read_body(request, SessionChoice)).session)
        return Response(status_code=204)

    async def _emergencies(self, request: Request) -> Response:
        await self._gate.permitted(request, Permission.SEE_ALERTS)
        return json_answer(await self._do.emergencies())

    async def _audit(self, request: Request) -> Response:
        grant = await self._gate.permitted(request, Permission.READ_AUDIT)
        return json_answer(await self._do.audit_page(grant.principal, await read_body(request, AuditQuery)))

    async def _export(self, request: Request) -> Response:
        grant = await self._gate.permitted(request, Permission.READ_AUDIT)
        lines = await self._do.audit_export(grant.principal, await read_body(request, AuditQuery))
        return StreamingResponse(lines, media_type="application/x-ndjson")

    async def _verify(self, request: Request) -> Response:
        await self._gate.permitted(request, Permission.READ_AUDIT)
        return json_answer(await self._do.verify_audit())
