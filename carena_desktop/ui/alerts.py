"""When to ring, notify and announce, so that nothing is missed and nobody is drowned. Pure: time is a parameter.

The first alert is given at once. What follows within the pause is collected and given as one, with a count; what comes
while alerts are quiet is collected too and told when the quiet ends. A red flag or an acuity of 1 breaks the quiet.
No alert says a name: it may be read on a locked screen, or by whoever looks over the shoulder.
"""

from collections import Counter
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from carena_desktop.ui.i18n import tr

PAUSE_S: Final = 4.0
"""Between two alerts: long enough for a sentence to be read out."""


class Kind(IntEnum):
    """What happened, the most important last."""

    MESSAGE = 0
    ARRIVED = 1
    RETRIAGE = 2
    OVER_TARGET = 3
    QUEUE = 4
    EMERGENCY_ACCESS = 5
    """A colleague took emergency access; administrators only, and never silent."""
    RED_FLAG = 6


NAMES: Final = {
    Kind.MESSAGE: "message",
    Kind.ARRIVED: "arrival",
    Kind.RETRIAGE: "retriage",
    Kind.OVER_TARGET: "over_target",
    Kind.QUEUE: "queue",
    Kind.RED_FLAG: "red_flag",
}
"""What the policy ``SilentAlerts`` calls them."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing to tell; ``acuity`` None where there is none yet."""

    kind: Kind
    acuity: int | None = None

    @property
    def breaks_quiet(self) -> bool:
        """Whether it is told although alerts are quiet."""
        urgent = self.kind in {Kind.RED_FLAG, Kind.EMERGENCY_ACCESS}
        return urgent or (self.kind is Kind.ARRIVED and self.acuity == 1)


@dataclass(frozen=True, slots=True)
class Alert:
    """What to give now: the sound of ``kind``, and ``words`` for notification and reader."""

    kind: Kind
    words: str
    count: int
    urgent: bool


class AlertBoard:
    """Collects events and says what to give, and when to ask again."""

    def __init__(self) -> None:
        self._pending: list[Event] = []
        self._told_at = float("-inf")
        self._quiet_until = float("-inf")

    @property
    def pending(self) -> int:
        """How many events were not told yet."""
        return len(self._pending)

    def is_quiet(self, now: float) -> bool:
        """Whether alerts are quiet for a while."""
        return now < self._quiet_until

    def snooze(self, now: float, minutes: float) -> None:
        """Be quiet for so many minutes; 0 ends the quiet."""
        self._quiet_until = now + minutes * 60 if minutes > 0 else float("-inf")

    def add(self, *events: Event) -> None:
        """Take what happened."""
        self._pending.extend(events)

    def due_in(self, now: float) -> float | None:
        """Return in how many seconds ``take`` will give something; None while there is nothing to tell."""
        if not self._pending:
            return None
        due = self._told_at + PAUSE_S
        if not any(event.breaks_quiet for event in self._pending):
            due = max(due, self._quiet_until)
        return max(0.0, due - now)

    def take(self, now: float) -> Alert | None:
        """Return the alert to give now, which tells all that is pending; None when it is not time."""
        wait = self.due_in(now)
        if wait is None or wait > 0:
            return None
        events, self._pending = self._pending, []
        self._told_at = now
        top = max(event.kind for event in events)
        return Alert(top, _words(events), len(events), urgent=any(event.breaks_quiet for event in events))

    def clear(self) -> None:
        """Forget everything; for the end of a session."""
        self._pending.clear()
        self._told_at = self._quiet_until = float("-inf")


def _words(events: list[Event]) -> str:
    counts = Counter(event.kind for event in events)
    parts = [_sentence(kind, counts[kind], events) for kind in sorted(counts, reverse=True)]
    return " ".join(parts)


def _sentence(kind: Kind, count: int, events: list[Event]) -> str:  # noqa: PLR0911 - one return per kind
    levels = [event.acuity for event in events if event.kind is kind and event.acuity is not None]
    most = min(levels, default=None)
    match kind:
        case Kind.RED_FLAG:
            return tr("%n patient(s) with a red flag waiting.", "", count)
        case Kind.ARRIVED:
            return _arrived(count, most)
        case Kind.OVER_TARGET:
            return tr("%n patient(s) over the target time.", "", count)
        case Kind.RETRIAGE:
            return tr("%n patient(s) to triage again.", "", count)
        case Kind.MESSAGE:
            return tr("%n new message(s) from waiting patients.", "", count)
        case Kind.QUEUE:
            return tr("The waiting room is over its limit.")
        case Kind.EMERGENCY_ACCESS:
            return tr("Emergency access was taken.")


def _arrived(count: int, most: int | None) -> str:
    if count == 1:
        return tr("A patient is waiting, acuity {level}.").format(level=most) if most else tr("A patient is waiting.")
    words = tr("%n patient(s) waiting.", "", count)
    return words + " " + tr("The most urgent is acuity {level}.").format(level=most) if most else words
