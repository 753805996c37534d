"""One-time passwords are RFC 6238's, count once and drift one step; sealed secrets open for their account alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_server import second_factor
from carena_server.sealing import Seal, SealError

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_vectors_of_the_standard(at: int, code: str) -> None:
    """RFC 6238 appendix B, SHA-1, cut to six digits."""
    assert second_factor.one_time_password(SECRET, at // 30) == code
    assert second_factor.matching_step(SECRET, code, at, 0) == at // 30


@given(st.integers(0, 2**40), st.integers(-3, 3))
def test_a_clock_may_be_off_by_one_step(at: int, drift: int) -> None:
    """A code of the step before or after is taken, one further away is not (unless the digits agree by chance)."""
    step = at // 30 + 10
    code = second_factor.one_time_password(SECRET, step + drift)
    near = {second_factor.one_time_password(SECRET, step + d) for d in (-1, 0, 1)}
    assert (second_factor.matching_step(SECRET, code, step * 30, 0) is not None) == (code in near)


def test_a_code_counts_once() -> None:
    """A step that was used, and every step before it, is refused."""
    code = second_factor.one_time_password(SECRET, 1000)
    assert second_factor.matching_step(SECRET, code, 30_000, 999) == 1000
    assert second_factor.matching_step(SECRET, code, 30_000, 1000) is None
    assert second_factor.matching_step(SECRET, code, 30_000, 1001) is None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "\u0661\u0662\u0663\u0664\u0665\u0666"])
def test_what_is_no_code_is_no_code(code: str) -> None:
    """Wrong lengths, letters and foreign digits never match."""
    assert second_factor.matching_step(SECRET, code, 59, 0) is None
    assert not second_factor.is_one_time_password(code)


def test_recovery_codes_are_read_as_people_type_them() -> None:
    """Ten different codes; case, blanks, dashes and look-alike letters do not matter, anything else does."""
    codes = second_factor.new_recovery_codes()
    assert len(set(codes)) == 10
    digest = second_factor.recovery_digest("0123-4567-89AB-CDEF")
    assert second_factor.recovery_digest(" o123 4567 89ab cdef") == digest
    assert second_factor.recovery_digest("0123-4567-89AB-CDEG") != digest
    assert not any(second_factor.is_one_time_password(code) for code in codes)


def test_the_address_for_authenticators() -> None:
    """Issuer and account are in the label and escaped; the secret is base 32 without padding."""
    uri = second_factor.enrolment_uri(SECRET, "Carena Clinic & Co", "ann@x")
    assert uri.startswith("otpauth://totp/Carena%20Clinic%20%26%20Co:ann%40x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&")
    assert uri.endswith("&algorithm=SHA1&digits=6&period=30")


def test_a_sealed_secret_opens_for_its_account_and_purpose_only() -> None:
    """Another account, another purpose, another key or a changed byte: nothing comes out."""
    seal = Seal(b"k" * 32, "second factor")
    sealed = seal.seal(SECRET, "u1")
    assert seal.open(sealed, "u1") == SECRET
    assert seal.seal(SECRET, "u1") != sealed
    others = [
        (seal, "u2", sealed),
        (Seal(b"k" * 32, "else"), "u1", sealed),
        (Seal(b"j" * 32, "second factor"), "u1", sealed),
    ]
    for box, whose, text in [*others, (seal, "u1", "AAAA" + sealed[4:]), (seal, "u1", ""), (seal, "u1", "no base64!")]:
        with pytest.raises(SealError):
            box.open(text, whose)
