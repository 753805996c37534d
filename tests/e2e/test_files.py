"""Files pass between the two and nowhere else, over a connection that is lost in the middle."""

import secrets
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from demo.browser import WAIT_MS, Patient, patient
from demo.clinic import Clinic
from demo.desktop import Desktop, desktop
from demo.steps import choose_file
from tests.e2e.scene import GENERATED, begin_visit, eventually
from tests.e2e.test_canary import files_with, logs
from tests.e2e.transfers import COUNTER, OFTEN, pass_both_ways

pytestmark = [pytest.mark.e2e, pytest.mark.gui, pytest.mark.timeout(240)]

NAME = "Test Patient"
LARGE = 12 * 1024 * 1024


def attach(person: Patient, button: str, path: Path) -> None:
    """Press a button of the page that asks for a file, and choose one."""
    with person.page.expect_file_chooser() as chooser:
        person.page.get_by_role("button", name=button).click()
    chooser.value.set_files(path)


def lose_connection(window: Desktop) -> None:
    """End the process that carries the call, as a crash would."""
    children = psutil.Process(window.pid).children(recursive=True)
    media = [child for child in children if any("spawn_main" in part for part in child.cmdline())]
    assert len(media) == 1, [child.name() for child in media]
    media[0].kill()


def moved(window: Desktop) -> int:
    """Return how many percent of the file that arrives are here."""
    captions = [text for text in window.texts() if "receiving," in text]
    return int(captions[0].rpartition("receiving, ")[2].split()[0]) if captions else 0


@pytest.fixture
def chosen(tmp_path: Path) -> "Chosen":
    """Return files to send, each with a mark in its name and its bytes."""
    return Chosen(tmp_path / "outside")


class Chosen:
    """Files of both people, in a folder that is neither the desktop's nor the server's."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.mark = f"canary{secrets.token_hex(4)}"
        self.scan, self.letter = folder / f"{self.mark}-scan.pdf", folder / f"{self.mark}-letter.pdf"
        self.photo, self.saved = folder / f"{self.mark}.jpg", folder / "saved.pdf"
        self.scan.write_bytes(b"%PDF-1.7 " + self.mark.encode() + secrets.token_bytes(LARGE))
        self.letter.write_bytes(b"%PDF-1.7 " + self.mark.encode() * 3000)
        Image.new("RGB", (3000, 2000), "teal").save(self.photo, comment=self.mark.encode())


def receive_and_save(window: Desktop, person: Patient, chosen: Chosen) -> None:
    """The patient's file comes through a connection that is lost in the middle, and is saved."""
    attach(person, "Attach a file", chosen.scan)
    window.click("Show files")
    window.click("Receive file")
    eventually(lambda: moved(window) >= 10, "the beginning of the file")
    leg = window.figures()["leg"]
    lose_connection(window)
    window.wait_to_see("not saved yet", 60)
    assert window.figures()["leg"] > leg
    window.click("Save file")
    choose_file(window, chosen.saved)
    eventually(chosen.saved.exists, "the saved file")
    assert chosen.saved.read_bytes() == chosen.scan.read_bytes()


def send_and_download(window: Desktop, person: Patient, chosen: Chosen) -> None:
    """The clinician's file goes out, and the patient saves it."""
    window.click("Send file")
    choose_file(window, chosen.letter)
    person.page.get_by_role("button", name="Receive").click()
    save = person.page.get_by_role("button", name="Save")
    expect(save).to_be_visible(timeout=WAIT_MS)
    with person.page.expect_download() as download:
        save.click()
    assert download.value.suggested_filename == chosen.letter.name
    assert download.value.path().read_bytes() == chosen.letter.read_bytes()


def test_files_go_both_ways_through_a_lost_connection(
    place: Clinic, chromium: Browser, tmp_path: Path, chosen: Chosen
) -> None:
    """What each side chose arrives byte for byte, resumed by a new leg; names and bytes stand in no log and no file."""

    def hits() -> list[str]:
        return [hit for part in ("desktop", "clinic") for hit in files_with(tmp_path / part, chosen.mark)]

    with (
        desktop(tmp_path / "desktop", extra_env=GENERATED) as window,
        patient(chromium, place.visit_link()) as person,
    ):
        begin_visit(window, place, person, NAME)
        eventually(lambda: window.figures()["remote_frames"] > 0, "a frame")
        receive_and_save(window, person, chosen)
        send_and_download(window, person, chosen)
        window.click("Ask for a photo")
        attach(person, "Choose a photo", chosen.photo)
        window.click("Preview picture")
        window.click("Close picture")
        during = hits()
        window.click("End visit")
        window.click("End and delete them")
        assert person.visit_ended()
        assert person.errors == []
    place.stop()
    written = logs(tmp_path)
    assert {path.name for path in written} >= {"desktop.log", "server.log"}, written
    assert during == []
    assert hits() == []
    assert not list((tmp_path / "desktop").rglob("carena-received-*"))


class InChromium:
    """The page (``transfers.Page``)."""

    def __init__(self, person: Patient) -> None:
        self._person = person

    def attach(self, path: Path) -> None:
        """Choose a file."""
        attach(self._person, "Attach a file", path)

    def press(self, words: str) -> None:
        """Press a button."""
        self._person.page.get_by_role("button", name=words).click()

    def evaluate(self, expression: str) -> Any:
        """Ask the page."""
        return self._person.page.evaluate(expression)

    def download(self) -> Path:
        """Save what came."""
        with self._person.page.expect_download() as download:
            self.press("Save")
        return download.value.path()


def test_files_go_both_ways_through_planned_replacements(place: Clinic, chromium: Browser, tmp_path: Path) -> None:
    """Legs are replaced under two large files: both arrive byte for byte, and what had arrived is not sent again."""
    with (
        desktop(tmp_path / "desktop", extra_env=GENERATED | OFTEN) as window,
        patient(chromium, place.visit_link()) as person,
    ):
        person.context.add_init_script(COUNTER)
        begin_visit(window, place, person, NAME)
        eventually(lambda: window.figures()["remote_frames"] > 0, "a frame")
        pass_both_ways(window, InChromium(person), tmp_path / "outside")
        assert window.figures()["unopened"] == 0
        assert person.errors == []
