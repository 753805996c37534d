"""Addresses as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.session.address import parse_address
from carena_desktop.session.failures import SessionError
from carena_desktop.session.model import LocalProblem


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("clinic.test", "https://clinic.test"),
        ("  Clinic.TEST  ", "https://clinic.test"),
        ("clinic.test:8443", "https://clinic.test:8443"),
        ("https://clinic.test", "https://clinic.test"),
        ("HTTPS://clinic.test:443/", "https://clinic.test"),
        ("clinic.test.", "https://clinic.test"),
        ("localhost:8443", "https://localhost:8443"),
        ("127.0.0.1:8443", "https://127.0.0.1:8443"),
        ("[::1]:8443", "https://[::1]:8443"),
        ("https://[2001:DB8::0001]", "https://[2001:db8::1]"),
        ("klinik-süd.test", "https://xn--klinik-sd-x9a.test"),
    ],
)
def test_good_addresses(typed: str, origin: str) -> None:
    """Host, port and https in every usual spelling lead to one origin."""
    address = parse_address(typed)
    assert address.origin == origin
    assert address.websocket_url == origin.replace("https", "wss", 1) + "/ws"
    assert parse_address(address.origin) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "http://clinic.test",
        "wss://clinic.test",
        "ftp://clinic.test",
        "https://",
        "https://user@clinic.test",
        "https://user:password@clinic.test",
        "clinic.test/path",
        "https://clinic.test/visit",
        "https://clinic.test?x=1",
        "https://clinic.test#fragment",
        "clinic test",
        "clinic.test:",
        "clinic.test:0",
        "clinic.test:65536",
        "clinic.test:https",
        "clinic.test:٤٤٣",
        "clinic..test",
        "-clinic.test",
        "::1",
        "[::1",
        "[clinic.test]",
        "256.1.1.1",
        "1.2.3",
        "clinic%2e.test",
        "clinic\\test",
        "clinic\x00.test",
        "a" * 64 + ".test",
        "a." * 150 + "test",
    ],
)
def test_bad_addresses(typed: str) -> None:
    """Anything else is refused by its code."""
    with pytest.raises(SessionError) as caught:
        parse_address(typed)
    assert caught.value.code is LocalProblem.ADDRESS_INVALID


@given(st.text(max_size=60))
def test_no_text_surprises(typed: str) -> None:
    """Any text is an address that reads back as itself, or refused; nothing else is raised."""
    try:
        address = parse_address(typed)
    except SessionError:
        return
    assert parse_address(address.origin) == address
    assert address.host.isascii()
