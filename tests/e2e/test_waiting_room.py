"""A nurse, a clinician and three patients: the waiting room through two real windows and three real pages."""

from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from demo.browser import Patient, patient
from demo.clinic import Clinic
from demo.desktop import Desktop, desktop
from demo.steps import sign_in
from tests.e2e.scene import GENERATED, eventually

pytestmark = [pytest.mark.e2e, pytest.mark.gui, pytest.mark.timeout(240)]

ROOM = "Waiting room"
QUESTION = "Is the pain getting worse?"
ANSWER = "No, it is a little better."
AGAIN = "Good. I will be with you soon."


def row_of(window: Desktop, name: str) -> list[str]:
    """The cells of a patient's row, empty when there is none."""
    return next((row for row in window.rows(ROOM) if any(name in cell for cell in row)), [])


def says(window: Desktop, name: str, words: str) -> None:
    """Wait until a patient's row says something."""
    window.wait(lambda: any(words in cell for cell in row_of(window, name)), f"{name}: {words}")


def key(window: Desktop, name: str, letter: str) -> None:
    """Select a patient and press a key."""
    window.select_row(ROOM, name)
    window.press(ROOM, letter, "table")


def write_while_waiting(nurse: Desktop, anna: Patient, place: Clinic) -> None:
    """Write both ways, compare the code, load the page anew and go on; the server keeps no word of it."""
    key(nurse, "Test Anna", "M")
    anna.wait_to_see("Encrypted between this page and")
    nurse.type("Message", QUESTION)
    nurse.click("Send")
    anna.wait_to_see(QUESTION)
    anna.say(ANSWER)
    nurse.wait_to_see(ANSWER)
    nurse.wait_to_see("Encrypted, not verified.")  # the link was not made in this window
    summary = anna.page.get_by_text("Is it really the clinic?")
    summary.click()
    code = str(anna.page.locator("#chat-code").text_content())[-7:]
    shown = [text.replace("\u00a0", " ") for text in nurse.texts()]  # there the digits don't break across lines
    assert any(text.endswith(code) for text in shown), "both ends show one code"
    nurse.click("Codes match")
    nurse.wait_to_see("Verified with this patient's device on")

    anna.page.reload()
    expect(anna.page.locator("#waiting-lines")).to_contain_text(QUESTION)
    expect(anna.page.locator("#waiting-lines")).to_contain_text(ANSWER)
    nurse.type("Message", AGAIN)
    nurse.click("Send")
    anna.wait_to_see(AGAIN)
    expect(anna.page.locator("#waiting-lines li")).to_have_count(3)
    nurse.wait_to_see("Verified with this patient's device on")  # the other opening's keys are of the same two devices
    stored = anna.page.evaluate("JSON.stringify({...sessionStorage}) + JSON.stringify({...localStorage})")
    assert QUESTION not in stored
    kept = b"".join(file.read_bytes() for file in (*place.data.rglob("*"), place.log) if file.is_file())
    assert QUESTION.encode() not in kept
    assert ANSWER.encode() not in kept


def test_two_desktops_and_three_patients_run_a_morning(place: Clinic, chromium: Browser, tmp_path: Path) -> None:
    """Triage, claim, refusal, chat, visit and departure on one window are seen on the other and on the pages.

    The chat's words stand on both ends, and nowhere in what the server keeps; its compared code counts in the visit.
    """
    nurse_account = place.add_user("second", "nurse", "Nurse Second Example")
    with ExitStack() as stack:
        nurse = stack.enter_context(desktop(tmp_path / "nurse", extra_env=GENERATED))
        doctor = stack.enter_context(desktop(tmp_path / "doctor", extra_env=GENERATED))
        anna, bruno, carla = (stack.enter_context(patient(chromium, place.visit_link())) for _ in range(3))
        sign_in(nurse, place, nurse_account)
        sign_in(doctor, place)
        people = ((anna, "Test Anna"), (bruno, "Test Bruno"), (carla, "Test Carla"))
        for person, name in people:
            person.open()
            person.check_in(name, "1984-06-21", "Test reason", camera=False)
        for window in (nurse, doctor):
            for _, name in people:
                window.wait_for_row(ROOM, name)

        key(nurse, "Test Carla", "2")
        for window in (nurse, doctor):
            says(window, "Test Carla", "Acuity 2 of 5, Emergent")
        eventually(lambda: "Test Carla" in " ".join(doctor.rows(ROOM)[0]), "the most urgent patient is on top")

        key(doctor, "Test Bruno", "C")
        says(nurse, "Test Bruno", "Dr Casey Demo")
        key(nurse, "Test Bruno", "C")
        nurse.wait(lambda: any("has this patient" in text for text in nurse.texts()), "who has the patient")

        write_while_waiting(nurse, anna, place)

        key(nurse, "Test Anna", "Enter")
        nurse.click("Allow camera and microphone")
        anna.wait_for_visit()
        nurse.wait_to_see("Encrypted end to end, verified")  # compared while she waited
        says(doctor, "Test Anna", "In visit, Nurse Second Example")

        carla.page.get_by_role("button", name="Leave", exact=True).click()
        carla.page.get_by_role("button", name="Leave waiting room").click()
        eventually(lambda: not row_of(doctor, "Test Carla"), "the patient who left is gone")
        expect(bruno.page.get_by_role("button", name="Leave")).to_be_visible()
        assert place.verify_audit()
