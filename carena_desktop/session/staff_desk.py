"""What a signed-in person does by HTTPS: with the own account (``staff_rest``), and as administrator (``admin_rest``).

Passwords and codes pass through and are not kept. Every failure is a SessionError; the server decides, this side only
asks.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import msgspec

from carena_desktop.session.failures import SessionError
from carena_desktop.session.model import LocalProblem
from carena_protocol.admin_rest import (
    AuditPage,
    AuditQuery,
    AuditVerdict,
    EmergencyList,
    RoomDraft,
    RoomList,
    RoomUpdate,
    User,
    UserDraft,
    UserList,
    UserUpdate,
)
from carena_protocol.errors import ErrorCode
from carena_protocol.rows import Room
from carena_protocol.staff_rest import (
    CodeProof,
    EmergencyStatus,
    EmergencyWish,
    Enrolment,
    FullProof,
    PasswordChange,
    PasswordProof,
    RecoveryCodes,
    SecondFactorStatus,
    SessionChoice,
    SessionList,
)

Ask = Callable[[str, str, bytes], Awaitable[bytes]]
"""Method, path and JSON body to the answer's body, with the access token; raises SessionError."""
_T = TypeVar("_T")


class StaffDesk:
    """Implements ``ports.StaffPort``.

    Args:
        ask: Asks the server.
        sees_more: Is called when emergency access has begun.
    """

    def __init__(self, ask: Ask, sees_more: Callable[[], None] = lambda: None) -> None:
        self._ask = ask
        self._sees_more = sees_more
        self.admin = AdminDesk(ask)

    async def unlock(self, password: str) -> None:
        """Return when the password is the account's; raises SessionError."""
        await self._post("unlock", PasswordProof, {"password": password})

    async def change_password(self, current: str, new: str) -> None:
        """Replace the password; other sessions of the account end."""
        await self._post("password", PasswordChange, {"current": current, "new": new})

    async def second_factor(self) -> SecondFactorStatus:
        """Return whether there is one."""
        return _decoded(await self._ask("GET", "/api/v1/second-factor", b""), SecondFactorStatus)

    async def enrol(self, password: str) -> Enrolment:
        """Begin to set one up."""
        return _decoded(await self._post("second-factor/enrol", PasswordProof, {"password": password}), Enrolment)

    async def confirm_enrolment(self, code: str) -> RecoveryCodes:
        """Prove that the authenticator works: from now on it counts."""
        return _decoded(await self._post("second-factor/confirm", CodeProof, {"code": code}), RecoveryCodes)

    async def new_recovery_codes(self, password: str, code: str) -> RecoveryCodes:
        """Replace the recovery codes."""
        body = {"password": password, "code": code}
        return _decoded(await self._post("second-factor/recovery-codes", FullProof, body), RecoveryCodes)

    async def disable_second_factor(self, password: str, code: str) -> None:
        """Remove it, where the site doesn't want it."""
        await self._post("second-factor/disable", FullProof, {"password": password, "code": code})

    async def sessions(self) -> SessionList:
        """Return where the account is signed in."""
        return _decoded(await self._ask("GET", "/api/v1/sessions", b""), SessionList)

    async def revoke_session(self, session: str) -> None:
        """End one of them."""
        await self._post("sessions/revoke", SessionChoice, {"session": session})

    async def revoke_other_sessions(self) -> None:
        """End all but this one."""
        await self._ask("POST", "/api/v1/sessions/revoke-others", b"")

    async def emergency(self) -> EmergencyStatus:
        """Return whether one has emergency access."""
        return _decoded(await self._ask("GET", "/api/v1/emergency", b""), EmergencyStatus)

    async def start_emergency(self, reason: str, minutes: int) -> EmergencyStatus:
        """Ask for emergency access; administrators are alerted."""
        body = {"reason": reason, "minutes": minutes}
        begun = _decoded(await self._post("emergency", EmergencyWish, body), EmergencyStatus)
        self._sees_more()
        return begun

    async def end_emergency(self) -> None:
        """Give it back."""
        await self._ask("POST", "/api/v1/emergency/end", b"")

    async def _post(self, path: str, kind: type[msgspec.Struct], body: Mapping[str, object]) -> bytes:
        return await self._ask("POST", f"/api/v1/{path}", _checked(kind, body))


class AdminDesk:
    """Implements ``ports.AdminPort``."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def users(self) -> UserList:
        """Return every account."""
        return _decoded(await self._ask("GET", "/api/v1/admin/users", b""), UserList)

    async def add_user(self, draft: Mapping[str, object]) -> User:
        """Make an account; fields of ``UserDraft``."""
        return _decoded(await self._post("users", UserDraft, draft), User)

    async def update_user(self, update: Mapping[str, object]) -> User:
        """Change an account; fields of ``UserUpdate``."""
        return _decoded(await self._post("users/update", UserUpdate, update), User)

    async def rooms(self) -> RoomList:
        """Return every waiting room."""
        return _decoded(await self._ask("GET", "/api/v1/admin/rooms", b""), RoomList)

    async def add_room(self, name: str) -> Room:
        """Make a waiting room."""
        return _decoded(await self._post("rooms", RoomDraft, {"name": name}), Room)

    async def update_room(self, update: Mapping[str, object]) -> Room:
        """Change a waiting room; fields of ``RoomUpdate``."""
        return _decoded(await self._post("rooms/update", RoomUpdate, update), Room)

    async def sessions(self) -> SessionList:
        """Return every session of everyone."""
        return _decoded(await self._ask("GET", "/api/v1/admin/sessions", b""), SessionList)

    async def revoke_session(self, session: str) -> None:
        """End one of them."""
        await self._post("sessions/revoke", SessionChoice, {"session": session})

    async def emergencies(self) -> EmergencyList:
        """Return uses of emergency access."""
        return _decoded(await self._ask("GET", "/api/v1/admin/emergency", b""), EmergencyList)

    async def audit(self, query: AuditQuery) -> AuditPage:
        """Return entries of the audit log."""
        body = msgspec.json.encode(query)
        return _decoded(await self._ask("POST", "/api/v1/admin/audit/query", body), AuditPage)

    async def export_audit(self, query: AuditQuery) -> bytes:
        """Return entries as NDJSON, oldest first."""
        return await self._ask("POST", "/api/v1/admin/audit/export", msgspec.json.encode(query))

    async def verify_audit(self) -> AuditVerdict:
        """Have the chain of entries checked."""
        return _decoded(await self._ask("POST", "/api/v1/admin/audit/verify", b""), AuditVerdict)

    async def _post(self, path: str, kind: type[msgspec.Struct], body: Mapping[str, object]) -> bytes:
        return await self._ask("POST", f"/api/v1/admin/{path}", _checked(kind, body))


def _checked(kind: type[msgspec.Struct], body: Mapping[str, object]) -> bytes:
    """Return the JSON of a request that the server's own rules accept; what can't be right is not sent."""
    encoded = msgspec.json.encode(body)
    try:
        msgspec.json.decode(encoded, type=kind)
    except msgspec.ValidationError:
        raise SessionError(_UNFIT.get(kind, ErrorCode.INVALID)) from None
    return encoded


_UNFIT: dict[type[msgspec.Struct], ErrorCode] = {
    PasswordProof: ErrorCode.WRONG_CREDENTIALS,
    CodeProof: ErrorCode.WRONG_CODE,
    FullProof: ErrorCode.WRONG_CODE,
}
"""What a body that breaks the rules is, other than simply invalid."""


def _decoded(content: bytes, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise SessionError(LocalProblem.PROTOCOL) from None
