"""Who may come in, and for how long."""

from pathlib import Path

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
