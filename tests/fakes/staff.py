"""An account and a clinic without a server: implement ``StaffPort`` and ``AdminPort`` for tests of the UI."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from carena_protocol.admin_rest import (
    AuditLine,
    AuditPage,
    AuditQuery,
    AuditVerdict,
    EmergencyList,
    EmergencyRecord,
    RoomList,
    User,
    UserList,
)
from carena_protocol.envelope import Role
from carena_protocol.rows import ArrivalFields, OpeningHours, OwnField, Room
from carena_protocol.staff_rest import (
    EmergencyStatus,
    Enrolment,
    RecoveryCodes,
    SecondFactor,
    SecondFactorStatus,
    SessionInfo,
    SessionList,
)

if TYPE_CHECKING:
    from carena_desktop.session.failures import SessionError

NOW = 1_800_000_000_000
CODES = tuple(f"AAAA-BBBB-CCCC-{number:04d}" for number in range(10))
SECRET = "JBSWY3DPEHPK3PXP"
URI = f"otpauth://totp/Carena:alex?secret={SECRET}&issuer=Carena"


def lines(count: int) -> tuple[AuditLine, ...]:
    """Entries of an audit log, newest first."""
    kinds = (("auth.login", ""), ("visit.admit", "visit-1"), ("visit.details", "visit-1"), ("admin.audit", ""))
    made = []
    for seq in range(count, 0, -1):
        action, subject = kinds[seq % len(kinds)]
        made.append(
            AuditLine(
                seq=seq, at=NOW + seq * 60_000, actor="u1", action=action, subject=subject, detail="", mac=f"{seq:08x}"
            )
        )
    return tuple(made)


class _Asked:
    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.problem: SessionError | None = None
        """Raised by everything while set."""

    def _asked(self, *call: object) -> None:
        self.calls.append(call)
        if self.problem is not None:
            raise self.problem


class FakeAdmin(_Asked):
    """Implements ``AdminPort``; ``calls`` lists what was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.known = [
            User(id="u1", username="alex", display_name="Dr Alex Example", role=Role.CLINICIAN, disabled=False),
            User(id="u2", username="robin", display_name="Robin Nurse", role=Role.NURSE, disabled=False),
        ]
        own = OwnField(key="mrn", label="Record number", labels={"es": "Número de historia"})
        hours = tuple(OpeningHours(day=day, start="08:00", to="17:30") for day in range(1, 6))
        main = Room(id="main", name="Main room", hours=hours, zone="Europe/Madrid", fields=ArrivalFields(own=(own,)))
        self.clinic = [main, Room(id="kids", name="Children")]
        self.verdict = AuditVerdict(sound=True, entries=40, head="40:00000028")
        self.entries = lines(40)

    async def users(self) -> UserList:
        """Return them."""
        self._asked("users")
        return UserList(users=tuple(self.known))

    async def add_user(self, draft: Mapping[str, object]) -> User:
        """Add it."""
        self._asked("add_user", draft)
        made = User(
            id=f"u{len(self.known) + 1}",
            username=str(draft["username"]),
            display_name=str(draft["display_name"]),
            role=Role(str(draft["role"])),
            disabled=False,
        )
        self.known.append(made)
        return made

    async def update_user(self, update: Mapping[str, object]) -> User:
        """Only note it."""
        self._asked("update_user", update)
        return next(user for user in self.known if user.id == update["id"])

    async def rooms(self) -> RoomList:
        """Return them."""
        self._asked("rooms")
        return RoomList(rooms=tuple(self.clinic))

    async def add_room(self, name: str) -> Room:
        """Add it."""
        self._asked("add_room", name)
        made = Room(id=name.lower(), name=name)
        self.clinic.append(made)
        return made

    async def update_room(self, update: Mapping[str, object]) -> Room:
        """Only note it."""
        self._asked("update_room", update)
        return next(room for room in self.clinic if room.id == update["id"])

    async def sessions(self) -> SessionList:
        """Return two."""
        self._asked("sessions")
        return SessionList(sessions=_sessions(user="u1"))

    async def revoke_session(self, session: str) -> None:
        """Note it."""
        self._asked("revoke_session", session)

    async def emergencies(self) -> EmergencyList:
        """Return one."""
        self._asked("emergencies")
        record = EmergencyRecord(
            id="e1", user="u2", user_name="Robin Nurse", reason="Colleague taken ill", at=NOW, until=NOW + 3_600_000
        )
        return EmergencyList(records=(record,))

    async def audit(self, query: AuditQuery) -> AuditPage:
        """Return entries."""
        self._asked("audit", query)
        return AuditPage(entries=self.entries, names={"u1": "Dr Alex Example"}, total=len(self.entries), more=False)

    async def export_audit(self, query: AuditQuery) -> bytes:
        """Return two lines."""
        self._asked("export_audit", query)
        return b'{"seq":1}\n{"seq":2}\n'

    async def verify_audit(self) -> AuditVerdict:
        """Return what the test set."""
        self._asked("verify_audit")
        return self.verdict


class FakeStaff(_Asked):
    """Implements ``StaffPort``; ``calls`` lists what was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.admin = FakeAdmin()
        self.factor = SecondFactorStatus(state=SecondFactor.NONE, required=False)
        self.until: int | None = None

    async def unlock(self, password: str) -> None:
        """Take any password, or refuse."""
        self._asked("unlock", password)

    async def change_password(self, current: str, new: str) -> None:
        """Take it."""
        self._asked("change_password", current, new)

    async def second_factor(self) -> SecondFactorStatus:
        """Return what the test set."""
        self._asked("second_factor")
        return self.factor

    async def enrol(self, password: str) -> Enrolment:
        """Return an example."""
        self._asked("enrol", password)
        return Enrolment(secret=SECRET, uri=URI)

    async def confirm_enrolment(self, code: str) -> RecoveryCodes:
        """Count from now on."""
        self._asked("confirm_enrolment", code)
        self.factor = SecondFactorStatus(state=SecondFactor.ACTIVE, required=False, recovery_codes_left=10)
        return RecoveryCodes(codes=CODES)

    async def new_recovery_codes(self, password: str, code: str) -> RecoveryCodes:
        """Return an example."""
        self._asked("new_recovery_codes", password, code)
        return RecoveryCodes(codes=CODES)

    async def disable_second_factor(self, password: str, code: str) -> None:
        """Remove it."""
        self._asked("disable_second_factor", password, code)
        self.factor = SecondFactorStatus(state=SecondFactor.NONE, required=False)

    async def sessions(self) -> SessionList:
        """Return two, one of them this one."""
        self._asked("sessions")
        return SessionList(sessions=_sessions())

    async def revoke_session(self, session: str) -> None:
        """Note it."""
        self._asked("revoke_session", session)

    async def revoke_other_sessions(self) -> None:
        """Note it."""
        self._asked("revoke_other_sessions")

    async def emergency(self) -> EmergencyStatus:
        """Return what is."""
        self._asked("emergency")
        return EmergencyStatus(until=self.until)

    async def start_emergency(self, reason: str, minutes: int) -> EmergencyStatus:
        """Grant it."""
        self._asked("start_emergency", reason, minutes)
        self.until = NOW + minutes * 60_000
        return EmergencyStatus(until=self.until)

    async def end_emergency(self) -> None:
        """Take it back."""
        self._asked("end_emergency")
        self.until = None


def _sessions(user: str | None = None) -> tuple[SessionInfo, ...]:
    name = "Dr Alex Example" if user else None
    return (
        SessionInfo(
            id="s1",
            device="desk-3",
            address="192.0.2.7",
            created_at=NOW - 3_600_000,
            last_used_at=NOW,
            connected=True,
            current=user is None,
            user=user,
            user_name=name,
        ),
        SessionInfo(
            id="s2",
            device="home",
            address="198.51.100.4",
            created_at=NOW - 86_400_000,
            last_used_at=NOW - 7_200_000,
            user=user,
            user_name=name,
        ),
    )
