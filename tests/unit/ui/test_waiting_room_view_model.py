"""What the waiting room shows for a snapshot."""

import pytest

from carena_desktop.session.model import (
    KeyringState,
    LocalProblem,
    SessionProblem,
    SessionSnapshot,
    SessionState,
    WaitingRoom,
)
from carena_desktop.ui.pages.waiting_room.view_model import (
    Filter,
    Offer,
    Status,
    arrivals,
    counters,
    matches,
    place_in_line,
    view,
)
from carena_protocol.messages import Presence, VisitState
from tests.fakes.session import ACCOUNT, entry

ONLINE = SessionSnapshot(state=SessionState.ONLINE, account=ACCOUNT)
MINE = {"state": VisitState.IN_VISIT, "clinician_id": ACCOUNT.id, "clinician_name": "Dr Alex Example"}
THEIRS = {"state": VisitState.IN_VISIT, "clinician_id": "other", "clinician_name": "Dr Other"}


def snapshot(*entries: object, **changes: object) -> SessionSnapshot:
    """A session with these entries in the waiting room."""
    room = WaitingRoom(version=1, clinic="Test Clinic", entries=entries)  # type: ignore[arg-type]
    return SessionSnapshot(**({"state": SessionState.ONLINE, "account": ACCOUNT, "waiting_room": room} | changes))  # type: ignore[arg-type]


def test_waiting_and_lost_connections_are_told_apart() -> None:
    """A patient whose page is away keeps the place and reads Reconnecting."""
    rows = view(snapshot(entry(1), entry(2, presence=Presence.RECONNECTING), entry(3, **THEIRS))).rows
    assert [row.status for row in rows] == [Status.WAITING, Status.RECONNECTING, Status.IN_VISIT]


def test_over_visits_are_not_shown() -> None:
    """Finished and left visits are no rows."""
    assert view(snapshot(entry(1, state=VisitState.FINISHED), entry(2, state=VisitState.LEFT))).rows == ()


def test_what_may_be_done_depends_on_whose_visit_it_is() -> None:
    """Waiting patients can be started, mine rejoined, others' neither."""
    rows = view(snapshot(entry(1), entry(2, **MINE), entry(3, **THEIRS))).rows
    assert [row.offer for row in rows] == [Offer.START, Offer.REJOIN, Offer.NOTHING]
    assert [row.who for row in rows] == ["", "You", "Dr Other"]


def test_counters_are_of_those_who_wait() -> None:
    """Longest and median wait leave out who is in a visit."""
    rows = view(snapshot(entry(1), entry(2), entry(4), entry(9, **THEIRS))).rows
    now = counters(rows, entry(4).checked_in_at_ms + 60_000)
    assert (now.waiting, now.in_visit, now.longest_s, now.median_s) == (3, 1, 240.0, 180.0)


def test_an_empty_room_has_no_times() -> None:
    """Nobody waits: no longest and no median."""
    now = counters((), 0)
    assert (now.waiting, now.longest_s, now.median_s) == (0, None, None)


def test_a_clock_that_is_behind_makes_no_negative_wait() -> None:
    """A check-in in the future waits zero seconds."""
    rows = view(snapshot(entry(1))).rows
    assert counters(rows, 0).longest_s == 0


def test_arrivals_are_new_visits_that_wait() -> None:
    """Only unknown visits that wait count as arrivals; changes and visits under way don't."""
    before = view(snapshot(entry(1))).rows
    after = view(snapshot(entry(1, presence=Presence.RECONNECTING), entry(2), entry(3, **THEIRS))).rows
    assert arrivals(before, after) == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [("", True), ("patient 7", True), ("REASON", True), ("7 test", True), ("1980-01-01", True), ("nobody", False)],
)
def test_search_looks_everywhere(query: str, found: bool) -> None:  # noqa: FBT001
    """All words must be found, in any order, in name, reason or date of birth."""
    assert matches(view(snapshot(entry(7))).rows[0], query, Filter.ALL) is found


def test_filters_split_the_rows() -> None:
    """Each row is either waiting or in a visit."""
    for row in view(snapshot(entry(1), entry(2, **MINE))).rows:
        assert matches(row, "", Filter.WAITING) != matches(row, "", Filter.IN_VISIT)


def test_places_follow_check_in() -> None:
    """Places count those who wait, whoever is before them."""
    rows = view(snapshot(entry(3), entry(1), entry(2, **THEIRS))).rows
    assert [place_in_line(rows, f"visit-{n}") for n in (1, 2, 3)] == [1, None, 2]


@pytest.mark.parametrize("state", list(SessionState))
def test_every_connection_state_has_words(state: SessionState) -> None:
    """The connection is always said in words, and only a healthy one is green."""
    pill = view(snapshot(state=state)).connection
    assert pill.word
    assert (pill.tone == "ok") == (state is SessionState.ONLINE)


def test_a_lost_connection_says_when_it_is_tried_again() -> None:
    """The banner names the next try, and nothing can be started meanwhile."""
    state = view(snapshot(state=SessionState.RECONNECTING, retry_in_s=8.0))
    assert "8 seconds" in state.banner
    assert not state.fresh


def test_a_refused_certificate_is_said_while_reconnecting() -> None:
    """A reason that waiting will not cure stands in the banner; a silent server needs no reason."""
    refused = snapshot(state=SessionState.RECONNECTING, problem=SessionProblem(LocalProblem.CERTIFICATE_REFUSED))
    silent = snapshot(state=SessionState.RECONNECTING, problem=SessionProblem(LocalProblem.SERVER_UNREACHABLE))
    assert "certificate" in view(refused).banner
    assert "No server" not in view(silent).banner


def test_the_keyring_notice_follows_the_keyring() -> None:
    """A locked keyring is said."""
    assert "locked" in view(snapshot(keyring=KeyringState.LOCKED)).keyring_notice


def test_rows_never_print_a_patient() -> None:
    """The representation of rows and states holds no name and no reason."""
    state = view(snapshot(entry(1, name="Secret Name", reason="Secret Reason")))
    assert "Secret" not in repr(state)
    assert "Secret" not in repr(state.rows[0])


def test_hostile_text_becomes_one_line() -> None:
    """Line breaks and overrides in a name or reason are gone."""
    row = view(snapshot(entry(1, name="a\u202eb\nc", reason="x\r\ny"))).rows[0]
    assert (row.name, row.reason) == ("ab c", "x y")
