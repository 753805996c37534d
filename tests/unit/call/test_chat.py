"""Chat over connections that are lost, late and heard twice: each line arrives once and says what became of it."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from carena_desktop.call.chat import ChatLog, ChatShelf
from carena_desktop.call.model import Delivery
from carena_protocol.peer import Chat


def deliver(other: ChatLog, said: Chat, at: int) -> str:
    """The other side takes a line; return what it acknowledges."""
    other.arrived(said, at)
    return said.id


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32), st.lists(st.integers(0, 30), max_size=6))
def test_every_line_arrives_exactly_once(seed: int, legs: list[int]) -> None:
    """Over legs that lose, repeat and reorder, then one that does not: all lines once, all of them delivered."""
    chance = random.Random(seed)  # noqa: S311 - a test's accidents
    logs = (ChatLog(), ChatLog())
    written: list[list[str]] = [[], []]
    for steps in legs:
        on_the_way = [list(log.unconfirmed()) for log in logs]
        confirmations: list[list[str]] = [[], []]
        for step in range(steps):
            side = chance.randrange(2)
            if chance.random() < 0.4:
                line = f"{side}-{len(written[side])}"
                written[side].append(line)
                on_the_way[side].append(logs[side].write(line, line, step))
            if on_the_way[side]:
                said = on_the_way[side].pop(chance.randrange(len(on_the_way[side])))
                for _ in range(chance.choice((0, 1, 1, 2))):
                    confirmations[side].append(deliver(logs[1 - side], said, step))
            if confirmations[side] and chance.random() < 0.7:
                logs[side].confirmed(confirmations[side].pop(chance.randrange(len(confirmations[side]))))
    for side in (0, 1):
        for said in logs[side].unconfirmed():
            logs[side].confirmed(deliver(logs[1 - side], said, 0))
        received = [line.id for line in logs[1 - side].lines if not line.mine]
        assert sorted(received) == sorted(written[side])
        mine = [line for line in logs[side].lines if line.mine]
        assert [line.id for line in mine] == written[side]
        assert all(line.delivery is Delivery.DELIVERED for line in mine)


@given(st.lists(st.sampled_from(["mine", "theirs", "never"]), max_size=20))
def test_a_stranger_confirms_nothing(ids: list[str]) -> None:
    """A confirmation of a line that is not ours, or not there, changes nothing."""
    log = ChatLog()
    log.write("line", "words", 1)
    log.arrived(Chat(id="theirs", text="words", sent_at=1), 2)
    for each in ids:
        log.confirmed(each)
    assert [line.delivery for line in log.lines] == [Delivery.SENDING, Delivery.RECEIVED]


def test_what_was_said_outlives_a_call_and_not_the_visit() -> None:
    """After a call the next of the same visit has the lines again, and sends what did not arrive; other visits end."""
    shelf = ChatShelf()
    log = shelf.of("held")
    log.write("arrived", "words", 1)
    log.confirmed("arrived")
    log.write("lost", "words", 2)
    log.arrived(Chat(id="theirs", text="words", sent_at=1), 3)
    log.end()
    assert [(line.id, line.delivery) for line in log.lines] == [("lost", Delivery.FAILED)]
    other = shelf.of("other")
    other.write("o", "words", 4)
    shelf.keep({"held"})  # the other one's call is on
    other.end()
    shelf.keep({"held"})
    assert shelf.of("other").unconfirmed() == ()

    again = shelf.of("held")
    assert [line.id for line in again.lines] == ["arrived", "lost", "theirs"]
    assert [said.id for said in again.unconfirmed()] == ["lost"]
    again.arrived(Chat(id="theirs", text="words", sent_at=1), 5)
    assert len(again.lines) == 3
    again.end()
    shelf.keep(())
    assert shelf.of("held").lines == ()


def test_at_the_end_only_what_was_lost_is_kept() -> None:
    """After the visit nothing of the talk stays but the person's own lines that never arrived."""
    log = ChatLog()
    log.write("arrived", "words", 1)
    log.confirmed("arrived")
    log.write("lost", "words", 2)
    log.arrived(Chat(id="theirs", text="words", sent_at=1), 3)
    log.end()
    log.forget()
    assert [(line.id, line.delivery) for line in log.lines] == [("lost", Delivery.FAILED)]
