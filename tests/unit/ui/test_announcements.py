"""What a screen reader hears without the person doing anything (WCAG 2.2, 4.1.3)."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from carena_desktop.call.model import CallFigures, CallState, CameraLamp, ChatLine, Delivery
from carena_desktop.session.model import SessionState
from carena_desktop.ui import a11y, notifications
from carena_desktop.ui.alerts import PAUSE_S
from carena_desktop.ui.pages.call import chat_panel
from carena_desktop.ui.pages.call import page as call_page
from carena_desktop.ui.pages.sign_in import page as sign_in_page
from carena_desktop.ui.pages.waiting_room import page as waiting_page
from tests.fakes.session import entry
from tests.unit.ui.conftest import Scene


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """Words and urgency of every announcement."""
    said: list[tuple[str, bool]] = []

    def listen(_widget: QWidget, text: str, *, urgent: bool = False) -> None:
        said.append((text, urgent))

    for module in (waiting_page, notifications, call_page, chat_panel, sign_in_page):
        monkeypatch.setattr(module, "announce", listen)
    return said


def test_an_arrival_is_announced_without_a_name(scene: Scene, heard: list[tuple[str, bool]]) -> None:
    """The first arrival is told at once, the next ones together when the pause is over; nobody is named."""
    scene.online(entry(1))
    heard.clear()
    scene.session.show(entry(1), entry(2, acuity=2))
    scene.session.show(entry(1), entry(2, acuity=2), entry(3), entry(4))
    assert heard == [("A patient is waiting, acuity 2.", False)]
    scene.clock.advance(PAUSE_S)
    scene.window.notice.flush()
    assert heard[1:] == [("2 patients waiting.", False)]


def test_a_lost_connection_interrupts(scene: Scene, heard: list[tuple[str, bool]]) -> None:
    """Losing the server is urgent and said once; coming back is said calmly."""
    scene.online(entry(1))
    heard.clear()
    scene.session.publish(state=SessionState.RECONNECTING, retry_in_s=2.0)
    scene.session.publish(retry_in_s=4.0)
    scene.session.publish(state=SessionState.ONLINE, retry_in_s=None)
    assert heard == [("Connection lost. Reconnecting.", True), ("Connected again.", False)]


def test_the_visit_tells_its_turns(scene: Scene, heard: list[tuple[str, bool]]) -> None:
    """Connecting, losing the line and missing devices are said as they happen."""
    scene.online(entry(1))
    scene.call.push(state=CallState.ASKING, visit="visit-1")
    heard.clear()
    scene.call.push(state=CallState.CONNECTING)
    scene.call.push(state=CallState.ACTIVE, peer_camera=True, figures=CallFigures(remote_frames=1))
    scene.call.push(camera_problem="busy", camera=CameraLamp.OFF)
    scene.call.push(state=CallState.RECONNECTING)
    assert [words.split(" ")[0] for words, _ in heard] == ["Connecting", "Connected", "The", "Reconnecting…"]
    assert [urgent for _, urgent in heard] == [False, False, True, True]


def test_a_message_is_read_once(scene: Scene, heard: list[tuple[str, bool]]) -> None:
    """The patient's lines are read out when they arrive; own lines and updates aren't."""
    theirs = ChatLine("1", "hello", 0, mine=False, delivery=Delivery.RECEIVED)
    mine = ChatLine("2", "hi", 0, mine=True, delivery=Delivery.SENDING)
    scene.online(entry(1))
    scene.call.push(state=CallState.ACTIVE, visit="visit-1", chat=(theirs, mine))
    heard.clear()
    scene.call.push(chat=(theirs, replace(mine, delivery=Delivery.DELIVERED)))
    assert heard == []
    scene.call.push(chat=(theirs, mine, replace(theirs, id="3", text="again")))
    assert heard == [("Message from the patient: again", False)]


def test_announcements_carry_their_urgency(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The event that reaches the platform is assertive only when urgent."""
    sent: list[QAccessible.AnnouncementPoliteness] = []

    def take(event: QAccessibleAnnouncementEvent) -> None:
        sent.append(event.politeness())

    monkeypatch.setattr(QAccessible, "updateAccessibility", take)
    a11y.announce(scene.window, "calm")
    a11y.announce(scene.window, "now", urgent=True)
    assert sent == [QAccessible.AnnouncementPoliteness.Polite, QAccessible.AnnouncementPoliteness.Assertive]
