"""Two clinicians and one patient."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from demo.browser import patient
from demo.clinic import Clinic
from demo.desktop import Desktop, desktop
from demo.steps import sign_in
from tests.e2e.scene import GENERATED, eventually

pytestmark = [pytest.mark.e2e, pytest.mark.gui, pytest.mark.timeout(180)]


def test_of_two_clinicians_who_start_the_same_visit_one_gets_it(
    place: Clinic, chromium: Browser, tmp_path: Path
) -> None:
    """Both press Enter at once: one is asked for devices, the other is told who took the patient, or has seen it."""
    colleague = place.add_user("second", "clinician", "Dr Second Example")
    with (
        desktop(tmp_path / "one", extra_env=GENERATED) as one,
        desktop(tmp_path / "two", extra_env=GENERATED) as two,
        patient(chromium, place.visit_link()) as person,
    ):
        sign_in(one, place)
        sign_in(two, place, colleague)
        person.open()
        person.check_in("Test Patient", "1984-06-21", "Test reason")
        windows = (one, two)
        for window in windows:
            window.wait_for_row("Waiting room", "Test Patient")
            window.select_row("Waiting room", "Test Patient")

        with ThreadPoolExecutor(2) as both:
            list(both.map(lambda window: window.press("Waiting room", "Enter", "table"), windows))

        def asked() -> list[Desktop]:
            return [w for w in windows if w.find("Allow camera and microphone", "button") is not None]

        winners = eventually(asked, "a winner")
        assert len(winners) == 1
        loser, name = (two, "Dr Casey Demo") if winners[0] is one else (one, "Dr Second Example")
        # On a slow computer the row may say so before the key reaches the window: then nothing is asked of the server.
        loser.wait(
            lambda: any("taken by" in t or f"In visit, {name}" in t for t in loser.texts()), "who took the patient"
        )
        assert len(asked()) == 1
        person.wait_for_visit()
