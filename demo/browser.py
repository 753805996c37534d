"""The patient's side: the real portal in Chromium, with a generated camera and microphone.

Controls are found by role and accessible name only. Figures come from frames that were presented and packets that
arrived, read out of the page's own peer connection and video element, without any help of the portal's code.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, expect, sync_playwright

from demo.media import patient_media
from demo.processes import MissingProgramError

ROOT: Final = Path(__file__).resolve().parent.parent
MEDIA_CACHE: Final = ROOT / ".cache"
PROGRAMS: Final = ("chromium", "google-chrome-stable", "google-chrome", "chromium-browser", "microsoft-edge")
WAIT_MS: Final = 20_000
PERMISSIONS: Final = ("camera", "microphone")
PROBE: Final = (Path(__file__).resolve().parent / "probe.js").read_text(encoding="utf-8")


def chromium() -> str:
    """Return the path of a Chromium; raises MissingProgramError."""
    if chosen := os.environ.get("CARENA_CHROMIUM"):
        return chosen
    for name in PROGRAMS:
        if path := shutil.which(name):
            return path
    raise MissingProgramError("not installed: chromium (scripts/setup installs it)")


@contextmanager
def browser(*, camera: bool = True, extra: Sequence[str] = ()) -> Iterator[Browser]:
    """Run headless Chromium for the length of the block.

    Args:
        camera: Whether it has (generated) devices at all.
        extra: More command-line switches.
    """
    pictures, sound = patient_media(MEDIA_CACHE)
    switches = [
        "--no-sandbox",
        "--disable-gpu",
        "--autoplay-policy=no-user-gesture-required",
        "--disable-features=WebRtcHideLocalIpsWithMdns",
        *extra,
    ]
    if camera:
        switches += [
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={pictures}",
            f"--use-file-for-fake-audio-capture={sound}",
        ]
    with sync_playwright() as playwright:
        launched = _launch(playwright, switches)
        try:
            yield launched
        finally:
            launched.close()


def _launch(playwright: Playwright, switches: list[str]) -> Browser:
    return playwright.chromium.launch(executable_path=chromium(), args=switches, headless=True)


class Patient:
    """A person with the visit link open in a browser of their own."""

    def __init__(self, context: BrowserContext, link: str) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.page.set_default_timeout(WAIT_MS)
        self.console: list[str] = []
        self.errors: list[str] = []
        self.page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self._link = link

    def open(self) -> None:
        """Open the link."""
        self.page.goto(self._link)

    def check_in(self, name: str, birth_date: str, reason: str, *, camera: bool = True) -> None:
        """Fill the form, agree, test the camera and join the waiting room."""
        self.page.get_by_label("Your name").fill(name)
        self.page.get_by_label("Date of birth").fill(birth_date)
        self.page.get_by_label("Reason for visit").fill(reason)
        self.page.get_by_role("checkbox", name="I agree").check()
        if camera:
            self.page.get_by_role("button", name="Turn on camera").click()
            expect(self.page.get_by_role("button", name="Stop camera")).to_be_visible(timeout=WAIT_MS)
        # Results of the test move what is below them: a press that begins on the button must end there.
        again = self.page.get_by_role("button", name="Test the connection again")
        expect(again).to_be_enabled(timeout=WAIT_MS)
        self.page.get_by_role("button", name="Join the waiting room").click()
        expect(self.page.get_by_role("button", name="Leave")).to_be_visible(timeout=WAIT_MS)

    def wait_for_visit(self, timeout_ms: int = WAIT_MS) -> None:
        """Wait until the visit is on the screen."""
        expect(self.page.get_by_role("button", name="End visit")).to_be_visible(timeout=timeout_ms)

    def rejoin(self) -> None:
        """Come back into the visit after a reload, and turn camera and microphone on again."""
        self.wait_for_visit()
        for name in ("Start camera", "Unmute microphone"):
            self.page.get_by_role("button", name=name).click()

    def say(self, text: str) -> None:
        """Write a line of chat."""
        self.page.get_by_role("textbox", name="Message", exact=True).fill(text)
        self.page.get_by_role("button", name="Send").click()

    def wait_to_see(self, text: str, timeout_ms: int = WAIT_MS) -> None:
        """Wait until a text is on the page."""
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=timeout_ms)

    def visit_ended(self, timeout_ms: int = WAIT_MS) -> bool:
        """Wait until the visit is no longer on the screen."""
        expect(self.page.get_by_role("button", name="End visit")).to_be_hidden(timeout=timeout_ms)
        return True

    def remote_frame_number(self) -> int | None:
        """Return the frame number that can be read in the clinician's picture now."""
        number: int | None = self.page.evaluate("window.carenaProbe.frameNumber()")
        return number

    def screen_frame_number(self) -> int | None:
        """Return the frame number in the clinician's shared screen as it is shown now, None without one."""
        number: int | None = self.page.evaluate("window.carenaProbe.screenNumber()")
        return number

    def share_screen(self) -> None:
        """Share what the browser chooses for us, past our own question."""
        self.page.get_by_role("button", name="Share screen").click()
        self.page.get_by_role("button", name="Choose what to share").click()

    def frames_presented(self) -> int:
        """Return how many of the clinician's pictures were presented since the page was loaded."""
        return int(self.page.evaluate("window.carenaProbe.framesPresented()"))

    def tone(self, hertz: float, milliseconds: int = 1000) -> float:
        """Listen to the clinician; return the share of the energy that a frequency had at best, 0 to 1."""
        return float(self.page.evaluate("([h, ms]) => window.carenaProbe.tone(h, ms)", [hertz, milliseconds]))

    def figures(self) -> dict[str, Any]:
        """Return the peer connection's own counters (RTCStatsReport) in short."""
        found: dict[str, Any] = self.page.evaluate("window.carenaProbe.figures()")
        return found

    def screenshot(self, path: Path) -> None:
        """Save a picture of the page."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)

    def leave(self) -> None:
        """Close the page without saying anything."""
        try:
            self.context.close()
        except Error:
            return  # the browser is gone already


@contextmanager
def patient(
    launched: Browser, link: str, *, permissions: Sequence[str] = ("camera", "microphone"), locale: str = "en-US"
) -> Iterator[Patient]:
    """Give a patient a fresh profile with the probe installed, for the length of the block."""
    context = launched.new_context(
        ignore_https_errors=True, permissions=list(permissions), viewport={"width": 1180, "height": 760}, locale=locale
    )
    context.add_init_script(PROBE)
    person = Patient(context, link)
    try:
        yield person
    finally:
        person.leave()
