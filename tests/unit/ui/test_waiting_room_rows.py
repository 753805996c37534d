"""From the session's entries to rows: what is shown of a patient, and that only changes are looked at."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.session.model import WaitingEntry
from carena_desktop.session.orders import Order, Verb
from carena_desktop.session.waiting_room import with_entry
from carena_desktop.ui.pages.waiting_room.row_book import Context, RowBook, differences
from carena_desktop.ui.pages.waiting_room.rows import Device, Filter, Row, Signal, Status, Urgency, fits, found
from carena_protocol.messages import Presence, VisitState
from carena_protocol.rows import AwayBy, BrowserResult, DeviceResult, NetworkResult, Readiness, RedFlag, Room
from tests.fakes.session import ACCOUNT, entry

ROOM = Room(id="main", name="Main", targets_min=(0, 10, 30, 60, 120), retriage_min=15)
CONTEXT = Context(ACCOUNT, (ROOM,))
MINUTE = 60_000


def shown(*entries: WaitingEntry, context: Context = CONTEXT) -> tuple[Row, ...]:
    """The rows of these entries."""
    return RowBook().update(entries, context).changed


def test_every_open_state_is_a_row_and_closed_ones_are_none() -> None:
    """A row for each state in which somebody may have to do something, none for the rest."""
    statuses = {one.status for state in VisitState for one in shown(entry(1, state=state))}
    assert statuses == set(Status)


def test_whose_patient_it_is_is_said() -> None:
    """Mine reads "You", a colleague's the name, nobody's nothing."""
    mine, theirs, nobodys = shown(
        entry(1, state=VisitState.CLAIMED, clinician_id=ACCOUNT.id, clinician_name="me"),
        entry(2, state=VisitState.IN_VISIT, clinician_id="other", clinician_name="Dr Other"),
        entry(3),
    )
    assert (mine.owner, theirs.owner, nobodys.owner) == ("You", "Dr Other", "")
    assert (mine.mine, theirs.mine, nobodys.mine) == (True, False, False)


def test_the_target_is_the_rooms_for_the_acuity() -> None:
    """Acuity 2 has ten minutes here; without an acuity there is no target to miss."""
    triaged, not_yet = shown(entry(0, acuity=2), entry(1))
    assert triaged.target_s == 600
    start = triaged.since_ms
    assert triaged.urgency(start + 5 * MINUTE) is Urgency.WITHIN
    assert triaged.urgency(start + 7 * MINUTE) is Urgency.NEAR
    assert triaged.urgency(start + 10 * MINUTE) is Urgency.OVER
    assert not_yet.urgency(start + 500 * MINUTE) is Urgency.NONE


def test_who_does_not_wait_has_no_target() -> None:
    """In a visit and on hold nobody is late."""
    for state in (VisitState.IN_VISIT, VisitState.ON_HOLD, VisitState.STEPPED_AWAY):
        (one,) = shown(entry(1, state=state, acuity=1))
        assert one.target_s is None


def test_triage_is_due_again_after_the_rooms_time() -> None:
    """Fifteen minutes after the last triage the reminder is due."""
    (one,) = shown(entry(0, acuity=3, triaged_at_ms=5_000))
    assert one.retriage_at_ms == 5_000 + 15 * MINUTE


def test_running_times_begin_where_the_state_did() -> None:
    """A wait runs from check-in even after a return; a visit from its admission; a hold from the hold."""
    times = {"checked_in_at_ms": 1, "admitted_at_ms": 2, "state_since_ms": 3}
    rows = shown(
        entry(1, **{**times, "state": VisitState.RETURNED}),
        entry(2, **{**times, "state": VisitState.IN_VISIT}),
        entry(3, **{**times, "state": VisitState.ON_HOLD}),
    )
    assert [one.since_ms for one in rows] == [1, 2, 3]


def test_the_device_test_is_shown_and_said() -> None:
    """What works, what is blocked and how the network is, each by its own sign and together in words."""
    tested = Readiness(camera=DeviceResult.OK, microphone=DeviceResult.DENIED, network=NetworkResult.POOR)
    (one,) = shown(entry(1, readiness=tested))
    found_ = one.readiness
    assert (found_.camera, found_.microphone, found_.signal) == (Device.OK, Device.BAD, Signal.POOR)
    assert found_.words == "Camera works, microphone blocked by the browser, poor connection, consent given"
    assert found_.trouble > shown(entry(1))[0].readiness.trouble


@pytest.mark.parametrize(
    ("changes", "under", "tone", "said"),
    [
        ({"bandwidth_kbps": 2400}, "2.4 Mb/s", "", "2.4 Mb/s, consent given"),
        ({"bandwidth_kbps": 48_000}, "48 Mb/s", "", "48 Mb/s, consent given"),
        ({"bandwidth_kbps": 1_048_600}, "> 100 Mb/s", "", "> 100 Mb/s, consent given"),
        ({"bandwidth_kbps": 2400, "browser": BrowserResult.OLD}, "Old browser", "warn", "browser is old"),
        ({"browser": BrowserResult.UNSUPPORTED}, "No visit here", "danger", "can't hold a visit"),
        ({"browser": BrowserResult.OLD, "consent": False}, "No consent", "danger", "no consent"),
        ({}, "", "", "consent given"),
    ],
)
def test_browser_bandwidth_and_consent_are_in_the_row(
    changes: dict[str, object], under: str, tone: str, said: str
) -> None:
    """What the three signs can't show stands below them in words, the worst first; all of it is read out."""
    (one,) = shown(entry(1, readiness=Readiness(**changes)))  # type: ignore[arg-type]  # real fields
    assert (one.readiness.under, one.readiness.tone) == (under, tone)
    assert said in one.readiness.words
    assert (one.readiness.trouble >= 2) == (tone == "danger")


def test_red_flags_are_all_in_the_row() -> None:
    """Every flag, one after the other; none leaves the line free."""
    flagged, plain = shown(entry(1, red_flags=(RedFlag.CHEST_PAIN, RedFlag.FAINTING)), entry(2))
    assert flagged.red_flag == "Chest pain or pressure · Fainting or confusion"
    assert plain.red_flag == ""


def test_languages_are_named() -> None:
    """A tag reads as a language; an unknown one stays as it came."""
    rows = shown(entry(1, language="es-MX", interpreter=True), entry(2, language="xx-none"), entry(3))
    assert [one.language for one in rows] == ["Spanish", "xx-none", ""]
    assert [fits(one, Filter.INTERPRETER) for one in rows] == [True, False, False]


def test_an_absence_says_whose_and_until_when() -> None:
    """Under "Stepped away" stand who is away and the time it ends."""
    away = {"state": VisitState.STEPPED_AWAY, "away_until_ms": 1_800_000_000_000}
    patient, staff = shown(
        entry(1, away_by=AwayBy.PATIENT, **away),
        entry(2, away_by=AwayBy.STAFF, clinician_id="other", clinician_name="Dr Other", **away),
    )
    assert patient.under.startswith("Patient, until ")
    assert staff.under.startswith("Dr Other, until ")


def test_a_lost_page_is_a_flag_beside_the_state() -> None:
    """A patient whose page is away keeps status and place."""
    (one,) = shown(entry(1, presence=Presence.RECONNECTING))
    assert (one.status, one.present) == (Status.ARRIVED, False)


@pytest.mark.parametrize(
    ("query", "finds"),
    [("", True), ("patient 7", True), ("REASON", True), ("7 test", True), ("1980-01-01", True), ("nobody", False)],
)
def test_search_looks_everywhere(query: str, finds: bool) -> None:
    """All words must be found, in any order, in name, reason or date of birth."""
    assert found(shown(entry(7))[0], tuple(query.casefold().split())) is finds


def test_hostile_text_becomes_one_line() -> None:
    """Line breaks and overrides in a name or reason are gone."""
    (one,) = shown(entry(1, name="a\u202eb\nc", reason="x\r\ny"))
    assert (one.name, one.reason) == ("ab c", "x y")


def test_rows_never_print_a_patient() -> None:
    """The representation of a row holds no name and no reason."""
    (one,) = shown(entry(1, name="Secret Name", reason="Secret Reason"))
    assert "Secret" not in repr(one)


def test_an_order_under_way_is_seen_at_once_and_gives_way_to_the_server() -> None:
    """The expected row is shown until the server's comes, which wins whatever it says."""
    book = RowBook()
    first = entry(1)
    book.update((first,), CONTEXT)
    order = Order(Verb.TRIAGE, "visit-1", 1, acuity=2)
    laid = book.begin(order, 0)
    assert laid is not None
    assert (laid.acuity, laid.pending) == (2, "Saving…")
    difference = book.update((replace(first, version=2, acuity=3),), CONTEXT)
    assert [(one.acuity, one.pending) for one in difference.changed] == [(3, "")]


def test_a_refused_order_shows_the_servers_row_again() -> None:
    """Nothing expected outlives a refusal."""
    book = RowBook()
    book.update((entry(1),), CONTEXT)
    order = Order(Verb.CLAIM, "visit-1", 1)
    laid = book.begin(order, 0)
    assert laid is not None
    assert laid.status is Status.CLAIMED
    back = book.end(order)
    assert back is not None
    assert back.status is Status.ARRIVED
    assert book.end(order) is None


_EVENTS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3), st.booleans()), max_size=60)


@given(_EVENTS)
def test_differences_are_all_that_changed(events: list[tuple[int, int, bool]]) -> None:
    """Whatever comes, changes and goes: the book's rows are those of a book made anew."""
    book = RowBook()
    entries: tuple[WaitingEntry, ...] = ()
    held: dict[str, Row] = {}
    for number, version, gone in events:
        changed = entry(number, version=version + 1, acuity=version + 1)
        others = tuple(one for one in entries if one.visit != changed.visit)
        entries = others if gone else with_entry(entries, changed)
        difference = book.update(entries, CONTEXT)
        for visit in difference.removed:
            held.pop(visit, None)
        if difference.whole:
            held.clear()
        held.update({one.visit: one for one in difference.changed})
    assert held == {one.visit: one for one in shown(*entries)}


def test_an_unchanged_room_is_not_looked_at() -> None:
    """The same entries are no difference, and one delta in a thousand rows is one row."""
    book = RowBook()
    crowd = tuple(entry(number) for number in range(1000))
    book.update(crowd, CONTEXT)
    assert book.update(crowd, CONTEXT).changed == ()
    after = with_entry(crowd, replace(crowd[500], version=2, acuity=1))
    assert len(differences(crowd, after)[1]) == 1
    assert [one.visit for one in book.update(after, CONTEXT).changed] == ["visit-500"]
