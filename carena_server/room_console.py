"""What the room commands of the command line do, each in one transaction on the data directory."""

import argparse
import re
from typing import Any, Final

import msgspec

from carena_protocol.admin_rest import RoomUpdate
from carena_protocol.rows import ArrivalFields, OpeningHours, Room
from carena_server import console, opening
from carena_server.clock import SYSTEM_CLOCK
from carena_server.data import DataDirectory
from carena_server.prompts import UsageError
from carena_server.settings import Settings
from carena_server.store import accounts, rooms
from carena_server.store.audit_log import AuditLog
from carena_server.store.rooms import RoomError
from carena_server.text import clean, clean_text
from carena_server.tokens import new_identifier

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS: Final = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d\d:\d\d)-(\d\d:\d\d)")
FIELDS: Final = tuple(name for name in ArrivalFields.__struct_fields__ if name != "own")


def add(options: argparse.Namespace, data: DataDirectory, _settings: Settings) -> int:
    """Add a room."""
    name = _name(options.name)
    log = AuditLog(data.audit_key())
    with console.writing(data) as connection:
        try:
            rooms.add(connection, log, new=new_identifier(), name=name, actor=accounts.LOCAL, at=SYSTEM_CLOCK.wall_ms())
        except RoomError as error:
            raise UsageError(str(error)) from None
    console.say(f"Room {name} added.")
    return 0


def show(_options: argparse.Namespace, data: DataDirectory, _settings: Settings) -> int:
    """List the rooms and their settings."""
    with console.reading(data) as connection:
        found = rooms.listing(connection)
    now = SYSTEM_CLOCK.wall_ms()
    for room in found:
        state = "open" if opening.is_open(room, now) else "closed"
        targets = "/".join(map(str, room.targets_min))
        console.say(f"{room.name}  ({state}; targets {targets} min; id {room.id})")
        for line in _lines(room):
            console.say(f"    {line}")
    return 0


def change(options: argparse.Namespace, data: DataDirectory, _settings: Settings) -> int:
    """Change a room's settings."""
    log = AuditLog(data.audit_key())
    with console.writing(data) as connection:
        (room_id,) = console.room_ids(connection, [options.room])
        room = next(found for found in rooms.listing(connection) if found.id == room_id)
        given = _given(options, room)
        if not given:
            raise UsageError("nothing to change; see carena-server room set --help")
        try:
            wish = msgspec.convert({"id": room_id, **given}, RoomUpdate)
            rooms.change(connection, log, wish, actor=accounts.LOCAL, at=SYSTEM_CLOCK.wall_ms())
        except msgspec.ValidationError as error:
            raise UsageError(f"room set: {error}") from None
        except RoomError as error:
            raise UsageError(str(error)) from None
    console.say(f"Room {options.room} changed.")
    return 0


def parse_hours(text: str) -> list[OpeningHours]:
    """Read ``mon-fri 08:00-17:30; sat 09:00-12:00``. Raises UsageError."""
    hours: list[OpeningHours] = []
    for part in filter(None, (piece.strip().lower() for piece in text.split(";"))):
        match = _HOURS.fullmatch(part)
        if match is None or match[1] not in _DAYS or (match[2] or match[1]) not in _DAYS:
            raise UsageError(f"--hours: {part!r} is not like 'mon-fri 08:00-17:30'")
        first, last = _DAYS.index(match[1]), _DAYS.index(match[2] or match[1])
        days = [(first + n) % 7 for n in range((last - first) % 7 + 1)]
        try:
            hours += [
                msgspec.convert({"day": day + 1, "start": match[3], "to": match[4]}, OpeningHours) for day in days
            ]
        except msgspec.ValidationError:
            raise UsageError(f"--hours: {part!r} has a time that does not exist") from None
    return hours


def _given(options: argparse.Namespace, room: Room) -> dict[str, Any]:
    given: dict[str, Any] = {
        name: getattr(options, name)
        for name in ("retriage_min", "alarm_waiting", "alarm_wait_min", "away_max_min", "triage_first")
        if getattr(options, name) is not None
    }
    if options.rename is not None:
        given["name"] = _name(options.rename)
    if options.targets is not None:
        given["targets_min"] = options.targets
    if options.zone is not None:
        if not opening.is_zone(options.zone):
            raise UsageError(f"--zone: {options.zone!r} is no time zone; for example Europe/Madrid")
        given["zone"] = options.zone
    if options.hours is not None:
        given["hours"] = [] if options.hours == "always" else msgspec.to_builtins(parse_hours(options.hours))
    given |= _closed_texts(options, room)
    if options.field is not None:
        fields = msgspec.to_builtins(room.fields)
        for pair in options.field:
            name, _, demand = pair.partition("=")
            if name not in FIELDS:
                raise UsageError(f"--field: {name!r} is none of {', '.join(FIELDS)}")
            fields[name] = demand
        given["fields"] = fields
    return given


def _closed_texts(options: argparse.Namespace, room: Room) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if options.closed_text is not None:
        given["closed_text"] = clean_text(options.closed_text)
    if options.closed_text_in is not None:
        pairs = dict(pair.partition("=")[::2] for pair in options.closed_text_in)
        texts = {**room.closed_texts, **{language: clean_text(text) for language, text in pairs.items()}}
        given["closed_texts"] = {language: text for language, text in texts.items() if text}
    return given


def _name(text: str) -> str:
    name = clean(text)
    if not name or len(name) > 80:  # noqa: PLR2004 - the protocol's RoomName
        raise UsageError("a room's name has 1 to 80 characters")
    return name


def _lines(room: Room) -> list[str]:
    hours = [f"{_DAYS[h.day - 1]} {h.start}-{h.to}" for h in room.hours]
    asked = [f"{name}={getattr(room.fields, name).value}" for name in FIELDS]
    return [
        f"hours: {'; '.join(hours) + f' ({room.zone})' if hours else 'always open'}",
        f"check-in asks: {' '.join(asked)}{''.join(f' +{own.label}' for own in room.fields.own)}",
        (
            f"triage first: {'yes' if room.triage_first else 'no'}; look again after {room.retriage_min} min; "
            f"alarms: {room.alarm_waiting or 'no'} waiting, {room.alarm_wait_min or 'no'} min"
        ),
    ]
