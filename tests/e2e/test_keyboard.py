"""A day's work by keyboard alone: no mouse, and no widget is handed the focus."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from demo.browser import patient
from demo.clinic import Clinic
from demo.desktop import Desktop, desktop
from demo.keyboard import Keyboard
from tests.e2e.scene import GENERATED, eventually

pytestmark = [pytest.mark.e2e, pytest.mark.gui, pytest.mark.timeout(180)]

NAME = "Test Patient"


def sign_in(keys: Keyboard, place: Clinic) -> None:
    """Fill the form field by field, and trust the server that is new here."""
    keys.wait_for("Server address")
    keys.type(place.url)
    keys.tab_to("Username")
    keys.type(place.clinician.username)
    keys.tab_to("Password")
    keys.type(place.clinician.password)
    keys.press("Return")
    keys.wait_for("Trust this server")
    keys.press("Return")
    keys.wait_for("Waiting room")


def triage(window: Desktop, keys: Keyboard) -> None:
    """Open the form of the patient who is selected, fill it in and mark the patient ready."""
    keys.press("T")
    keys.wait_for("Chief complaint")
    keys.type("Cough for three days")
    keys.tab_to("Acuity 3 of 5, Urgent")
    keys.press("Space")
    keys.press("Ctrl+Return")
    keys.wait_for("Waiting room")
    window.wait_for_row("Waiting room", "Ready")


def test_a_whole_visit_by_keyboard(place: Clinic, chromium: Browser, tmp_path: Path) -> None:
    """Sign in, triage, take the patient, mute, write, look the patient up, lock, unlock, end and finish."""
    with (
        desktop(tmp_path / "desktop", extra_env=GENERATED) as window,
        patient(chromium, place.visit_link()) as person,
    ):
        keys = Keyboard(window)
        sign_in(keys, place)
        person.open()
        person.check_in(NAME, "1984-06-21", "Test reason")
        window.wait_for_row("Waiting room", NAME)

        triage(window, keys)

        keys.press("Return")
        window.wait_for("Allow camera and microphone")
        keys.tab_to("Allow camera and microphone")
        keys.press("Return")
        person.wait_for_visit()
        keys.wait_for("Mute microphone")
        eventually(lambda: window.figures()["remote_frames"], "the patient's picture")

        keys.press("M")
        person.wait_to_see("Microphone muted")
        keys.press("F6")
        keys.wait_for("Message")
        keys.type("How are you today?")
        keys.press("Return")
        person.wait_to_see("How are you today?")
        keys.tab_to("Unmute microphone")
        keys.press("T")
        window.wait_to_see("Test reason")

        keys.press("Ctrl+L")
        keys.wait_for("Password")
        assert not any(NAME.lower() in words for words in window.texts())
        keys.type(place.clinician.password)
        keys.press("Return")
        window.wait_for("End visit")

        keys.press("Ctrl+Shift+E")
        keys.wait_for("Waiting room")
        assert person.visit_ended()
        assert person.errors == []
