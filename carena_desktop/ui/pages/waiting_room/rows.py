"""One row of the waiting room as it is shown: text is one harmless line each, never markup, and never prints. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, assert_never

from carena_desktop.ui.i18n import mark


class Status(StrEnum):
    """What a row's pill says; the same words as the protocol's states."""

    ARRIVED = "arrived"
    NEEDS_TRIAGE = "needs_triage"
    READY = "ready"
    CLAIMED = "claimed"
    RETURNED = "returned"
    IN_VISIT = "in_visit"
    ON_HOLD = "on_hold"
    STEPPED_AWAY = "stepped_away"


@dataclass(frozen=True, slots=True)
class Pill:
    """Icon, word and tint of a status; the word is a marked string."""

    icon: str
    word: str
    tone: str


PILLS: Final = {
    Status.ARRIVED: Pill("circle-dot", mark("Arrived"), "neutral"),
    Status.NEEDS_TRIAGE: Pill("clipboard-list", mark("Needs triage"), "warn"),
    Status.READY: Pill("circle-check", mark("Ready"), "ok"),
    Status.CLAIMED: Pill("hand", mark("Claimed"), "info"),
    Status.RETURNED: Pill("undo-2", mark("Returned"), "ok"),
    Status.IN_VISIT: Pill("video", mark("In visit"), "info"),
    Status.ON_HOLD: Pill("pause", mark("On hold"), "neutral"),
    Status.STEPPED_AWAY: Pill("door-open", mark("Stepped away"), "neutral"),
}
WAITS: Final = frozenset({Status.ARRIVED, Status.NEEDS_TRIAGE, Status.READY, Status.CLAIMED, Status.RETURNED})
"""Whoever is in one of these waits for someone."""
_RANKS: Final = {Status.IN_VISIT: 1, Status.ON_HOLD: 2, Status.STEPPED_AWAY: 3}
_NEAR: Final = 0.7
"""Of the target: from here on a wait is shown as near it."""


class Filter(StrEnum):
    """Which rows are shown."""

    ALL = "all"
    NEEDS_TRIAGE = "needs_triage"
    READY = "ready"
    MINE = "mine"
    INTERPRETER = "interpreter"


class Device(StrEnum):
    """What the patient's own test of one device found."""

    UNTESTED = "untested"
    OK = "ok"
    BAD = "bad"


class Signal(StrEnum):
    """What the patient's own test of the network found."""

    UNTESTED = "untested"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


@dataclass(frozen=True, slots=True)
class Readiness:
    """What the patient's page found when it tested itself. ``words`` are for readers and the tooltip."""

    camera: Device = Device.UNTESTED
    microphone: Device = Device.UNTESTED
    browser: Device = Device.UNTESTED
    signal: Signal = Signal.UNTESTED
    consent: bool = True
    words: str = ""
    under: str = ""
    """The small line below the signs: what the signs can't show, else the measured bandwidth."""
    tone: str = ""
    """Of that line: danger, warn or none."""

    @property
    def trouble(self) -> int:
        """How much is wrong, for sorting: nothing is 0."""
        bad = sum(device is Device.BAD for device in (self.camera, self.microphone, self.browser))
        return 2 * (bad + (not self.consent)) + (self.signal is Signal.POOR)


class Urgency(StrEnum):
    """How a wait stands to its target."""

    NONE = "none"
    WITHIN = "within"
    NEAR = "near"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Row:
    """One patient."""

    visit: str
    version: int
    status: Status
    present: bool
    mine: bool
    """Claimed by, or in a visit with, the person signed in."""
    room: str
    acuity: int | None
    name: str = field(repr=False)
    about: str = field(repr=False)
    birth_date: str = field(repr=False)
    reason: str = field(repr=False)
    red_flag: str = field(repr=False)
    """In words; empty for none."""
    owner: str = field(repr=False)
    """Who has the patient, "You" for the person signed in; empty for nobody."""
    under: str = field(repr=False)
    """The small line below the status."""
    language: str = field(repr=False)
    interpreter: bool
    readiness: Readiness
    since_ms: int
    """When the running time of this row began, on the server's clock."""
    checked_in_at_ms: int
    target_s: int | None = None
    """Within which somebody should see the patient; None for those who wait for nobody or have no acuity yet."""
    retriage_at_ms: int | None = None
    """When the acuity should be looked at again."""
    wants_chat: bool = False
    """The patient asked for a message."""
    unread: int = 0
    """Lines of the waiting chat that were not seen yet."""
    double: str = ""
    """Another visit that may be of the same patient."""
    pending: str = field(default="", repr=False)
    """What was asked for and is not confirmed yet, in words."""

    @property
    def waits(self) -> bool:
        """Whether the patient waits for someone."""
        return self.status in WAITS

    @property
    def rank(self) -> int:
        """0 for those who wait, more for those who don't."""
        return _RANKS.get(self.status, 0)

    @property
    def status_order(self) -> int:
        """The status for sorting, in the order in which a visit goes."""
        return _STATUS_ORDER[self.status]

    @property
    def owner_order(self) -> int:
        """Mine first, then nobody's, then the others'."""
        if self.mine:
            return 0
        return 2 if self.owner else 1

    @property
    def due_ms(self) -> int | None:
        """When the target is over, for those who wait."""
        return self.since_ms + self.target_s * 1000 if self.target_s is not None and self.waits else None

    def urgency(self, now_ms: int) -> Urgency:
        """Return how the wait stands to its target at ``now_ms`` on the server's clock."""
        return urgency(self.since_ms, self.target_s if self.waits else None, now_ms)


_STATUS_ORDER: Final = {status: at for at, status in enumerate(Status)}


def urgency(since_ms: int, target_s: int | None, now_ms: int) -> Urgency:
    """Return how a wait that began at ``since_ms`` stands to its target; without one nothing is urgent."""
    if target_s is None:
        return Urgency.NONE
    if now_ms >= since_ms + target_s * 1000:
        return Urgency.OVER
    return Urgency.NEAR if now_ms - since_ms >= _NEAR * target_s * 1000 else Urgency.WITHIN


def fits(row: Row, chosen: Filter) -> bool:
    """Whether a row belongs under a chip."""
    match chosen:
        case Filter.ALL:
            return True
        case Filter.NEEDS_TRIAGE:
            return row.status in {Status.ARRIVED, Status.NEEDS_TRIAGE} or (row.waits and row.acuity is None)
        case Filter.READY:
            return row.status in {Status.READY, Status.RETURNED}
        case Filter.MINE:
            return row.mine
        case Filter.INTERPRETER:
            return row.interpreter
        case _:
            assert_never(chosen)


def found(row: Row, words: tuple[str, ...]) -> bool:
    """Whether every word (case-folded) is somewhere in the row."""
    if not words:
        return True
    hay = f"{row.name} {row.reason} {row.red_flag} {row.about} {row.birth_date} {row.owner} {row.language}".casefold()
    return all(word in hay for word in words)
