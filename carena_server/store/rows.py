"""Rows of ``visit`` and values: the only place that knows how one becomes the other."""

from typing import Any, Final, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, select

from carena_protocol.rows import (
    AwayBy,
    IdentityCheck,
    LeaveReason,
    Presence,
    Readiness,
    TriageForm,
    VisitState,
    WaitingChat,
)
from carena_protocol.visit import OPEN_STATES
from carena_server.store.schema import PATIENT_TEXT, visit
from carena_server.visit_rules import Effects
from carena_server.visits import Arrival, Visit

_T = TypeVar("_T")

FORGET: Final[dict[str, None]] = dict.fromkeys(PATIENT_TEXT)
"""What is set when a visit is over: patient text is needed for nothing any more."""

_COLUMNS: Final = {"room": "room_id"}


def is_open() -> ColumnElement[bool]:
    """The condition of a visit in the waiting room's table."""
    return visit.c.state.in_([state.value for state in OPEN_STATES])


def find_visit(connection: Connection, visit_id: str) -> Visit | None:
    """Return a row."""
    row = connection.execute(select(visit).where(visit.c.id == visit_id)).one_or_none()
    return None if row is None else to_visit(row)


def to_columns(effects: Effects) -> dict[str, Any]:
    """Return new values as the table stores them."""
    return {_COLUMNS.get(name, name): _stored(value) for name, value in effects.items()}


def to_visit(row: Row[Any]) -> Visit:
    """Return the value of a row."""
    return Visit(
        id=row.id,
        version=row.version,
        state=VisitState(row.state),
        presence=Presence(row.presence),
        checked_in_at=row.checked_in_at,
        name=row.name,
        birth_date=row.birth_date,
        reason=row.reason,
        grace_until=row.grace_until,
        admitted_at=row.admitted_at,
        clinician_id=row.clinician_id,
        clinician_name=row.clinician_name,
        clinician_key=row.clinician_key,
        clinician_since=row.clinician_since,
        left_reason=None if row.left_reason is None else LeaveReason(row.left_reason),
        room=row.room_id,
        state_since=row.state_since,
        returns_to=None if row.returns_to is None else VisitState(row.returns_to),
        acuity=row.acuity,
        triaged_at=row.triaged_at,
        note=row.note,
        away_by=None if row.away_by is None else AwayBy(row.away_by),
        away_until=row.away_until,
        recalled_at=row.recalled_at,
        arrival=_read(row.arrival, Arrival),
        triage=_read(row.triage, TriageForm),
        readiness=_read(row.readiness, Readiness),
        identity=_read(row.identity, IdentityCheck),
        chat=WaitingChat(row.chat),
        closed_at=row.closed_at,
        text_until=row.text_until,
        consent_version=row.consent_version,
    )


def _stored(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return msgspec.json.encode(value).decode()
    return value


def _read(text: str | None, kind: type[_T]) -> _T | None:
    return None if text is None else msgspec.json.decode(text, type=kind)
