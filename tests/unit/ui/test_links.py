"""Links from outside, a second start, and where the window stood."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from carena_desktop.session.model import SessionState
from carena_desktop.session.rules import SiteRules
from carena_desktop.ui import window_state
from carena_desktop.ui.links import KEY, Links
from carena_desktop.ui.single_instance import SingleInstance, hand_over, socket_name
from tests.fakes.session import entry
from tests.unit.ui.conftest import Scene, settle

ROOT = Path(__file__).resolve().parents[3]
HERE = "https://visits.test"


def links_of(
    scene: Scene, *, allowed: tuple[str, ...] | None = None, usual: str = "visits.test", platform: str = "linux"
) -> Links:
    """Links into a window on fakes."""
    made = Links(scene.window, SiteRules(allowed).allows, lambda: usual, platform=platform)
    scene.bridge.session_changed.connect(made.session_changed)
    return made


def shown(scene: Scene) -> str:
    """What the strip says about a link."""
    message = scene.window.program_bar.shown
    return message.words if message is not None and message.key == KEY else ""


def agree(scene: Scene) -> None:
    """Press the strip's button."""
    notice = scene.window.program_bar.notice
    assert notice is not None
    assert notice.action is not None
    notice.action.click()
    settle()


@pytest.fixture
def rows(scene: Scene) -> Scene:
    """A signed-in window with two patients."""
    scene.session.publish(server=HERE)
    scene.online(entry(1), entry(2))
    return scene


def test_a_visit_is_shown_after_the_person_agreed(rows: Scene) -> None:
    """It is asked first; then its row is selected, and no visit has begun."""
    links = links_of(rows)
    links.session_changed(rows.session.snapshot)
    links.take("carena://visit/visit-2?server=visits.test")
    assert "visits.test" in shown(rows)
    selected = rows.window.waiting_room.table.selected()
    assert selected is None or selected.visit != "visit-2"
    agree(rows)
    selected = rows.window.waiting_room.table.selected()
    assert selected is not None
    assert selected.visit == "visit-2"
    assert [call for call in rows.session.calls if call[0] == "admit"] == []
    links.deleteLater()


@pytest.mark.parametrize(
    ("link", "allowed"),
    [
        ("carena://visit/v1?server=other.test", None),
        ("carena://visit/v1", ("https://other.test",)),
        ("carena://visit/v1?token=x", None),
        ("https://visits.test/visit#x", None),
    ],
)
def test_other_servers_and_other_links_are_refused(rows: Scene, link: str, allowed: tuple[str, ...] | None) -> None:
    """A link never leads to a server that isn't in use or isn't allowed, and nothing can be agreed to."""
    links = links_of(rows, allowed=allowed)
    links.session_changed(rows.session.snapshot)
    links.take(link)
    assert "refused" in shown(rows)
    assert rows.window.program_bar.notice is not None
    assert rows.window.program_bar.notice.action is None
    links.deleteLater()


def test_a_link_waits_for_the_sign_in_and_ends_with_the_sign_out(scene: Scene) -> None:
    """Agreed to before the sign-in it is shown after it; at the sign-out it is forgotten; one that is gone is said."""
    links = links_of(scene)
    links.take("carena://visit/v9")
    agree(scene)
    scene.session.publish(server=HERE)
    scene.online(entry(1))
    assert "not in the waiting room" in scene.window.waiting_room.message.text
    links.take("carena://visit/v1")
    scene.session.publish(state=SessionState.SIGNED_OUT, account=None)
    assert shown(scene) == ""
    links.deleteLater()


def test_the_systems_own_way_and_a_start_without_a_link(rows: Scene) -> None:
    """MacOS hands a link over as an event; a start without one only brings the window to the front."""
    links = links_of(rows, platform="darwin")
    links.session_changed(rows.session.snapshot)
    QApplication.sendEvent(rows.window, QFileOpenEvent(QUrl("carena://visit/v1")))
    assert shown(rows)
    rows.window.program_bar.withdraw(KEY)
    rows.window.showMinimized()
    links.take("")
    assert not rows.window.isMinimized()
    assert shown(rows) == ""
    links.deleteLater()


def test_elsewhere_no_event_goes_through_python(rows: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A filter in Python costs each event of the program: only macOS, which needs it, has it."""
    taken: list[str] = []
    for platform in ("linux", "win32", "darwin"):
        links = links_of(rows, platform=platform)
        monkeypatch.setattr(links, "take", lambda link, platform=platform: taken.append(f"{platform} {link}"))
        QApplication.sendEvent(rows.window, QFileOpenEvent(QUrl("carena://visit/v1")))
        rows.bridge.session_changed.disconnect(links.session_changed)
        links.deleteLater()
        settle()
    assert taken == ["darwin carena://visit/v1"]


def test_a_second_start_hands_its_link_over(qtbot: QtBot, tmp_path: Path) -> None:
    """The first program takes the link; without one that runs, nobody takes it; other profiles have other sockets."""
    name = socket_name(tmp_path)
    assert name != socket_name(tmp_path / "other")
    assert not hand_over(name, "x")
    one = SingleInstance(name)
    assert one.listen()
    code = (
        "import sys; from PySide6.QtCore import QCoreApplication; "
        "from carena_desktop.ui.single_instance import hand_over; "
        "qt = QCoreApplication([]); print(hand_over(sys.argv[1], sys.argv[2]))"
    )
    with qtbot.waitSignal(one.started_again, timeout=20_000) as heard:
        second = subprocess.Popen(
            [sys.executable, "-c", code, name, "carena://visit/v1"], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
    output, _ = second.communicate(timeout=20)
    assert (heard.args, output.strip()) == (["carena://visit/v1"], "True")
    one.close()
    one.deleteLater()


@pytest.mark.parametrize(
    "said", [b"nonsense\n", b"[]\n", b'{"link": 3}\n', b'{"link": "' + b"x" * 500 + b'"}\n', b"x" * 5000]
)
def test_nonsense_on_the_socket_is_dropped(qtbot: QtBot, tmp_path: Path, said: bytes) -> None:
    """Whoever of the same user writes there: what is no link does nothing."""
    one = SingleInstance(socket_name(tmp_path))
    assert one.listen()
    heard: list[str] = []
    one.started_again.connect(heard.append)
    socket = QLocalSocket()
    socket.connectToServer(socket_name(tmp_path))
    assert socket.waitForConnected(5000)
    socket.write(said)
    socket.flush()
    qtbot.waitUntil(lambda: socket.state() is QLocalSocket.LocalSocketState.UnconnectedState, timeout=10_000)
    assert heard == []
    one.close()
    one.deleteLater()


def test_the_socket_of_a_dead_program_is_replaced(tmp_path: Path) -> None:
    """Its file is still there; listening works all the same."""
    first, second = SingleInstance(socket_name(tmp_path)), SingleInstance(socket_name(tmp_path))
    assert first.listen()
    assert second.listen()
    second.close()
    first.close()
    first.deleteLater()
    second.deleteLater()


SCREEN, SECOND = QRect(0, 0, 1920, 1080), QRect(5000, 0, 1280, 1024)


@pytest.mark.parametrize(
    ("frame", "place"),
    [
        (QRect(100, 100, 1440, 900), QRect(100, 100, 1440, 900)),
        (QRect(1700, 500, 1440, 900), QRect(1700, 500, 1440, 900)),
        (QRect(1900, 500, 1440, 900), None),
        (QRect(100, -200, 1440, 900), None),
        (QRect(3000, 100, 1440, 900), None),
        (QRect(200, 300, 3840, 900), QRect(0, 300, 1920, 900)),
        (QRect(200, 30, 1440, 2100), QRect(200, 40, 1440, 1040)),
        (QRect(4900, 100, 2400, 900), QRect(5000, 100, 1280, 900)),
    ],
)
def test_a_window_comes_back_only_where_it_can_be_taken_hold_of(frame: QRect, place: QRect | None) -> None:
    """A screen that is gone, or a title above the edge, means the usual place; what is larger than its screen fits."""
    assert window_state.fitted(frame, [SCREEN, SECOND]) == place


def test_the_frame_is_kept_and_nothing_else(qtbot: QtBot, tmp_path: Path) -> None:
    """What is written is numbers; broken files and other versions mean the usual place, and forgetting works."""
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setWindowTitle("Robin Sample")
    window.setGeometry(10, 60, 400, 300)
    window_state.save(window, tmp_path)
    kept = json.loads((tmp_path / window_state.FILE_NAME).read_text())
    assert set(kept) == {"version", "frame", "maximized"}
    assert "Robin" not in (tmp_path / window_state.FILE_NAME).read_text()
    other = QMainWindow()
    qtbot.addWidget(other)
    assert window_state.restore(other, tmp_path)
    assert (other.width(), other.height()) == (400, 300)
    other_version = '{"version": 2, "frame": [0, 0, 400, 300], "maximized": false}'
    for broken in ("{", "[]", '{"version": 1, "frame": [1, 2, "x", 4]}', other_version):
        (tmp_path / window_state.FILE_NAME).write_text(broken)
        assert not window_state.restore(other, tmp_path)
    window_state.forget(tmp_path)
    assert not window_state.restore(other, tmp_path)
