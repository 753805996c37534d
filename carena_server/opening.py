"""Opening hours of a room: open or not at a moment, and when next. Pure; times are milliseconds since the epoch."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from carena_protocol.rows import OpeningHours, Room

_MINUTE: Final = dt.timedelta(minutes=1)
_DAY_MINUTES: Final = 24 * 60


def is_zone(name: str) -> bool:
    """Whether this names a time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def is_open(room: Room, at_ms: int) -> bool:
    """Whether the room receives patients now; without hours it always does."""
    return not room.hours or any(_within(hours, _local(room, at_ms)) for hours in room.hours)


def opens_at(room: Room, at_ms: int) -> int | None:
    """Return when the room opens next; None when it is open, or never opens."""
    if is_open(room, at_ms):
        return None
    now = _local(room, at_ms)
    starts = []
    for hours in room.hours:
        hour, minute = map(int, hours.start.split(":"))
        days = (hours.day - now.isoweekday()) % 7
        day = (now + dt.timedelta(days=days)).date()
        start = dt.datetime.combine(day, dt.time(hour, minute), tzinfo=now.tzinfo)
        starts.append(start if start > now else dt.datetime.combine(day + dt.timedelta(days=7), start.timetz()))
    return min((int(start.timestamp() * 1000) for start in starts), default=None)


def _local(room: Room, at_ms: int) -> dt.datetime:
    zone = ZoneInfo(room.zone) if is_zone(room.zone) else ZoneInfo("UTC")
    return dt.datetime.fromtimestamp(at_ms / 1000, zone)


def _within(hours: OpeningHours, now: dt.datetime) -> bool:
    start, end, minute = _minutes(hours.start), _minutes(hours.to), now.hour * 60 + now.minute
    today = now.isoweekday() == hours.day
    if start < end:
        return today and start <= minute < end
    # Past midnight: the rest of that day, and the beginning of the next.
    tomorrow = now.isoweekday() % 7 == hours.day % 7 + 1 or (hours.day == 7 and now.isoweekday() == 1)  # noqa: PLR2004 - Sunday
    return (today and minute >= start) or (tomorrow and minute < end)


def _minutes(text: str) -> int:
    hour, minute = map(int, text.split(":"))
    return min(hour * 60 + minute, _DAY_MINUTES)
