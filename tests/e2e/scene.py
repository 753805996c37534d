"""Steps and questions that the end-to-end tests share."""

import itertools
import time
from collections.abc import Callable
from typing import Any

import pytest

from demo import steps
from demo.browser import Patient
from demo.clinic import Clinic
from demo.desktop import Desktop

GENERATED = {"CARENA_CAMERA": "generator", "CARENA_MICROPHONE": "generator"}


def admit(window: Desktop, patient: str) -> None:
    """Admit a patient by the keyboard and allow both devices."""
    steps.start_visit(window, patient)
    window.click("Allow camera and microphone")


def check_in_and_admit(window: Desktop, person: Patient, name: str, reason: str = "Test reason") -> None:
    """Let the patient come and be admitted by who is signed in; the call begins, or is to be stopped."""
    person.open()
    person.check_in(name, "1984-06-21", reason)
    admit(window, name)


def begin_visit(window: Desktop, place: Clinic, person: Patient, name: str) -> None:
    """Sign in and admit the patient, who has checked in meanwhile; at the end they are in the visit."""
    steps.sign_in(window, place)
    check_in_and_admit(window, person, name)
    person.wait_for_visit()


def eventually(question: Callable[[], Any], what: str, timeout_s: float = 20) -> Any:
    """Return the first true answer to a question that is asked again and again."""
    deadline = time.monotonic() + timeout_s
    while not (answer := question()):
        if time.monotonic() > deadline:
            pytest.fail(f"{what}: not within {timeout_s:.0f} s")
        time.sleep(0.1)
    return answer


def numbers(read: Callable[[], int | None], seconds: float = 3.0) -> list[int]:
    """Return the frame numbers that could be read in so many seconds, without repetitions in a row."""
    found: list[int] = []
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        number = read()
        if number is not None and (not found or number != found[-1]):
            found.append(number)
        time.sleep(0.05)
    return found


def assert_moving(found: list[int], period: int = 65536) -> None:
    """Assert that frame numbers grow (modulo the length of the film), as those of a live picture do."""
    assert len(found) >= 5, f"only {found}"
    steps = [(later - earlier) % period for earlier, later in itertools.pairwise(found)]
    backwards = [step for step in steps if step > period // 2]
    assert not backwards, f"went back: {found}"
