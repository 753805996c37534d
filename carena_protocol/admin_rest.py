"""Bodies of the HTTPS interface of administrators; all with the access token as bearer.

    GET  /api/v1/admin/users                        -> UserList
    POST /api/v1/admin/users          UserDraft     -> User                | Problem (conflict: the username is taken)
    POST /api/v1/admin/users/update   UserUpdate    -> User                | Problem
    GET  /api/v1/admin/rooms                        -> RoomList
    POST /api/v1/admin/rooms          RoomDraft     -> Room                | Problem
    POST /api/v1/admin/rooms/update   RoomUpdate    -> Room                | Problem
    GET  /api/v1/admin/sessions                     -> SessionList
    POST /api/v1/admin/sessions/revoke SessionChoice -> 204               | Problem
    GET  /api/v1/admin/emergency                    -> EmergencyList
    POST /api/v1/admin/audit/query    AuditQuery    -> AuditPage
    POST /api/v1/admin/audit/export   AuditQuery    -> application/x-ndjson, one AuditLine a line, oldest first
    POST /api/v1/admin/audit/verify                 -> AuditVerdict

Reading the audit log is itself an entry of it.
"""

from typing import Annotated, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from carena_protocol.envelope import Count, EpochMilliseconds, Identifier, Language, Role, Unprintable
from carena_protocol.rest import Username
from carena_protocol.rows import ArrivalFields, ClosedText, OpeningHours, Room
from carena_protocol.staff_rest import Password, SecondFactor

DisplayName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=120)]
RoomName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=80)]
_Minutes: TypeAlias = Annotated[int, Meta(ge=0, le=24 * 60)]


class User(Unprintable, frozen=True, kw_only=True):
    """An account. ``rooms`` empty: every room."""

    id: Identifier
    username: str
    display_name: str
    role: Role
    disabled: bool
    rooms: tuple[Identifier, ...] = ()
    second_factor: SecondFactor = SecondFactor.NONE
    created_at: EpochMilliseconds = 0


class UserList(Unprintable, frozen=True, kw_only=True):
    """Every account, by username."""

    users: tuple[User, ...]


class UserDraft(Unprintable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new account."""

    username: Username
    display_name: DisplayName
    role: Role
    password: Password
    rooms: Annotated[tuple[Identifier, ...], Meta(max_length=64)] = ()


class UserUpdate(Unprintable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Change an account. A new password or ``disabled`` ends its sessions; ``reset_second_factor`` removes it."""

    id: Identifier
    display_name: DisplayName | UnsetType = UNSET
    role: Role | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET
    password: Password | UnsetType = UNSET
    rooms: Annotated[tuple[Identifier, ...], Meta(max_length=64)] | UnsetType = UNSET
    reset_second_factor: bool = False


class RoomList(Struct, frozen=True, kw_only=True):
    """Every waiting room."""

    rooms: tuple[Room, ...]


class RoomDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new waiting room, with the settings of a new one."""

    name: RoomName


class RoomUpdate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Change what is given; the rest stays. See ``Room``."""

    id: Identifier
    name: RoomName | UnsetType = UNSET
    hours: Annotated[tuple[OpeningHours, ...], Meta(max_length=28)] | UnsetType = UNSET
    zone: Annotated[str, Meta(min_length=1, max_length=64)] | UnsetType = UNSET
    closed_text: ClosedText | UnsetType = UNSET
    closed_texts: Annotated[dict[Language, ClosedText], Meta(max_length=20)] | UnsetType = UNSET
    triage_first: bool | UnsetType = UNSET
    targets_min: tuple[_Minutes, _Minutes, _Minutes, _Minutes, _Minutes] | UnsetType = UNSET
    retriage_min: _Minutes | UnsetType = UNSET
    alarm_waiting: Annotated[int, Meta(ge=0, le=10_000)] | UnsetType = UNSET
    alarm_wait_min: _Minutes | UnsetType = UNSET
    away_max_min: Annotated[int, Meta(ge=1, le=120)] | UnsetType = UNSET
    fields: ArrivalFields | UnsetType = UNSET


class EmergencyRecord(Unprintable, frozen=True, kw_only=True):
    """One use of emergency access."""

    id: Identifier
    user: Identifier
    user_name: str
    reason: str
    at: EpochMilliseconds
    until: EpochMilliseconds
    ended_at: EpochMilliseconds | None = None


class EmergencyList(Unprintable, frozen=True, kw_only=True):
    """Uses of emergency access, newest first."""

    records: tuple[EmergencyRecord, ...]


class AuditQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which entries. An ``action`` ending in a dot means all that begin so. ``before``: older than that one."""

    actor: Annotated[str, Meta(max_length=64)] | UnsetType = UNSET
    action: Annotated[str, Meta(max_length=32)] | UnsetType = UNSET
    subject: Annotated[str, Meta(max_length=64)] | UnsetType = UNSET
    since: EpochMilliseconds | UnsetType = UNSET
    until: EpochMilliseconds | UnsetType = UNSET
    before: Count | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=1000)] = 200


class AuditLine(Struct, frozen=True, kw_only=True):
    """One entry: who did what to whom, by identifiers. ``mac`` chains it to the one before."""

    seq: Count
    at: EpochMilliseconds
    actor: str
    action: str
    subject: str
    detail: str
    mac: str


class AuditPage(Unprintable, frozen=True, kw_only=True):
    """Entries, newest first. ``names``: identifiers of accounts and rooms to what people call them."""

    entries: tuple[AuditLine, ...]
    names: dict[str, str]
    total: Count
    """Entries that match, on this page or not."""
    more: bool


class AuditVerdict(Struct, frozen=True, kw_only=True):
    """Whether the chain holds. ``head`` (``SEQ:MAC``) is worth writing down elsewhere."""

    sound: bool
    entries: Count
    head: str
    broken_at: Count | None = None
    problem: str | None = None
