"""The second factor at sign-in and in the settings, passwords, sessions, emergency access."""

from collections.abc import AsyncIterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from segno import make_qr

from carena_desktop.session.failures import SessionError
from carena_desktop.session.model import SessionProblem, SessionState
from carena_desktop.ui.pages.account.enrol import Stage
from carena_desktop.ui.pages.account.section import AccountSection
from carena_desktop.ui.workspace import Workspace
from carena_protocol.errors import ErrorCode
from carena_protocol.staff_rest import SecondFactor, SecondFactorStatus
from tests.fakes.session import ACCOUNT, entry
from tests.fakes.staff import CODES, SECRET, URI
from tests.unit.ui.conftest import LiveScene, cell, clear_away, furnish, settle


@pytest.fixture
async def desk(live_scene: LiveScene, qapp: QApplication) -> AsyncIterator[Workspace]:
    """A window with lock, palette, settings and administration around it; nobody is signed in."""
    made = furnish(live_scene, qapp)
    yield made
    clear_away(made)


async def account(scene: LiveScene, desk: Workspace) -> AccountSection:
    """Sign in and open the account."""
    scene.online(entry(1))
    desk.settings.open_account()
    await scene.settled()
    return desk.settings.account


def fill(scene: LiveScene) -> None:
    """What a person types to sign in."""
    page = scene.window.sign_in
    page.server.setText("clinic.test")
    page.username.setText("alex")
    page.password.setText("correct horse")


async def test_the_code_is_asked_for_when_the_server_wants_it(
    live_scene: LiveScene, desk: Workspace, qtbot: QtBot
) -> None:
    """After a right password the code's field comes with the keyboard in it; the password need not be typed again."""
    assert desk.lock is not None
    page = live_scene.window.sign_in
    fill(live_scene)
    assert not page.code.isVisible()
    live_scene.session.problem = SessionProblem(ErrorCode.SECOND_FACTOR_REQUIRED)
    qtbot.mouseClick(page.sign_in, Qt.MouseButton.LeftButton)
    await live_scene.settled()
    assert page.code.isVisible()
    assert page.password.text() == "correct horse"
    assert page.problem.text == "Enter the code of your authenticator, or a recovery code."
    live_scene.session.problem = SessionProblem(ErrorCode.WRONG_CODE)
    qtbot.keyClicks(page.code, "123456")
    qtbot.keyClick(page.code, Qt.Key.Key_Return)
    await live_scene.settled()
    assert page.code.text() == ""
    assert "The code is wrong" in page.problem.text
    live_scene.session.problem = None
    qtbot.keyClicks(page.code, "654321")
    qtbot.keyClick(page.code, Qt.Key.Key_Return)
    await live_scene.settled()
    assert live_scene.session.calls[-1] == ("sign_in", "clinic.test", "alex", "correct horse", "654321")
    assert live_scene.window.waiting_room.isVisible()
    assert page.password.text() == ""


async def test_an_account_that_must_have_one_sets_it_up_first(
    live_scene: LiveScene, desk: Workspace, qtbot: QtBot
) -> None:
    """Signed in and nothing more: QR code and secret, a code, the recovery codes, and then the waiting room."""
    assert desk.lock is not None
    fill(live_scene)
    live_scene.session.publish(state=SessionState.ENROLLING, account=ACCOUNT)
    await live_scene.settled()
    page = live_scene.window.sign_in
    assert page.isVisible()
    assert live_scene.session.staff.calls[-1] == ("enrol", "correct horse")
    assert page.enrol.stage is Stage.CODE
    assert page.enrol.secret.replace(" ", "") == SECRET
    assert page.enrol.qr.modules == tuple(bytes(row) for row in make_qr(URI, error="m").matrix)
    qtbot.keyClicks(page.enrol.code, "123456")
    qtbot.keyClick(page.enrol.code, Qt.Key.Key_Return)
    await live_scene.settled()
    assert page.enrol.stage is Stage.RECOVERY
    assert page.enrol.secret == ""
    page.enrol.copy.click()
    assert QGuiApplication.clipboard().text() == "\n".join(CODES)
    page.enrol.done.click()
    await live_scene.settled()
    assert ("enrolled",) in live_scene.session.calls
    assert live_scene.window.waiting_room.isVisible()


async def test_a_wrong_code_does_not_end_the_enrolment(live_scene: LiveScene, desk: Workspace, qtbot: QtBot) -> None:
    """The refusal is told, the secret stays, another code can be typed."""
    assert desk.lock is not None
    fill(live_scene)
    live_scene.session.publish(state=SessionState.ENROLLING, account=ACCOUNT)
    await live_scene.settled()
    card = live_scene.window.sign_in.enrol
    live_scene.session.staff.problem = SessionError(ErrorCode.WRONG_CODE)
    qtbot.keyClicks(card.code, "000000")
    card.confirm.click()
    await live_scene.settled()
    assert card.stage is Stage.CODE
    assert "The code is wrong" in card.problem.text
    assert card.code.text() == ""
    assert card.secret


async def test_a_password_is_changed(live_scene: LiveScene, desk: Workspace, qtbot: QtBot) -> None:
    """Two that differ are not sent; two that are the same are, and no field keeps them."""
    section = await account(live_scene, desk)
    qtbot.keyClicks(section.current, "correct horse")
    qtbot.keyClicks(section.new, "four words in a row")
    qtbot.keyClicks(section.again, "four words in a raw")
    section.change.click()
    assert section.message.text == "The two new passwords differ."
    section.again.clear()
    qtbot.keyClicks(section.again, "four words in a row")
    section.change.click()
    await live_scene.settled()
    assert ("change_password", "correct horse", "four words in a row") in live_scene.session.staff.calls
    assert [field.text() for field in (section.current, section.new, section.again)] == ["", "", ""]


async def test_a_refused_password_is_explained(live_scene: LiveScene, desk: Workspace) -> None:
    """The server's reason is told in words, and the fields keep what was typed."""
    section = await account(live_scene, desk)
    live_scene.session.staff.problem = SessionError(ErrorCode.PASSWORD_BLOCKED)
    for field, words in ((section.current, "a"), (section.new, "password1"), (section.again, "password1")):
        field.setText(words)
    section.change.click()
    await live_scene.settled()
    assert section.message.text == "The new password is one that attackers try first. Take another."
    assert section.new.text() == "password1"


async def test_the_second_factor_is_managed(live_scene: LiveScene, desk: Workspace) -> None:
    """It says how many recovery codes are left, makes new ones, and can be removed where it isn't required."""
    live_scene.session.staff.factor = SecondFactorStatus(
        state=SecondFactor.ACTIVE, required=False, recovery_codes_left=3
    )
    section = await account(live_scene, desk)
    assert section.factor_words.text() == "On. 3 recovery codes left."
    section.factor_password.setText("correct horse")
    section.factor_code.setText("123456")
    section.new_codes.click()
    await live_scene.settled()
    assert section.enrol.stage is Stage.RECOVERY
    section.enrol.done.click()
    await live_scene.settled()
    assert section.remove.isVisible()
    section.factor_password.setText("correct horse")
    section.factor_code.setText("123456")
    section.remove.click()
    await live_scene.settled()
    assert section.factor_words.text() == "Off."


async def test_one_that_is_required_cannot_be_removed(live_scene: LiveScene, desk: Workspace) -> None:
    """The button is not there, and the reason is."""
    live_scene.session.staff.factor = SecondFactorStatus(state=SecondFactor.ACTIVE, required=True)
    section = await account(live_scene, desk)
    assert not section.remove.isVisible()
    assert "Your organization requires it." in section.factor_words.text()


async def test_other_sessions_can_be_ended(live_scene: LiveScene, desk: Workspace) -> None:
    """Each is named by computer and time; this one can't be ended from here."""
    section = await account(live_scene, desk)
    assert cell(section.sessions, 0, 0) == "desk-3 (this one)"
    assert not section.revoke.isEnabled()
    section.sessions.selectRow(1)
    section.revoke.click()
    await live_scene.settled()
    assert ("revoke_session", "s2") in live_scene.session.staff.calls
    section.revoke_others.click()
    await live_scene.settled()
    assert ("revoke_other_sessions",) in live_scene.session.staff.calls


async def test_emergency_access_needs_a_reason(live_scene: LiveScene, desk: Workspace) -> None:
    """Without one nothing is asked; with one it runs until a time, and can be given back."""
    section = await account(live_scene, desk)
    section.emergency.click()
    assert section.message.text == "Say why in a few words."
    section.reason.setText("Colleague taken ill, room uncovered")
    section.emergency.click()
    await live_scene.settled()
    assert ("start_emergency", "Colleague taken ill, room uncovered", 60) in live_scene.session.staff.calls
    assert section.emergency_end.isVisible()
    section.emergency_end.click()
    await live_scene.settled()
    assert section.emergency.isVisible()


async def test_nothing_secret_stays_behind(live_scene: LiveScene, desk: Workspace) -> None:
    """Leaving the settings, and the lock, empty every field that held a password or a code."""
    section = await account(live_scene, desk)
    for field in (section.current, section.new, section.again, section.factor_password, section.factor_code):
        field.setText("secret")
    desk.lock.lock()
    settle()
    fields = (section.current, section.new, section.again, section.factor_password, section.factor_code)
    assert [field.text() for field in fields] == [""] * 5
