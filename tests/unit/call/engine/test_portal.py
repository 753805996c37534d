"""Sharing by the desktop's portal is offered where everything that it needs is there, and nowhere else."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from pytestqt.qtbot import QtBot

from carena_desktop.call.engine import qt_portal
from carena_desktop.call.engine.qt_shared import ShareableList
from carena_desktop.call.ports import PORTAL
from carena_desktop.wayland import is_wayland

PORTAL_OF_A_DESKTOP = """
from jeepney import HeaderFields, MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection
connection = open_dbus_connection(bus="SESSION")
connection.send_and_get_reply(message_bus.RequestName("org.freedesktop.portal.Desktop"))
print("ready", flush=True)
while True:
    message = connection.receive()
    if message.header.message_type is not MessageType.method_call:
        continue
    known = message.header.fields.get(HeaderFields.member) == "Get" and message.body[0] == KNOWN
    failed = new_error(message, "org.freedesktop.DBus.Error.Failed")
    connection.send(new_method_return(message, "v", (("u", 4),)) if known else failed)
"""


@contextmanager
def bus(portal: str = "") -> Iterator[QDBusConnection]:
    """A session bus of its own, with a portal that knows one interface, or without."""
    command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as daemon:
        assert daemon.stdout is not None
        address, name = daemon.stdout.readline().strip(), f"test-{secrets.token_hex(4)}"
        program = [sys.executable, "-c", PORTAL_OF_A_DESKTOP.replace("KNOWN", repr(portal))]
        env = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": address}
        desktop = subprocess.Popen(program, stdout=subprocess.PIPE, env=env, text=True) if portal else None
        try:
            if desktop is not None:
                assert desktop.stdout is not None
                assert desktop.stdout.readline() == "ready\n"
            yield QDBusConnection.connectToBus(address, name)
        finally:
            QDBusConnection.disconnectFromBus(name)
            if desktop is not None:
                desktop.kill()
                desktop.communicate()
            daemon.kill()


@pytest.mark.parametrize(
    ("environment", "wayland"),
    [
        ({"XDG_SESSION_TYPE": "wayland"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, True),
        ({"XDG_SESSION_TYPE": "x11", "DISPLAY": ":0"}, False),
        ({}, False),
    ],
)
def test_a_wayland_session_is_known(environment: dict[str, str], *, wayland: bool) -> None:
    """By what the session says of itself, also to a program with an X11 window in it."""
    assert is_wayland(environment) is wayland


def test_a_portal_that_shares_screens_is_found() -> None:
    """One on the session's bus that knows ScreenCast; neither one that does not, nor none."""
    with bus(qt_portal.SCREEN_CAST) as connection:
        assert qt_portal.answers(lambda: connection)
    with bus("org.freedesktop.portal.FileChooser") as connection:
        assert not qt_portal.answers(lambda: connection)
    with bus() as connection:
        assert not qt_portal.answers(lambda: connection)
    assert not qt_portal.answers(lambda: QDBusConnection("nobody"))


def test_without_the_library_there_is_no_portal() -> None:
    """Qt would grab something else than the screen."""
    assert qt_portal.can_load("libc.so.6")
    assert not qt_portal.can_load("libpipewire-of-nobody.so.0")
    assert not qt_portal.is_there({"XDG_SESSION_TYPE": "x11"})


def test_by_the_portal_one_thing_is_listed_without_a_name() -> None:
    """The system asks which screen or window: its names are not ours to know."""
    (only,) = ShareableList().found(portal=True).found
    assert (only.id, only.name) == (PORTAL, "")


def test_a_closed_dialog_is_heard(qtbot: QtBot) -> None:
    """The portal answers each request once: 0 is yes, 1 the person's no, 2 any other end; the last two refuse."""
    with bus() as connection:
        assert connection.registerService(qt_portal.SERVICE)
        answers = qt_portal.PortalAnswers(connection)
        heard: list[str] = []
        answers.refused.connect(lambda: heard.append("refused"))
        for answer in (0, 1, 0, 2):
            said = QDBusMessage.createSignal(f"{qt_portal.PATH}/request/1_2/q1", qt_portal.REQUEST, "Response")
            said.setArguments([answer, {}])
            assert connection.send(said)
        qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard == ["refused", "refused"]


def test_a_session_that_the_system_closes_is_heard(qtbot: QtBot) -> None:
    """Sharing can be ended by a button of the desktop's own, which says so once, with nothing in it or with details."""
    with bus() as connection:
        assert connection.registerService(qt_portal.SERVICE)
        answers = qt_portal.PortalAnswers(connection)
        closings: tuple[list[dict[str, object]], ...] = ([], [{}])
        for details in closings:
            with qtbot.waitSignal(answers.ended):
                said = QDBusMessage.createSignal(f"{qt_portal.PATH}/session/1_2/s1", qt_portal.SESSION, "Closed")
                said.setArguments(details)
                assert connection.send(said)


def test_without_a_bus_nobody_is_listened_to(qapp: object) -> None:
    """A session without D-Bus makes no difference."""
    assert qapp is not None
    qt_portal.PortalAnswers(QDBusConnection("nobody"))
