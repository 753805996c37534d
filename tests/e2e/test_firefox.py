"""Firefox as the browser: with its hook off nothing plays, and files go both ways through changes of the leg."""

from pathlib import Path
from typing import Any

import pytest

from demo.browser import PROBE
from demo.clinic import Clinic
from demo.desktop import desktop
from demo.firefox import FirefoxPatient, firefox_patient
from demo.steps import sign_in
from tests.e2e.scene import GENERATED, admit, eventually
from tests.e2e.transfers import COUNTER, OFTEN, pass_both_ways

pytestmark = [pytest.mark.e2e, pytest.mark.gui, pytest.mark.adversary, pytest.mark.timeout(240)]

NAME = "Test Patient"
HOOK_OFF = """
for (const end of [RTCRtpSender, RTCRtpReceiver]) {
  Object.defineProperty(end.prototype, "transform", { get: () => null, set: () => {} });
}
"""
"""Frames pass by the portal's worker: Firefox sends and plays them as they are."""


class InFirefox:
    """The page (``transfers.Page``)."""

    def __init__(self, person: FirefoxPatient, downloads: Path) -> None:
        self._person = person
        self._downloads = downloads

    def attach(self, path: Path) -> None:
        """Choose a file."""
        self._person.choose_file("file-input", path)

    def press(self, words: str) -> None:
        """Press a button."""
        self._person.press(words)

    def evaluate(self, expression: str) -> Any:
        """Ask the page."""
        return self._person.evaluate(expression)

    def download(self) -> Path:
        """Save, and wait until Firefox has written it."""
        self._person.press("Save")

        def whole() -> Path | None:
            found = [path for path in self._downloads.iterdir() if path.suffix == ".pdf" and path.stat().st_size]
            return found[0] if found and not list(self._downloads.glob("*.part")) else None

        found: Path = eventually(whole, "the download")
        return found


def test_firefox_seals_or_is_not_seen_and_sends_and_receives_files(place: Clinic, tmp_path: Path) -> None:
    """The canary with the hook off, both ways; then a visit whose files survive the replacement of the connection."""
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    link = place.visit_link(reusable=True)
    with (
        desktop(tmp_path / "desktop", extra_env=GENERATED | OFTEN) as window,
        firefox_patient(tmp_path / "firefox.log", (PROBE, COUNTER), downloads=downloads) as person,
    ):
        sign_in(window, place)
        hook_off = person.before_its_own(HOOK_OFF)
        person.check_in(link, NAME)
        admit(window, NAME)
        eventually(lambda: window.figures()["unopened"] > 100, "dropped frames", 40)
        assert window.figures()["remote_frames"] == 0
        assert person.evaluate("window.carenaProbe.framesPresented()") == 0
        assert person.evaluate("window.carenaProbe.figures()")["audioPackets"] > 50, "sealed frames were to come"
        window.click("End visit")

        person.wait("document.body.dataset.section === 'over'", "the end")
        person.forget(hook_off)
        person.check_in(link, "Another Patient")
        admit(window, "Another Patient")
        eventually(lambda: window.figures()["remote_frames"] > 30, "pictures", 40)
        pass_both_ways(window, InFirefox(person, downloads), tmp_path / "outside")
        assert window.figures()["unopened"] == 0
