"""What the UI may ask for a signed-in person: the own account, and the clinic's for administrators.

Every method raises ``failures.SessionError``.
"""

from collections.abc import Mapping
from typing import Protocol

from carena_protocol.admin_rest import AuditPage, AuditQuery, AuditVerdict, EmergencyList, RoomList, User, UserList
from carena_protocol.rows import Room
from carena_protocol.staff_rest import EmergencyStatus, Enrolment, RecoveryCodes, SecondFactorStatus, SessionList


class AdminPort(Protocol):
    """What administrators do."""

    async def users(self) -> UserList:
        """Return every account."""
        ...

    async def add_user(self, draft: Mapping[str, object]) -> User:
        """Make an account; fields of ``UserDraft``."""
        ...

    async def update_user(self, update: Mapping[str, object]) -> User:
        """Change an account; fields of ``UserUpdate``."""
        ...

    async def rooms(self) -> RoomList:
        """Return every waiting room."""
        ...

    async def add_room(self, name: str) -> Room:
        """Make a waiting room."""
        ...

    async def update_room(self, update: Mapping[str, object]) -> Room:
        """Change a waiting room; fields of ``RoomUpdate``."""
        ...

    async def sessions(self) -> SessionList:
        """Return every session of everyone."""
        ...

    async def revoke_session(self, session: str) -> None:
        """End one of them."""
        ...

    async def emergencies(self) -> EmergencyList:
        """Return uses of emergency access."""
        ...

    async def audit(self, query: AuditQuery) -> AuditPage:
        """Return entries of the audit log."""
        ...

    async def export_audit(self, query: AuditQuery) -> bytes:
        """Return entries as NDJSON, oldest first."""
        ...

    async def verify_audit(self) -> AuditVerdict:
        """Have the chain of entries checked."""
        ...


class StaffPort(Protocol):
    """What a signed-in person does with the own account."""

    @property
    def admin(self) -> AdminPort:
        """What administrators do; the server refuses everyone else."""
        ...

    async def unlock(self, password: str) -> None:
        """Return when the password is the account's."""
        ...

    async def change_password(self, current: str, new: str) -> None:
        """Replace the password; other sessions of the account end."""
        ...

    async def second_factor(self) -> SecondFactorStatus:
        """Return whether there is one."""
        ...

    async def enrol(self, password: str) -> Enrolment:
        """Begin to set one up."""
        ...

    async def confirm_enrolment(self, code: str) -> RecoveryCodes:
        """Prove that the authenticator works: from now on it counts."""
        ...

    async def new_recovery_codes(self, password: str, code: str) -> RecoveryCodes:
        """Replace the recovery codes."""
        ...

    async def disable_second_factor(self, password: str, code: str) -> None:
        """Remove it, where the site doesn't want it."""
        ...

    async def sessions(self) -> SessionList:
        """Return where the account is signed in."""
        ...

    async def revoke_session(self, session: str) -> None:
        """End one of them."""
        ...

    async def revoke_other_sessions(self) -> None:
        """End all but this one."""
        ...

    async def emergency(self) -> EmergencyStatus:
        """Return whether one has emergency access."""
        ...

    async def start_emergency(self, reason: str, minutes: int) -> EmergencyStatus:
        """Ask for emergency access; administrators are alerted."""
        ...

    async def end_emergency(self) -> None:
        """Give it back."""
        ...
