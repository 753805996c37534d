"""Opening hours and a room's own questions as they are typed and read; what can't be read says why. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from carena_desktop.ui.i18n import mark, tr
from carena_protocol.rows import OpeningHours

DAYS: Final = (
    mark("Monday"),
    mark("Tuesday"),
    mark("Wednesday"),
    mark("Thursday"),
    mark("Friday"),
    mark("Saturday"),
    mark("Sunday"),
)
MAX_SPANS: Final = 4
"""On one day: seven days of them are what the protocol takes."""
_SPAN: Final = re.compile(
    r"([01]?\d|2[0-3])[:.]([0-5]\d)\s*[-\u2010-\u2014]\s*(?:([01]?\d|2[0-3])[:.]([0-5]\d)|24[:.]00)"
)


class UnreadableError(ValueError):
    """What was typed can't be read; the text says what is wanted."""


def hours_text(hours: Sequence[OpeningHours], day: int) -> str:
    """Return the hours of a weekday (1 Monday to 7) as they are typed: "08:00-12:00, 14:00-18:00"."""
    return ", ".join(f"{one.start}-{one.to}" for one in hours if one.day == day)


def read_hours(typed: Mapping[int, str], names: Mapping[int, str]) -> list[dict[str, object]]:
    """Return the hours of all weekdays; none at all means always open. Raises UnreadableError, which names the day."""
    found: list[dict[str, object]] = []
    for day, line in typed.items():
        spans = [part.strip() for part in re.split(r"[,;]", line) if part.strip()]
        if len(spans) > MAX_SPANS:
            raise UnreadableError(tr("{day}: at most four times on one day.").format(day=names[day]))
        for part in spans:
            match = _SPAN.fullmatch(part)
            if match is None:
                raise UnreadableError(tr("{day}: write it like 08:00-17:30.").format(day=names[day]))
            to = f"{int(match[3]):02d}:{match[4]}" if match[3] is not None else "24:00"
            found.append({"day": day, "start": f"{int(match[1]):02d}:{match[2]}", "to": to})
    return found


def choices_text(choices: Sequence[str]) -> str:
    """Return answers to choose from as they are typed: "A; B"."""
    return "; ".join(choices)


def read_choices(typed: str, translated: str, label: str) -> tuple[list[str], list[str]]:
    """Return the answers to choose from, and their translations. Raises UnreadableError when one is missing."""
    choices = [part.strip() for part in typed.split(";") if part.strip()]
    others = [part.strip() for part in translated.split(";") if part.strip()]
    if others and len(others) != len(choices):
        words = tr("“{label}”: as many answers in Spanish as in English, in the same order.")
        raise UnreadableError(words.format(label=label))
    return choices, others
