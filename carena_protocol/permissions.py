"""Who may do what: one table. Deny by default: what has no line here, nobody may.

A role in a line means "may ask at all"; for ``OWN_VISIT`` the visit must also be the asker's own, and for everything
about a visit its room one that the account serves. Both are judged where the row is, in the transaction of the change.
"""

from enum import StrEnum
from typing import Final, TypeAlias

from carena_protocol.actions import VisitAction
from carena_protocol.envelope import Role


class Permission(StrEnum):
    """What can be allowed beside the verbs of a visit."""

    SEE_QUEUE = "see_queue"
    OPEN_DETAILS = "open_details"
    WAITING_CHAT = "waiting_chat"
    SET_PRESENCE = "set_presence"
    MAKE_LINKS = "make_links"
    EMERGENCY_ACCESS = "emergency_access"
    """Ask for every room's queue for a while, with a reason ("break glass")."""
    SEE_ALERTS = "see_alerts"
    MANAGE_USERS = "manage_users"
    MANAGE_ROOMS = "manage_rooms"
    MANAGE_SESSIONS = "manage_sessions"
    READ_AUDIT = "read_audit"


Permitted: TypeAlias = VisitAction | Permission

_CARE: Final = frozenset({Role.CLINICIAN, Role.NURSE})
_STAFF: Final = _CARE | {Role.ADMINISTRATOR}
_ADMINISTRATOR: Final = frozenset({Role.ADMINISTRATOR})
_PATIENT: Final = frozenset({Role.PATIENT})
_NOBODY: Final[frozenset[Role]] = frozenset()

PERMITTED: Final[dict[Permitted, frozenset[Role]]] = {
    VisitAction.CLAIM: _CARE,
    VisitAction.RELEASE: _CARE,
    VisitAction.ASSIGN: _CARE,
    VisitAction.MARK: _CARE,
    VisitAction.ADMIT: _CARE,
    VisitAction.HOLD: _CARE,
    VisitAction.RESUME: _CARE,
    VisitAction.STEP_AWAY: _CARE,
    VisitAction.RETURN_TO_QUEUE: _CARE,
    VisitAction.TRANSFER: _CARE,
    VisitAction.FINISH: _CARE,
    VisitAction.RECALL: _CARE,
    VisitAction.NO_SHOW: _CARE,
    VisitAction.MERGE: _CARE,
    VisitAction.TRIAGE: _CARE,
    VisitAction.UNDO: _CARE,
    VisitAction.IDENTITY: _CARE,
    VisitAction.LEAVE: _PATIENT,
    VisitAction.STEP_OUT: _PATIENT,
    VisitAction.RETURN: _PATIENT,
    VisitAction.PREPARE: _PATIENT,
    VisitAction.AMEND: _PATIENT,
    VisitAction.TIME_OUT: _NOBODY,
    VisitAction.LAPSE: _NOBODY,
    VisitAction.MERGED: _NOBODY,
    # Administrators look after accounts, not patients; emergency access is their way to the queue, and shows.
    Permission.SEE_QUEUE: _CARE,
    Permission.OPEN_DETAILS: _CARE,
    Permission.WAITING_CHAT: _CARE | _PATIENT,
    Permission.SET_PRESENCE: _CARE,
    Permission.MAKE_LINKS: _STAFF,
    Permission.EMERGENCY_ACCESS: _STAFF,
    Permission.SEE_ALERTS: _ADMINISTRATOR,
    Permission.MANAGE_USERS: _ADMINISTRATOR,
    Permission.MANAGE_ROOMS: _ADMINISTRATOR,
    Permission.MANAGE_SESSIONS: _ADMINISTRATOR,
    Permission.READ_AUDIT: _ADMINISTRATOR,
}

OWN_VISIT: Final = frozenset(
    {
        VisitAction.RELEASE,
        VisitAction.HOLD,
        VisitAction.RESUME,
        VisitAction.STEP_AWAY,
        VisitAction.RETURN_TO_QUEUE,
        VisitAction.FINISH,
    }
)
"""Only the one who has claimed or admitted the patient. ``transfer`` and ``admit`` too, once somebody has."""

EMERGENCY: Final = frozenset({Permission.SEE_QUEUE, Permission.OPEN_DETAILS})
"""What emergency access adds, whatever the role, in every room."""

SEES_QUEUE: Final = PERMITTED[Permission.SEE_QUEUE]
MAKES_LINKS: Final = PERMITTED[Permission.MAKE_LINKS]


def may(role: Role, what: Permitted) -> bool:
    """Whether a role may ask for something at all; whose visit it is, is the server's question."""
    return role in PERMITTED.get(what, _NOBODY)
