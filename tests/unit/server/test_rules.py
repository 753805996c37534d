"""Small rules: who is overdue, what a name may hold, which day is a birthday, what TURN accepts, what a log may say."""

import base64
import datetime as dt
import hashlib
import hmac
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import HTTPConnection

from carena_protocol.messages import Presence, VisitState
from carena_server import logs, turn
from carena_server.presence import ClinicianAbsence, overdue
from carena_server.reception import is_birth_date
from carena_server.site import content_security_policy
from carena_server.text import clean
from carena_server.websocket import Origins
from tests.unit.server.builders import row

TODAY = dt.date(2026, 11, 23)


def test_only_waiting_patients_who_are_away_time_out() -> None:
    """The place is kept to the end of the grace, and nobody times out of a visit."""
    away: dict[str, Any] = {"presence": Presence.RECONNECTING, "grace_until": 1000}
    visits = [
        row("over", **away),
        row("here", grace_until=1000),
        row("in visit", state=VisitState.IN_VISIT, **away),
        row("later", presence=Presence.RECONNECTING, grace_until=1001),
    ]
    assert overdue(visits, 1000) == ["over"]
    assert overdue(visits, 999) == []


def test_a_visit_goes_back_when_its_clinician_stays_away() -> None:
    """Five minutes without the clinician, counted anew after each return."""
    absence = ClinicianAbsence(300)
    visits = [row("a", state=VisitState.IN_VISIT, clinician_id="u1"), row("b")]
    connected: set[str] = set()

    def due(now: float) -> list[str]:
        return [v.id for v in absence.due(visits, connected.__contains__, now)]

    assert due(0) == []
    assert due(299) == []
    connected.add("u1")
    assert due(300) == []
    connected.clear()
    assert due(301) == []
    assert due(600) == []
    assert due(601) == ["a"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Alex Example", "Alex Example"),
        ("  Alex \t\n Example ", "Alex Example"),
        ("e\u0301", "\u00e9"),
        ("\u0645\u0631\u06cc\u0645\u200c\u062c\u0627\u0646", "\u0645\u0631\u06cc\u0645\u200c\u062c\u0627\u0646"),
        ("O'Brien-\u5c71\u7530 3rd", "O'Brien-\u5c71\u7530 3rd"),
        ("", ""),
        (" \n ", ""),
        ("---", ""),
        ("Alex\x00", ""),
        ("Alex\x1b[31m", ""),
        ("\u202eelpmaxE", ""),
        ("\u2066x\u2069", ""),
    ],
)
def test_what_a_name_may_hold(typed: str, kept: str) -> None:
    """One line of text with letters in it; nothing that could disguise it or steer a terminal."""
    assert clean(typed) == kept


@given(st.text(max_size=130))
def test_a_cleaned_text_is_one_printable_line(text: str) -> None:
    """Whatever is typed, what is kept has no control character and survives cleaning unchanged."""
    line = clean(text)
    assert not any(ord(c) < 32 or c in "\u2028\u2029\x7f" for c in line)
    assert clean(line) == line


@pytest.mark.parametrize(
    ("day", "good"),
    [
        ("1980-02-29", True),
        ("1981-02-29", False),
        ("2026-11-23", True),
        ("2026-11-24", False),
        ("1876-01-01", True),
        ("1875-12-31", False),
        ("0000-01-01", False),
        ("1980-13-01", False),
        ("\u0661\u0669\u0668\u0660-01-01", False),
    ],
)
def test_a_birthday_is_a_real_day_of_a_living_person(day: str, good: bool) -> None:
    """Not in the future, not 150 years ago, and in the calendar."""
    assert is_birth_date(day, TODAY) is good


def test_turn_credentials_are_what_coturn_computes() -> None:
    """Expiry and visit in the username, HMAC-SHA1 of it as the password (draft-uberti-behave-turn-rest-00)."""
    username, password = turn.credentials(b"north", "v1", now_ms=1_700_000_000_999, ttl_s=600)
    assert username == "1700000600:v1"
    assert base64.b64decode(password) == hmac.digest(b"north", b"1700000600:v1", hashlib.sha1)


def test_a_known_turn_credential() -> None:
    """The value that openssl computes for this secret and username."""
    # printf '1433895918:ninefingers' | openssl dgst -sha1 -hmac north -binary | base64
    username, password = turn.credentials(b"north", "ninefingers", now_ms=1_433_895_318_000, ttl_s=600)
    assert (username, password) == ("1433895918:ninefingers", "jy8hTxmOO7UtEKXqSkSlvakPVYA=")


@pytest.mark.parametrize(("stun", "urls", "count"), [([], [], 0), (["stun:s"], [], 1), (["stun:s"], ["turn:t"], 2)])
def test_ice_servers_list_what_is_configured(stun: list[str], urls: list[str], count: int) -> None:
    """No entry without an address, no credentials on STUN."""
    servers = turn.ice_servers(stun=stun, turn=urls, secret=b"x", visit="v", now_ms=0, ttl_s=60)
    assert len(servers) == count
    assert all(bool(s.username) == any(u.startswith("turn") for u in s.urls) for s in servers)


def test_the_policy_allows_nothing_but_ourselves() -> None:
    """No other origin, no inline script, no evaluation, no frame."""
    policy = content_security_policy("clinic.example:8443")
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["connect-src"] == "'self' wss://clinic.example:8443"
    assert directives["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy
    assert "*" not in policy


@pytest.mark.parametrize("host", ["evil.example; script-src *", "a b", "", "x\ny", "\u00e9.example"])
def test_a_strange_host_adds_nothing_to_the_policy(host: str) -> None:
    """The Host header can't inject a directive."""
    assert "connect-src 'self';" in content_security_policy(host)


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"host": "c.example"}, True),
        ({"host": "c.example", "origin": "https://c.example"}, True),
        ({"host": "c.example", "origin": "https://C.example"}, True),
        ({"host": "c.example", "origin": "https://portal.example"}, True),
        ({"host": "c.example", "origin": "http://c.example"}, False),
        ({"host": "c.example", "origin": "https://c.example:444"}, False),
        ({"host": "c.example", "origin": "https://c.example.evil"}, False),
        ({"host": "c.example", "origin": "null"}, False),
        ({"host": "c.example", "origin": ""}, False),
    ],
)
def test_only_our_own_pages_may_talk_to_us(headers: dict[str, str], allowed: bool) -> None:
    """The Origin is our own or configured; programs have none."""
    raw = [(k.encode(), v.encode()) for k, v in headers.items()]
    connection = HTTPConnection({"type": "http", "headers": raw})
    assert Origins(["https://portal.example/"]).allow(connection) is allowed


def test_a_tag_is_stable_and_hides_the_identifier() -> None:
    """The same identifier has the same tag within a run, and the tag does not contain it."""
    assert logs.tag("visit-1") == logs.tag("visit-1") != logs.tag("visit-2")
    assert "visit" not in logs.tag("visit-1")


def test_a_failure_is_named_without_its_message() -> None:
    """An exception's text may quote what somebody typed."""
    with pytest.raises(ValueError, match="invalid literal") as caught:
        int("Alex Example coughs")
    said = logs.failure(caught.value)
    assert said.startswith("ValueError at test_rules.py:")
    assert "Alex" not in said
