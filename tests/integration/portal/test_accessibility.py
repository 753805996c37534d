"""WCAG 2.2 AA on every state of the page by axe-core, in light and dark; and that everything fits a small screen."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from carena_protocol.messages import Admit, Finish
from carena_protocol.verbs import Hold, Recall
from demo.browser import Patient, patient
from demo.clinic import Clinic
from tests.integration.portal.desk import Desk, Talk, desk
from tests.integration.portal.rooms import ALL_FIELDS, room

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

AXE: Final = Path(__file__).resolve().parents[3] / "node_modules" / "axe-core" / "axe.min.js"
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE: Final = ViewportSize(width=1180, height=760)
NARROW: Final = ViewportSize(width=360, height=740)

Arrive = Callable[..., Patient]


class Inspector:
    """Holds each state of a page against the rules, and collects what breaks one."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: list[str] = []
        self.states: list[str] = []

    def look(self, state: str) -> None:
        """Inspect what is shown now: axe in light and dark, and the width at 360 px with text at 100 and 200 %."""
        page = self.page
        self.states.append(state)
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE.read_text("utf-8"))
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            self.found += [f"{state}, {scheme}: {broken}" for broken in violations(page)]
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(NARROW)
        for size in ("100%", "200%"):
            page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > NARROW["width"]:
                self.found.append(f"{state}: {width} px wide on a screen of 360 px at {size}")
        page.evaluate("document.documentElement.style.fontSize = ''")
        page.set_viewport_size(WIDE)


def violations(page: Page) -> list[str]:
    """Return what axe finds, one line each."""
    result: dict[str, Any] = page.evaluate(
        "tags => window.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })",
        TAGS,
    )
    assert result["passes"], "axe checked nothing"
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']!r}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


@pytest.fixture(scope="module")
def staff(place: Clinic) -> Iterator[Desk]:
    """Return a signed-in clinician."""
    with desk(place) as signed_in:
        yield signed_in


def test_the_rules_find_what_is_broken(visitor: Arrive) -> None:
    """The inspection itself fails for a nameless button, a weak contrast and a page that is too wide."""
    page = visitor().page
    inspector = Inspector(page)
    page.evaluate(
        """() => {
            const button = document.createElement('button');
            const faint = Object.assign(document.createElement('p'), { textContent: 'faint' });
            faint.style.color = '#ddd';
            faint.style.inlineSize = '900px';
            document.querySelector('#check-in').append(button, faint);
        }"""
    )
    inspector.look("spoiled")
    for sign in ("button-name", "color-contrast", "px wide"):
        assert any(sign in line for line in inspector.found), sign


def test_every_state_of_the_check_in(place: Clinic, chromium: Browser) -> None:
    """Link problems, a closed room, the form as it comes, with every error, with red flags and with devices on."""
    with patient(chromium, place.visit_link(reusable=True)) as person:
        page = person.page
        inspector = Inspector(page)
        page.goto(f"{place.url}/visit")
        expect(page.get_by_role("heading", name="This page needs your visit link")).to_be_visible()
        inspector.look("no link")
        with room(place, hours=[{"day": 1, "start": "00:00", "to": "00:01"}], closed_text="Call 555-0100."):
            page.goto("about:blank")
            person.open()
            expect(page.get_by_role("heading", name="The waiting room is closed")).to_be_visible()
            inspector.look("closed")
        with room(place, fields=ALL_FIELDS):
            page.get_by_role("button", name="Try again").click()
            expect(page.get_by_role("heading", name="Check in for your visit")).to_be_visible()
            inspector.look("check-in")
            page.get_by_role("button", name="Join the waiting room").click()
            page.get_by_role("checkbox", name="Severe bleeding").check()
            expect(page.get_by_text("Enter your name.")).to_be_visible()
            inspector.look("check-in with errors")
            page.get_by_role("button", name="Turn on camera").click()
            expect(page.locator("#check-in-readiness").get_by_text("Microphone works")).to_be_visible()
            inspector.look("check-in with devices")
        assert inspector.found == []


def test_every_state_of_waiting_and_visit(visitor: Arrive, staff: Desk) -> None:
    """Waiting, messages, questions, absence, call back, hold, visit and end."""
    person = visitor()
    page = person.page
    person.check_in("Test Inspected", "1968-03-14", "Cough", camera=True)
    inspector = Inspector(page)
    inspector.look("waiting")
    page.get_by_text("Tell the clinic if something changed").click()
    page.get_by_role("checkbox", name="Fainting or confusion").check()
    inspector.look("something changed")
    talk = Talk(staff, "Test Inspected")
    talk.say("Please have your medicines at hand.")
    page.get_by_role("textbox", name="Message", exact=True).fill("I will.")
    page.get_by_role("button", name="Send").click()
    talk.hear()
    expect(page.get_by_text("I will.")).to_be_visible()
    inspector.look("waiting with messages")
    talk.close()
    page.get_by_role("button", name="Leave").click()
    inspector.look("question before leaving")
    page.get_by_role("button", name="Stay").click()
    page.get_by_role("button", name="Step away and keep my place").click()
    inspector.look("question how long")
    page.get_by_role("button", name="Step away", exact=True).click()
    expect(page.get_by_role("heading", name="You have stepped away")).to_be_visible()
    staff.verb(Recall, "Test Inspected")
    expect(page.get_by_role("alert").filter(has_text="It is your turn")).to_be_visible()
    inspector.look("called back")
    page.get_by_role("button", name="I am back").click()
    expect(page.get_by_role("heading", name="You are in the waiting room")).to_be_visible()
    staff.verb(Admit, "Test Inspected")
    person.wait_for_visit()
    inspector.look("visit")
    staff.verb(Hold, "Test Inspected")
    expect(page.get_by_role("heading", name="Your visit is on hold")).to_be_visible()
    inspector.look("on hold")
    staff.verb(Finish, "Test Inspected")
    expect(page.get_by_role("heading", name="The visit has ended")).to_be_visible()
    inspector.look("over")
    assert inspector.found == []


def test_forced_colours_keep_what_colour_alone_would_say(visitor: Arrive) -> None:
    """With the system's own colours the level, the lamps and the marks are drawn, and no word is lost."""
    page = visitor().page
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    page.get_by_role("button", name="Turn on camera").click()
    panel = page.locator("#check-in-devices")
    expect(panel.get_by_text("Your microphone works.")).to_be_visible()
    for selector in ("#check-in-devices .meter span", "#check-in-readiness .ready-title"):
        drawn = page.evaluate(
            """selector => {
                const style = (e, pseudo) => getComputedStyle(e, pseudo).backgroundColor;
                const target = document.querySelector(selector);
                const mark = target.matches('span') ? style(target) : style(target, '::before');
                return [mark, style(document.querySelector('#check-in'))];
            }""",
            selector,
        )
        assert drawn[0] != drawn[1], f"{selector} is not seen"
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")


def test_the_whole_way_by_keyboard(visitor: Arrive, staff: Desk) -> None:
    """Waiting, a message, an absence, the return and the end need no pointer, and the focus is always seen."""
    person = visitor()
    page = person.page
    person.check_in("Test Keyboard", "1968-03-14", "Cough", camera=False)
    expect(page.get_by_role("heading", name="You are in the waiting room")).to_be_focused()
    talk = Talk(staff, "Test Keyboard")
    go(page, "waiting-message")
    page.keyboard.type("By keyboard")
    page.keyboard.press("Enter")
    assert talk.hear()["text"] == "By keyboard"
    talk.close()
    go(page, "step-out")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#step-out")).to_be_focused()
    page.keyboard.press("Enter")
    go(page, "away-minutes")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You have stepped away")).to_be_focused()
    go(page, "back")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You are in the waiting room")).to_be_focused()
    go(page, "leave")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Leave waiting room")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The visit has ended")).to_be_focused()


def go(page: Page, wanted: str) -> None:
    """Press Tab until an element has the focus, which has to be seen there and on the way."""
    for _ in range(60):
        if page.evaluate("document.activeElement.id") == wanted:
            return
        page.keyboard.press("Tab")
        outline = page.evaluate(
            "document.activeElement === document.body ? '2px' : getComputedStyle(document.activeElement).outlineWidth"
        )
        assert re.match(r"[1-9]", outline), page.evaluate("document.activeElement.outerHTML.slice(0, 80)")
    raise AssertionError(f"{wanted} is not reached by Tab")
