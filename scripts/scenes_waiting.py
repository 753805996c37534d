"""Scenes before a visit: the sign-in, the waiting room and triage, with made-up people."""

from collections.abc import Callable

from carena_desktop.session.model import (
    AuthorityOffer,
    KeyringState,
    LocalProblem,
    SessionProblem,
    SessionState,
    StaffAccount,
    WaitingRoom,
)
from carena_desktop.ui.keys import Do
from carena_protocol.errors import ErrorCode
from scripts.screenshot_queue import CHATTING, PATIENTS, ROOM, details
from scripts.stage import WINDOWS
from tests.fakes.call import FakeCall
from tests.fakes.session import FakeSession

ACCOUNT = StaffAccount(id="c1", username="casey", display_name="Dr. Casey Example")


def sign_in(session: FakeSession, _call: FakeCall) -> None:
    """The empty form."""
    session.publish(server="carena.example.org")


def sign_in_problem(session: FakeSession, _call: FakeCall) -> None:
    """Wrong password."""
    session.publish(server="carena.example.org", problem=SessionProblem(ErrorCode.WRONG_CREDENTIALS))


def trust(session: FakeSession, _call: FakeCall) -> None:
    """First contact."""
    offer = AuthorityOffer("carena.example.org:8443", "3fa9c10277b4e0d1" * 4)
    session.publish(state=SessionState.TRUST_REQUIRED, authority=offer)


def authority_changed(session: FakeSession, _call: FakeCall) -> None:
    """The hard stop."""
    offer = AuthorityOffer("carena.example.org:8443", "3fa9c10277b4e0d1" * 4, "99e1c10277b4aa00" * 4)
    session.publish(
        state=SessionState.TRUST_REQUIRED, authority=offer, problem=SessionProblem(LocalProblem.AUTHORITY_CHANGED)
    )


def waiting(session: FakeSession, _call: FakeCall) -> None:
    """A busy morning."""
    session.publish(state=SessionState.ONLINE, account=ACCOUNT, waiting_room=ROOM, keyring=KeyringState.STORED)
    WINDOWS[-1].waiting_room.drawer.show_details(details(next(one for one in PATIENTS if one.visit == "v3")))


def waiting_assign(session: FakeSession, call: FakeCall) -> None:
    """The question before an assignment."""
    waiting(session, call)
    WINDOWS[-1].waiting_room.do(Do.ASSIGN)


def waiting_acuity(session: FakeSession, call: FakeCall) -> None:
    """An acuity was set by one key and can be taken back."""
    waiting(session, call)
    page = WINDOWS[-1].waiting_room
    page.do(Do.DOWN)
    page.do(Do.ACUITY_2)
    page.flow.done(page.flow.pending[-1], 2)


def waiting_empty(session: FakeSession, call: FakeCall) -> None:
    """Nobody, and a locked keyring."""
    waiting(session, call)
    session.publish(waiting_room=WaitingRoom(clinic="Example Virtual Clinic"), keyring=KeyringState.LOCKED)


def waiting_reconnecting(session: FakeSession, call: FakeCall) -> None:
    """The connection is away."""
    waiting(session, call)
    session.publish(state=SessionState.RECONNECTING, retry_in_s=4.0)


def waiting_chat(session: FakeSession, call: FakeCall) -> None:
    """Writing with a patient who waits."""
    waiting(session, call)
    page = WINDOWS[-1].waiting_room
    page.chat.open("v3")
    page.show_drawer(shown=True)  # where it floats over the list it comes when it is asked for
    session.publish(chats=(CHATTING,))


def triage(session: FakeSession, call: FakeCall) -> None:
    """A form that is half filled in."""
    waiting(session, call)
    window = WINDOWS[-1]
    window.waiting_room.triage_requested.emit("v3")
    window.triage.show_details(details(next(one for one in PATIENTS if one.visit == "v3")))


def triage_problem(session: FakeSession, call: FakeCall) -> None:
    """A number that can't be, and acuity 1."""
    triage(session, call)
    page = WINDOWS[-1].triage
    field = page.vitals.fields["heart_rate"].edit
    field.setText("960")
    field.textEdited.emit("960")
    page.acuity.buttons[1].click()
    page.ready.click()


WAITING_SCENES: tuple[Callable[[FakeSession, FakeCall], None], ...] = (
    sign_in,
    sign_in_problem,
    trust,
    authority_changed,
    waiting,
    waiting_empty,
    waiting_reconnecting,
    waiting_assign,
    waiting_acuity,
    waiting_chat,
    triage,
    triage_problem,
)
