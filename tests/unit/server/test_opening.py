"""Opening hours: open or not at a moment, in the room's own time zone, and when next."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from carena_protocol.rows import OpeningHours, Room
from carena_server import opening

MADRID = ZoneInfo("Europe/Madrid")


def at(text: str, zone: ZoneInfo = MADRID) -> int:
    """Return milliseconds of a local time."""
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


def room(*hours: tuple[int, str, str]) -> Room:
    """Return a room in Madrid."""
    return Room(
        id="r", name="R", zone="Europe/Madrid", hours=tuple(OpeningHours(day=d, start=s, to=t) for d, s, t in hours)
    )


WEEK = room((1, "08:00", "17:30"), (7, "22:00", "02:00"))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23T07:59", False),
        ("2026-11-23T08:00", True),
        ("2026-11-23T17:29", True),
        ("2026-11-23T17:30", False),
        ("2026-11-24T12:00", False),
        ("2026-11-29T21:59", False),
        ("2026-11-29T23:00", True),
        ("2026-11-30T01:59", True),
        ("2026-11-30T02:00", False),
    ],
)
def test_open_and_closed(moment: str, expected: bool) -> None:
    """From the first minute to the last, and past midnight into the next day."""
    assert opening.is_open(WEEK, at(moment)) is expected


def test_without_hours_a_room_is_always_open() -> None:
    """Nothing said means nothing closed."""
    assert opening.is_open(Room(id="r", name="R"), at("2026-11-23T03:00"))
    assert opening.opens_at(Room(id="r", name="R"), at("2026-11-23T03:00")) is None


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23T07:00", "2026-11-23T08:00"),
        ("2026-11-23T18:00", "2026-11-29T22:00"),
        ("2026-11-24T12:00", "2026-11-29T22:00"),
        ("2026-11-30T03:00", "2026-11-30T08:00"),
    ],
)
def test_when_it_opens_next(moment: str, expected: str) -> None:
    """The next beginning, today if it is still to come."""
    assert opening.opens_at(WEEK, at(moment)) == at(expected)


def test_zones() -> None:
    """Names of time zones, and what is none."""
    assert opening.is_zone("America/Los_Angeles")
    assert not any(opening.is_zone(name) for name in ("", "Mars/Olympus", "../etc/passwd", "x" * 300))


def test_a_wrong_zone_does_not_close_the_clinic() -> None:
    """Hours of a room whose zone is unknown are read as UTC."""
    broken = Room(id="r", name="R", zone="Mars/Olympus", hours=(OpeningHours(day=1, start="08:00", to="09:00"),))
    assert opening.is_open(broken, at("2026-11-23T08:30", ZoneInfo("UTC")))
