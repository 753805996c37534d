"""Connections and keys are replaced in a running visit, and nobody sees, hears or loses anything."""

import statistics
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from demo import media
from demo.browser import patient
from demo.clinic import Clinic
from demo.desktop import desktop
from demo.renewal_study import PROBE, Gaps, in_browser, study
from tests.e2e.scene import GENERATED, assert_moving, begin_visit, eventually, numbers

pytestmark = [pytest.mark.e2e, pytest.mark.gui, pytest.mark.timeout(180)]

NAME = "Test Patient"
OFTEN = {"CARENA_RENEW_LEG_S": "5", "CARENA_RENEW_KEYS_S": "1"}


def assert_unseen(gaps: Gaps) -> None:
    """Assert that a change of the connection is no more to be seen than what the machine does to the picture anyway."""
    assert len(gaps.legs) >= 2
    assert statistics.median(gaps.legs) <= max(100, 2 * statistics.median(gaps.others)), gaps.legs
    assert max(gaps.legs) <= max(400, 1.5 * max(gaps.others)), gaps.legs


def test_legs_and_keys_are_replaced_unnoticed(place: Clinic, chromium: Browser, tmp_path: Path) -> None:
    """Five connections and a renewal each second: the picture goes on, every frame opens, each line arrives once."""
    with (
        desktop(tmp_path / "desktop", extra_env=GENERATED | OFTEN) as window,
        patient(chromium, place.visit_link()) as person,
    ):
        person.context.add_init_script(PROBE)
        begin_visit(window, place, person, NAME)
        eventually(lambda: window.frame_number() is not None, "the patient's picture")
        eventually(lambda: person.remote_frame_number() is not None, "the clinician's picture")
        begun = window.figures()["leg"]
        person.page.evaluate("window.carenaLegs()")

        said = 0
        while window.figures()["leg"] < begun + 5:
            said += 1
            window.type("Message", f"line {said} of the clinician")
            window.click("Send")
            person.say(f"line {said} of the patient")
            assert window.figures()["state"] == "active"
            person.page.wait_for_timeout(1000)
        found: dict[str, Any] = person.page.evaluate("window.carenaLegs()")

        assert_unseen(Gaps.of(in_browser(found["shown"], found["begun"])))
        epochs = {(leg, epoch) for _, leg, epoch, direction in found["installed"] if direction == "receive"}
        assert len(epochs) >= 15
        assert len({leg for leg, _ in epochs}) >= 5
        assert window.figures()["unopened"] == 0
        assert_moving(numbers(window.frame_number), media.FPS * media.SECONDS)
        assert_moving(numbers(person.remote_frame_number))
        for number in range(1, said + 1):
            person.wait_to_see(f"line {number} of the clinician")
            window.wait_to_see(f"line {number} of the patient")
        lines = [line for line in person.page.locator("#lines li").all_inner_texts() if "line " in line]
        assert len(lines) == 2 * said
        window.click("End visit")
        assert person.visit_ended()
        assert person.errors == []


def test_firefox_takes_part(tmp_path: Path) -> None:
    """The same with Firefox, at both screens: connections and keys change, the pictures go on, every frame opens."""
    found = study("firefox", 12, 4, 1, tmp_path)
    assert found.legs >= 3
    assert found.epochs >= 8
    assert (found.unopened_by_browser, found.unopened_by_desktop) == (0, 0)
    for screen in (found.browser, found.desktop):
        assert_unseen(screen)
