"""What must not be found anywhere afterwards."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from demo.browser import patient
from demo.clinic import Clinic
from demo.desktop import desktop
from demo.steps import sign_in
from tests.e2e.scene import GENERATED, check_in_and_admit, eventually

pytestmark = [pytest.mark.e2e, pytest.mark.gui, pytest.mark.timeout(180)]


def files_with(folder: Path, canary: str) -> list[str]:
    """Return the files under ``folder`` in whose bytes the canary stands, as text in the usual encodings."""
    needles = [canary.encode("utf-8"), canary.encode("utf-16-le"), canary.encode("utf-16-be")]
    return [str(path) for path in every_file(folder) if any(needle in path.read_bytes() for needle in needles)]


def every_file(folder: Path) -> Iterator[Path]:
    """Yield every regular file under a folder."""
    yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def logs(folder: Path) -> list[Path]:
    """Return every log under a folder."""
    return [path for path in every_file(folder) if ".log" in path.name or "log" in path.parent.name.lower()]


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    """The search itself works: a canary inside a binary file is found."""
    (tmp_path / "database").write_bytes(b"\x00\x01canary-123\xff")

    assert files_with(tmp_path, "canary-123") == [str(tmp_path / "database")]
    assert files_with(tmp_path, "canary-124") == []


def test_a_visit_leaves_no_name_in_a_log_and_no_chat_anywhere(place: Clinic, chromium: Browser, tmp_path: Path) -> None:
    """Names and reasons stand in no log; chat stands in no file and no database byte, during the visit and after it."""
    mark = secrets.token_hex(4)
    name, reason = f"Canaryname{mark}", f"canaryreason{mark}"
    question, answer = f"canaryquestion{mark}", f"canaryanswer{mark}"
    with desktop(tmp_path / "desktop", extra_env=GENERATED) as window:
        with patient(chromium, place.visit_link()) as person:
            sign_in(window, place)
            check_in_and_admit(window, person, name, reason)
            person.wait_for_visit()
            eventually(lambda: window.figures()["remote_frames"] > 0, "a frame")
            window.type("Message", question)
            window.click("Send")
            person.wait_to_see(question)
            person.say(answer)
            window.wait_to_see(answer)
            during = [hit for canary in (question, answer) for hit in files_with(tmp_path, canary)]
            window.click("End visit")
            assert person.visit_ended()
        window.wait(lambda: not window.rows("Waiting room"), "an empty waiting room")
    place.stop()

    assert during == []
    assert [hit for canary in (question, answer) for hit in files_with(tmp_path, canary)] == []
    written = logs(tmp_path)
    assert {path.name for path in written} >= {"desktop.log", "server.log"}, written
    spoken = [path for path in written for canary in (name, reason) if canary.encode() in path.read_bytes()]
    assert spoken == []
    assert files_with(tmp_path, place.clinician.password) == []
    left = [hit for canary in (name, reason) for hit in files_with(tmp_path / "clinic", canary)]
    assert left == [], "patient data outlived the finished visit"
