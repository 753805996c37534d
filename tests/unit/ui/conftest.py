"""Windows on fakes, and the proof that nothing of them stays behind."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableWidget, QWidget

from carena_desktop.policy.desk import PolicyDesk
from carena_desktop.policy.resolve import Source
from carena_desktop.session.model import SessionState, WaitingEntry
from carena_desktop.tasks import TaskScope
from carena_desktop.ui.bridge import Bridge
from carena_desktop.ui.devices import DeviceNames, Permissions
from carena_desktop.ui.intents import Intents
from carena_desktop.ui.letters import Letters
from carena_desktop.ui.lock.desk import LockDesk
from carena_desktop.ui.lock.memory import LockMemory
from carena_desktop.ui.main_window import MainWindow
from carena_desktop.ui.preferences import Preferences
from carena_desktop.ui.theme import Appearance, Theme
from carena_desktop.ui.workspace import Parts, Workspace
from tests.fakes.call import FakeCall
from tests.fakes.clock import FakeClock
from tests.fakes.session import ACCOUNT, FakeSession

ACTIVE_WITHIN_MS = 10_000


@dataclass
class Scene:
    """A window with everything a test moves."""

    window: MainWindow
    session: FakeSession
    call: FakeCall
    clock: FakeClock
    theme: Theme
    bridge: Bridge

    def online(self, *entries: WaitingEntry) -> None:
        """Sign in, with these patients in the waiting room."""
        self.session.publish(state=SessionState.ONLINE, account=ACCOUNT)
        self.session.show(*entries)
        settle()


@pytest.fixture(scope="session", autouse=True)
def python_gets_a_turn(qapp: QApplication) -> Iterator[None]:
    """While Qt's loop runs nothing of Python does, a test's time limit neither: this lets it, twice a second."""
    timer = QTimer(qapp)
    timer.timeout.connect(lambda: None)
    timer.start(500)
    yield
    timer.stop()


class GrantingPermissions(Permissions):
    """The system lets the program use every device, or none."""

    granted = True

    async def camera(self) -> bool:
        """Return what the test set."""
        return self.granted

    async def microphone(self) -> bool:
        """Return what the test set."""
        return self.granted


@dataclass
class LiveScene(Scene):
    """A scene whose window really asks the fakes."""

    intents: Intents
    permissions: GrantingPermissions
    scope: TaskScope

    async def settled(self) -> None:
        """Wait until every intent has been carried out."""
        async with asyncio.timeout(5):
            while self.scope.task_names:  # noqa: ASYNC110 - tasks of a scope have no event to wait for
                await asyncio.sleep(0)
        settle()


def furnish(
    scene: LiveScene,
    application: QApplication,
    *,
    lock_file: Path | None = None,
    folder: Path | None = None,
    sources: Sequence[Source] = (),
) -> Workspace:
    """Put lock, palette and settings around the pages of a scene; the caller closes them by ``clear_away``."""
    activate(scene.window)
    preferences = Preferences(PolicyDesk(sources), folder)
    parts = Parts(
        scene.window, scene.theme, scene.session, scene.bridge, scene.intents, scene.scope, preferences, "0.0.test"
    )
    return Workspace(parts, LockDesk(application, scene.clock, LockMemory(lock_file)), scene.clock.wall_ms)


def clear_away(workspace: Workspace) -> None:
    """Close what ``furnish`` made."""
    workspace.close()
    workspace.lock.close()
    Letters.on = True


def activate(window: QWidget) -> None:
    """Give a shown window the keyboard, and wait until the display has: a key pressed before reaches no shortcut."""
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window, ACTIVE_WITHIN_MS)


def cell(table: QTableWidget, row: int, column: int) -> str:
    """Return the text of a table's cell."""
    item = table.item(row, column)
    assert item is not None
    return item.text()


def settle() -> None:
    """Deliver what is posted: layout requests, deferred deletions, paints."""
    for _ in range(4):
        QCoreApplication.sendPostedEvents(None, 0)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()  # noqa: TID251 - a test without a running loop


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The light look at 100 % text."""
    made = Theme(qapp, appearance=Appearance.LIGHT, text_scale=1.0)
    yield made
    made.deleteLater()


@pytest.fixture
def scene(theme: Theme) -> Iterator[Scene]:
    """A shown window that renders two fakes; what it asks for goes nowhere (see ``live_scene``)."""
    session, call, clock = FakeSession(), FakeCall(), FakeClock()
    window = MainWindow(
        theme,
        version="0.0.test",
        server="",
        wall_ms=clock.wall_ms,
        frames=call.frames,
        device_names=lambda: DeviceNames("Test Camera", "Test Microphone"),
        now_s=clock.monotonic,
    )
    bridge = Bridge(session, call)
    bridge.session_changed.connect(window.render_session)
    bridge.call_changed.connect(window.render_call)
    bridge.frame_ready.connect(window.call.frame_ready)
    bridge.files_changed.connect(window.call.files_desk.render_files)
    window.render_session(session.snapshot)
    window.render_call(call.snapshot)
    window.resize(1440, 900)
    window.show()
    activate(window)
    settle()
    yield Scene(window, session, call, clock, theme, bridge)
    bridge.close()
    window.allow_close()
    window.deleteLater()
    settle()
    assert session._callbacks == []
    assert call.listeners == 0


@pytest.fixture
async def live_scene(theme: Theme) -> AsyncIterator[LiveScene]:
    """The same with intents connected to the fakes."""
    session, call, clock = FakeSession(), FakeCall(), FakeClock()
    window = MainWindow(
        theme,
        version="0.0.test",
        server="",
        wall_ms=clock.wall_ms,
        frames=call.frames,
        device_names=lambda: DeviceNames("Test Camera", "Test Microphone"),
        now_s=clock.monotonic,
    )
    scope = TaskScope("test window")
    bridge = Bridge(session, call)
    permissions = GrantingPermissions()
    intents = Intents(session, call, scope, permissions)
    window.connect_to(bridge, intents)
    window.render_session(session.snapshot)
    window.render_call(call.snapshot)
    window.resize(1440, 900)
    window.show()
    settle()
    yield LiveScene(window, session, call, clock, theme, bridge, intents, permissions, scope)
    await scope.aclose()
    bridge.close()
    window.allow_close()
    window.deleteLater()
    settle()


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[None]:
    """Fail a test that leaves a window open or a timer running."""
    yield
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        return
    settle()
    left = [type(widget).__name__ for widget in application.topLevelWidgets() if widget.isVisible()]
    assert left == []
    assert [
        timer for widget in application.allWidgets() for timer in widget.findChildren(QTimer) if timer.isActive()
    ] == []
