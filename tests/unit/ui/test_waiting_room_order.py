"""The order of the rows, the counters, and the model that shows them: change by change the same as made anew."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from carena_desktop.ui.pages.waiting_room.ordering import SortBy, Sorting, sort_key
from carena_desktop.ui.pages.waiting_room.rows import Filter, Row, Status, fits
from carena_desktop.ui.pages.waiting_room.table_model import ROW_ROLE, Column, WaitingModel
from carena_desktop.ui.pages.waiting_room.tally import Tally
from tests.fakes.rows import row

ROWS = st.builds(
    row,
    visit=st.integers(0, 12).map(str),
    acuity=st.none() | st.integers(1, 5),
    status=st.sampled_from(Status),
    since_ms=st.integers(0, 50),
    name=st.sampled_from(["A", "b", "Ç", "z"]),
    mine=st.booleans(),
    room=st.sampled_from(["main", "second"]),
    interpreter=st.booleans(),
    target_s=st.none() | st.integers(0, 40),
)
STEPS = st.lists(ROWS | st.integers(0, 12).map(str), max_size=40)
SORTINGS = st.builds(Sorting, st.sampled_from(SortBy), st.booleans())


def names(model: WaitingModel) -> list[str]:
    """The visits shown, in order."""
    rows = [model.index(at, 0).data(ROW_ROLE) for at in range(model.rowCount())]
    return [one.visit for one in rows if isinstance(one, Row)]


@given(STEPS, SORTINGS, st.sampled_from(Filter), st.sampled_from(["", "main"]))
@pytest.mark.usefixtures("qapp")
def test_the_table_is_always_sorted_and_filtered(
    steps: list[Row | str], sorting: Sorting, chosen: Filter, room: str
) -> None:
    """After any arrivals, changes and departures the rows are those, and in the order, of a list made anew.

    Qt's own checker watches every insertion, removal and move, and the counters agree.
    """
    model = WaitingModel(lambda: 0)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_only("", chosen, room)
    model.sort_by(sorting)
    held: dict[str, Row] = {}
    for step in steps:
        if isinstance(step, str):
            held.pop(step, None)
            model.apply((), (step,))
        else:
            held[step.visit] = step
            model.apply((step,))
    here = [one for one in held.values() if not room or one.room == room]
    wanted = sorted((one for one in here if fits(one, chosen)), key=lambda one: sort_key(one, sorting.by))
    if sorting.descending:
        wanted.reverse()
    assert names(model) == [one.visit for one in wanted]
    fresh = Tally()
    for one in here:
        fresh.add(one)
    assert model.tally.at(30_000) == fresh.at(30_000)
    del tester


@pytest.mark.usefixtures("qapp")
def test_acuity_comes_before_the_wait_and_visits_come_last() -> None:
    """More urgent first, then longer waiting; not triaged counts as acuity 3; who is in a visit comes last."""
    model = WaitingModel(lambda: 0)
    model.apply(
        (
            row("urgent", acuity=3, since_ms=1, checked_in_at_ms=1),
            row("new", since_ms=2, checked_in_at_ms=2),
            row("emergent", acuity=2, since_ms=9, checked_in_at_ms=9),
            row("visit", acuity=1, since_ms=0, status=Status.IN_VISIT),
            row("less", acuity=4, since_ms=0),
        )
    )
    assert names(model) == ["emergent", "urgent", "new", "less", "visit"]


@pytest.mark.usefixtures("qapp")
def test_sorting_keeps_what_is_selected() -> None:
    """A persistent index stays with its patient through any sorting, and through a change that moves it."""
    model = WaitingModel(lambda: 0)
    model.apply([row(str(number), acuity=1 + number % 5, since_ms=number) for number in range(20)])
    held = QPersistentModelIndex(model.find("7"))
    model.sort_by(Sorting(SortBy.PATIENT, descending=True))
    assert model.row_at(held) == model.get("7")
    model.apply((row("7", acuity=1, name="A", since_ms=7),))
    assert model.row_at(held) == model.get("7")
    model.apply((), ("7",))
    assert not held.isValid()


@pytest.mark.usefixtures("qapp")
def test_the_model_has_no_rows_below_its_rows() -> None:
    """It is a table, not a tree."""
    model = WaitingModel(lambda: 0)
    model.apply((row("a"),))
    inside = model.index(0, 0)
    assert (model.rowCount(inside), model.columnCount(inside)) == (0, 0)
    assert model.columnCount(QModelIndex()) == len(Column)


def test_places_follow_acuity_and_check_in_within_a_room() -> None:
    """The place is what the patient's page says: by acuity, then arrival, in the own room."""
    tally = Tally()
    line = [
        row("a", acuity=4, checked_in_at_ms=1),
        row("b", acuity=2, checked_in_at_ms=2),
        row("c", acuity=None, checked_in_at_ms=3),
        row("d", acuity=1, checked_in_at_ms=4, room="second"),
        row("e", status=Status.IN_VISIT),
    ]
    for one in line:
        tally.add(one)
    assert [tally.place_in_line(one) for one in line] == [3, 1, 2, 1, None]


def test_what_passed_is_counted_whatever_else_went() -> None:
    """A target that is over counts in the second in which it is, also when another one's was taken care of then."""
    tally = Tally()
    late, next_one = row("a", acuity=2, target_s=60), row("b", acuity=2, target_s=61, retriage_at_ms=61_500)
    tally.add(late)
    tally.add(next_one)
    before = tally.at(60_500).over_target
    tally.remove(late)
    assert (before, tally.at(61_500).over_target) == (1, 1)
    assert tally.passed(60_500, 61_500) == (1, 1)
    assert tally.passed(61_500, 62_500) == (0, 0)


def test_an_empty_room_has_no_times() -> None:
    """Nobody waits: no longest and no median, and nothing over target."""
    now = Tally().at(0)
    assert (now.waiting, now.longest_s, now.median_s, now.over_target) == (0, None, None, 0)


def test_a_clock_that_is_behind_makes_no_negative_wait() -> None:
    """A check-in in the future waits zero seconds."""
    tally = Tally()
    tally.add(row("a", since_ms=10_000))
    assert tally.at(0).longest_s == 0
