"""The words of the waiting room: states, flags, tests and history become sentences here. Pure."""

from typing import Final

from carena_desktop.ui import text
from carena_desktop.ui.i18n import locale, mark, tr, tr_marked
from carena_protocol.rows import (
    BrowserResult,
    DeviceResult,
    NetworkResult,
    Outcome,
    Readiness,
    RedFlag,
    StaffMember,
    StaffPresence,
    VitalsSource,
)

RED_FLAG_DOT: Final = " · "
"""Between the red flags of a row."""
RED_FLAGS: Final = {
    RedFlag.CHEST_PAIN: mark("Chest pain or pressure"),
    RedFlag.SHORT_OF_BREATH: mark("Short of breath at rest"),
    RedFlag.STROKE_SIGNS: mark("Face, arm or speech change"),
    RedFlag.FAINTING: mark("Fainting or confusion"),
    RedFlag.SEVERE_BLEEDING: mark("Severe bleeding"),
    RedFlag.SELF_HARM: mark("Thoughts of self-harm"),
    RedFlag.ALLERGIC_REACTION: mark("Severe allergic reaction"),
    RedFlag.PREGNANCY_PROBLEM: mark("Problem in pregnancy"),
}
OUTCOMES: Final = {
    Outcome.COMPLETED: mark("Completed"),
    Outcome.REFERRED: mark("Referred on"),
    Outcome.EMERGENCY: mark("Handed to emergency services"),
    Outcome.TECHNICAL: mark("Could not be held by video"),
    Outcome.OTHER: mark("Other"),
}
PRESENCES: Final = {
    StaffPresence.AVAILABLE: mark("Available"),
    StaffPresence.BUSY: mark("Busy"),
    StaffPresence.AWAY: mark("Away"),
    StaffPresence.OFFLINE: mark("Offline"),
}
SOURCES: Final = {
    VitalsSource.PATIENT: mark("Patient-reported"),
    VitalsSource.STAFF: mark("Measured by staff"),
    VitalsSource.DEVICE: mark("From a device"),
}
_CAMERA: Final = {
    DeviceResult.OK: mark("Camera works"),
    DeviceResult.MISSING: mark("No camera"),
    DeviceResult.DENIED: mark("Camera blocked by the browser"),
    DeviceResult.FAILED: mark("Camera does not work"),
    DeviceResult.UNTESTED: mark("Camera not tested"),
}
_MICROPHONE: Final = {
    DeviceResult.OK: mark("microphone works"),
    DeviceResult.MISSING: mark("no microphone"),
    DeviceResult.DENIED: mark("microphone blocked by the browser"),
    DeviceResult.FAILED: mark("microphone does not work"),
    DeviceResult.UNTESTED: mark("microphone not tested"),
}
_NETWORK: Final = {
    NetworkResult.GOOD: mark("good connection"),
    NetworkResult.FAIR: mark("fair connection"),
    NetworkResult.POOR: mark("poor connection"),
    NetworkResult.UNTESTED: mark("connection not tested"),
}
_ACTIVITIES: Final = {
    "check_in": mark("Checked in"),
    "prepare": mark("Device test reported"),
    "claim": mark("Claimed"),
    "release": mark("Claim given back"),
    "assign": mark("Assigned"),
    "mark": mark("Marked"),
    "admit": mark("Visit started"),
    "hold": mark("Put on hold"),
    "resume": mark("Visit resumed"),
    "step_away": mark("Clinician stepped away"),
    "step_out": mark("Patient stepped out"),
    "return": mark("Patient came back"),
    "return_to_queue": mark("Returned to the queue"),
    "transfer": mark("Transferred"),
    "recall": mark("Called back"),
    "merge": mark("Double arrival merged"),
    "triage": mark("Triage saved"),
    "acuity": mark("Acuity set"),
    "undo": mark("Change taken back"),
    "identity": mark("Identity confirmed"),
    "amend": mark("Patient changed the check-in"),
}
_MEGABIT: Final = 1000
_EXACT_BELOW: Final = 10.0
_PLENTY: Final = 100.0


def standing(one: StaffMember) -> str:
    """Return whether a colleague can be reached, and whether they have a patient now."""
    words = tr_marked(PRESENCES[one.presence])
    if one.in_visit and one.presence is not StaffPresence.OFFLINE:
        words = tr("{presence}, in a visit").format(presence=words)
    return words


def red_flag(flag: RedFlag) -> str:
    """Return a red flag in words."""
    return tr_marked(RED_FLAGS[flag])


def red_flags(flags: tuple[RedFlag, ...]) -> str:
    """Return what stands in a row beside its mark: every flag; empty for none."""
    return RED_FLAG_DOT.join(red_flag(flag) for flag in flags)


def readiness(found: Readiness | None) -> str:
    """Return the patient's own device test in one sentence."""
    if found is None:
        return tr("Devices not tested yet")
    parts = [tr_marked(_CAMERA[found.camera]), tr_marked(_MICROPHONE[found.microphone])]
    if found.browser is BrowserResult.OLD:
        parts.append(tr("browser is old"))
    elif found.browser is BrowserResult.UNSUPPORTED:
        parts.append(tr("browser can't hold a visit"))
    parts.append(tr_marked(_NETWORK[found.network]))
    figures = connection(found)
    if figures:
        parts.append(figures)
    parts.append(tr("consent given") if found.consent else tr("no consent"))
    return ", ".join(parts)


def under_readiness(found: Readiness) -> tuple[str, str]:
    """Return the short line below the signs of a row, and its tone: what the signs don't show, the worst first."""
    if not found.consent:
        return tr("No consent"), "danger"
    if found.browser is BrowserResult.UNSUPPORTED:
        return tr("No visit here", "the patient's browser can't hold a visit; very short"), "danger"
    if found.browser is BrowserResult.OLD:
        return tr("Old browser"), "warn"
    return ("", "") if found.bandwidth_kbps is None else (_megabits(found.bandwidth_kbps), "")


def _megabits(kbps: int) -> str:
    """What a visit could use, with a decimal while it matters: more than a hundred is not worth its digits in a row."""
    megabits = min(kbps / _MEGABIT, _PLENTY)
    number = locale().toString(megabits, "f", 1 if megabits < _EXACT_BELOW else 0)
    return tr("{number} Mb/s").format(number=f"> {number}" if kbps > _PLENTY * _MEGABIT else number)


def connection(found: Readiness | None) -> str:
    """Return the measured connection in figures: "38 ms · 2.4 Mb/s"; empty without figures."""
    if found is None:
        return ""
    parts = []
    if found.round_trip_ms is not None:
        parts.append(tr("{number} ms").format(number=locale().toString(found.round_trip_ms)))
    if found.bandwidth_kbps is not None:
        parts.append(_megabits(found.bandwidth_kbps))
    return " · ".join(parts)


def activity(what: str) -> str:
    """Return one step of a visit's history; an unknown one of a newer server as it came."""
    return tr_marked(_ACTIVITIES[what]) if what in _ACTIVITIES else text.one_line(what.replace("_", " ")).capitalize()
