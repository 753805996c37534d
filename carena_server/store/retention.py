"""How long what is kept: patient text while a visit is open (or as long as the site says), the rest for a while."""

from typing import Final

from sqlalchemy import Connection, delete, select, update

from carena_server.store import queue
from carena_server.store.rows import FORGET, is_open
from carena_server.store.schema import command, undo, visit, visit_link, visit_session

_KEPT_COMMANDS_MS: Final = 24 * 3600 * 1000
_KEPT_UNDO_MS: Final = 3600 * 1000


def forget_due(connection: Connection, at: int) -> int:
    """Delete the text of closed visits that was kept for a moment; returns of how many."""
    rows = connection.execute(
        update(visit).where(visit.c.text_until <= at).values(**FORGET, text_until=None).returning(visit.c.id)
    ).all()
    return len(rows)


def prune(connection: Connection, at: int, *, keep_closed_ms: int) -> None:
    """Delete what nothing refers to any more; of closed visits, times and outcomes after ``keep_closed_ms``."""
    connection.execute(delete(command).where(command.c.at < at - _KEPT_COMMANDS_MS))
    connection.execute(delete(undo).where(undo.c.at < at - _KEPT_UNDO_MS))
    queue.prune(connection)
    connection.execute(delete(visit_session).where(visit_session.c.expires_at <= at))
    connection.execute(delete(visit_link).where(visit_link.c.expires_at <= at))
    closed_long_ago = (~is_open(), visit.c.closed_at < at - keep_closed_ms)
    old = select(visit.c.id).where(*closed_long_ago)
    connection.execute(delete(visit_session).where(visit_session.c.visit_id.in_(old)))
    connection.execute(delete(undo).where(undo.c.visit_id.in_(old)))
    connection.execute(delete(visit).where(*closed_long_ago))
