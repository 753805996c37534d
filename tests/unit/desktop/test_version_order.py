"""Which version is the newer one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.version_order import is_newer


@pytest.mark.parametrize(
    ("wanted", "have", "newer"),
    [
        ("1.2.0", "1.1.9", True),
        ("1.10", "1.9.3", True),
        ("1.2", "1.2.0", False),
        ("1.2.0rc1", "1.2.0", False),
        ("0.9", "1.0", False),
        ("latest", "1.0", False),
        ("", "1.0", False),
        ("2.0", "unknown", False),
    ],
)
def test_numbers_decide(wanted: str, have: str, newer: bool) -> None:
    """Part by part as numbers; what is no version is never newer."""
    assert is_newer(wanted, have) is newer


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_text_is_newer_both_ways(one: str, other: str) -> None:
    """Whatever a server sends, the order holds and nothing is raised."""
    assert not (is_newer(one, other) and is_newer(other, one))
