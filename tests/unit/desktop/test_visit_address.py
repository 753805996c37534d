"""What a link from outside may say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.visit_address import VisitAddress, parse_visit_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("carena://visit/v-12_aB", VisitAddress("v-12_aB")),
        ("carena://visit/v1/", VisitAddress("v1")),
        ("carena://visit/v1?server=visits.example.org", VisitAddress("v1", "https://visits.example.org")),
        ("carena://visit/v1?server=127.0.0.1:8443", VisitAddress("v1", "https://127.0.0.1:8443")),
    ],
)
def test_a_visit_and_a_server_are_read(text: str, address: VisitAddress) -> None:
    """An opaque id, and at most a server."""
    assert parse_visit_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "", "carena:", "carena://visit/", "carena://visit/a/b", "https://visit/v1", "carena://other/v1",
        "carena://visit/v1#secret", "carena://visit/v1?token=abc", "carena://visit/v1?server=a.test&token=abc",
        "carena://visit/v1?server=http://a.test", "carena://visit/v1?server=", "carena://user@visit/v1",
        "carena://visit/Robin%20Sample", "carena://visit/../../etc", "carena://visit/v1?server=a.test/x",
        "carena://visit/" + "x" * 65, "carena://visit/v1?" + "x" * 500, "carena://visit/v1\n--server", "carena://visit/é",
        "carena://visit:80/v1", "--server",
    ],
)  # fmt: skip
def test_everything_else_is_refused_as_a_whole(text: str) -> None:
    """Tokens, names, paths, other schemes and further parameters: nothing of such a link is used."""
    with pytest.raises(ValueError, match=r"^not a visit's address$"):
        parse_visit_address(text)


@given(st.text(max_size=80) | st.text(max_size=40).map(lambda text: f"carena://visit/{text}"))
def test_no_text_does_more_than_being_refused(text: str) -> None:
    """Whatever comes in: an address of a visit, or a ValueError."""
    try:
        parse_visit_address(text)
    except ValueError:
        return
