"""Comparing the safety code in a visit, as a person does it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from carena_desktop.call.model import CallState, EndReason, SecurityView, Verification
from tests.unit.ui.conftest import LiveScene, activate, settle
from tests.unit.ui.test_call_page import connect

CODE = SecurityView(
    Verification.UNVERIFIED, ("🐙", "🚲", "🔔", "🌵"), ("octopus", "bicycle", "bell", "cactus"), "482913", 3
)
DAY_MS = 86_400_000


def words(scene: LiveScene) -> list[str]:
    """Everything that can be read on the card."""
    found = scene.window.call.side.code.findChildren(QLabel)
    return [part.text() for part in found if part.isVisibleTo(scene.window.call)]


def compared(scene: LiveScene) -> list[object]:
    """What was answered."""
    return [what for verb, what in scene.call.asked if verb == "verify"]


async def test_the_keyboard_alone_is_enough(live_scene: LiveScene, qtbot: QtBot) -> None:
    """C shows the code, a screen reader gets its words, Escape puts it away, and nothing was answered by that."""
    connect(live_scene)
    live_scene.call.push(security=CODE)
    page, card = live_scene.window.call, live_scene.window.call.side.code
    activate(live_scene.window)
    page.mute.setFocus()
    settle()
    qtbot.keyClick(page.mute, Qt.Key.Key_C)
    settle()
    assert card.isVisible()
    assert card.accessibleName() == "Safety code: octopus, bicycle, bell, cactus, 4 8 2 9 1 3"
    assert {"482 913", "octopus", "bicycle", "bell", "cactus"} <= set(words(live_scene))
    qtbot.keyClick(card, Qt.Key.Key_Escape)
    assert card.isHidden()
    assert compared(live_scene) == []


@pytest.mark.parametrize(("button", "answer"), [("same", True), ("different", False)])
async def test_an_answer_is_given_once(live_scene: LiveScene, button: str, answer: bool) -> None:
    """A press on either button says just that, and closes the card."""
    connect(live_scene)
    live_scene.call.push(security=CODE)
    live_scene.window.call.safety.click()
    card = live_scene.window.call.side.code
    getattr(card, button).click()
    settle()
    assert compared(live_scene) == [answer]
    assert card.isHidden()


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (CODE, "Encrypted, not verified."),
        (replace(CODE, verification=Verification.CHANGED), "another one than earlier"),
        (replace(CODE, verification=Verification.VERIFIED, verified_at_ms=1_800_000_000_000), "Verified with"),
    ],
)
async def test_the_card_says_what_is_known(live_scene: LiveScene, view: SecurityView, said: str) -> None:
    """Not compared, another device, or compared on a day: each in words; what was compared is not asked again."""
    connect(live_scene)
    live_scene.call.push(security=view)
    card = live_scene.window.call.side.code
    if card.isHidden():  # another device asks by itself
        live_scene.window.call.safety.click()
    assert said in card.accessibleDescription()
    assert any(said in line for line in words(live_scene))
    assert card.same.isVisibleTo(card) is (view.verification is not Verification.VERIFIED)


async def test_an_unsafe_call_offers_no_way_on(live_scene: LiveScene) -> None:
    """The call that was stopped says why, takes the card away and has no "Rejoin"."""
    connect(live_scene)
    live_scene.call.push(security=CODE)
    live_scene.window.call.safety.click()
    live_scene.call.push(state=CallState.ENDED, end_reason=EndReason.UNSAFE)
    settle()
    page = live_scene.window.call
    assert page.side.code.isHidden()
    assert "This call was not safe and was stopped" in [part.text() for part in page.findChildren(QLabel)]
    assert not page.stage.centre.rejoin.isVisibleTo(page)
