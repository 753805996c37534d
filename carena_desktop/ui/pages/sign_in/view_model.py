"""What the sign-in screen shows for a session snapshot; pure."""

from dataclasses import dataclass
from enum import StrEnum

from carena_desktop.session.model import LocalProblem, SessionSnapshot, SessionState
from carena_desktop.ui import text
from carena_desktop.ui.i18n import tr
from carena_protocol.errors import ErrorCode


class Step(StrEnum):
    """Which of the three faces of the screen is up."""

    FORM = "form"
    FIRST_CONTACT = "first_contact"
    AUTHORITY_CHANGED = "authority_changed"
    ENROL = "enrol"
    """The site wants a second factor, and there is none yet."""


@dataclass(frozen=True, slots=True)
class ViewState:
    """Everything the screen renders."""

    step: Step
    busy: bool
    status: str
    """What is going on, for the button while busy."""
    problem: str
    clear_password: bool
    server: str
    fingerprint: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    asks_code: bool = False
    """Whether a code of the second factor is wanted as well."""


def view(snapshot: SessionSnapshot) -> ViewState:
    """Return the screen for ``snapshot``."""
    if snapshot.state is SessionState.ENROLLING:
        return ViewState(Step.ENROL, busy=False, status="", problem="", clear_password=False, server=snapshot.server)
    code = snapshot.problem.code if snapshot.problem is not None else None
    busy = snapshot.state in {SessionState.SIGNING_IN, SessionState.CONNECTING}
    wrong = code is ErrorCode.WRONG_CREDENTIALS
    shown = ViewState(
        step=Step.FORM,
        busy=busy,
        status=tr("Connecting…") if snapshot.state is SessionState.CONNECTING else tr("Signing in…"),
        problem="" if busy or snapshot.problem is None else text.session_problem(snapshot.problem),
        clear_password=wrong,
        server=snapshot.server,
        asks_code=code in {ErrorCode.SECOND_FACTOR_REQUIRED, ErrorCode.WRONG_CODE},
    )
    offer = snapshot.authority
    if offer is None:
        return shown
    changed = offer.expected is not None and offer.expected != offer.fingerprint
    blocked = snapshot.problem is not None and snapshot.problem.code is LocalProblem.AUTHORITY_CHANGED
    if snapshot.state is not SessionState.TRUST_REQUIRED and not (changed and blocked):
        return shown
    return ViewState(
        step=Step.AUTHORITY_CHANGED if changed else Step.FIRST_CONTACT,
        busy=False,
        status="",
        problem="",
        clear_password=False,
        server=offer.server,
        fingerprint=text.fingerprint_groups(offer.fingerprint),
        expected=text.fingerprint_groups(offer.expected) if offer.expected and changed else (),
    )


def caps_lock_after(key_text: str, *, shift: bool) -> bool | None:
    """Whether Caps Lock is on, judged by one typed character; None when the character does not tell.

    Qt has no question for the state of the lock, and the character does tell on every platform.
    """
    if len(key_text) != 1 or not key_text.isalpha() or key_text.upper() == key_text.lower():
        return None
    return key_text.isupper() != shift
