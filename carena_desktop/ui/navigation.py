"""Which page is shown; pure. A running visit comes before everything, even a lost session: the call goes on."""

from enum import IntEnum

from carena_desktop.call.model import CallSnapshot, CallState, EndReason
from carena_desktop.session.model import SessionSnapshot, SessionState
from carena_desktop.ui.pages.call.view_model import Patient
from carena_desktop.ui.pages.waiting_room.row_book import identity


class Page(IntEnum):
    """The pages, by their place in the window's stack."""

    SIGN_IN = 0
    WAITING_ROOM = 1
    CALL = 2
    DEVICES = 3


def page_for(session: SessionSnapshot, call: CallSnapshot, left_visit: str, *, checking: bool = False) -> Page:
    """Return the page for the two snapshots.

    ``left_visit`` is an ended visit whose last screen was put away; ``checking`` asks for the device check, which a
    visit comes before.
    """
    match call.state:
        case CallState.IDLE:
            pass
        case CallState.ENDED:
            told = call.end_reason in {None, EndReason.LOCAL} or call.visit == left_visit
            if not told and session.account is not None:
                return Page.CALL
        case _:
            return Page.CALL
    if session.state in {SessionState.ONLINE, SessionState.RECONNECTING}:
        return Page.DEVICES if checking else Page.WAITING_ROOM
    return Page.SIGN_IN


def patient_of(session: SessionSnapshot, visit: str, known: Patient) -> Patient:
    """Return who the visit is with; who has left the list keeps the name known before, for this visit only."""
    entries = session.waiting_room.entries if visit and session.account is not None else ()
    entry = next((entry for entry in entries if entry.visit == visit), None)
    if entry is not None:
        return Patient(visit, *identity(entry), listed=True)
    return Patient(visit, known.name, known.about, listed=False) if known.visit == visit else Patient(visit)
