"""The queue's gapless events, and reads of the rows they name. Each runs inside a transaction of its caller."""

from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from carena_protocol import limits
from carena_protocol.rows import GoneVisit, LeaveReason, VisitState
from carena_server.repository import QueueEvent, QueuePage
from carena_server.store.rows import is_open, to_visit
from carena_server.store.schema import CLINIC_ID, clinic, queue_event, visit

_KEPT_EVENTS: Final = 5000
_MOST_GONE: Final = 100


def record(connection: Connection, visit_id: str, kind: str, at: int) -> None:
    """Give a change of a visit the next queue version. Never what it says: readers read the row."""
    version = connection.execute(
        update(clinic)
        .where(clinic.c.id == CLINIC_ID)
        .values(queue_version=clinic.c.queue_version + 1)
        .returning(clinic.c.queue_version)
    ).scalar_one()
    connection.execute(
        insert(queue_event).values(clinic_id=CLINIC_ID, version=version, visit_id=visit_id, kind=kind, at=at)
    )


def queue_since(connection: Connection, version: int) -> QueuePage:
    """Return the events after ``version`` and the rows they name."""
    newest = queue_version(connection)
    events = _events(connection, version)
    named = {event.visit_id for event in events}
    rows = connection.execute(select(visit).where(visit.c.id.in_(named))).all() if named else []
    return _page(newest, events, rows, complete=len(events) == newest - version)


def whole_queue(connection: Connection, history: int) -> QueuePage:
    """Return the open rows in order, and the last events."""
    newest = queue_version(connection)
    rows = connection.execute(select(visit).where(is_open()).order_by(visit.c.checked_in_at)).all()
    return _page(newest, _events(connection, newest - history), rows, complete=True)


def queue_version(connection: Connection) -> int:
    """Return the version of the last change."""
    version = connection.execute(select(clinic.c.queue_version).where(clinic.c.id == CLINIC_ID)).scalar_one()
    return int(version)


def durations(connection: Connection, per_room: int) -> dict[str, list[int]]:
    """Return how long the last finished visits of each room took, oldest first. Times stay when names are gone."""
    rows = connection.execute(
        select(visit.c.room_id, visit.c.admitted_at, visit.c.closed_at)
        .where(visit.c.state == VisitState.FINISHED.value, visit.c.admitted_at.is_not(None))
        .order_by(visit.c.closed_at.desc())
        .limit(per_room * 50)
    ).all()
    found: dict[str, list[int]] = {}
    for row in rows:
        took = found.setdefault(row.room_id, [])
        if len(took) < per_room:
            took.insert(0, row.closed_at - row.admitted_at)
    return found


def gone(connection: Connection, at: int) -> list[tuple[GoneVisit, int]]:
    """Return the closed visits whose patients may be called back, the last first, each with when that is over."""
    window = int(limits.RECALL_S * 1000)
    rows = connection.execute(
        select(visit)
        .where(
            visit.c.closed_at > at - 2 * window,  # who was called back at the last moment has as long again
            visit.c.merged_into.is_(None),
            or_(visit.c.closed_at > at - window, visit.c.recall_until > at),
        )
        .order_by(visit.c.closed_at.desc())
        .limit(_MOST_GONE)
    ).all()
    return [(_to_gone(row, at), max(row.closed_at + window, row.recall_until or 0)) for row in rows]


def _to_gone(row: Row[Any], at: int) -> GoneVisit:
    recalled = row.recall_until is not None and row.recall_until > at
    return GoneVisit(
        visit=row.id,
        version=row.version,
        state=VisitState(row.state),
        room=row.room_id,
        checked_in_at=row.checked_in_at,
        closed_at=row.closed_at,
        reason=None if row.left_reason is None else LeaveReason(row.left_reason),
        acuity=row.acuity,
        recalled_until=row.recall_until if recalled else None,
    )


def prune(connection: Connection) -> None:
    """Delete events that no client can ask for any more."""
    connection.execute(delete(queue_event).where(queue_event.c.version <= queue_version(connection) - _KEPT_EVENTS))


def _events(connection: Connection, after: int) -> list[Row[Any]]:
    statement = (
        select(queue_event.c.version, queue_event.c.visit_id)
        .where(queue_event.c.clinic_id == CLINIC_ID, queue_event.c.version > after)
        .order_by(queue_event.c.version)
    )
    return list(connection.execute(statement).all())


def _page(newest: int, events: list[Row[Any]], rows: Any, *, complete: bool) -> QueuePage:
    return QueuePage(
        version=newest,
        events=[QueueEvent(event.version, event.visit_id) for event in events],
        visits=[to_visit(row) for row in rows],
        complete=complete,
    )
