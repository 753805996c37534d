"""A whole visit: what one side shows and says, the other side sees, hears and reads."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from demo import media
from demo.browser import patient
from demo.clinic import Clinic, Site, clinic
from demo.desktop import desktop
from demo.relay import Relay
from demo.sound import loudspeaker
from tests.e2e.scene import GENERATED, assert_moving, begin_visit, eventually, numbers

pytestmark = [pytest.mark.e2e, pytest.mark.gui, pytest.mark.timeout(180)]

CLINICIAN_TONE_HZ = 440
NAME = "Test Patient"
FILM = media.FPS * media.SECONDS


def test_a_visit_from_sign_in_to_its_end(place: Clinic, chromium: Browser, tmp_path: Path) -> None:
    """Both see the other's moving picture, hear the other's tone and read the other's lines, on a direct path."""
    with (
        loudspeaker(tmp_path / "sound") as speaker,
        desktop(tmp_path / "desktop", extra_env=GENERATED | speaker.env) as window,
        patient(chromium, place.visit_link()) as person,
    ):
        begin_visit(window, place, person, NAME)

        eventually(lambda: window.frame_number() is not None, "the patient's picture")
        eventually(lambda: person.remote_frame_number() is not None, "the clinician's picture")
        assert_moving(numbers(window.frame_number), FILM)
        assert_moving(numbers(person.remote_frame_number))
        eventually(lambda: window.figures()["remote_audio_frames_per_s"] > 45, "the patient's sound")
        assert speaker.tone(media.TONE_HZ, 4.5) > 0.8, "the patient's tone in the clinician's loudspeaker"
        assert person.tone(CLINICIAN_TONE_HZ, 2000) > 0.8, "the clinician's tone at the patient"

        window.type("Message", "How are you today?")
        window.click("Send")
        person.wait_to_see("How are you today?")
        person.say("Much better, thank you.")
        window.wait_to_see("Much better, thank you.")

        assert window.figures()["path"] == "direct"
        assert window.figures()["srtp_profile"].startswith("SRTP_")
        window.click("End visit")
        assert person.visit_ended()
        window.wait_for("Waiting room", "table")
        assert person.errors == []


def test_a_visit_through_the_relay_only(turn: Relay, chromium: Browser, tmp_path: Path) -> None:
    """A site that forbids direct paths gets its pictures and sound both ways through coturn."""
    with (
        clinic(tmp_path / "clinic", turn, Site(relay_only=True)) as place,
        desktop(tmp_path / "desktop", extra_env=GENERATED) as window,
        patient(chromium, place.visit_link()) as person,
    ):
        begin_visit(window, place, person, NAME)

        eventually(lambda: window.frame_number() is not None, "the patient's picture")
        assert_moving(numbers(window.frame_number), FILM)
        assert_moving(numbers(person.remote_frame_number))
        eventually(lambda: window.figures()["path"] == "relayed", "a relayed path")
        assert person.figures()["localCandidate"] == "relay"
        assert turn.allocations >= 2
