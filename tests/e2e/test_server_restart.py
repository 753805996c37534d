"""The service introduces the two and is not needed while they talk."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from demo import media
from demo.browser import patient
from demo.clinic import Clinic
from demo.desktop import desktop
from tests.e2e.scene import GENERATED, assert_moving, begin_visit, eventually, numbers

pytestmark = [pytest.mark.e2e, pytest.mark.gui, pytest.mark.timeout(180)]

FILM = media.FPS * media.SECONDS


def test_the_call_goes_on_while_the_server_restarts(place: Clinic, chromium: Browser, tmp_path: Path) -> None:
    """Pictures and chat keep arriving without a server, and after it is back the visit is finished properly."""
    with (
        desktop(tmp_path / "desktop", extra_env=GENERATED) as window,
        patient(chromium, place.visit_link()) as person,
    ):
        begin_visit(window, place, person, "Test Patient")
        eventually(lambda: window.frame_number() is not None, "the patient's picture")
        eventually(lambda: person.remote_frame_number() is not None, "the clinician's picture")
        leg = window.figures()["leg"]

        place.stop()
        assert_moving(numbers(window.frame_number, 6), FILM)
        assert_moving(numbers(person.remote_frame_number, 3))
        window.type("Message", "Still here?")
        window.click("Send")
        person.wait_to_see("Still here?")
        person.say("Yes.")
        window.wait_to_see("Yes.")

        place.start()
        window.wait(lambda: window.session_state() == "online", "a reconnected session", 40)
        assert_moving(numbers(window.frame_number), FILM)
        assert window.figures()["leg"] == leg, "the restart of the server must not replace the connection"
        window.click("End visit")
        assert person.visit_ended()
        window.wait_for("Waiting room", "table")
        window.wait(lambda: not window.rows("Waiting room"), "an empty waiting room")
