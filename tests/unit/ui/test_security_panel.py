"""The panel that says how a visit is protected: in words that are true, for eyes and ears, by the keyboard alone."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from carena_desktop.call.model import CallFigures, CallSnapshot, Path, SecurityView, Verification
from carena_desktop.call.suites import FRAMES
from carena_desktop.ui.pages.call.security_reading import protection
from carena_protocol.e2ee.key_schedule import LinkUse
from tests.unit.ui.conftest import LiveScene, activate, settle
from tests.unit.ui.test_call_page import connect
from tests.unit.ui.test_safety_card import CODE

NOW = 1_800_000_000_000
FIGURES = CallFigures(
    path=Path.RELAYED,
    relay="192.0.2.17:443",
    relay_transport="tls",
    srtp_profile="SRTP_AEAD_AES_256_GCM",
    dtls_version="DTLSv1.2",
    dtls_cipher="ECDHE-ECDSA-AES128-GCM-SHA256",
)
SECURE = replace(CODE, device="3F9A 0C71 B2E8 55D4", is_post_quantum=True, link=LinkUse.USED, renews_at_ms=NOW + 16_200)


def said(security: SecurityView = SECURE, figures: CallFigures = FIGURES) -> tuple[str, dict[str, str]]:
    """The sentences as one text, and the table."""
    call = CallSnapshot(leg=2, next_leg_at_ms=NOW + 492_000, security=security, figures=figures)
    found = protection(call, "Test Patient", NOW)
    return " ".join(fact.words for fact in found.facts), {line.name: line.value for line in found.lines}


def test_every_line_is_there() -> None:
    """Path, outer and inner encryption, key agreement, epoch and time to the next, leg, device, failures."""
    words, lines = said()
    assert "The service has no key." in words
    assert lines == {
        "Path": "relayed by 192.0.2.17:443 over TLS",
        "Outer encryption": "DTLSv1.2 · ECDHE-ECDSA-AES128-GCM-SHA256",
        "SRTP profile": "SRTP_AEAD_AES_256_GCM",
        "Frames": FRAMES,
        "Key agreement": "X25519 + ML-KEM-768",
        "Keys": "epoch 3 · next in 17 s",
        "Connection": "leg 2 · next in 08:12",
        "Patient's device": "3F9A 0C71 B2E8 55D4",
        "Frames not opened": "0",
    }


def test_a_spare_is_named() -> None:
    """A direct call that keeps a connection to the relay says so; whoever reads the firewall's log finds it."""
    call = CallSnapshot(leg=2, has_spare=True, security=SECURE)
    lines = {line.name: line.value for line in protection(call, "Test Patient", NOW).lines}
    assert lines["Spare connection"] == "ready, through the relay; carries nothing"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "Not verified: compare the safety code"),
        ({"verification": Verification.VERIFIED, "verified_at_ms": NOW}, "Verified with"),
        ({"verification": Verification.CHANGED}, "another one than earlier in this visit"),
        ({"link": LinkUse.USED}, "secret is part of the keys"),
        ({"link": LinkUse.UNKNOWN_TO_DESKTOP}, "the link was not made on this computer"),
        ({"link": LinkUse.ABSENT}, "the patient's page has none"),
        ({"link": LinkUse.UNKNOWN_TO_DESKTOP, "link_lost": True}, "protected this visit before and does not now"),
    ],
)
def test_each_state_has_its_sentence(change: dict[str, object], words: str) -> None:
    """What was verified, and what became of the link's secret; a loss is never shown as if it had never been there."""
    assert words in said(replace(SECURE, **change))[0]  # type: ignore[arg-type]  # a test names real fields


def test_nothing_is_claimed_that_is_not_so() -> None:
    """Without ML-KEM, a relay or measurements none of them is named; before keys there is no panel."""
    words, lines = said(replace(SECURE, is_post_quantum=False, renews_at_ms=None), CallFigures())
    assert lines["Key agreement"] == "X25519"
    assert not {"Path", "SRTP profile", "Outer encryption"} & lines.keys()
    assert "being measured" in words
    assert protection(CallSnapshot(), "", NOW) == protection(CallSnapshot(), "Test Patient", NOW)
    assert protection(CallSnapshot(), "", NOW).facts == ()


def test_the_paths_are_told_apart() -> None:
    """Direct, by our relay, by theirs."""
    assert said(figures=replace(FIGURES, path=Path.DIRECT))[1]["Path"] == "direct"
    theirs = replace(FIGURES, relay="", relay_transport="")
    assert said(figures=theirs)[1]["Path"] == "relayed at the patient's end"
    assert "can open nothing" in said(figures=theirs)[0]


def test_frames_that_could_not_be_opened_are_named() -> None:
    """Counted in the table always, in words from the first one on."""
    assert "could not be opened" not in said()[0]
    words, lines = said(figures=replace(FIGURES, unopened=7))
    assert "7 frames could not be opened. None was shown." in words
    assert lines["Frames not opened"] == "7"


async def test_the_keyboard_alone_opens_and_closes_it(live_scene: LiveScene, qtbot: QtBot) -> None:
    """E shows the panel, a screen reader gets all of it, E or Escape puts it away and the focus comes back."""
    connect(live_scene)
    live_scene.call.push(security=SECURE, figures=replace(live_scene.call.snapshot.figures, path=Path.DIRECT))
    page = live_scene.window.call
    panel = page.security.panel
    activate(live_scene.window)
    page.mute.setFocus()
    settle()
    for close in (Qt.Key.Key_E, Qt.Key.Key_Escape):
        qtbot.keyClick(page.mute, Qt.Key.Key_E)
        settle()
        assert panel.isVisible()
        assert panel.accessibleName() == "Security of this visit"
        assert "The service has no key." in panel.accessibleDescription()
        assert "Frames: SFrame" in panel.accessibleDescription()
        assert any("directly between" in line for line in panel.sentences)
        qtbot.keyClick(panel, close)
        settle()
        assert panel.isHidden()


async def test_the_code_is_a_step_away(live_scene: LiveScene) -> None:
    """The panel's button leads to the safety code; one of the two is shown, never both."""
    connect(live_scene)
    live_scene.call.push(security=SECURE)
    page = live_scene.window.call
    page.view_menu.security.trigger()
    assert page.security.panel.isVisible()
    page.security.panel.compare.click()
    assert page.side.code.isVisible()
    assert page.security.panel.isHidden()
    page.side.code.details.click()
    assert page.side.code.isHidden()
    assert page.security.panel.isVisible()
    page.security.panel.close_button.click()
    assert page.security.panel.isHidden()


@pytest.mark.parametrize(
    "worse",
    [
        replace(SECURE, verification=Verification.CHANGED),
        replace(SECURE, link=LinkUse.UNKNOWN_TO_DESKTOP, link_lost=True),
    ],
)
async def test_what_got_worse_asks_for_the_code_by_itself(live_scene: LiveScene, worse: SecurityView) -> None:
    """Another device, or a link's secret that is gone: the code is shown, once, and the keyboard stays where it was."""
    connect(live_scene)
    live_scene.call.push(security=SECURE)
    page = live_scene.window.call
    assert page.side.code.isHidden()
    live_scene.call.push(security=worse)
    assert page.side.code.isVisible()
    page.side.code.later.click()
    live_scene.call.push(security=replace(worse, epoch=9))
    assert page.side.code.isHidden()


async def test_the_time_to_the_next_keys_runs(live_scene: LiveScene) -> None:
    """Each tick counts down while the panel is seen."""
    connect(live_scene)
    live_scene.call.push(security=SECURE)
    page = live_scene.window.call
    page.security.flip(NOW)
    assert ("Keys", "epoch 3 · next in 17 s") in page.security.panel.lines
    page.security.tick(NOW + 10_000)
    assert ("Keys", "epoch 3 · next in 7 s") in page.security.panel.lines
    page.security.tick(NOW + 60_000)
    assert ("Keys", "epoch 3 · next in 0 s") in page.security.panel.lines
