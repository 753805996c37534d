"""The words people read: codes and states become sentences here and nowhere else.

Pure; the codes come from below, the wording never goes down. Text from outside (names, reasons) passes through
``one_line`` and ``isolate`` before it stands beside ours.
"""

import unicodedata
from datetime import UTC, date, datetime
from typing import Final, assert_never

from carena_desktop.session.model import KeyringState, LocalProblem, SessionProblem
from carena_protocol.errors import ErrorCode
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
        "The server and this program did not understand each other. Ask IT whether both are up to date."
    ),
    ErrorCode.UNSUPPORTED_VERSION: (
        "This version of Carena Desktop is too old or too new for the server. Ask IT for the matching version."
    ),
    ErrorCode.UNKNOWN_TYPE: (
        "The server and this program did not understand each other. Ask IT whether both are up to date."
    ),
    ErrorCode.INVALID: "The server refused what was entered. Check it and try again.",
    ErrorCode.TOO_LARGE: "That is too long for the server.",
    ErrorCode.WRONG_STATE: "That is not possible any more: the visit has moved on.",
    ErrorCode.BAD_ACK: "The connection got out of step and is being made again.",
    ErrorCode.OUT_OF_ORDER: "The connection got out of step and is being made again.",
    ErrorCode.RATE_LIMITED: "Too many requests in a short time. Wait a moment and try again.",
    ErrorCode.UNAUTHENTICATED: "Your session has ended. Sign in again.",
    ErrorCode.WRONG_CREDENTIALS: "The username or the password is wrong.",
    ErrorCode.THROTTLED: "Too many failed attempts. Wait a little, then try again.",
    ErrorCode.TOKEN_EXPIRED: "Your session has ended. Sign in again.",
    ErrorCode.TOKEN_REUSED: "Your session was ended for safety, because its key was used twice. Sign in again.",
    ErrorCode.FORBIDDEN: "Your account may not do that.",
    ErrorCode.NOT_FOUND: "That visit is no longer here.",
    ErrorCode.CONFLICT: "Someone else changed this visit just before you. Look at its status now.",
    ErrorCode.ALREADY_ADMITTED: "This patient has already been taken.",
    ErrorCode.PEER_UNREACHABLE: "The patient's browser can't be reached at the moment.",
    ErrorCode.CONSENT_REQUIRED: "The patient has not agreed to the visit yet.",
    ErrorCode.LINK_INVALID: "That visit link is not valid any more.",
    ErrorCode.BUSY: "The server is busy. Try again in a moment.",
    ErrorCode.INTERNAL: "The server had a problem of its own. Try again in a moment.",
    LocalProblem.ADDRESS_INVALID: (
        "This is not a server address. It looks like carena.example.org or 192.168.1.20:8443."
    ),
    LocalProblem.SERVER_UNREACHABLE: "No server answers at this address. Check the address and the network.",
    LocalProblem.CERTIFICATE_REFUSED: (
        "The server's certificate is not valid, so nothing was sent. Ask IT before you go on."
    ),
    LocalProblem.AUTHORITY_CHANGED: (
        "This server shows a different identity than before, so nothing was sent. Ask IT before you go on."
    ),
    LocalProblem.SUPERSEDED: "You have signed in somewhere else, so this window was signed out.",
    LocalProblem.SERVER_NOT_ALLOWED: "Your organization does not allow this server. Check the address, or ask IT.",
    LocalProblem.PROTOCOL: "Something answers at this address, but it is not a Carena server.",
}

SET_BY_ORGANIZATION: Final = "Set by your organization"

DEVICE_WORDS: Final[dict[str, str]] = {
    "no_device": "was not found",
    "busy": "is in use by another program",
    "denied": "is blocked by the system's privacy settings",
    "failed": "could not be opened, or gives nothing",
    "silent": "gives no sound at all; it may be switched off on the device itself",
    "echo": "hears the speaker, and the patient may hear themselves. Use a headset, or turn the speaker down",
    "gone": "was unplugged. Plug it in again or choose another",
}


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
    return PROBLEM_WORDS[code]


def session_problem(value: SessionProblem) -> str:
    """Return why signing in failed, with the time to wait where the server named one."""
    words = problem(value.code)
    if value.retry_after_s is None or value.retry_after_s < 1:
        return words
    return f"{words} Next try in {duration_words(value.retry_after_s)}."


def refusal(code: ErrorCode, taken_by: str | None) -> str:
    """Return why the server refused a command."""
    if taken_by and code in {ErrorCode.CONFLICT, ErrorCode.ALREADY_ADMITTED}:
        return f"Taken by {isolate(taken_by)} just before you."
    return problem(code)


def keyring(state: KeyringState) -> str | None:
    """Return what the person must know about the keyring, or None when all is well."""
    match state:
        case KeyringState.UNKNOWN | KeyringState.STORED:
            return None
        case KeyringState.LOCKED:
            return "The system's keyring is locked, so this sign-in is kept in memory only and ends with the program."
        case KeyringState.ABSENT:
            return "This system has no keyring, so this sign-in is kept in memory only and ends with the program."
        case KeyringState.FAILED:
            return "The system's keyring failed, so this sign-in is kept in memory only and ends with the program."
        case _:
            assert_never(state)


def device_problem(device: str, code: str) -> str:
    """Return what is wrong with "The camera", "The microphone" or "The speaker"; unknown codes read as a failure."""
    return f"{device} {DEVICE_WORDS.get(code, DEVICE_WORDS['failed'])}."


def role(value: Role) -> str:
    """Return a role as a word."""
    return value.value.capitalize()


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
    units = ((hours, "hour"), (minutes, "minute"), (rest, "second"))
    parts = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in units if count]
    return " ".join(parts[:2]) or "0 seconds"


def birth_date(value: str) -> str:
    """Return an ISO date as "14 Mar 1968"; anything else as it is."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return one_line(value)
    return f"{day.day} {day:%b} {day.year}"


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
    return f"{months // 12} y" if months >= _YEARS_SHOWN_FROM * 12 else f"{months} mo"


def date_of(at_ms: int) -> str:
    """Return a day in local time, as "5 March 2026"."""
    at = datetime.fromtimestamp(at_ms / 1000).astimezone()
    return f"{at.day} {at:%B %Y}"


def time_of_day(at_ms: int) -> str:
    """Return the local time as ``14:05``."""
    return datetime.fromtimestamp(at_ms / 1000, tz=UTC).astimezone().strftime("%H:%M")


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
