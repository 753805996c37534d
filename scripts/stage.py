"""Where scenes are played: the real window on the fakes, with the lock and what else stands around the pages.

Used by the screenshots and by tests that look at every screen. Needs no server, no device and no display.
"""

import gc
import os
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter
from PySide6.QtWidgets import QApplication

from carena_desktop.call.ports import Picture
from carena_desktop.policy.desk import PolicyDesk
from carena_desktop.tasks import ScopeClosedError, TaskScope
from carena_desktop.ui.bridge import Bridge
from carena_desktop.ui.devices import DeviceNames, Permissions
from carena_desktop.ui.intents import Intents
from carena_desktop.ui.lock.desk import LockDesk
from carena_desktop.ui.lock.memory import LockMemory
from carena_desktop.ui.main_window import MainWindow
from carena_desktop.ui.preferences import Preferences
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.workspace import Parts, Workspace
from tests.fakes.call import FakeCall
from tests.fakes.clock import FakeClock
from tests.fakes.session import FakeSession

NOW = 1_800_000_000_000
WINDOWS: list[MainWindow] = []
STAGE: list[tuple[Workspace, FakeClock]] = []
KEPT: list[tuple[QImage, Picture]] = []


def portrait(width: int, height: int, coat: str) -> tuple[QImage, Picture]:
    """Draw a plain figure in a room, as a picture from a slot."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    wall = QLinearGradient(0, 0, width, height)
    wall.setColorAt(0, QColor("#cfc6b8"))
    wall.setColorAt(1, QColor("#9c8d7a"))
    painter.fillRect(image.rect(), wall)
    painter.fillRect(QRectF(width * 0.06, height * 0.08, width * 0.2, height * 0.45), QColor("#d9e4ea"))
    painter.setPen(Qt.PenStyle.NoPen)
    middle = width / 2
    painter.setBrush(QColor(coat))
    painter.drawEllipse(QPointF(middle, height * 1.05), width * 0.27, height * 0.36)
    painter.setBrush(QColor("#c98f68"))
    painter.drawRoundedRect(QRectF(middle - height * 0.07, height * 0.55, height * 0.14, height * 0.2), 20, 20)
    painter.setBrush(QColor("#2b211d"))
    painter.drawEllipse(QPointF(middle, height * 0.4), height * 0.2, height * 0.25)
    painter.setBrush(QColor("#d69b73"))
    painter.drawEllipse(QPointF(middle, height * 0.44), height * 0.155, height * 0.195)
    painter.end()
    view = memoryview(image.constBits())
    return image, Picture(1, width, height, image.bytesPerLine(), view)


class _NoTasks(TaskScope):
    """Nothing is asked on the stage: scenes show what they want to be seen."""

    def spawn(self, coro: Coroutine[Any, Any, Any], *, name: str) -> NoReturn:
        """Start nothing."""
        coro.close()
        raise ScopeClosedError(name)


def letter(width: int, height: int) -> tuple[QImage, Picture]:
    """Draw a made-up letter on a desktop, as a shared screen."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.fillRect(image.rect(), QColor("#3d5a73"))
    painter.fillRect(QRectF(0, 0, width, height * 0.04), QColor("#22313f"))
    page = QRectF(width * 0.25, height * 0.1, width * 0.5, height * 0.9)
    painter.fillRect(page, QColor("#ffffff"))
    painter.setPen(QColor("#1d2730"))
    font = painter.font()
    font.setPixelSize(round(height * 0.036))
    painter.setFont(font)
    painter.drawText(page.adjusted(60, 50, -60, 0), "Home blood pressure, last two weeks")
    font.setPixelSize(round(height * 0.024))
    painter.setFont(font)
    for row, (day, value) in enumerate(
        (("Mon", "142 / 88"), ("Wed", "138 / 86"), ("Fri", "145 / 91"), ("Sun", "136 / 84"))
    ):
        painter.drawText(page.adjusted(60, 130 + row * 46, -60, 0), f"{day}    {value}")
    painter.end()
    return image, Picture(1, width, height, image.bytesPerLine(), memoryview(image.constBits()))


@contextmanager
def staged(
    application: QApplication, theme: Theme, scene: Callable[..., None], size: tuple[int, int] = (1440, 900)
) -> Iterator[MainWindow]:
    """Show a window on the fakes with the scene played in it, and put it away again."""
    KEPT[:] = [portrait(1280, 720, "#2f5d7c"), portrait(640, 360, "#e8edf0"), letter(1600, 900)]
    session, call, clock = FakeSession(), FakeCall(), FakeClock(wall_ms=NOW)
    window = MainWindow(
        theme,
        version="0.1.0",
        server="",
        wall_ms=clock.wall_ms,
        frames=call.frames,
        device_names=lambda: DeviceNames("Example HD Camera", "Example Headset"),
    )
    WINDOWS[:] = [window]
    session.on_change(window.render_session)
    call.devices.on_change(window.devices.render_devices)
    call.files.on_change(window.call.files_desk.render_files)
    call.on_change(window.render_call)
    call.on_frame(window.call.frame_ready)
    call.on_frame(window.devices.frame_ready)
    scope, bridge = _NoTasks("screenshots"), Bridge(session, call)
    preferences = Preferences(PolicyDesk())
    preferences.set("Appearance", theme.appearance.value)
    intents = Intents(session, call, scope, Permissions())
    parts = Parts(window, theme, session, bridge, intents, scope, preferences, "0.1.0")
    workspace = Workspace(parts, LockDesk(application, clock, LockMemory(None)), clock.wall_ms)
    STAGE[:] = [(workspace, clock)]
    window.render_session(session.snapshot)
    window.resize(*size)
    window.show()
    scene(session, call)
    for _ in range(8):
        application.sendPostedEvents()
        application.processEvents()
    try:
        yield window
    finally:
        workspace.close()
        workspace.lock.close()
        bridge.close()
        window.allow_close()
        window.deleteLater()
        WINDOWS.clear()
        STAGE.clear()
        application.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # outside a loop nobody else delivers these
        gc.collect()
