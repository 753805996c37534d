"""The made-up people of the waiting room, and its scenes; see ``screenshots``."""

from dataclasses import replace

from carena_desktop.session.chat_model import ChatLine, ChatSecurity, ChatState, ChatView, LineState
from carena_desktop.session.model import WaitingEntry, WaitingRoom
from carena_protocol.messages import Presence, Role, VisitState
from carena_protocol.rows import (
    Activity,
    BrowserResult,
    Details,
    DeviceResult,
    NetworkResult,
    QueueEntry,
    Readiness,
    RedFlag,
    Room,
    StaffMember,
    StaffPresence,
    TriageForm,
    VitalsSource,
)

NOW = 1_800_000_000_000
GOOD = Readiness(
    camera=DeviceResult.OK,
    microphone=DeviceResult.OK,
    network=NetworkResult.GOOD,
    bandwidth_kbps=2400,
    round_trip_ms=38,
)
NO_MICROPHONE = Readiness(
    camera=DeviceResult.OK, microphone=DeviceResult.DENIED, browser=BrowserResult.OK, network=NetworkResult.GOOD
)
POOR = Readiness(camera=DeviceResult.OK, microphone=DeviceResult.OK, network=NetworkResult.POOR)


def entry(number: int, name: str, born: str, reason: str, waited_s: int, **changes: object) -> WaitingEntry:
    """A patient who checked in ``waited_s`` ago."""
    made = WaitingEntry(
        visit=f"v{number}",
        version=1,
        state=VisitState.READY,
        presence=Presence.CONNECTED,
        name=name,
        birth_date=born,
        reason=reason,
        checked_in_at_ms=NOW - waited_s * 1000,
        state_since_ms=NOW - waited_s * 1000,
        readiness=GOOD,
        language="en",
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # real fields


def in_visit(seconds: int, who: str, name: str) -> dict[str, object]:
    """Fields of an entry in a visit."""
    return {
        "state": VisitState.IN_VISIT,
        "admitted_at_ms": NOW - seconds * 1000,
        "clinician_id": who,
        "clinician_name": name,
    }


PATIENTS = (
    entry(
        7,
        "Nguyễn Văn Mẫu",
        "1977-10-10",
        "Ankle sprain",
        3700,
        acuity=4,
        language="vi",
        **in_visit(1110, "c1", "Dr. Casey Example"),
    ),
    entry(6, "Sam Specimen", "1997-10-10", "Infection", 1860, acuity=3, **in_visit(558, "c2", "Dr. A. Kim")),
    entry(
        8,
        "Noa Muster",
        "2001-02-11",
        "Sore throat",
        1865,
        acuity=4,
        state=VisitState.ON_HOLD,
        state_since_ms=NOW - 610_000,
        clinician_id="c2",
        clinician_name="Dr. A. Kim",
        note="Lab result pending",
    ),
    entry(1, "Robin Sample", "1992-07-01", "Fever 39.1 °C, day 3", 1267, acuity=3),
    entry(
        2,
        "Jean-Luc Placeholder-Longname of Somewhere",
        "1959-01-31",
        "Dizziness after a new medication",
        1012,
        acuity=3,
        state=VisitState.NEEDS_TRIAGE,
        presence=Presence.RECONNECTING,
        readiness=POOR,
        language="fr",
        interpreter=True,
    ),
    entry(
        3,
        "Alex Example",
        "1968-03-14",
        "Chest tightness since this morning, worse when climbing the stairs",
        761,
        acuity=2,
        red_flags=(RedFlag.CHEST_PAIN, RedFlag.SHORT_OF_BREATH),
        language="es",
        interpreter=True,
        state=VisitState.CLAIMED,
        clinician_id="c1",
        clinician_name="Dr. Casey Example",
        returns_to=VisitState.READY,
        triaged_at_ms=NOW - 300_000,
    ),
    entry(4, "يوسف مثال", "2017-11-02", "Rash on both forearms", 495, acuity=4, language="ar", interpreter=True),
    entry(
        5,
        "Test Patient",
        "1985-05-05",
        "Medication refill",
        330,
        acuity=4,
        state=VisitState.NEEDS_TRIAGE,
        readiness=NO_MICROPHONE,
    ),
    entry(9, "Kim Beispiel", "1952-08-19", "Blood pressure follow-up", 138, acuity=5, readiness=None),
    entry(10, "Jo Ejemplo", "1990-12-24", "Headache", 61, state=VisitState.ARRIVED, readiness=None),
)
ROOMS = (
    Room(id="main", name="Example Virtual Urgent Care", triage_first=True),
    Room(id="follow-up", name="Follow-up"),
)
STAFF = (
    StaffMember(id="c1", name="Dr. Casey Example", role=Role.CLINICIAN, presence=StaffPresence.AVAILABLE),
    StaffMember(id="c2", name="Dr. A. Kim", role=Role.CLINICIAN, presence=StaffPresence.BUSY, in_visit=1),
    StaffMember(id="n1", name="RN Patel", role=Role.NURSE, presence=StaffPresence.AVAILABLE),
    StaffMember(id="n2", name="NP Reyes", role=Role.NURSE, presence=StaffPresence.AWAY),
)
ROOM = WaitingRoom(version=3, clinic="Example Virtual Clinic", entries=PATIENTS, rooms=ROOMS, staff=STAFF)
FORM = TriageForm(
    complaint="Chest tightness since 07:00, worse on stairs",
    red_flags=(RedFlag.CHEST_PAIN,),
    systolic=158,
    diastolic=94,
    heart_rate=96,
    respiratory_rate=18,
    spo2=97,
    temperature_c=36.8,
    vitals_source=VitalsSource.PATIENT,
    pain=6,
    allergies="Penicillin (hives)",
    conditions="Hypertension, type 2 diabetes",
    medicines="Metformin, amlodipine",
    note="Daughter is with her. No aspirin taken yet. Speaks in full sentences, looks comfortable.",
)


def details(entry: WaitingEntry) -> Details:
    """What the server knows about a patient."""
    return Details(
        entry=QueueEntry(
            visit=entry.visit,
            version=entry.version,
            state=entry.state,
            presence=entry.presence,
            name=entry.name,
            birth_date=entry.birth_date,
            reason=entry.reason,
            checked_in_at=entry.checked_in_at_ms,
            readiness=entry.readiness,
            acuity=entry.acuity,
        ),
        call_back="(509) 555-0142",
        location="12 Example Street, Yakima, WA",
        consent_version="2026-01",
        triage=FORM,
        activity=(
            Activity(at=NOW - 761_000, what="check_in"),
            Activity(at=NOW - 700_000, what="prepare"),
            Activity(at=NOW - 300_000, what="triage", who="RN Patel"),
            Activity(at=NOW - 120_000, what="claim", who="Dr. Casey Example"),
        ),
    )


CHATTING = ChatView(
    "v3",
    ChatState.OPEN,
    present=True,
    security=ChatSecurity(("🐙", "🚲", "🔔", "🌵"), ("octopus", "bicycle", "bell", "cactus"), "482913"),
    lines=(
        ChatLine("1", "Estaré con usted en unos minutos.", NOW - 120_000, mine=True, state=LineState.DELIVERED),
        ChatLine("2", "Gracias. El dolor va y viene.", NOW - 80_000, mine=False, state=LineState.RECEIVED),
        ChatLine("3", "¿Puede respirar bien?", NOW - 2_000, mine=True, state=LineState.SENDING),
    ),
)
