"""Orders on their way to the server: sent with what was seen, again when only the connection moved, refused in full."""

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from carena_desktop.session import waiting_room
from carena_desktop.session.commands import Reply
from carena_desktop.session.model import WaitingRoom
from carena_desktop.session.orders import Order, Verb
from carena_desktop.session.ports import CommandRefusedError
from carena_desktop.session.queue_desk import QueueDesk
from carena_protocol.errors import ErrorCode, RefusalReason
from carena_protocol.messages import ClientMessage, Error, Ok, Presence, QueueEntry, VisitState
from carena_protocol.news import VisitDetails
from carena_protocol.rows import Details
from carena_protocol.verbs import Admit, DetailsRequest, Finish, Resume
from tests.fakes.session import ACCOUNT

ROW = QueueEntry(
    visit="v1",
    version=3,
    state=VisitState.READY,
    presence=Presence.CONNECTED,
    name="Test Patient",
    birth_date="1980-01-01",
    reason="Reason",
    checked_in_at=1,
)
TAKEN = replace(
    ROW, version=4, state=VisitState.CLAIMED, clinician_id="other", clinician_name="Dr Other", clinician_since=7_000
)


class Server:
    """Answers one after the other; what was asked is in ``asked``."""

    def __init__(self, *answers: Reply, row: QueueEntry = ROW) -> None:
        self.asked: list[ClientMessage] = []
        self._answers = list(answers)
        room = WaitingRoom(1, "Clinic", (waiting_room.to_entry(row),))
        self.desk = QueueDesk(ACCOUNT, lambda: room, self._ask)

    async def _ask(self, message: ClientMessage) -> Reply:
        self.asked.append(message)
        return self._answers.pop(0)


def conflict(row: QueueEntry, code: ErrorCode = ErrorCode.CONFLICT, **more: object) -> Error:
    """A refusal that shows the row as it is."""
    return Error(code=code, entry=row, **more)  # type: ignore[arg-type]  # fields of an error


async def test_an_order_returns_the_new_version() -> None:
    """What the server answers is what undo needs; a row that is gone has none."""
    order = Order(Verb.CLAIM, "v1", 3)
    assert await Server(Ok(version=4)).desk.order(order) == 4
    assert await Server(Ok()).desk.order(order) == 0


async def test_a_version_that_only_the_connection_moved_is_asked_again() -> None:
    """The patient's page came back while the key was pressed: the order is sent for the new version."""
    moved = replace(ROW, version=5, presence=Presence.RECONNECTING)
    server = Server(conflict(moved), Ok(version=6))
    assert await server.desk.order(Order(Verb.CLAIM, "v1", 3)) == 6
    assert [message.version for message in server.asked] == [3, 5]  # type: ignore[attr-defined]  # claims


async def test_a_row_that_a_colleague_changed_is_not_asked_again() -> None:
    """The loser hears who and since when, and asks nothing more."""
    reason = RefusalReason.CLAIMED_BY_OTHER
    server = Server(conflict(TAKEN, ErrorCode.ALREADY_CLAIMED, reason=reason))
    with pytest.raises(CommandRefusedError) as refused:
        await server.desk.order(Order(Verb.CLAIM, "v1", 3))
    error = refused.value
    assert (error.code, error.taken_by, error.taken_at_ms, error.reason) == (
        ErrorCode.ALREADY_CLAIMED,
        "Dr Other",
        7_000,
        reason,
    )
    assert len(server.asked) == 1


async def test_asking_again_has_an_end() -> None:
    """A row that never stands still is given up after three times."""
    answers = [conflict(replace(ROW, version=version)) for version in (4, 5, 6, 7)]
    server = Server(*answers)
    with pytest.raises(CommandRefusedError):
        await server.desk.order(Order(Verb.MARK, "v1", 3))
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("state", "kind"), [(VisitState.READY, Admit), (VisitState.ON_HOLD, Resume), (VisitState.STEPPED_AWAY, Resume)]
)
async def test_starting_admits_or_resumes(state: VisitState, kind: type[ClientMessage]) -> None:
    """Who waits is admitted; a visit of ours that rests is resumed."""
    row = replace(ROW, state=state, clinician_id=ACCOUNT.id)
    server = Server(Ok(version=4), row=row)
    await server.desk.admit("v1")
    assert [type(message) for message in server.asked] == [kind]


async def test_a_visit_of_ours_is_not_admitted_twice() -> None:
    """Rejoining asks for nothing."""
    server = Server(row=replace(ROW, state=VisitState.IN_VISIT, clinician_id=ACCOUNT.id))
    await server.desk.admit("v1")
    assert server.asked == []


async def test_admitting_a_patient_whom_a_colleague_has_claimed_is_refused() -> None:
    """The claim of a colleague ends the attempt, with the name."""
    with pytest.raises(CommandRefusedError) as refused:
        await Server(conflict(TAKEN, ErrorCode.ALREADY_CLAIMED)).desk.admit("v1")
    assert refused.value.taken_by == "Dr Other"


async def test_finishing_what_is_gone_is_done() -> None:
    """A visit that nobody knows any more is finished."""
    server = Server(Error(code=ErrorCode.NOT_FOUND, entry=UNSET))
    await server.desk.finish("v1")
    assert isinstance(server.asked[0], Finish)
    await server.desk.finish("unknown")
    assert len(server.asked) == 1


async def test_details_are_asked_for_by_name() -> None:
    """An entry that is opened is one request, which the server notes; a refusal is one."""
    server = Server(VisitDetails(details=Details(entry=ROW)), Error(code=ErrorCode.FORBIDDEN))
    assert (await server.desk.details("v1")).entry is ROW
    assert isinstance(server.asked[0], DetailsRequest)
    with pytest.raises(CommandRefusedError):
        await server.desk.details("v1")
