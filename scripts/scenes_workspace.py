"""Scenes of what stands around the pages: lock, palette, settings, the account, administration."""

from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, TypeVar, cast

from carena_desktop.session.model import EmergencyTold, SessionProblem, SessionState
from carena_desktop.ui.admin_desk import AdminDesk
from carena_desktop.ui.i18n import tr
from carena_protocol.envelope import Role
from carena_protocol.errors import ErrorCode
from carena_protocol.staff_rest import SecondFactor, SecondFactorStatus
from scripts.scenes_visit import live
from scripts.scenes_waiting import ACCOUNT, waiting, waiting_chat
from scripts.screenshot_queue import CHATTING
from scripts.stage import STAGE, WINDOWS
from tests.fakes.call import FakeCall
from tests.fakes.session import FakeSession
from tests.fakes.staff import CODES, NOW, SECRET, URI

T = TypeVar("T")


def lock(session: FakeSession, call: FakeCall) -> None:
    """Nobody was there for ten minutes."""
    waiting(session, call)
    workspace, clock = STAGE[-1]
    clock.advance(600)
    workspace.lock.tick()


def lock_in_visit(session: FakeSession, call: FakeCall) -> None:
    """The visit goes on behind the lock; a wrong password."""
    live(session, call)
    workspace, _ = STAGE[-1]
    workspace.lock.hide()
    workspace.screen.problem.show_text(tr("The password is wrong."))


def lock_warning(session: FakeSession, call: FakeCall) -> None:
    """A minute ahead."""
    waiting(session, call)
    workspace, clock = STAGE[-1]
    clock.advance(560)
    workspace.lock.tick()


def palette(session: FakeSession, call: FakeCall) -> None:
    """Everything that can be done in the waiting room."""
    waiting(session, call)
    STAGE[-1][0].palette.open()


def emergency_told(session: FakeSession, call: FakeCall) -> None:
    """An administrator reads that somebody took emergency access."""
    admin_accounts(session, call)
    session.publish(emergencies=(EmergencyTold("n1", "RN Patel", NOW - 60_000, NOW + 3_540_000),))


def emergency_own(session: FakeSession, call: FakeCall) -> None:
    """Whoever has emergency access sees so, and can end it."""
    waiting(session, call)
    STAGE[-1][0].emergency.own(NOW + 3_540_000)


def chat_verified(session: FakeSession, call: FakeCall) -> None:
    """The codes were compared while the patient waits."""
    waiting_chat(session, call)
    security = CHATTING.security
    assert security is not None  # noqa: S101 - the scene before has one
    session.publish(chats=(replace(CHATTING, security=replace(security, verified_at_ms=NOW)),))


def settings(session: FakeSession, call: FakeCall, section: int = 0) -> None:
    """Notifications and sounds."""
    waiting(session, call)
    STAGE[-1][0].settings.open(section)


def settings_appearance(session: FakeSession, call: FakeCall) -> None:
    """Look and size of text."""
    settings(session, call, 1)


def settings_shortcuts(session: FakeSession, call: FakeCall) -> None:
    """Every key."""
    settings(session, call, 2)


def settings_language(session: FakeSession, call: FakeCall) -> None:
    """The language of the window."""
    settings(session, call, 3)


def settings_privacy(session: FakeSession, call: FakeCall) -> None:
    """The lock, and what is kept."""
    settings(session, call, 5)


def settings_about(session: FakeSession, call: FakeCall) -> None:
    """Policies and licences."""
    settings(session, call, 6)


def settings_account(session: FakeSession, call: FakeCall) -> None:
    """A second factor that is on, and two sessions."""
    settings(session, call, 4)
    section, staff = STAGE[-1][0].settings.account, session.staff
    section.show_factor(SecondFactorStatus(state=SecondFactor.ACTIVE, required=False, recovery_codes_left=8))
    section.show_sessions(finished(staff.sessions()))


def sign_in_code(session: FakeSession, _call: FakeCall) -> None:
    """The second factor is asked for."""
    page = WINDOWS[-1].sign_in
    session.publish(server="carena.example.org")
    page.username.setText("casey")
    page.password.setText("correct horse battery")
    session.publish(server="carena.example.org", problem=SessionProblem(ErrorCode.SECOND_FACTOR_REQUIRED))


def enrol(session: FakeSession, _call: FakeCall) -> None:
    """QR code and secret."""
    session.publish(state=SessionState.ENROLLING, account=ACCOUNT, server="carena.example.org")
    WINDOWS[-1].sign_in.enrol.show_enrolment(SECRET, URI)


def enrol_codes(session: FakeSession, call: FakeCall) -> None:
    """The recovery codes."""
    enrol(session, call)
    WINDOWS[-1].sign_in.enrol.show_codes(CODES)


def administration(session: FakeSession, section: int) -> AdminDesk:
    """An administrator signs in."""
    account = replace(ACCOUNT, display_name="Bo Administrator", role=Role.ADMINISTRATOR)
    session.publish(state=SessionState.ONLINE, account=account, server="carena.example.org")
    desk = STAGE[-1][0].admin
    desk.open(section)
    return desk


def admin_accounts(session: FakeSession, _call: FakeCall) -> None:
    """Who has an account."""
    administration(session, 0).people.show_users(finished(session.staff.admin.users()))


def admin_rooms(session: FakeSession, _call: FakeCall) -> None:
    """Targets and alarms."""
    administration(session, 1).rooms.show_rooms(finished(session.staff.admin.rooms()))


def admin_sessions(session: FakeSession, _call: FakeCall) -> None:
    """Who is signed in where, and emergency access."""
    access, admin = administration(session, 2).access, session.staff.admin
    access.show_sessions(finished(admin.sessions()))
    access.show_emergencies(finished(admin.emergencies()))


def admin_audit(session: FakeSession, _call: FakeCall) -> None:
    """The log, and a chain that is whole."""
    audit, admin = administration(session, 3).audit, session.staff.admin
    audit.show_page(finished(admin.audit(audit.query())), older=False)
    audit.show_verdict(finished(admin.verify_audit()))


def finished(answer: Coroutine[Any, Any, T]) -> T:
    """Return what a fake answers: it waits for nothing."""
    try:
        answer.send(None)
    except StopIteration as end:
        return cast("T", end.value)
    raise RuntimeError("a fake waited")


WORKSPACE_SCENES = (
    settings_account,
    sign_in_code,
    enrol,
    enrol_codes,
    admin_accounts,
    admin_rooms,
    admin_sessions,
    admin_audit,
    settings,
    settings_appearance,
    settings_shortcuts,
    settings_language,
    settings_privacy,
    settings_about,
    lock,
    lock_in_visit,
    lock_warning,
    palette,
    emergency_told,
    emergency_own,
    chat_verified,
)
