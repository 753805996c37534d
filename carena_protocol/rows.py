"""What the waiting room consists of, as values: visits, rooms, staff, and what is known about each.

Patient text stands in ``QueueEntry``, ``Details`` and ``TriageForm`` only, and none of them prints it.
"""

from enum import StrEnum
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct, field

from carena_protocol import limits
from carena_protocol.envelope import (
    Acuity,
    BirthDate,
    CallBack,
    Count,
    EpochMilliseconds,
    Identifier,
    Language,
    Location,
    PersonName,
    Role,
    Unprintable,
    Version,
)


class VisitState(StrEnum):
    """Where a visit stands; drawn, with its transitions, in ``carena_protocol.visit``."""

    ARRIVED = "arrived"
    NEEDS_TRIAGE = "needs_triage"
    READY = "ready"
    CLAIMED = "claimed"
    IN_VISIT = "in_visit"
    ON_HOLD = "on_hold"
    STEPPED_AWAY = "stepped_away"
    RETURNED = "returned"
    FINISHED = "finished"
    LEFT = "left"
    NO_SHOW = "no_show"


class Presence(StrEnum):
    """Whether the patient's page is connected; a flag beside the state, never the place itself."""

    CONNECTED = "connected"
    RECONNECTING = "reconnecting"


class LeaveReason(StrEnum):
    """Why a visit ended without being finished by staff."""

    PATIENT = "patient"
    TIMEOUT = "timeout"
    MERGED = "merged"
    """It was a second arrival of a patient whose first one goes on."""


class AwayBy(StrEnum):
    """Whose absence a visit that is ``stepped_away`` waits for."""

    PATIENT = "patient"
    STAFF = "staff"


class Outcome(StrEnum):
    """How a finished visit ended; kept, without a name, when the patient's text is gone."""

    COMPLETED = "completed"
    REFERRED = "referred"
    EMERGENCY = "emergency"
    """Handed to emergency services."""
    TECHNICAL = "technical"
    """Could not be held as a video visit."""
    OTHER = "other"


class RedFlag(StrEnum):
    """What a patient may tick at check-in and staff in triage. Shown, never scored."""

    CHEST_PAIN = "chest_pain"
    SHORT_OF_BREATH = "short_of_breath"
    STROKE_SIGNS = "stroke_signs"
    FAINTING = "fainting"
    SEVERE_BLEEDING = "severe_bleeding"
    SELF_HARM = "self_harm"
    ALLERGIC_REACTION = "allergic_reaction"
    PREGNANCY_PROBLEM = "pregnancy_problem"


class StaffPresence(StrEnum):
    """Whether a member of staff can be reached; the first three are the person's own choice."""

    AVAILABLE = "available"
    BUSY = "busy"
    AWAY = "away"
    OFFLINE = "offline"


class DeviceResult(StrEnum):
    """What the patient's own test of a device gave."""

    OK = "ok"
    MISSING = "missing"
    DENIED = "denied"
    FAILED = "failed"
    UNTESTED = "untested"


class BrowserResult(StrEnum):
    """Whether the patient's browser can hold a visit."""

    OK = "ok"
    OLD = "old"
    UNSUPPORTED = "unsupported"


class NetworkResult(StrEnum):
    """How the patient's connection did in its test."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    UNTESTED = "untested"


class WaitingChat(StrEnum):
    """Whether the patient has asked for, or is in, a chat while waiting."""

    NONE = "none"
    REQUESTED = "requested"
    OPEN = "open"


class VitalsSource(StrEnum):
    """Who measured the vital signs of a triage form."""

    PATIENT = "patient"
    STAFF = "staff"
    DEVICE = "device"


class Readiness(Struct, frozen=True, kw_only=True):
    """The result of the patient's own device and connection test. ``at``: server time, 0 in a report."""

    camera: DeviceResult = DeviceResult.UNTESTED
    microphone: DeviceResult = DeviceResult.UNTESTED
    browser: BrowserResult = BrowserResult.OK
    network: NetworkResult = NetworkResult.UNTESTED
    bandwidth_kbps: Annotated[int, Meta(ge=0, le=10_000_000)] | None = None
    round_trip_ms: Annotated[int, Meta(ge=0, le=600_000)] | None = None
    consent: bool = True
    """The patient still agrees to the consent text."""
    at: EpochMilliseconds = 0


_Line: TypeAlias = Annotated[str, Meta(max_length=limits.MAX_REASON_CHARS)]
_LongNote: TypeAlias = Annotated[str, Meta(max_length=limits.MAX_TRIAGE_NOTE_CHARS)]


class TriageForm(Unprintable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What triage found. The ranges are what a number can physically be, so that a slip of the hand is caught."""

    complaint: _Line = ""
    red_flags: Annotated[tuple[RedFlag, ...], Meta(max_length=16)] = ()
    systolic: Annotated[int, Meta(ge=30, le=300)] | None = None
    """mmHg."""
    diastolic: Annotated[int, Meta(ge=10, le=200)] | None = None
    """mmHg."""
    heart_rate: Annotated[int, Meta(ge=10, le=300)] | None = None
    """Beats a minute."""
    respiratory_rate: Annotated[int, Meta(ge=1, le=120)] | None = None
    """Breaths a minute."""
    spo2: Annotated[int, Meta(ge=30, le=100)] | None = None
    """Per cent."""
    temperature_c: Annotated[float, Meta(ge=25.0, le=45.0)] | None = None
    """Degrees Celsius."""
    vitals_source: VitalsSource | None = None
    pain: Annotated[int, Meta(ge=0, le=10)] | None = None
    allergies: _Line = ""
    conditions: _Line = ""
    medicines: _Line = ""
    pregnancy: _Line = ""
    note: _LongNote = ""


class QueueEntry(Unprintable, frozen=True, kw_only=True, omit_defaults=True):
    """One row of the waiting room as staff see it; what is as usual is not sent.

    The rest of what is known comes with ``visit.details``.
    """

    visit: Identifier
    version: Version
    state: VisitState
    presence: Presence
    name: PersonName
    birth_date: BirthDate
    reason: _Line
    checked_in_at: EpochMilliseconds
    admitted_at: EpochMilliseconds | None = None
    clinician_id: Identifier | None = None
    """Who has claimed or admitted the patient."""
    clinician_name: str | None = None
    clinician_since: EpochMilliseconds | None = None
    """Since when: "taken by Dr X at 14:02"."""
    room: Identifier = limits.FIRST_ROOM
    state_since: EpochMilliseconds | None = None
    returns_to: VisitState | None = None
    """Of a claimed visit: what it is when the claim is released."""
    acuity: Acuity | None = None
    triaged_at: EpochMilliseconds | None = None
    note: str | None = None
    away_by: AwayBy | None = None
    away_until: EpochMilliseconds | None = None
    recalled_at: EpochMilliseconds | None = None
    language: Language | None = None
    interpreter: bool = False
    red_flags: tuple[RedFlag, ...] = ()
    readiness: Readiness | None = None
    identity_confirmed_at: EpochMilliseconds | None = None
    chat: WaitingChat = WaitingChat.NONE
    possible_double: Identifier | None = None
    """An earlier open visit with the same name and date of birth; it may have gone meanwhile."""


class GoneVisit(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A visit that ended within ``limits.RECALL_S``: its patient may be called back. No text: that is deleted."""

    visit: Identifier
    version: Version
    state: VisitState
    room: Identifier
    checked_in_at: EpochMilliseconds
    closed_at: EpochMilliseconds
    reason: LeaveReason | None = None
    acuity: Acuity | None = None
    recalled_until: EpochMilliseconds | None = None
    """Called back: until when the patient's link leads to the old place, also after the end of a finished visit."""


class IdentityCheck(Struct, frozen=True, kw_only=True):
    """What a member of staff confirmed with the patient, by voice or picture."""

    name: bool = False
    birth_date: bool = False
    location: bool = False
    call_back: bool = False
    at: EpochMilliseconds
    by: Identifier
    by_name: str | None = None


class Activity(Struct, frozen=True, kw_only=True):
    """One line of a visit's history: a verb of ``VisitAction``, ``check_in`` or ``identity``, and who did it."""

    at: EpochMilliseconds
    what: str
    who: str | None = None
    """Display name; None for the patient and for what happened by itself."""


class Details(Unprintable, frozen=True, kw_only=True):
    """All that is known about an open visit."""

    entry: QueueEntry
    call_back: CallBack | None = None
    location: Location | None = None
    answers: dict[str, str] = field(default_factory=dict)
    """The room's own arrival fields: label to answer."""
    consent_version: str = ""
    triage: TriageForm | None = None
    identity: IdentityCheck | None = None
    activity: tuple[Activity, ...] = ()


class Demand(StrEnum):
    """Whether check-in asks for a field."""

    OFF = "off"
    OPTIONAL = "optional"
    REQUIRED = "required"


FieldWords: TypeAlias = Annotated[str, Meta(min_length=1, max_length=80)]
FieldChoices: TypeAlias = Annotated[tuple[FieldWords, ...], Meta(max_length=20)]
ClosedText: TypeAlias = Annotated[str, Meta(max_length=500)]


class OwnField(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A field of a site's own at check-in. ``choices`` empty: free text.

    Staff read ``label`` and ``choices``, whatever language the patient answered in.
    """

    key: Identifier
    label: FieldWords
    required: bool = False
    choices: FieldChoices = ()
    labels: Annotated[dict[Language, FieldWords], Meta(max_length=20)] = field(default_factory=dict)
    """What patients read instead, by language."""
    choices_in: Annotated[dict[Language, FieldChoices], Meta(max_length=20)] = field(default_factory=dict)
    """The same choices in the same order, by language."""


class ArrivalFields(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What check-in asks for, beside name, date of birth and consent."""

    reason: Demand = Demand.REQUIRED
    call_back: Demand = Demand.OPTIONAL
    location: Demand = Demand.OPTIONAL
    language: Demand = Demand.OPTIONAL
    interpreter: Demand = Demand.OPTIONAL
    red_flags: Demand = Demand.OPTIONAL
    own: Annotated[tuple[OwnField, ...], Meta(max_length=8)] = ()


class OpeningHours(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a room receives patients on a weekday (1 Monday to 7 Sunday); ``to`` before ``start`` runs past midnight."""

    day: Annotated[int, Meta(ge=1, le=7)]
    start: Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    to: Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]


class Room(Struct, frozen=True, kw_only=True):
    """A waiting room and its settings. Times of ``hours`` are in ``zone`` (an IANA name)."""

    id: Identifier
    name: str
    is_open: bool = True
    hours: tuple[OpeningHours, ...] = ()
    """Empty: always open."""
    zone: str = "UTC"
    closed_text: str = ""
    """What patients read while the room is closed, who have no text in their language."""
    closed_texts: dict[Language, str] = field(default_factory=dict)
    """By language."""
    triage_first: bool = False
    targets_min: tuple[Count, Count, Count, Count, Count] = (0, 10, 30, 60, 120)
    """Minutes within which a patient of acuity 1, 2, 3, 4, 5 should be seen."""
    retriage_min: Count = 60
    """Look again at a patient who still waits after so many minutes; 0: no reminder."""
    alarm_waiting: Count = 0
    """Alarm when so many wait; 0: none."""
    alarm_wait_min: Count = 0
    """Alarm when somebody has waited so many minutes; 0: none."""
    away_max_min: Count = 30
    """How long a patient may step out and keep the place."""
    fields: ArrivalFields = ArrivalFields()


class StaffMember(Unprintable, frozen=True, kw_only=True):
    """A colleague, as colleagues see one another."""

    id: Identifier
    name: str
    role: Role
    presence: StaffPresence
    in_visit: Count = 0
    """Visits in progress or on hold."""
    since: EpochMilliseconds | None = None
