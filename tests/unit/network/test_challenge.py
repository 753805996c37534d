"""What a proxy says that it wants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.network.challenge import schemes, values_of, wants_password


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["Basic realm=x"], {"basic"}),
        (["Negotiate", "NTLM", 'BASIC realm="a, NTLM b"'], {"negotiate", "ntlm", "basic"}),
        (['Digest realm="x", nonce="Basic", qop="auth", Basic realm="y", charset="UTF-8"'], {"digest", "basic"}),
        (['Digest realm="a \\", Basic b", opaque="1"'], {"digest"}),
        (["Negotiate oRQwEqADCgEB=="], {"negotiate"}),
        ([" , ,"], set()),
        ([], set()),
    ],
)
def test_schemes_are_told_from_their_parameters(values: list[str], found: set[str]) -> None:
    """One header with commas and several headers say the same; what stands in quotes names no scheme."""
    assert schemes(values) == found
    assert wants_password(values) is (not found or "basic" in found)


def test_the_head_of_an_answer_is_searched() -> None:
    """Any case, any number; other headers are not looked at."""
    lines = (
        "HTTP/1.1 407 x",
        "Proxy-Authenticate: NTLM",
        "X-Proxy-Authenticate: Basic",
        "PROXY-AUTHENTICATE:Negotiate",
    )
    head = "".join(f"{line}\r\n" for line in (*lines, ""))
    assert values_of(head.encode()) == ["NTLM", "Negotiate"]


@given(st.lists(st.text(max_size=60), max_size=4), st.binary(max_size=200))
def test_nothing_that_a_proxy_says_is_fatal(values: list[str], head: bytes) -> None:
    """Whatever comes, an answer follows."""
    assert isinstance(wants_password(values), bool)
    assert isinstance(wants_password(values_of(head)), bool)
