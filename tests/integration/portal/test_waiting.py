"""The waiting room of the page against the real server and a member of staff: every state, and a reload in each."""

import datetime as dt
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from carena_protocol.messages import Admit, Finish, QueueEntry, VisitState
from carena_protocol.verbs import Claim, Hold, Merge, NoShow, Recall, Resume, ReturnToQueue, StepAway, Transfer
from demo.browser import Patient, patient
from demo.clinic import Clinic
from tests.e2e.scene import eventually
from tests.integration.portal.desk import Desk, Talk, desk
from tests.integration.portal.rooms import INSURER, room

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

Arrive = Callable[..., Patient]


@pytest.fixture(scope="module")
def staff(place: Clinic) -> Iterator[Desk]:
    """Return a signed-in clinician."""
    with desk(place) as signed_in:
        yield signed_in


@pytest.fixture
def waiting(visitor: Arrive, request: pytest.FixtureRequest) -> Patient:
    """Return a patient in the waiting room, with a name of the test's own."""
    person = visitor()
    person.check_in(name_of(request), "1968-03-14", "Cough", camera=False)
    return person


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """Return the name of the waiting patient."""
    return name_of(request)


def name_of(request: pytest.FixtureRequest) -> str:
    """Return a name that says nothing and is unique in this run."""
    return f"Patient {abs(hash(request.node.name)) % 10_000_000}"


def heading(page: Page, text: str) -> None:
    """Wait for a heading that is seen."""
    expect(page.get_by_role("heading", name=text)).to_be_visible()


def test_the_clinic_reads_what_the_patients_test_gave(waiting: Patient, staff: Desk, name: str) -> None:
    """Camera, microphone, browser, connection and consent reach the row, as measured and heard, not as hoped."""
    page = waiting.page
    row = staff.entry(name, lambda entry: entry.readiness is not None).readiness
    assert row is not None
    assert (row.camera, row.microphone, row.browser, row.consent) == ("untested", "untested", "ok", True)
    page.get_by_role("button", name="Turn on camera").click()
    tested = staff.entry(
        name, lambda e: e.readiness is not None and e.readiness.camera == "ok" and e.readiness.microphone == "ok"
    ).readiness
    assert tested is not None
    measured = staff.entry(name, lambda e: e.readiness is not None and e.readiness.network != "untested").readiness
    assert measured is not None
    assert (measured.bandwidth_kbps or 0) > 1000
    assert measured.round_trip_ms is not None
    expect(page.locator("#waiting-readiness").get_by_text("Everything is ready.")).to_be_visible()
    page.reload()
    expect(page.locator("#waiting-readiness").get_by_text("Camera works")).to_be_visible()


def test_another_language_while_waiting_takes_no_consent_back(waiting: Patient, staff: Desk, name: str) -> None:
    """What was agreed to at check-in stands, and nothing else is told to the clinic."""
    page = waiting.page
    page.get_by_label("Language", exact=True).select_option(label="Español")
    expect(page.locator("#waiting-readiness").get_by_text("Usted aceptó la visita")).to_be_visible()
    page.get_by_role("button", name="Encender cámara").click()
    row = staff.entry(name, lambda entry: entry.readiness is not None and entry.readiness.camera == "ok")
    assert row.readiness is not None
    assert row.readiness.consent


def test_the_page_says_who_will_be_there(waiting: Patient, staff: Desk, name: str) -> None:
    """The team in words at first, by name once somebody has claimed the patient."""
    page = waiting.page
    expect(page.locator("#who")).to_have_text("The clinic's team is here.")
    staff.verb(Claim, name)
    expect(page.locator("#who")).to_have_text(re.compile("Dr Casey Demo.* will see you"))
    expect(page.locator("#estimate")).to_be_visible()


def test_stepping_away_keeps_the_place_and_the_clinic_can_call_back(waiting: Patient, staff: Desk, name: str) -> None:
    """Away with the devices off, called back by sound, words and title, and there again by one press."""
    page = waiting.page
    page.get_by_role("button", name="Turn on camera").click()
    page.get_by_role("button", name="Step away and keep my place").click()
    page.get_by_label("Minutes").select_option("15")
    page.get_by_role("button", name="Step away", exact=True).click()
    heading(page, "You have stepped away")
    expect(page.locator("#waiting-text")).to_contain_text("It is kept until")
    expect(page.locator("#waiting-devices [data-part=camera-lamp]")).to_have_text("Camera off")
    page.reload()
    heading(page, "You have stepped away")
    staff.verb(Recall, name)
    expect(page.get_by_role("alert").filter(has_text="It is your turn")).to_be_visible()
    expect(page).to_have_title(re.compile("^It is your turn!"))
    page.get_by_role("button", name="I am back").click()
    heading(page, "You are in the waiting room")
    assert staff.entry(name, lambda entry: entry.state is VisitState.RETURNED)


WATCHED = """
const told = (window.told = []);
const Real = window.Notification;
window.Notification = class extends Real {
  constructor(title, options) { super(title, options); told.push(title); }
};
"""
HIDE = "Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })"


def told(page: Page, count: int) -> None:
    """Wait for so many notifications; asked from outside, as the page's policy forbids Playwright's own waiting."""
    eventually(lambda: page.evaluate("told.length") == count, f"{count} notifications")


def test_a_page_in_the_background_calls_by_a_notification(
    place: Clinic, chromium: Browser, staff: Desk, name: str
) -> None:
    """Who agreed is notified of a message, of the call back and of the visit while the page is behind others.

    No notification says a name; without the agreement there is none, and the page offers it.
    """
    with patient(chromium, place.visit_link(), permissions=("notifications",)) as person:
        person.context.add_init_script(WATCHED)
        person.open()
        person.check_in(name, "1968-03-14", "Cough", camera=False)
        page = person.page
        expect(page.get_by_text("This device notifies you while this page is open")).to_be_visible()
        expect(page.get_by_role("button", name="Notify me when it is my turn")).to_be_hidden()
        page.evaluate(HIDE)
        talk = Talk(staff, name)
        talk.say("Ten minutes.")
        told(page, 1)
        talk.close()
        page.get_by_role("button", name="Step away and keep my place").click()
        page.get_by_role("button", name="Step away", exact=True).click()
        heading(page, "You have stepped away")
        staff.verb(Recall, name)
        told(page, 2)
        page.get_by_role("button", name="I am back").click()
        heading(page, "You are in the waiting room")
        staff.verb(Admit, name)
        told(page, 3)
        assert page.evaluate("told") == [
            "A message for you. Come back to the page.",
            "It is your turn. Come back to the page.",
            "Your visit begins. Come back to the page.",
        ]


def test_notifications_are_offered_and_a_refusal_is_said(visitor: Arrive, name: str) -> None:
    """Until the person has decided there is a button; who refuses in the browser reads what still works."""
    person = visitor(permissions=())
    person.page.evaluate(
        """() => {
          Object.defineProperty(Notification, "permission", { get: () => window.said ?? "default" });
          Notification.requestPermission = async () => (window.said = "denied");
        }"""
    )
    person.check_in(name, "1968-03-14", "Cough", camera=False)
    person.page.get_by_role("button", name="Notify me when it is my turn").click()
    expect(person.page.get_by_text("Your browser shows no notifications of this page.")).to_be_visible()


def test_opening_the_link_again_is_being_back(place: Clinic, chromium: Browser, staff: Desk, name: str) -> None:
    """Who stepped away and opens the same link again needs no further press."""
    link = place.visit_link()
    with patient(chromium, link) as person:
        person.open()
        person.check_in(name, "1968-03-14", "Cough", camera=False)
        person.page.get_by_role("button", name="Step away and keep my place").click()
        person.page.get_by_role("button", name="Step away", exact=True).click()
        heading(person.page, "You have stepped away")
        person.page.goto("about:blank")
        person.page.goto(link)
        heading(person.page, "You are in the waiting room")
        assert staff.entry(name, lambda entry: entry.state is VisitState.RETURNED)


def test_staying_is_possible_when_asked_how_long(waiting: Patient) -> None:
    """The question about the absence can be taken back."""
    waiting.page.get_by_role("button", name="Step away and keep my place").click()
    waiting.page.get_by_role("button", name="Stay").click()
    heading(waiting.page, "You are in the waiting room")


def test_hold_absence_and_the_way_back_to_the_waiting_room(waiting: Patient, staff: Desk, name: str) -> None:
    """A visit on hold, one whose clinician stepped away, and one that returns to the queue each say what goes on."""
    page = waiting.page
    staff.verb(Admit, name)
    waiting.wait_for_visit()
    staff.verb(Hold, name)
    heading(page, "Your visit is on hold")
    expect(page.locator("#waiting-text")).to_contain_text("Nobody sees or hears you")
    page.reload()
    heading(page, "Your visit is on hold")
    staff.verb(Resume, name)
    waiting.wait_for_visit()
    staff.verb(StepAway, name, minutes=10)
    heading(page, "The clinician has stepped away")
    staff.verb(Resume, name)
    waiting.wait_for_visit()
    staff.verb(ReturnToQueue, name)
    heading(page, "You are in the waiting room")
    expect(page.get_by_text("The visit goes on here.")).to_be_visible()


def test_a_transfer_names_the_colleague(waiting: Patient, staff: Desk, place: Clinic, name: str) -> None:
    """Who was handed over reads to whom, in the waiting room again."""
    with desk(place, place.add_user("second", "clinician", "Dr Sam Second")) as colleague:
        staff.verb(Admit, name)
        waiting.wait_for_visit()
        staff.verb(Transfer, name, user=colleague.account, note="Please go on")
        expect(waiting.page.locator("#moved")).to_contain_text("Dr Sam Second")
        expect(waiting.page.locator("#who")).to_contain_text("Dr Sam Second")
        heading(waiting.page, "You are in the waiting room")


def test_a_finished_visit_is_over_also_after_a_reload(waiting: Patient, staff: Desk, name: str) -> None:
    """The end says that it was finished, with everything off, and says it again when the page is loaded again."""
    page = waiting.page
    staff.verb(Admit, name)
    waiting.wait_for_visit()
    staff.verb(Finish, name)
    for _ in range(2):
        heading(page, "The visit has ended")
        expect(page.locator("#over-text")).to_have_text("The clinician has finished the visit.")
        page.reload()
    page.evaluate("sessionStorage.clear()")
    page.reload()
    expect(page.locator("#over-text")).to_have_text("The clinician has finished the visit.")


def test_a_patient_who_was_not_found_reads_so_and_can_come_back(
    place: Clinic, chromium: Browser, staff: Desk, name: str
) -> None:
    """A no-show is told to the page that comes back without the link; the link itself leads to the check-in again."""
    link = place.visit_link(reusable=True)
    with patient(chromium, link) as person:
        person.open()
        person.check_in(name, "1968-03-14", "Cough", camera=False)
        person.page.goto("about:blank")
        staff.entry(name, lambda entry: entry.presence == "reconnecting")
        staff.verb(NoShow, name)
        person.page.goto(f"{place.url}/visit")
        heading(person.page, "You were called and could not be reached")
        expect(person.page.get_by_text("Open your visit link again")).to_be_visible()
        person.page.goto("about:blank")
        person.open()
        heading(person.page, "Check in for your visit")


def test_who_loses_the_connection_reads_that_the_place_is_kept(
    place: Clinic, chromium: Browser, staff: Desk, name: str
) -> None:
    """While the server keeps the place the page says until when; it comes back by itself, to the same place."""
    with patient(chromium, place.visit_link()) as person:
        page, sockets = person.page, list[WebSocketRoute]()

        def through(socket: WebSocketRoute) -> None:
            sockets.extend((socket, socket.connect_to_server()))

        page.route_web_socket(re.compile("/ws$"), through)
        person.open()
        person.check_in(name, "1968-03-14", "Cough", camera=False)
        before = page.locator("#place").text_content()
        expect(page.locator("#lost")).to_be_hidden()
        page.route("**/api/v1/**", lambda route: route.abort())
        sockets[0].close(code=1001)  # the page's end, and the server's
        sockets[1].close(code=1000)
        expect(page.locator("#lost")).to_contain_text("Your place is kept until")
        staff.entry(name, lambda entry: entry.presence == "reconnecting")
        page.unroute("**/api/v1/**")
        expect(page.locator("#lost")).to_be_hidden(timeout=30_000)
        staff.entry(name, lambda entry: entry.presence == "connected")
        expect(page.locator("#place")).to_have_text(before or "-")


def test_a_double_arrival_is_told_which_page_goes_on(visitor: Arrive, staff: Desk, name: str) -> None:
    """Merged arrivals: one goes on, the other one says so."""
    first, second = visitor(), visitor()
    first.check_in(name, "1968-03-14", "Cough", camera=False)
    kept = staff.entry(name)
    second.check_in(name, "1968-03-14", "Cough", camera=False)

    def arrived() -> list[QueueEntry]:
        return [entry for entry in staff.entries.values() if entry.name == name]

    def tested(entry: QueueEntry) -> bool:
        return entry.readiness is not None and entry.readiness.network != "untested"

    staff.until(lambda: sum(tested(entry) for entry in arrived()) == 2)  # from here on nothing changes by itself
    other = next(entry for entry in arrived() if entry.visit != kept.visit)
    staff.verb(Merge, name, other=other.visit, other_version=other.version)
    heading(second.page, "You had checked in twice")
    heading(first.page, "You are in the waiting room")


def test_staff_and_patient_write_while_waiting(waiting: Patient, staff: Desk, name: str) -> None:
    """What was written before anybody looked arrives, answers are read, and a reload begins anew without a loss."""
    page = waiting.page
    page.get_by_role("textbox", name="Message", exact=True).fill("Is it still long?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Not sent yet")).to_be_visible()
    staff.entry(name, lambda entry: entry.chat == "requested")
    talk = Talk(staff, name)
    assert talk.hear()["text"] == "Is it still long?"
    expect(page.locator("#waiting-chat-state")).to_have_text(
        re.compile("Encrypted between this page and .*Dr Casey Demo")
    )
    expect(page.get_by_text("Delivered")).to_be_visible()
    line = talk.say("Ten minutes. <b>Sit</b> down, please.")
    expect(page.get_by_text("Ten minutes. <b>Sit</b> down, please.")).to_be_visible()
    assert talk.hear() == {"t": "received", "id": line}
    talk.close()
    expect(page.locator("#waiting-chat-state")).to_contain_text("has closed the messages")
    assert waiting.errors == []


def test_lines_nobody_looks_at_are_counted(waiting: Patient, staff: Desk, name: str) -> None:
    """On a small screen a new line out of sight shows as a button and in the title until it is looked at."""
    page = waiting.page
    page.set_viewport_size({"width": 360, "height": 500})
    page.evaluate("scrollTo(0, 0)")
    talk = Talk(staff, name)
    talk.say("Are you there?")
    button = page.get_by_role("button", name="1 new message")
    expect(button).to_be_visible()
    expect(page).to_have_title(re.compile(r"^\(1\) "))
    button.click()
    expect(page.get_by_text("Are you there?")).to_be_in_viewport()
    expect(button).to_be_hidden()
    expect(page).not_to_have_title(re.compile(r"^\("))
    talk.close()


def test_the_check_in_asks_what_the_room_wants(place: Clinic, visitor: Arrive, staff: Desk, name: str) -> None:
    """Required, optional, absent and own fields; what was said reaches the clinic."""
    asked = dict.fromkeys(("language", "interpreter", "red_flags"), "optional")
    fields = {**asked, "call_back": "required", "location": "off", "own": [INSURER]}
    with room(place, fields=fields):
        page = visitor().page
        expect(page.get_by_label("Where are you now?")).to_be_hidden()
        page.get_by_label("Your name").fill(name)
        page.get_by_label("Date of birth").fill("1968-03-14")
        page.get_by_label("Reason for visit").fill("Cough")
        page.get_by_role("checkbox", name="I agree").check()
        page.get_by_role("button", name="Join the waiting room").click()
        expect(page.get_by_label("Call-back number")).to_be_focused()
        expect(page.get_by_text("Please answer this.")).to_be_visible()
        page.get_by_label("Call-back number").fill("+1 509 555 0142")
        page.get_by_label("Insurance").select_option("None")
        page.get_by_label("Language you want to speak").select_option("ase")
        page.get_by_label("I need an interpreter").check()
        page.get_by_role("checkbox", name="Chest pain or pressure").check()
        expect(page.get_by_role("alert").filter(has_text="call 911")).to_be_visible()
        page.get_by_role("button", name="Join the waiting room").click()
        heading(page, "You are in the waiting room")
    row = staff.entry(name)
    assert (row.language, row.interpreter, list(row.red_flags)) == ("ase", True, ["chest_pain"])


def test_a_patient_who_gets_worse_tells_it_and_no_earlier_sign_is_lost(
    waiting: Patient, staff: Desk, name: str
) -> None:
    """Red flags ticked while waiting reach the row beside those of before, also after a reload; nothing is scored."""
    page = waiting.page
    page.get_by_text("Tell the clinic if something changed").click()
    page.get_by_role("button", name="Tell the clinic").click()
    expect(page.get_by_text("Tick or write what changed first.")).to_be_visible()
    page.get_by_role("checkbox", name="Fainting or confusion").check()
    expect(page.get_by_role("alert").filter(has_text="call 911")).to_be_visible()
    page.get_by_role("button", name="Tell the clinic").click()
    expect(page.get_by_text("The clinic was told.")).to_be_visible()
    staff.entry(name, lambda entry: list(entry.red_flags) == ["fainting"])
    page.reload()
    page.get_by_text("Tell the clinic if something changed").click()
    page.get_by_role("checkbox", name="Severe bleeding").check()
    page.get_by_label("Telephone to reach you now").fill("none")
    page.get_by_role("button", name="Tell the clinic").click()
    expect(page.get_by_text("This can't be a telephone number.")).to_be_visible()
    page.get_by_label("Telephone to reach you now").fill("+1 509 555 0100")
    page.get_by_role("button", name="Tell the clinic").click()
    row = staff.entry(name, lambda entry: set(entry.red_flags) == {"fainting", "severe_bleeding"})
    assert row.acuity is None


def test_a_closed_room_says_when_it_opens_and_looks_again(place: Clinic, chromium: Browser) -> None:
    """The site's words, the time, what to do in an emergency, and the check-in as soon as it is open."""
    never = [{"day": dt.datetime.now(dt.UTC).isoweekday() % 7 + 1, "start": "08:00", "to": "08:01"}]
    with patient(chromium, place.visit_link()) as person:
        spanish = {"es": "Llame al 555-0100."}
        with room(place, hours=never, closed_text="Call 555-0100\nfor an appointment.", closed_texts=spanish):
            person.open()
            heading(person.page, "The waiting room is closed")
            expect(person.page.locator("#closed-opens")).to_have_text(re.compile(r"It opens: .*\d"))
            expect(person.page.get_by_text("for an appointment.")).to_be_visible()
            expect(person.page.get_by_text("call 911")).to_be_visible()
            person.page.get_by_label("Language", exact=True).select_option(label="Español")
            expect(person.page.get_by_text("Llame al 555-0100.")).to_be_visible()
            person.page.get_by_label("Idioma", exact=True).select_option(label="English")
        person.page.get_by_role("button", name="Try again").click()
        heading(person.page, "Check in for your visit")
