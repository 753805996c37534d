"""Visits and the queue in SQL. Each function runs inside one transaction of its caller.

Never read, then write: a change is one UPDATE that names the states and the version it applies to, so that of any
number of clinicians exactly one wins.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from carena_protocol.errors import ErrorCode
from carena_protocol.messages import LeaveReason, Presence, VisitState
from carena_protocol.visit import OPEN_STATES, VisitAction, sources
from carena_server.repository import (
    Change,
    Changed,
    ChangeOutcome,
    CheckIn,
    QueueEvent,
    QueuePage,
    Refused,
    Visit,
)
from carena_server.store.audit_log import AuditLog
from carena_server.store.schema import (
    CLINIC_ID,
    clinic,
    command,
    queue_event,
    visit,
    visit_link,
    visit_session,
)

_FORGET: Final = {"name": None, "birth_date": None, "reason": None}
"""What is set when a visit is over: patient text is needed for nothing any more."""

_TARGETS: Final = {
    VisitAction.ADMIT: VisitState.IN_VISIT,
    VisitAction.FINISH: VisitState.FINISHED,
    VisitAction.LEAVE: VisitState.LEFT,
    VisitAction.TIME_OUT: VisitState.LEFT,
    VisitAction.LAPSE: VisitState.RETURNED,
}

_KEPT_COMMANDS_MS: Final = 24 * 3600 * 1000
_KEPT_EVENTS: Final = 5000
_KEPT_CLOSED_MS: Final = 30 * 24 * 3600 * 1000


def find_visit(connection: Connection, visit_id: str) -> Visit | None:
    """Return a row."""
    row = connection.execute(select(visit).where(visit.c.id == visit_id)).one_or_none()
    return None if row is None else _to_visit(row)


def visit_of_session(connection: Connection, digest: str, at: int) -> Visit | None:
    """Return the visit of a patient's session."""
    row = connection.execute(
        select(visit)
        .join(visit_session, visit_session.c.visit_id == visit.c.id)
        .where(visit_session.c.digest == digest, visit_session.c.expires_at > at)
    ).one_or_none()
    return None if row is None else _to_visit(row)


def create_link(
    connection: Connection,
    log: AuditLog,
    *,
    link: str,
    digest: str,
    reusable: bool,
    actor: str,
    at: int,
    expires_at: int,
) -> None:
    """Store a link."""
    connection.execute(
        insert(visit_link).values(
            id=link, digest=digest, reusable=reusable, expires_at=expires_at, created_by=actor, created_at=at
        )
    )
    log.append(
        connection, at=at, actor=actor, action="link.create", subject=link, detail="reusable" if reusable else ""
    )


def link_is_good(connection: Connection, digest: str, at: int) -> bool:
    """Whether the link may be used now."""
    return connection.execute(select(visit_link.c.id).where(*_usable(digest, at))).one_or_none() is not None


def check_in(connection: Connection, log: AuditLog, arrival: CheckIn, at: int) -> bool:
    """Use the link and put the patient at the end of the queue."""
    link = connection.execute(
        update(visit_link).where(*_usable(arrival.link_digest, at)).values(used_at=at).returning(visit_link.c.id)
    ).one_or_none()
    if link is None:
        return False
    if arrival.replaces is not None:
        change(connection, log, Change(action=VisitAction.LEAVE, visit=arrival.replaces, actor=arrival.replaces), at)
    # Times of arrival are strictly increasing, whatever the system's clock does: they are the order of the queue.
    latest = connection.execute(select(func.max(visit.c.checked_in_at)).where(_is_open())).scalar()
    connection.execute(
        insert(visit).values(
            id=arrival.visit,
            clinic_id=CLINIC_ID,
            link_id=link.id,
            version=1,
            state=VisitState.ARRIVED.value,
            presence=Presence.RECONNECTING.value,
            grace_until=arrival.grace_until,
            name=arrival.name,
            birth_date=arrival.birth_date,
            reason=arrival.reason,
            consent_version=arrival.consent_version,
            checked_in_at=at if latest is None else max(at, latest + 1),
        )
    )
    connection.execute(
        insert(visit_session).values(
            digest=arrival.session_digest, visit_id=arrival.visit, expires_at=arrival.session_expires_at
        )
    )
    _record(connection, arrival.visit, "check_in", at)
    log.append(
        connection,
        at=at,
        actor=arrival.visit,
        action="visit.check_in",
        subject=arrival.visit,
        detail=f"consent={arrival.consent_version} link={link.id}",
    )
    return True


def change(connection: Connection, log: AuditLog, wish: Change, at: int) -> ChangeOutcome:
    """Carry out one action, or say why not."""
    if wish.key is not None:
        before = connection.execute(
            select(command).where(command.c.actor == wish.actor, command.c.key == wish.key)
        ).one_or_none()
        if before is not None:
            same = before.visit_id == wish.visit and before.action == wish.action.value
            return Changed(before.version) if same else Refused(ErrorCode.INVALID)
    row = connection.execute(
        update(visit)
        .where(visit.c.id == wish.visit, *_conditions(wish, at))
        .values(**_effects(wish, at))
        .returning(visit)
    ).one_or_none()
    if row is None:
        return _refusal(find_visit(connection, wish.visit), wish)
    _record(connection, wish.visit, wish.action.value, at)
    if wish.key is not None:
        connection.execute(
            insert(command).values(
                actor=wish.actor,
                key=wish.key,
                visit_id=wish.visit,
                action=wish.action.value,
                version=row.version,
                at=at,
            )
        )
    log.append(
        connection,
        at=at,
        actor=wish.actor,
        action=f"visit.{wish.action.value}",
        subject=wish.visit,
        detail=f"version={row.version}",
    )
    return Changed(row.version)


def set_presence(connection: Connection, visit_id: str, presence: Presence, grace_until: int | None, at: int) -> bool:
    """Flip the flag beside the state. The row's version stays: nobody's decision hangs on a flaky connection."""
    changed = connection.execute(
        update(visit)
        .where(visit.c.id == visit_id, visit.c.presence != presence.value, _is_open())
        .values(presence=presence.value, grace_until=grace_until)
        .returning(visit.c.id)
    ).one_or_none()
    if changed is None:
        return False
    _record(connection, visit_id, presence.value, at)
    return True


def everyone_reconnects(connection: Connection, grace_until: int, at: int) -> int:
    """Mark all open visits as reconnecting."""
    rows = connection.execute(
        update(visit)
        .where(_is_open())
        .values(presence=Presence.RECONNECTING.value, grace_until=grace_until)
        .returning(visit.c.id)
    ).all()
    for row in rows:
        _record(connection, row.id, "restart", at)
    return len(rows)


def queue_since(connection: Connection, version: int) -> QueuePage:
    """Return the events after ``version`` and the rows they name."""
    newest = _queue_version(connection)
    events = connection.execute(
        select(queue_event.c.version, queue_event.c.visit_id)
        .where(queue_event.c.clinic_id == CLINIC_ID, queue_event.c.version > version)
        .order_by(queue_event.c.version)
    ).all()
    named = {event.visit_id for event in events}
    rows = connection.execute(select(visit).where(visit.c.id.in_(named))).all() if named else []
    return QueuePage(
        version=newest,
        events=[QueueEvent(event.version, event.visit_id) for event in events],
        visits=[_to_visit(row) for row in rows],
        complete=len(events) == newest - version,
    )


def whole_queue(connection: Connection, history: int) -> QueuePage:
    """Return the open rows in order, and the last events."""
    newest = _queue_version(connection)
    events = connection.execute(
        select(queue_event.c.version, queue_event.c.visit_id)
        .where(queue_event.c.clinic_id == CLINIC_ID, queue_event.c.version > newest - history)
        .order_by(queue_event.c.version)
    ).all()
    rows = connection.execute(select(visit).where(_is_open()).order_by(visit.c.checked_in_at)).all()
    return QueuePage(
        version=newest,
        events=[QueueEvent(event.version, event.visit_id) for event in events],
        visits=[_to_visit(row) for row in rows],
        complete=True,
    )


def prune(connection: Connection, at: int) -> None:
    """Delete what nothing refers to any more."""
    newest = _queue_version(connection)
    connection.execute(delete(command).where(command.c.at < at - _KEPT_COMMANDS_MS))
    connection.execute(delete(queue_event).where(queue_event.c.version <= newest - _KEPT_EVENTS))
    connection.execute(delete(visit_session).where(visit_session.c.expires_at <= at))
    connection.execute(delete(visit_link).where(visit_link.c.expires_at <= at))
    old = select(visit.c.id).where(~_is_open(), visit.c.closed_at < at - _KEPT_CLOSED_MS)
    connection.execute(delete(visit_session).where(visit_session.c.visit_id.in_(old)))
    connection.execute(delete(visit).where(~_is_open(), visit.c.closed_at < at - _KEPT_CLOSED_MS))


def _conditions(wish: Change, at: int) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [visit.c.state.in_([state.value for state in sources(wish.action)])]
    if wish.version is not None:
        conditions.append(visit.c.version == wish.version)
    match wish.action:
        case VisitAction.FINISH:
            conditions.append(visit.c.clinician_id == wish.actor)
        case VisitAction.TIME_OUT:
            conditions += [visit.c.presence == Presence.RECONNECTING.value, visit.c.grace_until <= at]
        case _:
            pass
    return conditions


def _effects(wish: Change, at: int) -> dict[str, Any]:
    target = _TARGETS[wish.action]
    effects: dict[str, Any] = {"state": target.value, "version": visit.c.version + 1}
    match wish.action:
        case VisitAction.ADMIT:
            effects |= {
                "admitted_at": at,
                "clinician_id": wish.actor,
                "clinician_name": wish.actor_name,
                "clinician_key": wish.actor_key,
            }
        case VisitAction.LAPSE:
            effects |= {"admitted_at": None, "clinician_id": None, "clinician_name": None, "clinician_key": None}
            # A patient who is away gets the whole grace from now on: until now there was a visit to come back to.
            effects |= {"grace_until": wish.grace_until}
        case VisitAction.LEAVE:
            effects |= {"left_reason": LeaveReason.PATIENT.value}
        case VisitAction.TIME_OUT:
            effects |= {"left_reason": LeaveReason.TIMEOUT.value}
        case _:
            pass
    if target not in OPEN_STATES:
        effects |= _FORGET | {"closed_at": at, "grace_until": None}
    return effects


def _refusal(row: Visit | None, wish: Change) -> Refused:
    if row is None:
        return Refused(ErrorCode.NOT_FOUND)
    if wish.action is VisitAction.ADMIT and row.state is VisitState.IN_VISIT:
        return Refused(ErrorCode.ALREADY_ADMITTED, row)
    if wish.action is VisitAction.FINISH and row.state is VisitState.IN_VISIT and row.clinician_id != wish.actor:
        return Refused(ErrorCode.FORBIDDEN, row)
    return Refused(ErrorCode.CONFLICT, row)


def _usable(digest: str, at: int) -> list[ColumnElement[bool]]:
    return [
        visit_link.c.digest == digest,
        visit_link.c.expires_at > at,
        visit_link.c.reusable.is_(True) | visit_link.c.used_at.is_(None),
    ]


def _is_open() -> ColumnElement[bool]:
    return visit.c.state.in_([state.value for state in OPEN_STATES])


def _queue_version(connection: Connection) -> int:
    version = connection.execute(select(clinic.c.queue_version).where(clinic.c.id == CLINIC_ID)).scalar_one()
    return int(version)


def _record(connection: Connection, visit_id: str, kind: str, at: int) -> None:
    version = connection.execute(
        update(clinic)
        .where(clinic.c.id == CLINIC_ID)
        .values(queue_version=clinic.c.queue_version + 1)
        .returning(clinic.c.queue_version)
    ).scalar_one()
    connection.execute(
        insert(queue_event).values(clinic_id=CLINIC_ID, version=version, visit_id=visit_id, kind=kind, at=at)
    )


def _to_visit(row: Row[Any]) -> Visit:
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
        left_reason=None if row.left_reason is None else LeaveReason(row.left_reason),
    )
