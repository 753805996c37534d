"""Who may come in, and for how long."""

import json
import ssl
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from demo.clinic import Clinic, Site, clinic
from demo.desktop import desktop
from demo.steps import accept_authority, sign_in, submit_credentials

pytestmark = [pytest.mark.e2e, pytest.mark.gui, pytest.mark.timeout(120)]


def test_a_wrong_password_is_refused_and_the_right_one_then_works(place: Clinic, tmp_path: Path) -> None:
    """The window says that the credentials are wrong, keeps the user name and lets the person try again."""
    with desktop(tmp_path / "desktop") as window:
        submit_credentials(window, place.url, place.clinician.username, "not the password")
        accept_authority(window, place.fingerprint)
        window.wait_for("Sign in", "button")
        window.wait(lambda: any("password" in text and "wrong" in text for text in window.texts()), "a refusal")
        assert window.find("Waiting room", "table") is None

        window.type("Password", place.clinician.password)
        window.click("Sign in")

        window.wait_for("Waiting room", "table")


def test_a_session_outlives_its_access_tokens(tmp_path: Path) -> None:
    """Access tokens of two seconds are renewed without anyone noticing."""
    with (
        clinic(tmp_path / "clinic", None, Site(access_ttl_s=2)) as place,
        desktop(tmp_path / "desktop") as window,
    ):
        sign_in(window, place)
        for _ in range(3):
            window.stay(2.5)
            assert window.session_state() in {"online", "connecting", "reconnecting"}
        window.wait(lambda: window.session_state() == "online", "online")
        assert window.find("Waiting room", "table") is not None


def test_a_session_whose_account_was_disabled_ends(tmp_path: Path) -> None:
    """When the tokens expired and can't be renewed, the window goes back to the sign-in screen and says why."""
    with (
        clinic(tmp_path / "clinic", None, Site(access_ttl_s=2)) as place,
        desktop(tmp_path / "desktop") as window,
    ):
        sign_in(window, place)

        place.disable_user(place.clinician.username)

        window.wait_for("Sign in", "button", 30)
        assert window.find("Waiting room", "table") is None


def test_a_session_that_somebody_else_revoked_ends_within_five_seconds(place: Clinic, tmp_path: Path) -> None:
    """The clinician ends it from another computer: the window is back at the sign-in, and no name is left on it.

    The clock runs from the server's answer to what the window shows.
    """
    with desktop(tmp_path / "desktop") as window:
        sign_in(window, place)
        with patient_waits(place):
            window.wait_for_row("Waiting room", PATIENT)
            with rest(place) as ask:
                elsewhere = ask(
                    "POST", "/login", {"username": place.clinician.username, "password": place.clinician.password}
                )
                token = elsewhere["access_token"]
                sessions = ask("GET", "/sessions", None, token)["sessions"]
                (theirs,) = [one["id"] for one in sessions if not one["current"]]
                ask("POST", "/sessions/revoke", {"session": theirs}, token)
            began = time.monotonic()
            window.wait(lambda: window.find("Sign in", "button") is not None, "the sign-in screen", 15)
            took = time.monotonic() - began
            assert not any(PATIENT.lower() in text for text in window.texts())
            window.wait(lambda: any("session has ended" in text for text in window.texts()), "why")
    assert took <= 5.0, f"{took:.1f} s"


PATIENT = "Test Revoked"


@contextmanager
def rest(place: Clinic) -> Iterator[Callable[..., Any]]:
    """The server's HTTPS interface, as another program of the same person uses it."""
    context = ssl.create_default_context(cafile=str(place.authority))

    def ask(method: str, path: str, body: object = None, token: str = "") -> Any:
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        data = None if body is None else json.dumps(body).encode()
        url = f"{place.url}/api/v1{path}"
        request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 - https
        with urllib.request.urlopen(request, context=context, timeout=10) as answer:  # noqa: S310 - https
            content = answer.read()
            return json.loads(content) if content else None

    yield ask


@contextmanager
def patient_waits(place: Clinic) -> Iterator[None]:
    """Somebody has checked in; the place is kept for a while without a page."""
    with rest(place) as ask:
        info = ask("GET", "/portal")
        secret = place.visit_link().partition("#")[2]
        form = {"secret": secret, "name": PATIENT, "birth_date": "1980-01-02", "reason": "Cough"}
        ask("POST", "/check-in", {**form, "consent_version": info["consent"]["version"]})
        yield
