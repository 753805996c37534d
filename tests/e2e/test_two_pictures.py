"""A camera and a shared screen at once, both ways: a real screen, a real browser tab, each known by its numbers."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from demo import media
from demo.browser import Patient, browser, patient
from demo.clinic import Clinic
from demo.desktop import ROOT, Desktop, desktop
from tests.e2e.scene import GENERATED, assert_moving, begin_visit, eventually, numbers

pytestmark = [pytest.mark.e2e, pytest.mark.gui, pytest.mark.timeout(240)]

NAME = "Test Patient"
SCREEN = "Patient's screen"
TAB = "A tab to be shared"
FILM = media.FPS * media.SECONDS
NUMBERED = """<title>TITLE</title><body style="margin:0"><canvas id="c" width="1280" height="720"></canvas><script>
  let number = 0;
  const context = document.getElementById("c").getContext("2d");
  setInterval(() => {
    if (window.still) return;
    number = (number + 1) % 65536;
    context.fillStyle = "#888";
    context.fillRect(0, 0, 1280, 720);
    for (let bit = 0; bit < 16; bit += 1) {
      context.fillStyle = (number >> (15 - bit)) & 1 ? "#fff" : "#000";
      context.fillRect(bit * 80, 0, 80, 40);
    }
  }, 100);
</script>"""
SHARING = {"CARENA_RENEW_LEG_S": "12", "CARENA_RENEW_KEYS_S": "2"}


@pytest.fixture
def chromium() -> Iterator[Browser]:
    """Return a browser that shares a tab by its title where a person would choose it."""
    with browser(extra=[f"--auto-select-tab-capture-source-by-title={TAB}"]) as launched:
        yield launched


@contextmanager
def numbered_screen(window: Desktop) -> Iterator[None]:
    """The clinician's whole screen shows numbers that grow."""
    command = [sys.executable, "-m", "demo.numbered_window"]
    env = {**window.env, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "xcb"}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == b"shown"
            yield
        finally:
            process.kill()


def tab_of(person: Patient) -> Page:
    """Open the tab that the patient shares."""
    tab = person.context.new_page()
    tab.set_viewport_size({"width": 1280, "height": 720})
    tab.set_content(NUMBERED.replace("TITLE", TAB))
    return tab


def both_share(window: Desktop, person: Patient) -> None:
    """Each shares beside the camera, as a person does it."""
    window.click("Share screen")
    window.wait_for("Screens and windows")
    window.wait(lambda: window.rows("Screens and windows"), "something to share")
    window.select_row("Screens and windows", "Screen 1")
    window.click("Share")
    window.wait_to_see("You are sharing")
    person.share_screen()
    person.wait_to_see("You are sharing your screen.")
    person.page.bring_to_front()  # the browser went over to what is shared, as it does for a person


def four_pictures_move(window: Desktop, person: Patient, legs: int) -> None:
    """Each picture of each side goes on while so many legs are replaced, the two screens without a longer pause."""
    begun = window.figures()["leg"]
    person.page.evaluate("window.carenaProbe.screenGaps()")
    while window.figures()["leg"] < begun + legs:
        assert_moving(numbers(person.screen_frame_number))
        assert_moving(numbers(lambda: window.frame_number(SCREEN)))
    gaps = person.page.evaluate("window.carenaProbe.screenGaps()")
    assert max(gaps) < 1500, gaps
    assert_moving(numbers(person.remote_frame_number))
    window.click("Show the patient large")
    assert_moving(numbers(window.frame_number), FILM)
    window.click("Show the screen large")


def assert_honest(figures: dict[str, Any]) -> None:
    """Both are sent, both are said to be, and every frame that came was opened."""
    assert (figures["camera"], figures["sharing"], figures["peer_screen"]) == ("live", True, True)
    assert figures["sent_fps"] > 0
    assert figures["sent_screen_fps"] > 0
    assert figures["unopened"] == 0


def test_both_see_camera_and_screen_of_the_other(place: Clinic, chromium: Browser, tmp_path: Path) -> None:
    """Four moving pictures through changes of the leg; each can be made large; each end of a share is seen at once."""
    with (
        desktop(tmp_path / "desktop", extra_env=GENERATED | SHARING) as window,
        patient(chromium, place.visit_link()) as person,
    ):
        tab = tab_of(person)
        person.page.bring_to_front()
        begin_visit(window, place, person, NAME)
        eventually(lambda: window.frame_number() is not None, "the patient's picture")
        eventually(lambda: person.remote_frame_number() is not None, "the clinician's picture")
        with numbered_screen(window):
            both_share(window, person)
            eventually(lambda: person.screen_frame_number() is not None, "the clinician's screen")
            eventually(lambda: window.frame_number(SCREEN) is not None, "the patient's screen")

            four_pictures_move(window, person, legs=1)
            assert_honest(window.figures())

            tab.evaluate("window.still = true")  # a screen on which nothing moves is still shown
            person.page.wait_for_timeout(7000)
            assert window.frame_number(SCREEN) is not None
            assert window.figures()["peer_screen"]

            person.page.get_by_role("button", name="Show the clinician large").click()
            person.page.get_by_role("button", name="Show the screen large").press("Enter")
            tab.close()  # the browser ends the share by itself
            window.wait(lambda: not window.figures()["peer_screen"] and window.find(SCREEN) is None, "no screen")
            window.click("Stop sharing")
            eventually(lambda: person.screen_frame_number() is None, "the end of the clinician's share")
        assert_moving(numbers(window.frame_number), FILM)
        assert_moving(numbers(person.remote_frame_number))
        window.click("End visit")
        assert person.visit_ended()
        assert person.errors == []
