"""The mirror of the waiting room: snapshots that fit, deltas without gaps, places."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carena_protocol import limits
from carena_protocol.codec import encode
from carena_protocol.messages import Presence, QueueDelta, QueueEntry, QueueSnapshot, VisitState
from carena_server.repository import Visit
from carena_server.waiting_room import GapError, WaitingRoom, status, to_entry
from tests.unit.server.builders import page, row


def room(*visits: Visit, version: int | None = None) -> WaitingRoom:
    """Return a room that holds ``visits``."""
    made = WaitingRoom("Clinic")
    made.load(page(version if version is not None else len(visits), [], list(visits)))
    return made


def receive(made: WaitingRoom) -> tuple[int, dict[str, QueueEntry], int]:
    """Return what a desktop has after a snapshot: version, rows, and the largest message in bytes."""
    entries: dict[str, QueueEntry] = {}
    version = largest = 0
    for message in made.snapshot():
        largest = max(largest, len(encode(msgspec.structs.replace(message, seq=10**9))))
        match message:
            case QueueSnapshot():
                version, entries = message.queue_version, {e.visit: e for e in message.entries}
            case QueueDelta():
                assert message.queue_version == version + 1
                version = message.queue_version
                assert isinstance(message.entry, QueueEntry)
                entries[message.visit] = message.entry
    return version, entries, largest


@pytest.mark.parametrize("count", [0, 1, 30, 400])
def test_a_snapshot_fits_its_messages_however_many_wait(count: int) -> None:
    """No message is larger than the protocol allows, and together they are the whole room at its version."""
    visits = [row(f"v{n}", n, name=f"{n:03}" + "\u4e2d" * 117, reason="\u4e2d" * 500) for n in range(count)]
    made = room(*visits, version=count + 5)
    version, entries, largest = receive(made)
    assert version == count + 5
    assert entries == {visit.id: to_entry(visit) for visit in visits}
    assert largest <= limits.MAX_MESSAGE_BYTES


@given(st.integers(0, 25), st.data())
def test_deltas_bring_any_version_up_to_date(changes: int, data: st.DataObject) -> None:
    """Whatever version a desktop has, the deltas after it lead to the same rows."""
    made = room(version=0)
    held: list[dict[str, QueueEntry]] = [{}]
    for version in range(1, changes + 1):
        visit = f"v{data.draw(st.integers(0, 4))}"
        state = data.draw(st.sampled_from(list(VisitState)))
        made.apply(page(version, [(version, visit)], [row(visit, version, state=state, version=version)]))
        held.append({v.id: to_entry(v) for v in made.visits()})
    since = data.draw(st.integers(0, changes))
    entries = dict(held[since])
    deltas = made.deltas(since)
    assert deltas is not None
    assert [delta.queue_version for delta in deltas] == list(range(since + 1, changes + 1))
    for delta in deltas:
        if isinstance(delta.entry, QueueEntry):
            entries[delta.visit] = delta.entry
        else:
            entries.pop(delta.visit, None)
    assert entries == held[-1]


def test_a_version_from_the_future_or_too_long_ago_gets_no_deltas() -> None:
    """Then a snapshot is needed."""
    made = room(version=0)
    for version in range(1, limits.QUEUE_DELTAS_PER_RESUME + 11):
        made.apply(page(version, [(version, "v")], [row("v", version=version)]))
    assert made.deltas(made.version + 1) is None
    assert made.deltas(5) is None
    assert made.deltas(made.version) == []
    assert made.deltas(10) is not None


@pytest.mark.parametrize("events", [[(4, "a")], [(3, "a"), (5, "a")], []])
def test_a_gap_is_never_guessed_over(events: list[tuple[int, str]]) -> None:
    """A page that does not follow, or is incomplete, changes nothing."""
    made = room(version=2)
    with pytest.raises(GapError):
        made.apply(page(5, events, [row("a")], complete=bool(events)))
    assert (made.version, made.visits()) == (2, [])


def test_places_count_those_who_wait_in_order_of_arrival() -> None:
    """A patient in a visit has no place; the others close up."""
    made = room(row("c", 3), row("a", 1), row("b", 2, state=VisitState.IN_VISIT, clinician_name="Dr Ann"))
    shown = {s.visit: (s.place, s.waiting, s.clinician_name) for s in made.statuses()}
    assert shown == {"a": (1, 2, None), "b": (0, 0, "Dr Ann"), "c": (2, 2, None)}


def test_presence_alone_changes_no_place() -> None:
    """Somebody who drops keeps the place."""
    made = room(row("a", 1, presence=Presence.RECONNECTING), row("b", 2))
    assert [s.place for s in made.statuses()] == [1, 2]


def test_values_with_patient_text_do_not_print_it() -> None:
    """Neither a row nor its wire form nor a room shows a name in its repr."""
    visit = row("v1", name="Alex Example", reason="cough")
    for value in (visit, to_entry(visit), status(visit), room(visit)):
        assert "Alex" not in repr(value)
        assert "cough" not in repr(value)
