"""A real screen, captured by the media process as a visit would, and seen by the patient."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from carena_desktop.call.engine.child import EngineOptions
from carena_desktop.call.engine.host_process import ProcessEngine
from carena_desktop.call.model import Allowed, CallState, CameraLamp
from carena_desktop.call.ports import DevicesView, Shareable
from carena_desktop.call.service import CallService
from carena_protocol.peer import MediaState
from tests.integration.call.conftest import GENERATED, until
from tests.integration.call.relay import PatientPage

pytestmark = pytest.mark.gui

TITLE = "Carena test pattern"
WINDOW = f"""
import ctypes, sys
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication(sys.argv)
window = QWidget()
window.setWindowTitle({TITLE!r})
window.setStyleSheet("background: #ff0000")
window.setGeometry(0, 0, 1600, 1000)
window.show()
app.processEvents()
# What a window manager does: list the window on the root (EWMH, _NET_CLIENT_LIST), where programs that capture look.
x = ctypes.CDLL("libX11.so.6")
x.XOpenDisplay.restype = display_t = ctypes.c_void_p
x.XDefaultRootWindow.argtypes, x.XDefaultRootWindow.restype = [display_t], ctypes.c_ulong
x.XInternAtom.argtypes, x.XInternAtom.restype = [display_t, ctypes.c_char_p, ctypes.c_int], ctypes.c_ulong
long = ctypes.c_ulong
x.XChangeProperty.argtypes = [display_t, long, long, long, *[ctypes.c_int] * 2, ctypes.c_void_p, ctypes.c_int]
x.XSync.argtypes = [display_t, ctypes.c_int]
display = x.XOpenDisplay(None)
listed = long(int(window.winId()))
atom = x.XInternAtom(display, b"_NET_CLIENT_LIST", 0)
x.XChangeProperty(display, x.XDefaultRootWindow(display), atom, 33, 32, 0, ctypes.byref(listed), 1)
x.XStoreName.argtypes = [display_t, long, ctypes.c_char_p]
x.XStoreName(display, listed, {TITLE.encode()!r})
x.XSync(display, 0)
print("shown", flush=True)
app.exec()
"""


@asynccontextmanager
async def red_window() -> AsyncIterator[asyncio.subprocess.Process]:
    """A red window over the whole screen, of another process."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WINDOW, stdout=asyncio.subprocess.PIPE, env={**os.environ, "QT_QPA_PLATFORM": "xcb"}
    )
    try:
        assert process.stdout is not None
        assert (await process.stdout.readline()).strip() == b"shown"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        process._transport.close()  # type: ignore[attr-defined]  # asyncio leaves its pipes to the collector


@pytest.fixture
async def call() -> AsyncIterator[CallService]:
    """A call over a media process that may see the virtual display."""
    assert os.environ.get("DISPLAY"), "run by make test, which brings a virtual display"
    service = CallService(ProcessEngine(EngineOptions(platform="xcb")), GENERATED)
    yield service
    await service.aclose()


async def found(call: CallService) -> tuple[Shareable, ...]:
    """Ask the engine what can be shared."""
    views: list[DevicesView] = []
    unsubscribe = call.devices.on_change(views.append)
    call.devices.list_shareable()
    await until(lambda: call.devices.view.shareable is not None)
    unsubscribe()
    return call.devices.view.shareable or ()


def sees_red(page: PatientPage) -> bool:
    """Whether the middle of the newest picture that the patient has of the screen is red."""
    frame = page.patient.newest_screen if page.patient is not None else None
    if frame is None:
        return False
    red, green, blue = frame.to_ndarray(format="rgb24")[frame.height // 2, frame.width // 2].tolist()
    return bool(red > 180 and green < 80 and blue < 80)


async def test_a_screen_is_sent_beside_the_camera(call: CallService, page: PatientPage) -> None:
    """The patient sees the screen and the camera goes on; it is told of both; the end of sharing ends the screen."""
    await call.start("visit-1", page)
    call.allow(Allowed.CAMERA_AND_MICROPHONE)
    await page.load()
    await until(lambda: call.snapshot.state is CallState.ACTIVE and call.snapshot.camera is CameraLamp.LIVE)
    async with red_window():
        screens = [each for each in await found(call) if each.is_screen]
        assert len(screens) == 1
        call.share(screens[0].id)
        await until(lambda: call.snapshot.sharing and sees_red(page))
        assert call.snapshot.camera is CameraLamp.LIVE
        assert page.patient is not None
        heard = page.patient.control
        await until(lambda: MediaState(camera=True, microphone="live", sharing=True) in heard)
        await until(lambda: call.snapshot.figures.sent_screen_height >= 540)
        seen = len(page.patient.numbers)
        await until(lambda: page.patient is not None and len(page.patient.numbers) > seen + 20)
        call.share("")
        await until(lambda: not call.snapshot.sharing and call.snapshot.figures.sent_screen_fps == 0)
        assert call.snapshot.camera is CameraLamp.LIVE


async def test_a_window_that_closes_ends_the_sharing(call: CallService, page: PatientPage) -> None:
    """A shared window is listed by its title; when it is closed, sharing ends by itself and says why."""
    await call.start("visit-1", page)
    call.allow(Allowed.NOTHING)
    await page.load()
    await until(lambda: call.snapshot.state is CallState.ACTIVE)
    async with red_window() as process:
        window = next(each for each in await found(call) if each.name == TITLE)
        assert not window.is_screen
        call.share(window.id)
        await until(lambda: call.snapshot.sharing and sees_red(page))
        process.kill()
        await process.wait()
        await until(lambda: call.snapshot.share_problem is not None)
    await until(lambda: not call.snapshot.sharing)
    assert call.snapshot.intent.shared == ""


async def test_without_a_display_there_is_nothing_to_share(page: PatientPage) -> None:
    """A media process without a screen lists nothing, and what is asked for all the same is refused."""
    service = CallService(ProcessEngine(EngineOptions()), GENERATED)
    await service.start("visit-1", page)
    service.allow(Allowed.NOTHING)
    await page.load()
    await until(lambda: service.snapshot.state is CallState.ACTIVE)
    assert await found(service) == ()
    service.share("screen:none")
    await until(lambda: service.snapshot.share_problem == "no_device")
    assert not service.snapshot.sharing
    await service.aclose()
