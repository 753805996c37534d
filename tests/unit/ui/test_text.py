"""Every code has words, and text from outside can do no harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.session.model import KeyringState, LocalProblem, SessionProblem
from carena_desktop.session.ports import CommandRefusedError
from carena_desktop.ui import text
from carena_protocol.errors import ErrorCode, RefusalReason


@pytest.mark.parametrize("code", [*ErrorCode, *LocalProblem])
def test_every_code_has_a_sentence(code: ErrorCode | LocalProblem) -> None:
    """Each error code reads as a sentence that doesn't quote the code."""
    words = text.problem(code)
    assert words.endswith(".")
    assert "_" not in words


def test_the_time_to_wait_is_named() -> None:
    """A throttled sign-in says how long to wait."""
    words = text.session_problem(SessionProblem(ErrorCode.THROTTLED, retry_after_s=65))
    assert "1 minute 5 seconds" in words


def test_who_took_a_patient_is_named() -> None:
    """A lost race names the winner; other refusals don't pretend there is one."""
    assert "Dr Other" in text.refusal(CommandRefusedError(ErrorCode.CONFLICT, "Dr Other"))
    lost = CommandRefusedError(ErrorCode.CONFLICT, "Dr Other", reason=RefusalReason.STATE, taken_at_ms=0)
    assert text.refusal(lost).startswith("Taken by")
    assert "Dr Other" not in text.refusal(CommandRefusedError(ErrorCode.FORBIDDEN, "Dr Other"))
    present = CommandRefusedError(ErrorCode.CONFLICT, "Dr Other", reason=RefusalReason.PATIENT_PRESENT)
    assert "page is open" in text.refusal(present)


@pytest.mark.parametrize("reason", list(RefusalReason))
def test_every_refusal_says_why(reason: RefusalReason) -> None:
    """Where the server gave a reason, the words are those of the reason and not of the code alone."""
    said = {text.refusal(CommandRefusedError(code, reason=reason)) for code in (ErrorCode.CONFLICT, ErrorCode.GONE)}
    by_code = reason in {
        RefusalReason.VERSION,  # the code says it
        RefusalReason.CLAIMED_BY_OTHER,  # who it was is said
        RefusalReason.IN_VISIT_WITH_OTHER,
    }
    assert len(said) == (2 if by_code else 1)
    if not by_code:
        assert said == {text.staff_problem(SessionProblem(ErrorCode.CONFLICT, reason=reason))}


def test_accounts_are_no_visits() -> None:
    """A username that is taken, or an account that is gone, is not told in the words of a visit."""
    for code in (ErrorCode.CONFLICT, ErrorCode.NOT_FOUND):
        assert "visit" not in text.staff_problem(SessionProblem(code))
    assert text.staff_problem(SessionProblem(ErrorCode.WRONG_CODE)) == text.problem(ErrorCode.WRONG_CODE)


@pytest.mark.parametrize("state", list(KeyringState))
def test_an_unusable_keyring_is_said(state: KeyringState) -> None:
    """Locked, absent and failed keyrings are explained, working ones are not mentioned."""
    words = text.keyring(state)
    assert (words is None) == (state in {KeyringState.UNKNOWN, KeyringState.STORED})


@given(st.text(max_size=200))
def test_foreign_text_becomes_one_harmless_line(value: str) -> None:
    """No line breaks, control characters or direction overrides survive, whatever comes in."""
    line = text.one_line(value)
    assert not set(line) & set("\n\r\t\x00\x1b\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
    assert line == line.strip()
    assert len(line) <= len(value)


def test_names_keep_their_direction_to_themselves() -> None:
    """An isolated name begins and ends with an isolate, with an override inside taken out."""
    assert text.isolate("a\u202eb") == "\u2068ab\u2069"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-5, "00:00"),
        (0, "00:00"),
        (59.9, "00:59"),
        (60, "01:00"),
        (3599, "59:59"),
        (3600, "1:00:00"),
        (36061, "10:01:01"),
    ],
)
def test_running_times(seconds: float, shown: str) -> None:
    """Times run as mm:ss and get hours only when they need them."""
    assert text.clock_time(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 seconds"), (1, "1 second"), (125, "2 minutes 5 seconds"), (3600, "1 hour"), (7265, "2 hours 1 minute")],
)
def test_spoken_times(seconds: float, said: str) -> None:
    """A screen reader hears durations in words."""
    assert text.duration_words(seconds) == said


@pytest.mark.parametrize(
    ("born", "age"),
    [("1968-03-14", "58 y"), ("2025-12-15", "13 mo"), ("2027-01-15", "0 mo"), ("2030-01-01", ""), ("nonsense", "")],
)
def test_ages(born: str, age: str) -> None:
    """Ages are in years, in months for infants, and nothing when the date can't be right."""
    assert text.age(born, 1_800_000_000_000) == age


def test_birth_dates_read_the_same_everywhere() -> None:
    """A date is written with the month as a word, so that day and month can't be swapped."""
    assert text.birth_date("1968-03-04") == "4 Mar 1968"
    assert text.birth_date("04/03/68") == "04/03/68"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Alex Example", "AE"),
        ("Dr. Casey Example", "CE"),
        ("Dr.", "D"),
        ("x", "X"),
        ("", "?"),
        ("<b>", "?"),
        ("Ana María Test", "AT"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    """Initials come from first and last word and skip titles."""
    assert text.initials(name) == letters


def test_fingerprints_are_grouped() -> None:
    """64 digits become four lines of four groups of four."""
    lines = text.fingerprint_groups("ab12" * 16)
    assert lines == ("AB12 AB12 AB12 AB12",) * 4


def test_unknown_device_codes_read_as_a_failure() -> None:
    """A code the window has never heard of still makes a sentence."""
    assert text.device_problem("The camera", "new_code") == "The camera could not be opened, or gives nothing."
