"""Visit links and check-in: a secret, a name and a consent become a place in the queue and a cookie's value.

Patients prove nothing but the link and, afterwards, the session secret this module made for them. It may not know HTTP.
"""

import datetime as dt
import logging
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from carena_protocol.errors import ErrorCode
from carena_protocol.messages import Principal, Role
from carena_protocol.rest import CheckInRequest, CheckInResponse, LinkRequest, LinkResponse
from carena_protocol.visit import MAKES_LINKS, OPEN_STATES
from carena_server.backplane import QUEUE_CHANGED, Backplane
from carena_server.clock import Clock
from carena_server.logs import tag
from carena_server.repository import CheckIn, Visit, VisitStore
from carena_server.settings import Settings
from carena_server.sign_in import RefusedError
from carena_server.throttle import AttemptThrottle, source
from carena_server.tokens import Grant, digest, new_identifier, new_link_secret, new_token

_log = logging.getLogger(__name__)
_TRIES: Final = 5
_TRIES_WINDOW_S: Final = 60.0
_OLDEST_YEARS: Final = 150
_BLANKS: Final = re.compile(r"\s+")
_BIDI_CONTROLS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They could make a name show as another one, or reverse the text beside it."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A patient is in the queue; ``session`` is the cookie's value."""

    response: CheckInResponse
    session: str = field(repr=False)


class Reception:
    """Makes links and receives patients."""

    def __init__(
        self, store: VisitStore, settings: Settings, backplane: Backplane, clock: Clock, consent_version: str
    ) -> None:
        self._store = store
        self._settings = settings
        self._backplane = backplane
        self._clock = clock
        self._consent_version = consent_version
        self._throttle = AttemptThrottle(_TRIES, _TRIES_WINDOW_S)

    async def create_link(self, maker: Principal, request: LinkRequest) -> LinkResponse:
        """Make a link. Raises RefusedError(forbidden)."""
        if maker.role not in MAKES_LINKS:
            raise RefusedError(ErrorCode.FORBIDDEN)
        link, secret, now = new_identifier(), new_link_secret(), self._clock.wall_ms()
        await self._store.create_link(
            link,
            digest(secret),
            reusable=request.reusable,
            actor=maker.id,
            at=now,
            expires_at=now + request.expires_in_s * 1000,
        )
        return LinkResponse(link=link, secret=secret, expires_in_s=request.expires_in_s)

    async def check_in(self, request: CheckInRequest, session: str | None, address: str) -> Arrived:
        """Put a patient into the queue. ``session`` is the cookie this browser showed, if any.

        Raises RefusedError: throttled, link_invalid (the same whatever is wrong with it), consent_required, invalid.
        """
        origin, now = source(address), self._clock.monotonic()
        delay = self._throttle.delay(origin, now)
        if delay > 0:
            raise RefusedError(ErrorCode.THROTTLED, delay)
        link = digest(request.secret)
        at = self._clock.wall_ms()
        if not await self._store.link_is_good(link, at):
            self._throttle.failed(origin, now)
            raise RefusedError(ErrorCode.LINK_INVALID)
        if request.consent_version != self._consent_version:
            raise RefusedError(ErrorCode.CONSENT_REQUIRED)
        name, reason = clean(request.name), clean(request.reason)
        if not name or not reason or not is_birth_date(request.birth_date, _today(at)):
            raise RefusedError(ErrorCode.INVALID)
        before = None if session is None else await self._store.visit_of_session(digest(session), at)
        new_session, visit = new_token(), new_identifier()
        arrival = CheckIn(
            visit=visit,
            link_digest=link,
            session_digest=digest(new_session),
            session_expires_at=at + int(self._settings.tokens.visit_ttl_s * 1000),
            name=name,
            birth_date=request.birth_date,
            reason=reason,
            consent_version=request.consent_version,
            grace_until=at + int(self._settings.queue.place_grace_s * 1000),
            replaces=before.id if before is not None and before.state in OPEN_STATES else None,
        )
        if not await self._store.check_in(arrival, at):
            raise RefusedError(ErrorCode.LINK_INVALID)  # somebody else used it in between
        _log.info("visit %s check_in", tag(visit))
        self._backplane.publish(QUEUE_CHANGED)
        return Arrived(CheckInResponse(visit=visit, name=name), new_session)

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

    async def _row(self, session: str) -> Visit | None:
        return await self._store.visit_of_session(digest(session), self._clock.wall_ms())


def clean(text: str) -> str:
    """Return what a person typed in one line: NFC, blanks joined. "" when it holds what no name or reason may hold."""
    line = _BLANKS.sub(" ", unicodedata.normalize("NFC", text)).strip()
    if any(unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn"} or c in _BIDI_CONTROLS for c in line):
        return ""
    return line if any(unicodedata.category(c)[0] in "LN" for c in line) else ""


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
