"""Emergency access is seen: by whoever has it, and by every administrator, also by one who was away."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from carena_desktop.session.failures import SessionError
from carena_desktop.session.model import EmergencyTold, SessionState
from carena_desktop.ui.alerts import Kind
from carena_desktop.ui.workspace import Workspace
from carena_protocol.envelope import Role
from carena_protocol.errors import ErrorCode
from tests.fakes.session import ACCOUNT, entry
from tests.fakes.staff import NOW
from tests.unit.ui.conftest import LiveScene, clear_away, furnish, settle
from tests.unit.ui.test_alerts import given_alerts

BOSS = replace(ACCOUNT, id="u9", display_name="Bo Administrator", role=Role.ADMINISTRATOR)
TOLD = EmergencyTold("u2", "Robin Nurse", NOW, NOW + 3_600_000)


@pytest.fixture
async def desk(live_scene: LiveScene, qapp: QApplication) -> AsyncIterator[Workspace]:
    """A window with everything around it; nobody is signed in."""
    made = furnish(live_scene, qapp)
    yield made
    clear_away(made)


def shown(scene: LiveScene) -> str:
    """What the strip above the page says."""
    message = scene.window.program_bar.shown
    return message.words if message is not None else ""


async def test_an_administrator_is_told_at_once(live_scene: LiveScene, desk: Workspace) -> None:
    """Who, since when and until when; it sounds without a name, and leads to the reason."""
    live_scene.clock.advance(2 * 86_400)
    live_scene.session.publish(state=SessionState.ONLINE, account=BOSS)
    await live_scene.settled()
    assert shown(live_scene) == ""
    alerts = given_alerts(live_scene)
    live_scene.session.publish(emergencies=(TOLD,))
    settle()
    assert "Robin Nurse" in shown(live_scene)
    assert "took emergency access at" in shown(live_scene)
    assert desk.admin.page is not None
    assert desk.admin.page.isVisible()
    assert live_scene.window.program_bar.isVisible()  # above administration, where administrators are
    desk.lock.lock()
    assert not live_scene.window.program_bar.isVisible()
    desk.lock.unlock("correct horse")
    await live_scene.settled()
    assert live_scene.window.program_bar.isVisible()
    assert [(one.kind, one.urgent, one.words) for one in alerts] == [
        (Kind.EMERGENCY_ACCESS, True, "Emergency access was taken.")
    ]
    live_scene.session.publish(emergencies=(TOLD,), clock_offset_ms=1)
    assert len(alerts) == 1
    live_scene.session.staff.admin.calls.clear()
    assert live_scene.window.program_bar.notice is not None
    live_scene.window.program_bar.notice.action_requested.emit()
    await live_scene.settled()
    assert ("emergencies",) in live_scene.session.staff.admin.calls
    assert desk.admin.access.emergencies.isVisible()


async def test_an_administrator_who_was_away_reads_it_at_sign_in(live_scene: LiveScene, desk: Workspace) -> None:
    """What was taken within a day is told once; at sign-out nothing of it stays."""
    assert desk.admin is not None
    live_scene.session.publish(state=SessionState.ONLINE, account=BOSS)
    await live_scene.settled()
    assert shown(live_scene) == "Emergency access was taken 1 time within a day."
    live_scene.session.publish(state=SessionState.SIGNED_OUT, account=None)
    assert shown(live_scene) == ""


async def test_who_has_it_sees_so_until_it_ends(live_scene: LiveScene, desk: Workspace) -> None:
    """Above every page, from a start here or before the program began; ended by the strip or by time."""
    live_scene.session.staff.until = live_scene.clock.wall_ms() + 60_000
    live_scene.online(entry(1))
    await live_scene.settled()
    assert shown(live_scene).startswith("Emergency access: you see every waiting room until")
    live_scene.clock.advance(61)
    live_scene.window.waiting_room.tick()
    assert shown(live_scene) == ""
    desk.settings.account_desk.emergency_changed.emit(live_scene.clock.wall_ms() + 60_000)
    assert shown(live_scene) != ""
    assert live_scene.window.program_bar.notice is not None
    live_scene.session.staff.problem = SessionError(ErrorCode.BUSY)
    live_scene.window.program_bar.notice.action_requested.emit()
    await live_scene.settled()
    assert shown(live_scene) != ""
    live_scene.session.staff.problem = None
    live_scene.window.program_bar.notice.action_requested.emit()
    await live_scene.settled()
    assert ("end_emergency",) in live_scene.session.staff.calls
    assert shown(live_scene) == ""


async def test_a_nurse_is_told_nothing_of_others(live_scene: LiveScene, desk: Workspace) -> None:
    """The list of uses is not asked for in another role's name."""
    assert desk.admin is not None
    live_scene.online(entry(1))
    await live_scene.settled()
    assert ("emergencies",) not in live_scene.session.staff.admin.calls
