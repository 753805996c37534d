"""Which face the sign-in screen shows."""

import pytest

from carena_desktop.session.model import (
    AuthorityOffer,
    LocalProblem,
    SessionProblem,
    SessionSnapshot,
    SessionState,
)
from carena_desktop.ui.pages.sign_in.view_model import Step, caps_lock_after, view
from carena_protocol.errors import ErrorCode

OFFER = AuthorityOffer("clinic.test", "ab" * 32)
CHANGED = AuthorityOffer("clinic.test", "ab" * 32, expected="cd" * 32)


def test_a_fresh_start_is_an_idle_form() -> None:
    """Nothing has happened: the form, no problem, not busy."""
    state = view(SessionSnapshot())
    assert (state.step, state.busy, state.problem) == (Step.FORM, False, "")


@pytest.mark.parametrize("going_on", [SessionState.SIGNING_IN, SessionState.CONNECTING])
def test_an_attempt_hides_the_problem_of_the_last_one(going_on: SessionState) -> None:
    """While an attempt runs the form is busy and old problems are gone."""
    problem = SessionProblem(ErrorCode.WRONG_CREDENTIALS)
    state = view(SessionSnapshot(state=going_on, problem=problem))
    assert (state.busy, state.problem) == (True, "")


def test_a_wrong_password_clears_the_password() -> None:
    """Only a refused password is cleared; an unreachable server keeps it."""
    assert view(SessionSnapshot(problem=SessionProblem(ErrorCode.WRONG_CREDENTIALS))).clear_password
    assert not view(SessionSnapshot(problem=SessionProblem(LocalProblem.SERVER_UNREACHABLE))).clear_password


def test_first_contact_shows_the_fingerprint() -> None:
    """An unknown authority is shown in groups, with the server's name."""
    state = view(SessionSnapshot(state=SessionState.TRUST_REQUIRED, authority=OFFER))
    assert state.step is Step.FIRST_CONTACT
    assert state.server == "clinic.test"
    assert "".join(state.fingerprint).replace(" ", "") == "AB" * 32


def test_a_changed_authority_is_a_hard_stop() -> None:
    """A known server with another authority shows both fingerprints."""
    state = view(SessionSnapshot(state=SessionState.TRUST_REQUIRED, authority=CHANGED))
    assert state.step is Step.AUTHORITY_CHANGED
    assert state.expected


def test_a_changed_authority_stays_a_hard_stop_when_signed_out() -> None:
    """The stop is shown too when the session has already given up because of it."""
    problem = SessionProblem(LocalProblem.AUTHORITY_CHANGED)
    state = view(SessionSnapshot(state=SessionState.SIGNED_OUT, authority=CHANGED, problem=problem))
    assert state.step is Step.AUTHORITY_CHANGED


@pytest.mark.parametrize(
    ("character", "shift", "on"),
    [
        ("A", False, True),
        ("a", False, False),
        ("A", True, False),
        ("a", True, True),
        ("1", False, None),
        ("", False, None),
        ("ß", False, None),
    ],
)
def test_caps_lock_is_read_from_what_was_typed(character: str, shift: bool, on: bool | None) -> None:
    """A capital without Shift means the lock is on; characters without case say nothing."""
    expected = False if character == "ß" else on
    assert caps_lock_after(character, shift=shift) is expected
