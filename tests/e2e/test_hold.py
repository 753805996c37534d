"""A visit on hold: nothing passes between the two, and it goes on with keys that are none of those before."""

import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from demo.browser import Patient, patient
from demo.clinic import Clinic
from demo.desktop import Desktop, desktop
from demo.steps import start_visit
from tests.e2e.scene import GENERATED, begin_visit, eventually
from tests.e2e.test_encryption import code_of_patient

pytestmark = [pytest.mark.e2e, pytest.mark.gui, pytest.mark.adversary, pytest.mark.timeout(180)]

NAME = "Test Patient"
WITNESS = """
window.carenaKeys = [];
window.carenaConnections = [];
const post = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (message, ...rest) {
  if (message?.t === "install") window.carenaKeys.push(message.audio.toHex(), message.video.toHex());
  return post.call(this, message, ...rest);
};
const Native = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Native {
  constructor(...args) {
    super(...args);
    window.carenaConnections.push(this);
  }
};
"""
"""Notes every frame key of either direction as the worker gets it, and every connection."""


def see_each_other(window: Desktop, person: Patient, seen: int = 0) -> None:
    """Wait until both have pictures; ``seen`` is how many the patient had before."""
    eventually(lambda: window.figures()["remote_frames"] > 30, "the patient's pictures", 40)
    eventually(lambda: person.frames_presented() > seen + 30, "the clinician's pictures", 40)


def keys(person: Patient) -> set[str]:
    """Return the frame keys since the last question."""
    return set(person.page.evaluate("window.carenaKeys.splice(0)"))


def hold(window: Desktop) -> None:
    """Put the visit on hold by the keyboard."""
    window.click("Pause or hand over")
    window.wait_for("Pause or hand over", "menu")
    for key in ("Down", "Enter"):
        window.press("Pause or hand over", key, "menu")
    window.click("Put on hold")


def talk(window: Desktop, person: Patient, when: str) -> None:
    """Let the two write to each other; each line is seen at the other end."""
    window.type("Message", f"question {when}")
    window.click("Send")
    person.wait_to_see(f"question {when}")
    person.say(f"answer {when}")
    window.wait_to_see(f"answer {when}")


def lines_of(person: Patient) -> list[str]:
    """Return the lines that the page shows, in order."""
    return person.page.locator("#lines .line-text").all_inner_texts()


def test_a_visit_on_hold_goes_on_with_new_keys(place: Clinic, chromium: Browser, tmp_path: Path) -> None:
    """On hold connections and devices are closed; the visit goes on, verified, with new keys and all that was said."""
    with (
        desktop(tmp_path / "desktop", extra_env=GENERATED) as window,
        patient(chromium, place.visit_link()) as person,
    ):
        person.context.add_init_script(WITNESS)
        begin_visit(window, place, person, NAME)
        before = code_of_patient(person)
        see_each_other(window, person)
        window.click("Safety code")
        window.click("Codes match")
        talk(window, person, "before")
        hold(window)
        assert_nobody_sees(window, person)
        seen, old = person.frames_presented(), keys(person)
        assert len(old) >= 4
        window.stay(2)
        assert person.frames_presented() == seen
        assert keys(person) == set()

        begun = time.monotonic()
        start_visit(window, NAME)
        window.click("Allow camera and microphone")
        person.wait_for_visit()
        see_each_other(window, person, seen)
        print(f"both saw each other {time.monotonic() - begun:.1f} s after the visit was resumed")  # noqa: T201 - with -s
        assert_goes_on(window, person)
        new = keys(person)
        assert len(new) >= 4
        assert not new & old
        assert code_of_patient(person) != before
        assert person.page.locator("#trust").is_hidden()
        window.click("Safety code")
        window.wait(lambda: any("verified with" in text for text in window.texts()), "still verified")
        assert window.figures()["unopened"] == 0
        assert person.errors == []


def assert_nobody_sees(window: Desktop, person: Patient) -> None:
    """Both ends say that the visit is on hold, nothing is connected and no device is open."""
    person.wait_to_see("Your visit is on hold")
    person.wait_to_see("Nobody sees or hears you now")
    states: Any = eventually(lambda: closed(person), "closed connections")
    assert set(states) == {"closed"}
    eventually(lambda: (window.figures()["camera"], window.figures()["microphone"]) == ("off", "off"), "dark lamps")
    window.wait_for("Waiting room", "table")


def assert_goes_on(window: Desktop, person: Patient) -> None:
    """What was said before is there at both ends, and what is said now comes behind it."""
    for said in ("question before", "answer before"):
        window.wait_to_see(said)
        person.wait_to_see(said)
    talk(window, person, "after")
    assert lines_of(person) == ["question before", "answer before", "question after", "answer after"]


def closed(person: Patient) -> list[str] | None:
    """Return the states of the page's connections once none is open."""
    found: list[str] = person.page.evaluate("window.carenaConnections.map((one) => one.connectionState)")
    return found if found and "connected" not in found else None
