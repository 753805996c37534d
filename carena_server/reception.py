"""Visit links and check-in: a secret, a name and a consent become a place in the queue and a cookie's value.

Patients prove nothing but the link and, afterwards, the session secret this module made for them. It may not know HTTP.
"""

import datetime as dt
import logging
from dataclasses import dataclass, field
from typing import Final

from carena_protocol.errors import ErrorCode, RefusalReason
from carena_protocol.messages import Principal, Role
from carena_protocol.rest import ArrivalInfo, CheckInRequest, CheckInResponse, LinkRequest, LinkResponse
from carena_protocol.rows import ArrivalFields, Demand, Room
from carena_protocol.visit import MAKES_LINKS, OPEN_STATES
from carena_server import opening
from carena_server.backplane import QUEUE_CHANGED, Backplane
from carena_server.clock import Clock
from carena_server.logs import tag
from carena_server.repository import ArrivalStore, CheckIn, DirectoryStore, Link, Visit
from carena_server.settings import Settings
from carena_server.sign_in import RefusedError
from carena_server.site_texts import SiteTexts
from carena_server.text import clean
from carena_server.throttle import AttemptThrottle, source
from carena_server.tokens import Grant, digest, new_identifier, new_link_secret, new_token
from carena_server.visits import Arrival

_log = logging.getLogger(__name__)
_TRIES: Final = 5
_TRIES_WINDOW_S: Final = 60.0
_OLDEST_YEARS: Final = 150


@dataclass(frozen=True, slots=True)
class Arrived:
    """A patient is in the queue; ``session`` is the cookie's value."""

    response: CheckInResponse
    session: str = field(repr=False)


class Reception:
    """Makes links and receives patients."""

    def __init__(
        self,
        store: ArrivalStore,
        directory: DirectoryStore,
        *,
        settings: Settings,
        backplane: Backplane,
        clock: Clock,
        texts: SiteTexts,
    ) -> None:
        self._store = store
        self._directory = directory
        self._settings = settings
        self._backplane = backplane
        self._clock = clock
        self._texts = texts
        self._throttle = AttemptThrottle(_TRIES, _TRIES_WINDOW_S)

    async def create_link(self, maker: Principal, request: LinkRequest) -> LinkResponse:
        """Make a link. Raises RefusedError: forbidden, not_found (the room)."""
        if maker.role not in MAKES_LINKS:
            raise RefusedError(ErrorCode.FORBIDDEN, reason=RefusalReason.ROLE)
        link, secret, now = new_identifier(), new_link_secret(), self._clock.wall_ms()
        made = await self._store.create_link(
            link,
            digest(secret),
            reusable=request.reusable,
            room=request.room,
            actor=maker.id,
            at=now,
            expires_at=now + request.expires_in_s * 1000,
        )
        if not made:
            raise RefusedError(ErrorCode.NOT_FOUND, reason=RefusalReason.UNKNOWN_ROOM)
        return LinkResponse(link=link, secret=secret, expires_in_s=request.expires_in_s)

    async def check_in(self, request: CheckInRequest, session: str | None, address: str) -> Arrived:
        """Put a patient into the queue. ``session`` is the cookie this browser showed, if any.

        Raises RefusedError: throttled, link_invalid (the same whatever is wrong with it), room_closed,
        consent_required, invalid.
        """
        origin, now = source(address), self._clock.monotonic()
        delay = self._throttle.delay(origin, now)
        if delay > 0:
            raise RefusedError(ErrorCode.THROTTLED, delay)
        at = self._clock.wall_ms()
        shown = None if session is None else digest(session)
        link = await self._store.find_link(digest(request.secret), shown, at)
        if link is None:
            self._throttle.failed(origin, now)
            raise RefusedError(ErrorCode.LINK_INVALID)
        room = await self._room(link, at)
        if link.returns is None and not opening.is_open(room, at):
            raise RefusedError(ErrorCode.ROOM_CLOSED)
        if not self._texts.knows(request.consent_version):
            raise RefusedError(ErrorCode.CONSENT_REQUIRED)
        name, arrival = clean(request.name), arrival_of(request, room.fields)
        reason = clean(request.reason) if request.reason and room.fields.reason is not Demand.OFF else ""
        if not name or arrival is None or not is_birth_date(request.birth_date, _today(at)):
            raise RefusedError(ErrorCode.INVALID)
        if (request.reason and not reason and room.fields.reason is not Demand.OFF) or (
            room.fields.reason is Demand.REQUIRED and not reason
        ):
            raise RefusedError(ErrorCode.INVALID)
        before = None if shown is None else await self._store.visit_of_session(shown, at)
        new_session, visit = new_token(), new_identifier()
        check_in = CheckIn(
            visit=visit,
            link_digest=digest(request.secret),
            session_digest=digest(new_session),
            session_expires_at=at + int(self._settings.tokens.visit_ttl_s * 1000),
            name=name,
            birth_date=request.birth_date,
            reason=reason,
            consent_version=request.consent_version,
            grace_until=at + int(self._settings.queue.place_grace_s * 1000),
            replaces=before.id if before is not None and before.state in OPEN_STATES else None,
            returns=link.returns,
            arrival=arrival,
        )
        if not await self._store.check_in(check_in, at):
            raise RefusedError(ErrorCode.LINK_INVALID)  # somebody else used it in between
        _log.info("visit %s check_in", tag(visit))
        self._backplane.publish(QUEUE_CHANGED)
        return Arrived(CheckInResponse(visit=visit, name=name), new_session)

    async def arrival_info(self, secret: str, session: str | None, address: str) -> ArrivalInfo:
        """Return what the room behind a link wants to know. Raises RefusedError: throttled, link_invalid."""
        origin, now = source(address), self._clock.monotonic()
        delay = self._throttle.delay(origin, now)
        if delay > 0:
            raise RefusedError(ErrorCode.THROTTLED, delay)
        at = self._clock.wall_ms()
        link = await self._store.find_link(digest(secret), None if session is None else digest(session), at)
        if link is None:
            self._throttle.failed(origin, now)
            raise RefusedError(ErrorCode.LINK_INVALID)
        room = await self._room(link, at)
        return ArrivalInfo(
            clinic=self._settings.clinic,
            room=room.name,
            consent=self._texts.consent,
            consents=self._texts.consents,
            emergency=self._texts.emergency,
            fields=room.fields,
            is_open=opening.is_open(room, at),
            closed_text=room.closed_text,
            closed_texts=room.closed_texts,
            opens_at=opening.opens_at(room, at),
            returning=link.returns is not None,
        )

    async def resume(self, session: str) -> CheckInResponse:
        """Return the open visit of a cookie. Raises RefusedError(not_found)."""
        row = await self._row(session)
        if row is None or row.state not in OPEN_STATES or row.name is None:
            raise RefusedError(ErrorCode.NOT_FOUND)
        return CheckInResponse(visit=row.id, name=row.name)

    async def grant(self, session: str) -> Grant:
        """Return what a cookie stands for, also after the visit is over. Raises RefusedError(unauthenticated)."""
        row = await self._row(session)
        if row is None:
            raise RefusedError(ErrorCode.UNAUTHENTICATED)
        # The name is not needed to be a party, so it is not kept in the session.
        return Grant(Principal(id=row.id, role=Role.PATIENT, display_name=""), key=row.id, visit=row.id)

    async def _room(self, link: Link, at: int) -> Room:
        directory = await self._directory.read(at)
        return directory.rooms.get(link.room) or Room(id=link.room, name="")

    async def _row(self, session: str) -> Visit | None:
        return await self._store.visit_of_session(digest(session), self._clock.wall_ms())


def arrival_of(request: CheckInRequest, fields: ArrivalFields) -> Arrival | None:
    """Return what a patient said, as far as the room asks for it; None when something required is missing or wrong."""
    given = {
        "language": request.language if isinstance(request.language, str) else None,
        "call_back": clean(request.call_back) if isinstance(request.call_back, str) else None,
        "location": clean(request.location) if isinstance(request.location, str) else None,
    }
    for name, value in given.items():
        demand = getattr(fields, name)
        if (demand is Demand.REQUIRED and not value) or value == "":
            return None
        if demand is Demand.OFF:
            given[name] = None
    answers: dict[str, str] = {}
    for own in fields.own:
        answer = clean(request.answers.get(own.key, ""))
        if (own.required and not answer) or (own.choices and answer and answer not in own.choices):
            return None
        if answer:
            answers[own.label] = answer
    return Arrival(
        **given,
        interpreter=request.interpreter and fields.interpreter is not Demand.OFF,
        red_flags=() if fields.red_flags is Demand.OFF else tuple(dict.fromkeys(request.red_flags)),
        answers=answers,
    )


def is_birth_date(text: str, today: dt.date) -> bool:
    """Whether this is a day on which a living person can have been born."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return False
    return day <= today and today.year - day.year <= _OLDEST_YEARS


def _today(at: int) -> dt.date:
    # The latest date anywhere on Earth: a child born today in Kiribati has a birthday too.
    now = dt.datetime.fromtimestamp(at / 1000, dt.UTC)
    return (now + dt.timedelta(hours=14)).date()
