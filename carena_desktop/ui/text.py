"""The words people read: codes and states become sentences here and nowhere else.

Pure; the codes come from below, the wording never goes down. Text from outside (names, reasons) passes through
``one_line`` and ``isolate`` before it stands beside ours.
"""

import unicodedata
from datetime import UTC, date, datetime
from typing import Final, assert_never

from PySide6.QtCore import QDate, QTime

from carena_desktop.session.model import KeyringState, LocalProblem, SessionProblem
from carena_desktop.session.ports import CommandRefusedError
from carena_desktop.ui.i18n import locale, mark, tr, tr_marked
from carena_protocol.errors import ErrorCode, RefusalReason
from carena_protocol.messages import Role

_FIRST_STRONG_ISOLATE: Final = "\u2068"
_POP_ISOLATE: Final = "\u2069"
_BIDI_CONTROLS: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_TITLES: Final = frozenset({"dr", "prof", "mr", "mrs", "ms", "mx", "nurse"})
_MINUTE: Final = 60
_HOUR: Final = 3600
_YEARS_SHOWN_FROM: Final = 2

PROBLEM_WORDS: Final[dict[ErrorCode | LocalProblem, str]] = {
    ErrorCode.MALFORMED: (
        mark("The server and this program did not understand each other. Ask IT whether both are up to date.")
    ),
    ErrorCode.UNSUPPORTED_VERSION: (
        mark("This version of Carena Desktop is too old or too new for the server. Ask IT for the matching version.")
    ),
    ErrorCode.UNKNOWN_TYPE: (
        mark("The server and this program did not understand each other. Ask IT whether both are up to date.")
    ),
    ErrorCode.INVALID: mark("The server refused what was entered. Check it and try again."),
    ErrorCode.TOO_LARGE: mark("That is too long for the server."),
    ErrorCode.WRONG_STATE: mark("That is not possible any more: the visit has moved on."),
    ErrorCode.BAD_ACK: mark("The connection got out of step and is being made again."),
    ErrorCode.OUT_OF_ORDER: mark("The connection got out of step and is being made again."),
    ErrorCode.RATE_LIMITED: mark("Too many requests in a short time. Wait a moment and try again."),
    ErrorCode.UNAUTHENTICATED: mark("Your session has ended. Sign in again."),
    ErrorCode.WRONG_CREDENTIALS: mark("The username or the password is wrong."),
    ErrorCode.THROTTLED: mark("Too many failed attempts. Wait a little, then try again."),
    ErrorCode.TOKEN_EXPIRED: mark("Your session has ended. Sign in again."),
    ErrorCode.TOKEN_REUSED: mark("Your session was ended for safety, because its key was used twice. Sign in again."),
    ErrorCode.FORBIDDEN: mark("Your account may not do that."),
    ErrorCode.NOT_FOUND: mark("That visit is no longer here."),
    ErrorCode.CONFLICT: mark("Someone else changed this visit just before you. Look at its status now."),
    ErrorCode.ALREADY_ADMITTED: mark("This patient has already been taken."),
    ErrorCode.PEER_UNREACHABLE: mark("The patient's browser can't be reached at the moment."),
    ErrorCode.CONSENT_REQUIRED: mark("The patient has not agreed to the visit yet."),
    ErrorCode.LINK_INVALID: mark("That visit link is not valid any more."),
    ErrorCode.BUSY: mark("The server is busy. Try again in a moment."),
    ErrorCode.INTERNAL: mark("The server had a problem of its own. Try again in a moment."),
    ErrorCode.SECOND_FACTOR_REQUIRED: mark("Enter the code of your authenticator, or a recovery code."),
    ErrorCode.WRONG_CODE: mark("The code is wrong, too old, or was used before. Enter the one that is shown now."),
    ErrorCode.ENROLMENT_REQUIRED: mark("Your organization wants a second factor of this account. Set it up first."),
    ErrorCode.PASSWORD_TOO_SHORT: mark(
        "The new password is too short. A few words in a row are long and easy to keep."
    ),
    ErrorCode.PASSWORD_BLOCKED: mark("The new password is one that attackers try first. Take another."),
    ErrorCode.ROOM_CLOSED: mark("This waiting room is closed now."),
    ErrorCode.GONE: mark("That visit has ended."),
    ErrorCode.ALREADY_CLAIMED: mark("A colleague has taken this patient already."),
    LocalProblem.ADDRESS_INVALID: (
        mark("This is not a server address. It looks like carena.example.org or 192.168.1.20:8443.")
    ),
    LocalProblem.SERVER_UNREACHABLE: mark("No server answers at this address. Check the address and the network."),
    LocalProblem.CERTIFICATE_REFUSED: (
        mark("The server's certificate is not valid, so nothing was sent. Ask IT before you go on.")
    ),
    LocalProblem.AUTHORITY_CHANGED: (
        mark("This server shows a different identity than before, so nothing was sent. Ask IT before you go on.")
    ),
    LocalProblem.SUPERSEDED: mark("You have signed in somewhere else, so this window was signed out."),
    LocalProblem.SERVER_NOT_ALLOWED: mark(
        "Your organization does not allow this server. Check the address, or ask IT."
    ),
    LocalProblem.PROXY_UNREACHABLE: mark("The proxy of this network does not answer. Check the network, or ask IT."),
    LocalProblem.PROXY_LOGIN: mark("The proxy of this network wants a user name and password."),
    LocalProblem.PROXY_SCHEME: mark(
        "The proxy of this network wants a sign-in that Carena does not know. Ask IT to let Carena through."
    ),
    LocalProblem.PROXY_REFUSED: mark("The proxy of this network does not let Carena reach this server. Ask IT."),
    LocalProblem.PROTOCOL: mark("Something answers at this address, but it is not a Carena server."),
}

_ROLES: Final = {
    Role.CLINICIAN: mark("Clinician"),
    Role.NURSE: mark("Nurse"),
    Role.ADMINISTRATOR: mark("Administrator"),
}
SET_BY_ORGANIZATION: Final = mark("Set by your organization")

DEVICE_WORDS: Final[dict[str, str]] = {
    "no_device": mark("{device} was not found."),
    "busy": mark("{device} is in use by another program."),
    "denied": mark("{device} is blocked by the system's privacy settings."),
    "forbidden": mark("{device} is closed: your organization does not allow it."),
    "failed": mark("{device} could not be opened, or gives nothing."),
    "silent": mark("{device} gives no sound at all; it may be switched off on the device itself."),
    "echo": mark(
        "{device} hears the speaker, and the patient may hear themselves. Use a headset, or turn the speaker down."
    ),
    "gone": mark("{device} was unplugged. Plug it in again or choose another."),
}

REASON_WORDS: Final[dict[RefusalReason, str]] = {
    RefusalReason.ROLE: mark("Your role may not do this."),
    RefusalReason.NOT_YOURS: mark("Only the colleague who has this patient may do that."),
    RefusalReason.OTHER_ROOM: mark("That account does not serve this patient's waiting room."),
    RefusalReason.STATE: mark("That is not possible any more: the visit has moved on."),
    RefusalReason.PATIENT_PRESENT: mark("The patient's page is open, so the visit can't be closed as not here."),
    RefusalReason.TOO_LATE: mark("It is too late for that."),
    RefusalReason.NOT_LAST_CHANGE: mark("Only your own last change to a patient can be taken back."),
    RefusalReason.UNKNOWN_USER: mark("That account does not exist any more."),
    RefusalReason.UNKNOWN_ROOM: mark("That waiting room does not exist any more."),
    RefusalReason.NOT_OPEN: mark("The messages are not open here any more."),
    RefusalReason.POLICY: mark("Your organization, or its rules for accounts, does not allow that."),
}
"""Reasons that say more than the code does."""
_OF_STAFF: Final = {
    ErrorCode.CONFLICT: mark("That is there already. Take another name, or look at it as it is now."),
    ErrorCode.NOT_FOUND: mark("That is not there any more."),
}
"""Codes that are about no visit where accounts, rooms and sessions are looked after."""


def one_line(value: str) -> str:
    """Return foreign text as one harmless line: no control characters, no bidirectional overrides, single spaces."""
    kept = (
        " " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char
        for char in value
        if char not in _BIDI_CONTROLS
    )
    return " ".join("".join(kept).split())


def isolate(value: str) -> str:
    """Return one line wrapped so that its direction does not disturb the text around it (UAX #9, isolates)."""
    return f"{_FIRST_STRONG_ISOLATE}{one_line(value)}{_POP_ISOLATE}"


def problem(code: ErrorCode | LocalProblem) -> str:
    """Return what a code means to the person in front of the screen."""
    return tr_marked(PROBLEM_WORDS[code])


def staff_problem(value: SessionProblem) -> str:
    """Return why something about accounts, rooms or sessions failed."""
    if value.reason in REASON_WORDS:
        return tr_marked(REASON_WORDS[value.reason])
    if isinstance(value.code, ErrorCode) and value.code in _OF_STAFF:
        return tr_marked(_OF_STAFF[value.code])
    return session_problem(value)


def session_problem(value: SessionProblem) -> str:
    """Return why signing in failed, with the time to wait where the server named one."""
    words = problem(value.code)
    if value.retry_after_s is None or value.retry_after_s < 1:
        return words
    return words + " " + tr("Next try in {time}.").format(time=duration_words(value.retry_after_s))


def refusal(error: CommandRefusedError) -> str:
    """Return why the server refused a command: who was faster, and when, where somebody was."""
    taken = error.code in {ErrorCode.CONFLICT, ErrorCode.ALREADY_ADMITTED, ErrorCode.ALREADY_CLAIMED}
    if taken and error.taken_by and (error.reason is RefusalReason.STATE or error.reason not in REASON_WORDS):
        name = isolate(error.taken_by)
        if error.taken_at_ms is None:
            return tr("Taken by {name} just before you.").format(name=name)
        return tr("Taken by {name} at {time}.").format(name=name, time=time_of_day(error.taken_at_ms))
    return tr_marked(REASON_WORDS[error.reason]) if error.reason in REASON_WORDS else problem(error.code)


def keyring(state: KeyringState) -> str | None:
    """Return what the person must know about the keyring, or None when all is well."""
    match state:
        case KeyringState.UNKNOWN | KeyringState.STORED:
            return None
        case KeyringState.LOCKED:
            return tr(
                "The system's keyring is locked, so this sign-in is kept in memory only and ends with the program."
            )
        case KeyringState.ABSENT:
            return tr("This system has no keyring, so this sign-in is kept in memory only and ends with the program.")
        case KeyringState.FAILED:
            return tr("The system's keyring failed, so this sign-in is kept in memory only and ends with the program.")
        case _:
            assert_never(state)


def device_problem(device: str, code: str) -> str:
    """Return what is wrong with "The camera", "The microphone" or "The speaker"; unknown codes read as a failure."""
    return tr_marked(DEVICE_WORDS.get(code, DEVICE_WORDS["failed"])).format(device=device)


def role(value: Role) -> str:
    """Return a role as a word."""
    return tr_marked(_ROLES[value])


def clock_time(seconds: float) -> str:
    """Return a running time as ``mm:ss``, or ``h:mm:ss`` from one hour on; never negative."""
    whole = max(0, int(seconds))
    if whole < _HOUR:
        return f"{whole // _MINUTE:02d}:{whole % _MINUTE:02d}"
    return f"{whole // _HOUR}:{whole % _HOUR // _MINUTE:02d}:{whole % _MINUTE:02d}"


def duration_words(seconds: float) -> str:
    """Return a duration for reading aloud: "40 seconds", "2 minutes 5 seconds", "1 hour 2 minutes"."""
    whole = max(0, int(seconds))
    hours, minutes, rest = whole // _HOUR, whole % _HOUR // _MINUTE, whole % _MINUTE
    parts = [
        *([tr("%n hour(s)", "", hours)] if hours else []),
        *([tr("%n minute(s)", "", minutes)] if minutes else []),
        *([tr("%n second(s)", "", rest)] if rest or not whole else []),
    ]
    return " ".join(parts[:2])


def birth_date(value: str) -> str:
    """Return an ISO date as "14 Mar 1968"; anything else as it is."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return one_line(value)
    return locale().toString(QDate(day.year, day.month, day.day), "d MMM yyyy")


def age(value: str, now_ms: int) -> str:
    """Return the age at ``now_ms`` as "58 y" or, under two years, "14 mo"; empty when the date makes no sense."""
    try:
        born = date.fromisoformat(value)
    except ValueError:
        return ""
    today = datetime.fromtimestamp(now_ms / 1000, tz=UTC).date()
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if months < 0:
        return ""
    if months >= _YEARS_SHOWN_FROM * 12:
        return tr("%n y", "age in years", months // 12)
    return tr("%n mo", "age in months", months)


def date_of(at_ms: int) -> str:
    """Return a day in local time, as "5 March 2026"."""
    at = datetime.fromtimestamp(at_ms / 1000).astimezone()
    return locale().toString(QDate(at.year, at.month, at.day), "d MMMM yyyy")


def time_of_day(at_ms: int) -> str:
    """Return the local time as ``14:05``."""
    at = datetime.fromtimestamp(at_ms / 1000, tz=UTC).astimezone()
    return locale().toString(QTime(at.hour, at.minute), "HH:mm")


def day_and_time(at_ms: int) -> str:
    """Return a moment in local time, as "5 Mar 2026, 14:05"."""
    at = datetime.fromtimestamp(at_ms / 1000, tz=UTC).astimezone()
    day = locale().toString(QDate(at.year, at.month, at.day), "d MMM yyyy")
    return f"{day}, {time_of_day(at_ms)}"


def initials(name: str) -> str:
    """Return one or two letters for a person's round mark."""
    words = [word for word in one_line(name).split() if word[0].isalnum()]
    people = [word for word in words if word.rstrip(".").casefold() not in _TITLES and not word.endswith(".")] or words
    if not people:
        return "?"
    letters = people[0][0] if len(people) == 1 else people[0][0] + people[-1][0]
    return letters.upper()


def fingerprint_groups(fingerprint: str) -> tuple[str, ...]:
    """Return 64 hex digits as four lines of four groups, to be compared by eye."""
    groups = [fingerprint[i : i + 4].upper() for i in range(0, len(fingerprint), 4)]
    return tuple(" ".join(groups[i : i + 4]) for i in range(0, len(groups), 4))
