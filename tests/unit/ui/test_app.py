"""Life and death of the program, on fakes and on Qt's loop."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from carena_desktop import app
from carena_desktop.app import Application, build
from carena_desktop.config import Config
from carena_desktop.session.model import SessionState
from tests.fakes.call import FakeCall
from tests.fakes.session import FakeSession, entry

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A configuration that touches nothing of the user's."""
    return Config(
        server="clinic.test",
        log_level="info",
        self_test=False,
        json=False,
        camera_device="generator",
        microphone_device="generator",
        config_dir=tmp_path / "config",
        state_dir=tmp_path / "state",
        log_dir=tmp_path / "logs",
    )


class Order(FakeCall):
    """A call that notes when it was closed, or never ends closing."""

    def __init__(self, notes: list[str], *, hangs: bool = False) -> None:
        super().__init__()
        self._notes = notes
        self._hangs = hangs

    async def aclose(self) -> None:
        """Note it."""
        self._notes.append("call")
        if self._hangs:
            await asyncio.Event().wait()


class OrderedSession(FakeSession):
    """A session that notes when it was closed."""

    def __init__(self, notes: list[str]) -> None:
        super().__init__()
        self._notes = notes

    async def aclose(self) -> None:
        """Note it."""
        self._notes.append("session")


@pytest.fixture
def assemble(qapp: QApplication, config: Config) -> Callable[..., tuple[Application, list[str]]]:
    """Build the program on fakes that note the order of their ends."""

    def make(*, hangs: bool = False) -> tuple[Application, list[str]]:
        notes: list[str] = []
        assert qapp is QApplication.instance()
        return build(config, session=OrderedSession(notes), call=Order(notes, hangs=hangs)), notes

    return make


Assemble = Callable[..., tuple[Application, list[str]]]


def test_the_program_lives_and_ends_in_order(assemble: Assemble) -> None:
    """The window opens, the engine warms, the kept session is asked for; closing ends call, session and window."""
    program, notes = assemble()
    seen: list[object] = []

    async def person(running: Application) -> None:
        await asyncio.sleep(0)
        seen.append(running.window.isVisible())
        assert isinstance(running.session, FakeSession)
        assert isinstance(running.call, FakeCall)
        seen.extend((running.session.calls, running.call.prepared))
        running.window.close()

    assert program.run("clinic.test", person) == 0
    assert seen == [True, [("restore", "clinic.test")], 1]
    assert notes == ["call", "session"]
    assert not program.window.isVisible()
    program.window.deleteLater()


def test_a_call_that_hangs_does_not_hold_the_end(assemble: Assemble, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step of the shutdown is bounded; the next ones still happen."""
    monkeypatch.setattr(app, "CALL_CLOSE_S", 0.05)
    program, notes = assemble(hangs=True)

    async def person(running: Application) -> None:
        running.request_close()
        running.request_close()

    assert program.run("", person) == 0
    assert notes == ["call", "session"]
    program.window.deleteLater()


def test_a_signal_asks_for_the_same_end(assemble: Assemble) -> None:
    """SIGTERM leads through the ordered shutdown, and the handlers of before come back."""
    before = signal.getsignal(signal.SIGTERM)
    program, notes = assemble()

    async def person(_running: Application) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(30)

    assert program.run("", person) == 0
    assert notes == ["call", "session"]
    assert signal.getsignal(signal.SIGTERM) is before
    program.window.deleteLater()


def test_the_window_works_on_the_running_program(assemble: Assemble) -> None:
    """From sign-in to the question of a visit, on the real loop with everything connected."""
    program, _notes = assemble()
    session, call = program.session, program.call
    assert isinstance(session, FakeSession)
    assert isinstance(call, FakeCall)

    async def visit(running: Application) -> None:
        running.window.sign_in.sign_in_requested.emit("clinic.test", "alex", "pw", "")
        while session.snapshot.state is not SessionState.ONLINE:  # noqa: ASYNC110 - a fake has no event
            await asyncio.sleep(0.01)
        session.show(entry(1))
        running.window.waiting_room.drawer.start.click()
        while call.asked != [("start", "visit-1")]:  # noqa: ASYNC110 - a fake has no event
            await asyncio.sleep(0.01)

    async def person(running: Application) -> None:
        try:
            async with asyncio.timeout(10):
                await visit(running)
        finally:
            running.request_close()  # whatever came of it: a window that stays would stop the suite

    assert program.run("", person) == 0
    assert ("admit", "visit-1") in session.calls
    program.window.deleteLater()


def test_version_opens_nothing() -> None:
    """``--version`` prints and ends without loading Qt, the engine or the network."""
    code = (
        "import sys\n"
        "from carena_desktop.__main__ import main\n"
        "try:\n main(['--version'])\n"
        "except SystemExit as end: assert end.code == 0\n"
        "heavy = {'PySide6', 'aiortc', 'av', 'qasync', 'websockets', 'aiohttp', 'keyring'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    environment = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Carena Desktop ")


def test_a_wrong_option_ends_with_a_line() -> None:
    """A value that can't be right ends the program with code 2 and says why."""
    done = subprocess.run(
        [sys.executable, "-m", "carena_desktop", "--log-level", "loud"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert "--log-level" in done.stderr
