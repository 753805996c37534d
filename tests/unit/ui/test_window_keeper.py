"""The window is made anew for another language or size of text, and nothing is lost by it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from carena_desktop.app import Application
from carena_desktop.call.model import Allowed, CallState
from carena_desktop.policy.desk import PolicyDesk
from carena_desktop.session.model import SessionState
from carena_desktop.ui import i18n
from carena_desktop.ui.devices import DeviceNames
from carena_desktop.ui.main_window import MainWindow
from carena_desktop.ui.theme import Theme
from tests.fakes.call import FakeCall
from tests.fakes.clock import FakeClock
from tests.fakes.session import ACCOUNT, FakeSession, entry
from tests.unit.ui.conftest import settle


@pytest.fixture
async def program(qapp: QApplication, tmp_path: Path, theme: Theme) -> AsyncIterator[Application]:
    """The assembled program on fakes, signed in, one patient."""
    session, call, clock = FakeSession(), FakeCall(), FakeClock()

    def window() -> MainWindow:
        return MainWindow(
            theme,
            version="0.0.test",
            server="clinic.test",
            wall_ms=clock.wall_ms,
            frames=call.frames,
            device_names=lambda: DeviceNames("Test Camera", "Test Microphone"),
        )

    made = Application(qapp, window, theme, session, call, policies=PolicyDesk(), clock=clock, settings=tmp_path)
    session.publish(state=SessionState.ONLINE, account=ACCOUNT)
    session.show(entry(1))
    made.window.show()
    settle()
    yield made
    await made.aclose()
    made.window.deleteLater()
    i18n.use("en", QLocale("en_US"))
    settle()


async def test_another_language_makes_another_window(program: Application) -> None:
    """The new window speaks Spanish, shows the same patient and the settings where they were; the old one is gone."""
    before = program.window
    before.setGeometry(40, 30, 1200, 800)
    program.workspace.settings.open(3)
    program.preferences.set("Language", "es")
    settle()
    window = program.window
    assert window is not before
    assert window.isVisible()
    assert window.width() == 1200
    assert window.waiting_room.title.link.words == "Copiar enlace de consulta"
    assert [row.name for row in window.waiting_room.model.rows] == ["Test Patient 1"]
    assert program.workspace.settings.shown_section == 3
    assert [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow)] == [window]


async def test_larger_text_makes_everything_larger(program: Application) -> None:
    """Fonts and the lengths that belong to them grow together."""
    height = program.window.waiting_room.drawer.start.minimumHeight()
    program.preferences.set("TextSizePercent", 200)
    settle()
    assert program.window.waiting_room.drawer.start.minimumHeight() == 2 * height


async def test_a_visit_is_waited_for(program: Application) -> None:
    """While a call runs the window stays; when it is over the new one comes."""
    call = program.call
    assert isinstance(call, FakeCall)
    before = program.window
    call.push(state=CallState.ASKING, visit="visit-1")
    call.allow(Allowed.MICROPHONE_ONLY)
    program.preferences.set("Language", "es")
    settle()
    assert program.window is before
    call.push(state=CallState.IDLE)
    settle()
    assert program.window is not before


async def test_the_lock_survives_a_new_window(program: Application) -> None:
    """A window made while locked is locked from its first picture on."""
    program.workspace.lock.lock()
    program.policies.server_says("clinic.test", {"Language": "es"}, {})
    settle()
    assert program.workspace.screen.isVisible()
    assert not program.window.waiting_room.isVisible()


async def test_the_new_window_asks_and_hears(program: Application) -> None:
    """Its buttons reach the services, and what it is told after the change it shows."""
    program.preferences.set("Language", "es")
    settle()
    session = program.session
    assert isinstance(session, FakeSession)
    session.show(entry(1), entry(2))
    settle()
    assert len(program.window.waiting_room.model.rows) == 2
    program.window.waiting_room.rail.presence.sign_out.trigger()
    async with asyncio.timeout(5):
        while ("sign_out",) not in session.calls:  # noqa: ASYNC110 - a fake has no event to wait for
            await asyncio.sleep(0)
