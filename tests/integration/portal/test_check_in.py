"""What a patient does before the visit, in a real browser: the form, the devices, the waiting room."""

import re
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from demo.browser import Patient, patient
from demo.browser import chromium as chromium_path
from demo.clinic import Clinic
from tests.e2e.scene import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

Arrive = Callable[..., Patient]
NARROW = ViewportSize(width=360, height=740)


def fill(page: Page, **changed: str) -> None:
    """Fill the form with valid values but for the changed ones."""
    values = {"Your name": "Test Patient", "Date of birth": "1968-03-14", "Reason for visit": "Cough", **changed}
    for label, value in values.items():
        page.get_by_label(label).fill(value)


def tab_to(page: Page, wanted: str) -> set[str]:
    """Press Tab until the element with an id has the focus; return the words of what was passed by."""
    passed: set[str] = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == wanted:
            return passed
        passed.add(page.evaluate("document.activeElement.textContent.trim()"))
    raise AssertionError(f"{wanted} is not reached by Tab: {passed}")


def test_the_link_is_taken_out_of_the_address_bar(visitor: Arrive) -> None:
    """The secret is gone from the address, the history and the referrer as soon as the page has read it."""
    page = visitor().page
    assert "#" not in page.url
    assert page.evaluate("[location.hash, document.referrer]") == ["", ""]


WITHOUT = {
    "encoded transforms": "delete window.RTCRtpScriptTransform",
    "X25519": """
        const honest = SubtleCrypto.prototype.generateKey;
        SubtleCrypto.prototype.generateKey = function (algorithm, ...rest) {
          if (algorithm.name === "X25519") throw new DOMException("", "NotSupportedError");
          return honest.call(this, algorithm, ...rest);
        };
    """,
}


@pytest.mark.parametrize("missing", WITHOUT)
def test_a_browser_that_can_not_encrypt_is_refused_in_words(place: Clinic, chromium: Browser, missing: str) -> None:
    """Without what seals frames or agrees on keys there is no check-in and no call in clear, but help in words."""
    with patient(chromium, place.visit_link()) as person:
        person.context.add_init_script(WITHOUT[missing])
        person.open()
        person.wait_to_see("This browser is too old for a video visit")
        person.wait_to_see("current version of Chrome, Edge, Firefox or Safari")
        assert person.page.get_by_label("Your name").is_hidden()
        assert person.errors == []


def test_empty_form_names_each_missing_field_and_goes_to_the_first(visitor: Arrive) -> None:
    """Nothing is sent; every field says what it needs, for the eye and for a screen reader."""
    page = visitor().page
    page.get_by_role("button", name="Join the waiting room").click()
    expect(page.get_by_label("Your name")).to_be_focused()
    for label in ("Your name", "Date of birth", "Reason for visit"):
        expect(page.get_by_label(label)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("Please agree before you join.")).to_be_visible()
    fill(page)
    expect(page.get_by_label("Your name")).to_have_attribute("aria-invalid", "false")


@pytest.mark.parametrize(
    ("label", "value", "words"),
    [
        ("Your name", "   ", "Enter your name."),
        ("Date of birth", "2999-01-01", "This date can't be right."),
        ("Reason for visit", "  ", "Say in a few words"),
    ],
)
def test_one_wrong_field_keeps_what_was_entered_elsewhere(visitor: Arrive, label: str, value: str, words: str) -> None:
    """A refused form loses nothing."""
    page = visitor().page
    fill(page, **{label: value})
    page.get_by_role("checkbox", name="I agree").check()
    page.get_by_role("button", name="Join the waiting room").click()
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Test Patient" if label != "Your name" else value)
    expect(page.get_by_role("checkbox", name="I agree")).to_be_checked()


def test_hostile_text_stays_text(visitor: Arrive, place: Clinic) -> None:
    """Markup in a name or reason is neither executed here nor refused."""
    person = visitor()
    page = person.page
    fill(page, **{"Your name": "<img src=x onerror=alert(1)>", "Reason for visit": '"><script>alert(1)</script>'})
    page.get_by_role("checkbox", name="I agree").check()
    page.get_by_role("button", name="Join the waiting room").click()
    expect(page.get_by_role("button", name="Leave")).to_be_visible()
    assert person.errors == []
    assert place.url in page.url


def test_no_device_opens_before_the_click(visitor: Arrive) -> None:
    """Loading the page asks for nothing; the click opens both and shows the preview and the lamps."""
    page = visitor().page
    expect(page.locator("#check-in-devices [data-part=camera-lamp]")).to_have_text("Camera off")
    assert page.evaluate("[...document.querySelectorAll('video')].every((video) => video.srcObject === null)")
    page.get_by_role("button", name="Turn on camera").click()
    expect(page.locator("#check-in-devices [data-part=camera-lamp]")).to_have_text("Camera live")
    expect(page.locator("#check-in-devices [data-part=microphone-lamp]")).to_have_text("Microphone live")
    eventually(lambda: page.evaluate("document.querySelector('#check-in-devices video').videoWidth > 0"), "a picture")


def test_denied_devices_lead_to_a_clear_message_and_the_waiting_room(visitor: Arrive) -> None:
    """Refusing the camera is no dead end."""
    person = visitor(permissions=())
    page = person.page
    page.get_by_role("button", name="Turn on camera").click()
    expect(page.locator("#check-in-devices [data-part=note]")).to_contain_text("does not let the page use the camera")
    person.check_in("Test Patient", "1968-03-14", "Cough", camera=False)
    expect(page.locator("#waiting-devices [data-part=camera-lamp]")).to_have_text("Camera off")


def test_missing_devices_lead_to_a_clear_message(place: Clinic, chromium: Browser) -> None:
    """A computer without camera and microphone can still join."""
    bare = chromium.browser_type.launch(executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"])
    with closing(bare), patient(bare, place.visit_link()) as person:
        person.open()
        person.page.get_by_role("button", name="Turn on camera").click()
        expect(person.page.locator("#check-in-devices [data-part=note]")).to_contain_text("No camera was found")
        person.check_in("Test Patient", "1968-03-14", "Cough", camera=False)


def test_keyboard_alone_checks_in(visitor: Arrive) -> None:
    """Tab, typing, Space and Enter are enough to get into the waiting room."""
    page = visitor().page
    page.get_by_label("Your name").focus()
    page.keyboard.type("Test Patient")
    page.keyboard.press("Tab")
    page.keyboard.type("03141968")
    tab_to(page, "reason")
    page.keyboard.type("Cough")
    passed_by = tab_to(page, "agree")
    assert passed_by >= {"Turn on camera", "Microphone only", "Test the connection again"}
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You are in the waiting room")).to_be_focused()


def test_places_are_counted_and_move_up(visitor: Arrive) -> None:
    """The second to arrive is number 2, and next once the first has left."""
    first, second = visitor(), visitor()
    first.check_in("Test First", "1968-03-14", "Cough")
    second.check_in("Test Second", "1968-03-14", "Cough")
    expect(second.page.locator("#place")).to_have_text(re.compile(r"You are number \d+ of \d+\."))
    before = second.page.locator("#place").inner_text()
    first.page.get_by_role("button", name="Leave").click()
    first.page.get_by_role("button", name="Leave waiting room").click()
    expect(first.page.get_by_role("heading", name="The visit has ended")).to_be_visible()
    expect(second.page.locator("#place")).not_to_have_text(before)


def test_leaving_is_asked_and_can_be_taken_back(visitor: Arrive) -> None:
    """The place is not lost by a slip."""
    person = visitor()
    person.check_in("Test Patient", "1968-03-14", "Cough")
    person.page.get_by_role("button", name="Leave").click()
    person.page.get_by_role("button", name="Stay").click()
    expect(person.page.get_by_role("heading", name="You are in the waiting room")).to_be_visible()


def test_reload_keeps_the_place_without_the_link(visitor: Arrive) -> None:
    """The cookie alone brings a reloaded page back into the waiting room."""
    person = visitor()
    person.check_in("Test Patient", "1968-03-14", "Cough")
    person.page.reload()
    expect(person.page.get_by_role("heading", name="You are in the waiting room")).to_be_visible()
    expect(person.page.locator("#place")).to_contain_text("You are")


def test_a_used_single_link_says_so(place: Clinic, chromium: Browser) -> None:
    """A second person with a single-use link is told to ask for a new one."""
    link = place.visit_link(reusable=False)
    with patient(chromium, link) as first, patient(chromium, link) as second:
        first.open()
        second.open()
        second.page.get_by_role("heading", name="Check in for your visit").wait_for()
        first.check_in("Test First", "1968-03-14", "Cough", camera=False)
        fill(second.page)
        second.page.get_by_role("checkbox", name="I agree").check()
        second.page.get_by_role("button", name="Join the waiting room").click()
        expect(second.page.get_by_role("alert")).to_contain_text("not valid any more")
        expect(second.page.get_by_label("Your name")).to_have_value("Test Patient")


def test_page_without_a_link_explains_itself(place: Clinic, chromium: Browser) -> None:
    """The bare address is no dead end without words."""
    with patient(chromium, f"{place.url}/visit") as person:
        person.open()
        expect(person.page.get_by_role("heading", name="This page needs your visit link")).to_be_visible()


def test_a_second_window_takes_the_visit_over(visitor: Arrive) -> None:
    """The same browser in two windows: the newer one goes on, the older one says so."""
    person = visitor()
    person.check_in("Test Patient", "1968-03-14", "Cough")
    again = person.context.new_page()
    again.goto(person.page.url)
    expect(again.get_by_role("heading", name="You are in the waiting room")).to_be_visible()
    expect(person.page.get_by_role("heading", name="Open in another window")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_narrow_screens_need_no_sideways_scrolling(visitor: Arrive, scheme: Any) -> None:
    """At 360 px, and at 200 % text, nothing is wider than the screen, in either colour scheme."""
    person = visitor()
    page = person.page
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(NARROW)
    for size in ("100%", "200%"):
        page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_every_control_has_a_name(visitor: Arrive) -> None:
    """No button, field or picture is nameless for a screen reader."""
    page = visitor().page
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, input, textarea, video, [role]')]
            .filter((e) => !e.matches('[type=hidden]'))
            .filter((e) => !(e.labels?.length || e.getAttribute('aria-label') || e.getAttribute('aria-labelledby')
                || e.textContent.trim() || e.getAttribute('role') === 'status' || e.getAttribute('role') === 'alert'))
            .map((e) => e.id || e.outerHTML.slice(0, 60))"""
    )
    assert nameless == []


def test_nothing_breaks_the_content_policy(visitor: Arrive) -> None:
    """From load to waiting room the browser reports no violation and no script error, and asks only this server."""
    person = visitor()
    asked: list[str] = []
    person.page.on("request", lambda request: asked.append(request.url))
    person.check_in("Test Patient", "1968-03-14", "Cough")
    person.page.reload()
    expect(person.page.get_by_role("heading", name="You are in the waiting room")).to_be_visible()
    assert person.errors == []
    assert [line for line in person.console if "Content Security Policy" in line or "Refused" in line] == []
    host = person.page.evaluate("location.host")
    assert asked
    assert all(host in url or url.startswith("blob:") for url in asked)


SPY = """
window.seen = [];
const look = () => {
  const { height, top } = document.getElementById("join")?.getBoundingClientRect() ?? { height: 0, top: 0 };
  if (window.spying && height > 0 && (seen.length === 0 || Math.abs(seen.at(-1) - top) > 1.5)) seen.push(top);
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
"""Notes where on the screen the button stands in every frame, whenever that changes by more than a rounded pixel."""
PRESS = "name => [...document.querySelectorAll('#check-in button')].find((one) => one.textContent === name).click()"
"""By the page itself: a press of Playwright's scrolls."""


@pytest.mark.parametrize("anchoring", ["auto", "none"])
@pytest.mark.parametrize("size", [ViewportSize(width=1180, height=760), ViewportSize(width=1180, height=1600), NARROW])
def test_nothing_of_the_readiness_test_moves_the_button(
    place: Clinic, chromium: Browser, size: ViewportSize, anchoring: str
) -> None:
    """From the first measurement to the last, with devices that open and fail, Join stays where the finger is.

    Also in browsers that keep nothing in its place by themselves (CSS Scroll Anchoring).
    """
    with patient(chromium, place.visit_link()) as person:
        person.context.add_init_script(SPY)
        page = person.page
        page.set_viewport_size(size)
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/api/v1/probe*", hold)
        person.open()
        tests = page.locator("#check-in-readiness")
        expect(tests.get_by_text("Measuring the connection")).to_be_visible()
        join = page.get_by_role("button", name="Join the waiting room")
        page.evaluate("how => { document.documentElement.style.overflowAnchor = how }", anchoring)
        join.scroll_into_view_if_needed()
        page.evaluate("document.fonts.ready.then(() => { window.spying = true })")
        page.route("**/api/v1/probe*", lambda route: route.continue_())
        for probe in held:
            probe.continue_()
        expect(tests.get_by_text("Connection is good for video")).to_be_visible()
        page.evaluate(PRESS, "Turn on camera")
        expect(tests.get_by_text("Microphone works")).to_be_visible()
        expect(tests.get_by_text("Camera works")).to_be_visible()
        page.evaluate("document.getElementById('agree').click()")
        expect(tests.get_by_text("Everything is ready.")).to_be_visible()
        page.route("**/api/v1/probe*", lambda route: route.abort())
        page.evaluate(PRESS, "Test the connection again")
        expect(tests.get_by_text("Connection could not be measured")).to_be_visible()
        page.evaluate(PRESS, "Stop camera")
        expect(page.locator("#check-in-devices [data-part=camera-lamp]")).to_have_text("Camera off")
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert len(page.evaluate("seen")) == 1, page.evaluate("seen")
        expect(join).to_be_in_viewport()
