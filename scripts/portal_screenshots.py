"""Take pictures of the patient's page in every state, from the real server in a real browser, into a folder.

    python -m scripts.portal_screenshots FOLDER [--only NAME] [--looks light,dark,narrow,forced,es]

Needs a Chromium; starts a server of its own. The people are made up.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, ViewportSize, expect

from carena_protocol.messages import Admit, Finish
from carena_protocol.verbs import Claim, Hold, Recall
from demo.browser import Patient, browser, patient
from demo.clinic import Clinic, clinic
from tests.integration.portal.desk import Desk, Talk, desk
from tests.integration.portal.rooms import ALL_FIELDS, room

WIDE: Final = ViewportSize(width=1180, height=760)
NARROW: Final = ViewportSize(width=360, height=740)
LOOKS: Final[dict[str, dict[str, Any]]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"color_scheme": "light", "size": NARROW},
    "large": {"color_scheme": "light", "text": "200%"},
    "forced": {"color_scheme": "dark", "forced_colors": "active"},
    "es": {"color_scheme": "light", "language": "es"},
}
NAME: Final = "Alex Example"


class Stage:
    """A patient, a member of staff, and where the pictures go."""

    def __init__(self, folder: Path, looks: list[str], only: str, person: Patient, staff: Desk) -> None:
        self._folder, self._looks, self._only = folder, looks, only
        self.person, self.page, self.staff = person, person.page, staff

    def shoot(self, name: str) -> None:
        """Take the state's pictures in every look that is wanted."""
        if not name.startswith(self._only):
            return
        for look in self._looks:
            with dressed(self.page, **LOOKS[look]):
                path = self._folder / f"{name}-{look}.png"
                self.page.screenshot(path=path, full_page=True)
                print(path)


@contextmanager
def dressed(
    page: Page,
    *,
    color_scheme: Any,
    forced_colors: Any = "none",
    size: Any = WIDE,
    text: str = "",
    language: str = "en",
) -> Iterator[None]:
    """Give the page a look for the length of the block."""
    page.emulate_media(color_scheme=color_scheme, forced_colors=forced_colors)
    page.set_viewport_size(size)
    page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
    if language != "en":
        page.locator("#language").evaluate(CHOOSE, language)
        expect(page.locator("html")).to_have_attribute("lang", language)
    page.wait_for_timeout(300)  # pictures and fonts settle
    yield
    if language != "en":
        page.locator("#language").evaluate(CHOOSE, "en")
        expect(page.locator("html")).to_have_attribute("lang", "en")
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.emulate_media(color_scheme="light", forced_colors="none")
    page.set_viewport_size(WIDE)


TWO_PICTURES: Final = """() => {
  const painted = (draw) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 1280, height: 720 });
    const context = canvas.getContext("2d");
    const stream = canvas.captureStream(5);
    setInterval(() => draw(context), 200);
    return stream;
  };
  const page = (context) => {
    context.fillStyle = "#3d5a73"; context.fillRect(0, 0, 1280, 720);
    context.fillStyle = "#fff"; context.fillRect(320, 60, 640, 660);
    context.fillStyle = "#1d2730"; context.font = "32px sans-serif";
    context.fillText("Home blood pressure, last two weeks", 360, 130, 560);
    ["Mon 142 / 88", "Wed 138 / 86", "Fri 145 / 91"].forEach((line, at) => context.fillText(line, 360, 200 + at * 50));
  };
  const face = (context) => {
    context.fillStyle = "#b9ac9a"; context.fillRect(0, 0, 1280, 720);
    context.fillStyle = "#e8edf0"; context.beginPath(); context.arc(640, 800, 330, 0, 7); context.fill();
    context.fillStyle = "#d69b73"; context.beginPath(); context.arc(640, 310, 150, 0, 7); context.fill();
  };
  document.getElementById("screen-a").srcObject = painted(page);
  document.getElementById("remote-a").srcObject = painted(face);
  for (const id of ["screen-a", "remote-a"]) void document.getElementById(id).play();
  document.getElementById("overlay").textContent = "";
  const shown = { picture: "on", screen: "on", large: "screen", state: "active" };
  Object.assign(document.getElementById("stage").dataset, shown);
  for (const id of ["swap", "share", "screen-lamp", "share-note"]) document.getElementById(id).hidden = false;
  const notice = "You are sharing your screen. The clinician sees everything that is on it.";
  document.getElementById("share-note").textContent = notice;
  Object.assign(document.getElementById("screen-lamp"), { textContent: "Screen shared" }).dataset.tone = "live";
  document.getElementById("screen-lamp").dataset.icon = "screen";
}"""
"""What the page shows of a visit with both pictures, without a desktop at its other end."""
CHOOSE: Final = """(select, tag) => { select.value = tag; select.dispatchEvent(new Event('change')); }"""


def before(stage: Stage, place: Clinic) -> None:
    """Closed, the form, its errors."""
    page = stage.page
    hours = [{"day": 1, "start": "00:00", "to": "00:01"}]
    with room(place, hours=hours, closed_text="For an appointment, call 555-0100."):
        stage.person.open()
        page.get_by_role("heading", name="The waiting room is closed").wait_for()
        stage.shoot("closed")
    with room(place, fields=ALL_FIELDS):
        page.get_by_role("button", name="Try again").click()
        page.get_by_role("heading", name="Check in for your visit").wait_for()
        page.get_by_role("button", name="Turn on camera").click()
        expect(page.locator("#check-in-readiness").get_by_text("Microphone works")).to_be_visible()
        stage.shoot("check-in")
        page.get_by_role("button", name="Join the waiting room").click()
        page.get_by_role("checkbox", name="Chest pain or pressure").check()
        stage.shoot("check-in-errors")
        page.get_by_label("Call-back number").fill("+1 509 555 0142")
        page.get_by_label("Where are you now?").fill("12 Sample Street")
        page.get_by_label("Insurance").select_option("None")
        stage.person.check_in(NAME, "1968-03-14", "Cough for three days", camera=False)


def waiting(stage: Stage) -> None:
    """The waiting room, messages, absence, hold."""
    page, staff = stage.page, stage.staff
    stage.shoot("waiting")
    staff.verb(Claim, NAME)
    talk = Talk(staff, NAME)
    talk.say("Hello Alex, please have your medicines at hand.")
    page.get_by_role("textbox", name="Message", exact=True).fill("Thank you, I have them here.")
    page.get_by_role("button", name="Send").click()
    while talk.hear()["t"] != "line":
        pass
    expect(page.get_by_text("Delivered")).to_be_visible()
    stage.shoot("messages")
    talk.close()
    page.get_by_role("button", name="Step away and keep my place").click()
    stage.shoot("how-long")
    page.get_by_role("button", name="Step away", exact=True).click()
    page.get_by_role("heading", name="You have stepped away").wait_for()
    staff.verb(Recall, NAME)
    expect(page.get_by_role("alert").filter(has_text="It is your turn")).to_be_visible()
    stage.shoot("called-back")
    page.get_by_role("button", name="I am back").click()
    page.get_by_role("heading", name="You are in the waiting room").wait_for()


def visit(stage: Stage) -> None:
    """The visit before the desktop answers, on hold, and over."""
    stage.staff.verb(Admit, NAME)
    stage.person.wait_for_visit()
    stage.shoot("visit")
    stage.page.evaluate(TWO_PICTURES)
    stage.shoot("two-pictures")
    stage.page.evaluate("document.getElementById('stage').dataset.large = 'camera'")
    stage.shoot("two-pictures-swapped")
    stage.staff.verb(Hold, NAME)
    stage.page.get_by_role("heading", name="Your visit is on hold").wait_for()
    stage.shoot("hold")
    stage.staff.verb(Finish, NAME)
    stage.page.get_by_role("heading", name="The visit has ended").wait_for()
    stage.shoot("over")


def run(launched: Browser, place: Clinic, staged: Callable[[Patient, Desk], Stage]) -> None:
    """Play one patient's way through the page."""
    with patient(launched, place.visit_link(reusable=True)) as person, desk(place) as staff:
        stage = staged(person, staff)
        before(stage, place)
        waiting(stage)
        visit(stage)


def main() -> None:
    """Take what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--looks", default=",".join(LOOKS))
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    looks = options.looks.split(",")
    with tempfile.TemporaryDirectory() as folder, clinic(Path(folder), None) as place, browser() as launched:
        run(launched, place, lambda person, staff: Stage(options.folder, looks, options.only, person, staff))


if __name__ == "__main__":
    main()
