"""What the waiting room shows for a session snapshot at a moment; pure."""

from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median
from typing import assert_never

from carena_desktop.session.model import (
    LocalProblem,
    SessionSnapshot,
    SessionState,
    StaffAccount,
    WaitingEntry,
)
from carena_desktop.ui import text
from carena_desktop.ui.i18n import mark, tr
from carena_protocol.messages import Presence, VisitState
from carena_protocol.visit import OPEN_STATES


class Status(StrEnum):
    """What a row's pill says."""

    WAITING = "waiting"
    RECONNECTING = "reconnecting"
    IN_VISIT = "in_visit"


class Filter(StrEnum):
    """Which rows are shown."""

    ALL = "all"
    WAITING = "waiting"
    IN_VISIT = "in_visit"


class Offer(StrEnum):
    """What the main button does for the selected patient."""

    START = "start"
    REJOIN = "rejoin"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Pill:
    """Icon, word and tint of a status."""

    icon: str
    word: str
    tone: str


PILLS = {
    Status.WAITING: Pill("circle-check", mark("Waiting"), "ok"),
    Status.RECONNECTING: Pill("wifi-off", mark("Reconnecting"), "warn"),
    Status.IN_VISIT: Pill("video", mark("In visit"), "info"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One patient. Text is one harmless line each and never markup."""

    visit: str
    status: Status
    present: bool
    mine: bool
    name: str = field(repr=False)
    about: str = field(repr=False)
    birth_date: str = field(repr=False)
    reason: str = field(repr=False)
    who: str = field(repr=False)
    since_ms: int
    """When the running time of this row began, on the server's clock."""
    checked_in_at_ms: int

    @property
    def offer(self) -> Offer:
        """What may be done."""
        if self.status is not Status.IN_VISIT:
            return Offer.START
        return Offer.REJOIN if self.mine else Offer.NOTHING


@dataclass(frozen=True, slots=True)
class Counters:
    """The four numbers above the table; times in seconds, None when nobody waits."""

    waiting: int
    in_visit: int
    longest_s: float | None
    median_s: float | None


@dataclass(frozen=True, slots=True)
class ViewState:
    """Everything the screen renders, but for running times."""

    clinic: str
    person: str = field(repr=False)
    role: str
    initials: str = field(repr=False)
    connection: Pill
    banner: str
    """Said across the screen while the connection is away; empty otherwise."""
    keyring_notice: str
    rows: tuple[Row, ...] = field(repr=False)
    fresh: bool
    """Whether the rows are the server's now; while not, nothing can be started."""


def view(snapshot: SessionSnapshot) -> ViewState:
    """Return the screen for ``snapshot``."""
    account = snapshot.account
    return ViewState(
        clinic=text.one_line(snapshot.waiting_room.clinic),
        person=text.one_line(account.display_name) if account is not None else "",
        role=text.role(account.role) if account is not None else "",
        initials=text.initials(account.display_name) if account is not None else "",
        connection=_connection(snapshot.state),
        banner=_banner(snapshot),
        keyring_notice=text.keyring(snapshot.keyring) or "",
        rows=tuple(_row(entry, account) for entry in snapshot.waiting_room.entries if _shown(entry, account)),
        fresh=snapshot.state is SessionState.ONLINE,
    )


def counters(rows: tuple[Row, ...], now_ms: int) -> Counters:
    """Count and time ``rows`` at ``now_ms`` on the server's clock."""
    waits = [max(0.0, (now_ms - row.since_ms) / 1000) for row in rows if row.status is not Status.IN_VISIT]
    return Counters(
        waiting=len(waits),
        in_visit=len(rows) - len(waits),
        longest_s=max(waits, default=None),
        median_s=median(waits) if waits else None,
    )


def arrivals(before: tuple[Row, ...], after: tuple[Row, ...]) -> int:
    """How many patients began to wait between two states of the same session."""
    known = {row.visit for row in before}
    return sum(row.visit not in known and row.status is not Status.IN_VISIT for row in after)


def matches(row: Row, query: str, chosen: Filter) -> bool:
    """Whether ``row`` is shown for a search text and a filter; every word must be found somewhere."""
    match chosen:
        case Filter.ALL:
            kept = True
        case Filter.WAITING:
            kept = row.status is not Status.IN_VISIT
        case Filter.IN_VISIT:
            kept = row.status is Status.IN_VISIT
        case _:
            assert_never(chosen)
    hay = f"{row.name} {row.reason} {row.about} {row.birth_date} {row.who}".casefold()
    return kept and all(word in hay for word in query.casefold().split())


def place_in_line(rows: tuple[Row, ...], visit: str) -> int | None:
    """The place by check-in among those who wait, from 1; None when not waiting."""
    waiting = sorted((row.checked_in_at_ms, row.visit) for row in rows if row.status is not Status.IN_VISIT)
    return next((place for place, (_, other) in enumerate(waiting, 1) if other == visit), None)


def _shown(entry: WaitingEntry, account: StaffAccount | None) -> bool:
    return account is not None and entry.state in OPEN_STATES


def _row(entry: WaitingEntry, account: StaffAccount | None) -> Row:
    mine = account is not None and entry.clinician_id == account.id
    in_visit = entry.state is VisitState.IN_VISIT
    present = entry.presence is Presence.CONNECTED
    waiting = Status.WAITING if present else Status.RECONNECTING
    born = text.birth_date(entry.birth_date)
    years = text.age(entry.birth_date, entry.checked_in_at_ms)
    who = text.one_line(entry.clinician_name or "")
    return Row(
        visit=entry.visit,
        status=Status.IN_VISIT if in_visit else waiting,
        present=present,
        mine=mine,
        name=text.one_line(entry.name),
        about=f"{years} · {born}" if years else born,
        birth_date=entry.birth_date,
        reason=text.one_line(entry.reason),
        who=(tr("You") if mine else who) if in_visit else "",
        since_ms=entry.admitted_at_ms if in_visit and entry.admitted_at_ms is not None else entry.checked_in_at_ms,
        checked_in_at_ms=entry.checked_in_at_ms,
    )


def _connection(state: SessionState) -> Pill:
    match state:
        case SessionState.ONLINE:
            return Pill("shield-check", tr("Connected · encrypted"), "ok")
        case SessionState.CONNECTING | SessionState.SIGNING_IN | SessionState.TRUST_REQUIRED:
            return Pill("refresh-cw", tr("Connecting…"), "info")
        case SessionState.RECONNECTING:
            return Pill("wifi-off", tr("Reconnecting…"), "warn")
        case SessionState.SIGNED_OUT:
            return Pill("wifi-off", tr("Signed out"), "neutral")
        case _:
            assert_never(state)


def _banner(snapshot: SessionSnapshot) -> str:
    if snapshot.state is not SessionState.RECONNECTING:
        return ""
    when = ""
    if snapshot.retry_in_s is not None and snapshot.retry_in_s >= 1:
        when = " " + tr("Next try in {time}.").format(time=text.duration_words(snapshot.retry_in_s))
    why = ""
    if snapshot.problem is not None and snapshot.problem.code is not LocalProblem.SERVER_UNREACHABLE:
        why = f" {text.problem(snapshot.problem.code)}"
    return tr("The list is as it was before. Patients keep their places.") + why + when
