"""The sign-in screen as a person uses it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from carena_desktop.session.model import AuthorityOffer, LocalProblem, SessionProblem, SessionState
from carena_protocol.errors import ErrorCode
from tests.unit.ui.conftest import Scene, settle

OFFER = AuthorityOffer("clinic.test", "ab" * 32)


def fill(scene: Scene, *, with_password: bool = True) -> None:
    """Type an address and an account."""
    page = scene.window.sign_in
    page.server.setText("clinic.test")
    page.username.setText("alex")
    page.password.setText("correct horse" if with_password else "")


def test_controls_have_the_agreed_names(scene: Scene) -> None:
    """Assistive technology finds the fields and the button by their agreed names and roles."""
    page = scene.window.sign_in
    for widget, name, role in (
        (page.server, "Server address", QAccessible.Role.EditableText),
        (page.username, "Username", QAccessible.Role.EditableText),
        (page.password, "Password", QAccessible.Role.EditableText),
        (page.sign_in, "Sign in", QAccessible.Role.Button),
    ):
        interface = QAccessible.queryAccessibleInterface(widget)
        assert interface.text(QAccessible.Text.Name) == name
        assert interface.role() is role


def test_enter_in_any_field_signs_in(scene: Scene, qtbot: QtBot) -> None:
    """The keyboard alone is enough."""
    fill(scene)
    page = scene.window.sign_in
    with qtbot.waitSignal(page.sign_in_requested) as asked:
        qtbot.keyClick(page.username, Qt.Key.Key_Return)
    assert asked.args == ["clinic.test", "alex", "correct horse", ""]


def test_a_missing_field_is_named_and_focused(scene: Scene, qtbot: QtBot) -> None:
    """Nothing is sent without a password; the field is said and gets the keyboard."""
    fill(scene, with_password=False)
    page = scene.window.sign_in
    with qtbot.assertNotEmitted(page.sign_in_requested):
        page.sign_in.click()
    assert page.problem.text == "Password is missing."
    assert scene.window.focusWidget() is page.password


def test_a_wrong_password_is_said_and_cleared(scene: Scene) -> None:
    """The problem stands in words and the password has to be typed again."""
    fill(scene)
    scene.session.publish(state=SessionState.SIGNING_IN)
    scene.session.publish(state=SessionState.SIGNED_OUT, problem=SessionProblem(ErrorCode.WRONG_CREDENTIALS))
    page = scene.window.sign_in
    assert page.problem.isVisible()
    assert page.problem.text == "The username or the password is wrong."
    assert page.password.text() == ""
    assert scene.window.focusWidget() is page.password


def test_an_unreachable_server_keeps_the_password(scene: Scene) -> None:
    """A problem that isn't the password's doesn't cost the typing."""
    fill(scene)
    scene.session.publish(problem=SessionProblem(LocalProblem.SERVER_UNREACHABLE))
    assert scene.window.sign_in.password.text() == "correct horse"


def test_a_running_attempt_locks_the_form(scene: Scene, qtbot: QtBot) -> None:
    """While signing in nothing can be sent twice, and the button says what goes on."""
    fill(scene)
    scene.session.publish(state=SessionState.SIGNING_IN)
    page = scene.window.sign_in
    assert not page.sign_in.isEnabled()
    assert page.sign_in.words == "Signing in…"
    assert page.sign_in.accessibleName() == "Sign in"
    with qtbot.assertNotEmitted(page.sign_in_requested):
        page.password.returnPressed.emit()


def test_caps_lock_is_noticed_while_typing(scene: Scene, qtbot: QtBot) -> None:
    """A capital without Shift shows the notice, a small letter takes it away."""
    page = scene.window.sign_in
    qtbot.keyEvent(QTest.KeyAction.Click, page.password, "A", Qt.KeyboardModifier.NoModifier)
    assert page.caps_notice.text == "Caps Lock is on"
    assert page.caps_notice.isVisible()
    qtbot.keyEvent(QTest.KeyAction.Click, page.password, "a", Qt.KeyboardModifier.NoModifier)
    assert not page.caps_notice.isVisible()


def test_the_password_can_be_shown(scene: Scene) -> None:
    """The eye shows and hides the characters and says which it will do."""
    field = scene.window.sign_in.password
    field.reveal.click()
    assert field.echoMode() is QLineEdit.EchoMode.Normal
    assert field.reveal.accessibleName() == "Hide password"
    field.conceal()
    assert field.echoMode() is QLineEdit.EchoMode.Password


def test_first_contact_can_be_trusted_or_refused(scene: Scene, qtbot: QtBot) -> None:
    """The fingerprint is on the screen and both answers are emitted."""
    scene.session.publish(state=SessionState.TRUST_REQUIRED, authority=OFFER)
    settle()
    page = scene.window.sign_in
    assert page.trust.isVisible()
    with qtbot.waitSignal(page.trust_answered) as accepted:
        page.trust.trust.click()
    with qtbot.waitSignal(page.trust_answered) as refused:
        page.trust.cancel.click()
    assert (accepted.args, refused.args) == ([True], [False])


def test_the_whole_fingerprint_can_be_seen(scene: Scene) -> None:
    """No line of the fingerprint is clipped."""
    scene.session.publish(state=SessionState.TRUST_REQUIRED, authority=OFFER)
    settle()
    shown = scene.window.sign_in.trust._fingerprint
    assert shown.height() >= shown.sizeHint().height()
    assert shown.text().replace("\n", " ").count("AB") == 32


def test_a_changed_authority_can_not_be_accepted(scene: Scene) -> None:
    """The hard stop offers no way to trust."""
    offer = AuthorityOffer("clinic.test", "ab" * 32, expected="cd" * 32)
    scene.session.publish(state=SessionState.TRUST_REQUIRED, authority=offer)
    settle()
    trust = scene.window.sign_in.trust
    assert not trust.trust.isVisible()
    assert trust.cancel.isVisible()
    assert "CDCD" in trust._expected.text()


def test_the_password_is_forgotten_when_the_page_is_left(scene: Scene) -> None:
    """After signing in no widget holds the password."""
    fill(scene)
    scene.online()
    assert scene.window.sign_in.password.text() == ""


@pytest.mark.parametrize("hostile", ["<b>bold</b>", "a\u202eb"])
def test_a_server_name_is_plain_text(scene: Scene, hostile: str) -> None:
    """Markup and overrides in what a server calls itself are shown as they are, or not at all."""
    scene.session.publish(state=SessionState.TRUST_REQUIRED, authority=AuthorityOffer(hostile, "ab" * 32))
    label = scene.window.sign_in.trust._server
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert "\u202e" not in label.text()


def test_a_server_set_by_the_organization_cannot_be_changed(scene: Scene, qtbot: QtBot) -> None:
    """The address is shown, read-only, with a padlock, and assistive technology is told why."""
    page = scene.window.sign_in
    page.server.setText("https://clinic.test")
    page.lock_server()
    qtbot.keyClicks(page.server, "x")
    assert page.server.text() == "https://clinic.test"
    assert page.server.isEnabled()
    interface = QAccessible.queryAccessibleInterface(page.server)
    assert interface.text(QAccessible.Text.Description) == "Set by your organization"
