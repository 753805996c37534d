"""New passwords: length and a blocklist, no rules of composition (NIST SP 800-63B)."""

import pytest

from carena_protocol.errors import ErrorCode
from carena_server.password_policy import refused

CONTEXT = ("ann.example", "Dr Ann Example", "Riverside Clinic")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "zwölf große Bären",
        "aaaabbbbccccdddd!x",
        "    leading blanks",
        "\u0442\u0440\u0438 \u0431\u0435\u043b\u044b\u0445 \u043a\u043e\u0442\u0430",
        "x7" * 3 + "q9-lamp",
    ],
)
def test_long_unusual_passwords_are_taken(password: str) -> None:
    """Any characters, blanks and scripts; nothing has to be a digit or a sign."""
    assert refused(password, min_length=12, context=CONTEXT) is None


@pytest.mark.parametrize("password", ["", "short", "elevenchars"])
def test_short_passwords_are_too_short(password: str) -> None:
    """Fewer characters than the site asks for."""
    assert refused(password, min_length=12) is ErrorCode.PASSWORD_TOO_SHORT


def test_characters_are_counted_as_people_count_them() -> None:
    """A letter composed of two code points is one character, not two."""
    assert refused("e\u0301" * 11, min_length=12) is ErrorCode.PASSWORD_TOO_SHORT


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "PASSWORD1234",
        "123456789012",
        "987654321098",
        "abcdefghijkl",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "qwertyuiop123",
        "ann.example12",
        "Riverside123",
        "carena123",
    ],
)
def test_what_attackers_try_first_is_blocked(password: str) -> None:
    """Common passwords with digits behind, runs, repetitions, and the words of the place."""
    assert refused(password, min_length=8, context=CONTEXT) is ErrorCode.PASSWORD_BLOCKED


def test_a_context_word_inside_a_long_password_is_fine() -> None:
    """Only a password that is nearly nothing but the word is refused."""
    assert refused("my clinic by the riverside", min_length=12, context=CONTEXT) is None
