"""Visit links, check-in, and the browser sessions of patients in SQL. Runs inside a transaction of its caller."""

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, update

from carena_protocol import limits
from carena_protocol.actions import VisitAction
from carena_protocol.rows import Presence, VisitState
from carena_protocol.visit import OPEN_STATES
from carena_server.repository import Link
from carena_server.store import changes, queue
from carena_server.store.audit_log import AuditLog
from carena_server.store.rows import is_open, to_columns, to_visit
from carena_server.store.schema import CLINIC_ID, room, visit, visit_link, visit_session
from carena_server.visits import Change, CheckIn, Visit


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
    room_id: str = limits.FIRST_ROOM,
) -> bool:
    """Store a link; False when its room does not exist."""
    if connection.execute(select(room.c.id).where(room.c.id == room_id)).one_or_none() is None:
        return False
    connection.execute(
        insert(visit_link).values(
            id=link,
            digest=digest,
            reusable=reusable,
            expires_at=expires_at,
            created_by=actor,
            created_at=at,
            room_id=room_id,
        )
    )
    detail = f"room={room_id}{' reusable' if reusable else ''}"
    log.append(connection, at=at, actor=actor, action="link.create", subject=link, detail=detail)
    return True


def find_link(connection: Connection, digest: str, session: str | None, at: int) -> Link | None:
    """Return the link if it may be used now.

    Used once, it may be used again by a patient who is gone: who left or was not there within ``limits.RECALL_S``, or
    was called back. Of a link for several patients, the browser's session says whose place it was.
    """
    row = connection.execute(
        select(visit_link).where(visit_link.c.digest == digest, visit_link.c.expires_at > at)
    ).one_or_none()
    if row is None:
        return None
    returns = _gone(connection, row.id, session if row.reusable else None, at, reusable=row.reusable)
    if row.used_at is not None and not row.reusable and returns is None:
        return None
    return Link(row.id, row.room_id, returns)


def check_in(connection: Connection, log: AuditLog, arrival: CheckIn, at: int) -> bool:
    """Use the link and put the patient at the end of the queue, or back into the place of before."""
    link = connection.execute(
        update(visit_link)
        .where(visit_link.c.digest == arrival.link_digest, visit_link.c.expires_at > at, _usable(arrival))
        .values(used_at=at)
        .returning(visit_link.c.id, visit_link.c.room_id)
    ).one_or_none()
    if link is None:
        return False
    if arrival.replaces is not None:
        leave = Change(action=VisitAction.LEAVE, visit=arrival.replaces, actor=arrival.replaces)
        changes.change(connection, log, leave, at)
    before = None if arrival.returns is None else _return(connection, arrival.returns, arrival.visit)
    connection.execute(
        insert(visit).values(
            id=arrival.visit,
            clinic_id=CLINIC_ID,
            link_id=link.id,
            version=1,
            state=(VisitState.ARRIVED if before is None else VisitState.RETURNED).value,
            presence=Presence.RECONNECTING.value,
            grace_until=arrival.grace_until,
            name=arrival.name,
            birth_date=arrival.birth_date,
            reason=arrival.reason,
            consent_version=arrival.consent_version,
            checked_in_at=_place(connection, at) if before is None else before.checked_in_at,
            room_id=link.room_id if before is None else before.room,
            acuity=None if before is None else before.acuity,
            triaged_at=None if before is None else before.triaged_at,
            state_since=at,
            **to_columns({"arrival": arrival.arrival}),
        )
    )
    connection.execute(
        insert(visit_session).values(
            digest=arrival.session_digest, visit_id=arrival.visit, expires_at=arrival.session_expires_at
        )
    )
    queue.record(connection, arrival.visit, "check_in", at)
    detail = f"consent={arrival.consent_version} link={link.id}"
    log.append(connection, at=at, actor=arrival.visit, action="visit.check_in", subject=arrival.visit, detail=detail)
    return True


def visit_of_session(connection: Connection, digest: str, at: int) -> Visit | None:
    """Return the visit of a patient's session."""
    row = connection.execute(
        select(visit)
        .join(visit_session, visit_session.c.visit_id == visit.c.id)
        .where(visit_session.c.digest == digest, visit_session.c.expires_at > at)
    ).one_or_none()
    return None if row is None else to_visit(row)


def _usable(arrival: CheckIn) -> ColumnElement[bool]:
    if arrival.returns is not None:
        return visit_link.c.used_at.is_not(None)
    return or_(visit_link.c.reusable.is_(True), visit_link.c.used_at.is_(None))


def _gone(connection: Connection, link: str, session: str | None, at: int, *, reusable: bool) -> str | None:
    if reusable and session is None:
        return None
    statement = select(visit).where(visit.c.link_id == link).order_by(visit.c.closed_at.is_(None).desc())
    if session is not None:
        statement = statement.join(visit_session, visit_session.c.visit_id == visit.c.id).where(
            visit_session.c.digest == session
        )
    last = connection.execute(statement.order_by(visit.c.closed_at.desc()).limit(1)).one_or_none()
    if last is None or VisitState(last.state) in OPEN_STATES or last.merged_into is not None:
        return None
    recalled = last.recall_until is not None and last.recall_until > at
    recent = last.state != VisitState.FINISHED.value and at - last.closed_at <= limits.RECALL_S * 1000
    return str(last.id) if recalled or recent else None


def _return(connection: Connection, before: str, into: str) -> Visit | None:
    """Use up the place of a closed visit: it can be taken back once."""
    row = connection.execute(
        update(visit)
        .where(visit.c.id == before, ~is_open())
        .values(recall_until=None, merged_into=into)
        .returning(visit)
    ).one_or_none()
    return None if row is None else to_visit(row)


def _place(connection: Connection, at: int) -> int:
    # Times of arrival are strictly increasing, whatever the system's clock does: they are the order of the queue.
    latest = connection.execute(select(func.max(visit.c.checked_in_at)).where(is_open())).scalar()
    return at if latest is None else max(at, latest + 1)
