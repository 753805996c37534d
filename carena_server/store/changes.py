"""Changes to visits in SQL. Each function runs inside one transaction of its caller.

``visit_rules`` judges the row and the wish; what it decides is carried out by one UPDATE that names the version judged,
so that of any number of clinicians exactly one wins. Its event, its idempotency record, the way back and its audit
entry are in the same transaction, or none of it is.
"""

from dataclasses import dataclass, fields, replace
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Row, delete, insert, select, update

from carena_protocol import limits
from carena_protocol.actions import VisitAction
from carena_protocol.errors import ErrorCode, RefusalReason
from carena_protocol.rows import AwayBy, Presence, VisitState, WaitingChat
from carena_protocol.visit import CLOSED_STATES, UNDOABLE, WAITING_STATES
from carena_server.store import queue
from carena_server.store.audit_log import AuditLog
from carena_server.store.rows import FORGET, find_visit, is_open, to_columns
from carena_server.store.schema import PATIENT_TEXT, command, undo, visit, visit_session
from carena_server.visit_rules import Effects, judge, merged_into, undone
from carena_server.visits import Amendment, Arrival, Change, Changed, ChangeOutcome, Refused, Visit

_REMEMBERED: Final = tuple(
    "room_id" if field.name == "room" else field.name
    for field in fields(Visit)
    if field.name not in {"id", "version", "presence", "chat", "consent_version", "left_reason", *PATIENT_TEXT}
)
"""The columns that taking back a change restores: nothing that the patient's page reports, and no text but the note
before, where the change wrote another one; it goes with the visit's next change."""


@dataclass(frozen=True, slots=True)
class _Step:
    """One transaction's means."""

    connection: Connection
    log: AuditLog
    at: int


def change(connection: Connection, log: AuditLog, wish: Change, at: int) -> ChangeOutcome:
    """Carry out one action, or say why not."""
    before = _done_before(connection, wish)
    if before is not None:
        return before
    match wish.action:
        case VisitAction.MERGE:
            outcome = _merge(connection, log, wish, at)
        case VisitAction.UNDO:
            outcome = _undo(connection, log, wish, at)
        case _:
            outcome = _plain(connection, log, wish, at)
    if isinstance(outcome, Changed) and wish.key is not None:
        connection.execute(
            insert(command).values(
                actor=wish.actor,
                key=wish.key,
                visit_id=wish.visit,
                action=wish.action.value,
                version=outcome.version,
                at=at,
            )
        )
    return outcome


def prepare(connection: Connection, log: AuditLog, wish: Change, at: int) -> ChangeOutcome:
    """Store the result of the patient's device test. Only the first one changes the row's version."""
    row = find_visit(connection, wish.visit)
    if row is not None and row.state is VisitState.ARRIVED:
        return change(connection, log, wish, at)
    values = to_columns({"readiness": wish.readiness})
    if row is not None and row.returns_to is VisitState.ARRIVED:
        values["returns_to"] = VisitState.NEEDS_TRIAGE if wish.room_triages else VisitState.READY
    changed = _flag(connection, wish.visit, "prepare", values, at)
    return Refused(ErrorCode.NOT_FOUND) if row is None or not changed else Changed(row.version)


def amend(connection: Connection, log: AuditLog, visit_id: str, amendment: Amendment, at: int) -> bool:
    """Store what the patient corrects; the row's version stays."""
    row = find_visit(connection, visit_id)
    if row is None:
        return False
    given = {name: value for name, value in msgspec.structs.asdict(amendment).items() if value is not None}
    arrival = msgspec.structs.replace(row.arrival or Arrival(), **given)
    if not _flag(connection, visit_id, "amend", to_columns({"arrival": arrival}), at):
        return False
    log.append(
        connection, at=at, actor=visit_id, action="visit.amend", subject=visit_id, detail=",".join(sorted(given))
    )
    return True


def set_presence(connection: Connection, visit_id: str, presence: Presence, grace_until: int | None, at: int) -> bool:
    """Flip the flag beside the state. The row's version stays: nobody's decision hangs on a flaky connection."""
    values = {"presence": presence.value, "grace_until": grace_until}
    return _flag(connection, visit_id, presence.value, values, at, visit.c.presence != presence.value)


def set_chat(connection: Connection, visit_id: str, chat: WaitingChat, at: int) -> bool:
    """Record how the waiting chat stands; the row's version stays."""
    return _flag(connection, visit_id, "chat", {"chat": chat.value}, at, visit.c.chat != chat.value)


def everyone_reconnects(connection: Connection, grace_until: int, at: int) -> int:
    """Mark all open visits as reconnecting, and their chats as closed."""
    rows = connection.execute(
        update(visit)
        .where(is_open())
        .values(presence=Presence.RECONNECTING.value, grace_until=grace_until, chat=WaitingChat.NONE.value)
        .returning(visit.c.id)
    ).all()
    for row in rows:
        queue.record(connection, row.id, "restart", at)
    return len(rows)


def _plain(connection: Connection, log: AuditLog, wish: Change, at: int) -> ChangeOutcome:
    row = find_visit(connection, wish.visit)
    verdict = judge(row, wish, at)
    if isinstance(verdict, Refused):
        return verdict
    assert row is not None  # noqa: S101 - judged
    return _carry_out(_Step(connection, log, at), wish, row, verdict)


def _carry_out(step: _Step, wish: Change, row: Visit, effects: Effects) -> ChangeOutcome:
    connection, at = step.connection, step.at
    if effects.get("state") in CLOSED_STATES:
        effects |= {"chat": WaitingChat.NONE}
        if effects.get("text_until") is None:
            effects |= FORGET
    elif effects.get("state") not in {None, *WAITING_STATES} and row.state in WAITING_STATES:
        effects |= {"chat": WaitingChat.NONE}  # the visit has a chat of its own
    before = _remember(connection, row, text=() if wish.note is None else ("note",))
    after = connection.execute(
        update(visit)
        .where(
            visit.c.id == row.id,
            visit.c.version == row.version,
            visit.c.state == row.state.value,
            visit.c.presence == row.presence.value,
        )
        .values(**to_columns(effects), version=visit.c.version + 1)
        .returning(visit.c.version)
    ).one_or_none()
    if after is None:
        return Refused(ErrorCode.CONFLICT, find_visit(connection, row.id), RefusalReason.VERSION)
    _keep_way_back(connection, wish, after.version, before, at)
    _write_down(step, wish, row.id, after.version)
    return Changed(after.version)


def _merge(connection: Connection, log: AuditLog, wish: Change, at: int) -> ChangeOutcome:
    """End the other arrival and give this one the better place, acuity, every red flag and what only the other has."""
    step = _Step(connection, log, at)
    kept = find_visit(connection, wish.visit)
    gone = None if wish.other is None or wish.other == wish.visit else find_visit(connection, wish.other)
    refused = _no_merge(kept, wish)
    if refused is not None:
        return refused
    if kept is None or gone is None:
        return Refused(ErrorCode.NOT_FOUND)
    ending = replace(
        wish, action=VisitAction.MERGED, visit=gone.id, version=wish.other_version, other=kept.id, key=None
    )
    verdict = judge(gone, ending, at)
    if isinstance(verdict, Refused):
        return verdict
    ended = _carry_out(step, ending, gone, verdict)
    if isinstance(ended, Refused):
        return ended
    connection.execute(update(visit_session).where(visit_session.c.visit_id == gone.id).values(visit_id=kept.id))
    merged = _carry_out(step, wish, kept, merged_into(kept, gone))
    assert isinstance(merged, Changed)  # noqa: S101 - else the transaction takes the other's end back
    return merged


def _no_merge(kept: Visit | None, wish: Change) -> Refused | None:
    if kept is None:
        return Refused(ErrorCode.NOT_FOUND)
    if wish.rooms is not None and kept.room not in wish.rooms:
        return Refused(ErrorCode.FORBIDDEN, None, RefusalReason.OTHER_ROOM)
    if kept.state in CLOSED_STATES or kept.away_by is AwayBy.PATIENT:
        return Refused(ErrorCode.CONFLICT, kept, RefusalReason.STATE)
    if kept.version != wish.version:
        return Refused(ErrorCode.CONFLICT, kept, RefusalReason.VERSION)
    return None


def _undo(connection: Connection, log: AuditLog, wish: Change, at: int) -> ChangeOutcome:
    row = find_visit(connection, wish.visit)
    if row is None:
        return Refused(ErrorCode.NOT_FOUND)
    kept = connection.execute(select(undo).where(undo.c.visit_id == wish.visit)).one_or_none()
    if kept is None or kept.actor != wish.actor or kept.version != row.version or row.version != wish.version:
        return Refused(ErrorCode.CONFLICT, row, RefusalReason.NOT_LAST_CHANGE)
    late = at - kept.at > limits.UNDO_S * 1000 or (row.state in CLOSED_STATES and row.text_until is None)
    before: dict[str, Any] = msgspec.json.decode(kept.before)
    if late or not undone(row, VisitState(before["state"])):
        return Refused(ErrorCode.GONE, row if row.state not in CLOSED_STATES else None, RefusalReason.TOO_LATE)
    if row.state in CLOSED_STATES:
        before |= {"outcome": None, "text_until": None, "closed_at": None, "grace_until": wish.grace_until}
    return _carry_out(_Step(connection, log, at), wish, row, before)


def _done_before(connection: Connection, wish: Change) -> ChangeOutcome | None:
    if wish.key is None:
        return None
    before = connection.execute(
        select(command).where(command.c.actor == wish.actor, command.c.key == wish.key)
    ).one_or_none()
    if before is None:
        return None
    same = before.visit_id == wish.visit and before.action == wish.action.value
    return Changed(before.version) if same else Refused(ErrorCode.INVALID)


def _remember(connection: Connection, row: Visit, *, text: tuple[str, ...]) -> str:
    columns = connection.execute(select(visit).where(visit.c.id == row.id)).mappings().one()
    return msgspec.json.encode({name: columns[name] for name in (*_REMEMBERED, *text)}).decode()


def _keep_way_back(connection: Connection, wish: Change, version: int, before: str, at: int) -> None:
    connection.execute(delete(undo).where(undo.c.visit_id == wish.visit))
    if wish.action in UNDOABLE:
        connection.execute(
            insert(undo).values(
                visit_id=wish.visit,
                actor=wish.actor,
                action=wish.action.value,
                version=version,
                at=at,
                before=before,
            )
        )


def _write_down(step: _Step, wish: Change, visit_id: str, version: int) -> None:
    queue.record(step.connection, visit_id, wish.action.value, step.at)
    step.log.append(
        step.connection,
        at=step.at,
        actor=wish.actor,
        action=f"visit.{wish.action.value}",
        subject=visit_id,
        detail=f"version={version}{_more(wish)}",
    )


def _more(wish: Change) -> str:
    """What an audit entry says beside the version: identifiers and codes of ours."""
    match wish.action:
        case VisitAction.ASSIGN | VisitAction.TRANSFER:
            return f" to={wish.target.id}" if wish.target is not None else f" room={wish.room}"
        case VisitAction.FINISH:
            return f" outcome={wish.outcome.value}"
        case VisitAction.TRIAGE if wish.acuity is not None:
            return f" acuity={wish.acuity}"
        case VisitAction.MERGE | VisitAction.MERGED:
            return f" other={wish.other}"
        case VisitAction.IDENTITY if wish.identity is not None:
            checks = [name for name in ("name", "birth_date", "location", "call_back") if getattr(wish.identity, name)]
            written = [name for name in ("location", "call_back") if getattr(wish.amendment, name, None) is not None]
            return f" confirmed={','.join(checks)}" + (f" written={','.join(written)}" if written else "")
        case _:
            return ""


def _flag(connection: Connection, visit_id: str, kind: str, values: dict[str, Any], at: int, *conditions: Any) -> bool:
    changed: Row[Any] | None = connection.execute(
        update(visit).where(visit.c.id == visit_id, is_open(), *conditions).values(**values).returning(visit.c.id)
    ).one_or_none()
    if changed is None:
        return False
    queue.record(connection, visit_id, kind, at)
    return True
