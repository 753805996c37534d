"""Scenes of the waiting room that stand over it or beside it: who is gone, compact rows; see ``screenshots``."""

from collections.abc import Callable
from dataclasses import replace

from carena_desktop.session.gone import GonePatient
from carena_desktop.session.orders import Verb
from carena_protocol.rows import LeaveReason, VisitState
from scripts.scenes_waiting import waiting
from scripts.screenshot_queue import ROOM
from scripts.stage import NOW, WINDOWS
from tests.fakes.call import FakeCall
from tests.fakes.session import FakeSession

GONE = (
    GonePatient(
        visit="g1",
        version=4,
        state=VisitState.LEFT,
        room="main",
        checked_in_at_ms=NOW - 2_400_000,
        closed_at_ms=NOW - 420_000,
        reason=LeaveReason.PATIENT,
        acuity=3,
        name="Sky Prueba",
    ),
    GonePatient(
        visit="g2",
        version=3,
        state=VisitState.NO_SHOW,
        room="follow-up",
        checked_in_at_ms=NOW - 3_600_000,
        closed_at_ms=NOW - 1_800_000,
        recalled_until_ms=NOW + 5_400_000,
        name="Ben Beispiel-Mustermann",
    ),
    GonePatient(
        visit="g3",
        version=7,
        state=VisitState.FINISHED,
        room="main",
        checked_in_at_ms=NOW - 5_400_000,
        closed_at_ms=NOW - 3_000_000,
        acuity=4,
    ),
)


def waiting_gone(session: FakeSession, call: FakeCall) -> None:
    """Who is gone and may be called back."""
    waiting(session, call)
    session.publish(waiting_room=replace(ROOM, gone=GONE))
    WINDOWS[-1].waiting_room.filters.gone.click()


def waiting_compact(session: FakeSession, call: FakeCall) -> None:
    """Rows without air."""
    waiting(session, call)
    WINDOWS[-1].waiting_room.table.set_compact(on=True)


def waiting_finish(session: FakeSession, call: FakeCall) -> None:
    """The question before the end, with its outcome."""
    waiting(session, call)
    page = WINDOWS[-1].waiting_room
    page.flow.ask(Verb.FINISH, page.model.row_at(page.model.find("v7")) or page.model.rows[0])


def waiting_filtered(session: FakeSession, call: FakeCall) -> None:
    """A search that finds nobody."""
    waiting(session, call)
    WINDOWS[-1].waiting_room.title.search.setText("zzz")


def waiting_message(session: FakeSession, call: FakeCall) -> None:
    """What came of something, over the list."""
    waiting(session, call)
    WINDOWS[-1].waiting_room.show_link("https://carena.example.org/v/1")


CLINIC_SCENES: tuple[Callable[[FakeSession, FakeCall], None], ...] = (
    waiting_gone,
    waiting_compact,
    waiting_finish,
    waiting_filtered,
    waiting_message,
)
