"""The queue's commands: a message becomes one wish to change a visit, the store's outcome becomes the reply.

Permission first, from the one table; whose visit it is and whether the row still stands is judged with the row.
"""

import logging
from dataclasses import replace
from typing import Any, Final, TypeAlias

import msgspec

from carena_protocol.actions import VisitAction
from carena_protocol.envelope import ClientMessage
from carena_protocol.errors import ErrorCode, RefusalReason
from carena_protocol.messages import Error, Ok, Principal, QueueSubscribe
from carena_protocol.news import VisitDetails
from carena_protocol.permissions import Permission, may
from carena_protocol.rows import Details, IdentityCheck, Readiness, StaffPresence
from carena_protocol.verbs import (
    Admit,
    Amend,
    AnyStaffVerb,
    Assign,
    Claim,
    DetailsRequest,
    Finish,
    Hold,
    Identity,
    Leave,
    Mark,
    Merge,
    NoShow,
    Prepare,
    Recall,
    Release,
    Resume,
    Return,
    ReturnToQueue,
    SetPresence,
    StepAway,
    StepOut,
    Transfer,
    Triage,
    Undo,
)
from carena_protocol.visit import OPEN_STATES
from carena_server.clock import Clock
from carena_server.live_queue import LiveQueue
from carena_server.logs import tag
from carena_server.refusals import refusal
from carena_server.repository import VisitStore
from carena_server.sessions import Session
from carena_server.settings import QueueSettings, RetentionSettings
from carena_server.text import clean, clean_text
from carena_server.visits import Amendment, Arrival, Change, Person, Refused, Visit

_log = logging.getLogger(__name__)
_MINUTE_MS: Final = 60_000
_FREE_TEXT: Final = ("complaint", "allergies", "conditions", "medicines", "pregnancy", "note")

Verb: TypeAlias = AnyStaffVerb | Leave | StepOut | Return

ACTIONS: Final[dict[type[ClientMessage], VisitAction]] = {
    Claim: VisitAction.CLAIM,
    Release: VisitAction.RELEASE,
    Assign: VisitAction.ASSIGN,
    Mark: VisitAction.MARK,
    Admit: VisitAction.ADMIT,
    Hold: VisitAction.HOLD,
    Resume: VisitAction.RESUME,
    StepAway: VisitAction.STEP_AWAY,
    ReturnToQueue: VisitAction.RETURN_TO_QUEUE,
    Transfer: VisitAction.TRANSFER,
    Finish: VisitAction.FINISH,
    Recall: VisitAction.RECALL,
    NoShow: VisitAction.NO_SHOW,
    Merge: VisitAction.MERGE,
    Triage: VisitAction.TRIAGE,
    Undo: VisitAction.UNDO,
    Identity: VisitAction.IDENTITY,
    Leave: VisitAction.LEAVE,
    StepOut: VisitAction.STEP_OUT,
    Return: VisitAction.RETURN,
    Prepare: VisitAction.PREPARE,
    Amend: VisitAction.AMEND,
}


class QueueCommands:
    """Carries out what staff and patients ask for about the waiting room."""

    def __init__(
        self, store: VisitStore, queue: LiveQueue, clock: Clock, settings: QueueSettings, retention: RetentionSettings
    ) -> None:
        self._store = store
        self._queue = queue
        self._clock = clock
        self._settings = settings
        self._retention = retention

    async def carry_out(
        self, session: Session, message: QueueSubscribe | DetailsRequest | SetPresence | Prepare | Amend | Verb
    ) -> Ok | Error | VisitDetails:
        """Carry out one command."""
        match message:
            case QueueSubscribe():
                return await self.subscribe(session, message)
            case DetailsRequest():
                return await self.details(session, message)
            case SetPresence():
                return await self.set_presence(session, message)
            case Prepare():
                return await self.prepare(session, message)
            case Amend():
                return await self.amend(session, message)
            case _:
                return await self.change(session, message)

    async def subscribe(self, session: Session, message: QueueSubscribe) -> Ok | Error:
        """Start or resume the queue stream. Each subscription is an entry of the audit log."""
        if not self._may(session, Permission.SEE_QUEUE):
            return refusal(ErrorCode.FORBIDDEN, RefusalReason.ROLE)
        rooms = self._queue.on_duty.visible(session)
        detail = "rooms=all" if rooms is None else f"rooms={len(rooms)}"
        await self._read(session, "queue.read", "queue", detail)
        await self._queue.subscribe(session, message.since if isinstance(message.since, int) else None)
        return Ok()

    async def details(self, session: Session, message: DetailsRequest) -> VisitDetails | Error:
        """Open an entry. Written down before anything is shown."""
        if not self._may(session, Permission.OPEN_DETAILS):
            return refusal(ErrorCode.FORBIDDEN, RefusalReason.ROLE)
        row = self._queue.room.get(message.visit)
        rooms = self._queue.on_duty.visible(session)
        if row is None:
            return refusal(ErrorCode.NOT_FOUND)
        if rooms is not None and row.room not in rooms:
            return refusal(ErrorCode.FORBIDDEN, RefusalReason.OTHER_ROOM)
        await self._read(session, "visit.read", row.id, "")
        arrival = row.arrival or Arrival()
        details = Details(
            entry=self._queue.room.entry(row),
            call_back=arrival.call_back,
            location=arrival.location,
            answers=arrival.answers,
            consent_version=row.consent_version,
            triage=row.triage,
            identity=row.identity,
            activity=tuple(await self._store.activity(row.id)),
        )
        return VisitDetails(details=details)

    async def set_presence(self, session: Session, message: SetPresence) -> Ok | Error:
        """Somebody says how they can be reached."""
        if not may(session.principal.role, Permission.SET_PRESENCE):
            return refusal(ErrorCode.FORBIDDEN, RefusalReason.ROLE)
        self._queue.on_duty.choose(session, StaffPresence(message.presence))
        await self._queue.look_around()
        return Ok()

    async def change(self, session: Session, message: Verb) -> Ok | Error:
        """Carry out a verb."""
        wish = self._wish(session, message)
        if isinstance(wish, Error):
            return wish
        at = self._clock.wall_ms()
        extra = self._extra(session, message, at)
        if isinstance(extra, Error):
            return extra
        return await self._ask(session, replace(wish, **extra), at)

    async def prepare(self, session: Session, message: Prepare) -> Ok | Error:
        """The patient's page reports its device test."""
        wish = self._wish(session, message)
        if isinstance(wish, Error):
            return wish
        at = self._clock.wall_ms()
        readiness: Readiness = msgspec.structs.replace(message.readiness, at=at)
        row = self._queue.room.get(message.visit)
        wish = replace(wish, readiness=readiness, room_triages=row is not None and self._triages(row.room))
        outcome = await self._store.prepare(wish, at)
        await self._queue.refresh()
        return self._reply(session, outcome)

    async def amend(self, session: Session, message: Amend) -> Ok | Error:
        """The patient corrects what check-in asked for."""
        wish = self._wish(session, message)
        if isinstance(wish, Error):
            return wish
        given: dict[str, Any] = {
            name: value
            for name in ("language", "interpreter", "red_flags", "call_back", "location")
            if (value := getattr(message, name)) is not msgspec.UNSET
        }
        given |= {name: clean(given[name]) for name in ("call_back", "location") if name in given}
        if "" in (given.get("call_back"), given.get("location")):
            return refusal(ErrorCode.INVALID)
        if "red_flags" in given:  # a page that was loaded anew knows nothing of the earlier ones: none is lost
            row = self._queue.room.get(message.visit)
            before = () if row is None or row.arrival is None else row.arrival.red_flags
            given["red_flags"] = tuple(dict.fromkeys((*before, *given["red_flags"])))
        done = await self._store.amend(message.visit, Amendment(**given), self._clock.wall_ms())
        await self._queue.refresh()
        return Ok() if done else refusal(ErrorCode.NOT_FOUND)

    def _may(self, session: Session, what: Permission) -> bool:
        who = session.principal
        return self._queue.on_duty.directory.may(who.id, who.role, what, self._clock.wall_ms())

    async def _read(self, session: Session, action: str, subject: str, detail: str) -> None:
        await self._store.note_read(session.principal.id, action, subject, detail, self._clock.wall_ms())

    def _wish(self, session: Session, message: Any) -> Change | Error:
        """Return the wish without what is particular to its verb, or why it may not even be asked."""
        action, who = ACTIONS[type(message)], session.principal
        if not may(who.role, action) or session.grant.visit not in {None, message.visit}:
            return refusal(ErrorCode.FORBIDDEN, RefusalReason.ROLE)
        at = self._clock.wall_ms()
        staff = session.grant.visit is None
        closed_s = self._retention.closed_text_s
        return Change(
            action=action,
            visit=message.visit,
            actor=who.id,
            key=message.id,
            version=getattr(message, "version", None),
            actor_name=who.display_name,
            actor_key=session.grant.key,
            grace_until=at + int(self._settings.place_grace_s * 1000),
            rooms=self._queue.on_duty.directory.rooms_of(who.id, at, reading=False) if staff else None,
            keep_text_until=at + int(closed_s * 1000) if closed_s and staff else None,
        )

    def _extra(  # noqa: C901, PLR0911 - one arm per verb
        self, session: Session, message: Verb, at: int
    ) -> dict[str, Any] | Error:
        match message:
            case Assign():
                return self._target(message.user, message.visit)
            case Mark():
                return {"state": message.state}
            case Hold() | ReturnToQueue():
                return _note(message.note)
            case StepAway():
                return {"until": at + message.minutes * _MINUTE_MS}
            case StepOut():
                return self._stepping_out(message, at)
            case Transfer():
                return self._transfer(message)
            case Finish():
                return {"outcome": message.outcome}
            case Merge():
                return {"other": message.other, "other_version": message.other_version}
            case Triage():
                return _triage(message)
            case Identity():
                return _identified(message, session.principal, at)
            case _:
                return {}

    def _stepping_out(self, message: StepOut, at: int) -> dict[str, Any]:
        row = self._queue.room.get(message.visit)
        room = None if row is None else self._queue.on_duty.directory.rooms.get(row.room)
        minutes = message.minutes if room is None else min(message.minutes, max(1, room.away_max_min))
        return {"until": at + minutes * _MINUTE_MS}

    def _target(self, user: str, visit: str) -> dict[str, Any] | Error:
        colleague = self._queue.on_duty.directory.colleague(user)
        if colleague is None:
            return refusal(ErrorCode.NOT_FOUND, RefusalReason.UNKNOWN_USER)
        row = self._queue.room.get(visit)
        if row is not None and not colleague.serves(row.room):
            return refusal(ErrorCode.CONFLICT, RefusalReason.OTHER_ROOM)
        return {"target": Person(colleague.id, colleague.name)}

    def _transfer(self, message: Transfer) -> dict[str, Any] | Error:
        note = _note(message.note)
        if isinstance(note, Error):
            return note
        if isinstance(message.user, str) and not isinstance(message.room, str):
            target = self._target(message.user, message.visit)
            return target if isinstance(target, Error) else note | target
        if not isinstance(message.room, str) or isinstance(message.user, str):
            return refusal(ErrorCode.INVALID)
        if message.room not in self._queue.on_duty.directory.rooms:
            return refusal(ErrorCode.NOT_FOUND, RefusalReason.UNKNOWN_ROOM)
        return note | {"room": message.room, "room_triages": self._triages(message.room)}

    def _triages(self, room: str) -> bool:
        found = self._queue.on_duty.directory.rooms.get(room)
        return found is not None and found.triage_first

    async def _ask(self, session: Session, wish: Change, at: int) -> Ok | Error:
        outcome = await self._store.change(wish, at)
        # Everyone sees the change, this session included, before its maker is told that it is done.
        await self._queue.refresh()
        if not isinstance(outcome, Refused):
            _log.info("visit %s %s", tag(wish.visit), wish.action.value)
        return self._reply(session, outcome)

    def _reply(self, session: Session, outcome: Any) -> Ok | Error:
        if not isinstance(outcome, Refused):
            return Ok(version=outcome.version)
        row = outcome.visit
        seen = row is not None and self._shows(session, row)
        return refusal(outcome.code, outcome.reason, self._queue.room.entry(row) if row and seen else None)

    def _shows(self, session: Session, row: Visit) -> bool:
        if row.state not in OPEN_STATES or session.grant.visit is not None:
            return False
        rooms = self._queue.on_duty.visible(session)
        return self._may(session, Permission.SEE_QUEUE) and (rooms is None or row.room in rooms)


def _identified(message: Identity, who: Principal, at: int) -> dict[str, Any] | Error:
    checks = {name: getattr(message, name) for name in ("name", "birth_date", "location", "call_back")}
    place, number = (
        clean(text) if isinstance(text, str) else None for text in (message.said_location, message.said_call_back)
    )
    if "" in {place, number}:
        return refusal(ErrorCode.INVALID)
    check = IdentityCheck(**checks, at=at, by=who.id, by_name=who.display_name)
    nothing = place is None and number is None
    return {"identity": check, "amendment": None if nothing else Amendment(location=place, call_back=number)}


def _note(note: Any) -> dict[str, Any] | Error:
    if not isinstance(note, str):
        return {}
    text = clean_text(note)
    return {"note": text} if text else refusal(ErrorCode.INVALID)


def _triage(message: Triage) -> dict[str, Any] | Error:
    extra: dict[str, Any] = {"ready": message.ready}
    if isinstance(message.acuity, int):
        extra["acuity"] = message.acuity
    if not isinstance(message.form, msgspec.UnsetType):
        typed = {
            name: text for name, text in msgspec.structs.asdict(message.form).items() if name in _FREE_TEXT and text
        }
        cleaned = {name: clean_text(text) for name, text in typed.items()}
        if "" in cleaned.values():
            return refusal(ErrorCode.INVALID)
        extra["form"] = msgspec.structs.replace(message.form, **cleaned)
    return extra
