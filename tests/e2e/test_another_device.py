"""A patient's page that comes back with another device key in mid-visit, as a clinician and a patient see it."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from demo.browser import Patient, patient
from demo.clinic import Clinic
from demo.desktop import Desktop, desktop
from tests.e2e.scene import GENERATED, assert_moving, begin_visit, eventually, numbers

pytestmark = [pytest.mark.e2e, pytest.mark.gui, pytest.mark.adversary, pytest.mark.timeout(180)]

FORGET_KEY = """async () => {
  const request = indexedDB.open("carena", 2);
  await new Promise((resolve, reject) => { request.onsuccess = resolve; request.onerror = reject; });
  const deletion = request.result.transaction("keys", "readwrite");
  deletion.objectStore("keys").delete("device");
  await new Promise((resolve, reject) => { deletion.oncomplete = resolve; deletion.onabort = reject; });
  request.result.close();
}"""


def come_back_with_another_key(window: Desktop, person: Patient) -> None:
    """Load the page anew without the browser's key, and wait until both see each other again."""
    leg = window.figures()["leg"]
    person.page.evaluate(FORGET_KEY)
    person.page.reload()
    person.rejoin()
    eventually(lambda: window.figures()["leg"] > leg, "a new leg")
    eventually(lambda: person.remote_frame_number() is not None, "the clinician's picture")


def test_a_reload_with_another_key_holds_all_but_picture_and_sound(
    place: Clinic, chromium: Browser, tmp_path: Path
) -> None:
    """Both see each other and are told why; lines and files wait on both sides and pass, once, when the codes match."""
    photo = tmp_path / "photo.txt"
    photo.write_text("patient's notes")
    with (
        desktop(tmp_path / "desktop", extra_env=GENERATED) as window,
        patient(chromium, place.visit_link()) as person,
    ):
        begin_visit(window, place, person, "Test Patient")
        eventually(lambda: window.figures()["remote_frames"] > 30, "the patient's picture")
        person.say("From the first device.")
        window.wait_to_see("From the first device.")

        come_back_with_another_key(window, person)

        window.wait_to_see("another one than earlier in this visit")
        window.wait_for("Codes match", "button")
        person.wait_to_see("compares the code with you first")
        frames = window.figures()["remote_frames"]
        eventually(lambda: window.figures()["remote_frames"] > frames + 30, "the patient's new pictures")
        assert_moving(numbers(person.remote_frame_number))
        person.say("From the other device.")
        person.page.locator("#file-input").set_input_files(photo)
        person.wait_to_see("Waits until the clinician has compared the code")
        person.page.get_by_text("How this visit is protected").click()
        person.wait_to_see("not yet")
        person.wait_to_see("New keys in")
        person.screenshot(tmp_path / "held.png")
        said = window.texts()
        assert "from the other device." not in said
        assert not any("wants to send" in text or "verified with" in text for text in said)
        window.screenshot(tmp_path / "held-desktop.png")

        window.click("Codes match")

        window.wait_to_see("From the other device.")
        person.wait_to_see("Delivered")
        window.wait_to_see("The patient wants to send you 1 file.")
        assert window.texts().count("from the other device.") == 1
        expect(person.page.locator("#trust")).to_be_hidden()
        person.wait_to_see("by the clinic, with you, on")
        window.type("Message", "Now it is safe.")
        window.click("Send")
        person.wait_to_see("Now it is safe.")


def test_another_key_whose_code_differs_is_a_stop(place: Clinic, chromium: Browser, tmp_path: Path) -> None:
    """The clinician hears another code from the new device: the call ends for both, and nothing that waited counts."""
    with (
        desktop(tmp_path / "desktop", extra_env=GENERATED) as window,
        patient(chromium, place.visit_link()) as person,
    ):
        begin_visit(window, place, person, "Test Patient")
        eventually(lambda: window.figures()["remote_frames"] > 30, "the patient's picture")

        come_back_with_another_key(window, person)
        window.wait_to_see("another one than earlier in this visit")
        person.say("From the other device.")
        window.click("Codes differ")

        window.wait_to_see("This call was not safe and was stopped")
        person.wait_to_see("could not be made sure that nobody listens")
        assert "from the other device." not in window.texts()
