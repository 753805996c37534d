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


def plain_texts(window: Desktop) -> list[str]:
    """Return what can be read in a window, without what keeps names' direction apart."""
    return [text.replace("\u2068", "").replace("\u2069", "") for text in window.texts()]


def test_of_two_clinicians_who_start_the_same_visit_one_gets_it(
    place: Clinic, chromium: Browser, tmp_path: Path
) -> None:
    """Both press Enter at once: one is asked for devices, and the other is told who has the patient now."""
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
        loser, name = (two, "dr casey demo") if winners[0] is one else (one, "dr second example")
        # A key that comes before the colleague's row is refused by the server, a later one by the window itself.
        refusals = (f"taken by {name}", f"in visit with {name}")
        loser.wait(lambda: any(words in t for t in plain_texts(loser) for words in refusals), "who took the patient")
        assert len(asked()) == 1
        person.wait_for_visit()
