"""A patient whose camera is denied, or whose page is reloaded, is no dead end."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from demo import media
from demo.browser import patient
from demo.clinic import Clinic
from demo.desktop import desktop
from demo.steps import sign_in
from tests.e2e.scene import GENERATED, admit, assert_moving, begin_visit, eventually, numbers

pytestmark = [pytest.mark.e2e, pytest.mark.gui, pytest.mark.timeout(180)]

FILM = media.FPS * media.SECONDS


def test_a_patient_who_denies_the_camera_still_sees_and_writes(
    place: Clinic, chromium: Browser, tmp_path: Path
) -> None:
    """Without any device the visit is watch-only: the clinician is seen, and both can write."""
    with (
        desktop(tmp_path / "desktop", extra_env=GENERATED) as window,
        patient(chromium, place.visit_link(), permissions=()) as person,
    ):
        sign_in(window, place)
        person.open()
        person.page.get_by_role("button", name="Turn on camera").click()
        person.wait_to_see("does not let the page use the camera")
        person.check_in("Test Patient", "1984-06-21", "Test reason", camera=False)
        admit(window, "Test Patient")
        person.wait_for_visit()

        eventually(lambda: person.remote_frame_number() is not None, "the clinician's picture")
        assert_moving(numbers(person.remote_frame_number))
        window.type("Message", "I can't see you.")
        window.click("Send")
        person.wait_to_see("I can't see you.")
        person.say("My camera is off.")
        window.wait_to_see("My camera is off.")
        assert not window.figures()["peer_camera"]
        assert window.figures()["remote_frames"] == 0


def test_a_reloaded_page_comes_back_into_the_visit(place: Clinic, chromium: Browser, tmp_path: Path) -> None:
    """After a reload the patient is in the same visit, by a new leg, with pictures both ways."""
    with (
        desktop(tmp_path / "desktop", extra_env=GENERATED) as window,
        patient(chromium, place.visit_link()) as person,
    ):
        begin_visit(window, place, person, "Test Patient")
        eventually(lambda: window.frame_number() is not None, "the patient's picture")
        leg = window.figures()["leg"]

        person.page.reload()

        person.rejoin()
        eventually(lambda: window.figures()["leg"] > leg, "a new leg")
        eventually(lambda: person.remote_frame_number() is not None, "the clinician's picture")
        frames = window.figures()["remote_frames"]
        eventually(lambda: window.figures()["remote_frames"] > frames + 30, "the patient's new pictures")
        assert_moving(numbers(window.frame_number), FILM)
        assert_moving(numbers(person.remote_frame_number))


def test_a_reload_while_waiting_keeps_the_place(place: Clinic, chromium: Browser, tmp_path: Path) -> None:
    """A page that is reloaded in the waiting room is still waiting, and can be admitted."""
    with (
        desktop(tmp_path / "desktop", extra_env=GENERATED) as window,
        patient(chromium, place.visit_link()) as person,
    ):
        sign_in(window, place)
        person.open()
        person.check_in("Test Patient", "1984-06-21", "Test reason")
        window.wait_for_row("Waiting room", "Test Patient")

        person.page.reload()

        expect(person.page.get_by_role("button", name="Leave")).to_be_visible()
        assert len(window.rows("Waiting room")) == 1
        admit(window, "Test Patient")
        person.wait_for_visit()
