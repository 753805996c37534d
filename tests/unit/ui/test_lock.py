"""The window while locked: what is hidden, what goes on, what opens it, and what a restart can't get around."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from carena_desktop.call.model import Allowed, CallState, CameraLamp, ChatLine, Delivery, MicrophoneLamp
from carena_desktop.session.failures import SessionError
from carena_desktop.session.model import LocalProblem
from carena_desktop.ui import a11y
from carena_desktop.ui.lock.desk import LockDesk
from carena_desktop.ui.lock.machine import LockReason, LockState
from carena_desktop.ui.workspace import Workspace
from carena_protocol.errors import ErrorCode
from tests.fakes.session import ACCOUNT, entry
from tests.unit.ui.conftest import LiveScene, activate, clear_away, furnish, settle


@dataclass
class Locking:
    """A window with its lock."""

    scene: LiveScene
    workspace: Workspace
    lock: LockDesk
    file: Path

    def pass_time(self, seconds: float) -> None:
        """Let time pass and the lock look at it."""
        self.scene.clock.advance(seconds)
        self.lock.tick()
        settle()

    def visible_words(self) -> str:
        """Everything that can be read on the screen now."""
        window = self.scene.window
        shown = (one for one in window.findChildren(QWidget) if one.isVisible())
        return " ".join(one.text() for one in shown if isinstance(one, QLabel))


@pytest.fixture
async def locking(live_scene: LiveScene, qapp: QApplication, tmp_path: Path) -> AsyncIterator[Locking]:
    """Signed in by password, two patients, ten minutes."""
    scene, file = live_scene, tmp_path / "lock.json"
    workspace = furnish(scene, qapp, lock_file=file)
    lock = workspace.lock
    activate(scene.window)
    lock.watch(scene.window.windowHandle())
    lock.sign_in_asked()
    scene.online(entry(1), entry(2))
    scene.window.waiting_room._settled.stop()  # details are asked for by a task: no loop runs here
    yield Locking(scene, workspace, lock, file)
    clear_away(workspace)


def test_without_use_it_warns_and_then_hides_every_name(locking: Locking) -> None:
    """After nine minutes a card says how long it takes, after ten nobody's name can be read any more."""
    assert "Test Patient 1" in locking.visible_words()
    locking.pass_time(545)
    assert locking.workspace.warning.isVisible()
    assert "Carena locks in 55 seconds" in locking.visible_words()
    locking.pass_time(55)
    assert not locking.workspace.warning.isVisible()
    words = locking.visible_words()
    assert "Locked" in words
    assert "inactive for 10 minutes" in words
    assert "2 waiting" in words
    assert "Test Patient" not in words
    assert "Reason" not in words
    assert "Test" not in locking.scene.window.windowTitle()


def test_stay_keeps_it_open(locking: Locking, qtbot: QtBot) -> None:
    """The card's button takes it back for the whole time."""
    locking.pass_time(545)
    qtbot.mouseClick(locking.workspace.warning.stay, Qt.MouseButton.LeftButton)
    locking.pass_time(500)
    assert locking.lock.snapshot.state is LockState.OPEN


@pytest.mark.parametrize("use", ["key", "mouse"])
def test_keys_and_mouse_count_as_use(locking: Locking, use: str) -> None:
    """A key or a move that comes in at the system's window is a use; an event the program makes itself is none."""
    handle = locking.scene.window.windowHandle()
    locking.pass_time(545)
    own = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Shift, Qt.KeyboardModifier.NoModifier)
    QGuiApplication.sendEvent(handle, own)
    assert locking.lock.snapshot.state is LockState.WARNED
    if use == "key":
        QTest.keyClick(handle, Qt.Key.Key_Shift)
    else:
        QTest.mouseMove(handle, QPoint(7, 9))
    settle()
    assert locking.lock.snapshot.state is LockState.OPEN


def test_the_key_that_comes_too_late_reaches_nobody(locking: Locking) -> None:
    """After a sleep the first key finds the window locked and doesn't get to the page behind."""
    table = locking.scene.window.waiting_room.table
    table.setFocus()
    locking.scene.clock.advance(5000)
    QTest.keyClick(locking.scene.window.windowHandle(), Qt.Key.Key_Return)
    settle()
    assert locking.lock.snapshot.locked
    assert ("admit", "visit-1") not in locking.scene.session.calls


async def test_the_rail_locks_at_once(locking: Locking) -> None:
    """Whoever leaves the desk needs no key by heart: a button of the rail hides everything."""
    locking.scene.window.waiting_room.rail.lock.click()
    settle()
    assert locking.lock.snapshot.locked
    assert locking.lock.snapshot.reason is LockReason.ASKED
    assert "Test Patient" not in locking.visible_words()


async def test_the_password_opens_it_by_the_server(locking: Locking, qtbot: QtBot) -> None:
    """What was typed goes to the server and nowhere else, a yes shows the page as it was, the field is empty after."""
    QTest.keyClick(locking.scene.window.windowHandle(), Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    settle()
    screen = locking.workspace.screen
    assert screen.isVisible()
    assert screen.password.hasFocus() or not locking.scene.window.isActiveWindow()
    qtbot.keyClicks(screen.password, "correct horse")
    qtbot.keyClick(screen.password, Qt.Key.Key_Return)
    await locking.scene.settled()
    assert ("unlock", "correct horse") in locking.scene.session.staff.calls
    assert not screen.isVisible()
    assert screen.password.text() == ""
    assert "Test Patient 1" in locking.visible_words()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (ErrorCode.WRONG_CREDENTIALS, "The password is wrong."),
        (LocalProblem.SERVER_UNREACHABLE, "The server can't be reached, so the password can't be checked now."),
        (ErrorCode.THROTTLED, "Too many failed attempts. Wait a little, then try again. Next try in 30 seconds."),
    ],
)
async def test_anything_but_a_yes_is_said_and_opens_nothing(
    locking: Locking, qtbot: QtBot, code: ErrorCode | LocalProblem, said: str
) -> None:
    """A refusal is told in words, the field is emptied, the names stay hidden."""
    locking.lock.lock()
    wait_s = 30.0 if code is ErrorCode.THROTTLED else None
    locking.scene.session.staff.problem = SessionError(code, retry_after_s=wait_s)
    screen = locking.workspace.screen
    qtbot.keyClicks(screen.password, "wrong")
    qtbot.mouseClick(screen.unlock, Qt.MouseButton.LeftButton)
    await locking.scene.settled()
    assert screen.problem.text == said
    assert screen.password.text() == ""
    assert "Test Patient" not in locking.visible_words()


def in_call(scene: LiveScene) -> None:
    """A visit with picture, sound and a line of chat."""
    scene.call.push(state=CallState.ASKING, visit="visit-1")
    scene.call.allow(Allowed.CAMERA_AND_MICROPHONE)
    chat = (ChatLine("1", "my secret", 1_800_000_000_000, mine=False, delivery=Delivery.RECEIVED),)
    scene.call.push(
        state=CallState.ACTIVE, camera=CameraLamp.LIVE, microphone=MicrophoneLamp.LIVE, peer_camera=True, chat=chat
    )
    settle()


def test_a_call_goes_on_behind_the_lock(locking: Locking, qtbot: QtBot) -> None:
    """Nothing of the call is stopped; pictures, name and chat are hidden; the lamps say that the devices are open."""
    in_call(locking.scene)
    asked_before = list(locking.scene.call.asked)
    locking.lock.hide()
    settle()
    assert locking.scene.call.snapshot.state is CallState.ACTIVE
    assert locking.scene.call.asked == asked_before
    words = locking.visible_words()
    assert "my secret" not in words
    assert "Test Patient" not in words
    assert not locking.scene.window.call.isVisible()
    assert "Camera live" in words
    assert "Microphone live" in words
    assert not locking.workspace.screen.switch_user.isEnabled()
    qtbot.mouseClick(locking.workspace.screen.mute, Qt.MouseButton.LeftButton)
    assert not locking.scene.call.snapshot.intent.microphone_wanted


def test_what_is_shared_ends_with_the_lock(locking: Locking) -> None:
    """Nobody looks after a shared screen any more: it is taken back before anything else can appear on it."""
    in_call(locking.scene)
    locking.scene.call.share("screen:1")
    locking.lock.lock()
    assert locking.scene.call.snapshot.intent.shared == ""


def test_nothing_is_read_out_while_locked(locking: Locking, monkeypatch: pytest.MonkeyPatch) -> None:
    """A screen reader hears nothing of a page behind the lock, and what the lock itself says."""
    said: list[str] = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: said.append(event.message()))
    locking.lock.lock()
    a11y.announce(locking.scene.window.waiting_room, "Message from the patient: secret")
    a11y.announce(locking.workspace.screen.problem, "The password is wrong.")
    assert said == ["The password is wrong."]


def test_a_menu_does_not_stand_over_the_lock(locking: Locking) -> None:
    """An open menu is closed first: it may hold names."""
    menu = QMenu(locking.scene.window)
    menu.addAction("Test Patient 1")
    menu.popup(locking.scene.window.mapToGlobal(locking.scene.window.rect().center()))
    locking.lock.lock()
    settle()
    assert not menu.isVisible()


async def test_switching_the_user_ends_the_session(locking: Locking, qtbot: QtBot) -> None:
    """The next person gets an empty name and the same server; the one before is signed out."""
    locking.scene.window.sign_in.server.setText("clinic.test")
    locking.scene.window.sign_in.username.setText("alex")
    locking.lock.lock()
    qtbot.mouseClick(locking.workspace.screen.switch_user, Qt.MouseButton.LeftButton)
    await locking.scene.settled()
    assert ("sign_out",) in locking.scene.session.calls
    assert locking.scene.window.sign_in.isVisible()
    assert locking.scene.window.sign_in.username.text() == ""
    assert locking.scene.window.sign_in.server.text() == "clinic.test"


async def test_a_revoked_session_ends_the_call_behind_the_lock(locking: Locking) -> None:
    """When the session ends while locked the call is hung up, and its screen is never seen."""
    in_call(locking.scene)
    locking.lock.lock()
    locking.scene.session.publish(account=None, state="signed_out")
    await locking.scene.settled()
    assert locking.scene.call.snapshot.state in {CallState.ENDED, CallState.IDLE}
    assert locking.scene.window.sign_in.isVisible()
    assert "Test Patient" not in locking.visible_words()


@pytest.mark.parametrize(
    ("kept", "locks"),
    [
        (None, True),
        ("{", True),
        ({"locked": True, "used_at_ms": -1_000}, True),
        ({"locked": False, "used_at_ms": -599_000}, False),
        ({"locked": False, "used_at_ms": -601_000}, True),
        ({"locked": False, "used_at_ms": 3_600_000}, True),
    ],
)
async def test_a_restart_is_no_way_around(
    live_scene: LiveScene, qapp: QApplication, tmp_path: Path, kept: object, *, locks: bool
) -> None:
    """A session continued from the keyring begins locked unless it was open and used a short while ago."""
    file = tmp_path / "lock.json"
    if isinstance(kept, dict):
        used_at_ms = live_scene.clock.wall_ms() + kept["used_at_ms"]
        file.write_text(json.dumps({"locked": kept["locked"], "used_at_ms": used_at_ms}))
    elif isinstance(kept, str):
        file.write_text(kept)
    workspace = furnish(live_scene, qapp, lock_file=file)
    lock = workspace.lock
    live_scene.online(entry(1))
    assert lock.snapshot.locked == locks
    if locks:
        assert lock.snapshot.reason is LockReason.RESTARTED
    clear_away(workspace)


def test_what_is_remembered_names_nobody(locking: Locking) -> None:
    """The file holds a switch and a time."""
    locking.lock.lock()
    assert set(json.loads(locking.file.read_text())) == {"locked", "used_at_ms"}
    assert ACCOUNT.display_name not in locking.file.read_text()
    assert (locking.file.stat().st_mode & 0o777) == 0o600
