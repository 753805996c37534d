"""The waiting room is what the server's deltas say, whatever is repeated, lost or late."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from carena_desktop.session import waiting_room
from carena_desktop.session.model import WaitingRoom
from carena_protocol.messages import Presence, QueueDelta, QueueEntry, QueueSnapshot, VisitState


def row(visit: str, *, version: int = 1, at: int = 0) -> QueueEntry:
    """A row of the queue."""
    return QueueEntry(
        visit=visit,
        version=version,
        state=VisitState.ARRIVED,
        presence=Presence.CONNECTED,
        name="Test Patient",
        birth_date="1980-01-01",
        reason="Test reason",
        checked_in_at=at,
    )


def snapshot(version: int, *rows: QueueEntry) -> QueueSnapshot:
    """A snapshot of the queue."""
    return QueueSnapshot(queue_version=version, clinic="Test Clinic", entries=list(rows))


def apply(room: WaitingRoom, delta: QueueDelta) -> WaitingRoom:
    """Apply a delta that must fit."""
    after = waiting_room.apply_delta(room, delta)
    assert after is not waiting_room.GAP
    return after


def test_a_snapshot_is_sorted_by_arrival() -> None:
    """Rows are in check-in order, ties by visit id."""
    room = waiting_room.from_snapshot(snapshot(7, row("b", at=5), row("a", at=5), row("c", at=1)))
    assert [entry.visit for entry in room.entries] == ["c", "a", "b"]
    assert (room.version, room.clinic) == (7, "Test Clinic")


def test_rows_are_inserted_replaced_and_removed() -> None:
    """The three kinds of delta."""
    room = waiting_room.from_snapshot(snapshot(1, row("b", at=5)))
    room = apply(room, QueueDelta(queue_version=2, visit="a", entry=row("a", at=1)))
    assert [entry.visit for entry in room.entries] == ["a", "b"]
    room = apply(room, QueueDelta(queue_version=3, visit="a", entry=row("a", version=2, at=1)))
    assert [(entry.visit, entry.version) for entry in room.entries] == [("a", 2), ("b", 1)]
    room = apply(room, QueueDelta(queue_version=4, visit="a"))
    assert [entry.visit for entry in room.entries] == ["b"]
    assert waiting_room.find(room, "a") is None
    assert waiting_room.find(room, "b") == room.entries[0]


def test_a_gap_is_not_guessed_over() -> None:
    """A delta that skips a version asks for a new subscription; one already applied changes nothing."""
    room = waiting_room.from_snapshot(snapshot(4, row("a")))
    assert waiting_room.apply_delta(room, QueueDelta(queue_version=6, visit="a")) is waiting_room.GAP
    assert waiting_room.apply_delta(room, QueueDelta(queue_version=4, visit="a")) is room


def test_a_row_under_another_name_is_not_shown() -> None:
    """A delta whose row is another visit's is treated as a gap."""
    room = waiting_room.from_snapshot(snapshot(1))
    delta = QueueDelta(queue_version=2, visit="a", entry=row("b"))
    assert waiting_room.apply_delta(room, delta) is waiting_room.GAP


def test_patient_data_does_not_print() -> None:
    """The room's repr has no name, birth date or reason."""
    text = repr(waiting_room.from_snapshot(snapshot(1, row("a"))))
    assert "Patient" not in text
    assert "1980" not in text
    assert "Test reason" not in text


CHANGES = st.lists(st.tuples(st.sampled_from("abcde"), st.booleans(), st.integers(0, 9)), max_size=30)


@given(CHANGES, st.integers(0, 30), st.data())
def test_any_interleaving_ends_at_the_truth(
    changes: list[tuple[str, bool, int]], start: int, data: st.DataObject
) -> None:
    """A client that starts anywhere, sees repetitions and asks again at gaps has the server's rows in the end."""
    truth: dict[str, QueueEntry] = {}
    history: list[tuple[QueueDelta, QueueSnapshot]] = []
    for version, (visit, present, at) in enumerate(changes, start=1):
        if present:
            truth[visit] = row(visit, version=version, at=at)
            delta = QueueDelta(queue_version=version, visit=visit, entry=truth[visit])
        else:
            truth.pop(visit, None)
            delta = QueueDelta(queue_version=version, visit=visit)
        history.append((delta, snapshot(version, *truth.values())))
    start = min(start, len(history))
    room = waiting_room.from_snapshot(history[start - 1][1] if start else snapshot(0))
    for index in range(start, len(history)):
        seen = data.draw(st.sampled_from(["once", "twice", "lost"]))
        if seen == "lost":
            continue
        for _ in range(2 if seen == "twice" else 1):
            after = waiting_room.apply_delta(room, history[index][0])
            room = waiting_room.from_snapshot(history[index][1]) if after is waiting_room.GAP else after
    if room.version < len(history):  # the last ones were lost: the next delta, or a subscription, brings them
        for delta, _ in history[room.version :]:
            room = apply(room, delta)
    expected = waiting_room.from_snapshot(snapshot(len(history), *truth.values()))
    assert room == msgspec.convert(msgspec.to_builtins(expected), WaitingRoom)
