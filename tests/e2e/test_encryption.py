"""End-to-end encryption as two people have it, and what comes of a server or a page that lies."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, WebSocketRoute, expect

from demo.browser import Patient, patient
from demo.clinic import Clinic
from demo.desktop import Desktop, desktop
from demo.steps import sign_in
from tests.e2e.scene import GENERATED, begin_visit, check_in_and_admit, eventually

pytestmark = [pytest.mark.e2e, pytest.mark.gui, pytest.mark.adversary, pytest.mark.timeout(180)]

NAME = "Test Patient"
Lie = Callable[[dict[str, Any]], dict[str, Any] | None]
"""Changes what is relayed; None swallows it."""

OPEN_WORKER = """
onrtctransform = ({ transformer }) => transformer.readable.pipeTo(transformer.writable);
onmessage = ({ data }) => postMessage({ id: data.id, counts: {} });
"""
"""A worker that passes every frame as it is: what a hook that was left out would do."""


def code_of_patient(person: Patient) -> tuple[list[str], str]:
    """Return the names and the digits that the page shows."""
    expect(person.page.locator("#safety")).to_be_visible(timeout=20_000)
    found = re.search(r"code: (.*) · (\d{3} \d{3})", person.page.locator("#safety").inner_text())
    assert found is not None
    return found[1].split(", "), found[2]


def lying_server(person: Patient, to_patient: Lie, to_desktop: Lie) -> list[str]:
    """Stand between the page and the server; return the kinds of signal that were relayed, in order."""
    seen: list[str] = []

    def changed(text: str | bytes, lie: Lie) -> str | None:
        message = json.loads(text)
        data = message.get("data")
        if not isinstance(data, dict) or "t" not in data:
            return str(text)
        seen.append(data["t"])
        lied = lie(dict(data))
        return None if lied is None else json.dumps({**message, "data": lied})

    def between(page: WebSocketRoute) -> None:
        server = page.connect_to_server()
        page.on_message(lambda text: server.send(said) if (said := changed(text, to_desktop)) is not None else None)
        server.on_message(lambda text: page.send(said) if (said := changed(text, to_patient)) is not None else None)

    person.context.route_web_socket(re.compile("wss://"), between)
    return seen


def honest(signal: dict[str, Any]) -> dict[str, Any]:
    """Change nothing."""
    return signal


def test_both_see_the_same_code_and_one_comparison_is_remembered(
    place: Clinic, chromium: Browser, tmp_path: Path
) -> None:
    """The code is the same in the window and on the page; once compared, the visit says so, with name and date."""
    with (
        desktop(tmp_path / "desktop", extra_env=GENERATED) as window,
        patient(chromium, place.visit_link()) as person,
    ):
        begin_visit(window, place, person, NAME)
        names, digits = code_of_patient(person)

        window.click("Safety code")
        window.wait_for("Codes match", "button")
        texts = window.texts()
        assert digits in texts
        assert [name for name in names if name.lower() in texts] == names
        window.click("Codes match")
        window.click("Safety code")
        window.wait(lambda: any("verified with" in text for text in window.texts()), "verified")
        eventually(lambda: window.figures()["remote_frames"] > 30, "pictures")
        assert window.figures()["unopened"] == 0


def test_a_link_made_in_the_window_is_part_of_the_keys(place: Clinic, chromium: Browser, tmp_path: Path) -> None:
    """Both ends say so, and that ML-KEM took part; the server never saw the part of the link that is for the keys."""
    with desktop(tmp_path / "desktop", extra_env=GENERATED) as window:
        sign_in(window, place)
        window.click("Copy visit link")
        link = eventually(lambda: str(window.ask("clipboard")), "a link")
        server, _, ours = link.partition("#")[2].partition(".")
        assert (len(server), len(ours)) == (22, 22)
        asked: list[str] = []
        with patient(chromium, link) as person:
            person.context.on("request", lambda request: asked.append(f"{request.url} {request.post_data or ''}"))
            person.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: asked.append(str(frame))))
            check_in_and_admit(window, person, NAME)
            person.wait_for_visit()
            code_of_patient(person)
            person.page.get_by_text("How this visit is protected").click()
            person.wait_to_see("its secret is part of the keys")
            person.wait_to_see("X25519 + ML-KEM-768")
            person.wait_to_see("AES_256_GCM")
            person.screenshot(tmp_path / "patient.png")
            window.click("Safety code")
            window.click("Security of this visit")
            window.wait(lambda: any("secret is part of the keys" in text for text in window.texts()), "the panel")
            assert "x25519 + ml-kem-768" in window.texts()
            assert person.page.locator("#trust").is_hidden()
        assert any(server in text for text in asked), "the check-in was not seen"
        assert not any(ours in text for text in asked)


def test_another_computer_than_last_time_is_said(place: Clinic, chromium: Browser, tmp_path: Path) -> None:
    """The browser that met one workstation tells the patient when the next visit is with another."""
    with patient(chromium, place.visit_link(reusable=True)) as person:
        for folder, visits in (("one", ["", ""]), ("other", ["another one than last time"])):
            with desktop(tmp_path / folder, extra_env=GENERATED) as window:
                sign_in(window, place)
                for said in visits:
                    check_in_and_admit(window, person, NAME)
                    person.wait_for_visit()
                    code_of_patient(person)
                    eventually(lambda: window.figures()["remote_frames"] > 0, "pictures")
                    shown = person.page.locator("#trust").inner_text()
                    assert said in shown
                    assert bool(said) is bool(shown)
                    window.click("End visit")
                    assert person.visit_ended()


def test_a_site_forces_the_exact_srtp_suite(place: Clinic, chromium: Browser, tmp_path: Path) -> None:
    """A policy that allows AES-128 with HMAC-SHA1-80 alone is what both ends show, and the two see each other."""
    settings = tmp_path / "desktop" / "session" / "xdg_config_home" / "carena-desktop" / "settings.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"SrtpProfiles": ["SRTP_AES128_CM_SHA1_80"]}))
    with (
        desktop(tmp_path / "desktop", extra_env=GENERATED) as window,
        patient(chromium, place.visit_link()) as person,
    ):
        begin_visit(window, place, person, NAME)
        code_of_patient(person)
        eventually(lambda: window.figures()["remote_frames"] > 30, "pictures")
        assert window.figures()["srtp_profile"] == "SRTP_AES128_CM_SHA1_80"
        person.page.get_by_text("How this visit is protected").click()
        person.wait_to_see("SHA1_80")


def test_codes_that_differ_stop_the_call(place: Clinic, chromium: Browser, tmp_path: Path) -> None:
    """The clinician hears another code: both windows say that it was not safe, and neither offers to go on."""
    with (
        desktop(tmp_path / "desktop", extra_env=GENERATED) as window,
        patient(chromium, place.visit_link()) as person,
    ):
        begin_visit(window, place, person, NAME)
        code_of_patient(person)
        window.click("Safety code")
        window.click("Codes differ")

        window.wait_to_see("This call was not safe and was stopped")
        person.wait_to_see("could not be made sure that nobody listens")
        assert window.find("Rejoin", "button") is None
        eventually(lambda: window.figures()["camera"] == "off", "a closed camera")


def swap(kind: str, **changes: Callable[[Any], Any]) -> Lie:
    """Change members of one kind of signal."""

    def lie(signal: dict[str, Any]) -> dict[str, Any]:
        if signal["t"] == kind:
            signal.update({name: change(signal[name]) for name, change in changes.items()})
        return signal

    return lie


def is_stopped(window: Desktop, person: Patient) -> bool:
    """Return whether the window says so; the lying server, which lives in our browser's loop, is let speak first."""
    person.page.wait_for_timeout(50)
    return "this call was not safe and was stopped" in window.texts()


def one_letter(text: str) -> str:
    """Return a text with its tenth character another one."""
    return text[:9] + ("A" if text[9] != "A" else "B") + text[10:]


def other_share(hello: dict[str, str]) -> dict[str, str]:
    """Return a hello whose share is somebody else's, under the signature it had."""
    content = json.loads(hello["h"])
    return {
        **hello,
        "h": json.dumps({name: one_letter(value) if name == "x" else value for name, value in content.items()}),
    }


@pytest.mark.parametrize(
    ("to_patient", "to_desktop"),
    [
        pytest.param(swap("offer", commit=one_letter), honest, id="commitment"),
        pytest.param(swap("reveal", hello=other_share), honest, id="clinician's share"),
        pytest.param(honest, swap("answer", hello=other_share), id="patient's share"),
    ],
)
def test_a_server_that_changes_keys_is_caught(
    place: Clinic, chromium: Browser, tmp_path: Path, to_patient: Lie, to_desktop: Lie
) -> None:
    """A changed commitment or share stops both for good, before one frame was shown on either side."""
    with (
        desktop(tmp_path / "desktop", extra_env=GENERATED) as window,
        patient(chromium, place.visit_link()) as person,
    ):
        seen = lying_server(person, to_patient, to_desktop)
        sign_in(window, place)
        check_in_and_admit(window, person, NAME)

        person.wait_to_see("could not be made sure that nobody listens")
        eventually(lambda: is_stopped(window, person), "a window that has stopped")
        assert {"ready", "offer", "answer"} <= set(seen), "the lie was not in the way"
        assert window.figures()["remote_frames"] == 0
        assert person.frames_presented() == 0


def test_a_page_that_seals_nothing_is_neither_seen_nor_shown_anything(
    place: Clinic, chromium: Browser, tmp_path: Path
) -> None:
    """The canary: with the page's hook open its frames are counted and dropped, and ours are noise to it."""
    with (
        desktop(tmp_path / "desktop", extra_env=GENERATED) as window,
        patient(chromium, place.visit_link()) as person,
    ):
        person.context.route(
            re.compile(r"/e2ee/worker\.js"),
            lambda route: route.fulfill(body=OPEN_WORKER, content_type="text/javascript"),
        )
        begin_visit(window, place, person, NAME)

        eventually(lambda: window.figures()["unopened"] > 50, "dropped frames")
        assert window.figures()["remote_frames"] == 0
        assert person.frames_presented() == 0
