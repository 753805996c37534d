"""From the session's entries to rows, change by change: what did not change is not looked at again. Pure.

Orders under way are laid over the server's rows, so that the person sees the effect at once; the server's own row
takes their place when it comes, whatever it says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from carena_desktop.session.model import StaffAccount, WaitingEntry
from carena_desktop.session.orders import Order, expected
from carena_desktop.ui import languages, queue_words, text
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.waiting_room.rows import Device, Readiness, Row, Signal, Status
from carena_protocol import rows as wire
from carena_protocol.rows import AwayBy, DeviceResult, NetworkResult, Presence, Room, WaitingChat

_CHUNK: Final = 256
_MINUTE_MS: Final = 60_000
_SHOWN: Final = {status.value for status in Status}
_NO_DEVICE: Final = Readiness()


@dataclass(frozen=True, slots=True)
class Context:
    """What rows depend on beside their entries; when it changes, all of them are made anew."""

    account: StaffAccount | None = None
    rooms: tuple[Room, ...] = ()
    many_rooms: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """What to change in the table."""

    changed: tuple[Row, ...] = field(default=(), repr=False)
    removed: tuple[str, ...] = ()
    whole: bool = False
    """``changed`` is all there is."""


def differences(
    before: tuple[WaitingEntry, ...], after: tuple[WaitingEntry, ...]
) -> tuple[tuple[WaitingEntry, ...], tuple[WaitingEntry, ...]]:
    """Return what stands in ``before`` only and in ``after`` only, between what both begin and end with."""
    start = _alike(before, after)
    rest_before, rest_after = before[start:], after[start:]
    end = _alike(rest_before[::-1], rest_after[::-1])
    return (rest_before[:-end], rest_after[:-end]) if end else (rest_before, rest_after)


def _alike(one: tuple[WaitingEntry, ...], other: tuple[WaitingEntry, ...]) -> int:
    """Return how many entries at the beginning are the same; compared in slices, which costs a tenth of a loop."""
    least, at = min(len(one), len(other)), 0
    while at < least and one[at : at + _CHUNK] == other[at : at + _CHUNK]:
        at += _CHUNK
    while at < least and one[at] is other[at]:
        at += 1
    return min(at, least)


class RowBook:
    """Keeps the rows of one signed-in session."""

    def __init__(self) -> None:
        self._entries: tuple[WaitingEntry, ...] = ()
        self._by_visit: dict[str, WaitingEntry] = {}
        self._context = Context()
        self._targets: dict[str, tuple[int, ...]] = {}
        self._retriage: dict[str, int] = {}
        self._orders: dict[str, tuple[Order, int]] = {}
        self._unread: Mapping[str, int] = {}

    def entry(self, visit: str) -> WaitingEntry | None:
        """Return what the server says about a visit."""
        return self._by_visit.get(visit)

    def shown_entry(self, visit: str) -> WaitingEntry | None:
        """Return what is shown of a visit: the server's entry with the order under way laid over."""
        entry = self._by_visit.get(visit)
        return None if entry is None else self._overlaid(entry)

    def update(self, entries: tuple[WaitingEntry, ...], context: Context) -> Difference:
        """Take the session's entries; return what changed in rows."""
        if context != self._context:
            self._take_context(context)
            self._entries = entries
            self._by_visit = {entry.visit: entry for entry in entries}
            self._settle(self._by_visit.values())
            return Difference(tuple(self._rows(entries)), whole=True)
        if entries is self._entries:
            return Difference()
        gone, new = differences(self._entries, entries)
        self._entries = entries
        for entry in gone:
            self._by_visit.pop(entry.visit, None)
        for entry in new:
            self._by_visit[entry.visit] = entry
        self._settle(new)
        rows = tuple(self._rows(new))
        kept = {row.visit for row in rows}
        return Difference(rows, tuple(entry.visit for entry in gone if entry.visit not in kept))

    def begin(self, order: Order, now_ms: int) -> Row | None:
        """Lay an order over its row; return the row to show, None when nothing is expected of it."""
        entry, account = self._by_visit.get(order.visit), self._context.account
        if entry is None or account is None or expected(entry, order, account, now_ms) is None:
            return None
        self._orders[order.visit] = (order, now_ms)
        return self._row(self._overlaid(entry))

    def end(self, order: Order) -> Row | None:
        """The order is answered: show the server's row again, where that is another."""
        laid = self._orders.get(order.visit)
        if laid is None or laid[0] is not order:
            return None
        del self._orders[order.visit]
        entry = self._by_visit.get(order.visit)
        return None if entry is None else self._row(entry)

    def set_unread(self, unread: Mapping[str, int]) -> tuple[Row, ...]:
        """Take how many lines of chat were not seen, by visit; return the rows that changed."""
        before, self._unread = self._unread, dict(unread)
        changed = [visit for visit in {*before, *unread} if before.get(visit, 0) != unread.get(visit, 0)]
        entries = (self._by_visit[visit] for visit in changed if visit in self._by_visit)
        return tuple(self._rows(entries))

    def _take_context(self, context: Context) -> None:
        if context.account != self._context.account:
            self._orders.clear()
        self._context = context
        self._targets = {room.id: tuple(minutes * 60 for minutes in room.targets_min) for room in context.rooms}
        self._retriage = {room.id: room.retriage_min * _MINUTE_MS for room in context.rooms}

    def _settle(self, entries: Iterable[WaitingEntry]) -> None:
        """An order is over when the server's row is newer than the one it was given for."""
        for entry in entries:
            laid = self._orders.get(entry.visit)
            if laid is not None and entry.version > laid[0].version:
                del self._orders[entry.visit]

    def _overlaid(self, entry: WaitingEntry) -> WaitingEntry:
        laid, account = self._orders.get(entry.visit), self._context.account
        if laid is None or account is None:
            return entry
        return expected(entry, laid[0], account, laid[1]) or entry

    def _rows(self, entries: Iterable[WaitingEntry]) -> Iterable[Row]:
        for entry in entries:
            if entry.state.value in _SHOWN:
                yield self._row(self._overlaid(entry))

    def _row(self, entry: WaitingEntry) -> Row:
        account = self._context.account
        status = Status(entry.state.value)
        mine = account is not None and entry.clinician_id == account.id
        patient, about = identity(entry)
        name = text.one_line(entry.clinician_name or "")
        row = Row(
            visit=entry.visit,
            version=entry.version,
            status=status,
            present=entry.presence is Presence.CONNECTED,
            mine=mine,
            room=entry.room,
            acuity=entry.acuity,
            name=patient,
            about=about,
            birth_date=entry.birth_date,
            reason=text.one_line(entry.reason),
            red_flag=queue_words.red_flags(entry.red_flags),
            owner=(tr("You") if mine else name) if entry.clinician_id is not None else "",
            under=self._under(entry, mine=mine, name=name),
            language=languages.name_of(entry.language),
            interpreter=entry.interpreter,
            readiness=_readiness(entry.readiness),
            since_ms=self._since(entry, status),
            checked_in_at_ms=entry.checked_in_at_ms,
            wants_chat=entry.chat is WaitingChat.REQUESTED,
            unread=self._unread.get(entry.visit, 0),
            double=entry.possible_double if entry.possible_double in self._by_visit else "",
            pending=tr("Saving…") if entry.visit in self._orders else "",
        )
        return self._timed(row, entry)

    def _timed(self, row: Row, entry: WaitingEntry) -> Row:
        targets, again = self._targets.get(entry.room, ()), self._retriage.get(entry.room, 0)
        if not row.waits or entry.acuity is None or not targets:
            return row
        due = (entry.triaged_at_ms or entry.checked_in_at_ms) + again if again else None
        return replace(row, target_s=targets[entry.acuity - 1], retriage_at_ms=due)

    @staticmethod
    def _since(entry: WaitingEntry, status: Status) -> int:
        """A wait began at check-in and never starts anew; a visit, a hold and an absence when they began."""
        if status is Status.IN_VISIT:
            return entry.admitted_at_ms or entry.state_since_ms or entry.checked_in_at_ms
        if status in {Status.ON_HOLD, Status.STEPPED_AWAY}:
            return entry.state_since_ms or entry.checked_in_at_ms
        return entry.checked_in_at_ms

    def _under(self, entry: WaitingEntry, *, mine: bool, name: str) -> str:
        """The small line below the status: a note, an absence with its end, or who has the patient."""
        status = Status(entry.state.value)
        if status is Status.STEPPED_AWAY:
            until = text.time_of_day(entry.away_until_ms) if entry.away_until_ms is not None else ""
            who = tr("Patient") if entry.away_by is AwayBy.PATIENT else (tr("You") if mine else name)
            return tr("{who}, until {time}").format(who=who, time=until) if until else who
        if entry.note:
            return text.one_line(entry.note)
        if status in {Status.IN_VISIT, Status.CLAIMED, Status.ON_HOLD} and entry.clinician_id is not None:
            return tr("You") if mine else name
        return self._room_name(entry.room) if self._context.many_rooms else ""

    def _room_name(self, room: str) -> str:
        return next((text.one_line(known.name) for known in self._context.rooms if known.id == room), "")


def identity(entry: WaitingEntry) -> tuple[str, str]:
    """Return the name, and age with date of birth, as they are shown."""
    born = text.birth_date(entry.birth_date)
    years = text.age(entry.birth_date, entry.checked_in_at_ms)
    return text.one_line(entry.name), f"{years} · {born}" if years else born


def _device(result: DeviceResult) -> Device:
    match result:
        case DeviceResult.OK:
            return Device.OK
        case DeviceResult.UNTESTED:
            return Device.UNTESTED
        case DeviceResult.MISSING | DeviceResult.DENIED | DeviceResult.FAILED:
            return Device.BAD


_SIGNALS: Final = {
    NetworkResult.GOOD: Signal.GOOD,
    NetworkResult.FAIR: Signal.FAIR,
    NetworkResult.POOR: Signal.POOR,
    NetworkResult.UNTESTED: Signal.UNTESTED,
}


def _readiness(found: wire.Readiness | None) -> Readiness:
    words = queue_words.readiness(found)
    if found is None:
        return replace(_NO_DEVICE, words=words)
    under, tone = queue_words.under_readiness(found)
    return Readiness(
        camera=_device(found.camera),
        microphone=_device(found.microphone),
        browser=Device.BAD if found.browser is wire.BrowserResult.UNSUPPORTED else Device.OK,
        signal=_SIGNALS[found.network],
        consent=found.consent,
        words=words,
        under=under,
        tone=tone,
    )
